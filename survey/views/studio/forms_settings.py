"""Forms made from settings: the same descriptions that read a document tell what to show in the builder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from survey.languages import language_name
from survey.questions import DocumentError, Problem, Setting, Words
from survey.questions.times import read_time
from survey.views.studio.forms_choices import (
    LISTS,
    NONE,
    as_lines,
    lines_of,
    parts_of,
    plain_lines,
    read_choices,
)

Typed = Mapping[str, str]
LONG_WORDS = 500


@dataclass(frozen=True)
class Box:
    """One control: a setting, in one language where it holds words."""

    setting: Setting
    name: str
    value: Any
    error: str = ""
    language: str = ""
    hint: str = ""

    @property
    def label(self) -> str:
        """Its label, with the language where there are several."""
        text = str(self.setting.label)
        return f"{text} ({language_name(self.language)})" if self.language else text

    @property
    def is_text(self) -> bool:
        """Whether words are written into it."""
        return self.setting.kind in ("words", "line", *LISTS)

    @property
    def is_long(self) -> bool:
        """Whether it needs more than a line."""
        return self.setting.kind != "line" and self._is_long

    @property
    def _is_long(self) -> bool:
        return self.setting.kind in LISTS or (self.setting.most or LONG_WORDS + 1) > LONG_WORDS

    @property
    def is_low(self) -> bool:
        """Whether a few lines are enough."""
        return self.setting.kind == "words" or self.setting.name.endswith(NONE)


@dataclass
class SettingsForm:
    """Some settings with what a document holds or what was typed, and what has to be put right."""

    settings: tuple[Setting, ...]
    languages: tuple[str, ...]
    values: Mapping[str, Any]
    typed: Typed | None = None
    errors: dict[str, str] = field(default_factory=dict)
    revision: int = 0

    @property
    def boxes(self) -> list[Box]:
        """The controls, in order."""
        shown = (part for setting in self.settings if setting.shown for part in parts_of(setting))
        return [box for part in shown for box in self._boxes(part)]

    @property
    def stored(self) -> list[tuple[str, str]]:
        """What the document holds, label and value, where something else was typed."""
        now = replace(self, typed=None, errors={}).boxes
        return [
            (box.label, str(box.value))
            for box, mine in zip(now, self.boxes, strict=True)
            if box.value != mine.value
        ]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Name of the control and sentence, for the summary on top."""
        found = [(box.name, box.error) for box in self.boxes if box.error]
        return found or [(self.boxes[0].name, text) for text in self.errors.values()]

    def _boxes(self, setting: Setting) -> Iterator[Box]:
        shown = _written(setting, self._value(setting), self.languages)
        for number, tag in enumerate(_tags(setting, self.languages)):
            name = _name(setting, tag)
            value = shown[tag] if self.typed is None else self.typed.get(name, "")
            error = self.errors.get(name, "")
            hint = "" if number else str(setting.hint)
            yield Box(setting, name, value, error, tag if len(self.languages) > 1 else "", hint)

    def _value(self, setting: Setting) -> Any:
        name = setting.name.removesuffix(NONE)
        value = self.values.get(name, setting.default)
        return lines_of(setting, value or []) if setting.kind in LISTS else value

    def read(self) -> dict[str, Any]:
        """What was typed, as a document holds it; the sentences of what does not fit are kept in `errors`."""
        raw: dict[str, Any] = {}
        for setting in (one for one in self.settings if one.shown):
            try:
                raw[setting.name] = self._read(setting)
                setting.read(raw[setting.name])
            except DocumentError as error:
                self.errors[_name(setting, _tags(setting, self.languages)[0])] = str(error)
        return raw

    def _read(self, setting: Setting) -> Any:
        typed = self.typed or {}
        before = self.values.get(setting.name)
        if setting.kind == "words":
            return _words(typed, setting, self.languages, before)
        if setting.kind in LISTS:
            return read_choices(typed, setting, self.languages, before or [])
        if setting.kind == "yes":
            return setting.name in typed
        text = typed.get(setting.name, "").strip()
        if not text:
            return setting.default
        return READERS[setting.kind](setting, text) if setting.kind in READERS else text


def _tags(setting: Setting, languages: tuple[str, ...]) -> tuple[str, ...]:
    return languages if setting.kind in {"words", *LISTS} else ("",)


def _name(setting: Setting, tag: str) -> str:
    return f"{setting.name}.{tag}" if tag else setting.name


def _written(setting: Setting, value: Any, languages: tuple[str, ...]) -> dict[str, Any]:
    """A value of a document as it is shown in controls, by language."""
    if setting.kind == "words":
        return {tag: (value or {}).get(tag, "") for tag in languages}
    if setting.kind in LISTS:
        return {tag: as_lines(value, tag) for tag in languages}
    if setting.kind == "yes":
        return {"": "y" if value else ""}
    return {"": "" if value is None else value}


def _number(setting: Setting, text: str) -> float:
    """A number as people write it; raise `DocumentError` naming the setting."""
    plain = text.replace(",", ".").replace("−", "-")
    try:
        return (
            int(plain[:20]) if setting.kind == "whole" or plain.lstrip("+-").isdigit() else float(plain[:30])
        )
    except ValueError:
        raise setting.wrong(_("Type a number in digits")) from None


def _clock(setting: Setting, text: str) -> str:
    """A time as people write it; raise `DocumentError` naming the setting."""
    try:
        return read_time(text)
    except Problem as problem:
        raise setting.wrong(str(problem).removesuffix(".")) from None


READERS: dict[str, Callable[[Setting, str], Any]] = {"whole": _number, "number": _number, "clock": _clock}


def _words(
    typed: Typed, setting: Setting, languages: tuple[str, ...], before: Words | None
) -> dict[str, str]:
    """The words in every language, with those in languages that the form does not show."""
    kept = {tag: text for tag, text in (before or {}).items() if tag not in languages}
    new = {tag: plain_lines(typed.get(_name(setting, tag), "")).strip() for tag in languages}
    return {**kept, **{tag: text for tag, text in new.items() if text}}
