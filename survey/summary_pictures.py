"""The numbers of pictures and of the tables beside them: one column a group, from a board or a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.charts import Column, full_share
from survey.formats.summary import Count, Summary


@dataclass(frozen=True, slots=True)
class Pictures:
    """The columns of each theme by its id, and the groups with their comments.

    All themes are drawn to one scale: `full` is the share that fills a column.
    """

    columns: Mapping[Any, list[Column]]
    groups: list[tuple[str, Count]]

    @property
    def full(self) -> float:
        return full_share([column for columns in self.columns.values() for column in columns])

    @property
    def has_hidden(self) -> bool:
        """Whether some column is drawn as too few to show."""
        return any(column.share is None for columns in self.columns.values() for column in columns)


def of_summary(summary: Summary) -> Pictures:
    """The columns of a summary, as it was frozen; a group without a number for a theme was silent."""
    columns = {
        theme.id: [
            Column(name, dict(theme.by_audience).get(name, 0), total) for name, total in summary.audiences
        ]
        for theme in summary.themes
    }
    return Pictures(columns, list(summary.audiences))
