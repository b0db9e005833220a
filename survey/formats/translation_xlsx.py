"""Translations as an Excel workbook: every cell is text, the columns are as wide as one reads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from survey.formats.safe_text import for_xml, looks_like_formula
from survey.formats.translation_rows import Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"A": 30, "B": 24, "C": 60, "D": 60}


def write(sheet: Sheet) -> bytes:
    """The file."""
    # Imported when needed: the library for workbooks takes 50 MB, which a web process seldom needs.
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Throughline"
    worksheet: Any = workbook.create_sheet("Translation")
    worksheet.freeze_panes = "A2"
    for column, width in WIDTHS.items():
        worksheet.column_dimensions[column].width = width
    worksheet.append(_cells(worksheet, sheet.header, bold=True))
    for line in sheet.lines():
        worksheet.append(_cells(worksheet, line))
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _cells(worksheet: Any, texts: Sequence[str], *, bold: bool = False) -> list[Any]:
    return [_cell(worksheet, text, bold) for text in texts]


def _cell(worksheet: Any, text: str, bold: bool) -> Any:
    """A cell that is text whatever is in it, and stays so when somebody edits it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(worksheet, value=_excel(text))
    cell.data_type = "s"
    cell.quotePrefix = looks_like_formula(text)
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _excel(text: str) -> str:
    """Text as a workbook holds it; an underscore that Excel would read as an escape is one itself."""
    from survey.formats.xlsx_out import EXCEL_ESCAPE

    return EXCEL_ESCAPE.sub("_x005F_", for_xml(text))
