"""Who answers: one more screen, for confidential and identified surveys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _

from survey.document import Page, Screen
from survey.questions import Problem, ShortText
from survey.questions.base import Typed
from survey.services.live import LiveSurvey
from survey.services.responses import Identity

# Ids of a document begin with a letter or digit, so these cannot be taken.
NAME, EMAIL = "_name", "_email"


@dataclass(frozen=True, kw_only=True)
class PersonName(ShortText):
    """A person's name."""

    AUTOCOMPLETE: ClassVar[str] = "name"


@dataclass(frozen=True, kw_only=True)
class Email(ShortText):
    """A person's e-mail address."""

    INPUT: ClassVar[str] = "email"
    AUTOCOMPLETE: ClassVar[str] = "email"

    def understand(self, typed: Typed) -> str | None:
        text = super().understand(typed)
        if text and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", text.strip()):
            raise Problem(_("Type an e-mail address in full, such as name@city.example."))
        return text


def screens(survey: LiveSurvey, language: str) -> tuple[Screen, ...]:
    """All screens of a survey, with the one about the person at the end where the mode has it."""
    if survey.mode == "anonymous":
        return survey.document.screens
    name = PersonName(
        id=NAME, label={language: _("Your name")}, optional=survey.mode == "confidential", max_length=200
    )
    email = Email(id=EMAIL, label={language: _("Your e-mail")}, optional=True, max_length=254)
    return (*survey.document.screens, Screen((Page("_you", {language: _("About you")}, (name, email)),)))


def split(answers: Mapping[str, Any]) -> tuple[dict[str, Any], Identity | None]:
    """The answers without the person, and the person where anything was said."""
    others = {key: value for key, value in answers.items() if key not in (NAME, EMAIL)}
    name, email = answers.get(NAME, ""), answers.get(EMAIL, "")
    return others, Identity(name.strip(), email.strip()) if name or email else None
