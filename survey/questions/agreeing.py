"""Consent: a box to tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.questions.base import Question, Typed, only_text
from survey.questions.problems import Problem
from survey.questions.settings import Sentence, Setting, Words

AGREED = "yes"


@dataclass(frozen=True, kw_only=True)
class Consent(Question):
    """Words to agree to, and a box for it. Stored as "yes"; who does not agree stores nothing."""

    TYPE: ClassVar[str] = "consent"
    NAME: ClassVar[Sentence] = _l("Consent")
    MISSING: ClassVar[Sentence] = _l("To go on, tick “I agree”. If you do not agree, you can stop here.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "text",
            "words",
            _l("What people agree to"),
            _l("It stands above the box “I agree”. Say what you will do with the answers."),
        ),
    )

    text: Words | None = None

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *([self.text] if self.text else []))

    def understand(self, typed: Typed) -> str | None:
        value = only_text(typed, self.field)
        if value not in ("", AGREED):
            raise Problem(_("Tick the box to agree, or leave it empty."))
        return value or None

    def shown(self, value: Any, language: str) -> str:
        return str(_("I agree")) if value == AGREED else ""
