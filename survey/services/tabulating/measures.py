"""Questions whose answers are measured besides being counted: ranks, sums shared out, numbers.

Means are worked out from what each person gave, not from the counts beside them. So they are told only where
these counts are of today and whole; where the gate shows those of an earlier summary, its means are told
again.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from analysis.disclose import Table
from survey import intervals
from survey.formats.summary import SummaryQuestion
from survey.questions import Number, Words
from survey.questions.settings import pick
from survey.services.tabulating import classes, guards
from survey.services.tabulating.codes import Code, codes_of
from survey.services.tabulating.kind import Gate, Kind
from survey.services.tabulating.lines import Line, Numbers, as_numbers, is_whole, rounded, told

NO_MEANS = "Means are left out: they would tell what a few people gave."


@dataclass(frozen=True)
class Measured:
    """Figures of the whole question, and means by the id of an answer."""

    numbers: Numbers = ()
    means: Mapping[str, float] = field(default_factory=dict)


class Measuring(Kind):
    """Answers that are measured as well."""

    @property
    def one(self) -> Line:
        """Its only line."""
        raise NotImplementedError

    def measure(self, k: int) -> Measured | None:
        """The figures; None where they would tell what fewer than `k` people gave."""
        raise NotImplementedError

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        shown = gate.table(self.one)
        found = self._measured(gate)
        notes = (NO_MEANS,) if found is None and shown.total != 0 else ()
        found = found or Measured()
        figures = self.figures(gate, self.one, numbers=found.numbers, means=found.means, notes=notes)
        yield told(self.one, shown, gate.k, figures)

    def _measured(self, gate: Gate) -> Measured | None:
        shown = gate.table(self.one)
        if shown.held:
            before = gate.before(self.one)
            return _of_then(before) if before else None
        return self.measure(gate.k) if is_whole(shown) else None


def _of_then(before: SummaryQuestion) -> Measured | None:
    means = {choice.id: choice.mean for choice in before.choices if choice.mean is not None}
    return Measured(before.numbers, means) if before.numbers or means else None


class Ranks(Measuring):
    """A ranking: how many put each thing first, and its mean rank among those who ranked it."""

    def prepare(self) -> None:
        self._line = self.line(codes_of(self.asked))
        self.ranks: defaultdict[str, Counter[int]] = defaultdict(Counter)

    @property
    def one(self) -> Line:
        return self._line

    def add(self, value: Any) -> None:
        if isinstance(value, list):
            for rank, thing in enumerate(value, start=1):
                self.ranks[thing][rank] += 1

    def tables(self) -> Iterator[Table]:
        first = {code.id: self.ranks[code.id][1] for code in self.one.codes}
        yield self.one.table(first, sum(first.values()))

    def measure(self, k: int) -> Measured | None:
        """All means or none: what they add up to is known, so one left out could be worked out."""
        last = max((max(ranks, default=1) for ranks in self.ranks.values()), default=1)
        means = {}
        for code in self.one.codes:
            everyone = {rank: self.ranks[code.id][rank] for rank in range(1, last + 1)}
            people = sum(everyone.values())
            if people and not guards.hides_few(everyone, k):
                return None
            if people:
                means[code.id] = rounded(sum(rank * count for rank, count in everyone.items()) / people)
        return Measured(means=means)


class Shares(Measuring):
    """A sum shared out: how many gave a thing something, and the mean of what all gave it."""

    def prepare(self) -> None:
        self._line = self.line(codes_of(self.asked), several=True)
        self.given: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self.answered = 0

    @property
    def one(self) -> Line:
        return self._line

    def add(self, value: Any) -> None:
        if isinstance(value, dict) and value:
            self.answered += 1
            for thing, number in value.items():
                if number:
                    self.given[thing].append(number)

    def tables(self) -> Iterator[Table]:
        yield self.one.table({thing: len(given) for thing, given in self.given.items()}, self.answered)

    def measure(self, k: int) -> Measured | None:
        if any(guards.is_dominated(given) for given in self.given.values()):
            return None
        things = [code.id for code in self.one.codes] if self.answered else []
        return Measured(means={one: rounded(math.fsum(self.given[one]) / self.answered) for one in things})


class Values(Measuring):
    """Numbers: counts in classes, mean and median. Eight bytes are kept of each answer."""

    def prepare(self) -> None:
        self.values = array("d")
        self._line: Line | None = None

    def add(self, value: Any) -> None:
        if isinstance(value, int | float):
            self.values.append(value)

    def _whole(self) -> bool:
        return all(isinstance(one, Number) and one.decimals == 0 for one in self.asked.readings)

    @property
    def one(self) -> Line:
        """Its line, once all numbers are there: they decide about the classes, if no summary has."""
        if self._line is None:
            plain, whole = self.line(()), self._whole()
            before = self.earlier.get(plain.key)
            self.edges = classes.edges_of(before) if before else classes.edges_for(self.values, whole=whole)
            named = zip(classes.codes(self.edges), classes.words(self.edges, whole=whole), strict=True)
            self._line = replace(plain, codes=tuple(Code(*one) for one in named), label=self._label())
        return self._line

    def _label(self) -> Words:
        """The question with the unit of its numbers."""
        newest = self.asked.newest
        unit = newest.unit if isinstance(newest, Number) else None
        if not unit:
            return newest.label
        return {tag: f"{text} ({pick(unit, (tag,))[0]})" for tag, text in newest.label.items()}

    def tables(self) -> Iterator[Table]:
        yield self.one.table(classes.counted(self.values, self.edges), len(self.values))

    def measure(self, k: int) -> Measured | None:
        if len(self.values) < k or guards.is_dominated(self.values):
            return None
        mean, interval = intervals.of_mean(self.values)
        # The median is what one or two people wrote: only among many does it say nothing about them.
        middle = median(self.values) if len(self.values) >= 2 * k else None
        return Measured(as_numbers(mean, middle, interval))
