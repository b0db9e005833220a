"""A mailing as one person gets it: the words in their language with their link, and a way to get no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from survey.errors import NotFound
from survey.mail import Mail
from survey.mail_words import fill
from survey.models import Invitee, Survey
from survey.questions.settings import pick
from survey.services import invitees

SALT = "no more mail"


@dataclass(frozen=True)
class Letter:
    """The words for one person. `code` is empty where the survey asks for none."""

    name: str
    address: str
    subject: str
    text: str
    language: str
    link: str
    code: str


def letter_to(words: Mapping[str, Any], survey: Survey, invitee: Invitee, secret: str) -> Letter:
    """A mailing for one person; `words` are those of its row."""
    spoken = (invitee.language, *words["languages"]) if invitee.language else tuple(words["languages"])
    text, language = pick(words["text"], spoken)
    wanted = (language, *words["languages"])
    link = invitees.link_of(secret, survey, invitee, words["root"])
    code = invitees.code_of(secret, survey, invitee) if survey.access == "code" else ""
    values = {
        "name": invitee.name,
        "link": link,
        "code": code,
        "title": pick(words["title"], wanted)[0],
        "last_day": pick(words["last_day"], wanted)[0] if words["last_day"] else "",
    }
    subject = fill(pick(words["subject"], wanted)[0], values)
    return Letter(invitee.name, invitee.address, subject, fill(text, values), language, link, code)


def mail_to(words: Mapping[str, Any], survey: Survey, invitee: Invitee, secret: str) -> Mail:
    """The same as mail, with the foot that lets the person out."""
    letter = letter_to(words, survey, invitee, secret)
    stop = f"{words['root'].rstrip('/')}/stop/{stop_token(secret, invitee.id)}"
    foot = fill(pick(words["foot"], (letter.language, *words["languages"]))[0], {"stop": stop})
    text = f"{letter.text}\n\n-- \n{foot}\n"
    return Mail(invitee.email, letter.subject, text, letter.language, letter.name, stop)


def stop_token(secret: str, invitee_id: str) -> str:
    """What the link in a mail carries; it cannot be made without the key, and leads to no code."""
    return str(URLSafeSerializer(secret, salt=SALT).dumps(invitee_id))


def person_of(session: Session, secret: str, token: str) -> Invitee:
    """Whose link this is; raise `NotFound` for one not made here, or of somebody taken off the list."""
    try:
        found = session.get(Invitee, str(URLSafeSerializer(secret, salt=SALT).loads(token[:200])))
    except BadSignature:
        found = None
    if found is None:
        raise NotFound
    return found


def stop(invitee: Invitee) -> None:
    """Write to this person no more."""
    invitee.state = "stopped"
