"""One pass over the responses of a survey: every closed question, who they are, and pairs of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclose import Cell, Table
from survey.models import Response
from survey.questions import Words
from survey.services.tabulating.asked import InVersion, SurveyAsked
from survey.services.tabulating.codes import Code
from survey.services.tabulating.kind import Kind
from survey.services.tabulating.lines import Line

AT_ONCE = 1000
GROUPS = ("@source", "@language", "@unit")
"""What is known of every response besides its answers, as the gate calls it."""
NOT_ANSWERED = ""
MOST_CELLS = 1000
"""A larger table of pairs is not told: nearly all of it would be hidden, and finding out what takes long."""
Value = Callable[[Mapping[str, Any]], str]
"""The code of a response in some dimension, from its answers and groups."""


@dataclass(frozen=True)
class Side:
    """One side of a pair: a question (or line of one) or a group; `codes` is empty for groups."""

    dim: str
    label: Words
    codes: tuple[Code, ...] = ()

    @property
    def is_group(self) -> bool:
        return self.dim.startswith("@")


@dataclass(frozen=True, eq=False)
class Pair:
    """Two sides that are counted together: a question, and another one or a group."""

    down: Side
    across: Side

    def key(self, slug: str) -> str:
        """How the gate calls the table."""
        return f"cross:{slug}/{self.down.dim} x {self.across.dim}"

    @property
    def dims(self) -> tuple[str, str]:
        return self.down.dim, self.across.dim

    def holds(self, down: str, across: str) -> bool:
        """Whether a response is in the table: it answered one of the questions."""
        return down != NOT_ANSWERED or (across != NOT_ANSWERED and not self.across.is_group)


@dataclass
class Counted:
    """A survey counted: `kinds` by dimension, `groups` and `pairs` with how many are in each."""

    survey: SurveyAsked
    kinds: dict[str, Kind]
    groups: dict[str, Counter[str]]
    pairs: dict[Pair, Counter[tuple[str, str]]]
    responses: int = 0

    def group_key(self, group: str) -> str:
        """How the gate calls the table of a group."""
        return f"groups:{self.survey.slug}/{group}"

    def tables(self) -> Iterator[Table]:
        """All that goes to the gate."""
        population = self.survey.population
        for group, counts in self.groups.items():
            cells: dict[Cell, int] = {(code,): counts[code] for code in sorted(counts)}
            yield Table(self.group_key(group), population, (group,), cells, self.responses, priority=2)
        for kind in self.kinds.values():
            yield from kind.tables()
        for pair, pairs in self.pairs.items():
            table = _table(self.survey, pair, pairs)
            if len(table.counts) <= MOST_CELLS:
                yield table


def _table(survey: SurveyAsked, pair: Pair, pairs: Counter[tuple[str, str]]) -> Table:
    downs, acrosses = _codes(pair.down, pairs, 0), _codes(pair.across, pairs, 1)
    cells: dict[Cell, int] = {(down, across): pairs[down, across] for down in downs for across in acrosses}
    return Table(pair.key(survey.slug), survey.population, pair.dims, cells, sum(pairs.values()), priority=1)


def _codes(side: Side, pairs: Iterable[tuple[str, str]], place: int) -> list[str]:
    """All codes of a side: those of a question in its order; "no answer" only where there is one."""
    there = {pair[place] for pair in pairs}
    listed = [code.id for code in side.codes]
    more = sorted(there.difference(listed), key=lambda code: (code == NOT_ANSWERED, code))
    return [*listed, *more]


def count(session: Session, survey: SurveyAsked, kinds: dict[str, Kind], pairs: Sequence[Pair]) -> Counted:
    """Go through the responses that count, a few at a time. `kinds` are those of the survey, by dimension."""
    counted = Counted(
        survey, kinds, {group: Counter() for group in GROUPS}, {pair: Counter() for pair in pairs}
    )
    plans = {id: _Plan.of(listed, counted) for id, listed in survey.versions.items()}
    sources, languages, units = (counted.groups[group] for group in GROUPS)
    columns = Response.version_id, Response.source, Response.language, Response.unit, Response.answers
    query = select(*columns).where(Response.survey_id == survey.id, Response.apart.is_(None))
    for version, source, language, unit, answers in session.execute(
        query.execution_options(yield_per=AT_ONCE)
    ):
        counted.responses += 1
        sources[source] += 1
        languages[language] += 1
        units[unit] += 1
        plans[version].take(answers, source, language, unit)
    if set(units) <= {""}:
        del counted.groups["@unit"]
    return counted


@dataclass(frozen=True)
class _Plan:
    """What is done with a response of one version."""

    adds: tuple[tuple[str, Callable[[Any], None]], ...]
    everybody: tuple[tuple[str, Callable[[Any], None]], ...]
    pairs: tuple[tuple[Pair, Value, Value, Counter[tuple[str, str]]], ...]

    @classmethod
    def of(cls, listed: Sequence[InVersion], counted: Counted) -> _Plan:
        kinds = [(one.id, counted.kinds[one.asked.dim], one.alike) for one in listed]
        adds = [(id, kind.add if alike else kind.skip) for id, kind, alike in kinds if not kind.EVERYBODY]
        everybody = [(id, kind.add) for id, kind, _alike in kinds if kind.EVERYBODY]
        values = _values(listed, counted.kinds)
        pairs = [
            (pair, _value(pair.down.dim, values), _value(pair.across.dim, values), pairs)
            for pair, pairs in counted.pairs.items()
        ]
        return cls(tuple(adds), tuple(everybody), tuple(pairs))

    def take(self, answers: Mapping[str, Any], source: str, language: str, unit: str) -> None:
        """Count one response."""
        for id, add in self.adds:
            value = answers.get(id)
            if value is not None:
                add(value)
        for id, add in self.everybody:
            add(answers.get(id))
        if self.pairs:
            known = {**answers, "@source": source, "@language": language, "@unit": unit}
            self._pair(known)

    def _pair(self, known: Mapping[str, Any]) -> None:
        for pair, down, across, pairs in self.pairs:
            codes = down(known), across(known)
            if pair.holds(*codes):
                pairs[codes] += 1


def _values(listed: Sequence[InVersion], kinds: Mapping[str, Kind]) -> dict[str, Value]:
    """How the code of each dimension is read from the answers to one version."""
    found: dict[str, Value] = {}
    for one in listed:
        for line in kinds[one.asked.dim].lines() if one.alike else ():
            row = line.dim.removeprefix(f"{one.asked.dim}.") if line.type == "matrix" else None
            found[line.dim] = _read_row(one.id, row) if row else _read_one(one.id, line)
    return found


def _value(dim: str, values: Mapping[str, Value]) -> Value:
    if dim.startswith("@"):
        return lambda known: str(known[dim])
    return values.get(dim, lambda _known: NOT_ANSWERED)


def _read_one(question_id: str, line: Line) -> Value:
    ids = {code.id for code in line.codes}

    def read(known: Mapping[str, Any]) -> str:
        value = known.get(question_id)
        if value is None:
            return NOT_ANSWERED
        code = str(value.get("choice", "")) if isinstance(value, Mapping) else str(value)
        return code if code in ids else NOT_ANSWERED

    return read


def _read_row(question_id: str, row: str) -> Value:
    def read(known: Mapping[str, Any]) -> str:
        value = known.get(question_id)
        return str(value.get(row, NOT_ANSWERED)) if isinstance(value, Mapping) else NOT_ANSWERED

    return read
