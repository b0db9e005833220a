"""The disclosure gate: which numbers of a set of tables may be shown, all earlier ones considered.

Everything here counts people. A table is a set of cells; a cell with 1 to k - 1 people is never shown, nor is
one from which such a cell could be worked out: by subtracting within a table, between tables that share people,
or from what was shown earlier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of people before the gate.

    `key` names the table and stays the same over time; tables of one `population` (a survey's responses, say)
    count the same people. `dims` are the attributes it counts by ("q1", "@unit"); each key of `counts` has a code
    for each of them, in that order. `exclusive`: each person is in exactly one cell; otherwise each cell is a
    yes-or-no of its own (several choices), and `total` people were asked. `total` is also the sum of an
    exclusive table. `priority`: higher ones are hidden later.
    """

    key: str
    population: str
    dims: tuple[str, ...]
    counts: Mapping[Cell, int]
    total: int
    exclusive: bool = True
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as the gate let it through: None where a number is hidden."""

    key: str
    population: str
    dims: tuple[str, ...]
    counts: Mapping[Cell, int | None]
    total: int | None
    exclusive: bool = True

    @property
    def hidden(self) -> int:
        """How many numbers are hidden."""
        return sum(count is None for count in self.counts.values()) + (self.total is None)


def protect(tables: Sequence[Table], earlier: Sequence[Sequence[Shown]], k: int) -> dict[str, Shown]:
    """Return each table by its key with what must not be seen hidden; `earlier` is what was shown before."""
    found = {}
    for table in tables:
        counts = {cell: None if 0 < count < k else count for cell, count in table.counts.items()}
        total = None if 0 < table.total < k else table.total
        found[table.key] = Shown(table.key, table.population, table.dims, counts, total, table.exclusive)
    return found
