"""The disclosure gate: which numbers of a set of tables may be shown, all earlier ones considered.

Everything here counts people. A table is a set of cells; a cell with 1 to k - 1 people is never shown, nor
is one from which such a cell could be worked out: by subtracting within a table, between tables that share
people, or from what was shown earlier.

The steps, for each population:

1. When the number of people changed by 1 to k - 1 since any earlier state, all is shown as it was last; so it
   is when there are so few people that no group could be large. What never was shown is hidden.
2. Cells, totals and answers "no" of 1 to k - 1 people are hidden, and those that changed by so few.
3. Others are hidden until linear programs show that none of these can be told (`analysis.linked`).
4. A table of which more would be hidden than last time is shown as it was then.

>>> table = Table("q", "survey", ("q",), {("a",): 60, ("b",): 37, ("c",): 3}, 100)
>>> protect([table], [], k=5)["q"].counts
{('a',): 60, ('b',): None, ('c',): None}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

Cell = tuple[str, ...]
MOST_MOMENTS = 10
"""After so many different earlier states of a population, it is shown as it was last."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of people before the gate.

    `key` names the table and stays the same over time; tables of one `population` (a survey's responses, say)
    count the same people. `dims` are the attributes it counts by ("q1", "@unit"); each key of `counts` has a
    code for each of them, in that order. `exclusive`: each person is in exactly one cell; otherwise each cell
    is a yes-or-no of its own (several choices), and `total` people were asked. `total` is also the sum of an
    exclusive table. `priority`: higher ones are hidden later.

    Everybody has a code of an attribute that begins with "@" (a group). Of any other, "" stands for no
    answer: people who answered none of the questions of a table are in no cell, all others in one listed.
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
    """A table as the gate let it through: None where a number is hidden.

    `held`: the numbers are those of an earlier state, because too few people came or went since.
    """

    key: str
    population: str
    dims: tuple[str, ...]
    counts: Mapping[Cell, int | None]
    total: int | None
    exclusive: bool = True
    held: bool = False

    @property
    def hidden(self) -> int:
        """How many numbers are hidden."""
        return sum(count is None for count in self.counts.values()) + (self.total is None)


def protect(tables: Sequence[Table], earlier: Sequence[Sequence[Shown]], k: int) -> dict[str, Shown]:
    """Return each table by its key with what must not be seen hidden; `earlier` is what was shown before.

    Parameters
    ----------
    tables : sequence of Table
        All tables that are to be shown together.
    earlier : sequence of sequences of Shown
        What was shown before, oldest first. What was `held` tells nothing new and may be left out.
    k : int
        How many people a number must at least stand for.

    Returns
    -------
    dict of str to Shown
        Each table by its key.

    Examples
    --------
    Two people came since: all stays as it was, so that nobody can subtract.

    >>> table = Table("q", "survey", ("q",), {("a",): 60, ("b",): 40}, 100)
    >>> then = protect([table], [], k=5)
    >>> later = replace(table, counts={("a",): 61, ("b",): 41}, total=102)
    >>> now = protect([later], [list(then.values())], k=5)["q"]
    >>> now.counts, now.total, now.held
    ({('a',): 60, ('b',): 40}, 100, True)
    """
    found: dict[str, Shown] = {}
    for population in dict.fromkeys(table.population for table in tables):
        mine = {table.key: table for table in tables if table.population == population}
        found |= _Population(mine, _states(population, earlier), k).shown()
    return {table.key: found[table.key] for table in tables}


def _states(population: str, earlier: Sequence[Sequence[Shown]]) -> list[dict[str, Shown]]:
    """The states of a population that were shown, without those that said the same as the one before."""
    found: list[dict[str, Shown]] = []
    for summary in earlier:
        state = {shown.key: shown for shown in summary if shown.population == population and not shown.held}
        if state and (not found or _differs(state, found[-1])):
            found.append(state)
    return found


def _differs(state: Mapping[str, Shown], other: Mapping[str, Shown]) -> bool:
    return state.keys() != other.keys() or any(shown != other[key] for key, shown in state.items())


@dataclass(frozen=True)
class _Population:
    """Tables of one population, what was shown of it before, and the number that is kept to."""

    tables: Mapping[str, Table]
    states: Sequence[Mapping[str, Shown]]
    k: int

    def shown(self) -> dict[str, Shown]:
        """Each table as it may be shown."""
        if len(self.states) >= MOST_MOMENTS or self._hardly_moved() or self._too_few_for_groups():
            return {key: self._held(table) for key, table in self.tables.items()}
        held = {key for key, table in self.tables.items() if self._is_worse(key, _small(table, self.k))}
        found = self._guarded(held)
        # What is held later is told less of, which cannot give anything away.
        held |= {key for key, shown in found.items() if self._is_worse(key, shown)}
        return found | {key: self._held(self.tables[key]) for key in held}

    def _guarded(self, held: Collection[str]) -> dict[str, Shown]:
        """The tables as they may be shown beside those that are held."""
        tables = self.tables
        if not self.states and not any(_small(table, self.k).hidden for table in tables.values()):
            # Nothing to protect, and no arithmetic to load for it.
            return {key: _hiding(table, ()) for key, table in tables.items()}
        from analysis import linked

        hidden = linked.guard(tables, self.states, linked.Rules(self.k, held)).hidden
        return {key: _hiding(table, hidden[key]) for key, table in tables.items()}

    def _hardly_moved(self) -> bool:
        """Whether so few people came or went since any earlier state that they could be told."""
        now = _people(self.tables.values())
        then = [_people(state.values()) for state in self.states]
        return now is not None and any(one is not None and 0 < abs(now - one) < self.k for one in then)

    def _too_few_for_groups(self) -> bool:
        """Whether each group must be small, because every one that is named has somebody."""
        groups = [table for table in self.tables.values() if _holds_everybody(table)]
        named = [(table.total, sum(count > 0 for count in table.counts.values())) for table in groups]
        return any(self.k <= total < self.k + number - 1 for total, number in named)

    def _before(self, key: str) -> Shown | None:
        return next((state[key] for state in reversed(self.states) if key in state), None)

    def _is_worse(self, key: str, shown: Shown) -> bool:
        """Whether more of a table would be hidden than was when it was last shown."""
        before = self._before(key)
        return before is not None and shown.hidden > before.hidden

    def _held(self, table: Table) -> Shown:
        """The table as it was last shown; cells that are new had nobody then. Hidden if it never was."""
        before = self._before(table.key)
        if before is None:
            return replace(_hiding(table, None), held=True)
        return replace(before, counts=_with_new_cells(before, table), held=True)


def _with_new_cells(before: Shown, table: Table) -> dict[Cell, int | None]:
    """Every row and column of then and now; a new group alone is left out, because it is there only now."""
    counts: dict[Cell, int | None] = dict(before.counts)
    if not all(dim.startswith("@") for dim in table.dims):
        cells = [*before.counts, *table.counts]
        codes = [list(dict.fromkeys(cell[place] for cell in cells)) for place in range(len(table.dims))]
        counts = {cell: before.counts.get(cell, 0) for cell in product(*codes)}
    return counts


def _holds_everybody(table: Table | Shown) -> bool:
    """Whether each person of the population is in the table: it counts by groups only."""
    return table.exclusive and all(dim.startswith("@") for dim in table.dims)


def _people(tables: Iterable[Table | Shown]) -> int | None:
    """How many people a population has, where a table holds all of them; the largest total otherwise."""
    listed = list(tables)
    whole = [table.total for table in listed if _holds_everybody(table)]
    totals = [total for total in whole or [t.total for t in listed] if total is not None]
    return max(totals, default=None)


def _small(table: Table, k: int) -> Shown:
    """The table without numbers of too few people."""
    rest = [] if table.exclusive else [cell for cell, n in table.counts.items() if 0 < table.total - n < k]
    few = [cell for cell, count in table.counts.items() if 0 < count < k]
    total: list[tuple[object, ...]] = [("total",)] if 0 < table.total < k else []
    return _hiding(table, [*(("cell", cell) for cell in (*few, *rest)), *total])


def _hiding(table: Table, names: Iterable[tuple[object, ...]] | None) -> Shown:
    """The table without these numbers; None hides all of it."""
    hidden = None if names is None else set(names)
    counts = {
        cell: None if hidden is None or ("cell", cell) in hidden else count
        for cell, count in table.counts.items()
    }
    total = None if hidden is None or ("total",) in hidden else table.total
    return Shown(table.key, table.population, table.dims, counts, total, table.exclusive)
