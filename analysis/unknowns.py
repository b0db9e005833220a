"""The unknowns behind tables of people: how many have each combination of codes, at each moment.

Tables that share attributes are held together by a junction tree: combinations are counted within cliques of
attributes, and cliques that share some agree on them. For graphs without gaps (chordal ones, which the
cliques make) that says as much as counting all combinations of all attributes would (Lauritzen and
Spiegelhalter 1988; Dobra and Fienberg 2000), with far fewer unknowns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from analysis.cliques import cliques, tree
from analysis.disclose import Cell, Shown, Table
from analysis.equations import Sum

TOTAL = ("total",)
Name = tuple[object, ...]
"""Of a number of a table: ("cell", cell), ("total",), ("no", cell) or ("margin", place, code)."""
AnyTable = Table | Shown


@dataclass(frozen=True)
class Moment:
    """The tables of a population as they were at one time, by key; how many people it had, where known."""

    tables: Mapping[str, AnyTable]

    @property
    def people(self) -> int | None:
        """How many people there were: the total of a table in which everybody is."""
        totals = [table.total for table in self.tables.values() if holds_everybody(table)]
        return next((total for total in totals if total is not None), None)


def holds_everybody(table: AnyTable) -> bool:
    """Whether each person of the population is in the table: it counts by groups only."""
    return table.exclusive and all(is_group(dim) for dim in table.dims)


def is_group(dim: str) -> bool:
    """Whether everybody has a code of this attribute."""
    return dim.startswith("@")


def is_outside(table: AnyTable, cell: Cell) -> bool:
    """Whether people with these codes are in no cell: they gave no answer to any of its questions."""
    questions = [code for dim, code in zip(table.dims, cell, strict=True) if not is_group(dim)]
    return bool(questions) and not any(questions)


def inhabited(table: AnyTable) -> list[Cell]:
    """The cells that somebody can be in; one for people without any answer may be listed, and is empty."""
    return [cell for cell in table.counts if not (table.exclusive and is_outside(table, cell))]


def numbers(table: AnyTable) -> dict[Name, int | None]:
    """All numbers of a table, also those that are not shown but follow; None where it is not known."""
    found: dict[Name, int | None] = {("cell", cell): table.counts[cell] for cell in inhabited(table)}
    found[TOTAL] = table.total
    if not table.exclusive:
        total = table.total
        for cell, count in table.counts.items():
            found["no", cell] = None if count is None or total is None else total - count
    elif len(table.dims) > 1:
        for place, code in margins(table):
            cells = [count for cell, count in table.counts.items() if cell[place] == code]
            found["margin", place, code] = None if None in cells else sum(c for c in cells if c is not None)
    return found


def margins(table: AnyTable) -> list[tuple[int, str]]:
    """Place and code of each row and column, but for people without an answer."""
    listed = dict.fromkeys((place, cell[place]) for cell in table.counts for place in range(len(cell)))
    return [(place, code) for place, code in listed if code or is_group(table.dims[place])]


@dataclass
class Places:
    """Where the numbers of the tables of a block are among the unknowns, at one moment."""

    atoms: list[dict[Cell, int]] = field(default_factory=list)
    sums: dict[tuple[str, Name], Sum] = field(default_factory=dict)


class Unknowns:
    """The unknowns of a block of exclusive tables, and what holds them together."""

    def __init__(self, moments: Sequence[Moment], now: Moment) -> None:
        tables = [table for moment in moments for table in moment.tables.values()]
        self.moments, self.people = moments, [moment.people for moment in moments]
        self.cliques = cliques(table.dims for table in tables)
        self.codes = _codes(tables)
        self.asked_all = {
            table.dims[0]
            for table in now.tables.values()
            if len(table.dims) == 1 and not is_group(table.dims[0]) and table.total == now.people
        }
        self.count = 0
        self.equal: list[tuple[Sum, float]] = []

    @property
    def most(self) -> int:
        """How many there can be."""
        return sum(math.prod(len(self.codes[d]) for d in c) for c in self.cliques) * len(self.moments)

    def places(self, people: Sequence[int | None]) -> list[Places]:
        """Number the unknowns and add what holds them together to `equal`."""
        edges = tree(self.cliques)
        return [
            self._place(moment, edges, number) for moment, number in zip(self.moments, people, strict=True)
        ]

    def _place(self, moment: Moment, edges: Sequence[tuple[int, int]], people: int | None) -> Places:
        places = Places([self._atoms(moment, clique) for clique in self.cliques])
        for one, other in edges:
            self._agree(places, one, other)
        if people is not None:
            self.equal += [(dict.fromkeys(atoms.values(), 1.0), people) for atoms in places.atoms]
        for key, table in moment.tables.items():
            self._sum(places, key, table)
        return places

    def _atoms(self, moment: Moment, clique: tuple[str, ...]) -> dict[Cell, int]:
        """The combinations that can be: those that a table would list, and does not, are nobody."""
        inside = [table for table in moment.tables.values() if set(table.dims) <= set(clique)]
        places = [[clique.index(dim) for dim in table.dims] for table in inside]
        always = [place for place, dim in enumerate(clique) if dim in self.asked_all]
        found = {}
        for atom in product(*(self.codes[dim] for dim in clique)):
            if any(not atom[place] for place in always):
                continue
            cells = [tuple(atom[place] for place in listed) for listed in places]
            fits = (
                cell in table.counts or is_outside(table, cell)
                for table, cell in zip(inside, cells, strict=True)
            )
            if all(fits):
                found[atom] = self.count
                self.count += 1
        return found

    def _agree(self, places: Places, one: int, other: int) -> None:
        shared = set(self.cliques[one]) & set(self.cliques[other])
        sums: dict[Cell, dict[int, float]] = {}
        for clique, sign in ((one, 1.0), (other, -1.0)):
            kept = [place for place, dim in enumerate(self.cliques[clique]) if dim in shared]
            for atom, unknown in places.atoms[clique].items():
                sums.setdefault(tuple(atom[place] for place in kept), {})[unknown] = sign
        self.equal += [(where, 0.0) for where in sums.values()]

    def _sum(self, places: Places, key: str, table: AnyTable) -> None:
        clique = next(c for c, dims in enumerate(self.cliques) if set(table.dims) <= set(dims))
        listed = [self.cliques[clique].index(dim) for dim in table.dims]
        sums: dict[Name, dict[int, float]] = {name: {} for name in numbers(table)}
        for atom, unknown in places.atoms[clique].items():
            cell = tuple(atom[place] for place in listed)
            if cell in table.counts and not is_outside(table, cell):
                here: list[Name] = [("cell", cell), TOTAL]
                here += [("margin", place, code) for place, code in enumerate(cell)]
                for name in here:
                    if name in sums:
                        sums[name][unknown] = 1.0
        places.sums.update({(key, name): where for name, where in sums.items()})


def _codes(tables: Iterable[AnyTable]) -> dict[str, list[str]]:
    """The codes of each attribute; "" stands for no answer to a question."""
    found: dict[str, dict[str, None]] = {}
    for table in tables:
        for place, dim in enumerate(table.dims):
            there = found.setdefault(dim, {} if is_group(dim) else {"": None})
            there.update(dict.fromkeys(cell[place] for cell in table.counts))
    return {dim: list(codes) for dim, codes in found.items()}


class SeveralUnknowns:
    """The unknowns of a table in which people chose several: for each choice who did and who did not."""

    def __init__(self, moments: Sequence[Moment], now: Moment) -> None:
        self.moments, self.key = moments, next(iter(moments[-1].tables))
        self.people = [moment.people for moment in moments]
        cells = [cell for moment in moments for cell in moment.tables[self.key].counts]
        self.cells = list(dict.fromkeys(cells))
        table = now.tables.get(self.key)
        counts = [count or 0 for count in table.counts.values()] if table else []
        self.each_chose = table is not None and len(counts) > 1 and sum(counts) >= (table.total or 0)
        self.count = 0
        self.equal: list[tuple[Sum, float]] = []
        self.least: list[tuple[Sum, float]] = []

    @property
    def most(self) -> int:
        """How many there can be."""
        return (2 * len(self.cells) + 2) * len(self.moments)

    def places(self, people: Sequence[int | None]) -> list[Places]:
        """Number the unknowns and add what holds them together to `equal`."""
        return [self._place(m, number) for m, number in zip(self.moments, people, strict=True)]

    def _place(self, moment: Moment, people: int | None) -> Places:
        table = moment.tables[self.key]
        total, rest = self.count, self.count + 1
        self.count += 2
        places = Places([{("total",): total}], {(self.key, TOTAL): {total: 1.0}})
        if people is not None:
            self.equal.append(({total: 1.0, rest: 1.0}, people))
        for cell in self.cells:
            yes, no = self.count, self.count + 1
            self.count += 2
            self.equal.append(({yes: 1.0, no: 1.0, total: -1.0}, 0.0))
            places.atoms.append({("yes", *cell): yes, ("no", *cell): no})
            if cell in table.counts:
                places.sums[self.key, ("cell", cell)] = {yes: 1.0}
                places.sums[self.key, ("no", cell)] = {no: 1.0}
            else:
                self.equal.append(({yes: 1.0}, 0.0))
        self._each_chose(table, places, total)
        return places

    def _each_chose(self, table: AnyTable, places: Places, total: int) -> None:
        """Whoever answered chose something, unless this moment says otherwise."""
        counts = list(table.counts.values())
        known = [count for count in counts if count is not None]
        says_no = len(known) == len(counts) and table.total is not None and sum(known) < table.total
        if self.each_chose and not says_no:
            chosen = {
                one: 1.0 for atoms in places.atoms[1:] for name, one in atoms.items() if name[0] == "yes"
            }
            self.least.append(({**chosen, total: -1.0}, 0.0))
