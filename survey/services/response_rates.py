"""How many of those invited have answered: in all, and by unit where nobody can be picked out.

No unit is shown of which fewer than `FEWEST` are invited or have answered; these are counted together, and
with the smallest of the others when they are too few still, so that subtracting from the whole gives nothing.
Who looks at an anonymous survey twice could subtract the two looks: there, units are told in steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import AuditRow, Invitee, Response, Survey
from survey.services import ballots

FEWEST = ballots.FEWEST
CLOSED = "surveys.close"


@dataclass(frozen=True)
class Rate:
    """Invited and answered; `unit` is None for all units that are counted together."""

    unit: str | None
    invited: int
    answered: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return min(1.0, self.answered / self.invited) if self.invited else 0.0


@dataclass(frozen=True)
class Rates:
    """The whole, and its units. `few`: fewer than `FEWEST` have answered, and nothing more is told."""

    whole: Rate
    units: tuple[Rate, ...] = ()
    few: bool = False
    in_steps: bool = False


Numbers = Mapping[str, int]


def of_survey(session: Session, survey: Survey) -> Rates | None:
    """The rates of a survey; None while nobody is invited."""
    invited, answered = _numbers(session, survey)
    whole = Rate(None, sum(invited.values()), sum(answered.values()))
    if not whole.invited:
        return None
    if whole.answered < FEWEST:
        return Rates(Rate(None, whole.invited, 0), few=True)
    in_steps = survey.mode == "anonymous"
    units = by_unit(invited, answered)
    return Rates(whole, tuple(map(_stepped, units)) if in_steps else tuple(units), in_steps=in_steps)


def by_unit(invited: Numbers, answered: Numbers) -> list[Rate]:
    """What may be shown, the units that are counted together last; empty when that would be all of them."""
    all_of_them = [Rate(unit, invited[unit], answered.get(unit, 0)) for unit in sorted(invited)]
    shown = [rate for rate in all_of_them if rate.unit and _is_large(rate)]
    shown.sort(key=lambda rate: (rate.answered, rate.invited))
    rest = [rate for rate in all_of_them if rate not in shown]
    while rest and shown and not _is_large(_together(rest)):
        rest.append(shown.pop(0))
    if not shown:
        return []
    shown.sort(key=lambda rate: rate.unit or "")
    return [*shown, _together(rest)] if rest else shown


def _is_large(rate: Rate) -> bool:
    return rate.invited >= FEWEST and rate.answered >= FEWEST


def _together(rates: list[Rate]) -> Rate:
    return Rate(None, sum(rate.invited for rate in rates), sum(rate.answered for rate in rates))


def _stepped(rate: Rate) -> Rate:
    """The number of answers, down to the last step: two looks differ by nobody or by `FEWEST`."""
    return Rate(rate.unit, rate.invited, rate.answered - rate.answered % FEWEST)


def _numbers(session: Session, survey: Survey) -> tuple[Numbers, Numbers]:
    """Invited and answered by unit, from what the mode of the survey leaves to be known."""
    if survey.access != "code":
        return {"": _count(session, survey)}, {"": sum(_responses(session, survey).values())}
    if survey.mode != "anonymous":
        return _people(session, survey), _people(session, survey, Invitee.answered.is_(True))
    if not survey.versions:
        return _people(session, survey), {}
    answered = _responses(session, survey)
    if survey.sealed:
        return _written_down(session, survey), answered
    return _add(ballots.unused(session, survey.id), answered), answered


def by_ballot(session: Session, survey: Survey) -> dict[str, Any]:
    """How many ballots there were, by recorded unit, for the audit row of closing: no names."""
    if survey.access != "code":
        return {}
    return {"ballots": _add(ballots.unused(session, survey.id), _responses(session, survey))}


def _written_down(session: Session, survey: Survey) -> Numbers:
    query = select(AuditRow.details).where(AuditRow.action == CLOSED, AuditRow.object == survey.slug)
    details = session.scalar(query.order_by(AuditRow.number.desc()).limit(1)) or {}
    found: Numbers = details.get("ballots", {})
    return found


def _add(one: Numbers, other: Numbers) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))


def _responses(session: Session, survey: Survey) -> dict[str, int]:
    query = select(Response.unit, func.count()).where(Response.survey_id == survey.id)
    return dict(session.execute(query.group_by(Response.unit)).all())


def _people(session: Session, survey: Survey, *conditions: Any) -> dict[str, int]:
    query = select(Invitee.unit, func.count()).where(Invitee.survey_id == survey.id, *conditions)
    return dict(session.execute(query.group_by(Invitee.unit)).all())


def _count(session: Session, survey: Survey) -> int:
    return sum(_people(session, survey).values())
