"""How many responses came when, and who gave them where the mode of the survey says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import Respondent, Response, Survey

FEWEST = 5
MOST_BARS = 60
MOST_RESPONDENTS = 2000


@dataclass(frozen=True)
class Span:
    """Some days on end, the last one included, and how many responses came on them."""

    first: date
    last: date
    responses: int


@dataclass(frozen=True)
class Who:
    """One respondent of a confidential or identified survey."""

    name: str
    email: str
    received_at: datetime | None


def totals(session: Session, survey_ids: Sequence[int]) -> dict[int, int]:
    """How many responses each of these surveys has; those set apart are in `apart.totals`."""
    column = Response.survey_id
    query = select(column, func.count()).where(column.in_(survey_ids), Response.apart.is_(None))
    query = query.group_by(column)
    return dict(session.execute(query).all())


def by_day(session: Session, survey: Survey, first: date, last: date) -> list[Span]:
    """Responses from the first day to the last. Of an anonymous survey no span has fewer than `FEWEST`."""
    counted = (Response.survey_id == survey.id, Response.apart.is_(None))
    query = select(Response.day, func.count()).where(*counted).group_by(Response.day)
    days = dict(session.execute(query).all())
    first, last = min([first, *days]), max([last, *days])
    return spans(days, first, last, FEWEST if survey.mode == "anonymous" else 0)


def spans(days: Mapping[date, int], first: date, last: date, fewest: int) -> list[Span]:
    """The days in equal spans, at most `MOST_BARS`; one with fewer than `fewest` joins its neighbour.

    No span is left when all days together have fewer: they would give away when somebody answered.
    """
    width = -(-((last - first).days + 1) // MOST_BARS)
    found: list[Span] = []
    for span in _equal(days, first, last, width):
        found.append(span if not found or found[-1].responses >= fewest else _join(found.pop(), span))
    if len(found) > 1 and found[-1].responses < fewest:
        found[-2:] = [_join(*found[-2:])]
    return found if found[-1].responses >= fewest else []


def _join(one: Span, other: Span) -> Span:
    return Span(one.first, other.last, one.responses + other.responses)


def _equal(days: Mapping[date, int], first: date, last: date, width: int) -> list[Span]:
    starts = [first + timedelta(n) for n in range(0, (last - first).days + 1, width)]
    ends = [min(start + timedelta(width - 1), last) for start in starts]
    return [
        Span(start, end, sum(n for day, n in days.items() if start <= day <= end))
        for start, end in zip(starts, ends, strict=True)
    ]


def respondents(session: Session, survey: Survey) -> list[Who]:
    """Who answered a confidential or identified survey, newest first; nobody for an anonymous one."""
    query = (
        select(Respondent.name, Respondent.email, Response.received_at)
        .join(Response, Response.respondent_id == Respondent.id)
        .where(Response.survey_id == survey.id, Response.mode != "anonymous")
        .order_by(Response.received_at.desc(), Respondent.id)
        .limit(MOST_RESPONDENTS)
    )
    return [Who(*row) for row in session.execute(query)]
