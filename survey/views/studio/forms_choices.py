"""Lists in the builder: choices and lines, written one a line, in a text for each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.building import new_id
from survey.languages import language_name
from survey.questions import Setting

Typed = Mapping[str, str]
Choices = list[dict[str, Any]]
Labels = list[dict[str, str]]

# The kinds of settings that are lists.
LISTS = ("choices", "choices_and_none", "rows")
# Choices that exclude all others are written in a field of their own.
NONE = ".none"


def parts_of(setting: Setting) -> tuple[Setting, ...]:
    """What a setting is written in: two texts where some choices may exclude the others."""
    if setting.kind != "choices_and_none":
        return (setting,)
    none = replace(
        setting,
        name=setting.name + NONE,
        label=_l("“None of these”"),
        hint=_l(
            "A choice that no other goes with. Write its words here, or leave it empty for no such choice."
        ),
    )
    return setting, none


def lines_of(setting: Setting, choices: Choices) -> Choices:
    """Those of some choices that are written in this text."""
    if setting.kind != "choices_and_none":
        return choices
    return [choice for choice in choices if bool(choice.get("exclusive")) == setting.name.endswith(NONE)]


def as_lines(choices: Choices, tag: str) -> str:
    """Choices in a language, one a line."""
    return "\n".join(choice["label"].get(tag, "") for choice in choices)


def plain_lines(text: str) -> str:
    """A text with newlines as \\n."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_choices(typed: Typed, setting: Setting, languages: tuple[str, ...], before: Choices) -> Choices:
    """What was typed in all texts of a setting, as a document holds it."""
    parts = parts_of(setting)
    labels = [_labels(typed, part, languages) for part in parts]
    names = [label[languages[0]] for found in labels for label in found]
    repeated = _repeated(names)
    if repeated:
        raise setting.wrong(_("“%(name)s” is there twice. Take one out", name=repeated))
    old = [lines_of(part, before) for part in parts]
    there = [choice for found, mine in zip(labels, old, strict=True) for choice in _padded(mine, len(found))]
    chosen = match_choices([label for found in labels for label in found], before, languages[0], there)
    return [_marked(choice, at >= len(labels[0])) for at, choice in enumerate(chosen)]


def _padded(choices: Choices, length: int) -> list[dict[str, Any] | None]:
    return [choices[at] if at < len(choices) else None for at in range(length)]


def _marked(choice: dict[str, Any], is_none: bool) -> dict[str, Any]:
    plain = {key: value for key, value in choice.items() if key != "exclusive"}
    return {**plain, "exclusive": True} if is_none else plain


def _labels(typed: Typed, setting: Setting, languages: tuple[str, ...]) -> Labels:
    """One choice a line. Lines of further languages go with the line of the same number in the first."""
    columns = {tag: plain_lines(typed.get(f"{setting.name}.{tag}", "")).split("\n") for tag in languages}
    first, *others = languages
    for tag in others:
        if len(list(filter(str.strip, columns[tag]))) > len(list(filter(str.strip, columns[first]))):
            raise setting.wrong(_("There are more lines in %(language)s", language=language_name(tag)))
    return [
        {
            tag: column[at].strip()
            for tag, column in columns.items()
            if column[at : at + 1] and column[at].strip()
        }
        for at, line in enumerate(columns[first])
        if line.strip()
    ]


def _repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None


def match_choices(
    labels: Labels, before: Choices, language: str, there: list[dict[str, Any] | None] | None = None
) -> Choices:
    """Choices with the ids they had: found by their words, else by their place, else new.

    `there` is what stood in each place before, where that is not simply `before`.
    """
    by_words = {choice["label"].get(language, "").casefold(): choice for choice in before}
    same = [by_words.get(label[language].casefold()) for label in labels]
    used = {choice["id"] for choice in same if choice}
    places = _padded(before, len(labels)) if there is None else there
    chosen = []
    for label, match, place in zip(labels, same, places, strict=True):
        old = match or (place if place and place["id"] not in used else None)
        kept = old or {"id": _new_id(used), "label": {}}
        chosen.append({**kept, "label": {**kept["label"], **label}})
        used.add(kept["id"])
    return chosen


def _new_id(used: set[str]) -> str:
    fresh = new_id("c")
    return fresh if fresh not in used else _new_id(used)
