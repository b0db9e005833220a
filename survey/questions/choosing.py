"""Questions answered by choosing from a list: one, or several; perhaps with an answer of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from survey.conditions import Operand
from survey.questions.base import Typed, only_text
from survey.questions.choices import CHOICES, MOST_CHOICES, Choosing
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import Sentence, Setting

OTHER = "other"
MOST_OTHER = 200
MOST_RADIOS = 12
# With a place in the builder for those that exclude all others.
CHOICES_AND_NONE = Setting("choices", "choices_and_none", _l("Choices"), _l("One a line."), default=())
OTHER_TOO = Setting(
    "other",
    "yes",
    _l("Add “Other” with a field to write in"),
    _l("For answers that you did not think of."),
    default=False,
)


@dataclass(frozen=True, kw_only=True)
class WithOther(Choosing):
    """A list that may end with "Other" and a field to write in."""

    other: bool = False

    def check(self) -> None:
        super().check()
        if self.other and OTHER in self.labels:
            name = self.in_page(self.labels[OTHER])
            raise DocumentError(
                _("“%(name)s” stands where the field for other answers goes. Take it out.", name=name)
            )

    @property
    def other_field(self) -> str:
        """The name of the field for another answer."""
        return f"{self.field}.{OTHER}"

    def fields(self) -> tuple[str, ...]:
        return (self.field, self.other_field) if self.other else (self.field,)

    def known(self, values: Iterable[str]) -> list[str]:
        chosen = set(values)
        listed = super().known(chosen - {OTHER} if self.other else chosen)
        return [*listed, OTHER] if self.other and OTHER in chosen else listed

    def written(self, typed: Typed) -> str:
        """What stands in the field for another answer."""
        text = only_text(typed, self.other_field).strip() if self.other else ""
        over = len(text) - MOST_OTHER
        if over > 0:
            sentence = ngettext(
                "Make your own answer %(num)s character shorter: the most is %(most)s.",
                "Make your own answer %(num)s characters shorter: the most is %(most)s.",
                over,
                most=MOST_OTHER,
            )
            raise Problem(sentence, (self.other_field,))
        return text

    def own(self, text: str) -> str:
        """An answer that was not on the list, when "Other" was chosen; raise `Problem` when it is empty."""
        if not text:
            sentence = _("You chose “Other”. Write your answer beside it, or choose another.")
            raise Problem(sentence, (self.other_field,))
        return text

    def name_of(self, chosen: str, text: str, language: str) -> str:
        """A chosen answer in words; empty for one that is not on the list."""
        if chosen == OTHER and OTHER not in self.labels:
            return str(_("Other: %(text)s", text=text))
        return self.word(chosen, language)


@dataclass(frozen=True, kw_only=True)
class OneChoice(WithOther):
    """One out of a list. Stored as the id of the choice, or as {"choice": "other", "text": "..."}."""

    TYPE: ClassVar[str] = "one_choice"
    NAME: ClassVar[Sentence] = _l("One choice")
    MISSING: ClassVar[Sentence] = _l("Choose one of the answers.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        CHOICES,
        OTHER_TOO,
        Setting(
            "look",
            "option",
            _l("How the choices look"),
            default="auto",
            options=(
                ("auto", _l("Buttons, or a list when there are many")),
                ("radio", _l("Buttons, all in sight")),
                ("select", _l("A list to open")),
            ),
        ),
        Setting(
            "audiences",
            "yes",
            _l("The choices are the audiences of the study"),
            _l("Comments of a response then belong to the audience that was chosen."),
            default=False,
        ),
    )

    audiences: bool = False
    look: Literal["auto", "radio", "select"] = "auto"

    def check(self) -> None:
        # Publishing makes the choices out of the study's audiences.
        if self.choices or not self.audiences:
            super().check()

    @property
    def is_select(self) -> bool:
        """Whether the choices stand in a list to open."""
        return self.look == "select" or (self.look == "auto" and len(self.choices) > MOST_RADIOS)

    def understand(self, typed: Typed) -> Any:
        value, text = only_text(typed, self.field), self.written(typed)
        if self.other and (value == OTHER or (text and not value)):
            return {"choice": OTHER, "text": self.own(text)}
        chosen = self.known([value])[0] if value else None
        if chosen and text:
            name = self.in_page(self.labels[chosen])
            sentence = _(
                "You chose “%(name)s” and wrote another answer, too. Choose “Other”, or empty that field.",
                name=name,
            )
            raise Problem(sentence, (self.other_field,))
        return chosen

    def shown(self, value: Any, language: str) -> str:
        chosen, text = _parted(value)
        return self.name_of(chosen, text, language) if chosen else ""

    def operand(self, value: Any, part: str | None = None) -> Operand:
        chosen, text = _parted(value)
        return (text if part == OTHER else chosen if part is None else None) or None

    def as_typed(self, value: Any) -> dict[str, list[str]]:
        if not isinstance(value, Mapping):
            return super().as_typed(value)
        return {self.field: _texts([value.get("choice")]), self.other_field: _texts([value.get("text")])}

    def audience_of(self, value: Any) -> int | None:
        """The audience that this answer names."""
        return next((c.audience_id for c in self.choices if c.id == value and self.audiences), None)


def _parted(value: Any) -> tuple[str, str]:
    """A stored answer as the id of the choice and what was written."""
    if isinstance(value, Mapping):
        return str(value.get("choice", "")), str(value.get("text", ""))
    return (value, "") if isinstance(value, str) else ("", "")


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise Problem(_("Give each chosen answer by its id, as a text."))
    return values


@dataclass(frozen=True, kw_only=True)
class SeveralChoices(WithOther):
    """Any number out of a list, within bounds: [ids], or {"choices": [ids], "text": "..."} with another."""

    TYPE: ClassVar[str] = "several_choices"
    EXCLUDES: ClassVar[bool] = True
    NAME: ClassVar[Sentence] = _l("Several choices")
    MISSING: ClassVar[Sentence] = _l("Choose at least one of the answers.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        CHOICES_AND_NONE,
        OTHER_TOO,
        Setting("min", "whole", _l("Fewest choices"), least=1, most=MOST_CHOICES),
        Setting("max", "whole", _l("Most choices"), least=1, most=MOST_CHOICES),
    )

    min: int | None = None
    max: int | None = None

    def check(self) -> None:
        super().check()
        if self.min is not None and self.min > min(self.max or self.min, self._most()):
            raise DocumentError(
                _("The fewest choices are more than can be chosen. Make that number smaller.")
            )

    def _most(self) -> int:
        """How many can be chosen together."""
        return sum(not choice.exclusive for choice in self.choices) + self.other

    def bounds(self) -> str:
        least, most = self._least(), self.max
        if most is not None and most < self._most():
            return str(ngettext("Choose at most %(num)s.", "Choose at most %(num)s.", most))
        return (
            str(ngettext("Choose at least %(num)s.", "Choose at least %(num)s.", least)) if least > 1 else ""
        )

    def _least(self) -> int:
        # Rules may have hidden so many choices that fewer are left.
        return min(self.min or 0, self._most())

    def understand(self, typed: Typed) -> Any:
        text = self.written(typed)
        chosen = self.known(filter(None, [*typed.get(self.field, []), OTHER if text else ""]))
        if not chosen:
            return None
        if not self._is_alone(chosen):
            self._check_count(len(chosen))
        return {"choices": chosen, "text": self.own(text)} if self.other and OTHER in chosen else chosen

    def _is_alone(self, chosen: list[str]) -> bool:
        """Whether it is a choice that excludes all others; raise `Problem` when there are others."""
        alone = next((c for c in self.choices if c.exclusive and c.id in chosen), None)
        if alone and len(chosen) > 1:
            name = self.in_page(alone.label)
            raise Problem(
                _("“%(name)s” does not go with other answers. Leave only that, or take it out.", name=name)
            )
        return alone is not None

    def _check_count(self, count: int) -> None:
        if self.max is not None and count > self.max:
            limit = ngettext("%(num)s answer", "%(num)s answers", self.max)
            raise Problem(_("Choose at most %(limit)s. You chose %(count)s.", limit=limit, count=count))
        if count < self._least():
            limit = ngettext("%(num)s answer", "%(num)s answers", self._least())
            raise Problem(_("Choose at least %(limit)s.", limit=limit))

    def shown(self, value: Any, language: str) -> str:
        chosen, text = _all_parted(value)
        return "; ".join(filter(None, (self.name_of(one, text, language) for one in chosen)))

    def operand(self, value: Any, part: str | None = None) -> Operand:
        chosen, text = _all_parted(value)
        return (tuple(chosen) if part is None else text if part == OTHER else None) or None

    def as_typed(self, value: Any) -> dict[str, list[str]]:
        if not isinstance(value, Mapping):
            return {self.field: _texts(value)}
        return {self.field: _texts(value.get("choices")), self.other_field: _texts([value.get("text")])}


def _all_parted(value: Any) -> tuple[list[str], str]:
    """A stored answer as the ids of the choices and what was written."""
    text = str(value.get("text", "")) if isinstance(value, Mapping) else ""
    chosen = value.get("choices") if isinstance(value, Mapping) else value
    return ([str(one) for one in chosen], text) if isinstance(chosen, list) else ([], text)
