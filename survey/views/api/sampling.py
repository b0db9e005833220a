"""Double coding, for planners: drawing a sample, watching it, reading the agreement, settling."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.errors import Refusal
from survey.models import Sample, Study
from survey.problems import Problem
from survey.security import current_person
from survey.services import board as boards
from survey.services import codings, history, samples, settlements
from survey.services.settlements import Choice
from survey.views.api import board_shown, shown
from survey.views.api import samples_shown as told
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body
from survey.views.api.schemas import PAGE
from survey.views.api.shared import Query, locked, study_of
from survey.views.api.shown import Shown
from survey.views.working import wake_after_commit
from survey.web import db


@Operation(
    method="GET",
    path="/studies/{slug}/samples",
    summary="The samples of a study",
    permission="code samples",
    answer="Samples",
)
def list_samples(slug: str) -> Any:
    study = study_of(slug)
    found = samples.of_study(db(), study)
    progress = samples.progress(db(), found)
    return {
        "items": [told.sample(one, progress[one.id], _place(one)) for one in found],
        "people": [told.person(person) for person in samples.possible_coders(db(), study)],
    }


def _place(sample: Sample) -> int | None:
    return samples.place_of(sample, current_person())


@Operation(
    method="POST",
    path="/studies/{slug}/samples",
    summary="Draw a sample and give it to two people",
    permission="edit themes",
    scopes=("decide",),
    body="NewSample",
    answer="SamplePage",
    statuses=(201,),
)
def draw_sample(slug: str, body: Body) -> Any:
    study = study_of(slug, lock=True)
    first, second = _coders(study, body["coders"])
    more = {name: body[name] for name in ("seed", "by_audience", "by_theme", "hide_context") if name in body}
    wanted = samples.Wanted(body["size"], (first, second), per_page=body.get("per_page", 1), **more)
    return page_of(samples.draw(db(), study, wanted, current_person().email))


def _coders(study: Study, emails: list[str]) -> list[int]:
    """The ids of people who may code; nothing tells whether others have an account."""
    known = {person.email: person.id for person in samples.possible_coders(db(), study)}
    if not {email.lower() for email in emails} <= known.keys():
        raise Refusal(_("Choose two people who work on this study as planner or facilitator."))
    return [known[email.lower()] for email in emails]


def page_of(sample: Sample) -> Shown:
    """A sample as everybody in the study may see it at this moment."""
    progress = samples.progress(db(), [sample])[sample.id]
    return {
        "sample": told.sample(sample, progress, _place(sample)),
        "themes": told.themes(sample),
        "agreement": told.agreement(sample.agreement),
    }


@Operation(
    method="GET",
    path="/studies/{slug}/samples/{sample}",
    summary="How far a sample is; once both have finished, how far they agree",
    permission="code samples",
    answer="SamplePage",
)
def show_sample(slug: str, sample: int) -> Any:
    return page_of(samples.get(db(), study_of(slug), sample))


@Operation(
    method="POST",
    path="/studies/{slug}/samples/{sample}/compare",
    summary="Compare the coders once more, where that has failed",
    permission="edit themes",
    scopes=("run",),
    answer="Job",
    statuses=(202,),
)
def compare_sample(slug: str, sample: int) -> Any:
    found = samples.get(db(), study_of(slug), sample, lock=True)
    job = codings.compare_again(db(), found, current_person().email)
    wake_after_commit()
    return board_shown.job(job)


@Operation(
    method="GET",
    path="/studies/{slug}/samples/{sample}/disagreements",
    summary="What the two disagree on, once they were compared",
    permission="code samples",
    query=PAGE,
    answer="Disagreements",
)
def list_disagreements(slug: str, sample: int, query: Query) -> Any:
    study = study_of(slug)
    listed = settlements.disagreements(db(), _compared(study, sample), query["page"])
    board = boards.load(db(), study)
    undone = settlements.undone(board, listed.pairs) if board else set()
    here = listed.pairs if listed.number == query["page"] else ()
    items = [told.disagreement(pair, undone) for pair in here]
    return shown.page(items, query["page"], listed.of, listed.total)


def _compared(study: Study, number: int) -> Sample:
    found = samples.get(db(), study, number)
    if found.agreement is None:
        raise Problem(404, _("What the two said is shown once both have finished and were compared."))
    return found


@Operation(
    method="POST",
    path="/studies/{slug}/samples/{sample}/disagreements/{position}/settle",
    summary="Settle what the two disagree on: a decision on the board",
    permission="edit themes",
    scopes=("decide",),
    body="Settlement",
    answer="Decided",
    statuses=(201, 200),
    refused=(409,),
    stale="BoardChanged",
)
def settle_disagreement(slug: str, sample: int, position: int, body: Body) -> Any:
    study, before = locked(slug)
    found, choice = _compared(study, sample), Choice(body["how"], tuple(body.get("themes", ())))
    seen, by = body["seen_revision"], current_person().email
    if choice.how == "own" and "themes" not in body:
        raise Refusal(_("Say with “themes” which are right; an empty list for none."))
    try:
        after = settlements.settle(db(), study, found, position, choice, seen=seen, by=by)
    except boards.Overtaken as overtaken:
        raise _overtaken(study, overtaken) from overtaken
    answer = board_shown.decided(before, after or before)
    return answer, 201 if answer["number"] else 200


def _overtaken(study: Study, overtaken: boards.Overtaken) -> Problem:
    numbers = {decision.number for decision in overtaken.since}
    lines = history.lines(db(), study, overtaken.board)
    since = [board_shown.decision(line) for line in lines if line.decision.number in numbers]
    sentence = _(
        "Others decided about this comment since that revision. Nothing was stored. Look at it again."
    )
    return Problem(409, sentence, since=since, revision=overtaken.board.revision)
