"""Which counts of comments of a theme must be hidden: arithmetic on three breakdowns of the same comments.

An *atom* is an audience, a channel and a prompt that occur together in the study; that they do is taken to be
known, and so is in how many audiences a theme occurs. Comments may be moved in thought between atoms that
differ in hidden cells only: every number that is shown stays the same, as long as each audience that had
comments keeps one. A hidden cell is kept when it could hold k comments after such moves, and a group that is
counted together with others when it could hold a different number of them. This proves more than a linear
program would: each move is of whole comments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

Names = frozenset[str]
Small = tuple[int, str, int]
"""Breakdown and name of a cell of too few people, and how many comments it must be able to have."""
BREAKDOWNS = (2, 1, 0)
"""Prompts are hidden before channels, and these before groups."""


@dataclass(frozen=True, slots=True)
class Atom:
    """Comments of one audience, channel and prompt: their cells, and how many are answers of people.

    `people` are those who gave the answers, k of them if there are more; None: each is of somebody else.
    """

    audience: int | None
    cells: tuple[str, str, str]
    count: int
    answers: int = 0
    people: frozenset[str] | None = None


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

    `small` are the cells of too few people, `classes` the atoms between which comments can be moved.
    """

    total: int
    cells: tuple[Mapping[str, int], ...]
    hidden: tuple[Names, Names, Names] = (frozenset(), frozenset(), frozenset())
    size_hidden: bool = False
    small: tuple[Small, ...] = ()
    classes: tuple[Sequence[Atom], ...] = ()

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

    def kept_back(self, by: int, name: str) -> int:
        """How many of the comments that are counted in `ways` have to stay where they are."""
        return sum(map(_mass, _with(self.classes, by, name))) - _most(self.classes, by, name)

    def exchanged(self, audience: int, limits: Limits) -> set[str]:
        """The groups of which comments may be this audience's; none where it can differ within its pool."""
        pool = [[atom for atom in atoms if atom.audience in limits.pooled] for atoms in self.classes]
        if audience not in _present(*pool) or _range(pool, audience) >= _range_needed(pool, limits):
            return set()
        return {atom.cells[0] for atoms in self.classes if _of(atoms, audience) for atom in atoms}

    def give_back(self, group: str, taken: Counter[str]) -> None:
        """Make comments of a group be those of others from which so many were `taken`; count them off.

        Each of its audiences keeps one, and those that have none get none.
        """
        present = _present(*self.classes)
        kept = len(
            {atom.audience for atoms in self.classes for atom in atoms if atom.cells[0] == group} & present
        )
        for atoms in self.classes:
            number = sum(atom.count for atom in atoms if atom.cells[0] == group)
            left, kept = max(0, number - kept), max(0, kept - number)
            there = {atom.cells[0] for atom in atoms if atom.audience is None or atom.audience in present}
            for other in sorted(there & taken.keys()) if left else ():
                given = min(left, taken[other])
                left, taken[other] = left - given, taken[other] - given

    def with_room(self, wanted: Sequence[Small]) -> Told:
        """The same if all cells can have so many comments; else without any breakdown, and maybe the size."""
        counts = [(self.count(by, name), need) for by, name, need in wanted]
        if all(count is None or count >= need for count, need in counts):
            return self
        size = self.size_hidden or any(self.total < need for _count, need in counts)
        return replace(self.all_hidden(size=size), small=(*self.small, *wanted))

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


def people_of(atoms: Iterable[Atom]) -> int:
    """How many people comments stand for: who gave answers, and one for each other comment."""
    known, others = set[str](), 0
    for atom in atoms:
        known |= atom.people or frozenset()
        others += atom.count - (atom.answers if atom.people is not None else 0)
    return len(known) + others


def is_few(atoms: Sequence[Atom], k: int) -> bool:
    """Whether a number stands for too few people: some of its comments are answers."""
    return sum(atom.answers for atom in atoms) > 0 and people_of(atoms) < k


def hide(atoms: Sequence[Atom], limits: Limits) -> Told:
    """The numbers of one theme as they may be shown."""
    puzzle = _Puzzle(atoms, limits)
    if is_few(atoms, limits.k):
        return puzzle.told().all_hidden(size=True)
    puzzle.hide_small()
    while puzzle.gap() and puzzle.hide_one_more():
        pass
    # Where a theme of few comments occurs in each group, even its size would tell how many each has.
    return puzzle.told().all_hidden(size=True) if puzzle.gap() else puzzle.told()


@dataclass
class _Puzzle:
    """The cells of a theme while it is found out which to hide."""

    atoms: Sequence[Atom]
    limits: Limits
    hidden: list[set[str]] = field(default_factory=lambda: [set(), set(), set()])

    def __post_init__(self) -> None:
        self.total = sum(atom.count for atom in self.atoms)
        self.cells = tuple(self._sums(by) for by in range(3))
        self.small = [dict(self._small(by)) for by in range(3)]

    def _sums(self, by: int) -> Counter[str]:
        found = Counter[str]()
        for atom in self.atoms:
            found[atom.cells[by]] += atom.count
        return found

    def _small(self, by: int) -> Iterator[tuple[str, int]]:
        """Cells of too few people, and how many comments each must be able to have, as of k people."""
        # Who belongs to no known group cannot be known by it.
        for name in (name for name in self.cells[by] if name or by):
            mine = [atom for atom in self.atoms if atom.cells[by] == name]
            if is_few(mine, self.limits.k):
                yield name, self.cells[by][name] + self.limits.k - people_of(mine)

    def hide_small(self) -> None:
        """Hide what is of too few people, with what would tell it within the same breakdown."""
        untold = set() if self.limits.pool_told else {self.limits.pool}
        for by in range(3):
            self._hide(by, {*self.small[by], *(untold if by == 0 else ())})

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
            for name, need in self.small[by].items():
                yield need, classes.most(by, name)
        for audience in self.limits.pooled:
            if audience in _present(self.atoms):
                yield self._need(), classes.range(audience)

    def _need(self) -> int:
        pool = [atom for atom in self.atoms if atom.audience in self.limits.pooled]
        return _range_needed([pool], self.limits)

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
        small = tuple((by, name, need) for by in range(3) for name, need in sorted(self.small[by].items()))
        classes = tuple(_Classes.of(self.atoms, self.hidden).atoms.values())
        return Told(self.total, self.cells, (one, two, three), small=small, classes=classes)


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
        return _most(list(self.atoms.values()), by, name)

    def range(self, audience: int) -> int:
        """By how much the comments of an audience can differ."""
        return _range(list(self.atoms.values()), audience)


@dataclass(frozen=True)
class Part:
    """A sub-theme: its atoms, and those of its theme, which has at least as many comments of each."""

    atoms: Sequence[Atom]
    whole: Sequence[Atom]
    limits: Limits

    def is_safe(self, *, told: bool) -> bool:
        """Whether each small group and cell is kept; `told`: not the size only, but all breakdowns."""
        pooled = self.limits.pooled & _present(self.atoms)
        return all(self._differs(one, told=told) for one in pooled) and all(
            self._most(by, name) >= need for by, name, need in self._small()
        )

    def wanted(self) -> Iterator[Small]:
        """How many comments cells of the theme must be able to have, so that those here can be large.

        The other audiences of the theme keep one each.
        """
        for by, name, need in self._small():
            others = len(_present([atom for atom in self.whole if atom.cells[by] == name])) - 1
            yield by, name, need + others

    def _small(self) -> Sequence[Small]:
        return _Puzzle(self.atoms, self.limits).told().small

    def _most(self, by: int, name: str) -> int:
        """How many comments a cell can have had where only the size is told."""
        homes = {atom.audience for atom in self.atoms if atom.cells[by] == name}
        room = sum(atom.count for atom in self.whole if atom.cells[by] == name)
        return min(room, _mass(self.atoms) - len(_present(self.atoms) - homes))

    def _differs(self, audience: int, *, told: bool) -> bool:
        """Whether an audience that has comments can have had one more or one less of them."""
        has = Counter[int | None]()
        mine: dict[object, Counter[int | None]] = {}
        spare: dict[object, Counter[int | None]] = {}
        for atom, above in zip(self.atoms, self.whole, strict=True):
            key = atom.cells if told else None
            has[atom.audience] += atom.count
            mine.setdefault(key, Counter())[atom.audience] += atom.count
            spare.setdefault(key, Counter())[atom.audience] += above.count - atom.count
        return any(
            (has[audience] > 1 and found[audience] and spare[key][other])
            or (has[other] > 1 and found[other] and spare[key][audience])
            for key, found in mine.items()
            for other, number in has.items()
            if number and other not in (audience, None)
        )


def _most(classes: Sequence[Sequence[Atom]], by: int, name: str) -> int:
    """How many comments of a theme a cell can have had.

    An audience with comments keeps one, unless all it has could be in that cell; none gets its first.
    """
    present, there, elsewhere, inside = _present(*classes), 0, set[int | None](), set[int | None]()
    for atoms in classes:
        homes = {atom.audience for atom in atoms if atom.cells[by] == name}
        if homes & {*present, None}:
            there += _mass(atoms)
            inside |= homes & _present(atoms)
        else:
            elsewhere |= _present(atoms)
    return there - len(present - elsewhere - inside)


def _range(classes: Sequence[Sequence[Atom]], audience: int) -> int:
    """By how much the comments of an audience that had some can differ.

    They are exchanged with audiences that had some, too, or else all are those of one that had none.
    """
    has = Counter[int]()
    for atom in (atom for atoms in classes for atom in atoms):
        if atom.audience is not None:
            has[atom.audience] += atom.count
    mine, number, others = [c for c in classes if _of(c, audience)], 0, set[int]()
    for atoms in mine:
        there = {atom.audience for atom in atoms if atom.audience is not None and has[atom.audience]}
        if len(there) > 1:
            others |= there - {audience}
            number += sum(_mass(_of(atoms, one)) for one in there)
    held = [atoms for atoms in mine if _mass(_of(atoms, audience))]
    instead = any(all(_of(atoms, one) for atoms in held) for one in has if not has[one])
    return max(number - len(others) - 1, has[audience] if instead else 0)


def _range_needed(pool: Sequence[Sequence[Atom]], limits: Limits) -> int:
    """By how much the comments of each audience of the pool must be able to differ."""
    return min(limits.k, max(1, sum(map(_mass, pool)) - len(_present(*pool))))


def _of(atoms: Sequence[Atom], audience: int) -> list[Atom]:
    return [atom for atom in atoms if atom.audience == audience]


def _with(classes: Iterable[Sequence[Atom]], by: int, name: str) -> list[Sequence[Atom]]:
    return [atoms for atoms in classes if any(atom.cells[by] == name for atom in atoms)]


def _present(*classes: Sequence[Atom]) -> set[int]:
    """The audiences that have comments."""
    return {one.audience for atoms in classes for one in atoms if one.count and one.audience is not None}


def _mass(atoms: Sequence[Atom]) -> int:
    return sum(atom.count for atom in atoms)
