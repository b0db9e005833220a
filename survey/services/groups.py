"""The themes of a board in each group that was heard, compared with the other groups."""

from __future__ import annotations

from dataclasses import dataclass

from survey.board import Board
from survey.lift import LiftTable, lift_table
from survey.models import Audience, Study
from survey.services.placements import audience_key


@dataclass(frozen=True, slots=True)
class Compared:
    """The groups of which there are comments, and the top themes over them, in the order of both."""

    audiences: tuple[Audience, ...]
    table: LiftTable


def compare(study: Study, board: Board) -> Compared:
    """What each group raises more or less than the others, and where that cannot be told."""
    heard = [audience for audience in study.audiences if board.totals.get(audience_key(audience.id))]
    totals = {audience_key(audience.id): board.totals[audience_key(audience.id)] for audience in heard}
    counts = {theme.id: {key: theme.by_audience.get(key, 0) for key in totals} for theme in board.top}
    return Compared(tuple(heard), lift_table(counts, totals))
