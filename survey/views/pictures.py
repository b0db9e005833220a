"""The numbers of pictures and of the tables beside them: one column a group, from a board or a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.board import Board
from survey.charts import Column, full_share
from survey.formats.summary import Summary
from survey.models import Study
from survey.services.placements import audience_key


@dataclass(frozen=True, slots=True)
class Pictures:
    """The columns of each theme by its id, and the groups with their comments.

    All themes are drawn to one scale: `full` is the share that fills a column.
    """

    columns: Mapping[Any, list[Column]]
    groups: list[tuple[str, int]]

    @property
    def full(self) -> float:
        return full_share([column for columns in self.columns.values() for column in columns])


def of_board(study: Study, board: Board) -> Pictures:
    """The columns of a board: the groups in the order of the study."""
    named = [(audience_key(audience.id), audience.name) for audience in study.audiences]
    groups = [(key, name, board.totals[key]) for key, name in named if key in board.totals]
    columns = {
        theme.id: [Column(name, theme.by_audience.get(key, 0), total) for key, name, total in groups]
        for theme in board.themes
    }
    return Pictures(columns, [(name, total) for _key, name, total in groups])


def of_summary(summary: Summary) -> Pictures:
    """The columns of a summary: the numbers that were frozen."""
    totals = dict(summary.audiences)
    columns = {t.id: [Column(name, n, totals[name]) for name, n in t.by_audience] for t in summary.themes}
    return Pictures(columns, list(summary.audiences))
