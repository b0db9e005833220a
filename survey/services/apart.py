"""Responses that were set apart: to be read, and taken in or kept apart by a person. None is ever dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey.document import Document, parse
from survey.errors import Stale
from survey.models import Response, Survey
from survey.questions.settings import pick
from survey.services import audit, live, responses
from survey.services.drafts import Keys
from survey.services.ids import is_one_of
from survey.services.responses import Submission

REASONS = {
    "hidden_field": _l("A field was filled in that people cannot see."),
    "quick": _l("It came faster than a person can read and answer."),
    "same": _l("The very same answers came several times within an hour."),
    "many": _l("Many responses came from the same network within an hour."),
}
KEPT = "kept:"
"""Begins `Response.apart` once a person has decided that a response stays apart."""
PAGE_SIZE = 20


@dataclass(frozen=True)
class Totals:
    """How many responses wait for a person, and how many stay apart for good."""

    waiting: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Line:
    """A question and what was answered, in words."""

    question: str
    answer: str


@dataclass(frozen=True)
class Told:
    """A response that was set apart; nothing of who sent it or when."""

    id: str
    reason: str
    lines: list[Line]


@dataclass(frozen=True)
class Page:
    """One page of them; `found` counts those on all pages."""

    responses: list[Told]
    found: int
    number: int
    of: int


def totals(session: Session, survey_ids: Sequence[int]) -> dict[int, Totals]:
    """How many responses of these surveys are apart."""
    columns = (Response.survey_id, Response.apart)
    query = select(*columns, func.count()).where(
        Response.survey_id.in_(survey_ids), Response.apart.is_not(None)
    )
    found: dict[int, Totals] = {}
    for survey_id, why, number in session.execute(query.group_by(*columns)):
        before = found.get(survey_id, Totals())
        kept = number if why and why.startswith(KEPT) else 0
        found[survey_id] = Totals(before.waiting + number - kept, before.kept + kept)
    return found


def page(session: Session, survey: Survey, number: int, *, kept: bool) -> Page:
    """Those that wait, or those that stay apart; in the order of their random names."""
    which = (Response.survey_id == survey.id, _kept() if kept else _waiting())
    found = session.scalar(select(func.count()).select_from(Response).where(*which)) or 0
    pages = max(1, -(-found // PAGE_SIZE))
    number = min(max(1, number), pages)
    query = select(Response).where(*which).order_by(Response.id)
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    documents = {version.id: parse(version.document) for version in survey.versions}
    return Page([_told(row, documents[row.version_id]) for row in rows], found, number, pages)


def _kept() -> ColumnElement[bool]:
    return Response.apart.startswith(KEPT)


def _waiting() -> ColumnElement[bool]:
    return Response.apart.is_not(None) & ~Response.apart.startswith(KEPT)


def _told(response: Response, document: Document) -> Told:
    code = (response.apart or "").removeprefix(KEPT)
    reason = str(REASONS.get(code) or _("It was set apart."))
    return Told(response.id, reason, list(_lines(response.answers, document)))


def _lines(answers: dict[str, Any], document: Document) -> Iterator[Line]:
    language = document.languages[0]
    for question in document.answerable:
        if question.id in answers:
            label = pick(question.label, document.languages)[0]
            yield Line(label, question.shown(answers[question.id], language))


def take_in(session: Session, survey: Survey, ids: Collection[str], *, by: str) -> int:
    """Let responses count like all others, and make their comments; how many they are."""
    found = _held(session, survey, ids)
    reasons = _reasons(found)
    documents = {version.id: parse(version.document) for version in survey.versions}
    for response in found:
        response.apart = None
        _add_comments(session, survey, response, documents[response.version_id])
    session.flush()
    audit.record(session, by, "responses.take-in", survey.slug, number=len(found), reasons=reasons)
    return len(found)


def keep(session: Session, survey: Survey, ids: Collection[str], *, by: str) -> int:
    """Leave responses apart for good; how many they are. They can still be taken in later."""
    found = [one for one in _held(session, survey, ids) if not (one.apart or "").startswith(KEPT)]
    if not found:
        raise _overtaken()
    reasons = _reasons(found)
    for response in found:
        response.apart = f"{KEPT}{response.apart}"
    session.flush()
    audit.record(session, by, "responses.keep-apart", survey.slug, number=len(found), reasons=reasons)
    return len(found)


def _held(session: Session, survey: Survey, ids: Collection[str]) -> list[Response]:
    """Those of the ids that are apart now, held until the transaction ends; raise `Stale` for none."""
    query = select(Response).where(
        Response.survey_id == survey.id, Response.apart.is_not(None), is_one_of(session, Response.id, ids)
    )
    found = list(session.scalars(query.order_by(Response.id).with_for_update()))
    if not found:
        raise _overtaken()
    return found


def _overtaken() -> Stale:
    return Stale(_("Somebody else has decided about this already. Load the page again."))


def _reasons(found: list[Response]) -> dict[str, int]:
    return dict(Counter((response.apart or "").removeprefix(KEPT) for response in found))


def _add_comments(session: Session, survey: Survey, response: Response, document: Document) -> None:
    """The comments that sending made of all other responses."""
    told = replace(live.find(session, survey.slug), version_id=response.version_id, document=document)
    keys = Keys(draft="", response=response.id)
    responses.add_comments(session, told, Submission(keys, response.answers, response.language, response.day))
