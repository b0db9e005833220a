"""One line of figures: a closed question, or a row of a table of choices, before and after the gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analysis.disclose import Cell, Shown, Table
from survey import intervals
from survey.formats.summary import Count, SummaryChoice, SummaryQuestion
from survey.questions import Words
from survey.questions.settings import pick
from survey.services.tabulating.codes import Code

FEW_ANSWERS = 30
"""From so many answers on, an interval need not be pointed at."""
MOST_LISTED = 60
"""Of longer lists, what nobody chose is left out."""
PLACES = 9
"""Digits after the point of what is worked out: the same on every machine."""
FEW = "Few answers: read the intervals."
CHANGED = "It was asked differently in another version; answers to that are not counted here."
LEFT_OUT = "What nobody chose is left out."
Numbers = tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class Line:
    """What a line of figures is about. `codes` are in the order in which they are shown."""

    survey: str
    slug: str
    name: str
    dim: str
    type: str
    label: Words
    languages: tuple[str, ...]
    codes: tuple[Code, ...]
    several: bool = False

    @property
    def id(self) -> str:
        """How it is called in a summary: stable over waves."""
        return f"{self.slug}/{self.name}"

    @property
    def key(self) -> str:
        """How the gate calls its table."""
        return f"survey:{self.id}"

    def table(self, counts: Mapping[str, int], answered: int, *, priority: int = 3) -> Table:
        """Its table before the gate: a cell for each answer, chosen or not."""
        cells: dict[Cell, int] = {(code.id,): counts.get(code.id, 0) for code in self.codes}
        population = f"survey:{self.slug}"
        return Table(self.key, population, (self.dim,), cells, answered, not self.several, priority)

    def word(self, code_id: str) -> str:
        """An answer in the first language of the survey."""
        found = next((code.words for code in self.codes if code.id == code_id), {})
        return pick(found, self.languages)[0] or code_id

    def title(self) -> str:
        """The question in the first language of the survey."""
        return pick(self.label, self.languages)[0]


@dataclass(frozen=True)
class Figures:
    """What is told of a line besides its counts, by the id of an answer where it belongs to one."""

    numbers: Numbers = ()
    means: Mapping[str, float] = field(default_factory=dict)
    weighted: Mapping[str, float] = field(default_factory=dict)
    skipped: bool = False
    notes: tuple[str, ...] = ()


def told(line: Line, shown: Shown, k: int, figures: Figures) -> SummaryQuestion:
    """A line as a summary holds it: shares and intervals are worked out from the counts that are shown."""
    return SummaryQuestion(
        id=line.id,
        survey=line.survey,
        label=line.title(),
        type=line.type,
        answered=shown.total,
        several=line.several,
        choices=tuple(_choices(line, shown, figures)),
        numbers=figures.numbers,
        note=" ".join(_notes(line, shown, k, figures)),
        language=line.languages[0],
        labels=_other_words(line.label, line.languages),
    )


def is_whole(shown: Shown) -> bool:
    """Whether nothing of a table is hidden."""
    return shown.hidden == 0


def hidden_note(k: int) -> str:
    """The sentence that stands where the gate hid something."""
    return (
        f"Numbers that would stand for fewer than {k} people are hidden, and those that would give them away."
    )


def held_note(k: int) -> str:
    """The sentence that stands where the gate shows what it showed before."""
    return (
        f"Today's numbers would tell of fewer than {k} people; those of an earlier summary stand here again."
    )


def rounded(value: float) -> float:
    """A figure without the last digits, in which machines may differ."""
    return round(value, PLACES)


def _choices(line: Line, shown: Shown, figures: Figures) -> Iterator[SummaryChoice]:
    for code in line.codes:
        count = shown.counts.get((code.id,), 0)
        if count == 0 and len(line.codes) > MOST_LISTED:
            continue
        name = pick(code.words, line.languages)[0] or code.id
        names = _other_words(code.words, line.languages)
        mean, weighted = figures.means.get(code.id), figures.weighted.get(code.id)
        yield SummaryChoice(
            code.id, name, count, **_share(count, shown.total), mean=mean, weighted=weighted, names=names
        )


def _share(count: Count, answered: Count) -> dict[str, float]:
    if count is None or not answered:
        return {}
    interval = intervals.of_share(count, answered)
    values = {"share": count / answered, "low": interval.low, "high": interval.high}
    return {name: rounded(value) for name, value in values.items()}


def _notes(line: Line, shown: Shown, k: int, figures: Figures) -> Iterator[str]:
    if not is_whole(shown):
        yield hidden_note(k)
    if shown.held:
        yield held_note(k)
    if shown.total is not None and 0 < shown.total < FEW_ANSWERS:
        yield FEW
    if figures.skipped:
        yield CHANGED
    if len(line.codes) > MOST_LISTED:
        yield LEFT_OUT
    yield from figures.notes


def _other_words(words: Words, languages: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((tag, words[tag]) for tag in languages[1:] if tag in words)


def as_numbers(mean: float, middle: float | None, interval: intervals.Interval | None) -> Numbers:
    """Figures of numeric answers as a summary names them."""
    low, high = (interval.low, interval.high) if interval else (None, None)
    named = {"mean": mean, "median": middle, "low": low, "high": high}
    return tuple((name, None if value is None else rounded(value)) for name, value in named.items())
