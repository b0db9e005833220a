"""Forms made from settings: the same descriptions that read a document tell what to show in the builder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from survey.building import new_id
from survey.languages import language_name
from survey.questions import DocumentError, Setting, Words

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
    def is_long(self) -> bool:
        """Whether it needs more than a line."""
        return self.setting.kind == "choices" or (self.setting.most or LONG_WORDS + 1) > LONG_WORDS


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
        return [box for setting in self.settings if setting.shown for box in self._boxes(setting)]

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
        shown = _written(setting, self.values.get(setting.name, setting.default), self.languages)
        for number, tag in enumerate(_tags(setting, self.languages)):
            name = _name(setting, tag)
            value = shown[tag] if self.typed is None else self.typed.get(name, "")
            error = self.errors.get(name, "")
            hint = "" if number else str(setting.hint)
            yield Box(setting, name, value, error, tag if len(self.languages) > 1 else "", hint)

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
        if setting.kind == "choices":
            return _choices(typed, setting, self.languages, before or [])
        if setting.kind == "yes":
            return setting.name in typed
        text = typed.get(setting.name, "").strip()
        if not text:
            return setting.default
        return _number(setting, text) if setting.kind in ("whole", "number") else text


def _tags(setting: Setting, languages: tuple[str, ...]) -> tuple[str, ...]:
    return languages if setting.kind in ("words", "choices") else ("",)


def _name(setting: Setting, tag: str) -> str:
    return f"{setting.name}.{tag}" if tag else setting.name


def _written(setting: Setting, value: Any, languages: tuple[str, ...]) -> dict[str, Any]:
    """A value of a document as it is shown in controls, by language."""
    if setting.kind == "words":
        return {tag: (value or {}).get(tag, "") for tag in languages}
    if setting.kind == "choices":
        return {tag: "\n".join(choice["label"].get(tag, "") for choice in value or []) for tag in languages}
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


def _words(
    typed: Typed, setting: Setting, languages: tuple[str, ...], before: Words | None
) -> dict[str, str]:
    """The words in every language, with those in languages that the form does not show."""
    kept = {tag: text for tag, text in (before or {}).items() if tag not in languages}
    new = {tag: _lines(typed.get(_name(setting, tag), "")).strip() for tag in languages}
    return {**kept, **{tag: text for tag, text in new.items() if text}}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _choices(
    typed: Typed, setting: Setting, languages: tuple[str, ...], before: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One choice a line. Lines of further languages go with the line of the same number in the first."""
    columns = {tag: _lines(typed.get(_name(setting, tag), "")).split("\n") for tag in languages}
    first, *others = languages
    for tag in others:
        if len(list(filter(str.strip, columns[tag]))) > len(list(filter(str.strip, columns[first]))):
            raise setting.wrong(_("There are more lines in %(language)s", language=language_name(tag)))
    labels = [
        {
            tag: column[at].strip()
            for tag, column in columns.items()
            if column[at : at + 1] and column[at].strip()
        }
        for at, line in enumerate(columns[first])
        if line.strip()
    ]
    repeated = _repeated(label[first] for label in labels)
    if repeated:
        raise setting.wrong(_("“%(name)s” is there twice. Take one out", name=repeated))
    return match_choices(labels, before, first)


def _repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None


def match_choices(
    labels: list[dict[str, str]], before: list[dict[str, Any]], language: str
) -> list[dict[str, Any]]:
    """Choices with the ids they had: found by their words, else by their place, else new."""
    by_words = {choice["label"].get(language, "").casefold(): choice for choice in before}
    same = [by_words.get(label[language].casefold()) for label in labels]
    used = {choice["id"] for choice in same if choice}
    chosen = []
    for at, (label, match) in enumerate(zip(labels, same, strict=True)):
        there = before[at] if at < len(before) and before[at]["id"] not in used else None
        old = match or there
        chosen.append({**(old or {"id": new_id("c")}), "label": {**(old or {"label": {}})["label"], **label}})
        if old:
            used.add(old["id"])
    return chosen
