"""How many comments each theme has, in all and by audience, channel and prompt, as they may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.board import Board
from survey.formats.summary import Count
from survey.models import Study
from survey.services.gate import Groups
from survey.services.placements import audience_key

Counts = tuple[tuple[str, Count], ...]


@dataclass(frozen=True)
class ThemeCounts:
    """The numbers of one theme. `by_audience` has a pair for each group of `Shown.audiences`, in their order."""

    size: Count
    by_audience: Counts
    by_channel: Counts = ()
    by_prompt: Counts = ()


@dataclass(frozen=True)
class ShownCounts:
    """The groups that may be shown with their comments, and the numbers of each live theme by its id."""

    audiences: Counts
    themes: Mapping[int, ThemeCounts]
    hidden: int = 0


def shown(session: Session, study: Study, board: Board | None, groups: Groups) -> ShownCounts:
    """The counts of comments as they may be shown; `board` is None while themes were not looked for."""
    if board is None:
        return ShownCounts((), {})
    keys = [
        (audience_key(a.id), groups.names[a.id])
        for a in study.audiences
        if audience_key(a.id) in board.totals
    ]
    audiences = tuple((name, board.totals[key]) for key, name in keys)
    themes = {
        theme.id: ThemeCounts(theme.size, tuple((name, theme.by_audience.get(key, 0)) for key, name in keys))
        for theme in board.live
    }
    return ShownCounts(audiences, themes)
