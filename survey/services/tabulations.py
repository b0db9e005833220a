"""Closed questions counted, cross tables, who was heard: first as tables for the gate, then as it lets them through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.disclose import Shown, Table
from survey.formats.summary import SummaryCross, SummaryHeard, SummaryQuestion, SummaryWave
from survey.models import Study


@dataclass(frozen=True)
class Told:
    """What a summary says about people, after the gate."""

    people: int | None = None
    responses: int | None = None
    heard: tuple[SummaryHeard, ...] = ()
    questions: tuple[SummaryQuestion, ...] = ()
    crosses: tuple[SummaryCross, ...] = ()
    waves: tuple[SummaryWave, ...] = ()


@dataclass(frozen=True)
class Gathered:
    """Everything counted, before the gate: `tables` go to it, `told` says what is left."""

    tables: tuple[Table, ...] = ()

    def told(self, shown: Mapping[str, Shown]) -> Told:
        """What a summary says, from what the gate let through of each table by its key."""
        return Told()


def gather(session: Session, study: Study) -> Gathered:
    """Count all that a summary of the study tells about people."""
    return Gathered()
