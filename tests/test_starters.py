"""The surveys to begin with: complete, in both languages, easy to read, ready to publish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from survey import hints, path_check, publishing, starters
from survey.errors import NotFound
from survey.models.survey import MODES
from survey.questions import LongText
from survey.starters import Starter

EACH = pytest.mark.parametrize("starter", starters.all_of().values(), ids=lambda starter: starter.name)
INSTRUMENTS = Path(__file__).parents[2] / "shared" / "data" / "instruments" / "municipal"


def texts(node: object) -> Iterator[dict[str, str]]:
    """Every text of a document, by language."""
    if isinstance(node, dict):
        if "en" in node:
            yield node
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def test_the_six_are_there_in_order() -> None:
    assert list(starters.all_of()) == [
        "focus-group-guide",
        "staff-pulse",
        "resident-services",
        "world-cafe",
        "it-satisfaction",
        "city-self-assessment",
    ]
    with pytest.raises(NotFound):
        starters.of_name("../demo/public_survey")


@EACH
def test_a_starter_can_be_published_as_it_is(starter: Starter) -> None:
    document = starter.document
    assert publishing.gaps(document, has_audiences=False) == []
    assert list(path_check.findings(document)) == []
    assert starter.mode in MODES


@EACH
def test_a_starter_is_whole_in_both_languages(starter: Starter) -> None:
    found = list(texts(dict(starter.raw))) + [dict(starter.about), dict(starter.whom)]
    assert len(found) > 20
    assert all(set(words) == {"en", "es"} for words in found)
    assert all(text == text.strip() and text for words in found for text in words.values())
    same = {words["en"] for words in found if words["en"] == words["es"]}
    assert same <= {"2", "3", "4", "No", "Excellent"}


@EACH
def test_a_starter_keeps_what_we_tell_authors(starter: Starter) -> None:
    report = hints.report(starter.document)
    assert [(hint.question, hint.text) for hint in report.hints] == []
    assert not any(measure.is_hard for measure in report.measures)
    assert len({question.TYPE for question in starter.document.questions}) >= 5
    assert any(isinstance(question, LongText) for question in starter.document.questions)


@EACH
def test_each_language_can_come_first(starter: Starter) -> None:
    for tag in ("en", "es"):
        begun = starter.begun("Our own title", tag, "pages")
        assert begun["title"] == {tag: "Our own title"}
        assert begun["languages"][0] == tag
        assert set(begun["languages"]) == {"en", "es"}
        own = starter.raw["title"][tag]
        assert starter.begun(own, tag, "pages")["title"] == starter.raw["title"]


def test_the_guide_has_the_three_prompts_of_philadelphia() -> None:
    asked = starters.of_name("focus-group-guide").document.questions
    kinds = [q.prompt_kind for q in asked if isinstance(q, LongText) and q.comments and not q.optional]
    assert kinds == ["strength", "improvement", "aspiration"]


def test_it_satisfaction_has_the_seven_points_to_compare() -> None:
    document = starters.of_name("it-satisfaction").document
    happy = next(q for q in document.questions if q.id == "happy")
    rows = len(happy.rows)  # type: ignore[attr-defined]
    assert rows + 1 == 7, "six rows, and all in all"


@EACH
def test_the_words_are_our_own(starter: Starter) -> None:
    if not INSTRUMENTS.is_dir():
        pytest.skip("the instruments are not on this machine")
    theirs = "\n".join(path.read_text("utf-8") for path in INSTRUMENTS.glob("*.json")).casefold()
    sentences = {words["en"].casefold() for words in texts(dict(starter.raw)) if len(words["en"].split()) > 5}
    assert [sentence for sentence in sentences if sentence in theirs] == []
