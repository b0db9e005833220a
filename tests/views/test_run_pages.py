"""The pages of runs: what a run would change, putting it onto the board, placing by examples."""

# ruff: noqa: F811 - `found` is a fixture of another file

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey import changes
from survey.db import Database
from survey.jobs import worker
from survey.models import AuditRow, Job, Run, Study
from survey.services import board as boards
from survey.services import runs, standings, studies
from survey.services.runs import How
from tests import talk
from tests.boards import board_of, decide
from tests.fixtures import login, post
from tests.jobs.test_rerun import BY, found, work  # noqa: F401 (a fixture)
from tests.people import Cast

RUNS = "/studies/it-plan/runs"
PLACE = "/studies/it-plan/themes/place-rest"
FIND = "/studies/it-plan/themes/find"


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, found: Study) -> FlaskClient:
    return login(client, cast.planner)


@pytest.fixture
def second(database: Database, planner: FlaskClient, found: Study) -> Study:
    """With 30 more comments and a second run beside the board."""
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        board = board_of(session, study)
        decide(session, study, changes.accept(board.themes[0].id), changes.reject(board.themes[-1].id))
        talk.add(session, study, 30, seed=8)
    work(database, found, lambda session, study: runs.find(session, study, How(), BY))
    return found


def revision(database: Database, study: Study) -> int:
    with database.reading() as session:
        return boards.newest_revision(session, study)


def audits(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_a_job_leads_to_its_difference(planner: FlaskClient, database: Database, found: Study) -> None:
    reply = post(planner, FIND, {"granularity": "many", "afresh": "y", "seed": "3"})
    job = str(reply.location)
    worker.drain(database)
    assert planner.get(job).location == f"{RUNS}/2"
    with database.reading() as session:
        args = session.scalars(select(Job).where(Job.kind == "discover").order_by(Job.id.desc())).first().args  # type: ignore[union-attr]
        assert args == {"themes": None, "seed": 3, "granularity": "many", "afresh": True}
        run = session.scalars(select(Run).where(Run.number == 2)).one()
        assert run.manifest["options"]["granularity"] == "many"
    page = planner.get(f"{RUNS}/2").text
    assert "nothing has changed yet" in page
    assert "started afresh" in page


def test_the_difference_says_what_is_kept_and_what_joins(
    planner: FlaskClient, database: Database, second: Study
) -> None:
    page = planner.get(f"{RUNS}/2").text
    assert "All 2 decisions are kept" in page
    assert re.search(r"\d+ comments? joins?", page)
    assert re.search(r"\d+ new comments?", page)
    assert page.count('class="button"') == 1
    assert f'action="{RUNS}/2/apply"' in page
    before = audits(database)
    reply = post(planner, f"{RUNS}/2/apply", {"revision": str(revision(database, second))})
    assert (reply.status_code, reply.location) == (303, "/studies/it-plan/themes")
    assert audits(database) == before + 1
    board = planner.get("/studies/it-plan/themes").text
    assert "Run 2 came onto the board" in board
    assert "On the board" in planner.get(f"{RUNS}/2").text
    back = planner.get(f"{RUNS}/1").text
    assert f'action="{RUNS}/1/apply"' in back


def test_a_stale_apply_shows_what_was_decided_meanwhile(
    planner: FlaskClient, database: Database, second: Study
) -> None:
    seen = revision(database, second)
    with database.writing() as session:
        study = studies.by_slug(session, second.slug)
        decide(session, study, changes.rename(board_of(session, study).themes[0].id, "Renamed by another"))
    reply = post(planner, f"{RUNS}/2/apply", {"revision": str(seen)})
    assert reply.status_code == 409
    assert "Renamed by another" in reply.text
    assert "Do it all the same" in reply.text
    assert revision(database, second) == seen + 1
    again = post(planner, f"{RUNS}/2/apply", {"revision": str(seen + 1)})
    assert again.status_code == 303
    twice = post(planner, f"{RUNS}/2/apply", {"revision": str(seen + 1)})
    assert twice.status_code == 303
    assert revision(database, second) == seen + 2


def test_two_themes_of_one_name_are_refused_in_words(
    planner: FlaskClient, database: Database, second: Study
) -> None:
    with database.writing() as session:
        study = studies.by_slug(session, second.slug)
        board = board_of(session, study)
        rejected = board.rejected[0]
        decide(session, study, changes.rename(board.themes[0].id, rejected.name))
    page = planner.get(f"{RUNS}/2")
    assert page.status_code == 200  # a rejected theme may share its name
    assert "Put this run onto the board" in page.text


def test_the_list_of_runs(planner: FlaskClient, database: Database, second: Study) -> None:
    page = planner.get(RUNS).text
    assert page.index("Run 2</a>") < page.index("Run 1</a>")
    assert "see what it would change" in page
    assert "6 themes asked for" in page
    assert planner.get(f"{RUNS}/9").status_code == 404


def test_facilitators_look_and_planners_act(
    planner: FlaskClient, client: FlaskClient, cast: Cast, second: Study
) -> None:
    facilitator = login(planner.application.test_client(), cast.facilitator)
    page = facilitator.get(f"{RUNS}/2")
    assert page.status_code == 200
    assert "/apply" not in page.text
    assert post(facilitator, f"{RUNS}/2/apply").status_code == 403
    other = login(planner.application.test_client(), cast.other_planner)
    assert other.get(f"{RUNS}/2").status_code == 404


def test_placing_the_rest_from_the_page(planner: FlaskClient, database: Database, found: Study) -> None:
    assert "There are no examples yet" in planner.get(PLACE).text
    refused = post(planner, PLACE, {"which": "rest"})
    assert refused.status_code == 422
    assert "There are no examples yet" in refused.text
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        where = standings.everywhere(session, board_of(session, study))
        decide(session, study, changes.pin(sorted(where)[:30]))
        talk.add(session, study, 10, seed=3)
    assert "What it learns from" in planner.get(PLACE).text
    job = str(post(planner, PLACE, {"which": "rest"}).location)
    assert "Placing comments" in planner.get(job).text
    assert "under way" in post(planner, FIND, {}).text
    worker.drain(database)
    assert planner.get(job).location == f"{RUNS}/2"
    assert "comments in no theme, by examples" in planner.get(f"{RUNS}/2").text


@pytest.mark.parametrize("data", [{"which": "some"}, {"which": "rest", "seed": "-1"}])
def test_wrong_choices_for_placing(planner: FlaskClient, data: dict[str, str]) -> None:
    assert post(planner, PLACE, data).status_code == 422


def test_an_unknown_granularity_is_refused(planner: FlaskClient) -> None:
    reply = post(planner, FIND, {"granularity": "finest"})
    assert reply.status_code == 422
    assert "few, balanced or many" in reply.text


def test_the_board_opens_and_says_so_while_a_newer_run_waits(planner: FlaskClient, second: Study) -> None:
    reply = planner.get("/studies/it-plan/themes")
    assert reply.status_code == 200
    assert "This board still shows run 1" in reply.text
    assert "/studies/it-plan/runs/2" in reply.text
