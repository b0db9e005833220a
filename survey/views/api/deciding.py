"""Deciding about the board, and bringing runs onto it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.board import Board, Change
from survey.errors import NotFound
from survey.models import Study
from survey.problems import Problem
from survey.security import current_person
from survey.services import applying, history
from survey.services import board as boards
from survey.views.api import board_shown
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body, Place, change_of
from survey.views.api.shared import locked
from survey.views.review.words import told
from survey.web import db


@Operation(
    method="POST",
    path="/studies/{slug}/decisions",
    summary="Decide; what is so already is not done twice (200)",
    permission="edit themes",
    scopes=("decide",),
    body="NewDecision",
    answer="Decided",
    statuses=(201, 200),
    refused=(409,),
)
def decide(slug: str, body: Body) -> Any:
    study, before = locked(slug)
    try:
        return _decided(study, before, change_of(body, Place(study, before)), body["seen_revision"])
    except NotFound:
        raise Problem(404, _("There is no such theme, comment, code or decision in this study.")) from None


@Operation(
    method="POST",
    path="/studies/{slug}/runs/{run}/apply",
    summary="Let the board stand on a run",
    permission="edit themes",
    scopes=("run",),
    body="ApplyRun",
    answer="Decided",
    statuses=(201, 200),
    refused=(409,),
)
def apply_run(slug: str, run: int, body: Body) -> Any:
    study, before = locked(slug)
    wanted = applying.onto(before, applying.run_of(db(), study, run))
    return _decided(study, before, wanted, body["seen_revision"])


def _decided(study: Study, before: Board, change: Change, seen: int) -> Any:
    try:
        after = boards.decide(db(), study, change, seen, current_person().email)
    except boards.Overtaken as overtaken:
        raise _both_sides(study, change, overtaken) from overtaken
    answer = board_shown.decided(before, after)
    return answer, 201 if answer["number"] else 200


def _both_sides(study: Study, change: Change, overtaken: boards.Overtaken) -> Problem:
    """What was wanted, and what others decided meanwhile."""
    numbers = {decision.number for decision in overtaken.since}
    wanted, *lines = history.lines(db(), study, overtaken.board, change)
    return Problem(
        409,
        _("Others decided about the same thing since that revision. Nothing was stored. Look at both sides."),
        wanted=told(wanted),
        since=[board_shown.decision(line) for line in lines if line.decision.number in numbers],
        revision=overtaken.board.revision,
        can_still=overtaken.can_still,
    )
