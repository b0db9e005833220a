"""The question library: kept, found, put into other surveys, taken out and put back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal, Stale
from survey.models import AuditRow, LibraryQuestion, Study, Survey
from survey.services import library, studies, surveys

BY = "facilitator@office.example"
CHOICES = [
    {
        "id": "often",
        "label": {"en": "Often", "es": "A menudo"},
        "show_if": {"question": "age", "is": "answered"},
    },
    {"id": "never", "label": {"en": "Never", "es": "Nunca"}},
]
PARKS: dict[str, Any] = {
    "id": "parks",
    "type": "one_choice",
    "label": {"en": "How often do you visit a park, ${name}?", "es": "¿Cuántas veces va al parque, ${name}?"},
    "code": "park_visits",
    "show_if": {"question": "age", "op": ">", "value": 5},
    "origin": {"xlsform.appearance": "minimal"},
    "choices": CHOICES,
}
ONLY_ENGLISH = {"id": "better", "type": "long_text", "label": {"en": "What could be better?"}}
AGE = {
    "id": "age",
    "type": "number",
    "code": "name",
    "label": {"en": "How old are you?", "es": "¿Qué edad tiene?"},
}


def make(
    session: Session, study: Study, slug: str, *questions: dict[str, Any], languages: str = "en es"
) -> Survey:
    tags = languages.split()
    title = dict.fromkeys(tags, slug)
    pages = [
        {"id": "p1", "title": None, "questions": list(questions)},
        {"id": "p2", "title": None, "questions": []},
    ]
    document = {"title": title, "languages": tags, "pages": pages}
    return surveys.add(session, study, slug, slug, by=BY, document=document)


@pytest.fixture
def home(session: Session, study: Study) -> Study:
    return studies.by_slug(session, "it-plan")


def test_a_question_is_kept_without_its_ties_and_put_into_another_survey(
    session: Session, home: Study
) -> None:
    source = make(session, home, "source", AGE, PARKS)
    kept = library.add(session, source, "parks", by=BY)
    assert kept.languages == ("en", "es")
    target = make(session, studies.by_slug(session, "other"), "target", ONLY_ENGLISH)
    put = library.put(session, target, kept.id, "p2", by=BY, seen=target.revision)
    stored = target.document["pages"][1]["questions"]
    assert [q["id"] for q in stored] == [put.id]
    assert put.id != "parks"
    (new,) = stored
    assert new["label"] == {
        "en": "How often do you visit a park, …?",
        "es": "¿Cuántas veces va al parque, …?",
    }
    assert (new["code"], new["show_if"], new["origin"]) == (None, None, {})
    assert [choice.get("show_if") for choice in new["choices"]] == [None, None]
    assert source.document["pages"][0]["questions"][1]["show_if"] == PARKS["show_if"], "the source stays"
    again = library.put(session, target, kept.id, "p2", by=BY, seen=target.revision)
    assert again.id != put.id


def test_a_question_is_kept_once(session: Session, home: Study) -> None:
    source = make(session, home, "source", AGE, PARKS)
    library.add(session, source, "parks", by=BY)
    twin = make(session, home, "twin", AGE, {**PARKS, "id": "other-id", "code": None, "show_if": None})
    for survey, question in ((source, "parks"), (twin, "other-id")):
        with pytest.raises(Refusal, match="already"):
            library.add(session, survey, question, by=BY)
    with pytest.raises(NotFound):
        library.add(session, source, "none", by=BY)


def test_there_is_an_end_to_the_library(
    session: Session, home: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "MOST_KEPT", 1)
    source = make(session, home, "source", AGE, PARKS)
    library.add(session, source, "age", by=BY)
    with pytest.raises(Refusal, match="full"):
        library.add(session, source, "parks", by=BY)


def test_words_are_found_in_any_language_without_accents(session: Session, home: Study) -> None:
    source = make(session, home, "source", AGE, PARKS, ONLY_ENGLISH)
    for question in ("age", "parks", "better"):
        library.add(session, source, question, by=BY)
    assert [kept.name for kept in library.search(session)] == [
        "What could be better?",
        "How often do you visit a park, …?",
        "How old are you?",
    ]
    for wanted, ids in (
        ("PARK", ["parks"]),
        ("cuantas veces", ["parks"]),
        ("how park", ["parks"]),
        ("menudo", ["parks"]),
        ("how", ["parks", "age"]),
        ("tram", []),
        ("%", []),
    ):
        assert [kept.question.id for kept in library.search(session, wanted)] == ids, wanted


def test_a_question_without_words_in_the_first_language_is_not_put_in(session: Session, home: Study) -> None:
    source = make(session, home, "source", ONLY_ENGLISH)
    kept = library.add(session, source, "better", by=BY)
    target = make(session, home, "target", languages="es en")
    assert library.lacks(kept.question, surveys.draft(target)) == "Español"
    with pytest.raises(Refusal, match="Español"):
        library.put(session, target, kept.id, "p1", by=BY, seen=target.revision)


def test_nothing_is_put_in_where_it_does_not_fit(session: Session, home: Study) -> None:
    source = make(session, home, "source", AGE)
    kept = library.add(session, source, "age", by=BY)
    with pytest.raises(NotFound):
        library.put(session, source, kept.id, "p9", by=BY, seen=source.revision)
    with pytest.raises(NotFound):
        library.put(session, source, 10**12, "p1", by=BY, seen=source.revision)
    with pytest.raises(Stale):
        library.put(session, source, kept.id, "p1", by=BY, seen=source.revision - 1)


def test_what_was_taken_out_comes_back_as_it_was(session: Session, home: Study) -> None:
    source = make(session, home, "source", AGE, ONLY_ENGLISH)
    before = library.add(session, source, "age", by=BY)
    number = library.remove(session, before.id, by=BY)
    assert library.search(session) == []
    library.add(session, source, "better", by=BY)  # SQLite gives it the id that became free
    back = library.restore(session, number, by=BY)
    assert (back.name, back.question, back.by, back.made_at) == (
        before.name,
        before.question,
        before.by,
        before.made_at,
    )
    with pytest.raises(Refusal, match="back already"):
        library.restore(session, number, by=BY)
    for wrong in (0, number - 1, 10**12, -3):
        with pytest.raises(NotFound):
            library.restore(session, wrong, by=BY)
    assert session.scalar(select(func.count()).select_from(LibraryQuestion)) == 2


def test_every_change_is_written_down_once(session: Session, home: Study) -> None:
    source = make(session, home, "source", AGE)
    kept = library.add(session, source, "age", by=BY)
    library.put(session, source, kept.id, "p1", by=BY, seen=source.revision)
    number = library.remove(session, kept.id, by=BY)
    library.restore(session, number, by=BY)
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.number)).all()
    assert actions[-4:] == ["library.add", "surveys.library-put", "library.remove", "library.restore"]
