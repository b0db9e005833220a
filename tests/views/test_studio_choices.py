"""Lists in the builder: a choice a line, "none of these" in its own field, ids that stay with their words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questions import DocumentError, OneChoice, SeveralChoices, from_document
from survey.views.studio.forms_choices import read_choices
from survey.views.studio.forms_settings import SettingsForm

RULE = {"question": "y", "op": "=", "value": "yes"}
BEFORE: list[dict[str, Any]] = [
    {"id": "c1", "label": {"en": "Apples", "es": "Manzanas"}, "show_if": RULE},
    {"id": "c0", "label": {"en": "None", "es": "Nada"}, "exclusive": True},
    {"id": "c2", "label": {"en": "Pears", "es": "Peras"}},
]
CHOICES = SeveralChoices.SETTINGS[0]


def form(*languages: str, typed: dict[str, str] | None = None) -> SettingsForm:
    return SettingsForm((CHOICES,), languages or ("en",), {"choices": BEFORE}, typed)


def read(text: str, none: str, *languages: str, **more: str) -> list[dict[str, Any]]:
    typed = {"choices.en": text, "choices.none.en": none, **more}
    return read_choices(typed, CHOICES, languages or ("en",), BEFORE)


def test_choices_that_exclude_others_are_shown_apart() -> None:
    assert [(box.name, box.value) for box in form().boxes] == [
        ("choices.en", "Apples\nPears"),
        ("choices.none.en", "None"),
    ]
    assert [box.name for box in form("en", "es").boxes] == [
        "choices.en",
        "choices.es",
        "choices.none.en",
        "choices.none.es",
    ]
    other = SettingsForm((OneChoice.SETTINGS[0],), ("en",), {"choices": BEFORE[:1]})
    assert [(box.name, box.value) for box in other.boxes] == [("choices.en", "Apples")]


def test_what_is_shown_and_sent_again_changes_nothing_but_the_order() -> None:
    typed = {box.name: box.value for box in form("en", "es").boxes}
    sent = form("en", "es", typed=typed)
    assert sent.read() == {"choices": [BEFORE[0], BEFORE[2], BEFORE[1]]}
    assert sent.errors == {}


def test_ids_and_rules_stay_with_their_words() -> None:
    kept = read("Pears\nApples\nPlums", "None")
    assert [choice["id"] for choice in kept[:2]] == ["c2", "c1"]
    assert kept[1] == BEFORE[0]
    assert kept[3] == BEFORE[1]
    assert kept[2]["id"] not in {"c0", "c1", "c2"}
    renamed = read("Green apples\nPears", "None of these")
    assert [choice["id"] for choice in renamed] == ["c1", "c2", "c0"], "found by their place"


def test_a_choice_moves_between_the_two_fields_with_its_id() -> None:
    moved = read("Apples\nNone", "Pears")
    assert [(choice["id"], choice.get("exclusive", False)) for choice in moved] == [
        ("c1", False),
        ("c0", False),
        ("c2", True),
    ]
    gone = read("Apples\nPears", "")
    assert all("exclusive" not in choice for choice in gone)


def test_the_same_words_in_both_fields_are_refused() -> None:
    with pytest.raises(DocumentError, match="“none” is there twice"):
        read("Apples\nNone", "none")
    with pytest.raises(DocumentError, match="more lines in Español"):
        read("Apples", "None", "en", "es", **{"choices.es": "Manzanas", "choices.none.es": "Nada\nOtra"})


LINES = st.lists(st.sampled_from(["Apples", "Pears", "None", "Plums", "Figs", "", " "]), max_size=6)


@given(LINES, LINES)
def test_whatever_is_typed_is_a_question_or_refused_in_words(text: list[str], none: list[str]) -> None:
    try:
        choices = read("\r\n".join(text), "\n".join(none))
    except DocumentError as error:
        assert "there twice" in str(error)  # noqa: PT017 - most inputs are not refused
        return
    wanted = [line.strip() for line in (*text, *none) if line.strip()]
    assert [choice["label"]["en"] for choice in choices] == wanted
    assert len({choice["id"] for choice in choices}) == len(choices)
    if choices:
        raw = {"id": "x", "type": "several_choices", "label": {"en": "What?"}, "choices": choices}
        assert from_document(raw).to_document()["choices"] == choices
