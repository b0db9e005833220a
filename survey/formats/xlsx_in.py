"""Excel workbooks: the first visible sheet with anything in it, its values as text."""

import datetime as dt
import io
import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from survey.formats.rows import Limits, RowCollector, Table, TableError, check_columns, name_columns
from survey.formats.xlsx_package import DAMAGED, MAX_ROWS, vetted_package

Cells = tuple[object, ...]


def read_xlsx(data: bytes, limits: Limits) -> Table:
    """Read the first visible sheet of a workbook that is not empty; its first row with text is the header.

    Lines are the row numbers that the spreadsheet program shows. Formulas give the value they had when the
    file was saved; dates become ISO 8601, whole numbers have no decimals. Cells further right than one column
    beyond the limit are not looked at.

    Raises
    ------
    TableError
        The workbook is damaged, encrypted, too large, or has no rows.
    """
    package = vetted_package(data, limits)
    collector = RowCollector(limits)
    with warnings.catch_warnings():
        # On features that have nothing to do with cell values, and on cells, whose text belongs in no log.
        warnings.simplefilter("ignore")
        try:
            _read_workbook(package, collector)
        except TableError:
            raise
        except Exception as error:  # openpyxl raises whatever its objects do on a malformed part
            raise TableError(DAMAGED) from error
    return collector.table("xlsx")


def _read_workbook(package: io.BytesIO, collector: RowCollector) -> None:
    workbook = load_workbook(package, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    for number, sheet in enumerate(sheets):
        if _read_sheet(sheet, collector):
            if others := sheets[number + 1 :]:
                names = ", ".join(f"“{other.title}”" for other in others)
                collector.notes.append(f"Only the sheet “{sheet.title}” was read, not {names}.")
            return
    raise TableError("No visible sheet of the workbook has text. Put the comments under a header row.")


def _read_sheet(sheet: Any, collector: RowCollector) -> bool:
    """Read one sheet; return whether there was anything in it."""
    for line, cells in _rows(sheet, collector.limits):
        if collector.columns:
            collector.add_fields(line, _row_texts(cells, line, collector))
        else:
            _read_header(cells, line, collector)
    return bool(collector.columns)


def _rows(sheet: Any, limits: Limits) -> Iterator[tuple[int, Cells]]:
    """Yield the rows that have a value, with their number.

    The dimensions a sheet claims are not used: they may be wrong, and padding rows to them costs.
    """
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=limits.columns + 1, values_only=True)
    for line, cells in enumerate(rows, start=1):
        if line > MAX_ROWS:
            raise TableError(DAMAGED)
        if cells.count(None) < len(cells):
            yield line, cells


def _row_texts(cells: Cells, line: int, collector: RowCollector) -> list[str]:
    """Return the texts under the headings, and those to the right of them only when there are any."""
    width = len(collector.columns)
    texts = [
        _text(cell, line, column, collector)
        for cell, column in zip(cells[:width], collector.columns, strict=False)
    ]
    beyond = cells[width:]
    if beyond.count(None) < len(beyond):
        texts += _texts_to_the_last(beyond, line, "no heading", collector)
    return texts


def _texts_to_the_last(cells: Cells, line: int, column: str, collector: RowCollector) -> list[str]:
    texts = [_text(cell, line, column, collector) for cell in cells]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _read_header(cells: Cells, line: int, collector: RowCollector) -> None:
    texts = _texts_to_the_last(cells, line, "the header", collector)
    check_columns(len(texts), collector.limits)
    if texts:
        collector.columns, collector.notes = name_columns(texts, collector.limits)


def _text(cell: object, line: int, column: str, collector: RowCollector) -> str:
    match cell:
        case None:
            return ""
        case str():
            # Excel writes control characters as _x000D_ and the like.
            return collector.storable(unescape(cell), line, column)
        case bool():
            return str(cell).upper()
        case float():
            # Excel itself shows and keeps fifteen digits.
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
        case dt.date() | dt.time():
            return cell.isoformat()
    return str(cell)
