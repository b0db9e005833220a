"""Closed questions counted, cross tables, who was heard: tables for the gate, then what it lets through.

What is counted how is in `survey/services/tabulating`, and in docs/reports-numbers.md in plain words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclose import Shown, Table
from survey.formats.summary import SummaryCross, SummaryHeard, SummaryQuestion, SummaryWave
from survey.models import Study, Survey
from survey.services import gate, targets
from survey.services.tabulating import asked, crosses, heard, waves
from survey.services.tabulating.counting import Counted, Pair, count
from survey.services.tabulating.heard import Heard
from survey.services.tabulating.kind import Gate
from survey.services.tabulating.kinds import kind_of
from survey.services.tabulating.waves import Frozen
from survey.services.tabulating.weights import Weighting, weighting


@dataclass(frozen=True)
class Told:
    """What a summary says about people, after the gate; `is_held`: how many they are is of an earlier one."""

    people: int | None = None
    responses: int | None = None
    heard: tuple[SummaryHeard, ...] = ()
    questions: tuple[SummaryQuestion, ...] = ()
    crosses: tuple[SummaryCross, ...] = ()
    waves: tuple[SummaryWave, ...] = ()
    is_held: bool = False


@dataclass(frozen=True)
class Surveyed:
    """One survey counted, with the cross tables that were asked for and how its shares are weighted."""

    counted: Counted
    crosses: tuple[Pair, ...] = ()
    weighting: Weighting | None = None

    def questions(self, shown: Mapping[str, Shown], k: int, last: Frozen | None) -> Iterator[SummaryQuestion]:
        """Its closed questions as they may be told."""
        weighted = self.weighting.shares(self.counted, shown) if self.weighting else {}
        passed = Gate(shown, k, weighted, last.by_id if last else {})
        for kind in self.counted.kinds.values():
            yield from kind.told(passed)


@dataclass(frozen=True)
class Gathered:
    """Everything counted, before the gate: `tables` go to it, `told` says what is left.

    `last` is the newest summary of the study, `earlier` that of the study of an earlier year.
    """

    tables: tuple[Table, ...] = ()
    surveys: tuple[Surveyed, ...] = ()
    heard: Heard | None = None
    last: Frozen | None = None
    earlier: Frozen | None = None
    title: str = ""
    k: int = 5

    def told(self, shown: Mapping[str, Shown]) -> Told:
        """What a summary says, from what the gate let through of each table by its key."""
        if self.heard is None:
            return Told()
        questions = tuple(
            one for survey in self.surveys for one in survey.questions(shown, self.k, self.last)
        )
        return Told(
            people=self.heard.people(shown),
            responses=self.heard.responses(shown),
            heard=tuple(self.heard.told(shown)),
            questions=questions,
            crosses=tuple(
                one for s in self.surveys for one in crosses.told(s.counted, s.crosses, shown, self.k)
            ),
            waves=tuple(waves.told(questions, self.earlier, self.title)),
            is_held=self.heard.is_held(shown),
        )


def gather(session: Session, study: Study) -> Gathered:
    """Count all that a summary of the study tells about people."""
    wanted, by = targets.of_study(session, study), targets.weights_by(session, study)
    before = _earlier_codes(gate.earlier(session, study))
    surveys = [_count(session, survey, wanted, by, before) for survey in _surveys(session, study)]
    answered = tuple(one for one in surveys if one.counted.responses)
    counted = [one.counted for one in answered]
    people = heard.gather(session, study, counted, gate.groups(session, study), wanted)
    tables = (*people.own, *(table for one in counted for table in one.tables()))
    frozen = waves.newest(session, study.id), waves.newest(session, study.earlier_id)
    return Gathered(tables, answered, people, *frozen, study.title, study.fewest_counted)


def _surveys(session: Session, study: Study) -> list[Survey]:
    return list(session.scalars(select(Survey).where(Survey.study_id == study.id).order_by(Survey.id)))


def _count(
    session: Session,
    survey: Survey,
    wanted: heard.Targets,
    by: str | None,
    before: Mapping[str, Sequence[str]],
) -> Surveyed:
    read = asked.read(session, survey)
    kinds = {one.dim: kind_of(one, before) for one in read.questions}
    asked_for = crosses.pairs(session, read)
    weights = weighting(read, by, wanted.get(by or "", {}))
    # A table that is asked for and needed for weights is counted once.
    pairs = {pair.dims: pair for pair in weights.pairs(kinds.values())} if weights else {}
    pairs.update({pair.dims: pair for pair in asked_for})
    return Surveyed(count(session, read, kinds, list(pairs.values())), tuple(asked_for), weights)


def _earlier_codes(earlier: Sequence[Sequence[Shown]]) -> dict[str, list[str]]:
    """The cells of each table as the first summary had them: classes of numbers stay the same.

    One in which nobody had given a number yet decides about no classes.
    """
    found: dict[str, list[str]] = {}
    for summary in earlier:
        for shown in summary:
            if len(shown.dims) == 1 and shown.total != 0:
                found.setdefault(shown.key, [cell[0] for cell in shown.counts])
    return found
