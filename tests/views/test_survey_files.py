"""Pages on which a survey comes from a file, is saved as one, and a draft is taken back."""

from __future__ import annotations

import io
import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.formats import survey_files
from survey.models import AuditRow, Study, Survey
from survey.services import surveys
from tests.fixtures import login, post
from tests.formats.forms import HEAD, form, questions
from tests.people import Cast
from tests.views.studio import HOSTILE

NEW = "/studies/it-plan/surveys/new/file"
GOOD = form(
    [(*HEAD, "default"), ("text", "a", f"{HOSTILE} = A", "x"), ("geopoint", "where", "Where?", "")],
    settings=[("form_title",), ("Parks & <b>trees</b>",)],
)


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def choose(client: FlaskClient, data: bytes, name: str = "form.xlsx", format: str = "") -> TestResponse:
    return post(client, NEW, {"file": (io.BytesIO(data), name), "format": format})


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def revision(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(Survey.revision)).one()


def test_a_file_becomes_a_draft_with_a_report(
    facilitator: FlaskClient, study: Study, database: Database
) -> None:
    rows = count(database, AuditRow)
    reply = choose(facilitator, GOOD)
    assert reply.status_code == 303
    assert count(database, AuditRow) == rows + 1
    page = facilitator.get(reply.location)
    assert page.status_code == 200
    for part in ("left out", "point on a map", "filled in beforehand", "survey 3", "Delete this draft"):
        assert part in page.text
    assert "<script>alert" not in page.text
    with database.reading() as session:
        survey = session.scalars(select(Survey)).one()
        assert (survey.state, survey.mode) == ("draft", "anonymous")
        audit = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
        assert audit is not None
        assert audit.details["source"] == "xlsform"
        assert surveys.title(survey) == "Parks & trees"


@pytest.mark.parametrize(
    ("data", "name", "part"),
    [
        (form([HEAD, ("text", "a", "A"), ("txet", "b", "B")]), "form.xlsx", "row 3"),
        (b"", "form.xlsx", "empty"),
        (b"\x89PNG\r\n", "picture.png", "not a survey"),
        (b'{"languages": ["en"],\n"title":', "a.json", "Line 2"),
    ],
)
def test_a_file_that_is_refused_changes_nothing_and_says_why(
    facilitator: FlaskClient, study: Study, database: Database, data: bytes, name: str, part: str
) -> None:
    rows = count(database, AuditRow)
    reply = choose(facilitator, data, name)
    assert reply.status_code == 422
    assert part in reply.text
    assert (count(database, Survey), count(database, AuditRow)) == (0, rows)


def test_no_file_and_a_kind_that_is_not_there_are_said(facilitator: FlaskClient, study: Study) -> None:
    assert "Choose a file" in post(facilitator, NEW, {"format": ""}).text
    assert choose(facilitator, GOOD, format="nonsense").status_code == 422
    assert choose(facilitator, GOOD, format="lss").status_code == 422


def test_what_is_saved_is_what_came(facilitator: FlaskClient, study: Study) -> None:
    page = choose(facilitator, GOOD).location
    sheet = facilitator.get(f"{page}/xlsform")
    assert sheet.headers["Content-Disposition"].endswith(".xlsx")
    again = survey_files.read(sheet.data, "again.xlsx")
    assert questions(again) == questions(survey_files.read(GOOD, "form.xlsx"))
    plain = facilitator.get(f"{page}/json")
    found = json.loads(plain.data)
    assert found["throughline"] == 1
    assert found["mode"] == "anonymous"
    assert not [key for key in found["origin"] if key.startswith("file.")]
    copy = choose(facilitator, plain.data, "copy.json")
    assert copy.status_code == 303
    assert copy.location != page
    assert facilitator.get(f"{page}/docx").status_code == 404


def test_a_survey_without_questions_cannot_be_a_form(facilitator: FlaskClient, study: Study) -> None:
    page = choose(facilitator, form([HEAD, ("hidden", "a", "")])).location
    raw = json.loads(facilitator.get(f"{page}/json").data)
    empty = choose(facilitator, json.dumps({**raw, "origin": {}}).encode(), "empty.json").location
    refused = facilitator.get(f"{empty}/xlsform")
    assert refused.status_code == 422
    assert "no question yet" in refused.text


def test_a_draft_can_be_taken_back_and_a_published_survey_cannot(
    facilitator: FlaskClient, study: Study, database: Database
) -> None:
    page = choose(facilitator, GOOD).location
    stale = post(facilitator, f"{page}/delete", {"revision": 99})
    assert stale.status_code == 409
    assert count(database, Survey) == 1
    done = post(facilitator, f"{page}/delete", {"revision": revision(database)})
    assert done.status_code == 303
    assert count(database, Survey) == 0
    page = choose(facilitator, GOOD).location
    with database.writing() as session:
        surveys.publish(session, session.scalars(select(Survey)).one(), by="tests")
    refused = post(facilitator, f"{page}/delete", {"revision": revision(database)})
    assert refused.status_code == 422
    assert count(database, Survey) == 1


def test_others_see_neither_the_file_nor_the_page(client: FlaskClient, cast: Cast, study: Study) -> None:
    page = choose(login(client, cast.facilitator), GOOD).location
    planner = login(client, cast.planner)
    for address in (NEW, page, f"{page}/json"):
        assert planner.get(address).status_code in (403, 404)


def test_the_list_of_surveys_leads_here(facilitator: FlaskClient, study: Study) -> None:
    assert f'href="{NEW}"' in facilitator.get("/studies/it-plan/surveys").text
    assert facilitator.get(NEW).status_code == 200
