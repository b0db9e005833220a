"""The surveys of the demo: complete in their languages, and every answer valid against its question."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import survey
from survey.questions import TYPES

DEMO = Path(survey.__file__).parent / "demo"
PROMPTS = {"strength", "improvement", "aspiration"}
QUESTION_TYPES = sorted(TYPES)

Document = dict[str, Any]


def read_json(name: str) -> Document:
    document: Document = json.loads((DEMO / name).read_text(encoding="utf-8"))
    return document


def questions_of(document: Document) -> list[Document]:
    return [question for page in document["pages"] for question in page["questions"]]


STAFF_FILE = read_json("staff.json")
STAFF_SURVEY: Document = STAFF_FILE["survey"]
RESPONSES: list[Document] = STAFF_FILE["responses"]
LONG_TEXTS = [q["id"] for q in questions_of(STAFF_SURVEY) if q["type"] == "long_text"]
PUBLIC_SURVEY = read_json("public_survey.json")
SURVEYS = pytest.mark.parametrize("document", [STAFF_SURVEY, PUBLIC_SURVEY], ids=["staff", "public"])


def language_maps(node: object) -> Iterator[dict[str, str]]:
    if isinstance(node, dict):
        if "en" in node:
            yield node
        for value in node.values():
            yield from language_maps(value)
    elif isinstance(node, list):
        for value in node:
            yield from language_maps(value)


@SURVEYS
def test_every_human_text_is_complete_in_the_languages_of_the_survey(document: Document) -> None:
    maps = list(language_maps(document))
    assert len(maps) > 20
    assert all(list(texts) == document["languages"] for texts in maps)
    assert all(text.strip() == text and text for texts in maps for text in texts.values())


def test_no_spanish_text_was_left_in_english() -> None:
    same = [texts["en"] for texts in language_maps(PUBLIC_SURVEY) if texts["en"] == texts["es"]]
    places = next(q for q in questions_of(PUBLIC_SURVEY) if q["type"] == "place")
    assert set(same) < {choice["label"]["en"] for choice in places["choices"]}, "only names of places"
    assert PUBLIC_SURVEY["languages"] == ["en", "es"]


@SURVEYS
def test_survey_documents_have_the_frozen_form(document: Document) -> None:
    assert list(document) == list(PUBLIC_SURVEY)
    assert document["mode"] == "anonymous"
    ids = [question["id"] for question in questions_of(document)]
    assert len(ids) == len(set(ids))
    assert {question["type"] for question in questions_of(document)} <= set(QUESTION_TYPES)
    for question in questions_of(document):
        choices = [choice["id"] for choice in question.get("choices", [])]
        assert len(choices) == len(set(choices))


def test_public_survey_shows_every_type_of_question_one_to_a_page() -> None:
    types = sorted(question["type"] for question in questions_of(PUBLIC_SURVEY))
    assert list(dict.fromkeys(types)) == QUESTION_TYPES
    assert PUBLIC_SURVEY["layout"] == "question"
    assert STAFF_SURVEY["layout"] == "page"


def test_free_text_questions_cover_the_three_prompts() -> None:
    for document in (STAFF_SURVEY, PUBLIC_SURVEY):
        kinds = [q["prompt_kind"] for q in questions_of(document) if q["type"] == "long_text"]
        assert sorted(kinds) == sorted(PROMPTS)


def choice_ids(question: Document) -> set[str]:
    return {choice["id"] for choice in question["choices"]}


def is_valid(question: Document, value: Any) -> bool:
    match question["type"]:
        case "long_text":
            return value == value.strip() and len(value) in range(1, question["max_length"] + 1)
        case "one_choice":
            return value in choice_ids(question)
        case "several_choices":
            distinct = set(value) & choice_ids(question)
            return len(value) == len(distinct) and len(value) in range(1, question["max"] + 1)
        case "scale":
            return value == "dk" or (type(value) is int and value in range(1, question["points"] + 1))
        case "number":
            return type(value) is int and value in range(question["min"], question["max"] + 1)
    return False


def test_every_answer_is_valid_against_its_question() -> None:
    questions = {question["id"]: question for question in questions_of(STAFF_SURVEY)}
    wrong = [
        (key, value)
        for response in RESPONSES
        for key, value in response["answers"].items()
        if not is_valid(questions[key], value)
    ]
    assert wrong == []


def test_questions_that_must_be_answered_are_answered() -> None:
    needed = {question["id"] for question in questions_of(STAFF_SURVEY) if not question["optional"]}
    assert needed
    assert all(needed <= set(response["answers"]) for response in RESPONSES)
    assert {tuple(response) for response in RESPONSES} == {("language", "answers")}
    assert {response["language"] for response in RESPONSES} <= set(STAFF_SURVEY["languages"])


def test_as_many_staff_answer_and_write_as_the_demo_says() -> None:
    writers = [response for response in RESPONSES if set(LONG_TEXTS) & set(response["answers"])]
    assert len(RESPONSES) == 250
    assert 170 <= len(writers) <= 200


def test_every_department_is_large_enough_to_be_shown() -> None:
    department = next(question for question in questions_of(STAFF_SURVEY) if question["id"] == "department")
    sizes = Counter(response["answers"].get("department") for response in RESPONSES)
    assert len(department["choices"]) == 6
    assert department["audiences"] is True
    assert all(sizes[unit] >= 20 for unit in choice_ids(department))
    assert sizes[None] > 0
