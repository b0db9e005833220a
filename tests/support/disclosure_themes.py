"""Made-up boards with comments of sessions and surveys, and an attacker who has all that is shown of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
from survey.services.theme_counts import Counted, ShownCounts, told

# Its types leave open what a result holds.
linprog: Any = optimize.linprog

NEAR = 1e-5
Said = tuple[int | None, str, int | None, bool, tuple[int, ...]]
"""Audience, channel, prompt, whether it is an answer to a survey, and the top themes it is in."""


@dataclass(frozen=True)
class MadeBoard:
    """A study with its comments; `parts` says for each sub-theme which theme it is part of."""

    k: int
    study: Study
    groups: Groups
    said: Sequence[Said]
    themes: Sequence[int]

    def places(self, theme: int | None = None) -> Counter[tuple[int | None, str, int | None, bool]]:
        """Comments of a theme, or all, by where they come from."""
        return Counter(one[:4] for one in self.said if theme is None or theme in one[4])

    def shown(self) -> ShownCounts:
        """What the gate lets through."""
        none = Counter(one[:4] for one in self.said if not one[4])
        counted = Counted(self.places(), {theme: self.places(theme) for theme in self.themes}, none)
        return told(self.study, cast(Board, self.board()), self.groups, counted)

    def board(self) -> Any:
        """As much of a board as is looked at."""
        sizes = {theme: self.places(theme).total() for theme in self.themes}
        live = [SimpleNamespace(id=id, size=size, parent=None, children=()) for id, size in sizes.items()]
        totals = Counter(str(one[0]) for one in self.said)
        return SimpleNamespace(live=live, totals=totals)

    def shown_openly(self) -> ShownCounts:
        """What a gate would let through that hides small numbers and nothing else."""
        whole = self.shown()
        open_ = {}
        for id, theme in whole.themes.items():
            open_[id] = type(theme)(
                sum(self.places(id).values()),
                *(
                    tuple((name, self._open(id, by, name)) for name, _c in pairs)
                    for by, pairs in _rows(theme)
                ),
            )
        totals = Counter(self.groups.name(one[0]) for one in self.said)
        return ShownCounts(tuple((name, totals[name]) for name, _count in whole.audiences), open_)

    def _open(self, theme: int, by: int, name: str) -> int | None:
        count, answers = self.cell(theme, by, name)
        return None if answers and 0 < count < self.k else count

    def cell(self, theme: int, by: int, name: str) -> tuple[int, int]:
        """How many comments a cell has, and how many of them are answers."""
        mine = [one for one in self.said if theme in one[4] and self.name(by, one) == name]
        return len(mine), sum(one[3] for one in mine)

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
    return MadeBoard(k, study, groups, said, themes)


def _pooled(random: Random, ids: list[int]) -> set[int]:
    return set(random.sample(ids, random.choice([0, 2, 2, 3]) if len(ids) > 2 else 0))


def _speak(random: Random, audience: int, themes: list[int], study: Study, small: bool) -> Iterator[Said]:
    channels = random.sample(["session", "survey", "import"], random.choice([1, 1, 2]))
    prompts: list[int | None] = [prompt.id for prompt in study.prompts if random.random() < 0.7] or [None]
    weights = [random.choice([0, 0.3, 1, 4]) for _ in themes]
    twice, nowhere = random.choice([0, 0, 0.2]), random.choice([0, 0.05, 0.3])
    for _ in range(random.randint(1, 12) if small else random.randint(4, 90)):
        channel = random.choice(channels)
        found = set(random.choices(themes, weights)) if sum(weights) and random.random() >= nowhere else set()
        if found and random.random() < twice:
            found.add(random.choice(themes))
        yield audience, channel, random.choice(prompts), channel == "survey", tuple(sorted(found))


class _Attack:
    """Unknowns: comments by theme and atom; those in no theme, and those in several, by group."""

    def __init__(self, made: MadeBoard, shown: ShownCounts) -> None:
        self.made, self.shown = made, shown
        self.atoms = sorted({one[:3] for one in made.said}, key=repr)
        self.groups = sorted({made.name(0, one) for one in made.said})
        self.size = len(made.themes) * len(self.atoms) + 2 * len(self.groups)
        self.equal: list[tuple[Any, float]] = []
        self.upper: list[tuple[Any, float]] = []
        self._themes()
        self._totals()

    def row(self, theme: int, inside: Sequence[bool]) -> Any:
        """A row that sums up atoms of a theme."""
        row = np.zeros(self.size)
        start = self.made.themes.index(theme) * len(self.atoms)
        row[start : start + len(self.atoms)] = inside
        return row

    def cell(self, theme: int, by: int, name: str) -> Any:
        """The row of a cell."""
        return self.row(theme, [self.made.name(by, atom) == name for atom in self.atoms])

    def _themes(self) -> None:
        for id, theme in self.shown.themes.items():
            if theme.size is not None:
                self.equal.append((self.row(id, [True] * len(self.atoms)), theme.size))
            for by, pairs in _rows(theme):
                self.equal += [(self.cell(id, by, name), n) for name, n in pairs if n is not None]

    def total(self, group: str) -> Any:
        """The row of all comments of a group: in themes, and in none, less those in several."""
        row = sum((self.cell(theme, 0, group) for theme in self.made.themes), np.zeros(self.size))
        place = self.groups.index(group)
        row[-2 * len(self.groups) + place], row[-len(self.groups) + place] = 1, -1
        return row

    def _totals(self) -> None:
        self.equal += [(self.total(name), n) for name, n in self.shown.audiences if n is not None]
        self.equal.append((sum(map(self.total, self.groups)), len(self.made.said)))
        none = np.zeros(self.size)
        none[-2 * len(self.groups) : -len(self.groups)] = 1
        self.equal.append((none, sum(not one[4] for one in self.made.said)))
        for theme in self.made.themes:
            self.upper += [(self.cell(theme, 0, name) - self.total(name), 0) for name in self.groups]

    def ends(self, row: Any) -> tuple[float, float]:
        """The least and the most that a sum can be."""
        found = [self._least(sign * row) for sign in (1, -1)]
        return found[0], -found[1]

    def _least(self, cost: Any) -> float:
        found = linprog(
            cost,
            A_eq=np.array([row for row, _value in self.equal]),
            b_eq=[value for _row, value in self.equal],
            A_ub=np.array([row for row, _value in self.upper]),
            b_ub=[value for _row, value in self.upper],
            method="highs",
        )
        assert found.status in (0, 3), found.message
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
            count, answers = made.cell(theme, by, name)
            if answers and 0 < count < made.k:
                yield f"{name} has {count}", attack.cell(theme, by, name), False
    whole = [one for one in made.said if theme in one[4]]
    if any(one[3] for one in whole) and 0 < len(whole) < made.k:
        yield f"it has {len(whole)}", attack.row(theme, [True] * len(attack.atoms)), False
    # Of groups that are counted together none may be told, however many comments it has.
    for audience in made.groups.pooled:
        mine = sum(one[0] == audience and theme in one[4] for one in made.said)
        if mine:
            inside = [atom[0] == audience for atom in attack.atoms]
            yield f"group {audience} has {mine}", attack.row(theme, inside), True
