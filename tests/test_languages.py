"""Tags of languages: how they are written, what they are called, how they run, which one fits a wish."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from survey.languages import (
    COMMON,
    LANGUAGES,
    LONGEST_TAG,
    canonical,
    direction,
    language_name,
    match,
    parts,
    teach_creole,
)
from survey.questions.settings import LANGUAGE


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("es", "es"),
        (" ES_mx ", "es-MX"),
        ("ZH_hans_cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("ca-VALENCIA", "ca-valencia"),
        ("", None),
        ("e", None),
        ("english", None),
        ("en-", None),
        ("en us", None),
        ("en-a", None),
        ("en\x00", None),
        ("aa-bbbbbbbb-cccccccc-dddddddd", None),
        ("إن", None),
    ],
)
def test_tags_are_written_in_one_way(typed: str, tag: str | None) -> None:
    assert canonical(typed) == tag


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_tag_of_documents_or_none(text: str) -> None:
    tag = canonical(text)
    assert tag is None or (LANGUAGE.fullmatch(tag) and len(tag) <= LONGEST_TAG and canonical(tag) == tag)
    assert direction(text) in ("ltr", "rtl")
    assert match([text], LANGUAGES) in (None, *LANGUAGES)


@pytest.mark.parametrize(
    ("wishes", "offered", "given_one"),
    [
        (["zh-CN"], ["en", "zh"], "zh"),
        (["zh-CN"], ["zh-Hant", "zh-Hans"], "zh-Hans"),
        (["zh-TW", "en"], ["en", "zh-Hans", "zh-Hant"], "zh-Hant"),
        (["zh-TW", "en"], ["en", "zh-Hans"], "zh-Hans"),
        (["pt-BR"], ["en", "pt"], "pt"),
        (["pt-PT"], ["pt-BR", "pt-PT"], "pt-PT"),
        (["es-MX", "en"], ["en", "es"], "es"),
        (["es"], ["es-MX", "es-ES"], "es-MX"),
        (["fr-HT", "ht"], ["ht", "en"], "ht"),
        (["tl"], ["fil", "en"], "fil"),
        (["iw"], ["he"], "he"),
        (["xx", "*", ""], ["en"], None),
        ([], ["en"], None),
    ],
)
def test_the_dearest_wish_that_can_be_read_is_given(
    wishes: list[str], offered: list[str], given_one: str | None
) -> None:
    assert match(wishes, offered) == given_one


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        *(("ar", "rtl"), ("ar-EG", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("ckb", "rtl"), ("prs", "rtl")),
        *(
            ("pa-PK", "rtl"),
            ("uz-Arab", "rtl"),
            ("ar-Latn", "ltr"),
            ("pa", "ltr"),
            ("ku", "ltr"),
            ("en", "ltr"),
        ),
    ],
)
def test_direction_follows_the_script(tag: str, way: str) -> None:
    assert direction(tag) == way


def test_every_language_offered_has_a_name_of_its_own() -> None:
    assert [tag for tag in COMMON if language_name(tag) == tag] == []
    assert [tag for tag in COMMON if canonical(tag) != tag] == []
    assert len({language_name(tag) for tag in COMMON}) == len(COMMON) == len(set(COMMON))
    assert language_name("qqq") == "qqq"
    assert parts("zh").script == "Hans"


def test_dates_in_haitian_creole_have_names() -> None:
    teach_creole()
    assert format_date(date(2026, 5, 31), "long", locale="ht") == "31 me 2026"
    assert format_date(date(2026, 12, 25), "full", locale="ht") == "vandredi 25 desanm 2026"
