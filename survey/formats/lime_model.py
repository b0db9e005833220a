"""A LimeSurvey survey as its two kinds of files tell it, before it becomes one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from survey.formats.survey_maker import NOWHERE, Place

# One text a language; "" is what holds for all of them.
Texts = dict[str, str]


@dataclass(slots=True)
class Option:
    """A sub-question or an answer: its code, on which of two scales it is, and its words."""

    code: str
    scale: int = 0
    id: str = ""
    order: tuple[int, int] = (0, 0)
    texts: Texts = field(default_factory=dict)
    helps: Texts = field(default_factory=dict)
    relevance: str = ""
    validation: str = ""
    mandatory: str = ""
    default: str = ""
    score: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class OldCondition:
    """A row of the table of conditions, as LimeSurvey made them before it had formulas."""

    scenario: str
    field: str
    method: str
    value: str
    place: Place = NOWHERE


@dataclass(slots=True)
class LimeQuestion:
    """A question with all that hangs on it."""

    code: str
    type: str
    id: str = ""
    order: tuple[int, int] = (0, 0)
    texts: Texts = field(default_factory=dict)
    helps: Texts = field(default_factory=dict)
    relevance: str = ""
    validation: str = ""
    mandatory: str = ""
    other: str = ""
    default: str = ""
    attributes: dict[str, Texts] = field(default_factory=dict)
    subquestions: list[Option] = field(default_factory=list)
    answers: list[Option] = field(default_factory=list)
    conditions: list[OldCondition] = field(default_factory=list)
    place: Place = NOWHERE


@dataclass(slots=True)
class Group:
    """A page."""

    id: str = ""
    order: tuple[int, int] = (0, 0)
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    relevance: str = ""
    random: str = ""
    questions: list[LimeQuestion] = field(default_factory=list)
    place: Place = NOWHERE


@dataclass(slots=True)
class Extra:
    """Something beside the questions, such as a quota: its kind, what it is called, where it stands."""

    kind: str
    name: str
    place: Place


@dataclass(slots=True)
class LimeSurvey:
    """Everything that a file holds."""

    format: str
    settings: dict[str, str] = field(default_factory=dict)
    # Texts of the survey itself, by LimeSurvey's name of them ("surveyls_title").
    words: dict[str, Texts] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def languages(self) -> list[str]:
        """The languages as LimeSurvey names them, the first one first."""
        first = self.settings.get("language", "")
        more = self.settings.get("additional_languages", "").split()
        found = dict.fromkeys(filter(None, [first, *more]))
        if not found:
            found = dict.fromkeys(tag for texts in self.words.values() for tag in texts if tag)
        return list(found) or ["en"]


def order(text: str, at: int) -> tuple[int, int]:
    """What to sort by: the number the file gives, and its place in the file where numbers are the same."""
    return (int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 10**9, at)


def in_order(options: Iterable[Option]) -> list[Option]:
    """Options as they are shown."""
    return sorted(options, key=lambda option: option.order)
