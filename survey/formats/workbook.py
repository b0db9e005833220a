r"""Excel workbooks of any size, written row by row: every text is text, word for word, and none is cut.

Text can be no formula, link or number. Characters that a workbook cannot hold are shown as ``\x07``. Text
longer than a cell holds goes on in columns "... (continued)" where the sheet has room for it (`pieces_of`),
and else on a last sheet "Continued". Rows beyond those that a sheet holds go on in "Title (2)". Equal
contents and properties give equal bytes, but for the moment where `Properties.created` is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.formats.safe_text import NOT_IN_XML, for_xml, looks_like_formula

CELL_LENGTH = 32_767  # Excel counts UTF-16 code units
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LONGEST_TITLE = 31
NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x000D_ in a cell as a carriage return; so where somebody wrote that, its underscore is escaped.
EXCEL_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Text that is not written just as it is: most is, and is looked at once.
SPECIAL = re.compile(rf"\A\W|_x|{NOT_IN_XML.pattern}")
PLAIN_LENGTH = CELL_LENGTH // 6  # escapes make text at most six times as long
EXACT = 10**15  # larger numbers lose digits in a workbook
MIN_WIDTH, MAX_WIDTH = 8, 60
SAMPLE_FOR_WIDTH = 200
CONTINUED = "Continued"


class Share(float):
    """A number between 0 and 1 that a workbook shows as per cent."""


class _Visible(str):
    """Text in which what XML cannot hold is shown already."""


Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `rows` are read once, one after the other; None is an empty cell.

    `pieces` says over how many cells each column goes, where some text needs more than one; with `wrap`, long
    text is broken into lines.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    pieces: Sequence[int] = ()
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says about itself; `rows` is how many a sheet holds, its header included."""

    title: str = ""
    created: dt.datetime | None = None
    rows: int = MOST_ROWS


def write_workbook(stream: BinaryIO, sheets: Iterable[Sheet], properties: Properties) -> None:
    """Write the sheets in memory that does not grow with their rows.

    Raises
    ------
    ValueError
        A sheet has more columns than a workbook holds.
    """
    with Workbook(stream, {"constant_memory": True, "strings_to_urls": False}) as book:
        about = {"author": "Throughline", "title": _cut(for_xml(properties.title), 255)}
        book.set_properties(about | ({"created": properties.created} if properties.created else {}))
        writer = _Writer(book, properties.rows)
        for sheet in sheets:
            writer.add(sheet)
        if writer.continued:
            header = ("sheet", "row", "column", "part", "text")
            writer.add(Sheet(CONTINUED, header, list(writer.continued)))


def pieces_of(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> list[int]:
    """Over how many cells each column has to go so that its longest text fits."""
    pieces = [len(split(name)) for name in header]
    for row in rows:
        for column, value in enumerate(row):
            if isinstance(value, str) and len(value) > PLAIN_LENGTH:
                pieces[column] = max(pieces[column], len(split(value)))
    return pieces


def split(text: str) -> list[str]:
    """Return the text in pieces that each fit a cell, joined again by putting them after one another."""
    visible = text if isinstance(text, _Visible) else for_xml(text)
    if len(visible) * 2 <= CELL_LENGTH:
        return [visible]
    # Beyond U+FFFF a character counts as two, and an escaped underscore makes text at most twice as long.
    doubles = max(visible) > "\uffff" or EXCEL_ESCAPE.search(visible)
    step = CELL_LENGTH // 2 if doubles else CELL_LENGTH
    return [visible[at : at + step] for at in range(0, len(visible), step)]


def sheet_title(title: str, taken: Iterable[str] = ()) -> str:
    """Return the title as Excel allows it, none of those `taken` (it tells no capitals)."""
    others = {name.casefold() for name in taken} | {"history"}
    clean = NOT_IN_TITLE.sub(" ", title).strip().strip("'").strip() or "Sheet"
    name, number = _cut(clean, LONGEST_TITLE), 1
    while name.casefold() in others:
        number += 1
        ending = f" ({number})"
        name = _cut(clean, LONGEST_TITLE - len(ending)) + ending
    return name


def unique_names(names: Iterable[str]) -> list[str]:
    """Return names of columns of which no two are equal: the second "Parks" is "Parks (2)"."""
    found: dict[str, None] = {}
    for name in names:
        unique, number = name, 1
        while unique in found:
            number += 1
            unique = f"{name} ({number})"
        found[unique] = None
    return list(found)


def _cut(text: str, length: int) -> str:
    """The beginning of a text, in UTF-16 code units as Excel counts them."""
    while len(text.encode("utf-16-le", "surrogatepass")) > length * 2:
        text = text[:-1]
    return text.rstrip().rstrip("'")


class _Text(Worksheet):  # type: ignore[misc]
    """A worksheet whose text was made fit for it by `split`, more strictly than the library would.

    The library leaves `_x0041_x0042_` half escaped, and takes text that looks like its own markup for markup:
    a comment could have put a formula into the file.
    """

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        return data

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        self._xml_inline_string(string, True, attributes)

    def _escape_data(self, data: str) -> str:
        # As it stands, a reader of XML would take a carriage return for a line end.
        escaped: str = super()._escape_data(data)
        return escaped.replace("\r", "&#13;") if "\r" in escaped else escaped


@dataclass(frozen=True, slots=True)
class _Formats:
    """How cells look. Text with `quoted` stays text when somebody edits the cell."""

    header: Any
    quoted_header: Any
    quoted: Any
    wrapped: Any
    quoted_wrapped: Any
    share: Any
    number: Any

    @classmethod
    def of(cls, book: Workbook) -> _Formats:
        top = {"valign": "top"}
        header = {"bold": True, "bg_color": "#E3F0F0", "bottom": 1, "bottom_color": "#0A5C66", **top}
        quoted = {"quote_prefix": True}
        wrapped = {"text_wrap": True, **top}
        made = (header, header | quoted, quoted, wrapped, wrapped | quoted)
        numbers = ({"num_format": "0.0%", **top}, {"num_format": "0.00", **top})
        return cls(*map(book.add_format, (*made, *numbers)))


class _Writer:
    """Puts sheets into a workbook; `continued` is text that found no room."""

    def __init__(self, book: Workbook, rows: int) -> None:
        self.book, self.rows = book, rows
        self.formats = _Formats.of(book)
        self.continued: list[tuple[Value, ...]] = []

    def add(self, sheet: Sheet) -> None:
        """Write a sheet, and more of the kind while there are rows."""
        header = list(_header(sheet))
        if len(header) > MOST_COLUMNS:
            raise ValueError(f"A workbook holds {MOST_COLUMNS:,} columns; there are {len(header):,}.")
        rows = iter(sheet.rows)
        more: list[Sequence[Value]] = []
        while True:
            taken = [worksheet.name for worksheet in self.book.worksheets()]
            worksheet = self.book.add_worksheet(sheet_title(sheet.title, taken), worksheet_class=_Text)
            table = _Table(worksheet, self, sheet)
            table.write(header, chain(more, islice(rows, self.rows - 1 - len(more))))
            more = list(islice(rows, 1))
            if not more:
                return


class _Table:
    """One worksheet while it is written."""

    def __init__(self, worksheet: Any, writer: _Writer, sheet: Sheet) -> None:
        self.worksheet, self.formats = worksheet, writer.formats
        self.pieces = tuple(sheet.pieces) if max(sheet.pieces, default=1) > 1 else ()
        self.continued = writer.continued
        self.text = self.formats.wrapped if sheet.wrap else None
        self.quoted = self.formats.quoted_wrapped if sheet.wrap else self.formats.quoted
        self.widths: list[int] = []

    def write(self, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """Write the header, then each row as it comes."""
        self._write_header(header)
        write_row = self._write_spread if self.pieces else self._write_row
        number = 0
        for number, row in enumerate(rows, start=1):
            write_row(number, row)
        for column, width in enumerate(self.widths):
            self.worksheet.set_column(column, column, min(max(width + 2, MIN_WIDTH), MAX_WIDTH))
        if number and header:
            self.worksheet.autofilter(0, 0, number, len(header) - 1)

    def _write_header(self, header: Sequence[str]) -> None:
        self.worksheet.freeze_panes(1, 0)
        self.widths = [len(name) for name in header]
        for column, name in enumerate(header):
            style = self.formats.quoted_header if looks_like_formula(name) else self.formats.header
            self.worksheet.write_string(0, column, EXCEL_ESCAPE.sub("_x005F_", name), style)

    def _write_row(self, number: int, row: Sequence[Value]) -> None:
        write, text = self.worksheet.write_string, self.text
        for column, value in enumerate(row):
            if not isinstance(value, str):
                self._write_number(number, column, value)
            elif SPECIAL.search(value) or len(value) > PLAIN_LENGTH:
                self._write_special(number, column, value, 1)
            elif value:
                write(number, column, value, text)
        if number <= SAMPLE_FOR_WIDTH:
            self.widths[: len(row)] = map(_wider, self.widths, row)

    def _write_spread(self, number: int, row: Sequence[Value]) -> None:
        """Write a row of which some columns go over several cells."""
        at = 0
        for value, places in zip(row, self.pieces, strict=True):
            if isinstance(value, str):
                self._write_special(number, at, value, places)
            else:
                self._write_number(number, at, value)
            if number <= SAMPLE_FOR_WIDTH:
                self.widths[at] = _wider(self.widths[at], value)
            at += places

    def _write_special(self, number: int, column: int, text: str, places: int) -> None:
        """Write text that needs a look, over the cells it may have; what is left goes to the last sheet."""
        for part, piece in enumerate(split(text) if text else ()):
            if part < places:
                style = self.quoted if looks_like_formula(piece) or piece.startswith("#") else self.text
                self.worksheet.write_string(number, column + part, EXCEL_ESCAPE.sub("_x005F_", piece), style)
            else:
                where = (self.worksheet.name, number + 1, column + 1, part + 1)
                self.continued.append((*where, _Visible(piece)))

    def _write_number(self, number: int, column: int, value: int | float | None) -> None:
        if value is None:
            return
        if value - value or abs(value) > EXACT:  # not a number, without end, or too long for a cell
            self.worksheet.write_string(number, column, str(value), self.text)
        else:
            self.worksheet.write_number(number, column, value, self._style(value))

    def _style(self, value: int | float) -> Any:
        if isinstance(value, Share):
            return self.formats.share
        return self.formats.number if isinstance(value, float) else self.text


def _wider(width: int, value: Value) -> int:
    return width if value is None else max(width, len(str(value)))


def _header(sheet: Sheet) -> Iterator[str]:
    for name, places in zip(sheet.header, sheet.pieces or [1] * len(sheet.header), strict=True):
        parts = split(name)
        yield from parts[:places]
        for number in range(len(parts), places):
            yield f"{parts[0][:200]} (continued)" if number == 1 else f"{parts[0][:200]} (continued {number})"
