"""What every reader of tables gives back, and the rules that hold for all of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["csv", "xlsx", "jsonl"]

# Text that no database and no export can hold: NUL, and halves of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


class TableError(ValueError):
    """The file as a whole cannot be read; the message is one plain sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read."""

    file_bytes: int = 10 * 1024 * 1024
    unpacked_bytes: int = 50 * 1024 * 1024
    rows: int = 200_000
    columns: int = 100
    replaced: int = 10_000
    elements: int = 4_000_000  # of a workbook: cells and what is in them


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it begins on (the first line is 1) and its text by column."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was refused, and why: the reason reads on from "Line 5 ..."."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """Something unreadable that became U+FFFD.

    `found` is the byte or bytes in hexadecimal ("e9"), or the code point ("U+D800") where the file wrote it
    as an escape. `offset` counts bytes from the start of the file; it is None where there is no such byte
    (a cell of a workbook, an escape in JSON), and `column` then says where.
    """

    line: int
    found: str
    offset: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file of comments as it was read: nothing is in neither `rows` nor `problems`, but blank lines."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: Kind
    encoding: str = "utf-8"
    delimiter: str | None = None
    replaced: tuple[Replaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class RowCollector:
    """Gathers rows, and refuses those that do not fit the header or the limits."""

    limits: Limits
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    replaced: list[Replaced] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_fields(self, line: int, fields: Sequence[str]) -> None:
        """Add a row given by position; a row without any text is a blank line and is passed over."""
        if not any(map(str.strip, fields)):
            return
        width = len(self.columns)
        if len(fields) < width or any(map(str.strip, fields[width:])):
            self.refuse(line, f"has {count(len(fields), 'field')} where the header has {width}")
        else:
            self.add(line, dict(zip(self.columns, fields, strict=False)))

    def add(self, line: int, values: dict[str, str]) -> None:
        """Add a row given by column."""
        self._check_length()
        self.rows.append(Row(line, values))

    def refuse(self, line: int, reason: str) -> None:
        """Leave a row out, with the reason."""
        self._check_length()
        self.problems.append(Problem(line, reason))

    def storable(self, text: str, line: int, column: str) -> str:
        """Replace what cannot be stored in text that came out of a cell or an escape, and note each case."""
        if not UNSTORABLE.search(text):
            return text
        # Two escapes in a row may be the halves of one character: put those together first.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        for match in UNSTORABLE.finditer(text):
            self.note_replaced(Replaced(line, f"U+{ord(match.group()):04X}", column=column))
        return UNSTORABLE.sub(REPLACEMENT, text)

    def note_replaced(self, replaced: Replaced) -> None:
        """Remember a replacement; too many of them mean that the file is not text."""
        check_replaced(len(self.replaced), self.limits)
        self.replaced.append(replaced)

    def table(self, kind: Kind, delimiter: str | None = None) -> Table:
        """Return what was gathered; a file without a single row under its header is refused."""
        if not self.rows and not self.problems:
            raise TableError("The file has a header but no rows under it. Add rows and try again.")
        return Table(
            columns=self.columns,
            rows=tuple(self.rows),
            kind=kind,
            delimiter=delimiter,
            replaced=tuple(self.replaced),
            problems=tuple(self.problems),
            notes=tuple(self.notes),
        )

    def _check_length(self) -> None:
        if len(self.rows) + len(self.problems) >= self.limits.rows:
            raise TableError(
                f"The file has more than {self.limits.rows:,} rows. Divide it and import the parts in turn."
            )


def name_columns(header: Sequence[str], limits: Limits) -> tuple[tuple[str, ...], list[str]]:
    """Return a distinct name for each column, and sentences on those that had to be made up."""
    check_columns(len(header), limits)
    names: list[str] = []
    notes: list[str] = []
    for number, cell in enumerate(header, start=1):
        heading = " ".join(cell.split())
        name = heading or f"column {number}"
        while name in names:
            name = f"{name} (column {number})"
        if not heading:
            notes.append(f"Column {number} has no heading; it is listed as “{name}”.")
        elif name != heading:
            notes.append(f"Several columns are called “{heading}”; column {number} is listed as “{name}”.")
        names.append(name)
    return tuple(names), notes


def check_columns(width: int, limits: Limits) -> None:
    """Refuse a table that is too wide."""
    if width > limits.columns:
        raise TableError(
            f"The file has more than {limits.columns} columns. Keep the columns you need and try again."
        )


def check_replaced(so_far: int, limits: Limits) -> None:
    """Refuse a file of which too much cannot be read."""
    if so_far >= limits.replaced:
        raise TableError(
            f"More than {limits.replaced:,} characters of the file cannot be read, so it may not be a table. "
            "Save it as “CSV UTF-8” or as an Excel workbook (.xlsx) and try again."
        )


def count(number: int, noun: str) -> str:
    """Return the number with its noun: "1 field", "3 fields"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def count_line_ends(text: str) -> int:
    """Count line ends as editors do: LF, CRLF and CR alone."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
