"""What all ways of counting the answers to a question have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from analysis.disclose import Shown, Table
from survey.formats.summary import SummaryQuestion
from survey.services.tabulating.asked import Asked
from survey.services.tabulating.codes import Code
from survey.services.tabulating.lines import Figures, Line

Weighted = Mapping[str, Mapping[str, float]]
"""Weighted shares by the dimension of a line and the id of an answer."""


@dataclass(frozen=True)
class Gate:
    """What the gate let through, its number, and weighted shares where nothing of them is hidden.

    `last` has the questions of the newest frozen summary by their ids.
    """

    shown: Mapping[str, Shown]
    k: int
    weighted: Weighted = field(default_factory=dict)
    last: Mapping[str, SummaryQuestion] = field(default_factory=dict)

    def table(self, line: Line) -> Shown:
        """The table of a line."""
        return self.shown[line.key]

    def before(self, line: Line) -> SummaryQuestion | None:
        """The line as the newest summary has it, where the gate shows the same numbers as then."""
        before, counts = self.last.get(line.id), self.table(line).counts
        same = before and all(choice.count == counts.get((choice.id,)) for choice in before.choices)
        return before if same else None


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
