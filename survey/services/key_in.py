"""Answers given on paper or by phone, typed in by staff; on wish by two people, one after the other.

Of an anonymous survey nothing may join an answer to whoever typed it. So the answer is stored first, in a
transaction of its own and by a name that comes of the number of its sheet; the audit row and the note that
the sheet is done follow in another (`finish`). A machine that stops between the two loses nothing: typing the
sheet once more finds that it is stored, and only `finish` is left to do. Until an anonymous survey is sealed,
the number of a sheet and the key of this server lead to its answer: whoever holds the paper has that anyway.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.document import parse
from survey.errors import NotFound, Refusal
from survey.models import KeyedSheet, Survey
from survey.questions import Question
from survey.questions.settings import UNSTORABLE
from survey.services import audit, live
from survey.services.drafts import Keys
from survey.services.live import LiveSurvey

SOURCES = ("paper", "phone")
MOST_NUMBER = 40
Typed = dict[str, list[str]]


class TypedBefore(Refusal):
    """The sheet of this number is stored."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _("Sheet %(number)s was typed in already. Look at its number once more.", number=number)
        )


@dataclass(frozen=True)
class Sheet:
    """What somebody typed from one sheet. The code on it is never kept."""

    number: str
    source: str
    language: str
    typed: Typed


@dataclass(frozen=True)
class Difference:
    """A question that two people have read differently."""

    question: Question
    first: Any
    second: Any


def clean_number(text: str) -> str:
    """The number of a sheet as it is kept; raise `Refusal` for none."""
    number = " ".join(text.split())
    if not number:
        raise Refusal(_("Type the number of the sheet. If it has none, write one on it."))
    if len(number) > MOST_NUMBER or UNSTORABLE.search(number):
        raise Refusal(_("Use a number of at most %(most)s characters.", most=MOST_NUMBER))
    return number


def next_number(number: str) -> str:
    """What probably comes after it; empty where that is not a number."""
    return str(int(number) + 1).zfill(len(number)) if number.isascii() and number.isdigit() else ""


def survey_for(session: Session, survey: Survey, version: int) -> LiveSurvey:
    """The survey as it is answered with the sheets of a version; 0 is the newest."""
    found = live.find(session, survey.slug)
    if not 0 < version < len(survey.versions):
        return found
    row = survey.versions[version - 1]
    return replace(found, version_id=row.id, document=parse(row.document))


def day_of(survey: LiveSurvey, today: date) -> date:
    """The day a sheet counts for: it was filled in by the last day, though it is typed in later."""
    return min(today, survey.closes_on) if survey.closes_on else today


def keys_of(secret: str, survey_id: int, number: str) -> Keys:
    """The name of the answer that a sheet becomes: the database takes each sheet once."""
    return Keys.of(secret, survey_id, f"sheet:{number.lower()}")


def waiting(session: Session, survey: Survey) -> list[KeyedSheet]:
    """Sheets that a second person is to type."""
    query = select(KeyedSheet).where(KeyedSheet.survey_id == survey.id, KeyedSheet.state == "first")
    return list(session.scalars(query.order_by(KeyedSheet.number)))


def find(session: Session, survey: Survey, number: str) -> KeyedSheet | None:
    """A sheet by its number."""
    same = func.lower(KeyedSheet.number) == number.lower()
    return session.scalar(select(KeyedSheet).where(KeyedSheet.survey_id == survey.id, same).limit(1))


def first_typing(session: Session, survey: Survey, number: str, *, by: str) -> KeyedSheet | None:
    """What somebody else typed of this sheet, if anything; raise `Refusal` when this cannot be the second."""
    sheet = find(session, survey, number)
    if sheet is None:
        return None
    if sheet.state == "stored":
        raise TypedBefore(sheet.number)
    if sheet.first_by == by:
        raise Refusal(
            _("You typed sheet %(number)s before. Somebody else has to type it again.", number=sheet.number)
        )
    return sheet


def keep_first(session: Session, survey: Survey, live_survey: LiveSurvey, sheet: Sheet, *, by: str) -> None:
    """Keep a sheet until somebody else has typed it, too."""
    session.add(
        KeyedSheet(
            id=secrets.token_hex(16),
            survey_id=survey.id,
            version_id=live_survey.version_id,
            number=sheet.number,
            source=sheet.source,
            language=sheet.language,
            typed=sheet.typed,
            first_by=by,
            state="first",
        )
    )
    session.flush()
    audit.record(session, by, "key-in.first", survey.slug, source=sheet.source)


def differences(
    questions: Sequence[Question], first: Mapping[str, Any], second: Mapping[str, Any]
) -> list[Difference]:
    """The questions whose answers differ, in their order."""
    both = ((q, first.get(q.id), second.get(q.id)) for q in questions)
    return [Difference(q, one, other) for q, one, other in both if one != other]


def settle(differing: Sequence[Difference], first: Typed, second: Typed, picked: Mapping[str, str]) -> Typed:
    """What was typed, with the first reading where that was picked; raise `Refusal` while one is open."""
    if any(picked.get(one.question.id) not in ("first", "second") for one in differing):
        raise Refusal(_("Choose what stands on the sheet for each of these questions."))
    typed = dict(second)
    for one in differing:
        if picked[one.question.id] == "first":
            typed |= {name: first.get(name, []) for name in one.question.fields()}
    return typed


def finish(session: Session, survey: Survey, number: str, source: str, language: str, *, by: str) -> None:
    """Note that a sheet is stored, in a transaction after that one; nothing of what it said is kept here."""
    # Two people may be at it at once.
    session.execute(select(Survey.id).where(Survey.id == survey.id).with_for_update())
    sheet = find(session, survey, number)
    if sheet is None:
        sheet = KeyedSheet(
            id=secrets.token_hex(16), survey_id=survey.id, number=number, source=source, language=language
        )
        sheet.version_id = survey.versions[-1].id
        session.add(sheet)
    sheet.typed, sheet.first_by, sheet.state = {}, "", "stored"
    session.flush()
    audit.record(session, by, "key-in.store", survey.slug, source=source)


def forget(session: Session, survey: Survey, sheet_id: str, *, by: str) -> str:
    """Throw away what one person typed of a sheet; returns its number. Raises `NotFound` for a stored one."""
    sheet = session.get(KeyedSheet, sheet_id[:32])
    if sheet is None or sheet.survey_id != survey.id or sheet.state == "stored":
        raise NotFound
    number = sheet.number
    session.delete(sheet)
    session.flush()
    audit.record(session, by, "key-in.forget", survey.slug)
    return number
