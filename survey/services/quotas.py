"""Closing at a number of answers, and quotas: at most so many answers with one choice.

Both are counted in the transaction that stores an answer, while the row of the survey is held: so answers
that come at the same moment follow one another, and the number is never passed. Answers that are set apart
for a person to look at do not count, so that spam fills no quota.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, Text, func, literal, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from survey.document import Document
from survey.errors import Closed, Refusal
from survey.models import Response
from survey.questions import Question

RESPONSE = cast(Table, Response.__table__)
COUNTED = ("one_choice", "several_choices", "yes_no", "place")
MOST_QUOTAS = 50
MOST_ANSWERS = 1_000_000


class Full(Closed):
    """There are as many answers as the survey takes; `quota` names the choice where it is about one."""

    def __init__(self, quota: Quota | None = None) -> None:
        super().__init__(_("This survey has as many answers as it can take."))
        self.quota = quota


@dataclass(frozen=True)
class Quota:
    """At most so many answers in which this choice was made."""

    question: str
    choice: str
    most: int

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Quota:
        """As a survey keeps it."""
        return cls(raw["question"], raw["choice"], raw["most"])

    def to_dict(self) -> dict[str, Any]:
        """For the survey."""
        return {"question": self.question, "choice": self.choice, "most": self.most}

    def is_about(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers make the choice."""
        return self.choice in chosen(answers.get(self.question))


@dataclass(frozen=True)
class Filled:
    """How full a quota is, or the whole survey where `quota` is None."""

    count: int
    most: int
    quota: Quota | None = None

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return min(1.0, self.count / self.most) if self.most else 1.0


def chosen(value: Any) -> frozenset[str]:
    """The choices in an answer, however the kind of question stores them."""
    if isinstance(value, Mapping):
        return chosen(value.get("choices", value.get("choice")))
    if isinstance(value, str):
        return frozenset([value])
    return frozenset(value) if isinstance(value, Sequence) else frozenset()


def check(
    session: Session,
    survey_id: int,
    closing_number: int | None,
    quotas: Iterable[Mapping[str, Any]],
    answers: Mapping[str, Any],
) -> None:
    """Raise `Full` when these answers would be one too many. Hold the survey's row before."""
    if closing_number is not None and count(session, survey_id) >= closing_number:
        raise Full
    full = first_full(session, survey_id, quotas, answers)
    if full is not None:
        raise Full(full)


def first_full(
    session: Session, survey_id: int, quotas: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]
) -> Quota | None:
    """The first quota these answers fall under that has no room left."""
    concerned = (quota for quota in map(Quota.of, quotas) if quota.is_about(answers))
    return next((quota for quota in concerned if count(session, survey_id, quota) >= quota.most), None)


def count(session: Session, survey_id: int, quota: Quota | None = None) -> int:
    """How many answers count so far: all, or those with one choice."""
    query = select(func.count()).where(RESPONSE.c.survey_id == survey_id, RESPONSE.c.apart.is_(None))
    if quota is not None:
        query = query.where(_makes(session, quota))
    return session.scalar(query) or 0


def _makes(session: Session, quota: Quota) -> ColumnElement[bool]:
    """The condition that an answer makes a choice, in the words of each database."""
    if session.get_bind().dialect.name == "postgresql":
        value = as_type(RESPONSE.c.answers[quota.question], JSONB)
        choice = func.to_jsonb(as_type(literal(quota.choice), Text))
        return or_(*(part.op("@>")(choice) for part in (value, value["choice"], value["choices"])))
    path = f'$."{quota.question}"'
    answers = as_type(RESPONSE.c.answers, Text)
    return or_(
        func.json_extract(answers, path) == quota.choice,
        func.json_extract(answers, f"{path}.choice") == quota.choice,
        _listed(answers, path, quota.choice),
        _listed(answers, f"{path}.choices", quota.choice),
    )


def _listed(answers: ColumnElement[str], path: str, choice: str) -> ColumnElement[bool]:
    """Whether a list in JSON has the choice in it (SQLite)."""
    values = func.json_each(answers, path).table_valued("value")
    is_list = func.json_type(answers, path) == "array"
    return is_list & select(values.c.value).where(values.c.value == choice).exists()


def filled(
    session: Session, survey_id: int, closing_number: int | None, quotas: Iterable[Mapping[str, Any]]
) -> list[Filled]:
    """How full everything is: the whole survey first."""
    whole = [Filled(count(session, survey_id), closing_number)] if closing_number is not None else []
    parts = [(quota, count(session, survey_id, quota)) for quota in map(Quota.of, quotas)]
    return whole + [Filled(number, quota.most, quota) for quota, number in parts]


def possible(document: Document) -> list[Question]:
    """The questions on whose choices there can be a quota."""
    return [question for question in document.answerable if question.TYPE in COUNTED]


def options(question: Question) -> list[str]:
    """The choices of a question on which there can be a quota."""
    if question.TYPE == "yes_no":
        return ["yes", "no"]
    other = ["other"] if getattr(question, "other", False) else []
    return [choice.id for choice in getattr(question, "choices", ())] + other


def read(document: Document, wanted: Sequence[Quota], before: Sequence[Quota]) -> list[dict[str, Any]]:
    """Quotas as a survey keeps them; raise `Refusal` for a new one that cannot be."""
    if len(wanted) > MOST_QUOTAS:
        raise Refusal(_("A survey can have at most %(most)s quotas.", most=MOST_QUOTAS))
    there = {question.id: options(question) for question in possible(document)}
    for quota in (one for one in wanted if one not in before):
        if quota.choice not in there.get(quota.question, ()):
            raise Refusal(_("Choose a question and one of its choices from the list."))
        check_number(quota.most)
    if len({(quota.question, quota.choice) for quota in wanted}) < len(wanted):
        raise Refusal(_("There is a quota for this choice already. Change its number."))
    return [quota.to_dict() for quota in wanted]


def check_number(number: int) -> None:
    """Raise `Refusal` for a number of answers that cannot be meant."""
    if not 1 <= number <= MOST_ANSWERS:
        raise Refusal(_("Type a whole number of answers from 1 to %(most)s.", most=MOST_ANSWERS))
