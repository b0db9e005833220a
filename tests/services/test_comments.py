"""Comments: filters, counts, a stable order, and a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from survey.db import Database
from survey.formats.comments_in import ColumnChoice
from survey.models import Comment, Study
from survey.services import comments, imports, studies
from survey.services.comments import NONE, Filter

FILE = b"""id,text,group,asked,how
1,Buses are late,Riders,Improve,e-mail
2,"BUSES, 100% late",Riders,,
3,Trees are lovely,,Keep,paper
4,Caf\xc3\xa9s and trees,Walkers,Keep,
"""
CHOICE = ColumnChoice("text", id="id", audience="group", prompt="asked", channel="how")


@pytest.fixture
def filled(session: Session, study: Study) -> Study:
    """The study with the four comments of FILE, and another study with one."""
    found = studies.by_slug(session, study.slug)
    imports.import_comments(session, found, FILE, "file.csv", CHOICE, "tests")
    noise = studies.by_slug(session, "other")
    imports.import_comments(
        session, noise, b"text\nBuses elsewhere\n", "noise.csv", ColumnChoice("text"), "tests"
    )
    return found


def texts(session: Session, study: Study, wanted: Filter) -> list[str]:
    return [comment.text for comment in comments.page(session, study.id, wanted, 1).comments]


def test_all_comments_of_this_study_in_the_order_of_the_file(session: Session, filled: Study) -> None:
    assert [row.source_id for row in comments.stream(session, filled.id)] == ["1", "2", "3", "4"]
    assert len(texts(session, filled, Filter())) == comments.count(session, filled.id) == 4


@pytest.mark.parametrize(
    ("words", "found"), [("buses", 2), ("100%", 1), ("%", 1), ("_", 0), ("afés", 1), ("", 4), ("'; DROP", 0)]
)
def test_search_is_for_these_very_characters(session: Session, filled: Study, words: str, found: int) -> None:
    assert len(texts(session, filled, Filter(text=words))) == found


def test_filters_go_together(session: Session, filled: Study) -> None:
    riders = next(audience.id for audience in filled.audiences if audience.name == "Riders")
    keep = next(prompt.id for prompt in filled.prompts if prompt.text == "Keep")
    assert texts(session, filled, Filter(audience=riders, channel="e-mail")) == ["Buses are late"]
    assert texts(session, filled, Filter(audience=NONE)) == ["Trees are lovely"]
    assert texts(session, filled, Filter(prompt=NONE)) == ["BUSES, 100% late"]
    assert texts(session, filled, Filter(prompt=keep, audience=riders)) == []
    assert texts(session, filled, Filter(import_id=10**6)) == []


def test_counts_add_up(session: Session, filled: Study) -> None:
    counted = comments.counts(session, filled.id)
    names = {audience.id: audience.name for audience in filled.audiences} | {NONE: "none"}
    assert {names[id]: number for id, number in counted.audiences.items()} == {
        "Riders": 2,
        "Walkers": 1,
        "none": 1,
    }
    assert counted.channels == {"e-mail": 1, "import": 2, "paper": 1}
    assert sum(counted.prompts.values()) == counted.total == 4


def test_the_stream_carries_names(session: Session, filled: Study) -> None:
    first = list(comments.stream(session, filled.id))[0]
    assert (first.audience, first.prompt, first.channel, first.day) == ("Riders", "Improve", "e-mail", None)


def test_comments_without_a_file_come_first_on_every_database(session: Session, filled: Study) -> None:
    session.execute(
        insert(Comment), [{"id": "f" * 32, "study_id": filled.id, "channel": "survey", "text": "Mine"}]
    )
    assert list(comments.stream(session, filled.id))[0].text == "Mine"
    assert texts(session, filled, Filter())[0] == "Mine"


@pytest.mark.parametrize(("number", "shown"), [(-5, 1), (0, 1), (1, 1), (2, 2), (99, 3)])
def test_page_numbers_are_brought_into_range(session: Session, study: Study, number: int, shown: int) -> None:
    store_many(session, study.id, 120)
    page = comments.page(session, study.id, Filter(), number)
    assert (page.number, page.of, page.found) == (shown, 3, 120)
    assert len(page.comments) == (50, 50, 20)[shown - 1]


def store_many(session: Session, study_id: int, number: int) -> None:
    rows = [
        {"id": f"{n:032x}", "study_id": study_id, "channel": "import", "text": f"Number {n}", "position": n}
        for n in range(number)
    ]
    session.execute(insert(Comment), rows)


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    """The statements that the reading engine runs meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            seen.append(statement)

    event.listen(database.read, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.read, "before_cursor_execute", note)


def test_a_page_takes_as_many_queries_for_fifty_comments_as_for_one(database: Database, study: Study) -> None:
    numbers = []
    for size in (1, 60):
        with database.writing() as session:
            rows = "\n".join(f"{size}-{n},Words,Group {n},Ask {n}" for n in range(size))
            data = f"id,text,group,asked\n{rows}\n".encode()
            found = session.get_one(Study, study.id)
            choice = ColumnChoice("text", id="id", audience="group", prompt="asked")
            imports.import_comments(session, found, data, f"{size}.csv", choice, "tests")
        with counted_queries(database) as seen, database.reading() as session:
            page = comments.page(session, study.id, Filter(), 1)
            assert all(comment.audience and comment.prompt for comment in page.comments)
            comments.counts(session, study.id)
        numbers.append(len(seen))
    assert numbers == [3, 3]
