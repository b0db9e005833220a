"""Choices: how a document writes them, and what all questions with a list of them have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey import conditions
from survey.conditions import Condition
from survey.questions.base import Holds, Question, read_id
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import READERS, Setting, Words, read_whole, read_words

MOST_CHOICES = 500
CHOICE_LABEL = Setting("label", "words", _l("Text of a choice"), most=300)
AUDIENCE = Setting("audience_id", "whole", _l("Audience of a choice"), least=1, most=2**31 - 1)
EXCLUSIVE = Setting("exclusive", "yes", _l("None of these"), default=False)
CHOICE_KEYS = frozenset({"id", "label", "audience_id", "exclusive", "show_if"})


@dataclass(frozen=True)
class Choice:
    """One answer to choose. Where choices are the audiences of the study, publishing sets `audience_id`."""

    id: str
    label: Words
    audience_id: int | None = None
    # Nothing else can be chosen with it: "none of these".
    exclusive: bool = False
    show_if: Condition | None = None

    def to_document(self) -> dict[str, Any]:
        """As it stands in the document; what is not set is left out."""
        plain: dict[str, Any] = {"id": self.id, "label": dict(self.label)}
        if self.audience_id is not None:
            plain["audience_id"] = self.audience_id
        if self.exclusive:
            plain["exclusive"] = True
        return plain if self.show_if is None else {**plain, "show_if": self.show_if.to_document()}


def _read_choices(setting: Setting, raw: object) -> tuple[Choice, ...]:
    most = setting.most or MOST_CHOICES
    if not isinstance(raw, list) or len(raw) > most:
        raise DocumentError(_("Give its choices as a list of at most %(most)s.", most=most))
    choices = tuple(map(_read_choice, raw))
    if len({choice.id for choice in choices}) < len(choices):
        raise DocumentError(_("Two of its choices have the same id. Give each its own."))
    return choices


def _read_rows(setting: Setting, raw: object) -> tuple[Choice, ...]:
    rows = _read_choices(setting, raw)
    if any(row != Choice(row.id, row.label) for row in rows):
        raise DocumentError(_("Write each line as an object with an id and a label."))
    return rows


def _read_choice(raw: object) -> Choice:
    if not isinstance(raw, dict) or raw.keys() - CHOICE_KEYS:
        raise DocumentError(_("Write each choice as an object with an id and a label."))
    label = read_words(CHOICE_LABEL, raw.get("label"))
    if not label:
        raise DocumentError(_("Write the text of each choice."))
    audience, rule = raw.get("audience_id"), raw.get("show_if")
    return Choice(
        read_id(raw.get("id")),
        label,
        None if audience is None else read_whole(AUDIENCE, audience),
        EXCLUSIVE.read(raw.get("exclusive", False)),
        None if rule is None else conditions.parse(rule),
    )


READERS["choices"] = READERS["choices_and_none"] = _read_choices
READERS["rows"] = _read_rows
CHOICES = Setting("choices", "choices", _l("Choices"), _l("One a line."), default=())


@dataclass(frozen=True, kw_only=True)
class Choosing(Question):
    """What questions with a list of choices have in common."""

    ANSWERED_IN_WORDS: ClassVar[bool] = True
    # Whether one choice can exclude the others.
    EXCLUDES: ClassVar[bool] = False

    choices: tuple[Choice, ...] = ()
    labels: dict[str, Words] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", {choice.id: choice.label for choice in self.choices})

    def check(self) -> None:
        if not self.choices:
            raise DocumentError(_("Give it at least one choice."))
        alone = next((choice for choice in self.choices if choice.exclusive), None)
        if alone and not self.EXCLUDES:
            raise DocumentError(
                _(
                    "Only one answer can be given here anyway: “%(name)s” cannot exclude others.",
                    name=self.in_page(alone.label),
                )
            )

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *self.labels.values())

    def depends_on(self) -> frozenset[str]:
        rules = (choice.show_if.questions() for choice in self.choices if choice.show_if)
        return super().depends_on().union(*rules)

    def offered(self, holds: Holds) -> Choosing | None:
        if not any(choice.show_if for choice in self.choices):
            return self
        left = tuple(choice for choice in self.choices if holds(choice.show_if))
        return replace(self, choices=left) if left else None

    def word(self, choice_id: object, language: str) -> str:
        """The words of a choice; empty for one that is not on the list."""
        label = self.labels.get(choice_id) if isinstance(choice_id, str) else None
        return self.say(label, language) if label else ""

    def known(self, values: Iterable[str]) -> list[str]:
        """The ids chosen, in the order of the question; raise `Problem` for one that is not offered."""
        chosen = set(values)
        if chosen - self.labels.keys():
            raise Problem(_("One of the answers is not on the list. Choose from the list."))
        return [choice.id for choice in self.choices if choice.id in chosen]
