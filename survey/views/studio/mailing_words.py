"""What the pages of mailings say: kinds, states, first texts, and the words around a mailing by language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import request
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey import mail_words
from survey.i18n import LANGUAGES, language, locale_of
from survey.languages import language_name, match
from survey.models import Invitee, Mailing, Survey
from survey.questions import Setting
from survey.services import addressed
from survey.services.mailings import Around
from survey.web import settings

KINDS = {"invitation": _l("Invitation"), "reminder": _l("Reminder"), "letter": _l("Letter on paper")}
WHOM = {
    "invitation": (
        ("new", _l("People who have had nothing yet")),
        ("all", _l("Everybody on the list with an e-mail address")),
    ),
    "reminder": (),
    "letter": (("no_email", _l("People without an e-mail address")), ("all", _l("Everybody on the list"))),
}


def settings_of(kind: str) -> tuple[Setting, ...]:
    """What is asked of whoever writes a mailing."""
    options = WHOM[kind]
    whom = Setting("whom", "option", _l("Who gets it"), default="new", options=options)
    return (*([whom] if options else []), mail_words.SUBJECT, mail_words.TEXT)


@contextmanager
def spoken(tag: str) -> Iterator[bool]:
    """Sentences in this language, where the program speaks it; whether it does."""
    own = match([tag], LANGUAGES)
    with force_locale(locale_of(own or language())):
        yield own is not None


def first_values(survey: Survey, kind: str) -> dict[str, Any]:
    """What a new mailing begins with: a text in every language of the survey that the program speaks."""
    values: dict[str, Any] = {"subject": {}, "text": {}, "whom": WHOM[kind][0][0] if WHOM[kind] else "new"}
    for tag in survey.document["languages"]:
        with spoken(tag) as speaks:
            if speaks:
                texts = mail_words.first_text(
                    kind,
                    survey.mode,
                    has_code=survey.access == "code",
                    has_last_day=survey.closes_on is not None,
                )
                values["subject"][tag], values["text"][tag] = texts["subject"], texts["text"]
    return values


def around(survey: Survey, kind: str) -> Around:
    """What stands around a mailing and in its places, as of now."""
    tags = tuple(survey.document["languages"])
    foot, days = {}, {}
    for tag in dict.fromkeys((*tags, *LANGUAGES)):
        with spoken(tag) as speaks:
            if speaks or tag == tags[0]:
                foot[tag] = mail_words.foot(kind, survey.mode)
                if survey.closes_on:
                    days[tag] = format_date(survey.closes_on, "long")
    return Around(request.url_root, tags, survey.document["title"], days, foot)


def samples(survey: Survey, mailing: Mailing) -> list[tuple[str, str, Any]]:
    """What a person would get who does not exist: by language, tag and name first."""
    words = {**mailing.words, **around(survey, mailing.kind).words()}
    make = addressed.letter_to if mailing.kind == "letter" else addressed.mail_to
    return [
        (tag, language_name(tag), make(words, survey, sample(survey, tag), settings().secret_key))
        for tag in mailing.words["text"]
    ]


def sample(survey: Survey, tag: str, email: str = "") -> Invitee:
    """A person who does not exist. Their code opens nothing."""
    return Invitee(
        id="sample", survey_id=survey.id, name=str(_("Sample Person")), email=email, address="", language=tag
    )
