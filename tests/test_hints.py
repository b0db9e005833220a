"""Hints: what is found, what is left alone, and that no survey is beyond them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import survey
from survey import hints
from survey.document import Document, parse
from survey.measures import SECONDS, SECONDS_EACH
from survey.questions import TYPES

CHOICES = [{"id": "a", "label": {"en": "Often"}}, {"id": "b", "label": {"en": "I don’t know"}}]


def document(*questions: dict[str, Any], languages: tuple[str, ...] = ("en",), **settings: Any) -> Document:
    asked = [
        {"id": f"q{number}", "type": "long_text", **raw} for number, raw in enumerate(questions, start=1)
    ]
    pages = [{"id": "p1", "title": None, "questions": asked}]
    return parse({"title": {languages[0]: "T"}, "languages": list(languages), "pages": pages, **settings})


def kinds(label: str, kind: str = "one_choice", language: str = "en", **more: Any) -> list[str]:
    """The kinds of hints on one question."""
    own: dict[str, Any] = {"label": {language: label}, "type": kind, **more}
    if kind == "one_choice":
        own.setdefault("choices", [{"id": "x", "label": {language: "?"}}])
        own.setdefault("optional", True)
    made = document(own, languages=(language,))
    return [hint.kind for hint in hints.report(made).about("q1")]


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("two", "How fast and friendly is the staff?"),
        ("two", "Do you ride the bus and/or the train?"),
        ("two", "Do you like it? Would you use it again?"),
        ("leading", "Don’t you think the park is too small?"),
        ("leading", "Obviously parks matter. How often do you visit?"),
        ("leading", "Do you agree that the park is too small?"),
        ("words", "Which services do you utilize?"),
        ("words", "How do you rate the OIT?"),
        ("length", "When you think of " + "all the many things " * 6 + "which one is it?"),
        ("reading", "To what extent does municipal transportation infrastructure facilitate mobility?"),
    ],
)
def test_what_could_be_asked_better_is_found_in_english(kind: str, label: str) -> None:
    assert kind in kinds(label)


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("two", "¿Es rápido y amable el personal?"),
        ("two", "¿Usa el autobús y/o el tren?"),
        ("leading", "¿No cree que el parque es pequeño?"),
        ("leading", "Por supuesto, ¿cuántas veces va al parque?"),
        ("words", "¿Qué debería implementar la ciudad?"),
        ("words", "¿Qué piensa de la DGT?"),
        (
            "reading",
            "¿En qué medida las infraestructuras municipales de transporte facilitan su movilidad cotidiana?",
        ),
    ],
)
def test_what_could_be_asked_better_is_found_in_spanish(kind: str, label: str) -> None:
    assert kind in kinds(label, language="es")


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("How do you rate police and fire services?", "en"),
        ("Do you rent or own your home?", "en"),
        ("How far is it between home and work?", "en"),
        ("Which parks, squares and gardens do you know?", "en"),
        ("What is your ZIP code?", "en"),
        ("How often do you visit the Office of Technology (OOT)? The OOT is in City Hall.", "en"),
        ("¿Cómo califica a la policía y los bomberos?", "es"),
        ("¿Le escucha su jefe o jefa?", "es"),
        ("¿Cuál es su código postal?", "es"),
    ],
)
def test_plain_questions_are_left_alone(label: str, language: str) -> None:
    assert kinds(label, language=language) == []


def test_an_opinion_needs_a_way_out() -> None:
    required: dict[str, Any] = {"optional": False}
    assert kinds("How often?", choices=[CHOICES[0]], **required) == ["way-out"]
    assert kinds("How often?", choices=CHOICES, **required) == []
    assert kinds("How often?", choices=[CHOICES[0]], other=True, **required) == []
    ends: dict[str, Any] = {"low": {"en": "Bad"}, "high": {"en": "Good"}}
    assert kinds("How is it?", "scale", no_answer=False, **ends) == ["way-out"]
    assert kinds("How is it?", "scale", **ends) == []
    assert kinds("Did it work?", "yes_no") == ["way-out"]
    assert kinds("Did it work?", "yes_no", no_answer=True) == []


def test_long_lists_are_told() -> None:
    many = [{"id": f"c{number}", "label": {"en": f"Park {number}"}} for number in range(13)]
    assert kinds("Which one?", choices=many) == ["choices"]
    assert kinds("Which one?", choices=many[:10]) == []
    assert kinds("Put them in order", "ranking", choices=many[:8], optional=True) == ["choices"]
    columns = [*many[:2], {"id": "dk", "label": {"en": "Don’t know"}}]
    assert kinds("How are these?", "matrix", rows=many[:9], choices=columns) == ["choices"]


def test_hints_on_a_translation_say_so() -> None:
    label = {"en": "How is it?", "es": "¿No cree que es poco?"}
    found = hints.report(document({"label": label}, languages=("en", "es"))).about("q1")
    assert [hint.text.partition(":")[0] for hint in found] == ["Español"]


def test_a_language_without_lists_is_only_measured() -> None:
    made = document(
        {"label": {"fr": "Ne pensez-vous pas que le service est excellent et rapide ?"}}, languages=("fr",)
    )
    report = hints.report(made)
    assert report.hints == ()
    assert [(one.language, one.words > 5, one.reading) for one in report.measures] == [("fr", True, "")]


def test_the_whole_survey() -> None:
    texts = [{"label": {"en": f"What about thing {number}?"}} for number in range(20)]
    report = hints.report(document(*texts, minutes=5))
    assert [hint.kind for hint in report.about()] == ["long", "minutes", "open"]
    assert hints.report(document(texts[0], minutes=5)).hints == ()


def test_time_grows_with_what_is_asked() -> None:
    def minutes(*questions: dict[str, Any]) -> int:
        return hints.report(document(*questions)).measures[0].minutes

    rows = [{"id": f"r{number}", "label": {"en": f"Service {number}"}} for number in range(30)]
    matrix = {"type": "matrix", "label": {"en": "How are these?"}, "rows": rows, "choices": CHOICES}
    assert minutes({"label": {"en": "What?"}}) < minutes(*[{"label": {"en": "What?"}}] * 5) <= 6
    assert minutes(matrix) in (4, 5), "30 rows at 6 seconds, and reading"


def test_every_type_of_question_has_a_time() -> None:
    assert set(TYPES) == SECONDS.keys() | SECONDS_EACH.keys()


def test_a_survey_of_every_type_can_be_looked_at() -> None:
    folder = Path(survey.__file__).parent / "demo"
    raw = json.loads((folder / "public_survey.json").read_text("utf-8"))
    found = parse(raw)
    assert {question.TYPE for question in found.questions} <= set(TYPES)
    report = hints.report(found)
    assert [one.language for one in report.measures] == ["en", "es"]
    assert all(one.reading and not one.is_hard for one in report.measures), "the demo is easy to read"
