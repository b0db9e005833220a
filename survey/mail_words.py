"""The words of a mailing: places that are filled in for each person, and what authors begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.errors import Refusal
from survey.questions import Setting

PLACES = ("name", "link", "code", "title", "last_day")
PLACE = re.compile(r"\{([a-z_]{1,20})\}")
MOST_TEXT = 5000

SUBJECT = Setting("subject", "words", _l("Subject"), _l("One line. People see it first."), most=200)
TEXT = Setting(
    "text",
    "words",
    _l("Text"),
    _l(
        "These are filled in for each person: {name}, {link}, {code}, {title}, {last_day}. "
        "The text needs {link} or {code}."
    ),
    most=MOST_TEXT,
)


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled in. Where there is nothing to put in, the space before goes too."""

    def put(found: re.Match[str]) -> str:
        return found[1] + values[found[2]] if values[found[2]] else ""

    known = "|".join(map(re.escape, values))
    return re.sub(rf"([ \u00a0]?)\{{({known})\}}", put, text) if values else text


def check(subjects: Iterable[str], texts: Iterable[str], *, has_code: bool) -> None:
    """Raise `Refusal` with what to put right in what is sent to people."""
    texts = list(texts)
    for place in PLACE.findall("\n".join([*subjects, *texts])):
        if place not in PLACES:
            known = ", ".join(f"{{{one}}}" for one in PLACES)
            raise Refusal(
                _("{%(place)s} cannot be filled in. Use one of: %(known)s.", place=place, known=known)
            )
    ways_in = {"link", "code"} if has_code else {"link"}
    if any(ways_in.isdisjoint(PLACE.findall(text)) for text in texts):
        raise Refusal(_("Put {link} into the text, or nobody can answer."))


def first_text(kind: str, mode: str, *, has_code: bool, has_last_day: bool) -> dict[str, str]:
    """Subject and text to begin with, in the language of the page."""
    parts = [_("Hello {name},"), *_body(kind, mode)]
    if has_code:
        parts.append(_("When you are asked for a code, type: {code}"))
    if has_last_day:
        parts.append(_("The last day to answer is {last_day}."))
    parts.append(_("Thank you."))
    return {"subject": _subject(kind), "text": "\n\n".join(map(str, parts))}


def _subject(kind: str) -> str:
    if kind == "reminder":
        return str(_("Reminder: {title}"))
    return str(_("You are invited: {title}"))


def _body(kind: str, mode: str) -> list[str]:
    link = _("Open this link to begin. It is for you alone:")
    if kind == "letter":
        return [
            _("We ask for your answers to “{title}”."),
            _("Point the camera of a phone at the square, or open this address:"),
            "{link}",
        ]
    if kind == "invitation":
        return [_("We ask for your answers to “{title}”."), link, "{link}"]
    if mode == "anonymous":
        return [_("Some days ago we asked for your answers to “{title}”."), link, "{link}"]
    return [_("We have no answers from you yet to “{title}”."), link, "{link}"]


def foot(kind: str, mode: str) -> str:
    """What stands under every mail, in the language of the page; `{stop}` is filled in for each person."""
    lines = []
    if kind == "reminder" and mode == "anonymous":
        lines.append(to_everybody())
    lines.append(_("If you want no more mail about this survey, open this page: {stop}"))
    return "\n\n".join(map(str, lines))


def to_everybody() -> str:
    """Why people who have answered get a reminder too."""
    return str(
        _(
            "Everybody we invited gets this reminder: the survey is anonymous, so we do not know who has "
            "answered. If you have, thank you, and nothing more is to be done."
        )
    )
