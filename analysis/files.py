"""Reading comments from a file, and writing a result to one."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.types import Comment, Result, Theme

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LONGEST_FIELD = 10_000_000


class BadInput(ValueError):
    """The file cannot be read as comments; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comment as it stands in the file."""

    identity: str | int | float
    """Its id as given, or the number of its line."""
    text: str
    """Its words."""
    audience: str | None
    """Its audience."""
    prompt: str | None
    """What was asked."""
    language: str | None
    """Its language."""


@dataclass(frozen=True, slots=True)
class Rows:
    """All comments of a file."""

    rows: tuple[Row, ...]
    """In the order of the file."""
    notes: tuple[str, ...]
    """What a person should know about how the file was read."""

    def comments(self, language: str | None = None) -> list[Comment]:
        """Return them as comments, in the given language or each in its own."""
        return [
            Comment(str(row.identity), row.text, row.audience, row.prompt, language or row.language)
            for row in self.rows
        ]


def read_rows(path: Path, *, text: str = "text", audience: str = "group", identity: str = "id") -> Rows:
    """Read comments from JSON lines, or from CSV when the name ends in .csv or .tsv.

    Parameters
    ----------
    path : Path
        The file, in UTF-8, or in UTF-16 with a byte order mark.
    text, audience, identity : str
        Names of the fields. Only `text` must exist. Fields `prompt` and `language` are read where they exist.

    Returns
    -------
    Rows
        Every row exactly once, empty ones and repeated ids included.

    Raises
    ------
    BadInput
        When the file or a line of it cannot be read, or no row has the text field.
    """
    content, notes = _decode(path)
    records = list(_csv(content) if path.suffix.lower() in {".csv", ".tsv"} else _json_lines(content))
    if not records:
        raise BadInput(f"{path.name} holds no comments.")
    if not any(text in record for _, record in records):
        fields = ", ".join(sorted(records[0][1])) or "none"
        raise BadInput(
            f'No row of {path.name} has a field "{text}". Its fields are: {fields}. Name one with --text.'
        )
    rows = tuple(
        Row(
            identity=_identity(record.get(identity), line),
            text=_plain(record.get(text), text, line) or "",
            audience=_plain(record.get(audience), audience, line),
            prompt=_plain(record.get("prompt"), "prompt", line),
            language=_plain(record.get("language"), "language", line),
        )
        for line, record in records
    )
    return Rows(rows, notes)


def _decode(path: Path) -> tuple[str, tuple[str, ...]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    content = raw.decode(_BYTE_ORDER_MARKS.get(raw[:2], "utf-8-sig"), errors="replace")
    replaced = content.count("\ufffd")
    note = f"{path.name} is not clean UTF-8: {replaced:,} characters were replaced by \ufffd."
    return content, (note,) if replaced else ()


def _json_lines(content: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line, written in enumerate(content.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            record = json.loads(written)
        except (ValueError, RecursionError):
            raise BadInput(f"Line {line} is not JSON: every line must hold one object.") from None
        if not isinstance(record, dict):
            raise BadInput(f"Line {line} is not a JSON object with fields.")
        yield line, record


def _csv(content: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    header = content.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    usual = csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True, restkey="")
    start = 2
    try:
        for record in reader:
            yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"The row at line {start} is not CSV: {error}.") from None
    finally:
        csv.field_size_limit(usual)  # it is the process's, and others count on it


def _identity(value: object, line: int) -> str | int | float:
    """Keep an id as it is; the line number stands in for a missing one."""
    return value if isinstance(value, str | int | float) and value != "" else line


def _plain(value: object, field: str, line: int) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int | float):
        return str(value)
    raise BadInput(f'Line {line}: the field "{field}" holds a list or an object, not words.')


def as_json(rows: Rows, result: Result) -> str:
    """Return a result as JSON: sorted keys, one line at the end, the same text for the same result.

    Parameters
    ----------
    rows : Rows
        What the result was made from.
    result : Result
        Placements in the order of `rows`.

    Returns
    -------
    str
        Keys `themes`, `placements` (every row once, in the order of the file) and `manifest`.
    """
    identities = {str(row.identity): row.identity for row in rows.rows}
    document = {
        "themes": [_theme(theme, identities) for theme in result.themes],
        "placements": [
            {"id": row.identity, "themes": [list(placement) for placement in placed]}
            | ({"reason": reason} if reason else {})
            for row, placed, reason in zip(rows.rows, result.placements, result.reasons, strict=True)
        ],
        "manifest": dict(result.manifest),
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _theme(theme: Theme, identities: Mapping[str, str | int | float]) -> dict[str, Any]:
    found = theme.breadth
    return {
        "id": theme.id,
        "label": theme.label,
        "keywords": list(theme.keywords),
        "size": theme.size,
        "breadth": {
            "k": found.k,
            "of": found.of,
            "low": found.low,
            "high": found.high,
            "expected": found.expected,
        },
        "stability": theme.stability,
        "quotes": [identities[quote] for quote in theme.quotes],
        "by_audience": dict(theme.by_audience),
    }


def write_result(path: Path, rows: Rows, result: Result) -> None:
    """Write a result whole or not at all.

    Raises
    ------
    BadInput
        When the file cannot be written; what was there before is untouched.
    """
    # A lone surrogate in an id has no UTF-8; as \\udxxx it is the JSON it came from.
    content = as_json(rows, result).encode("utf-8", errors="backslashreplace")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(name)
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None
