"""An attacker who has everything but the key, and tries to find out who gave which answers.

He holds the list of people as it was imported, the database with its hidden columns, the places of rows in
files, what was deleted but is still there, the write-ahead log, and copies from several moments. Each thing
that he can see of a person, and each that he can see of a response, is a `Trait`: it gives an order, or a
mark that may be equal on both sides. He joins people to responses by every pair of traits, forwards and
backwards; and he may rehearse on a survey of which he knows who answered what, to learn which join works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

Traits = dict[str, dict[str, Any]]
Join = dict[str, str]


@dataclass
class Evidence:
    """What is seen: traits by name, of people by their id and of responses by theirs.

    `order` traits are sorted, `marks` are compared for being equal.
    """

    people: Sequence[str]
    responses: Sequence[str]
    people_order: Traits = field(default_factory=dict)
    people_marks: Traits = field(default_factory=dict)
    response_order: Traits = field(default_factory=dict)
    response_marks: Traits = field(default_factory=dict)

    def joins(self) -> Iterator[tuple[str, Join]]:
        """Every join that can be tried, with its name."""
        for one, seen in self.people_order.items():
            for other, given in self.response_order.items():
                yield f"{one} = {other}", by_rank(seen, given)
                yield f"{one} = {other}, backwards", by_rank(seen, given, backwards=True)
        for one, seen in self.people_marks.items():
            for other, given in self.response_marks.items():
                yield f"same {one} and {other}", by_mark(seen, given)

    def see(self, whose: Traits, name: str, values: Mapping[str, Any]) -> None:
        """Add a trait, when it is there of more than a few."""
        if len(values) > 10:
            whose[name] = dict(values)


def by_rank(seen: Mapping[str, Any], given: Mapping[str, Any], *, backwards: bool = False) -> Join:
    """The first with the first, and so on."""
    left = sorted(seen, key=lambda key: (seen[key], key))
    right = sorted(given, key=lambda key: (given[key], key), reverse=backwards)
    return dict(zip(left, right, strict=False))


def by_mark(seen: Mapping[str, Any], given: Mapping[str, Any]) -> Join:
    """Whoever has the same mark; where several have, one of them is drawn."""
    there: dict[Any, list[str]] = defaultdict(list)
    for key, mark in given.items():
        there[mark].append(key)
    dice = Random(5)
    found = ((person, there.get(mark)) for person, mark in seen.items())
    return {person: dice.choice(answers) for person, answers in found if answers}


def right(join: Join, truth: Mapping[str, str]) -> int:
    """How many are joined rightly; `truth` is the response of each person."""
    return sum(truth.get(person) == response for person, response in join.items())


@dataclass(frozen=True)
class Verdict:
    """How many of the people each join gets right."""

    scores: dict[str, int]

    @property
    def best(self) -> str:
        """The join that got most right: what a rehearsal teaches."""
        return max(self.scores, key=lambda name: self.scores[name])

    @property
    def most(self) -> int:
        """How many that was."""
        return self.scores[self.best]

    @property
    def mean(self) -> float:
        """What a join gets right on average; by chance it is 1."""
        return sum(self.scores.values()) / len(self.scores)


def judge(evidence: Evidence, truth: Mapping[str, str]) -> Verdict:
    """Try all joins."""
    return Verdict({name: right(join, truth) for name, join in evidence.joins()})


def linked(
    marks: Mapping[str, Any], others: Mapping[Any, Mapping[str, Any]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Traits of something else (a ballot, a draft) that carries the mark of a response, by response."""
    names = {name for traits in others.values() for name in traits}
    for name in sorted(names):
        found = {key: others[mark][name] for key, mark in marks.items() if name in others.get(mark, {})}
        yield name, found
