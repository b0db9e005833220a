"""What the formats of translations have in common: a row for each text, with a key that stays the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from survey.formats.rows import Limits, Table
from survey.formats.rows import Row as TableRow
from survey.formats.safe_text import NOT_IN_XML, looks_like_formula

LIMITS = Limits(rows=20_000, columns=40)
KEY, ABOUT, SOURCE, TARGET = "key", "about", "source", "translation"
HEADING = re.compile(r"(source|translation)(?: \(([A-Za-z0-9-]{1,40})\))?", re.IGNORECASE)
# What `safe_text.for_xml` makes of characters that XML cannot hold.
VISIBLE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))")
NO_KEYS = (
    "The file has no column “key”, so its texts cannot be told apart. Use a file that was downloaded here, "
    "and keep its first row."
)
NO_TARGET = (
    "The file has no column “translation”. Use a file that was downloaded here, and keep its first row."
)


class TranslationError(ValueError):
    """The file cannot be read as translations; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text: its key, what it is, the text in the first language, its translation, and its place."""

    key: str
    about: str
    source: str
    target: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Texts with their translations; the tags are None where a file does not say."""

    source: str | None
    target: str | None
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, str, str, str]:
        """The names of the columns, with the languages."""
        return KEY, ABOUT, f"{SOURCE} ({self.source})", f"{TARGET} ({self.target})"

    def lines(self) -> Iterable[tuple[str, str, str, str]]:
        """The rows under them."""
        return ((row.key, row.about, row.source, row.target) for row in self.rows)


def from_table(table: Table) -> Sheet:
    """The translations of a table: columns in any order, further ones are left alone.

    Raises
    ------
    TranslationError
        The columns of the key or of the translation are not there.
    """
    columns = {column.strip().lower(): column for column in table.columns}
    named = {
        match[1].lower(): (name, match[2]) for name in table.columns if (match := HEADING.fullmatch(name))
    }
    if KEY not in columns:
        raise TranslationError(NO_KEYS)
    if TARGET not in named:
        raise TranslationError(NO_TARGET)
    source, target = named.get(SOURCE, ("", None)), named[TARGET]
    places = (columns[KEY], columns.get(ABOUT, ""), source[0], target[0])
    rows = tuple(_row(table, row, places) for row in table.rows)
    return Sheet(source[1], target[1], rows, _notes(table))


def _row(table: Table, row: TableRow, places: tuple[str, ...]) -> Row:
    key, about, source, target = (_text(table, row.values.get(place, "")) for place in places)
    return Row(key, about, source, target, row.line)


def _notes(table: Table) -> tuple[str, ...]:
    refused = (f"Line {problem.line} {problem.reason}" for problem in table.problems)
    replaced = dict.fromkeys(place.line for place in table.replaced)
    unread = (f"Line {line} has characters that cannot be read; each is shown as �." for line in replaced)
    return (*table.notes, *refused, *unread)


def _text(table: Table, text: str) -> str:
    return without_escapes(text) if table.kind == "xlsx" else without_apostrophe(text)


def without_apostrophe(text: str) -> str:
    """Take off the apostrophe that `safe_text.for_csv` puts before some texts, and no other."""
    rest = text[1:]
    return rest if text.startswith("'") and (rest.startswith("'") or looks_like_formula(rest)) else text


def without_escapes(text: str) -> str:
    """Turn the escapes of `safe_text.for_xml` back, and no others."""
    return VISIBLE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1] or match[2], 16))
    return character if character == "\\" or NOT_IN_XML.fullmatch(character) else match.group()
