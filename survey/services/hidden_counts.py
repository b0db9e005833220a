"""Which counts of comments of a theme must be hidden: arithmetic on three breakdowns of the same comments.

An *atom* is an audience, a channel and a prompt that occur together in the study; that they do is taken to be
known. Comments may be moved in thought between atoms that differ in hidden cells only: every number that is
shown stays the same. A hidden cell is kept when it could hold k comments after such moves, and a group that
is counted together with others when it could hold a different number of them. This proves more than a linear
program would: each move is of whole comments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

Names = frozenset[str]
BREAKDOWNS = (2, 1, 0)
"""Prompts are hidden before channels, and these before groups."""


@dataclass(frozen=True, slots=True)
class Atom:
    """Comments of one audience, channel and prompt: their cells, and how many are answers of people."""

    audience: int | None
    cells: tuple[str, str, str]
    count: int
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """`k` of the gate; the audiences counted together under the name `pool`, and whether that may be told."""

    k: int
    pooled: frozenset[int] = frozenset()
    pool_told: bool = True
    pool: str = ""


@dataclass(frozen=True)
class Told:
    """The numbers of a theme: true ones by breakdown and cell, and the names of those that are hidden.

    `small` are the cells of too few people, `classes` the atoms between which comments can be moved, `pool`
    is how many comments are of audiences that are counted together.
    """

    total: int
    cells: tuple[Mapping[str, int], ...]
    hidden: tuple[Names, Names, Names] = (frozenset(), frozenset(), frozenset())
    size_hidden: bool = False
    small: tuple[tuple[int, str], ...] = ()
    classes: tuple[Sequence[Atom], ...] = ()
    pool: int = 0

    def count(self, by: int, name: str) -> int | None:
        """A cell as it may be shown."""
        return None if name in self.hidden[by] else self.cells[by].get(name, 0)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is hidden."""
        return not (self.size_hidden or any(self.hidden))

    def ways(self, by: int, name: str) -> Counter[tuple[str, str]]:
        """How many comments a cell could have besides: by the group that has them and what it would be."""
        found = Counter[tuple[str, str]]()
        for atoms in self.classes:
            groups = {atom.cells[0] for atom in atoms if atom.cells[by] == name}
            for atom in atoms:
                for group in groups if atom.cells[by] != name else ():
                    found[atom.cells[0], group] += atom.count
        return found

    def exchanged(self, audience: int, pooled: Collection[int]) -> tuple[int, set[str]]:
        """How many comments can be of an audience or of one pooled with it, and of which groups else."""
        number, groups = 0, set[str]()
        for atoms in self.classes:
            there = {atom.audience for atom in atoms}
            if audience in there:
                number += _mass(atoms) if there & (set(pooled) - {audience}) else 0
                groups |= {atom.cells[0] for atom in atoms}
        return number, groups

    def give_back(self, group: str, taken: Counter[str]) -> None:
        """Make comments of a group be those of others from which so many were `taken`; count them off."""
        for atoms in self.classes:
            left = sum(atom.count for atom in atoms if atom.cells[0] == group)
            for other in sorted({atom.cells[0] for atom in atoms} & taken.keys()) if left else ():
                given = min(left, taken[other])
                left, taken[other] = left - given, taken[other] - given

    def all_hidden(self, *, size: bool) -> Told:
        """The same without any breakdown."""
        one, two, three = (frozenset(cells) for cells in self.cells)
        return replace(self, hidden=(one, two, three), size_hidden=size)


def hide_some(counts: Mapping[str, int], few: Collection[str], k: int) -> set[str]:
    """Hide these and, if there are any, the smallest others: two or more that add up to k can be any of them.

    >>> sorted(hide_some({"a": 2, "b": 40, "c": 9}, {"a"}, 5))
    ['a', 'c']
    """
    hidden = {name for name in few if counts.get(name)}
    rest = sorted((count, name) for name, count in counts.items() if count and name not in hidden)
    while hidden and rest and (len(hidden) < 2 or sum(counts[name] for name in hidden) < k):
        hidden.add(rest.pop(0)[1])
    return hidden


def hide(atoms: Sequence[Atom], limits: Limits) -> Told:
    """The numbers of one theme as they may be shown."""
    puzzle = _Puzzle(atoms, limits)
    if puzzle.is_small(puzzle.total, sum(atom.answers for atom in atoms)):
        return puzzle.told().all_hidden(size=True)
    puzzle.hide_small()
    while puzzle.gap() and puzzle.hide_one_more():
        pass
    return puzzle.told()


@dataclass
class _Puzzle:
    """The cells of a theme while it is found out which to hide."""

    atoms: Sequence[Atom]
    limits: Limits
    hidden: list[set[str]] = field(default_factory=lambda: [set(), set(), set()])

    def __post_init__(self) -> None:
        self.total = sum(atom.count for atom in self.atoms)
        self.cells = tuple(self._sums(by) for by in range(3))
        self.small = [{n for n in self.cells[by] if self._is_small_cell(by, n)} for by in range(3)]
        self.pool = sum(atom.count for atom in self.atoms if atom.audience in self.limits.pooled)

    def _sums(self, by: int) -> Counter[str]:
        found = Counter[str]()
        for atom in self.atoms:
            found[atom.cells[by]] += atom.count
        return found

    def _is_small_cell(self, by: int, name: str) -> bool:
        if by == 0 and not name:
            # Who belongs to no known group cannot be known by it.
            return False
        answers = sum(atom.answers for atom in self.atoms if atom.cells[by] == name)
        return self.is_small(self.cells[by][name], answers)

    def is_small(self, count: int, answers: int) -> bool:
        """Whether a number stands for too few people: some of the comments are answers, one of a person."""
        return answers > 0 and 0 < count < self.limits.k

    def hide_small(self) -> None:
        """Hide what is of too few people, with what would tell it within the same breakdown."""
        untold = set() if self.limits.pool_told else {self.limits.pool}
        for by in range(3):
            self._hide(by, self.small[by] | (untold if by == 0 else set()))

    def _hide(self, by: int, names: Collection[str]) -> None:
        wanted = self.hidden[by] | set(names)
        # An empty cell is hidden where it would tell whose comments the others are.
        empty = {name for name in wanted if not self.cells[by][name]}
        self.hidden[by] = hide_some(self.cells[by], wanted, self.limits.k) | empty

    def gap(self) -> int:
        """How many comments are missing until everything is kept."""
        classes = _Classes.of(self.atoms, self.hidden)
        return sum(need - min(need, reach) for need, reach in self._needs(classes))

    def _needs(self, classes: _Classes) -> Iterator[tuple[int, int]]:
        for by in range(3):
            for name in self.small[by]:
                yield self.limits.k, classes.most(by, name)
        for audience in self.limits.pooled:
            if any(atom.count for atom in self.atoms if atom.audience == audience):
                yield min(self.limits.k, self.pool), classes.width(audience)

    def hide_one_more(self) -> bool:
        """Hide the cell that helps most, or else the smallest; False when nothing is left to hide."""
        tried = [(*self._trial(place, name), place, name) for place, name in self._left()]
        if not tried:
            return False
        *_how_good, place, name = min(tried)
        self._hide(BREAKDOWNS[place], {name})
        return True

    def _left(self) -> Iterable[tuple[int, str]]:
        for place, by in enumerate(BREAKDOWNS):
            for name in self.cells[by]:
                if name not in self.hidden[by]:
                    yield place, name

    def _trial(self, place: int, name: str) -> tuple[int, bool, int]:
        """What is missing after this cell is hidden, whether it is empty, how many more are then hidden."""
        by, before = BREAKDOWNS[place], self.hidden[BREAKDOWNS[place]]
        self._hide(by, {name})
        gap, more = self.gap(), self.hidden[by] - before
        self.hidden[by] = before
        return gap, not self.cells[by][name], sum(self.cells[by][one] for one in more)

    def told(self) -> Told:
        """The numbers as they may be shown."""
        one, two, three = (frozenset(names) for names in self.hidden)
        small = tuple((by, name) for by in range(3) for name in sorted(self.small[by]))
        classes = tuple(_Classes.of(self.atoms, self.hidden).atoms.values())
        return Told(self.total, self.cells, (one, two, three), small=small, classes=classes, pool=self.pool)


@dataclass(frozen=True)
class _Classes:
    """Atoms between which comments can be moved, and how many comments each such class has."""

    atoms: Mapping[tuple[str | None, ...], Sequence[Atom]]

    @classmethod
    def of(cls, atoms: Sequence[Atom], hidden: Sequence[Collection[str]]) -> _Classes:
        """Sort the atoms by the shown cells that they are in."""
        found: dict[tuple[str | None, ...], list[Atom]] = {}
        for atom in atoms:
            shown = tuple(
                None if name in names else name for name, names in zip(atom.cells, hidden, strict=True)
            )
            found.setdefault(shown, []).append(atom)
        return cls(found)

    def most(self, by: int, name: str) -> int:
        """How many comments a cell can have had."""
        return sum(_mass(c) for c in self.atoms.values() if any(atom.cells[by] == name for atom in c))

    def width(self, audience: int) -> int:
        """In how large a range the comments of an audience can have been."""
        return sum(_mass(c) for c in self.atoms.values() if len({a.audience == audience for a in c}) == 2)


def _mass(atoms: Sequence[Atom]) -> int:
    return sum(atom.count for atom in atoms)
