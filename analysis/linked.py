"""Tables that count the same people: what must be hidden of them so that no small number can be told."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.disclose import Shown, Table
from analysis.equations import Equations, Item, Known, Secret, Sum, Want
from analysis.unknowns import (
    TOTAL,
    AnyTable,
    Moment,
    Name,
    Places,
    SeveralUnknowns,
    Unknowns,
    holds_everybody,
    is_group,
    numbers,
)

MOST_UNKNOWNS = 20_000
"""With more, the tables that matter least are hidden altogether."""
Tiers = tuple[Secret, ...]
"""What is wanted of a secret, and what must do where that cannot be had."""
Shows = Any
"""For each number of the tables whether it is shown: an array."""


@dataclass(frozen=True)
class Found:
    """What must be hidden: for each table the names of its numbers; None for a table as a whole."""

    hidden: Mapping[str, Collection[Name] | None]


@dataclass(frozen=True)
class Rules:
    """How many people a number must stand for, and which tables of now are not shown in any case."""

    k: int
    silent: Collection[str] = ()


def guard(now: Mapping[str, Table], earlier: Sequence[Mapping[str, Shown]], rules: Rules) -> Found:
    """Find out what to hide of the tables of one population, given what was shown of it.

    Of tables that are not shown nothing may be told by others either.
    """
    moments = [*(Moment(tables) for tables in earlier), Moment(now)]
    hidden: dict[str, Collection[Name] | None] = {}
    for keys in blocks(moments):
        hidden.update(_Block(keys, moments, rules).hidden())
    return Found({key: hidden[key] for key in now})


class _Block:
    """Tables that are held together, at all moments that have any of them."""

    def __init__(self, keys: Sequence[str], moments: Sequence[Moment], rules: Rules) -> None:
        self.keys, self.rules, self.all = keys, rules, moments
        self.left = {key: table for key, table in moments[-1].tables.items() if key in keys}

    def hidden(self) -> dict[str, Collection[Name] | None]:
        """What to hide of the tables of now."""
        mine = list(self.left)
        found: dict[str, Collection[Name] | None] = dict.fromkeys(mine)
        while self.left:
            puzzle = _Puzzle(self.moments(), self.rules, [m.people for m in self._kept()])
            if puzzle.unknowns.most <= MOST_UNKNOWNS and puzzle.fits():
                return found | puzzle.solved()
            if not self._drop_one():
                break
        return found

    def _kept(self) -> list[Moment]:
        """The moments that have any of these tables, this one last."""
        there = [m for m in self.all[:-1] if any(key in m.tables for key in self.keys)]
        return [*there, self.all[-1]]

    def moments(self) -> list[Moment]:
        """These moments with these tables only."""
        kept = self._kept()
        tables = [{key: m.tables[key] for key in self.keys if key in m.tables} for m in kept[:-1]]
        return [*(Moment(one) for one in tables), Moment(self.left)]

    def _drop_one(self) -> bool:
        """Leave out the table that matters least: it is hidden as a whole."""
        crossed = [key for key, table in self.left.items() if len(table.dims) > 1]
        if not crossed:
            return False
        del self.left[min(crossed, key=self._matters)]
        return True

    def _matters(self, key: str) -> tuple[int, int, str]:
        table = self.left[key]
        assert isinstance(table, Table)
        return table.priority, -len(table.counts), key


class _Puzzle:
    """The equations of a block, and its secrets."""

    def __init__(self, moments: Sequence[Moment], rules: Rules, people: Sequence[int | None]) -> None:
        self.moments, self.k, self.people = moments, rules.k, people
        self.silent = rules.silent
        now = moments[-1]
        several = any(not table.exclusive for moment in moments for table in moment.tables.values())
        kind = SeveralUnknowns if several else Unknowns
        self.unknowns: Unknowns | SeveralUnknowns = kind(moments, _Now(now.tables, people[-1]))
        self.values = [_values(moment, moments) for moment in moments]

    def fits(self) -> bool:
        """Set up the equations; whether what is shown and known can be true together."""
        self.places = self.unknowns.places(self.people)
        self.links = [_link(one, other) for one, other in pairwise(self.values)]
        self.names = [name for name in self.places[-1].sums if name[1][0] in ("cell", "total")]
        self.small = {name for name in self.values[-1] if self._is_small(name)}
        equal, least = list(self.unknowns.equal), list(self._least())
        equal += [(w, v) for w, v in self._earlier() if w or v]
        self.equations = Equations(
            Known(max(1, self.unknowns.count), equal, least), [self._item(n) for n in self.names]
        )
        self.shown = np.array([not self._is_primary(name) for name in self.names], dtype=bool)
        return self.equations.agree(np.ones(len(self.names), dtype=bool))

    def _item(self, name: tuple[str, Name]) -> Item:
        table, value = self.moments[-1].tables[name[0]], self.values[-1][name] or 0
        priority = table.priority if isinstance(table, Table) else 0
        cost = 4.0**priority * (1 + math.log1p(value) / 4) * (6 if name[1] == TOTAL else 1)
        everybody = name[1] == TOTAL and holds_everybody(table) and name[0] not in self.silent
        where = self.places[-1].sums[name]
        return Item(where, value, math.inf if everybody and not 0 < value < self.k else cost)

    def _is_small(self, name: tuple[str, Name]) -> bool:
        """Whether a number, or by how much it changed since any earlier moment, is of too few people."""
        value = self.values[-1][name] or 0
        before = [values.get(name) for values in self.values[:-1]]
        changes = [abs(value - one) for one in before if one is not None]
        return any(0 < one < self.k for one in (value, *changes))

    def _is_primary(self, name: tuple[str, Name]) -> bool:
        key, number = name
        if key in self.silent:
            return True
        if number == TOTAL and holds_everybody(self.moments[-1].tables[key]):
            return 0 < (self.values[-1][name] or 0) < self.k
        return name in self.small or (number[0] == "cell" and (key, ("no", number[1])) in self.small)

    def _earlier(self) -> Iterator[tuple[Sum, float]]:
        for places, values in zip(self.places[:-1], self.values[:-1], strict=True):
            for name, where in places.sums.items():
                value = values[name]
                if name[1][0] in ("cell", "total") and value is not None:
                    yield where, value

    def _least(self) -> Iterator[tuple[Sum, float]]:
        if isinstance(self.unknowns, SeveralUnknowns):
            yield from self.unknowns.least
        yield from self._listed()
        for link, one, other in zip(self.links, self.places, self.places[1:], strict=False):
            if link:
                yield from _moved(link, one, other)

    def _listed(self) -> Iterator[tuple[Sum, float]]:
        """Groups are named only where somebody belongs to them, so what is hidden of them is not zero."""
        for moment, places, values in zip(self.moments, self.places, self.values, strict=True):
            for (key, name), where in places.sums.items():
                value = values[key, name]
                of_group = _names_group(moment.tables[key], name)
                is_now = moment is self.moments[-1]
                if of_group and where and (value is None or (is_now and value > 0)):
                    yield where, 1.0

    def solved(self) -> dict[str, Collection[Name]]:
        """What is hidden of each table."""
        shown = self._hide(list(self._secrets()), self.shown)
        found: dict[str, set[Name]] = {key: set() for key in self.moments[-1].tables}
        for (key, name), is_shown in zip(self.names, shown.tolist(), strict=True):
            if not is_shown:
                found[key].add(name)
        return dict(found)

    def _hide(self, tiers: list[Tiers], shown: Shows) -> Shows:
        """Hide until all secrets are kept, each as well as it can be: what was shown cannot be unsaid."""
        tables = self.moments[-1].tables
        crossed = np.array([len(tables[key].dims) > 1 for key, _name in self.names], dtype=bool)
        while tiers:
            first = [one[0] for one in tiers]
            shown, lost = self.equations.hide(first, shown, crossed)
            tiers = [one[1:] for one in tiers if one[0] in lost and len(one) > 1]
        return shown

    def _secrets(self) -> Iterator[Tiers]:
        yield from self._small_now()
        yield from self._small_then()
        last = len(self.moments) - 1
        for one in range(last):
            yield from self._changes(one, last)
        for one in range(last - 1):
            yield from self._changes(one, one + 1)

    def _small_now(self) -> Iterator[Tiers]:
        for name, where in self.places[-1].sums.items():
            value = self.values[-1][name] or 0
            if 0 < value < self.k:
                yield self._tiers(name, where, value)

    def _small_then(self) -> Iterator[Tiers]:
        """What was hidden: how many it stood for is not known any more, so it may have been few."""
        for places, values in zip(self.places[:-1], self.values[:-1], strict=True):
            for name, where in places.sums.items():
                if values[name] is None and where:
                    yield self._tiers(name, where, None)

    def _tiers(self, name: tuple[str, Name], where: Sum, value: int | None) -> Tiers:
        """It may be large; or else large or nobody; or else it is not told exactly."""
        large, none = Want(where, self.k), Want(_times(where, -1), 0)
        found: list[Secret] = [(large,), (large, none)]
        table = next(m.tables[name[0]] for m in reversed(self.moments) if name[0] in m.tables)
        if _is_no_answer(table, name[1]):
            # Of those without an answer there may be too few for more, which is no secret.
            del found[0]
        if value is not None:
            found.append((Want(where, value + 1), Want(_times(where, -1), 1 - value)))
        return tuple(found)

    def _changes(self, one: int, other: int) -> Iterator[Tiers]:
        """What changed by too few people, or may have, where a number was hidden."""
        link = _together(self.links[one:other])
        for name in self.places[other].sums:
            if name not in self.places[one].sums:
                continue
            before, after = self.values[one][name], self.values[other][name]
            change = _difference(self.places[other].sums[name], self.places[one].sums[name])
            if before is not None and after is not None:
                yield from self._known_change(name, after - before, change, link)
            else:
                for sign in (link,) if link else (1, -1):
                    yield ((Want(_times(change, sign), self.k), Want(_times(change, -sign), 0)),)

    def _known_change(self, name: tuple[str, Name], by: int, change: Sum, link: int) -> Iterator[Tiers]:
        if 0 < abs(by) < self.k:
            sign = 1 if by > 0 else -1
            large, none = Want(_times(change, sign), self.k), Want(_times(change, -sign), 0)
            other = Want(change, by + 1), Want(_times(change, -1), 1 - by)
            strict = link and not _is_no_answer(self.moments[-1].tables.get(name[0]), name[1])
            yield ((large,), (large, none), other) if strict else ((large, none), other)


def blocks(moments: Sequence[Moment]) -> Iterator[list[str]]:
    """Keys of tables that share attributes, directly or through others."""
    dims: dict[str, set[str]] = {}
    for moment in moments:
        for key, table in moment.tables.items():
            dims.setdefault(key, set()).update(table.dims if table.exclusive else {f"several {key}"})
    left = list(dims)
    while left:
        block = [left.pop(0)]
        reached = set(dims[block[0]])
        while near := [key for key in left if dims[key] & reached]:
            block += near
            left = [key for key in left if key not in near]
            reached.update(*(dims[key] for key in near))
        yield block


@dataclass(frozen=True)
class _Now(Moment):
    """A moment of which somebody else knows how many people there were."""

    known: int | None = None

    @property
    def people(self) -> int | None:
        return self.known


def _values(moment: Moment, moments: Sequence[Moment]) -> dict[tuple[str, Name], int | None]:
    """The numbers of the tables of a moment; what only other moments list, nobody had then."""
    found: dict[tuple[str, Name], int | None] = {}
    for key, table in moment.tables.items():
        mine = numbers(table)
        for other in moments:
            for name in numbers(other.tables[key]) if key in other.tables else ():
                found[key, name] = table.total if name[0] == "no" else 0
        found.update({(key, name): value for name, value in mine.items()})
    return found


Values = Mapping[tuple[str, Name], int | None]


def _link(before: Values, after: Values) -> int:
    """1 where people can only have come, -1 where they can only have gone, 0 where both must have."""
    both = [(before[name], after[name]) for name in before if name in after]
    changes = [new - old for old, new in both if old is not None and new is not None]
    if all(change >= 0 for change in changes):
        return 1
    return -1 if all(change <= 0 for change in changes) else 0


def _together(links: Sequence[int]) -> int:
    """What holds over several steps."""
    return links[0] if len(set(links)) == 1 else 0


def _moved(link: int, one: Places, other: Places) -> Iterator[tuple[Sum, float]]:
    """Where people only came, no combination has fewer; where they only went, none has more."""
    for before, after in zip(one.atoms, other.atoms, strict=True):
        for atom in dict.fromkeys([*before, *after]):
            change: dict[int, float] = {}
            if atom in after:
                change[after[atom]] = float(link)
            if atom in before:
                change[before[atom]] = float(-link)
            yield change, 0.0


def _names_group(table: AnyTable, name: Name) -> bool:
    """Whether a number stands for a group that is listed only because somebody belongs to it."""
    if name[0] == "margin":
        place = name[1]
        assert isinstance(place, int)
        return is_group(table.dims[place])
    return name[0] == "cell" and holds_everybody(table)


def _is_no_answer(table: AnyTable | None, name: Name) -> bool:
    """Whether a cell is of people who left a question out."""
    if table is None or name[0] != "cell" or len(table.dims) < 2:
        return False
    cell = name[1]
    assert isinstance(cell, tuple)
    return any(not code and not is_group(dim) for dim, code in zip(table.dims, cell, strict=True))


def _times(where: Sum, factor: int) -> Sum:
    return {one: factor * often for one, often in where.items()}


def _difference(where: Sum, less: Sum) -> Sum:
    return {**where, **{one: -often for one, often in less.items()}}
