"""Questions answered by choosing: one, several, or a point on a scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from survey.questions.base import Question, Typed, only_text, read_id
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import READERS, Sentence, Setting, Words, read_whole, read_words

DO_NOT_KNOW = "dk"
MOST_CHOICES = 100
CHOICE_LABEL = Setting("label", "words", _l("Text of a choice"), most=300)
AUDIENCE = Setting("audience_id", "whole", _l("Audience of a choice"), least=1, most=2**31 - 1)


@dataclass(frozen=True)
class Choice:
    """One answer to choose. Where choices are the audiences of the study, publishing sets `audience_id`."""

    id: str
    label: Words
    audience_id: int | None = None

    def to_document(self) -> dict[str, Any]:
        """As it stands in the document."""
        plain = {"id": self.id, "label": dict(self.label)}
        return plain if self.audience_id is None else {**plain, "audience_id": self.audience_id}


def _read_choices(setting: Setting, raw: object) -> tuple[Choice, ...]:
    if not isinstance(raw, list) or len(raw) > MOST_CHOICES:
        raise DocumentError(_("Give its choices as a list of at most %(most)s.", most=MOST_CHOICES))
    choices = tuple(map(_read_choice, raw))
    if len({choice.id for choice in choices}) < len(choices):
        raise DocumentError(_("Two of its choices have the same id. Give each its own."))
    return choices


def _read_choice(raw: object) -> Choice:
    if not isinstance(raw, dict) or raw.keys() - {"id", "label", "audience_id"}:
        raise DocumentError(_("Write each choice as an object with an id and a label."))
    label = read_words(CHOICE_LABEL, raw.get("label"))
    if not label:
        raise DocumentError(_("Write the text of each choice."))
    audience = raw.get("audience_id")
    return Choice(read_id(raw.get("id")), label, None if audience is None else read_whole(AUDIENCE, audience))


READERS["choices"] = _read_choices
CHOICES = Setting("choices", "choices", _l("Choices"), _l("One a line."), default=())


@dataclass(frozen=True, kw_only=True)
class Choosing(Question):
    """What one choice and several choices have in common."""

    ANSWERED_IN_WORDS: ClassVar[bool] = True

    choices: tuple[Choice, ...] = ()
    labels: dict[str, Words] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", {choice.id: choice.label for choice in self.choices})

    def check(self) -> None:
        if not self.choices:
            raise DocumentError(_("Give it at least one choice."))

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *self.labels.values())

    def known(self, values: Iterable[str]) -> list[str]:
        """The ids chosen, in the order of the question; raise `Problem` for one that is not offered."""
        chosen = set(values)
        if chosen - self.labels.keys():
            raise Problem(_("One of the answers is not on the list. Choose from the list."))
        return [choice.id for choice in self.choices if choice.id in chosen]


@dataclass(frozen=True, kw_only=True)
class OneChoice(Choosing):
    """One out of a list."""

    TYPE: ClassVar[str] = "one_choice"
    NAME: ClassVar[Sentence] = _l("One choice")
    MISSING: ClassVar[Sentence] = _l("Choose one of the answers.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        CHOICES,
        Setting(
            "audiences",
            "yes",
            _l("The choices are the audiences of the study"),
            _l("Comments of a response then belong to the audience that was chosen."),
            default=False,
        ),
    )

    audiences: bool = False

    def check(self) -> None:
        # Publishing makes the choices out of the study's audiences.
        if not self.audiences:
            super().check()

    def understand(self, typed: Typed) -> str | None:
        value = only_text(typed, self.field)
        return self.known([value])[0] if value else None

    def shown(self, value: str | None, language: str) -> str:
        return self.say(self.labels.get(value or "", {}), language)

    def audience_of(self, value: str | None) -> int | None:
        """The audience that this answer names."""
        return next((c.audience_id for c in self.choices if c.id == value and self.audiences), None)


@dataclass(frozen=True, kw_only=True)
class SeveralChoices(Choosing):
    """Any number out of a list, within bounds."""

    TYPE: ClassVar[str] = "several_choices"
    NAME: ClassVar[Sentence] = _l("Several choices")
    MISSING: ClassVar[Sentence] = _l("Choose at least one of the answers.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        CHOICES,
        Setting("min", "whole", _l("Fewest choices"), least=1, most=MOST_CHOICES),
        Setting("max", "whole", _l("Most choices"), least=1, most=MOST_CHOICES),
    )

    min: int | None = None
    max: int | None = None

    def check(self) -> None:
        super().check()
        if self.min is not None and self.min > min(self.max or self.min, len(self.choices)):
            raise DocumentError(
                _("The fewest choices are more than can be chosen. Make that number smaller.")
            )

    def understand(self, typed: Typed) -> list[str] | None:
        chosen = self.known(filter(None, typed.get(self.field, [])))
        if not chosen:
            return None
        self._check_count(len(chosen))
        return chosen

    def _check_count(self, count: int) -> None:
        if self.max is not None and count > self.max:
            limit = ngettext("%(num)s answer", "%(num)s answers", self.max)
            raise Problem(_("Choose at most %(limit)s. You chose %(count)s.", limit=limit, count=count))
        if self.min is not None and count < self.min:
            limit = ngettext("%(num)s answer", "%(num)s answers", self.min)
            raise Problem(_("Choose at least %(limit)s.", limit=limit))

    def shown(self, value: list[str] | None, language: str) -> str:
        return "; ".join(self.say(self.labels[one], language) for one in value or [] if one in self.labels)


@dataclass(frozen=True, kw_only=True)
class Scale(Question):
    """A point from 1 to `points`; the ends have words. "Don't know" is stored as "dk"."""

    TYPE: ClassVar[str] = "scale"
    NAME: ClassVar[Sentence] = _l("Scale")
    MISSING: ClassVar[Sentence] = _l("Choose one of the answers.")
    ANSWERED_IN_WORDS: ClassVar[bool] = True
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("points", "whole", _l("Points"), _l("From 2 to 11."), default=5, least=2, most=11),
        Setting("low", "words", _l("Words at 1"), most=100),
        Setting("high", "words", _l("Words at the other end"), most=100),
        Setting("no_answer", "yes", _l("Offer “Don’t know”"), default=True),
    )

    points: int = 5
    low: Words | None = None
    high: Words | None = None
    no_answer: bool = True

    def check(self) -> None:
        if not self.low or not self.high:
            raise DocumentError(_("Write words for both ends of the scale."))

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *(words for words in (self.low, self.high) if words))

    def understand(self, typed: Typed) -> int | str | None:
        value = only_text(typed, self.field)
        if not value or (value == DO_NOT_KNOW and self.no_answer):
            return value or None
        if value not in map(str, range(1, self.points + 1)):
            raise Problem(_("Choose a number from 1 to %(points)s.", points=self.points))
        return int(value)

    def shown(self, value: int | str | None, language: str) -> str:
        if value is None:
            return ""
        if value == DO_NOT_KNOW:
            return str(_("Don’t know"))
        words = {1: self.low, self.points: self.high}.get(int(value))
        return f"{value} – {self.say(words, language)}" if words else str(value)
