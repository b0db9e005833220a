"""Made-up boards with comments of sessions and surveys, and an attacker who has all that is shown of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from scipy import optimize

from survey.board import Board
from survey.formats.summary import SMALL_GROUPS
from survey.models import Audience, Prompt, Study
from survey.services.gate import Groups
from survey.services.theme_counts import Counted, ShownCounts, Tally, told

# Its types leave open what a result holds.
milp: Any = optimize.milp

NEAR = 1e-5
Said = tuple[int | None, str, int | None, bool, tuple[int, ...], str]
"""Audience, channel, prompt, whether it is an answer to a survey, the themes it is in, and who said it."""


@dataclass(frozen=True)
class MadeBoard:
    """A study with its comments; `above` says for each sub-theme which theme it is part of."""

    k: int
    study: Study
    groups: Groups
    said: Sequence[Said]
    themes: Sequence[int]
    above: Mapping[int, int]

    @property
    def tops(self) -> list[int]:
        """The themes that are part of no other."""
        return [theme for theme in self.themes if theme not in self.above]

    def tally(self, said: Iterable[Said]) -> Tally:
        """Comments by where they come from."""
        tally = Tally()
        for one in said:
            tally.add(one[:4], 1, {one[5]} if one[3] else (), self.k)
        return tally

    def of(self, theme: int) -> list[Said]:
        """The comments of a theme."""
        return [one for one in self.said if theme in one[4]]

    def shown(self) -> ShownCounts:
        """What the gate lets through."""
        none = self.tally(one for one in self.said if not one[4])
        themes = {theme: self.tally(self.of(theme)) for theme in self.themes}
        counted = Counted(self.tally(self.said), themes, none)
        return told(self.study, cast(Board, self.board()), self.groups, counted)

    def raised(self, theme: int) -> int:
        """In how many groups a theme occurs, which is shown beside it."""
        return len({one[0] for one in self.said if theme in one[4] and one[0] is not None})

    def board(self) -> Any:
        """As much of a board as is looked at."""
        sizes = {theme: len(self.of(theme)) for theme in self.themes}
        live = [
            SimpleNamespace(
                id=id,
                size=size,
                parent=self.above.get(id),
                children=tuple(part for part, whole in self.above.items() if whole == id),
            )
            for id, size in sizes.items()
        ]
        totals = Counter("" if one[0] is None else str(one[0]) for one in self.said)
        return SimpleNamespace(live=live, totals=totals)

    def shown_openly(self) -> ShownCounts:
        """What a gate would let through that hides small numbers and nothing else."""
        whole = self.shown()
        open_ = {}
        for id, theme in whole.themes.items():
            open_[id] = type(theme)(
                len(self.of(id)),
                *(
                    tuple((name, self._open(id, by, name)) for name, _c in pairs)
                    for by, pairs in _rows(theme)
                ),
            )
        totals = Counter(self.groups.name(one[0]) or "" for one in self.said)
        return ShownCounts(tuple((name, totals[name]) for name, _count in whole.audiences), open_, totals[""])

    def _open(self, theme: int, by: int, name: str) -> int | None:
        count, is_small = self.cell(theme, by, name)
        return None if is_small else count

    def cell(self, theme: int, by: int, name: str) -> tuple[int, bool]:
        """How many comments a cell has, and whether they are answers among others of too few people."""
        mine = [one for one in self.of(theme) if self.name(by, one) == name]
        return len(mine), self.is_small(mine)

    def is_small(self, said: Sequence[Said]) -> bool:
        """Whether some of these are answers, and all are of fewer than k people."""
        return any(one[3] for one in said) and len({one[5] for one in said}) < self.k

    def name(self, by: int, one: Said | tuple[Any, ...]) -> str:
        """The cell of a comment: its group, channel or prompt."""
        prompts = {prompt.id: prompt.text for prompt in self.study.prompts}
        return (self.groups.name(one[0]) or "", one[1], prompts[one[2]] if one[2] else "No prompt")[by]


def _rows(theme: Any) -> list[tuple[int, Any]]:
    return [(0, theme.by_audience), (1, theme.by_channel), (2, theme.by_prompt)]


def make(random: Random) -> MadeBoard:
    """A board of two to five themes that two to five groups spoke of."""
    k = random.choice([3, 5, 5, 10])
    study = Study(title="Made", slug="made", fewest_counted=k)
    study.audiences = [Audience(id=n, name=f"G{n}", position=n) for n in range(1, random.randint(3, 6))]
    study.prompts = [Prompt(id=n, text=f"P{n}", position=n) for n in range(1, random.randint(2, 4))]
    pooled = _pooled(random, [audience.id for audience in study.audiences])
    names = {a.id: SMALL_GROUPS if a.id in pooled else a.name for a in study.audiences}
    groups = Groups(names, dict.fromkeys(names), fewest_counted=k, pool_told=random.random() < 0.8)
    themes = list(range(1, random.randint(3, 6)))
    said = [one for a in study.audiences for one in _speak(random, a.id, themes, study, a.id in pooled)]
    if random.random() < 0.3:
        said += _speak(random, None, themes, study, True)
    above = {10 * theme + n: theme for theme in themes if random.random() < 0.2 for n in (1, 2)}
    said = [(*one[:4], _with_parts(random, one[4], above), one[5]) for one in said]
    return MadeBoard(k, study, groups, said, [*themes, *above], above)


def _with_parts(random: Random, found: tuple[int, ...], above: Mapping[int, int]) -> tuple[int, ...]:
    parts = [part for part, whole in above.items() if whole in found and random.random() < 0.4]
    return (*found, *parts)


def _pooled(random: Random, ids: list[int]) -> set[int]:
    return set(random.sample(ids, random.choice([0, 2, 2, 3]) if len(ids) > 2 else 0))


def _speak(
    random: Random, audience: int | None, themes: list[int], study: Study, small: bool
) -> Iterator[Said]:
    channels = random.sample(["session", "survey", "import"], random.choice([1, 1, 2]))
    prompts: list[int | None] = [prompt.id for prompt in study.prompts if random.random() < 0.7] or [None]
    weights = [random.choice([0, 0.3, 1, 4]) for _ in themes]
    again, people = random.choice([0, 0, 0.5]), list[str]()
    twice, nowhere = random.choice([0, 0, 0.2]), random.choice([0, 0.05, 0.3])
    for number in range(random.randint(1, 12) if small else random.randint(4, 90)):
        channel = random.choice(channels)
        found = set(random.choices(themes, weights)) if sum(weights) and random.random() >= nowhere else set()
        if found and random.random() < twice:
            found.add(random.choice(themes))
        # Who answered a survey may have answered several of its questions.
        before = channel == "survey" and people and random.random() < again
        person = random.choice(people) if before else f"{audience}-{number}"
        people += [person] if channel == "survey" else []
        yield audience, channel, random.choice(prompts), channel == "survey", tuple(sorted(found)), person


class _Attack:
    """Unknowns: comments by theme and atom; those in no theme, and those in several, by group; and whether a
    theme occurs in an audience, for in how many it does is told."""

    def __init__(self, made: MadeBoard, shown: ShownCounts) -> None:
        self.made, self.shown = made, shown
        self.atoms = sorted({one[:3] for one in made.said}, key=repr)
        self.groups = sorted({made.name(0, one) for one in made.said})
        self.audiences = sorted({one[0] for one in made.said if one[0] is not None})
        self.counts = len(made.themes) * len(self.atoms) + 2 * len(self.groups)
        self.size = self.counts + len(made.themes) * len(self.audiences)
        self.known: list[tuple[Any, float, float]] = []
        self._themes()
        self._totals()
        self._breadth()
        self._parts()
        rows, low, high = zip(*self.known, strict=True)
        self.bounds = optimize.LinearConstraint(np.array(rows), low, high)
        self.whole = np.arange(self.size) >= self.counts
        self.variables = optimize.Bounds(0, np.where(self.whole, 1, np.inf))

    def row(self, theme: int, inside: Sequence[bool]) -> Any:
        """A row that sums up atoms of a theme."""
        row = np.zeros(self.size)
        start = self.made.themes.index(theme) * len(self.atoms)
        row[start : start + len(self.atoms)] = inside
        return row

    def cell(self, theme: int, by: int, name: str) -> Any:
        """The row of a cell."""
        return self.row(theme, [self.made.name(by, atom) == name for atom in self.atoms])

    def of_audience(self, theme: int, audience: int | None) -> Any:
        """The row of an audience, which may be counted together with others."""
        return self.row(theme, [atom[0] == audience for atom in self.atoms])

    def _equal(self, row: Any, value: float) -> None:
        self.known.append((row, value, value))

    def _themes(self) -> None:
        for id, theme in self.shown.themes.items():
            if theme.size is not None:
                self._equal(self.row(id, [True] * len(self.atoms)), theme.size)
            for by, pairs in _rows(theme):
                for name, n in pairs:
                    if n is not None:
                        self._equal(self.cell(id, by, name), n)

    def total(self, group: str) -> Any:
        """The row of all comments of a group: in themes, and in none, less those in several."""
        row = sum((self.cell(theme, 0, group) for theme in self.made.tops), np.zeros(self.size))
        place = self.counts - 2 * len(self.groups) + self.groups.index(group)
        row[place], row[place + len(self.groups)] = 1, -1
        return row

    def _totals(self) -> None:
        for name, n in self.shown.audiences:
            if n is not None:
                self._equal(self.total(name), n)
        self._equal(sum(map(self.total, self.groups)), len(self.made.said))
        if "" in self.groups and self.shown.of_no_group is not None:
            self._equal(self.total(""), self.shown.of_no_group)
        none = np.zeros(self.size)
        none[self.counts - 2 * len(self.groups) : self.counts - len(self.groups)] = 1
        self._equal(none, sum(not one[4] for one in self.made.said))
        for theme in self.made.themes:
            for name in self.groups:
                self.known.append((self.cell(theme, 0, name) - self.total(name), -np.inf, 0))

    def _breadth(self) -> None:
        for place, theme in enumerate(self.made.themes):
            start = self.counts + place * len(self.audiences)
            raised = np.zeros(self.size)
            raised[start : start + len(self.audiences)] = 1
            self._equal(raised, self.made.raised(theme))
            for offset, audience in enumerate(self.audiences):
                least, most = self.of_audience(theme, audience), self.of_audience(theme, audience)
                least[start + offset], most[start + offset] = -1, -len(self.made.said)
                self.known += [(least, 0, np.inf), (most, -np.inf, 0)]

    def _parts(self) -> None:
        for part, whole in self.made.above.items():
            for place in range(len(self.atoms)):
                inside = [other == place for other in range(len(self.atoms))]
                self.known.append((self.row(part, inside) - self.row(whole, inside), -np.inf, 0))

    def ends(self, row: Any) -> tuple[float, float]:
        """The least and the most that a sum can be."""
        found = [self._least(sign * row) for sign in (1, -1)]
        return found[0], -found[1]

    def _least(self, cost: Any) -> float:
        found = milp(cost, constraints=self.bounds, integrality=self.whole, bounds=self.variables)
        assert found.status in (0, 3, 4), found.message
        return float(found.fun) if found.status == 0 else -np.inf


def leaks(made: MadeBoard, shown: ShownCounts) -> tuple[int, list[str]]:
    """How many small numbers there were, and which can be concluded."""
    attack, found, targets = _Attack(made, shown), [], 0
    for id in made.themes:
        for words, row, is_group in _secrets(made, attack, id):
            targets += 1
            low, high = attack.ends(row)
            if high - low < NEAR or (not is_group and high < made.k - NEAR and low > 1 - NEAR):
                found.append(f"theme {id}, {words}: between {low:.2f} and {high:.2f}")
    return targets, found


def _secrets(made: MadeBoard, attack: _Attack, theme: int) -> Iterator[tuple[str, Any, bool]]:
    for by in range(3):
        for name in sorted({made.name(by, one) for one in made.said}):
            count, is_small = made.cell(theme, by, name)
            if is_small and (name or by):
                yield f"{name} has {count}", attack.cell(theme, by, name), False
    if made.is_small(made.of(theme)):
        yield f"it has {len(made.of(theme))}", attack.row(theme, [True] * len(attack.atoms)), False
    # Of groups that are counted together none may be told, however many comments it has.
    for audience in made.groups.pooled:
        mine = sum(one[0] == audience for one in made.of(theme))
        if mine:
            yield f"group {audience} has {mine}", attack.of_audience(theme, audience), True
