"""The pages of a run: starting it, watching it, stopping it, what it says when it cannot."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from survey.config import Settings
from survey.dates import now
from survey.db import Database
from survey.jobs import spawn, table, worker
from survey.jobs.tasks import TASKS
from survey.models import Job, Run, Study
from survey.views.review.runs import STAGES
from tests.fixtures import login, post
from tests.jobs.test_table import let_lease_run_out
from tests.people import Cast
from tests.services.test_runs import filled  # noqa: F401 (a fixture)

FIND = "/studies/it-plan/themes/find"


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, filled: Study) -> FlaskClient:  # noqa: F811
    return login(client, cast.planner)


def start(planner: FlaskClient, **options: str) -> str:
    reply = post(planner, FIND, {"themes": "", "seed": "", **options})
    assert reply.status_code == 303, reply.text
    return str(reply.location)


def newest_job(database: Database) -> Job:
    with database.reading() as session:
        return session.scalars(select(Job).order_by(Job.id.desc())).first()  # type: ignore[return-value]


def test_from_the_button_to_the_board(planner: FlaskClient, database: Database) -> None:
    assert "48 comments" in planner.get(FIND).text
    job = start(planner, themes="3", seed="5")
    page = planner.get(job)
    assert "Waiting for its turn" in page.text
    assert '<meta http-equiv="refresh"' in page.text
    assert "data-live" in page.text
    worker.drain(database)
    reply = planner.get(job)
    assert (reply.status_code, reply.location) == (302, "/studies/it-plan/themes")
    with database.reading() as session:
        run = session.scalars(select(Run)).one()
        assert (run.seed, run.made_by, len(run.candidates)) == (5, "planner@office.example", 3)


def test_progress_is_shown(planner: FlaskClient, database: Database) -> None:
    job = start(planner)
    held = table.claim(database, "worker")
    assert held is not None
    with database.writing() as session:
        table.renew(session, held, (0.4, "Choosing the number of themes"))
    page = planner.get(job).text
    assert 'value="40"' in page
    assert "Choosing the number of themes" in page


def test_a_second_search_is_led_to_the_first(planner: FlaskClient, database: Database) -> None:
    job = start(planner)
    assert job in planner.get(FIND).text
    reply = post(planner, FIND, {"themes": "", "seed": ""})
    assert reply.status_code == 422
    assert "under way" in reply.text


def test_stopping(planner: FlaskClient, database: Database) -> None:
    job = start(planner)
    assert post(planner, f"{job}/cancel").location == job
    worker.drain(database)
    page = planner.get(job).text
    assert "Nothing was stored" in page
    assert "refresh" not in page
    assert newest_job(database).state == "cancelled"
    post(planner, f"{job}/cancel")
    assert "had ended already" in planner.get(job).text


def test_a_failure_says_why_and_what_to_do(planner: FlaskClient, database: Database) -> None:
    job = start(planner)
    with database.writing() as session:
        session.execute(update(Job).values(state="failed", message="12 comments are too few: 20 are needed"))
    page = planner.get(job).text
    assert "12 comments are too few: 20 are needed" in page
    assert "/studies/it-plan/comments" in page
    assert FIND in page


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"themes": "0"}, "from 1 to 100"),
        ({"themes": "many"}, "whole number"),
        ({"themes": "1e3"}, "whole number"),
        ({"themes": "9" * 400}, "smaller number"),
        ({"themes": "9" * 5000}, "whole number"),
        ({"seed": "-1"}, "from 0 to"),
        ({"seed": "4294967296"}, "from 0 to"),
    ],
)
def test_wrong_options(planner: FlaskClient, database: Database, options: dict[str, str], words: str) -> None:
    before = newest_job(database).id
    reply = post(planner, FIND, options)
    assert reply.status_code == 422
    assert words in reply.text
    assert f'value="{next(iter(options.values()))}"' in reply.text
    assert newest_job(database).id == before


def test_a_study_without_comments_is_told_so(client: FlaskClient, cast: Cast) -> None:
    page = login(client, cast.planner).get(FIND).text
    assert "20 are needed" in page
    assert "<form" not in page.split("<main")[1]


def test_facilitators_watch_and_planners_act(planner: FlaskClient, app: Flask, cast: Cast) -> None:
    job = start(planner)
    facilitator = login(app.test_client(), cast.facilitator)
    page = facilitator.get(job)
    assert page.status_code == 200
    assert "/cancel" not in page.text
    assert facilitator.get(FIND).status_code == 403
    assert post(facilitator, f"{job}/cancel").status_code == 403
    other = login(app.test_client(), cast.other_planner)
    assert [other.get(FIND).status_code, other.get(job).status_code] == [404, 404]
    assert post(other, f"{job}/cancel").status_code == 404


def test_a_job_of_duplicates_leads_to_its_report(planner: FlaskClient, database: Database) -> None:
    job = newest_job(database)
    assert job.kind == "near_duplicates"
    reply = planner.get(f"/studies/it-plan/jobs/{job.id}")
    assert reply.location == f"/studies/it-plan/imports/{job.args['import_id']}"


def test_work_left_behind_is_taken_up_when_someone_looks(
    planner: FlaskClient,
    app: Flask,
    database: Database,
    test_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = start(planner)
    held = table.claim(database, "dead")
    assert held is not None
    woken: list[int] = []
    monkeypatch.setattr(spawn, "wake", lambda settings, database: woken.append(1))
    let_lease_run_out(database, held.id)
    assert planner.get(job).status_code == 200
    assert woken == [1]


def test_a_worker_is_woken_after_the_commit_only(
    planner: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def wake(settings: Settings, database: Database) -> None:
        with database.reading() as session:  # another connection: it sees what is committed
            seen.append(session.query(Job).filter_by(kind="discover", state="waiting").count())

    monkeypatch.setattr(spawn, "wake", wake)
    start(planner)
    assert seen == [1]
    post(planner, FIND, {"themes": "x"})
    assert seen == [1]


def test_every_stage_a_worker_tells_can_be_translated(planner: FlaskClient, database: Database) -> None:
    start(planner)
    told: list[str] = []
    held = table.claim(database, "worker")
    assert held is not None
    worker.run(database, held, report=lambda share, message: told.append(message))
    with planner.application.test_request_context():
        assert set(told) <= {str(stage) for stage in STAGES}
    assert len(told) > 5


@pytest.mark.parametrize("state", ["waiting", "running", "failed", "cancelled"])
@pytest.mark.parametrize("kind", sorted(TASKS))
def test_the_page_of_every_kind_of_job_opens_in_every_state(
    client: FlaskClient, database: Database, study: Study, cast: Cast, kind: str, state: str
) -> None:
    args = {
        "theme": 1,
        "import_id": 1,
        "old": "run:1",
        "new": "board",
        "sample_id": 1,
        "themes": None,
        "seed": 0,
    }
    with database.writing() as session:
        job = Job(kind=kind, study_id=study.id, args=args, state=state, made_by="planner", made_at=now())
        session.add(job)
        session.flush()
        number = job.id
    reply = login(client, cast.planner).get(f"/studies/it-plan/jobs/{number}")
    assert reply.status_code == 200, reply.location
