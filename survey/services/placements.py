"""Where the machine put the comments of a run: the counts and the single comments that the board needs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import Session

from survey.board import Discovery, Found, Placed
from survey.models import Candidate, Comment, Placement, Run
from survey.services import comments
from survey.services.ids import is_one_of

Conditions = Sequence[ColumnElement[bool]]
Together = Mapping[tuple[str, frozenset[int]], int]


def discovery(session: Session, run: Run, named: Collection[str], only: Conditions = ()) -> Discovery:
    """What a run found, with the comments `named` by decisions.

    `only` are conditions on `Comment`: what the run found in comments that meet them. The number of queries
    does not depend on the number of comments.
    """
    placed = _named(session, run, named, only)
    together = _together(session, run, placed.values(), only)
    if only:
        return replace(_counted(session, run, only), placed=placed, together=together)
    return Discovery(
        run=run.id,
        candidates=tuple(_found(candidate, candidate.by_audience) for candidate in run.candidates),
        totals=run.totals,
        comments=run.comments,
        unplaced=run.unplaced,
        late=comments.count(session, run.study_id) - run.comments,
        placed=placed,
        together=together,
    )


def audience_key(audience_id: int | None) -> str:
    """The key of an audience in counts: JSON has no other keys than text."""
    return "" if audience_id is None else str(audience_id)


def _counted(session: Session, run: Run, only: Conditions) -> Discovery:
    """What a run found, with everything counted anew, but for single comments."""
    counts: dict[int | None, Counter[str]] = defaultdict(Counter)
    found = (
        select(Placement.candidate_id, Comment.audience_id, func.count())
        .join(Comment, Comment.id == Placement.comment_id)
        .where(Placement.run_id == run.id, *only)
        .group_by(Placement.candidate_id, Comment.audience_id)
    )
    for candidate, audience, number in session.execute(found):
        counts[candidate][audience_key(audience)] += number
    # Each comment of a run has one placement of the first rank, be it "nowhere".
    first = (
        select(Comment.audience_id, func.count())
        .join(Placement, Placement.comment_id == Comment.id)
        .where(Placement.run_id == run.id, Placement.rank == 1, *only)
        .group_by(Comment.audience_id)
    )
    totals = Counter({audience_key(audience): number for audience, number in session.execute(first)})
    every = select(func.count()).select_from(Comment).where(Comment.study_id == run.study_id, *only)
    return Discovery(
        run=run.id,
        candidates=tuple(_found(candidate, counts[candidate.id]) for candidate in run.candidates),
        totals=totals,
        comments=totals.total(),
        unplaced=counts[None].total(),
        late=(session.scalar(every) or 0) - totals.total(),
    )


def _found(candidate: Candidate, by_audience: Any) -> Found:
    return Found(
        id=candidate.id,
        number=candidate.number,
        label=candidate.label,
        by_audience=by_audience,
        keywords=tuple(candidate.keywords),
        quotes=tuple(candidate.quotes),
        stability=candidate.stability,
    )


def _together(session: Session, run: Run, placed: Iterable[Placed], only: Conditions) -> Together:
    """How many comments are in the same several candidates, per audience, but for those in `placed`."""
    listed = func.aggregate_strings(cast(Placement.candidate_id, Text), ",").label("listed")
    each = select(Placement.comment_id, listed).where(Placement.run_id == run.id)
    several = each.group_by(Placement.comment_id).having(func.count() > 1).subquery()
    query = (
        select(Comment.audience_id, several.c.listed, func.count())
        .join(several, several.c.comment_id == Comment.id)
        .where(*only)
        .group_by(Comment.audience_id, several.c.listed)
    )
    found: Counter[tuple[str, frozenset[int]]] = Counter()
    for audience, candidates, number in session.execute(query):
        found[audience_key(audience), frozenset(map(int, candidates.split(",")))] += number
    for one in placed:
        if len(one.candidates) > 1:
            found[one.audience, one.candidates] -= 1
    return +found


def _named(session: Session, run: Run, named: Collection[str], only: Conditions) -> dict[str, Placed]:
    if not named:
        return {}
    rows = session.execute(
        select(Comment.id, Comment.audience_id, Placement.rank, Placement.candidate_id)
        .outerjoin(Placement, (Placement.comment_id == Comment.id) & (Placement.run_id == run.id))
        .where(Comment.study_id == run.study_id, is_one_of(session, Comment.id, named), *only)
    )
    placed: dict[str, Placed] = {}
    for comment, audience, rank, candidate in rows:
        before = placed[comment].candidates if comment in placed else frozenset()
        now = before if candidate is None else before | {candidate}
        placed[comment] = Placed(audience_key(audience), now, late=rank is None)
    return placed
