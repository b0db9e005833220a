"""Looking for themes, having things proposed, and watching that work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from survey.comparing import BOARD
from survey.models import Job, Study
from survey.problems import Problem
from survey.security import current_person
from survey.services import board as boards
from survey.services import comparisons, helpful, runs, splits
from survey.views.api import board_shown
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body
from survey.views.api.shared import require_side, study_of
from survey.views.working import wake_after_commit, wake_now
from survey.web import db


@Operation(
    method="GET",
    path="/studies/{slug}/runs",
    summary="The runs of a study",
    permission="see themes",
    answer="Runs",
)
def list_runs(slug: str) -> Any:
    study = study_of(slug)
    on_board = boards.run_of_board(db(), study)
    return {"items": board_shown.runs(boards.runs_of(db(), study), on_board)}


@Operation(
    method="POST",
    path="/studies/{slug}/runs",
    summary="Start looking for themes; ask for the job until it is done",
    permission="find themes",
    scopes=("run",),
    body="NewRun",
    answer="Job",
    statuses=(202,),
)
def start_run(slug: str, body: Body) -> Any:
    study, by, seed = study_of(slug), current_person().email, body.get("seed", 0)
    if body["kind"] == "place":
        job = runs.place(db(), study, body.get("every", False), seed, by)
    else:
        how = runs.How(
            body.get("themes"), seed, body.get("granularity", "balanced"), body.get("afresh", False)
        )
        job = runs.find(db(), study, how, by)
    return _put_to_work(job)


@Operation(
    method="POST",
    path="/studies/{slug}/jobs",
    summary="Have something proposed; ask for the job until it is done",
    permission="find themes",
    scopes=("run",),
    body="NewJob",
    answer="Job",
    statuses=(202,),
)
def start_job(slug: str, body: Body) -> Any:
    return _put_to_work(STARTS[body["kind"]](study_of(slug), body, current_person().email))


def _split(study: Study, body: Body, by: str) -> Job:
    board = boards.load(db(), study)
    theme = board.find(board.merged.get(body["theme"])) if board else None
    if theme is None:
        raise Problem(404, _("There is no such theme in this study."))
    return splits.start(db(), study, theme, body.get("parts"), by)


def _suggest(study: Study, body: Body, by: str) -> Job:
    return helpful.start(db(), study, by)


def _compare(study: Study, body: Body, by: str) -> Job:
    require_side(body["old"])
    return comparisons.start(db(), study, body["old"], body.get("new", BOARD), by)


STARTS: dict[str, Callable[[Study, Body, str], Job]] = {
    "split": _split,
    "suggest": _suggest,
    "compare": _compare,
}


def _put_to_work(job: Job) -> Any:
    wake_after_commit()
    return board_shown.job(job)


@Operation(
    method="GET",
    path="/studies/{slug}/jobs/{job_id}",
    summary="How far a job is",
    permission="see themes",
    scopes=("read", "run"),
    answer="Job",
)
def show_job(slug: str, job_id: int) -> Any:
    found = runs.job_of(db(), study_of(slug), job_id)
    if found.kind == comparisons.KIND:
        require_side(found.args["old"])
    if found.state in ("waiting", "running"):
        wake_now()
    return board_shown.job(found)
