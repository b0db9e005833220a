"""Files of lines, not to be trusted: decoded as they are read, and taken apart into records with fields."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

Record = tuple[int, Mapping[str, Any]]
"""The number of the line, from 1, and its fields by name."""

Identity = str | int | float
"""An id as it stands in a file: words, a number, or true or false."""

_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_LONGEST_FIELD = 10_000_000
_HEADER_LINES = 50
_SHOWN, _LONGEST_SHOWN = 12, 60
# No text can hold it, so it marks what could not be read and nothing else.
_MARK = "\udc80"


class BadInput(ValueError):
    """A file cannot be read or written; the message says where and why, in one sentence."""


class BadLine(BadInput):
    """A line is not what it should be; the message gives its number, and `in_file` adds the file's name."""


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Say of which file a bad line is.

    Parameters
    ----------
    path : Path
        The file whose lines are looked at within.

    Raises
    ------
    BadInput
        For a `BadLine`.
    """
    try:
        yield
    except BadLine as error:
        raise BadInput(f"{path.name}: {error}") from None


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _MARK, error.end


codecs.register_error("analysis.lines.mark", _mark)


class Lines:
    """The lines of a text file in UTF-8, or in UTF-16 with a byte order mark, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._encoding = "UTF-8"
        self._replaced = 0

    @property
    def tabular(self) -> bool:
        """Whether the name says that it holds a table with columns: .csv or .tsv."""
        return self.path.suffix.lower() in {".csv", ".tsv"}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about what was read so far."""
        if not self._replaced:
            return ()
        count = "1 character was" if self._replaced == 1 else f"{self._replaced:,} characters were"
        return (f"{self.path.name} is not clean {self._encoding}: {count} replaced by \ufffd.",)

    def records(self, *fields: str) -> Iterator[Record]:
        """Yield the records of a table, or of lines of JSON.

        Parameters
        ----------
        *fields : str
            Fields to look for; they tell which sign separates the columns of a table.

        Yields
        ------
        tuple of int and mapping
            The line on which the record starts and its fields. Blank lines are no records. NaN and Infinity,
            which are not JSON but are written by some programs for a missing value, are None.

        Raises
        ------
        BadInput
            When the file cannot be read.
        BadLine
            When a line of it is not what it should be.
        """
        return self._table(fields) if self.tabular else self._objects()

    def whole(self) -> str:
        """Return all lines in one text."""
        return "".join(self._read(None))

    def _read(self, newline: str | None) -> Iterator[str]:
        try:
            with self.path.open("rb") as raw:
                self._encoding = _BYTE_ORDER_MARKS.get(raw.peek(2)[:2], "UTF-8")
                codec = "utf-8-sig" if self._encoding == "UTF-8" else self._encoding
                with io.TextIOWrapper(raw, codec, errors="analysis.lines.mark", newline=newline) as file:
                    for line in file:
                        yield line if line.isascii() else self._unmarked(line)
        except OSError as error:
            raise BadInput(f"{self.path} cannot be read: {error.strerror or error}.") from None

    def _unmarked(self, line: str) -> str:
        """Put the usual sign for what could not be read, and count it."""
        found = line.count(_MARK)
        self._replaced += found
        return line.replace(_MARK, "\ufffd") if found else line

    def _objects(self) -> Iterator[Record]:
        for number, line in enumerate(self._read(None), start=1):
            if line.isspace():
                continue
            try:
                record = _decode(line)
            except (ValueError, RecursionError):
                raise BadLine(f"Line {number} is not JSON: every line must hold one object.") from None
            if not isinstance(record, dict):
                raise BadLine(f"Line {number} is not a JSON object with fields.")
            yield number, record

    def _table(self, fields: Iterable[str]) -> Iterator[Record]:
        lines = self._read("")
        first = list(islice(lines, _HEADER_LINES))
        reader = csv.reader(chain(first, lines), delimiter=_delimiter(first, set(fields)), strict=True)
        header: list[str] = []
        for start, row in _rows(reader):
            if not header:
                header = [name.strip() for name in row]
                continue
            if any(row[len(header) :]):
                raise BadLine(
                    f"The row at line {start} has {len(row)} cells, but there are {len(header)} columns:"
                    " put quotes around words that hold the sign between columns."
                )
            yield start, dict(zip(header, row, strict=False))


_decode = json.JSONDecoder(parse_constant=lambda name: None).decode


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table that are not blank, with the lines on which they start."""
    usual = csv.field_size_limit(_LONGEST_FIELD)
    start = 1
    try:
        for row in reader:
            if row:
                yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        raise BadLine(f"The row at line {start} is not CSV: {error}.") from None
    finally:
        csv.field_size_limit(usual)  # it is the process's, and others count on it


def _delimiter(first: list[str], fields: set[str]) -> str:
    """Return the sign that finds most of the fields in the header, or most columns."""

    def columns(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(first, delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return len(fields & {name.strip() for name in header}), len(header)

    return max(",;\t", key=columns)


def name_of(identity: object) -> str | None:
    """Return the name under which decisions and other runs know an id: 17 and "17" are one.

    Parameters
    ----------
    identity : object
        What stands in the file.

    Returns
    -------
    str or None
        None when it cannot be an id: missing, empty, infinite, a list or an object.

    Examples
    --------
    >>> name_of(17), name_of(17.0), name_of("17"), name_of(True), name_of(""), name_of([17])
    ('17', '17', '17', 'true', None, None)
    """
    if isinstance(identity, str):
        return identity or None
    if isinstance(identity, bool):
        return "true" if identity else "false"
    if isinstance(identity, float):
        whole = identity.is_integer()
        return str(int(identity)) if whole else str(identity) if abs(identity) < float("inf") else None
    return str(identity) if isinstance(identity, int) else None


def in_utf8(text: str) -> bytes:
    """Encode text for a file or a terminal.

    Parameters
    ----------
    text : str
        Any text. A lone surrogate, which has no UTF-8, becomes \\udxxx: in JSON that is what it came from.

    Returns
    -------
    bytes

    Examples
    --------
    >>> in_utf8('"odd ' + chr(0xD800) + '"')
    b'"odd \\\\ud800"'
    """
    return text.encode("utf-8", errors="backslashreplace")


def shown(names: Iterable[object]) -> str:
    """Return names for a message on one line: the first few, cut short, without signs that cannot be seen.

    Parameters
    ----------
    names : iterable
        Names that stand in a file.

    Returns
    -------
    str
        Separated by commas; "none" when there are none.

    Examples
    --------
    >>> shown(["id", "te" + chr(10) + "xt"]), shown([])
    ('id, te·xt', 'none')
    """
    first = list(islice(names, _SHOWN + 1))
    listed = ", ".join(map(_shown, first[:_SHOWN]))
    return (f"{listed} ..." if len(first) > _SHOWN else listed) or "none"


def _shown(name: object) -> str:
    start = str(name)[: _LONGEST_SHOWN + 1]
    cut = start if len(start) <= _LONGEST_SHOWN else start[:_LONGEST_SHOWN] + "..."
    return "".join(sign if sign.isprintable() else "·" for sign in cut)
