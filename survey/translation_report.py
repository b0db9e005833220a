"""A file of translations compared with a survey: what it would add and change, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from flask_babel import gettext as _

from survey import translating
from survey.errors import Refusal
from survey.formats.translation_rows import Row, Sheet
from survey.languages import language_name, match
from survey.translating import Text, plain

Kind = Literal["taken", "changed", "source", "wrong", "unknown", "twice", "empty", "same"]
# What is stored without being asked for again, in the order in which it is told.
GOOD: tuple[Kind, ...] = ("taken", "changed")
KINDS: tuple[Kind, ...] = (*GOOD, "source", "wrong", "unknown", "twice", "empty", "same")


@dataclass(frozen=True)
class Line:
    """What becomes of one row of the file; `text` is None where the survey has no such key."""

    kind: Kind
    row: Row
    text: Text | None = None
    old: str = ""
    new: str = ""
    note: str = ""


@dataclass(frozen=True)
class Report:
    """All rows of a file, each with what becomes of it."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def by_kind(self) -> dict[Kind, list[Line]]:
        """The lines of each kind that there is."""
        found = ((kind, [line for line in self.lines if line.kind == kind]) for kind in KINDS)
        return {kind: lines for kind, lines in found if lines}

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {kind: len(lines) for kind, lines in self.by_kind.items()}

    def translations(self, *, with_old_sources: bool = False) -> dict[str, str]:
        """What is to be stored, by key."""
        kinds = (*GOOD, "source") if with_old_sources else GOOD
        return {line.row.key: line.new for line in self.lines if line.kind in kinds}


def compare(raw: Mapping[str, Any], tag: str, sheet: Sheet) -> Report:
    """What the file would do to the survey; raise `Refusal` when it is for other languages."""
    whole = dict(raw)
    _check_languages(whole["languages"][0], tag, sheet)
    known = {text.key: text for text in translating.texts(whole)}
    lines = tuple(_lines(known, whole["languages"][0], tag, sheet))
    if sheet.rows and not any(line.text for line in lines):
        raise Refusal(
            _("No row of the file belongs to this survey. Choose the file that was downloaded here.")
        )
    return Report(lines, sheet.notes)


def _check_languages(source: str, tag: str, sheet: Sheet) -> None:
    for wanted, there in ((tag, sheet.target), (source, sheet.source)):
        if there and match([there], [wanted]) is None:
            raise Refusal(
                _(
                    "The file has texts in %(there)s where this page needs %(wanted)s. Choose another file.",
                    there=language_name(there),
                    wanted=language_name(wanted),
                )
            )


def _lines(known: Mapping[str, Text], source: str, tag: str, sheet: Sheet) -> Iterator[Line]:
    seen: set[str] = set()
    for row in sheet.rows:
        text = known.get(row.key)
        if text is None:
            yield Line("unknown", row)
        elif row.key in seen:
            yield Line("twice", row, text)
        else:
            seen.add(row.key)
            yield _line(row, text, source, tag)


def _line(row: Row, text: Text, source: str, tag: str) -> Line:
    old, new = text.words.get(tag, ""), plain(row.target)
    if not new or new == plain(old):
        return Line("same" if new else "empty", row, text, old)
    fault = translating.wrong(text, new)
    if fault:
        return Line("wrong", row, text, old, new, fault)
    if row.source and plain(row.source) != plain(text.words[source]):
        return Line("source", row, text, old, new, text.words[source])
    return Line("changed" if old else "taken", row, text, old, new, pipe_note(text, source, new))


def pipe_note(text: Text, source: str, translation: str) -> str:
    """What to look at where one of both texts shows an earlier answer and the other does not."""
    pipes = text.missing_pipes(source, translation) if translation else []
    if not pipes:
        return ""
    names = ", ".join(f"${{{name}}}" for name in pipes)
    return str(_("Look again: %(names)s is in one of both texts only.", names=names))
