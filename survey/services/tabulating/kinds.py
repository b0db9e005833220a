"""One class each for how answers of a type of question are counted, and what is told of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from analysis.disclose import Shown, Table
from survey import intervals
from survey.formats.summary import SummaryQuestion
from survey.questions import Matrix, Scale, Words
from survey.questions.agreeing import AGREED
from survey.questions.settings import pick
from survey.services.tabulating.asked import Asked
from survey.services.tabulating.codes import codes_of, merged
from survey.services.tabulating.kind import Gate, Kind
from survey.services.tabulating.lines import Line, Numbers, as_numbers, is_whole, told
from survey.services.tabulating.measures import Ranks, Shares, Values


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

    def numbers(self, shown: Shown, k: int) -> Numbers:
        """Mean and median of a scale, worked out from the counts that are shown; nothing for words."""
        if not isinstance(self.asked.newest, Scale) or not is_whole(shown):
            return ()
        points = self.asked.newest.numbers
        counts = [(float(point), shown.counts.get((str(point),), 0) or 0) for point in points]
        if sum(count for _point, count in counts) < k:
            return ()
        mean, interval = intervals.of_counts(counts)
        middle = median([point for point, count in counts for _person in range(count)])
        return as_numbers(mean, middle, interval)

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


KINDS: dict[str, type[Kind]] = {
    **dict.fromkeys(("one_choice", "yes_no", "scale", "place"), OneOf),
    "consent": Ticked,
    "several_choices": Several,
    "matrix": Rows,
    "ranking": Ranks,
    "allocation": Shares,
    "number": Values,
}


def kind_of(asked: Asked, earlier: Mapping[str, Sequence[str]]) -> Kind:
    """What counts the answers to a question."""
    return KINDS[asked.newest.TYPE](asked, earlier)
