"""The numbers of pictures and of the tables beside them: one column a group, from a board or a summary."""

from __future__ import annotations

from survey.board import Board
from survey.charts import Column
from survey.models import Study
from survey.services.placements import audience_key
from survey.summary_pictures import Pictures, of_summary

__all__ = ["Pictures", "of_board", "of_summary"]


def of_board(study: Study, board: Board) -> Pictures:
    """The columns of a board: the groups in the order of the study."""
    named = [(audience_key(audience.id), audience.name) for audience in study.audiences]
    groups = [(key, name, board.totals[key]) for key, name in named if key in board.totals]
    columns = {
        theme.id: [Column(name, theme.by_audience.get(key, 0), total) for key, name, total in groups]
        for theme in board.themes
    }
    return Pictures(columns, [(name, total) for _key, name, total in groups])
