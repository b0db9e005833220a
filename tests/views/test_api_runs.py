"""Runs and jobs through the API: started once, watched, brought onto the board; who sees a comparison."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from survey.dates import now
from survey.db import Database
from survey.models import Comment, Job, Membership, Study
from survey.services import studies
from tests.boards import add_run
from tests.factories import World
from tests.people import Cast
from tests.views.test_api import HOME, Program, check_problem, token_of
from tests.views.test_api_decisions import decide, revision, rows


@pytest.fixture
def planner(client: FlaskClient, database: Database, world: World, cast: Cast) -> Program:
    """A program of the planner, in a study with something of everything."""
    return Program(client, token_of(database, cast.planner))


def test_a_second_run_comes_onto_the_board_when_it_is_said(
    planner: Program, database: Database, study: Study
) -> None:
    with database.writing() as session:
        add_run(session, session.merge(study), 2)
    listed = planner.get(f"{HOME}/runs").json["items"]  # type: ignore[index]
    assert [(run["number"], run["on_board"], run["themes"]) for run in listed] == [
        (2, False, 3),
        (1, True, 3),
    ]
    assert planner.post(f"{HOME}/runs/9/apply", {"seen_revision": 1}).status_code == 404
    before = rows(database)
    reply = planner.post(f"{HOME}/runs/2/apply", {"seen_revision": revision(planner)})
    assert reply.status_code == 201, reply.text
    assert rows(database) == (before[0] + 1, before[1] + 1)
    assert planner.get(f"{HOME}/themes").json["run"] == 2  # type: ignore[index]
    late = planner.post(f"{HOME}/runs/1/apply", {"seen_revision": 1})
    assert late.status_code == 409
    assert check_problem(late)["since"][0]["kind"] == "apply"


def test_a_run_is_started_once_and_watched(planner: Program, database: Database, study: Study) -> None:
    few = planner.post(f"{HOME}/runs", {"kind": "discover"})
    assert few.status_code == 422
    assert "too few" in few.text
    with database.writing() as session:
        for number in range(20):
            session.add(Comment(id=f"m{number}", study_id=study.id, channel="paper", text="More buses"))
    reply = planner.post(f"{HOME}/runs", {"kind": "discover", "granularity": "many", "seed": 7})
    assert reply.status_code == 202
    job = reply.json
    assert job
    assert (job["state"], job["result"]) == ("waiting", None)
    assert planner.get(f"{HOME}/jobs/{job['id']}").json == job
    with database.reading() as session:
        wanted = {"themes": None, "seed": 7, "granularity": "many", "afresh": False}
        assert session.get_one(Job, job["id"]).args == wanted
    again = planner.post(f"{HOME}/runs", {"kind": "discover"})
    assert again.status_code == 422
    assert "under way" in again.text
    assert planner.get(f"{HOME}/jobs/999").status_code == 404


def test_comments_are_placed_by_examples(planner: Program) -> None:
    none = planner.post(f"{HOME}/runs", {"kind": "place"})
    assert none.status_code == 422
    assert "no examples yet" in none.text
    decide(planner, "move", to=1, comments=["a4"], **{"from": None})
    job = planner.post(f"{HOME}/runs", {"kind": "place", "every": True}).json
    assert job
    assert (job["kind"], job["state"]) == ("place", "waiting")


def test_wrong_runs(planner: Program) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {},
        {"kind": "x"},
        {"kind": "discover", "themes": 0},
        {"kind": "discover", "themes": 101},
        {"kind": "discover", "granularity": "x"},
        {"kind": "discover", "every": True},
        {"kind": "place", "themes": 3},
        {"kind": "place", "seed": -1},
        {"kind": "place", "seed": 2**32},
    )
    for body in wrong:
        assert planner.post(f"{HOME}/runs", body).status_code == 422, body


def test_things_are_proposed_by_jobs_that_are_not_started_twice(
    planner: Program, database: Database, study: Study
) -> None:
    with database.writing() as session:
        add_run(session, session.merge(study), 2)
    for body in (
        {"kind": "split", "theme": 1, "parts": 3},
        {"kind": "suggest"},
        {"kind": "compare", "old": "run:2"},
    ):
        before = rows(database)
        job = planner.post(f"{HOME}/jobs", body).json
        assert job
        assert (job["kind"], job["state"]) == (body["kind"], "waiting")
        assert planner.post(f"{HOME}/jobs", body).json == job
        assert rows(database) == (before[0], before[1] + 1)


def test_what_cannot_be_proposed(planner: Program, database: Database, cast: Cast) -> None:
    wrong: tuple[tuple[dict[str, Any], int], ...] = (
        ({"kind": "split", "theme": 99}, 404),
        ({"kind": "split", "theme": 1, "parts": 1}, 422),
        ({"kind": "compare", "old": "board"}, 422),
        ({"kind": "compare", "old": "run:9"}, 404),
        ({"kind": "compare", "old": "study:no-such"}, 404),
        ({"kind": "compare", "old": "study:other"}, 404),
        ({"kind": "compare", "old": "study:../x"}, 422),
        ({"kind": "compare", "old": "run:1", "new": "study:it-plan"}, 422),
    )
    before = rows(database)
    for body, status in wrong:
        reply = planner.post(f"{HOME}/jobs", body)
        assert reply.status_code == status, (body, reply.text)
    assert rows(database) == before


def test_a_comparison_is_read_only_by_those_who_see_both_studies(
    planner: Program, client: FlaskClient, database: Database, cast: Cast, study: Study
) -> None:
    args = {"old": "study:other", "new": "board"}
    with database.writing() as session:
        job = Job(kind="compare", study_id=study.id, args=args, state="done", result={}, made_by="x")
        job.made_at = now()
        session.add(job)
        session.flush()
        path = f"{HOME}/jobs/{job.id}"
    assert planner.get(path).status_code == 404
    with database.writing() as session:
        other = studies.by_slug(session, "other")
        session.add(Membership(person_id=cast.planner.id, study_id=other.id))
    assert planner.get(path).status_code == 200
    narrow = Program(client, token_of(database, cast.planner, study="it-plan"))
    assert narrow.get(path).status_code == 404
