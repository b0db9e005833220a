"""Taking all responses of a survey away: as CSV at once, as Excel by a job."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from survey.db import Database
from survey.formats import table_csv
from survey.formats.safe_text import for_csv
from survey.jobs import worker
from survey.models import MadeFile, Response, Study, Survey, Version
from survey.services import made_files, response_export
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.answering import document, publish, text

HOSTILE = [
    "=1+1",
    "\u200b=cmd|' /C calc'!A0",
    "'quoted",
    "<svg onload=alert(1)>",
    "مرحبا 👋",
    'a\nb;"c"',
    "-5",
]
CHOICES = [{"id": "easy", "label": text("=Easy")}, {"id": "hard", "label": text("Hard")}]
QUESTIONS: list[dict[str, Any]] = [
    {"id": "one", "type": "one_choice", "label": text("One?"), "choices": CHOICES, "code": "=Q1"},
    {"id": "some", "type": "several_choices", "label": text("Some?"), "choices": CHOICES},
    {"id": "said", "type": "long_text", "label": text("Say")},
    {"id": "number", "type": "number", "label": text("How many?")},
    {"id": "agreed", "type": "yes_no", "label": text("Yes?")},
]
BASE = "/studies/it-plan/surveys"


def fill(database: Database, study: Study, slug: str = "it-survey", apart: int = 1) -> int:
    """A response for each hostile text, each answering another part of the questions; and some set apart."""
    survey_id = publish(database, study, document(questions=QUESTIONS, languages=["en"]), slug)
    with database.writing() as session:
        version = session.scalars(select(Version.id).where(Version.survey_id == survey_id)).one()
        fixed = {"survey_id": survey_id, "version_id": version, "mode": "anonymous", "day": date(2026, 3, 1)}
        rows = [
            {**fixed, "id": f"{slug[:4]}{n}", "language": "en", "answers": answers(n, said), "apart": None}
            for n, said in enumerate(HOSTILE)
        ]
        for row in rows[:apart]:
            row["apart"] = "fast"
        session.execute(insert(Response), rows)
    return survey_id


def answers(number: int, said: str) -> dict[str, Any]:
    given = {"one": "easy", "some": ["easy", "hard"], "said": said, "number": number, "agreed": "yes"}
    return dict(list(given.items())[: 2 + number % 4]) | {"said": said}


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def told(database: Database, survey_id: int) -> list[list[str]]:
    """The table as it should be: each answer put into words by its question, one by one."""
    with database.reading() as session:
        survey = session.get_one(Survey, survey_id)
        asked = response_export.questions(session, survey)
        rows = response_export.page(session, survey, 1).rows
    return [
        [str(row.version), row.day.isoformat(), row.language, row.source, row.unit]
        + [asked[name].shown(row.answers.get(name), "en") if name in row.answers else "" for name in asked]
        for row in rows
    ]


def test_csv_has_every_response_that_counts_word_for_word(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    wanted = told(database, fill(database, study))
    reply = facilitator.get(f"{BASE}/it-survey/responses.csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="it-survey-responses.csv"'
    assert reply.headers["Cache-Control"] == "no-store"
    header, *rows = csv.reader(io.StringIO(reply.data.decode("utf-8-sig")))
    assert header == [
        "version",
        "day",
        "language",
        "source",
        "unit",
        "'=Q1",
        "some",
        "said",
        "number",
        "agreed",
    ]
    assert rows == [[for_csv(cell) for cell in row] for row in wanted]
    assert len(rows) == len(HOSTILE) - 1


def test_excel_is_made_by_a_job(facilitator: FlaskClient, database: Database, study: Study) -> None:
    wanted = told(database, fill(database, study))
    waiting = post(facilitator, f"{BASE}/it-survey/responses/excel").location
    assert post(facilitator, f"{BASE}/it-survey/responses/excel").location == waiting
    assert "Waiting for its turn" in facilitator.get(waiting).text
    worker.drain(database)
    assert "The file is ready" in facilitator.get(waiting).text
    with database.reading() as session:
        file = session.scalars(select(MadeFile)).one()
    reply = facilitator.get(f"{BASE}/it-survey/responses/files/{file.id}")
    assert (reply.status_code, reply.content_length) == (200, file.size)
    book = openpyxl.load_workbook(io.BytesIO(reply.data))
    header, *rows = book["Responses"].iter_rows()
    assert [[cell.value or "" for cell in row] for row in rows] == wanted
    assert {cell.data_type for row in (header, *rows) for cell in row} <= {"s", "n"}
    assert [row[0] for row in book["Questions"].iter_rows(min_row=2, values_only=True)][:2] == ["=Q1", "some"]


def test_who_may_take_them_away(client: FlaskClient, cast: Cast, database: Database, study: Study) -> None:
    fill(database, study)
    login(client, cast.facilitator)
    waiting = post(client, f"{BASE}/it-survey/responses/excel").location
    worker.drain(database)
    with database.reading() as session:
        number = session.scalars(select(MadeFile.id)).one()
    pages = (f"{BASE}/it-survey/responses.csv", waiting, f"{BASE}/it-survey/responses/files/{number}")
    for member, status in ((cast.facilitator, 200), (cast.planner, 403), (cast.other_planner, 403)):
        post(client, "/sign-out")
        login(client, member)
        for page in pages:
            assert client.get(page).status_code == status, (member.email, page)


def test_a_file_belongs_to_its_survey_and_lasts_a_day(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    fill(database, study)
    fill(database, study, "other-survey")
    waiting = post(facilitator, f"{BASE}/it-survey/responses/excel").location
    worker.drain(database)
    with database.writing() as session:
        file = session.scalars(select(MadeFile)).one()
        number = file.id
    assert facilitator.get(f"{BASE}/other-survey/responses/files/{number}").status_code == 404
    assert facilitator.get(f"{BASE}/it-survey/responses/files/{number + 1}").status_code == 404
    with database.writing() as session:
        file = session.get_one(MadeFile, number)
        file.expires_at = file.made_at
        made_files.drop_expired(session)
    assert "gone. Make it again." in facilitator.get(waiting).text


def test_csv_comes_in_pieces() -> None:
    """The first piece is there before the last row was asked for."""
    asked = []

    def rows() -> Any:
        for number in range(10_000):
            asked.append(number)
            yield ["x" * 50]

    pieces = table_csv.pieces(("a",), rows())
    first = next(pieces)
    assert first.startswith("\ufeff".encode())
    assert len(asked) < 5_000
    assert (first + b"".join(pieces)).count(b"\n") == 10_001
