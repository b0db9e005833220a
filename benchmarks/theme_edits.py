"""Random sequences of what a planner may do between runs, and a check that every decision is kept.

The decisions never contradict each other: which of two contradicting ones holds is for the product to say
before it asks. Apart from that anything goes: themes with no example, comments in two themes or in none,
groups that grow, decisions that are taken back, copies of a comment that are put apart.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis import Comment, Options, Result
from analysis.decisions import Decisions
from analysis.pipeline import discover, update

NAMES = ("Safety", "Cost & fees", "Rights; freedom", "Health", "Everything else", "Niñez")
RUNS = (2, 4)
"""Fewest and most re-runs."""


@dataclass
class Board:
    """What has been decided so far."""

    placed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    themes: set[str] = field(default_factory=set)
    together: list[tuple[str, str]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)

    def decisions(self) -> Decisions:
        """Return it as the library takes it."""
        return Decisions.of(self.placed, themes=sorted(self.themes), together=self.together, apart=self.apart)

    @property
    def size(self) -> int:
        return len(self.placed) + len(self.themes) + len(self.together) + len(self.apart)

    def contradicts_itself(self) -> bool:
        """Say whether no result could keep all of it."""
        groups = group_of(self.together)
        firsts: dict[str, set[tuple[str, ...]]] = {}
        for name, themes in self.placed.items():
            firsts.setdefault(groups.get(name, name), set()).add(themes[:1])
        if any(len(found) > 1 for found in firsts.values()):
            return True

        def themes_of(name: str) -> set[str]:
            first = firsts.get(groups.get(name, name), {()})
            return set(self.placed.get(name, next(iter(first))))

        return any(groups.get(a, a) == groups.get(b, b) or themes_of(a) & themes_of(b) for a, b in self.apart)


def group_of(together: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each comment one that stands for everything it is together with."""
    head: dict[str, str] = {}
    for one, other in together:
        a, b = head.setdefault(one, one), head.setdefault(other, other)
        head.update({name: a for name, found in head.items() if found == b})
    return head


def edit(board: Board, ids: Sequence[str], draw: random.Random) -> None:
    """Make one random decision, or take one back; one that would contradict the others is not made."""
    before = (dict(board.placed), set(board.themes), list(board.together), list(board.apart))
    draw.choice((_pin, _pin, _pin, _name, _join, _join, _part, _part, _take_back))(board, ids, draw)
    if board.contradicts_itself():
        board.placed, board.themes, board.together, board.apart = before


def _pin(board: Board, ids: Sequence[str], draw: random.Random) -> None:
    number = draw.choices((0, 1, 2), weights=(1, 6, 2))[0]
    board.placed[draw.choice(ids)] = tuple(draw.sample(NAMES, number))


def _name(board: Board, ids: Sequence[str], draw: random.Random) -> None:
    board.themes.add(draw.choice(NAMES))


def _join(board: Board, ids: Sequence[str], draw: random.Random) -> None:
    board.together.append(_two(board, ids, draw))


def _part(board: Board, ids: Sequence[str], draw: random.Random) -> None:
    board.apart.append(_two(board, ids, draw))


def _two(board: Board, ids: Sequence[str], draw: random.Random) -> tuple[str, str]:
    """Choose two comments; often one that something was already decided about, or a comment and its copy."""
    known = [*board.placed, *(name for pair in (*board.together, *board.apart) for name in pair)]
    one = draw.choice(known) if known and draw.random() < 0.4 else draw.choice(ids)
    copy = f"{one} again"
    if copy in ids and draw.random() < 0.5:
        return one, copy
    return one, draw.choice([name for name in ids if name != one])


def _take_back(board: Board, ids: Sequence[str], draw: random.Random) -> None:
    kinds = [kind for kind in (board.placed, board.together, board.apart) if kind]
    if not kinds:
        return
    kind = draw.choice(kinds)
    if isinstance(kind, dict):
        del kind[draw.choice(list(kind))]
    else:
        kind.remove(draw.choice(kind))


def broken(ids: Sequence[str], result: Result, decisions: Decisions) -> list[str]:
    """Return a sentence for every decision that a result does not keep."""
    names = {theme.id: theme.label for theme in result.themes}
    found = {
        name: [names[theme] for theme, _ in placed]
        for name, placed in zip(ids, result.placements, strict=True)
    }
    return [
        *_pins_broken(found, decisions.placed),
        *_names_broken(list(names.values()), decisions),
        *_groups_broken(found, decisions.together),
        *(
            f"{a} and {b} are both in {sorted(set(found[a]) & set(found[b]))}, and were put apart"
            for a, b in decisions.apart
            if set(found[a]) & set(found[b])
        ),
    ]


def _pins_broken(found: Mapping[str, Sequence[str]], placed: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, themes in placed.items():
        if sorted(found[name]) != sorted(themes):
            yield f"{name} is in {found[name]}, and was put into {list(themes)}"


def _names_broken(labels: Sequence[str], decisions: Decisions) -> Iterator[str]:
    named = set(decisions.themes).union(*decisions.placed.values())
    for name in sorted(named):
        if labels.count(name) != 1:
            yield f"the theme {name!r} came back {labels.count(name)} times"


def _groups_broken(found: Mapping[str, Sequence[str]], together: Iterable[Iterable[str]]) -> Iterator[str]:
    for group in together:
        one, *others = sorted(group)
        for other in others:
            if found[one][:1] != found[other][:1]:
                yield f"{one} is in {found[one]}, {other} in {found[other]}, and they were put together"


@dataclass(frozen=True)
class Played:
    """What became of one sequence of edits."""

    runs: int
    decisions: int
    """Decisions checked, over all runs."""
    broken: list[str]


def play(comments: Sequence[Comment], number: int) -> Played:
    """Run, decide, let comments arrive, run again, several times; check every run."""
    draw, board = random.Random(number), Board()
    later = [comments[start :: RUNS[1]] for start in range(RUNS[1])]
    now = list(later.pop(0)) + list(later.pop(0))
    result = discover(now, Options(seed=number, resamples=0))
    wrong: list[str] = []
    checked = runs = 0
    for arrived in _arrivals(later, draw):
        for _ in range(draw.randint(1, 8)):
            edit(board, [comment.id for comment in now], draw)
        decisions = board.decisions()
        before, now = now, [*now, *arrived]
        result = update(result, before, now, Options(seed=number, resamples=0, decisions=decisions))
        wrong += broken([comment.id for comment in now], result, decisions)
        checked, runs = checked + board.size, runs + 1
    return Played(runs, checked, wrong)


def _arrivals(later: Sequence[Sequence[Comment]], draw: random.Random) -> Iterator[list[Comment]]:
    """Say what arrives before each run: a part of what is left, or nothing."""
    parts = [list(part) for part in later]
    for _ in range(draw.randint(*RUNS)):
        yield parts.pop() if parts and draw.random() < 0.6 else []
