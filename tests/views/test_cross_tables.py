"""The page of cross tables: which ones the next summary holds."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from survey.models import CrossTable, Study
from survey.services.cross_tables import MOST_TABLES
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.answering import text
from tests.services.counted import EASE, SCALE, YES_NO, again, answer, ask, choices
from tests.views.studio import HOSTILE, audits, text_of

TABLES = "/studies/it-plan/tables"
SEVERAL = {"id": "use", "type": "several_choices", "label": text("Which?"), "choices": choices("a")}


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


@pytest.fixture
def survey(database: Database, study: Study) -> int:
    return ask(database, study, EASE, SCALE, YES_NO, SEVERAL)


def listed(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        query = select(CrossTable).order_by(CrossTable.position, CrossTable.id)
        return [(table.down, table.across) for table in session.scalars(query)]


def ids(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(CrossTable.id).order_by(CrossTable.position)))


def add(client: FlaskClient, survey: int, down: str, across: str) -> int:
    return post(client, TABLES, {"survey": survey, "down": down, "across": across}).status_code


def test_tables_are_added_moved_and_removed(
    facilitator: FlaskClient, database: Database, survey: int
) -> None:
    before = audits(database)
    for down, across in (("ease", "@unit"), ("ease", "web"), ("rate", "@language")):
        assert add(facilitator, survey, down, across) == 303
    first, second, third = ids(database)
    assert post(facilitator, f"{TABLES}/{third}/move", {"to": "up"}).status_code == 303
    assert listed(database) == [("ease", "@unit"), ("rate", "@language"), ("ease", "web")]
    assert post(facilitator, f"{TABLES}/{first}/remove").status_code == 303
    assert ids(database) == [third, second]
    assert audits(database) == before + 5
    page = text_of(facilitator.get(TABLES))
    assert "How good is it? by Language of the answer" in page
    assert "Easy · Hard · Other" in page


def test_the_page_shows_no_number_of_people(
    facilitator: FlaskClient, database: Database, survey: int
) -> None:
    answer(database, survey, [{"ease": "easy", "web": "yes"}] * 1234, unit="Small unit")
    add(facilitator, survey, "ease", "@unit")
    page = facilitator.get(TABLES).text
    assert "1234" not in page
    assert "1,234" not in page
    assert "Small unit" not in page
    assert "The numbers stand in frozen summaries only" in page


IMPOSSIBLE = [
    ("", "@unit", "Choose the question"),
    ("use", "@unit", "Choose the question"),
    ("@unit", "ease", "Choose the question"),
    ("ease", "", "Choose what the columns are"),
    ("ease", "gone", "Choose what the columns are"),
    ("ease", "@email", "Choose what the columns are"),
    ("ease", "ease", "cannot be crossed with itself"),
    ("web", "@unit", "on the list already"),
    ("\0", "x" * 100_000, "Choose the question"),
]


def test_tables_that_cannot_be(facilitator: FlaskClient, database: Database, survey: int) -> None:
    add(facilitator, survey, "web", "@unit")
    for down, across, said in IMPOSSIBLE:
        reply = post(facilitator, TABLES, {"survey": survey, "down": down, "across": across})
        assert (reply.status_code, said in reply.text) == (422, True)
        assert f'<a href="#down-{survey}">' in reply.text
        if down == "ease":
            assert '<option value="ease" selected>' in reply.text
    assert listed(database) == [("web", "@unit")]


def test_no_such_survey(facilitator: FlaskClient, survey: int) -> None:
    for wrong in ("", "0", "99999999999999999999", "x", "-1", "١"):
        sent = {"survey": wrong, "down": "ease", "across": "web"}
        assert post(facilitator, TABLES, sent).status_code == 404


def test_tables_of_other_studies_are_not_there(
    facilitator: FlaskClient, database: Database, cast: Cast, survey: int
) -> None:
    with database.reading() as session:
        other = session.scalars(select(Study).where(Study.slug == "other")).one()
    theirs = ask(database, other, EASE, slug="theirs")
    with database.writing() as session:
        session.add(CrossTable(survey_id=theirs, down="ease", across="@unit"))
    (table,) = ids(database)
    assert add(facilitator, theirs, "ease", "@language") == 404
    for id in (table, 10**18, 0):
        assert post(facilitator, f"{TABLES}/{id}/remove").status_code == 404
        assert post(facilitator, f"{TABLES}/{id}/move", {"to": "up"}).status_code == 404
    assert facilitator.get("/studies/other/tables").status_code == 404
    assert listed(database) == [("ease", "@unit")]


def test_no_more_than_twenty_for_a_survey(facilitator: FlaskClient, database: Database, study: Study) -> None:
    many = [{**EASE, "id": f"q{n}", "label": text(f"Question {n}")} for n in range(MOST_TABLES + 1)]
    survey = ask(database, study, *many)
    with database.writing() as session:
        session.add_all(
            CrossTable(survey_id=survey, down=f"q{n}", across="@unit") for n in range(MOST_TABLES)
        )
    reply = post(facilitator, TABLES, {"survey": survey, "down": "q20", "across": "@unit"})
    assert (reply.status_code, "at most 20 cross tables" in reply.text) == (422, True)


def test_the_ends_of_the_list(facilitator: FlaskClient, database: Database, survey: int) -> None:
    add(facilitator, survey, "ease", "@unit")
    (table,) = ids(database)
    assert post(facilitator, f"{TABLES}/{table}/move", {"to": "up"}).status_code == 422
    assert post(facilitator, f"{TABLES}/{table}/move", {"to": "left"}).status_code == 400


def test_a_question_that_is_gone_and_hostile_words(
    facilitator: FlaskClient, database: Database, survey: int
) -> None:
    add(facilitator, survey, "web", "@unit")
    again(
        database, survey, {**EASE, "label": text(HOSTILE), "choices": [{"id": "x", "label": text(HOSTILE)}]}
    )
    page = facilitator.get(TABLES).text
    assert "This question is not asked any more" in page
    assert "<script>alert" not in page


def test_without_a_survey_and_without_a_question(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    assert "This study has no survey yet" in text_of(facilitator.get(TABLES))
    ask(database, study, SEVERAL)
    assert "no question that fits into a table" in text_of(facilitator.get(TABLES))
