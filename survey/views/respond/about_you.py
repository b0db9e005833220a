"""Who answers: one more screen, for confidential and identified surveys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _

from survey.questions import Email, ShortText
from survey.screens import Page, Screen
from survey.services.live import LiveSurvey
from survey.services.responses import Identity

# Ids of a document begin with a letter or digit, so these cannot be taken.
NAME, EMAIL = "_name", "_email"


@dataclass(frozen=True, kw_only=True)
class PersonName(ShortText):
    """A person's name."""

    AUTOCOMPLETE: ClassVar[str] = "name"


def screens(survey: LiveSurvey, language: str) -> tuple[Screen, ...]:
    """All screens of a survey, with the one about the person at the end where the mode has it.

    Where a code says who answers, nobody is asked.
    """
    if survey.mode == "anonymous" or survey.access == "code":
        return survey.document.screens
    name = PersonName(
        id=NAME, label={language: _("Your name")}, optional=survey.mode == "confidential", max_length=200
    )
    email = Email(id=EMAIL, label={language: _("Your e-mail")}, optional=True)
    return (*survey.document.screens, Screen((Page("_you", {language: _("About you")}, (name, email)),)))


def split(answers: Mapping[str, Any]) -> tuple[dict[str, Any], Identity | None]:
    """The answers without the person, and the person where anything was said."""
    others = {key: value for key, value in answers.items() if key not in (NAME, EMAIL)}
    name, email = answers.get(NAME, ""), answers.get(EMAIL, "")
    return others, Identity(name.strip(), email.strip()) if name or email else None
