"""XLSForms for tests: workbooks made of rows, also old ones (.xls), which are written here byte by byte."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from survey.formats import survey_files
from survey.formats.survey_files import Line, SurveyFile

SHARED = Path(__file__).parents[3] / "shared" / "data" / "instruments"
HEAD = ("type", "name", "label")
Rows = Iterable[Sequence[Any]]


def form(
    survey: Rows, choices: Rows = (), settings: Rows = (), change: Callable[[Any], None] | None = None
) -> bytes:
    """An XLSForm of rows; the first row of each sheet holds the headings."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "survey"
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        into = sheet if name == "survey" else None
        for row in rows:
            into = into or book.create_sheet(name)
            into.append(list(row))
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes, name: str = "form.xlsx") -> SurveyFile:
    """The survey of a file."""
    return survey_files.read(data, name)


def questions(found: SurveyFile) -> dict[str, dict[str, Any]]:
    """Its questions by id."""
    return {question["id"]: question for page in found.document["pages"] for question in page["questions"]}


def told(found: SurveyFile, name: str) -> Line:
    """What is told about a row."""
    return next(line for line in found.lines if line.name == name)


# Old workbooks


def record(kind: int, data: bytes = b"") -> bytes:
    """One record of the stream."""
    return struct.pack("<HH", kind, len(data)) + data


def text(row: int, column: int, words: str) -> bytes:
    """A cell with a text."""
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(words), 1) + words.encode("utf-16-le"))


def stream(sheets: dict[str, list[bytes]], extra: bytes = b"") -> bytes:
    """A stream of sheets, each a list of records; `extra` stands before them."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    names = [name.encode("utf-16-le") for name in sheets]
    size = len(begin) + len(extra) + sum(4 + 8 + len(name) for name in names) + 4
    head, bodies = begin + extra, b""
    for name, records in zip(names, sheets.values(), strict=True):
        head += record(0x0085, struct.pack("<IBBBB", size + len(bodies), 0, 0, len(name) // 2, 1) + name)
        bodies += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
        bodies += b"".join(records) + record(0x000A)
    return head + record(0x000A) + bodies


def ole(content: bytes, name: str = "Workbook") -> bytes:
    """The small file system that an .xls file is, with one stream in it."""
    content = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
    sectors = len(content) // 512
    tables = -(-(sectors + 1) // 127)
    chain = [*range(1, sectors), -2, -2, *([-3] * tables)]
    fat = struct.pack(f"<{len(chain)}i", *chain).ljust(tables * 512, b"\xff")
    header = survey_files.OLE + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<iiiiiiiii", tables, sectors, 0, 4096, -2, 0, -2, 0, sectors + 1)
    header += struct.pack(f"<{tables - 1}i", *range(sectors + 2, sectors + 1 + tables))
    return header.ljust(512, b"\xff") + content + _directory(name, len(content)) + fat


def _directory(name: str, size: int) -> bytes:
    entries = b""
    for entry, kind, child, start, length in (("Root Entry", 5, 1, -2, 0), (name, 2, -1, 0, size)):
        words = entry.encode("utf-16-le") + b"\0\0"
        entries += words.ljust(64, b"\0") + struct.pack("<HBBiii", len(words), kind, 1, -1, -1, child)
        entries += b"\0" * 36 + struct.pack("<iQ", start, length)
    return entries.ljust(512, b"\0")


def xls(sheets: dict[str, Rows], extra: bytes = b"", more: list[bytes] | None = None) -> bytes:
    """An old workbook of rows; `extra` goes to its head, `more` into its first sheet."""
    made = {
        name: [
            text(r, c, str(cell)) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell != ""
        ]
        for name, rows in sheets.items()
    }
    first = next(iter(made))
    made[first] += more or []
    return ole(stream(made, extra))
