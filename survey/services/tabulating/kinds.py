"""One class each for how answers of a type of question are counted, and what is told of them."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, ClassVar

from analysis.disclose import Shown, Table
from survey import intervals
from survey.formats.summary import SummaryQuestion
from survey.questions import Number, Scale, YesNo
from survey.questions.agreeing import AGREED
from survey.questions.choices import Choosing
from survey.questions.choosing import OTHER
from survey.questions.matrix import Matrix
from survey.questions.scales import DO_NOT_KNOW, NOT_SAID
from survey.questions.settings import Words, pick
from survey.services.tabulating import classes, guards
from survey.services.tabulating.asked import Asked
from survey.services.tabulating.built_in import in_languages
from survey.services.tabulating.lines import Code, Figures, Line, is_whole, merged, rounded, told

Weighted = Mapping[str, Mapping[str, float]]
"""Weighted shares by the dimension of a line and the id of an answer."""


@dataclass(frozen=True)
class Gate:
    """What the gate let through, its number, and weighted shares where nothing of them is hidden."""

    shown: Mapping[str, Shown]
    k: int
    weighted: Weighted = field(default_factory=dict)

    def table(self, line: Line) -> Shown:
        """The table of a line."""
        return self.shown[line.key]


class Kind:
    """Counts the answers to one question."""

    # Whether those who gave no answer are counted, too.
    EVERYBODY: ClassVar[bool] = False

    def __init__(self, asked: Asked, earlier: Mapping[str, Sequence[str]]) -> None:
        self.asked, self.skipped = asked, 0
        self.earlier = earlier
        self.prepare()

    def prepare(self) -> None:
        """Set up what is counted."""
        raise NotImplementedError

    def add(self, value: Any) -> None:
        """Count one stored answer."""
        raise NotImplementedError

    def skip(self, value: Any) -> None:
        """Pass over an answer to another reading of the question."""
        self.skipped += 1

    def tables(self) -> Iterator[Table]:
        """What goes to the gate."""
        raise NotImplementedError

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        """What is left."""
        raise NotImplementedError

    def lines(self) -> tuple[Line, ...]:
        """Its lines in which each person is in exactly one cell: they can be crossed and weighted."""
        return ()

    def line(self, codes: tuple[Code, ...], *, several: bool = False) -> Line:
        """The line of the whole question."""
        asked, newest = self.asked, self.asked.newest
        about = (asked.survey, asked.slug, asked.name, asked.dim, newest.TYPE, newest.label, asked.languages)
        return Line(*about, codes, several)

    def figures(self, gate: Gate, line: Line, **more: Any) -> Figures:
        """What is told besides counts."""
        return Figures(weighted=gate.weighted.get(line.dim, {}), skipped=self.skipped > 0, **more)


class OneOf(Kind):
    """Each person gives one answer out of a few."""

    def prepare(self) -> None:
        self.counts: Counter[Any] = Counter()
        self.one = self.line(codes_of(self.asked))

    def add(self, value: Any) -> None:
        if isinstance(value, dict):
            value = value.get("choice")
        self.counts[value] += 1

    def _counted(self) -> dict[str, int]:
        found = {str(value): count for value, count in self.counts.items()}
        return {code.id: found.get(code.id, 0) for code in self.one.codes}

    def tables(self) -> Iterator[Table]:
        counted = self._counted()
        yield self.one.table(counted, sum(counted.values()))

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        shown = gate.table(self.one)
        numbers = self.numbers(shown, gate.k)
        yield told(self.one, shown, gate.k, self.figures(gate, self.one, numbers=numbers))

    def numbers(self, shown: Shown, k: int) -> tuple[tuple[str, float | None], ...]:
        """Mean and median of a scale, worked out from the counts that are shown; nothing for words."""
        if not isinstance(self.asked.newest, Scale) or not is_whole(shown):
            return ()
        points = self.asked.newest.numbers
        counts = [(float(point), shown.counts.get((str(point),), 0) or 0) for point in points]
        if sum(count for _point, count in counts) < k:
            return ()
        mean, interval = intervals.of_counts(counts)
        middle = median([point for point, count in counts for _person in range(count)])
        return _as_numbers(mean, middle, interval)

    def lines(self) -> tuple[Line, ...]:
        return (self.one,)


class Ticked(Kind):
    """Agreement: who ticked the box, of all who sent a version that asked for it."""

    EVERYBODY = True

    def prepare(self) -> None:
        self.ticked = self.everybody = 0
        self.one = self.line(codes_of(self.asked), several=True)

    def add(self, value: Any) -> None:
        self.everybody += 1
        self.ticked += value == AGREED

    def tables(self) -> Iterator[Table]:
        yield self.one.table({AGREED: self.ticked}, self.everybody)

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        figures = self.figures(gate, self.one, notes=(OF_ALL,))
        yield told(self.one, gate.table(self.one), gate.k, figures)


OF_ALL = "The share is of all who sent the survey."


class Several(Kind):
    """Each person gives any number of answers."""

    def prepare(self) -> None:
        self.counts: Counter[str] = Counter()
        self.answered = 0
        self.one = self.line(codes_of(self.asked), several=True)

    def add(self, value: Any) -> None:
        chosen = value.get("choices") if isinstance(value, dict) else value
        if isinstance(chosen, list) and chosen:
            self.answered += 1
            self.counts.update(set(chosen))

    def tables(self) -> Iterator[Table]:
        yield self.one.table(self.counts, self.answered)

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        yield told(self.one, gate.table(self.one), gate.k, self.figures(gate, self.one))


class Rows(Kind):
    """A table of choices: a line of figures for each of its lines."""

    def prepare(self) -> None:
        matrices = [reading for reading in self.asked.readings if isinstance(reading, Matrix)]
        codes = codes_of(self.asked)
        whole = self.line(codes)
        self.rows = {
            row.id: replace(
                whole,
                name=f"{whole.name}.{row.id}",
                dim=f"{whole.dim}.{row.id}",
                label=_joined(whole.label, row.words, whole.languages),
            )
            for row in merged(matrix.rows for matrix in matrices)
        }
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, value: Any) -> None:
        for row, chosen in value.items() if isinstance(value, dict) else ():
            self.counts[row][chosen] += 1

    def tables(self) -> Iterator[Table]:
        for row, line in self.rows.items():
            counted = {code.id: self.counts[row][code.id] for code in line.codes}
            yield line.table(counted, sum(counted.values()))

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        for line in self.rows.values():
            yield told(line, gate.table(line), gate.k, self.figures(gate, line))

    def lines(self) -> tuple[Line, ...]:
        return tuple(self.rows.values())


def _joined(label: Words, row: Words, languages: tuple[str, ...]) -> Words:
    """Question and line in one, in each language that has either."""
    tags = [tag for tag in languages if tag in label or tag in row]
    return {tag: f"{pick(label, (tag,))[0]} – {pick(row, (tag,))[0]}" for tag in tags}


class Ranks(Kind):
    """A ranking: how many put each thing first, and its mean rank among those who ranked it."""

    def prepare(self) -> None:
        self.one = self.line(codes_of(self.asked))
        self.ranks: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add(self, value: Any) -> None:
        if isinstance(value, list):
            for rank, thing in enumerate(value, start=1):
                self.ranks[thing][rank] += 1

    def tables(self) -> Iterator[Table]:
        first = {code.id: self.ranks[code.id][1] for code in self.one.codes}
        yield self.one.table(first, sum(first.values()))

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        shown = gate.table(self.one)
        means = self._means(gate.k) if is_whole(shown) else {}
        note = () if means or not shown.total else (NO_RANKS,)
        yield told(self.one, shown, gate.k, self.figures(gate, self.one, means=means, notes=note))

    def _means(self, k: int) -> dict[str, float]:
        """All of them or none: what they add up to is known, so one left out could be worked out."""
        last = max((max(ranks, default=1) for ranks in self.ranks.values()), default=1)
        means = {}
        for thing, ranks in self.ranks.items():
            everyone = {rank: ranks[rank] for rank in range(1, last + 1)}
            if not guards.hides_few(everyone, k):
                return {}
            people = sum(everyone.values())
            means[thing] = rounded(sum(rank * count for rank, count in everyone.items()) / people)
        return means


NO_RANKS = "Mean ranks are left out: they would tell the ranks that a few people gave."
NO_MEANS = "Means are left out: they would tell what a few people gave."


class Shares(Kind):
    """A sum shared out: how many gave a thing something, and the mean of what all gave it."""

    def prepare(self) -> None:
        self.one = self.line(codes_of(self.asked), several=True)
        self.given: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self.answered = 0

    def add(self, value: Any) -> None:
        if isinstance(value, dict) and value:
            self.answered += 1
            for thing, number in value.items():
                if number:
                    self.given[thing].append(number)

    def tables(self) -> Iterator[Table]:
        yield self.one.table({thing: len(given) for thing, given in self.given.items()}, self.answered)

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        shown = gate.table(self.one)
        may = is_whole(shown) and not any(guards.is_dominated(given) for given in self.given.values())
        means = self._means() if may and self.answered else {}
        note = (NO_MEANS,) if self.answered and not may else ()
        yield told(self.one, shown, gate.k, self.figures(gate, self.one, means=means, notes=note))

    def _means(self) -> dict[str, float]:
        things = [code.id for code in self.one.codes]
        return {thing: rounded(math.fsum(self.given[thing]) / self.answered) for thing in things}


class Numbers(Kind):
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
            plain = self.line(())
            before = self.earlier.get(plain.key)
            self.edges = (
                classes.edges_of(before) if before else classes.edges_for(self.values, whole=self._whole())
            )
            named = zip(
                classes.codes(self.edges), classes.words(self.edges, whole=self._whole()), strict=True
            )
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

    def told(self, gate: Gate) -> Iterator[SummaryQuestion]:
        shown = gate.table(self.one)
        may = is_whole(shown) and len(self.values) >= gate.k and not guards.is_dominated(self.values)
        note = (NO_MEANS,) if self.values and not may else ()
        numbers = self._numbers(gate.k) if may else ()
        yield told(self.one, shown, gate.k, self.figures(gate, self.one, numbers=numbers, notes=note))

    def _numbers(self, k: int) -> tuple[tuple[str, float | None], ...]:
        mean, interval = intervals.of_mean(self.values)
        # The median is what one or two people wrote: only among many does it say nothing about them.
        middle = median(self.values) if len(self.values) >= 2 * k else None
        return _as_numbers(mean, middle, interval)


def _as_numbers(
    mean: float, middle: float | None, interval: intervals.Interval | None
) -> tuple[tuple[str, float | None], ...]:
    low, high = (interval.low, interval.high) if interval else (None, None)
    named = {"mean": mean, "median": middle, "low": low, "high": high}
    return tuple((name, None if value is None else rounded(value)) for name, value in named.items())


def codes_of(asked: Asked) -> tuple[Code, ...]:
    """The answers that can be chosen in any reading of a question, in the order of the newest."""
    newest, tags = asked.newest, asked.languages
    if isinstance(newest, Scale):
        return (*_points(newest), *_offered(asked, DO_NOT_KNOW, "Don’t know"))
    if isinstance(newest, YesNo):
        both = (Code("yes", in_languages("Yes", tags)), Code("no", in_languages("No", tags)))
        return (*both, *_offered(asked, NOT_SAID, "Prefer not to say"))
    listed = merged(reading.choices for reading in asked.readings if isinstance(reading, Choosing))
    if newest.TYPE == "consent":
        return (Code(AGREED, in_languages("I agree", tags)),)
    has_other = any(getattr(reading, "other", False) for reading in asked.readings)
    if has_other and all(code.id != OTHER for code in listed):
        return (*listed, Code(OTHER, in_languages("Other", tags)))
    return listed


def _points(scale: Scale) -> Iterator[Code]:
    ends = {scale.numbers[0]: scale.low or {}, scale.numbers[-1]: scale.high or {}}
    for point in scale.numbers:
        words = {tag: f"{point} – {text}" for tag, text in ends.get(point, {}).items()}
        yield Code(str(point), words)


def _offered(asked: Asked, stored: str, sentence: str) -> tuple[Code, ...]:
    """A way not to answer, where any reading offers it."""
    there = any(getattr(reading, "no_answer", False) for reading in asked.readings)
    return (Code(stored, in_languages(sentence, asked.languages)),) if there else ()


KINDS: dict[str, type[Kind]] = {
    **dict.fromkeys(("one_choice", "yes_no", "scale", "place"), OneOf),
    "consent": Ticked,
    "several_choices": Several,
    "matrix": Rows,
    "ranking": Ranks,
    "allocation": Shares,
    "number": Numbers,
}


def kind_of(asked: Asked, earlier: Mapping[str, Sequence[str]]) -> Kind:
    """What counts the answers to a question."""
    return KINDS[asked.newest.TYPE](asked, earlier)
