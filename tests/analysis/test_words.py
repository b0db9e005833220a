"""Tokens, stems, stop lists and languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.languages import likely, resolve
from analysis.stopwords import LANGUAGES, stop_words
from analysis.text import fold, spans, stem, words


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The buses and the bus don't run", "en", ["bus", "bus", "run"]),
        (
            "Wi-Fi, wifi, e-mail and self-driving cars",
            "en",
            ["wifi", "wifi", "email", "self", "drive", "car"],
        ),
        ("People’s libraries", "en", ["peopl", "librari"]),
        ("Write to me@city.gov or see https://city.gov/a?b now: www.city.gov", "en", ["write"]),
        ("Call 311 in 24 h", "en", ["call", "311"]),
        ("Necesitamos más autobuses y autobús nocturno", "es", ["necesit", "autobus", "autobus", "nocturn"]),
        ("Il n'y a pas d'école à l’hôpital", "fr", ["ecol", "hopital"]),
        ("Não há ônibus para as bibliotecas", "pt", ["onibus", "bibliotec"]),
        ("Не хватает автобусов", "ru", ["не", "хвата", "автобус"]),
        ("公交车很慢", "zh", ["公交", "交车", "车很", "很慢"]),
        ("क्या हाल", "hi", ["क्या", "हाल"]),
        ("", "en", []),
        ("a I — 😀 x" + "y" * 60, "en", []),
    ],
)
def test_words(text: str, language: str, expected: list[str]) -> None:
    assert [word.stem for word in words(text, language)] == expected


@given(st.text(max_size=80), st.sampled_from(["en", "es", "fr", "zh", "xx"]))
def test_words_lie_in_the_text_in_order(text: str, language: str) -> None:
    ends = 0
    for word in words(text, language):
        assert word.stem
        assert 0 <= word.start < word.end <= len(text)
        assert word.end >= ends
        ends = word.end


@pytest.mark.parametrize(
    "noise", ["a@" * 8000, "(" * 5000, "x" * 200_000, "a-" * 50_000, "'’" * 50_000, "公" * 20_000]
)
def test_noise_is_read_in_linear_time(noise: str) -> None:
    start = time.process_time()
    spans(noise, "en")
    words(noise, "fr")
    likely(noise)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_lists_are_plain_and_of_a_fair_size(language: str) -> None:
    listed = stop_words(language)
    assert 150 <= len(listed) <= 500
    assert all(word == fold(word.lower()) for word in listed)
    assert all(stem(word, language) == "" for word in listed if "'" not in word or language == "en")


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("The bus is never on time and nobody tells us why", ["en"]),
        ("Queremos más árboles en las plazas del barrio", ["es"]),
        ("Il faudrait plus de pistes cyclables dans le quartier", ["fr"]),
        ("Precisamos de mais árvores nas praças do bairro", ["pt"]),
        ("Нужно больше автобусов", ["ru"]),
        ("نحتاج إلى المزيد من الحافلات", ["ar"]),
        ("我们需要更多的公交车", ["und"]),
        ("parking", []),
        ("12 34 !!", []),
    ],
)
def test_likely(text: str, languages: list[str]) -> None:
    assert likely(text) == languages


def test_a_comment_without_a_sign_goes_with_the_others() -> None:
    spanish = ["Los autobuses son muy lentos", "No hay bancos en el parque", "parques"]
    assert resolve(spanish, [None] * 3) == ["es", "es", "es"]
    assert resolve([*spanish, "x"], [None, None, "en-GB", None]) == ["es", "es", "en", "es"]


def test_words_of_a_language_we_do_not_know_are_left_alone() -> None:
    assert resolve(["Yolcu otobüsü çok geç", "Otobüs durağı kırık"] * 20, [None] * 40) == ["und"] * 40
