"""Runs: starting a discovery or placing by examples, watching and cancelling it, storing what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey.board import Board
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.jobs import table as jobs
from survey.models import Candidate, Job, MapPoint, Placement, Run, Study
from survey.services import applying, audit, comments
from survey.services import board as boards

KIND = "discover"
PLACE = "place"
GRANULARITIES = ("few", "balanced", "many")
FEWEST_COMMENTS = 20
MOST_THEMES = 100
MOST_SEED = 2**32 - 1
BATCH = 5_000


@dataclass(frozen=True)
class Found:
    """What a discovery found, as the database keeps it.

    `candidates` are columns of `Candidate` without its keys. `placements` has a list for each comment: the
    numbers of its candidates with their weights, best first; `reasons` says why that list is empty.
    """

    seed: int
    comment_ids: Sequence[str]
    candidates: Sequence[dict[str, Any]]
    placements: Sequence[Sequence[tuple[int, float]]]
    reasons: Sequence[str | None]
    totals: dict[str, int]
    manifest: dict[str, Any]
    kind: str = "discover"
    board_revision: int = 0
    points: Sequence[tuple[str, float, float]] = ()


@dataclass(frozen=True)
class How:
    """How to look for themes: how many (None to have it chosen, by granularity), from which chance.

    `afresh` leaves the suggestions of the board out; what people decided is kept in any case.
    """

    themes: int | None = None
    seed: int = 0
    granularity: str = "balanced"
    afresh: bool = False

    def check(self) -> None:
        """Raise `Refusal` for what the analysis would not take."""
        if self.themes is not None and not 1 <= self.themes <= MOST_THEMES:
            raise Refusal(
                _(
                    "The number of themes must be from 1 to %(most)s, or empty to have it chosen.",
                    most=MOST_THEMES,
                )
            )
        _check_seed(self.seed)
        if self.granularity not in GRANULARITIES:
            raise Refusal(_("Choose few, balanced or many themes."))


def _check_seed(seed: int) -> None:
    if not 0 <= seed <= MOST_SEED:
        raise Refusal(_("The seed must be a whole number from 0 to %(most)s.", most=f"{MOST_SEED:,}"))


def start(session: Session, study: Study, themes: int | None, seed: int, by: str) -> Job:
    """Put a discovery to work that goes on from the board; raises as `find` does."""
    return find(session, study, How(themes, seed), by)


def find(session: Session, study: Study, how: How, by: str) -> Job:
    """Put a discovery to work; raise `Refusal` when there is nothing to find, or one is at work already."""
    how.check()
    lock(session, study)
    number = comments.count(session, study.id)
    if number < FEWEST_COMMENTS:
        raise Refusal(too_few(number))
    _check_none(session, study)
    return _enqueue(session, study, KIND, asdict(how), by)


def place(session: Session, study: Study, every: bool, seed: int, by: str) -> Job:
    """Have comments placed by the examples that people gave: those in no theme, or `every` one.

    Raises `Refusal` when there are no examples, or a search is at work already.
    """
    _check_seed(seed)
    lock(session, study)
    board = boards.load(session, study)
    if board is None or not taught(board):
        raise Refusal(
            _(
                "There are no examples yet. Put some comments into themes first: tick them on the page of "
                "their theme, or begin with the comments that would help most."
            )
        )
    _check_none(session, study)
    return _enqueue(session, study, PLACE, {"every": every, "seed": seed}, by)


def taught(board: Board) -> Mapping[int, int]:
    """By number the open themes that people gave examples of, with how many: comments that they put there."""
    held = Counter(
        theme for comment, themes in board.moved.items() if comment not in board.off_topic for theme in themes
    )
    return {theme.id: held[theme.id] for theme in board.open if held[theme.id]}


def lock(session: Session, study: Study) -> None:
    """Let jobs of a study be started one after the other."""
    session.execute(select(Study.id).where(Study.id == study.id).with_for_update())


def _check_none(session: Session, study: Study) -> None:
    if unfinished(session, study):
        raise Refusal(_("A search for themes is under way in this study. Wait for it to end, or cancel it."))


def _enqueue(session: Session, study: Study, kind: str, args: dict[str, Any], by: str) -> Job:
    job = jobs.enqueue(session, kind, args, study_id=study.id, by=by)
    audit.record(session, by, "runs.start", study.slug, job=job.id, kind=kind, **args)
    return job


def too_few(number: int) -> str:
    """The sentence for a study with too few comments; the analysis uses the same words."""
    sentence = ngettext(
        "%(num)s comment is too few: %(needed)s are needed",
        "%(num)s comments are too few: %(needed)s are needed",
        number,
        needed=FEWEST_COMMENTS,
    )
    return str(sentence)


def unfinished(session: Session, study: Study) -> Job | None:
    """What waits or runs for a study and ends in a run: a discovery, or placing by examples."""
    return jobs.unfinished_of(session, study.id, KIND) or jobs.unfinished_of(session, study.id, PLACE)


def job_of(session: Session, study: Study, job_id: int) -> Job:
    """A job of a study, or `NotFound`."""
    job = session.get(Job, job_id)
    if job is None or job.study_id != study.id:
        raise NotFound
    return job


def cancel(session: Session, study: Study, job_id: int, *, by: str) -> bool:
    """Cancel a job of a study; False when it had ended already."""
    job = job_of(session, study, job_id)
    cancelled = jobs.cancel(session, job.id)
    if cancelled:
        audit.record(session, by, "runs.cancel", study.slug, job=job.id)
    return cancelled


def store(session: Session, study_id: int, found: Found, by: str) -> Run:
    """Store a run with its candidates and placements, numbered after the runs before it."""
    study = session.get_one(Study, study_id, with_for_update=True)
    last = session.scalar(select(func.max(Run.number)).where(Run.study_id == study_id)) or 0
    run = Run(
        study_id=study_id,
        number=last + 1,
        kind=found.kind,
        board_revision=found.board_revision,
        seed=found.seed,
        comments=len(found.comment_ids),
        unplaced=sum(not placed for placed in found.placements),
        totals=found.totals,
        manifest=found.manifest,
        made_by=by,
        made_at=now(),
    )
    session.add(run)
    session.flush()
    if found.candidates:
        session.execute(
            insert(Candidate), [{"run_id": run.id, **candidate} for candidate in found.candidates]
        )
    numbered = select(Candidate.number, Candidate.id).where(Candidate.run_id == run.id)
    _insert_placements(session, run.id, found, {row.number: row.id for row in session.execute(numbered)})
    points = [{"run_id": run.id, "comment_id": id, "x": x, "y": y} for id, x, y in found.points]
    if points:
        session.execute(insert(MapPoint), points)
    applying.come_first(session, study, run, by)
    return run


def _insert_placements(session: Session, run_id: int, found: Found, candidate_ids: dict[int, int]) -> None:
    rows = iter(_placements(run_id, found, candidate_ids))
    while batch := list(islice(rows, BATCH)):
        session.execute(insert(Placement), batch)


def _placements(run_id: int, found: Found, candidate_ids: dict[int, int]) -> Iterable[dict[str, Any]]:
    """A row for each comment and candidate; one with the reason for a comment that is placed nowhere."""
    for comment_id, placed, reason in zip(found.comment_ids, found.placements, found.reasons, strict=True):
        row = {"run_id": run_id, "comment_id": comment_id, "candidate_id": None, "weight": 0.0}
        row["reason"] = reason
        if not placed:
            yield {**row, "rank": 1}
        for rank, (number, weight) in enumerate(placed, start=1):
            yield {**row, "rank": rank, "candidate_id": candidate_ids[number], "weight": weight}
