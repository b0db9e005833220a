"""Settling what two coders disagree on: each settlement is a decision on the board, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board, in_force
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.models import Sample, Study
from survey.services import audit, codings
from survey.services import board as boards
from survey.services.codings import Pair

How = Literal["first", "second", "own", "left"]
PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """How a planner settles a disagreement: as a coder said, by `themes` of their own, or not at all."""

    how: How
    themes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of disagreements, page `number` of `of`; `total` on all pages, `settled` of them settled."""

    pairs: tuple[Pair, ...]
    number: int
    of: int
    total: int
    settled: int


def disagreements(session: Session, sample: Sample, number: int = 1) -> Page:
    """One page of the comments the coders put into different themes; its number is brought into range."""
    found = [pair for pair in codings.both(session, sample) if pair.differ]
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(1, number), pages)
    start = (number - 1) * PAGE_SIZE
    settled = sum(pair.item.settled is not None for pair in found)
    return Page(tuple(found[start : start + PAGE_SIZE]), number, pages, len(found), settled)


def settle(
    session: Session, study: Study, sample: Sample, position: int, choice: Choice, *, seen: int, by: str
) -> Board | None:
    """Settle one disagreement; gives the board after the decision, None where nothing was decided.

    The study's row must be locked; `seen` is the revision of the board that the planner saw. What was
    computed of the agreement stays as it is. Raises as `survey.services.board.decide` does.
    """
    pair = _disagreement(session, sample, position)
    themes = _chosen(sample, pair, choice)
    after, edit = None, None
    if themes is not None:
        after, edit = _place(session, study, pair.item.comment_id, themes, seen=seen, by=by)
    elif (pair.item.settled or {}).get("edit"):
        raise Refusal(_("This was settled on the board already. Undo that decision there, or choose again."))
    told = {"how": choice.how, "themes": themes, "by": by, "at": now().isoformat(), "edit": edit}
    pair.item.settled = told
    session.flush()
    if edit is None:
        audit.record(session, by, "samples.settle", study.slug, sample=sample.number, comment=position)
    return after


def _disagreement(session: Session, sample: Sample, position: int) -> Pair:
    for pair in codings.both(session, sample):
        if pair.item.position == position:
            break
    else:
        raise NotFound
    if sample.agreement is None:
        raise Refusal(_("The comparison is not done yet. Wait a moment, then settle."))
    if not pair.differ:
        raise Refusal(_("Both coders said the same of this comment, so there is nothing to settle."))
    return pair


def _chosen(sample: Sample, pair: Pair, choice: Choice) -> list[int] | None:
    """The themes of the sample that were chosen; None for "leave it"."""
    if choice.how == "left":
        return None
    if choice.how == "first":
        return sorted(pair.first.themes)
    if choice.how == "second":
        return sorted(pair.second.themes)
    if not set(choice.themes) <= {theme["id"] for theme in sample.themes}:
        raise Refusal(_("One of the themes is not in this sample. Load the page again."))
    return sorted(set(choice.themes))


def _place(
    session: Session, study: Study, comment: str, themes: Iterable[int], *, seen: int, by: str
) -> tuple[Board, int | None]:
    """Put a comment into exactly these themes; with the board, the number of the decision, if it was one."""
    before = boards.load(session, study)
    if before is None:
        raise NotFound
    change = changes.place_exactly(comment, _on_board(before, themes))
    after = boards.decide(session, study, change, seen, by)
    return after, after.revision if after.revision > before.revision else None


def _on_board(board: Board, themes: Iterable[int]) -> list[int]:
    """Where the themes of a sample are on the board now: one that was merged is what it became."""
    there = [board.find(board.merged.get(theme, theme)) for theme in themes]
    if not all(theme is not None and theme.is_open for theme in there):
        raise Refusal(
            _("One of these themes is not on the board any more, or was rejected. Choose other themes.")
        )
    return sorted({theme.id for theme in there if theme is not None})


def undone(board: Board, pairs: Iterable[Pair]) -> set[int]:
    """The positions whose settlement was undone on the board since."""
    standing = {decision.number for decision in in_force(board.log)}
    numbers = {pair.item.position: (pair.item.settled or {}).get("edit") for pair in pairs}
    return {position for position, edit in numbers.items() if edit is not None and edit not in standing}
