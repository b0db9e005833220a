"""Publishing, without a database: what is missing, what changed, what a version freezes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from survey import building
from survey.document import Document, parse
from survey.publishing import Ties, changes, freeze, gaps, with_audiences
from survey.questions import LongText, OneChoice, from_document

TEXT = {"id": "improve", "type": "long_text", "label": {"en": "What should we improve?"}}
GROUP = {"id": "group", "type": "one_choice", "label": {"en": "Your group"}, "audiences": True}
WORDS = {"what": {"en": "W"}, "why": {"en": "Y"}, "minutes": 5, "contact": {"en": "C"}}


def document(*questions: dict[str, Any], **more: Any) -> Document:
    page = {"id": "p1", "title": None, "questions": list(questions)}
    return parse({"title": {"en": "T"}, "languages": ["en"], "pages": [page], **WORDS, **more})


@pytest.mark.parametrize(
    ("one", "place"),
    [
        (document(), "questions"),
        (document({"id": "s", "type": "statement", "label": {"en": "Read"}}), "questions"),
        (document(GROUP), "audiences"),
    ],
)
def test_what_stops_publishing_says_where(one: Document, place: str) -> None:
    assert [(gap.place, gap.must) for gap in gaps(one, has_audiences=False)] == [(place, True)]


def test_a_whole_survey_lacks_nothing_and_wishes_do_not_stop_it() -> None:
    assert gaps(document(TEXT, GROUP), has_audiences=True) == []
    wishes = gaps(document(TEXT, minutes=None, why=None), has_audiences=True)
    assert {(gap.place, gap.must) for gap in wishes} == {("settings", False)}
    assert len(wishes) == 2


def test_missing_translations_are_named() -> None:
    half = {**TEXT, "label": {**TEXT["label"], "es": "¿Qué mejorar?"}}
    found = gaps(document(half, languages=["en", "es", "ar"]), has_audiences=True)
    assert [(gap.place, gap.must) for gap in found] == [("translation:es", False), ("translation:ar", False)]
    assert found[0].text == "4 of 5 texts are not translated to Español."
    assert found[1].text == "5 of 5 texts are not translated to العربية."


def test_words_that_name_an_answer_which_is_not_there_are_told() -> None:
    late = {**TEXT, "label": {"en": "Why ${later}?"}}
    later = {**TEXT, "id": "later", "label": {"en": "So ${improve}?"}}
    found = [
        gap for gap in gaps(document(late, later, thanks={"en": "Bye ${later}"}), True) if "$" in gap.text
    ]
    assert [(gap.place, gap.must) for gap in found] == [("improve", False), ("settings", False)]
    assert "${later}" in found[0].text
    titled = {"id": "p1", "title": {"en": "On ${gone}"}, "questions": [TEXT]}
    (gap,) = gaps(document(TEXT, pages=[titled]), True)
    assert gap.place == "improve"


def test_the_audiences_of_the_study_become_choices_only_where_none_are_named() -> None:
    named = {**GROUP, "id": "named", "choices": [{"id": "x", "label": {"en": "Only this"}}]}
    filled = with_audiences(document(GROUP, named, TEXT), [(7, "Academia"), (9, "Staff")])
    first, second = filled.questions[:2]
    assert isinstance(first, OneChoice)
    assert isinstance(second, OneChoice)
    assert [(c.id, c.audience_id) for c in first.choices] == [("a7", 7), ("a9", 9)]
    assert [c.id for c in second.choices] == ["x"]


def test_freezing_ties_answers_to_prompts_and_audiences_and_leaves_the_draft() -> None:
    before = with_audiences(document(TEXT, GROUP), [(7, "Academia")])
    frozen = freeze(before, Ties({"improve": 3}, {("group", "a7"): 7}))
    text, group = frozen.questions
    assert isinstance(text, LongText)
    assert isinstance(group, OneChoice)
    assert text.prompt_id == 3
    assert group.audience_of("a7") == 7
    assert isinstance(before.questions[0], LongText)
    assert before.questions[0].prompt_id is None


def test_ties_alone_are_no_change() -> None:
    before = document(TEXT)
    assert changes(freeze(before, Ties({"improve": 3}, {})), before) == []


def test_changes_are_told_in_words() -> None:
    other = {"id": "x", "type": "short_text", "label": {"en": "Where?"}}
    before = document(TEXT, other)
    more = building.add(before, "p1", from_document({**other, "id": "y", "label": {"en": "When?"}}))
    assert changes(before, more) == ["New: “When?”"]
    assert changes(more, before) == ["Taken out: “When?”"]
    changed = building.change(before, from_document({**other, "optional": True}))
    assert changes(before, changed) == ["Changed: “Where?”"]
    assert changes(before, building.move(before, "x", -1)) == ["The order of the questions"]
    assert changes(before, building.rename_page(before, "p1", {"en": "Start"})) == ["The pages"]
    assert changes(before, replace(before, minutes=6)) == ["Settings: Minutes it takes"]
    assert changes(before, building.add_page(before)) == []
