"""The comments that would help most: chosen among the undecided, stored all or nothing."""

# ruff: noqa: F811 - `found` is a fixture of another file

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey import changes
from survey.db import Database
from survey.jobs import worker
from survey.models import AuditRow, Study
from survey.services import board as boards
from survey.services import standings, studies
from tests.boards import board_of, decide
from tests.fixtures import login, post
from tests.jobs.test_rerun import found  # noqa: F401 (a fixture)
from tests.people import Cast

HELPFUL = "/studies/it-plan/themes/helpful"


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, found: Study) -> FlaskClient:
    return login(client, cast.planner)


def choose(planner: FlaskClient, database: Database) -> str:
    job = str(post(planner, HELPFUL).location)
    assert "Choosing comments" in planner.get(job).text
    worker.drain(database)
    return str(planner.get(job).location)


def comments_on(page: str) -> list[str]:
    return re.findall(r'<select[^>]* name="theme-([^"]+)"', page)


def revision(database: Database, study: Study) -> str:
    with database.reading() as session:
        return str(boards.newest_revision(session, study))


def test_answers_are_stored_in_one_decision_of_each_kind(
    planner: FlaskClient,
    database: Database,
    found: Study,
) -> None:
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        decided = sorted(standings.everywhere(session, board_of(session, study)))[:60]
        decide(session, study, changes.pin(decided))
        theme = board_of(session, study).themes[2].id
    address = choose(planner, database)
    shown = comments_on(planner.get(address).text)
    assert len(shown) == 20
    assert not set(shown) & set(decided)
    answers = {f"theme-{c}": "skip" for c in shown}
    answers |= {f"theme-{shown[0]}": str(theme), f"theme-{shown[1]}": "none", f"theme-{shown[2]}": "off"}
    before = int(revision(database, found))
    reply = post(planner, address, {**answers, "revision": str(before), "go": "save"})
    assert (reply.status_code, reply.location) == (303, address)
    with database.reading() as session:
        board = board_of(session, studies.by_slug(session, found.slug))
        assert [d.kind for d in board.log if d.number > before] == ["assign", "off-topic"]
        assert board.moved[shown[0]] == {theme}
        assert board.moved[shown[1]] == frozenset()
        assert shown[2] in board.off_topic
        assert shown[3] not in board.moved
        rows = session.scalars(select(AuditRow.action).order_by(AuditRow.number.desc())).all()[:2]
        assert sorted(rows) == ["themes.assign", "themes.off-topic"]
    page = planner.get(address).text
    assert "3 of 20 are decided" in page
    assert comments_on(page) == shown[3:]


def test_the_next_ones_leave_out_what_was_decided(
    planner: FlaskClient,
    database: Database,
    found: Study,
) -> None:
    address = choose(planner, database)
    shown = comments_on(planner.get(address).text)
    answers = {f"theme-{c}": "none" for c in shown[:10]}
    reply = post(planner, address, {**answers, "revision": revision(database, found), "go": "next"})
    worker.drain(database)
    after = comments_on(planner.get(str(planner.get(str(reply.location)).location)).text)
    assert after
    assert not set(after) & set(shown[:10])


def test_all_skipped_stores_nothing(planner: FlaskClient, database: Database, found: Study) -> None:
    address = choose(planner, database)
    before = revision(database, found)
    reply = post(planner, address, {"revision": before, "go": "save"})
    assert reply.status_code == 303
    assert "every comment was skipped" in planner.get(address).text
    assert revision(database, found) == before


def test_half_a_stale_save_stores_nothing(planner: FlaskClient, database: Database, found: Study) -> None:
    address = choose(planner, database)
    shown = comments_on(planner.get(address).text)
    seen = revision(database, found)
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        theme = board_of(session, study).themes[0].id
        decide(session, study, changes.place_exactly(shown[1], [theme]))
    answers = {f"theme-{shown[0]}": str(theme), f"theme-{shown[1]}": "off"}
    reply = post(planner, address, {**answers, "revision": seen})
    assert reply.status_code == 409
    assert revision(database, found) == str(int(seen) + 1)
    assert shown[0] in reply.text  # the form to do it all the same
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditRow.action == "themes.assign")) == 1


@pytest.mark.parametrize("chosen", ["999", "x", "-1", "1" * 30])
def test_themes_that_are_not_there(planner: FlaskClient, database: Database, chosen: str) -> None:
    address = choose(planner, database)
    comment = comments_on(planner.get(address).text)[0]
    assert post(planner, address, {f"theme-{comment}": chosen}).status_code == 404


def test_comments_and_jobs_that_are_not_there(planner: FlaskClient, database: Database) -> None:
    address = choose(planner, database)
    assert post(planner, address, {"theme-nobody": "none"}).status_code == 404
    assert post(planner, f"{HELPFUL}/999999").status_code == 404
    assert planner.get(f"{HELPFUL}/999999").location == HELPFUL
    assert "Go on with the last ones" in planner.get(HELPFUL).text
