"""The document of a survey: what is taken, what is refused, and how it becomes screens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import survey
from survey.document import MOST_FIELDS_IN_ALL, MOST_QUESTIONS, parse
from survey.questions import DocumentError

DEMO = Path(survey.__file__).parent / "demo"
STATEMENT = {"id": "hello", "type": "statement", "label": {"en": "Hello"}}
SHORT = {"id": "name", "type": "short_text", "label": {"en": "Your street?", "es": "¿Su calle?"}}
WHEN = {"id": "when", "type": "date", "label": {"en": "When?"}}


def raw(*pages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "title": {"en": "Survey", "es": "Encuesta"},
        "languages": ["en", "es"],
        "pages": [{"id": f"p{n}", "title": None, "questions": qs} for n, qs in enumerate(pages)],
        **more,
    }


@pytest.mark.parametrize("name", ["public_survey.json", "staff.json"])
def test_the_surveys_of_the_demo_come_back_as_they_were(name: str) -> None:
    content = json.loads((DEMO / name).read_text(encoding="utf-8"))
    content = content.get("survey", content)
    document = parse(content)
    again = json.loads(json.dumps(document.to_dict()))
    assert parse(again) == document
    for page, page_again in zip(content["pages"], again["pages"], strict=True):
        for question, question_again in zip(page["questions"], page_again["questions"], strict=True):
            assert question.items() <= question_again.items()


def test_one_question_a_screen() -> None:
    document = parse(raw([STATEMENT, SHORT], [WHEN]))
    assert [screen.only.id for screen in document.screens if screen.only] == ["hello", "name", "when"]
    assert [len(screen.fields) for screen in document.screens] == [0, 1, 4]
    assert [question.id for question in document.answerable] == ["name", "when"]


def test_a_screen_for_each_page_that_has_questions() -> None:
    document = parse(raw([STATEMENT, SHORT], [], [WHEN], layout="pages"))
    assert [[q.id for q in screen.questions] for screen in document.screens] == [["hello", "name"], ["when"]]


def test_all_on_one_screen() -> None:
    document = parse(raw([STATEMENT, SHORT], [], [WHEN], layout="page"))
    (screen,) = document.screens
    assert [page.id for page in screen.parts] == ["p0", "p2"]
    assert screen.only is None


def test_a_survey_without_questions_has_no_screens() -> None:
    assert parse(raw([], layout="page")).screens == ()
    assert parse({"title": {"en": "x"}, "languages": ["en"]}).screens == ()


def test_words_fall_back_to_the_first_language() -> None:
    document = parse(raw([SHORT, WHEN]))
    street, when = document.questions
    assert document.text(street.label, "es") == ("¿Su calle?", "es")
    assert document.text(street.label, "es-MX") == ("¿Su calle?", "es")
    assert document.text(when.label, "es") == ("When?", "en")
    assert document.text(None, "es") == ("", "es")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": None}, "title"),
        ({"title": {"es": "Encuesta"}}, "first language"),
        ({"languages": []}, "at least one language"),
        ({"languages": ["en", "en"]}, "once"),
        ({"languages": ["English"]}, "by its code"),
        ({"languages": [["en"]]}, "by its code"),
        ({"layout": "scroll"}, "question, pages, page"),
        ({"minutes": 0}, "from 1 to 600"),
        ({"minutes": "5"}, "from 1 to 600"),
        ({"pages": {}}, "list"),
        ({"pages": [{"id": "p"}]}, "questions"),
        ({"pages": [{"id": "p", "questions": [], "colour": 1}]}, "nothing else"),
        ({"pages": [{"id": "p", "questions": []}] * 2}, "same id"),
        ({"theme": "dark"}, "“theme” is not part"),
    ],
)
def test_what_cannot_be_a_survey_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence):
        parse(raw([SHORT], **change))


@pytest.mark.parametrize("whole", [None, [], "x", 1])
def test_only_an_object_is_a_survey(whole: object) -> None:
    with pytest.raises(DocumentError):
        parse(whole)


def test_ids_are_unique_in_the_whole_survey() -> None:
    with pytest.raises(DocumentError, match="“name”"):
        parse(raw([SHORT], [SHORT]))


def test_a_question_needs_every_text_in_the_first_language() -> None:
    question = {"id": "c", "type": "one_choice", "label": {"en": "Which?"}}
    with pytest.raises(DocumentError, match="“Which"):
        parse(raw([{**question, "choices": [{"id": "a", "label": {"es": "A"}}]}]))


def test_there_is_a_limit_to_what_can_be_asked() -> None:
    many = [{**SHORT, "id": f"q{n}"} for n in range(MOST_QUESTIONS)]
    assert len(parse(raw(many)).questions) == MOST_QUESTIONS
    dates = [{**WHEN, "id": f"q{n}"} for n in range(MOST_FIELDS_IN_ALL // 4 + 1)]
    for questions in ([*many, WHEN], dates):
        with pytest.raises(DocumentError, match="most"):
            parse(raw(questions))
