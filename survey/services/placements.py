"""Where the machine put the comments of a run: the counts and the single comments that the board needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.board import Discovery, Found, Placed
from survey.models import Candidate, Comment, Placement, Run
from survey.services import comments


def discovery(session: Session, run: Run, named: Collection[str]) -> Discovery:
    """What a run found, with the comments that are in several themes and those `named` by decisions.

    The number of queries does not depend on the number of comments.
    """
    return Discovery(
        run=run.id,
        candidates=tuple(_found(candidate) for candidate in run.candidates),
        totals=run.totals,
        comments=run.comments,
        unplaced=run.unplaced,
        late=comments.count(session, run.study_id) - run.comments,
        placed=_in_several(session, run) | _named(session, run, named),
    )


def audience_key(audience_id: int | None) -> str:
    """The key of an audience in counts: JSON has no other keys than text."""
    return "" if audience_id is None else str(audience_id)


def _found(candidate: Candidate) -> Found:
    return Found(
        id=candidate.id,
        label=candidate.label,
        by_audience=candidate.by_audience,
        keywords=tuple(candidate.keywords),
        quotes=tuple(candidate.quotes),
        stability=candidate.stability,
    )


def _in_several(session: Session, run: Run) -> dict[str, Placed]:
    several = (
        select(Placement.comment_id)
        .where(Placement.run_id == run.id)
        .group_by(Placement.comment_id)
        .having(func.count() > 1)
    )
    rows = session.execute(
        select(Placement.comment_id, Comment.audience_id, Placement.candidate_id)
        .join(Comment, Comment.id == Placement.comment_id)
        .where(Placement.run_id == run.id, Placement.comment_id.in_(several))
        .order_by(Placement.comment_id)
    )
    audiences: dict[str, str] = {}
    candidates: dict[str, set[int]] = defaultdict(set)
    for comment, audience, candidate in rows:
        audiences[comment] = audience_key(audience)
        if candidate is not None:
            candidates[comment].add(candidate)
    return {comment: Placed(audiences[comment], frozenset(found)) for comment, found in candidates.items()}


def _named(session: Session, run: Run, named: Collection[str]) -> dict[str, Placed]:
    if not named:
        return {}
    rows = session.execute(
        select(Comment.id, Comment.audience_id, Placement.rank, Placement.candidate_id)
        .outerjoin(Placement, (Placement.comment_id == Comment.id) & (Placement.run_id == run.id))
        .where(Comment.study_id == run.study_id, Comment.id.in_(named))
    )
    placed: dict[str, Placed] = {}
    for comment, audience, rank, candidate in rows:
        before = placed[comment].candidates if comment in placed else frozenset()
        now = before if candidate is None else before | {candidate}
        placed[comment] = Placed(audience_key(audience), now, late=rank is None)
    return placed
