"""The sheets of an XLSForm as rows of text, read past guards, with where each thing stands.

What a cell says is what pyxform makes of it, so that both see the same form.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from flask_babel import gettext as _

from survey.formats import xls_guard
from survey.formats.rows import Limits, TableError
from survey.formats.survey_files import EMPTY_ZIP, OLE, ZIP, Line, SurveyFileError
from survey.formats.xlsx_package import DAMAGED, TOO_LARGE, vetted_package

SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
LIMITS = Limits(unpacked_bytes=24 * 1024 * 1024, elements=800_000)
MOST_ROWS = {"survey": 5_000, "choices": 60_000, "external_choices": 60_000}
MOST_OTHER_ROWS = 2_000
MOST_COLUMNS = 600
# How far below the last row of a form is looked for more.
LOOKED_AT = 300
MOST_CHARACTERS = 32_767
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name as it is written, its headings, and its rows; the first row below them is 2."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def numbered(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row that is not empty, with its number."""
        return ((number, row) for number, row in enumerate(self.rows, 2) if row)


@dataclass
class Book:
    """A workbook: the sheets that forms are made of, by their names in small letters, and all names."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def definition(self) -> dict[str, Any]:
        """What pyxform makes a form of; it changes what it is given, so each call makes a new one."""
        found: dict[str, Any] = {"sheet_names": list(self.titles)}
        for name, sheet in self.sheets.items():
            found[name] = [dict(row) for row in sheet.rows]
            found[f"{name}_header"] = [dict.fromkeys(sheet.headings)] if sheet.headings else []
        return found


@dataclass(frozen=True)
class Cell:
    """What pyxform's readers want of a cell."""

    value: Any
    kind: int = 0


Rows = Iterable[tuple[Cell, ...]]


def read(data: bytes) -> Book:
    """The sheets of a workbook; raise `SurveyFileError` when it cannot be read."""
    if not data.startswith((OLE, ZIP, EMPTY_ZIP)):
        raise _no_workbook()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read_xls(data) if data.startswith(OLE) else _read_xlsx(data)
        except SurveyFileError:
            raise
        except TableError as error:
            raise _told(error) from error
        except Exception as error:  # both libraries raise whatever their objects do on a malformed part
            raise xls_guard.damaged() from error


def _told(error: TableError) -> SurveyFileError:
    """What the guard of workbooks says, for forms."""
    if str(error) == TOO_LARGE:
        return xls_guard.too_large()
    if str(error) == DAMAGED:
        return xls_guard.damaged()
    if "password" in str(error):
        return xls_guard.locked()
    return _no_workbook()


def _no_workbook() -> SurveyFileError:
    return SurveyFileError(_("The file is no workbook. Choose an XLSForm (.xlsx or .xls)."))


def _wanted(titles: list[str]) -> dict[str, str]:
    """The sheets that matter: title -> its name for pyxform, which takes a lone sheet for the survey."""
    wanted = {title: title.lower() for title in titles if title.lower() in SHEETS}
    return wanted or ({titles[0]: "survey"} if len(titles) == 1 else {})


def _read_xlsx(data: bytes) -> Book:
    from openpyxl import load_workbook

    package = vetted_package(data, LIMITS)
    workbook = load_workbook(package, read_only=True, data_only=True, keep_links=False)
    book = Book(titles=list(workbook.sheetnames))
    for title, name in _wanted(book.titles).items():
        worksheet: Any = workbook[title]
        path = getattr(worksheet, "_worksheet_path", None)
        if path is None:
            continue
        worksheet.reset_dimensions()
        _add_sheet(book, name, title, _xlsx_rows(worksheet), _xlsx_text)
        _tell_formulas(book, title, _xlsx_formulas(package, path))
    return book


def _xlsx_rows(worksheet: Any) -> Iterator[tuple[Cell, ...]]:
    """The rows, as wide as the first one: rows are padded, and what is wide costs."""
    first = next(worksheet.iter_rows(max_row=1, max_col=MOST_COLUMNS, values_only=True), ())
    width = max((at for at, value in enumerate(first, 1) if value is not None), default=1)
    for row in worksheet.iter_rows(max_col=width, values_only=True):
        yield tuple(map(Cell, row))


def _read_xls(data: bytes) -> Book:
    import xlrd

    scanned = xls_guard.scan(data)
    workbook = xlrd.open_workbook(
        file_contents=bytes(scanned.stream), logfile=xls_guard.Silent(), on_demand=True, ragged_rows=True
    )
    book = Book(titles=list(workbook.sheet_names()))
    starts = dict(zip(book.titles, getattr(workbook, "_sh_abs_posn", []), strict=False))
    for title, name in _wanted(book.titles).items():
        sheet = workbook.sheet_by_name(title)
        rows = (
            tuple(Cell(cell.value, cell.ctype) for cell in sheet.row(number)) for number in range(sheet.nrows)
        )
        _add_sheet(book, name, title, rows, lambda cell, mode=workbook.datemode: _xls_text(cell, mode))
        _tell_formulas(
            book, title, [(r + 1, c + 1) for at, r, c in scanned.formulas if at == starts.get(title)]
        )
    return book


def _add_sheet(book: Book, name: str, title: str, rows: Rows, text: Any) -> None:
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_excel_column_headers, get_excel_rows

    walk = iter(rows)
    try:
        found = get_excel_column_headers(_heading_texts(next(walk, ())))
    except PyXFormError as error:
        column = str(error).rpartition(":")[2].strip()
        raise SurveyFileError(
            _("Two columns are called “%(column)s”. Rename or delete one.", column=column), title, 1
        ) from error
    limited = _limited(walk, name, title)
    said = _Texts(title, text)
    kept = get_excel_rows(found, limited, said)
    _tell_rest(book, title, len(kept), limited)
    book.sheets[name] = Sheet(title, tuple(key for key in found if key is not None), tuple(kept))


def _heading_texts(cells: tuple[Cell, ...]) -> list[str | None]:
    return [None if cell.value in (None, "") else str(cell.value) for cell in cells]


@dataclass(frozen=True)
class _Texts:
    """Makes text of cells, and refuses what no form can hold."""

    title: str
    text: Any

    def __call__(self, cell: Cell, row: int, heading: str) -> str | None:
        try:
            said: str | None = self.text(cell)
        except (ValueError, OverflowError):
            raise SurveyFileError(
                _("The date under “%(column)s” cannot be read. Write it as text.", column=heading),
                self.title,
                row + 2,
            ) from None
        if said and (UNSTORABLE.search(said) or len(said) > MOST_CHARACTERS):
            raise SurveyFileError(
                _(
                    "The cell under “%(column)s” holds a character that cannot be stored, or too many. "
                    "Type its text again.",
                    column=heading[:60],
                ),
                self.title,
                row + 2,
            )
        return said


class _limited:  # noqa: N801 - reads as the function it stands for
    """Rows up to the most that a sheet of this kind may have; what is left can be looked at afterwards."""

    def __init__(self, rows: Iterator[tuple[Cell, ...]], name: str, title: str) -> None:
        self.rows, self.title, self.number = rows, title, 1
        self.most = MOST_ROWS.get(name, MOST_OTHER_ROWS)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for row in self.rows:
            self.number += 1
            if self.number > self.most and any(cell.value not in (None, "") for cell in row):
                raise SurveyFileError(
                    _("The sheet has more than %(most)s rows. Make the form shorter.", most=self.most),
                    self.title,
                    self.number,
                )
            yield row


def _tell_rest(book: Book, title: str, kept: int, rest: _limited) -> None:
    """Say where text stands that no tool reads: below sixty empty rows."""
    for row in rest:
        if any(str(cell.value or "").strip() for cell in row):
            words = _(
                "Below so many empty rows nothing is read. Move these rows up if they belong to the form."
            )
            book.lines.append(Line("left out", title, words, title, rest.number))
            return
        if rest.number > kept + LOOKED_AT:
            return


def _xlsx_text(cell: Cell) -> str | None:
    from pyxform.xls2json_backends import is_empty, xlsx_value_to_str

    value = cell.value.strip() if isinstance(cell.value, str) else cell.value
    return None if is_empty(value) else str(xlsx_value_to_str(value))


def _xls_text(cell: Cell, date_mode: int) -> str | None:
    from pyxform.xls2json_backends import is_empty, xls_value_to_unicode

    value = cell.value.strip() if isinstance(cell.value, str) else cell.value
    return None if is_empty(value) else str(xls_value_to_unicode(value, cell.kind, date_mode))


def _xlsx_formulas(package: io.BytesIO, path: str) -> list[tuple[int, int]]:
    """Where the formulas of a sheet are: row and column."""
    import zipfile

    from openpyxl.utils.cell import coordinate_to_tuple

    with zipfile.ZipFile(package) as parts:
        part = parts.read(path.lstrip("/"))
    if b"f>" not in part and b"<f" not in part and b":f" not in part:
        return []
    found: list[tuple[int, int]] = []
    cell = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            cell[0] = attributes.get("r", "")
        elif kind == "f" and re.fullmatch(r"[A-Z]{1,3}[0-9]{1,7}", cell[0]):
            found.append(coordinate_to_tuple(cell[0]))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(part, True)
    return found


def _tell_formulas(book: Book, title: str, formulas: list[tuple[int, int]]) -> None:
    """Each row with formulas once."""
    from openpyxl.utils import get_column_letter

    by_row: dict[int, list[str]] = {}
    for row, column in formulas:
        by_row.setdefault(row, []).append(get_column_letter(column))
    for row, columns in sorted(by_row.items()):
        words = _(
            "Computed by the spreadsheet in column %(columns)s: the value it had when the file was saved is "
            "taken as text; where there is none, nothing.",
            columns=", ".join(columns[:10]),
        )
        book.lines.append(Line("changed", ", ".join(f"{c}{row}" for c in columns[:10]), words, title, row))
