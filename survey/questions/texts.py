"""Statements and free text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.questions.base import Question, Typed, only_text
from survey.questions.problems import Problem
from survey.questions.settings import Sentence, Setting

MOST_CHARACTERS = 5000
MOST_OF_EMAIL = 254
# Whether there is such an address only a message to it can tell; this finds what surely is none.
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63})+")
UNSEEN = re.compile("[\u200b-\u200f\u2066-\u2069\ufeff]")
SAME_IN_EMAIL = str.maketrans({"＠": "@", "。": ".", "．": ".", "\u00a0": " "})


@dataclass(frozen=True, kw_only=True)
class Statement(Question):
    """Words to read; nothing to answer."""

    TYPE: ClassVar[str] = "statement"
    NAME: ClassVar[Sentence] = _l("Text to read")

    def fields(self) -> tuple[str, ...]:
        return ()

    def read(self, typed: Typed) -> None:
        return None


@dataclass(frozen=True, kw_only=True)
class ShortText(Question):
    """One line of text."""

    TYPE: ClassVar[str] = "short_text"
    NAME: ClassVar[Sentence] = _l("Short text")
    MISSING: ClassVar[Sentence] = _l("Write an answer.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("max_length", "whole", _l("Most characters"), default=200, least=1, most=1000),
    )

    # For browsers that fill in a person's own details.
    INPUT: ClassVar[str] = "text"
    AUTOCOMPLETE: ClassVar[str] = ""

    max_length: int = 200

    def understand(self, typed: Typed) -> str | None:
        text = only_text(typed, self.field)
        over = len(text) - self.max_length
        if over > 0:
            raise Problem(
                _(
                    "Your answer has %(length)s characters. The most is %(most)s: make it %(over)s shorter.",
                    length=format_decimal(len(text)),
                    most=format_decimal(self.max_length),
                    over=format_decimal(over),
                )
            )
        return text if text.strip() else None


@dataclass(frozen=True, kw_only=True)
class Email(Question):
    """An e-mail address."""

    TYPE: ClassVar[str] = "email"
    NAME: ClassVar[Sentence] = _l("E-mail")
    MISSING: ClassVar[Sentence] = _l("Type an e-mail address.")
    INPUT: ClassVar[str] = "email"
    AUTOCOMPLETE: ClassVar[str] = "email"

    def understand(self, typed: Typed) -> str | None:
        address = _bare_address(only_text(typed, self.field))
        if not address:
            return None
        if len(address) > MOST_OF_EMAIL:
            raise Problem(_("An e-mail address has at most %(most)s characters.", most=MOST_OF_EMAIL))
        if "@" in address and re.search(r"\s", address):
            raise Problem(_("Type one e-mail address, without blanks in it."))
        if not EMAIL.fullmatch(address):
            raise Problem(_("Type an e-mail address in full, such as name@city.example."))
        return address


def _bare_address(text: str) -> str:
    """What was typed without what often gets around it: blanks, mailto:, <>, a comma or a full stop."""
    plain = UNSEEN.sub("", text.translate(SAME_IN_EMAIL)).strip()
    return plain.removeprefix("mailto:").strip("<>;, \t\n").rstrip(".")


@dataclass(frozen=True, kw_only=True)
class LongText(ShortText):
    """Free text, which may become a comment of the study."""

    TYPE: ClassVar[str] = "long_text"
    NAME: ClassVar[Sentence] = _l("Long text")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "max_length",
            "whole",
            _l("Most characters"),
            default=MOST_CHARACTERS,
            least=1,
            most=MOST_CHARACTERS,
        ),
        Setting(
            "comments",
            "yes",
            _l("Collect the answers as comments"),
            _l("Themes are found in comments."),
            default=True,
        ),
        Setting(
            "prompt_kind",
            "option",
            _l("What it asks for"),
            default="other",
            options=(
                ("strength", _l("A strength: what works well")),
                ("improvement", _l("An improvement: what should change")),
                ("aspiration", _l("An aspiration: what to aim for")),
                ("other", _l("Something else")),
            ),
        ),
        Setting("prompt_id", "whole", _l("Prompt of the study"), least=1, most=2**31 - 1, shown=False),
    )

    max_length: int = MOST_CHARACTERS
    comments: bool = True
    prompt_kind: Literal["strength", "improvement", "aspiration", "other"] = "other"
    prompt_id: int | None = None

    def bounds(self) -> str:
        return str(_("You can write up to %(most)s characters.", most=format_decimal(self.max_length)))

    def comment(self, value: str | None) -> str | None:
        return value if self.comments else None
