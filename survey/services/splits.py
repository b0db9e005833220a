"""Splitting a theme by what the program proposes: a job makes parts, a person puts them right and saves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board, BoardTheme, Change
from survey.board.kinds.base import check_open
from survey.errors import NotFound, Refusal
from survey.jobs import table as jobs
from survey.models import Comment, Job, Placement, Study
from survey.services import audit, runs
from survey.services.ids import is_one_of

KIND = "split"
FEWEST, MOST = 2, 4
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a theme: `comments` are the ids of its comments, the quotes those that are typical of it."""

    label: str
    keywords: tuple[str, ...]
    quotes: tuple[str, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """The parts that were proposed, against the theme as it is now.

    `moved` says into which part (from 0) a person puts a comment that was proposed for another one.
    """

    theme: BoardTheme
    parts: tuple[Part, ...]
    now: frozenset[str]
    moved: Mapping[str, int]
    is_old: bool = False
    """Another run came onto the board since."""

    @cached_property
    def proposed(self) -> Mapping[str, int]:
        """The part that each comment was proposed for."""
        return {comment: place for place, part in enumerate(self.parts) for comment in part.comments}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The part of each comment that is in the theme still, in the order of the parts."""
        return {c: self.moved.get(c, place) for c, place in self.proposed.items() if c in self.now}

    @property
    def sizes(self) -> tuple[int, ...]:
        """Comments in each part as it would be saved; what joined the theme since is in the first."""
        counts = [0] * len(self.parts)
        for place in self.places.values():
            counts[place] += 1
        counts[0] += self.joined
        return tuple(counts)

    @property
    def joined(self) -> int:
        """Comments that came into the theme since."""
        return len(self.now - self.proposed.keys())

    @property
    def left(self) -> int:
        """Comments that went out of the theme since."""
        return len(self.proposed.keys() - self.now)

    def change(self, names: Sequence[str]) -> Change:
        """The split, with these names for the parts."""
        return changes.split(
            self.theme.id,
            [(name, [c for c, p in self.places.items() if p == place]) for place, name in enumerate(names)],
        )


def start(session: Session, study: Study, theme: BoardTheme, parts: int | None, by: str) -> Job:
    """Have parts of a theme proposed; what is under way for the same theme is not started twice."""
    if parts is not None and not FEWEST <= parts <= MOST:
        raise Refusal(
            _("Choose %(fewest)s to %(most)s parts, or let the program choose.", fewest=FEWEST, most=MOST)
        )
    check_open(theme)
    runs.lock(session, study)
    args = {"theme": theme.id, "parts": parts}
    job = _same(session, study, args)
    if job is None:
        job = jobs.enqueue(session, KIND, args, study_id=study.id, by=by)
        audit.record(session, by, "splits.start", study.slug, job=job.id, **args)
    return job


def _same(session: Session, study: Study, args: Mapping[str, int | None]) -> Job | None:
    going = Job.state.in_(("waiting", "running"))
    found = session.scalars(select(Job).where(Job.study_id == study.id, Job.kind == KIND, going))
    return next((job for job in found if job.args == args), None)


def proposal(
    session: Session, study: Study, board: Board, theme: BoardTheme, job_id: int, moved: Mapping[str, int]
) -> Proposal:
    """What a job proposed for a theme; raise `NotFound` when it is no such job, or has not ended well."""
    job = runs.job_of(session, study, job_id)
    if job.kind != KIND or job.state != "done" or board.merged.get(job.args["theme"]) != theme.id:
        raise NotFound
    assert job.result is not None
    parts = tuple(
        Part(part["label"], *(tuple(part[name]) for name in ("keywords", "quotes", "comments")))
        for part in job.result["parts"]
    )
    now = members(session, board, theme)
    there = {comment: place for comment, place in moved.items() if place < len(parts)}
    return Proposal(theme, parts, now, there, job.result["run"] != board.run)


def members(session: Session, board: Board, theme: BoardTheme) -> frozenset[str]:
    """The comments of a theme itself, without those of its sub-themes."""
    own = [candidate for candidate, home in board.home.items() if home == theme.id]
    by_machine = select(Placement.comment_id).where(
        Placement.run_id == board.run, Placement.candidate_id.in_(own)
    )
    known = board.moved.keys() | board.off_topic
    by_people = {c for c, themes in board.moved.items() if theme.id in themes} - board.off_topic
    return frozenset(set(session.scalars(by_machine)) - known | by_people)


def page_of(session: Session, proposal: Proposal, number: int) -> tuple[list[Comment], int, int]:
    """One page of the comments of a proposal, those of the first part first; the page and of how many."""
    ids = list(proposal.places)
    pages = max(1, -(-len(ids) // PAGE_SIZE))
    number = min(max(1, number), pages)
    wanted = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    found = {c.id: c for c in session.scalars(select(Comment).where(is_one_of(session, Comment.id, wanted)))}
    return [found[id] for id in wanted if id in found], number, pages


def quotes(session: Session, proposal: Proposal, most: int) -> list[list[Comment]]:
    """For each part up to `most` typical comments that it holds."""
    wanted = [list(_held(proposal, place))[:most] for place in range(len(proposal.parts))]
    ids = {id for part in wanted for id in part}
    found = {c.id: c for c in session.scalars(select(Comment).where(Comment.id.in_(ids)))}
    return [[found[id] for id in part if id in found] for part in wanted]


def _held(proposal: Proposal, place: int) -> Iterator[str]:
    part = proposal.parts[place]
    return (id for id in dict.fromkeys((*part.quotes, *part.comments)) if proposal.places.get(id) == place)
