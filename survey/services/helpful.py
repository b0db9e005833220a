"""The comments whose reading would help most: a job chooses them, a person says where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board, Change
from survey.errors import NotFound, Refusal
from survey.jobs import table as jobs
from survey.models import Comment, Job, Study
from survey.services import audit, comments, runs
from survey.services.theme_comments import PlacedComment, placements, standing

KIND = "suggest"
COUNT = 20
FEWEST_COMMENTS = 2
SKIP, NONE, OFF = "skip", "none", "off"


@dataclass(frozen=True)
class Answers:
    """What a person said: the theme of comments (None for none), and those that are off the topic."""

    themes: Mapping[str, int | None] = field(default_factory=dict)
    off: tuple[str, ...] = ()

    @classmethod
    def read(cls, typed: Mapping[str, str], board: Board) -> Answers:
        """Read what was chosen for each comment; raise `NotFound` for what cannot be chosen."""
        themes: dict[str, int | None] = {}
        for comment, chosen in typed.items():
            if chosen == NONE:
                themes[comment] = None
            elif chosen not in (SKIP, OFF, ""):
                themes[comment] = _theme(chosen, board)
        return cls(themes, tuple(comment for comment, chosen in typed.items() if chosen == OFF))

    @property
    def changes(self) -> list[Change]:
        """At most two decisions: one for all that were placed, one for all that are off the topic."""
        placed = {comment: [] if theme is None else [theme] for comment, theme in self.themes.items()}
        made = [changes.assign(placed)] if placed else []
        return made + ([changes.off_topic(self.off)] if self.off else [])

    @property
    def count(self) -> int:
        """Comments that something was said of."""
        return len(self.themes) + len(self.off)


def _theme(chosen: str, board: Board) -> int:
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else -1
    theme = board.find(board.merged.get(number))
    if theme is None:
        raise NotFound
    return theme.id


def start(session: Session, study: Study, by: str) -> Job:
    """Have comments chosen; what is under way is not started twice."""
    runs.lock(session, study)
    if comments.count(session, study.id) < FEWEST_COMMENTS:
        raise Refusal(_("There are too few comments to choose from. Import comments first."))
    job = jobs.unfinished_of(session, study.id, KIND)
    if job is None:
        job = jobs.enqueue(session, KIND, {"count": COUNT}, study_id=study.id, by=by)
        audit.record(session, by, "helpful.start", study.slug, job=job.id)
    return job


def newest(session: Session, study: Study) -> Job | None:
    """The last choice that was made for a study."""
    query = select(Job).where(Job.study_id == study.id, Job.kind == KIND, Job.state == "done")
    return session.scalar(query.order_by(Job.id.desc()).limit(1))


def chosen(session: Session, study: Study, board: Board, job_id: int) -> list[PlacedComment]:
    """The comments that a job chose, the most helpful first; raise `NotFound` when it chose none."""
    job = runs.job_of(session, study, job_id)
    if job.kind != KIND or job.state != "done" or job.result is None:
        raise NotFound
    ids = job.result["comments"]
    there = {c.id: c for c in session.scalars(select(Comment).where(Comment.id.in_(ids)))}
    found = placements(session, board, there)
    return [PlacedComment(there[id], standing(board, id, found), 0.0) for id in ids if id in there]
