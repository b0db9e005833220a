"""What an import tells: every row accounted for, every change to the file's text named."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from survey.formats.comments_in import ColumnChoice
from survey.formats.tables import Problem, Replaced

MOST_LISTED = 1000
"""Rows listed one by one in a report; beyond, they are only counted."""


@dataclass(frozen=True)
class Report:
    """The report of one import. `near_duplicates` and `near_groups` are None until a worker has counted them.

    A row is an exact duplicate when an earlier row of the file has the same text but for blanks. All of them
    are stored: two people may say the same.
    """

    file_name: str
    kind: str
    encoding: str
    delimiter: str | None
    sha256: str
    columns: dict[str, str | None]
    read: int
    stored: int
    exact_duplicates: int
    refused: int
    refused_rows: tuple[dict[str, Any], ...]
    replaced: int
    replaced_places: tuple[str, ...]
    notes: tuple[str, ...]
    row_notes: tuple[dict[str, Any], ...]
    audiences_made: tuple[str, ...] = ()
    prompts_made: tuple[str, ...] = ()
    near_duplicates: int | None = None
    near_groups: int | None = None
    import_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        return asdict(self)


def listed(problems: tuple[Problem, ...] | list[Problem]) -> tuple[dict[str, Any], ...]:
    """Lines with what was said about them: `{"line": 5, "reason": "has no text"}`."""
    return tuple({"line": problem.line, "reason": problem.reason} for problem in problems[:MOST_LISTED])


def places(replaced: tuple[Replaced, ...]) -> tuple[str, ...]:
    """Where something unreadable stood, a sentence each."""
    return tuple(map(_place, replaced[:MOST_LISTED]))


def _place(replaced: Replaced) -> str:
    where = f", column “{replaced.column}”" if replaced.column else ""
    where += f", byte {replaced.offset:,} of the file" if replaced.offset is not None else ""
    return f"Line {replaced.line}{where}: {replaced.found}"


def columns(choice: ColumnChoice) -> dict[str, str | None]:
    """Which column was read as what."""
    return asdict(choice)
