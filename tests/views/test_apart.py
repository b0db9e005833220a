"""The page of responses set apart: whose it is, what it shows, what its buttons do."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.db import Database
from survey.models import AuditRow, Comment, Response, Study
from survey.services import drafts
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.answering import submit
from tests.views.studio import HOSTILE, SURVEY, make_survey, text_of

PAGE = f"{SURVEY}/apart"


@pytest.fixture
def waiting(database: Database, study: Study) -> list[str]:
    """Three responses that wait and one that counts; the ids of the three."""
    make_survey(database, study, publish=True)
    with database.writing() as session:
        submit(session, drafts.new_token(), {"ease": "easy", "better": "Counts"}, slug="services")
        return sorted(
            submit(session, drafts.new_token(), {"ease": "hard", "better": text}, slug="services", apart=why)
            for text, why in ((HOSTILE, "quick"), ("Buy pills", "hidden_field"), ("Many", "many"))
        )


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        told = select(AuditRow.action).where(AuditRow.action.startswith("responses."))
        return list(session.scalars(told.order_by(AuditRow.number)))


def test_the_responses_page_counts_them_apart_and_leads_there(
    facilitator: FlaskClient, waiting: list[str]
) -> None:
    page = facilitator.get(f"{SURVEY}/responses").text
    assert "<b>1</b> response" in page
    assert "<b>3</b> set apart" in page
    assert f'href="{PAGE}"' in page


def test_it_shows_why_and_what_was_answered_as_text(facilitator: FlaskClient, waiting: list[str]) -> None:
    reply = facilitator.get(PAGE)
    assert HOSTILE in text_of(reply)
    assert "<script>alert" not in reply.text
    for words in ("faster than a person", "people cannot see", "same network", "Buy pills", "Hard"):
        assert words in reply.text
    assert "Counts" not in reply.text
    assert "To decide (3)" in reply.text


def test_one_is_taken_in(facilitator: FlaskClient, database: Database, waiting: list[str]) -> None:
    reply = post(facilitator, PAGE, {"response": waiting[0], "do": "take_in"}, follow_redirects=True)
    assert "1 response counts now." in reply.text
    assert "To decide (2)" in reply.text
    assert (count(database, Comment), count(database, Response)) == (2, 4)
    assert actions(database) == ["responses.take-in"]


def test_all_are_kept_apart_with_one_audit_row_and_taken_in_later(
    facilitator: FlaskClient, database: Database, waiting: list[str]
) -> None:
    reply = post(facilitator, PAGE, {"response": waiting, "do": "keep"}, follow_redirects=True)
    assert "3 responses stay apart." in reply.text
    assert "There is nothing to decide" in reply.text
    assert count(database, Comment) == 1
    kept = facilitator.get(f"{PAGE}?kept=1").text
    assert "Keep it apart" not in kept
    assert sorted(set(re.findall(r'name="response" value="([0-9a-f]{32})"', kept))) == waiting
    post(facilitator, PAGE, {"response": waiting[1:], "do": "take_in", "kept": "1"})
    assert count(database, Comment) == 3
    assert actions(database) == ["responses.keep-apart", "responses.take-in"]


def test_somebody_else_was_faster(facilitator: FlaskClient, database: Database, waiting: list[str]) -> None:
    post(facilitator, PAGE, {"response": waiting, "do": "take_in"})
    reply = post(facilitator, PAGE, {"response": waiting[0], "do": "keep"})
    assert reply.status_code == 409
    assert "Somebody else has decided" in reply.text
    assert actions(database) == ["responses.take-in"]
    assert count(database, Comment) == 4


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "drop", "response": "x"},
        {"response": "x"},
        {"do": "take_in"},
        {"do": "keep", "response": "\0"},
        {"do": "take_in", "response": "' OR 1=1"},
    ],
)
def test_nonsense_changes_nothing(
    facilitator: FlaskClient, database: Database, waiting: list[str], sent: dict[str, str]
) -> None:
    assert post(facilitator, PAGE, sent).status_code in (400, 409)
    assert actions(database) == []
    assert count(database, Comment) == 1
    for page in ("?page=0", "?page=-1", "?page=x", "?page=999999999999"):
        assert facilitator.get(PAGE + page).status_code == 200


@pytest.mark.parametrize("who", ["planner", "other_planner", "administrator", "auditor"])
def test_only_facilitators_of_the_study_read_them(
    client: FlaskClient, database: Database, cast: Cast, waiting: list[str], who: str
) -> None:
    someone = login(client, getattr(cast, who))
    assert someone.get(PAGE).status_code in (403, 404)
    assert post(someone, PAGE, {"response": waiting, "do": "take_in"}).status_code in (403, 404)
    assert actions(database) == []
    reply = someone.get(f"{SURVEY}/responses")
    assert PAGE not in reply.text


def test_the_author_sets_how_long_the_survey_waits(
    facilitator: FlaskClient, database: Database, waiting: list[str]
) -> None:
    page = facilitator.get(f"{SURVEY}/settings").text
    fields = dict(re.findall(r'<input type="text"[^>]* name="([^"]+)" value="([^"]*)"', page))
    revision = re.findall(r'name="revision" value="(\d+)"', page)[0]
    base = {**fields, "layout": "question", "title.en": "City services", "audience": "", "access": "once"}
    for hours, minutes, status in (("337", "5", 422), ("336", "1", 422), ("x", "", 422), ("336", "5", 303)):
        sent = {**base, "revision": revision, "draft_hours": hours, "kiosk_minutes": minutes}
        assert post(facilitator, f"{SURVEY}/settings", sent).status_code == status
    page = facilitator.get(f"{SURVEY}/settings").text
    assert 'name="draft_hours" value="336"' in page
    assert 'name="kiosk_minutes" value="5"' in page
    assert "Finish and clear" not in facilitator.get("/answer/services").text
