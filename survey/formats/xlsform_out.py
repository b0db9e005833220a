"""Surveys as XLSForms.

A survey that came from a form is written as that form again: every row, column and sheet of it, with what was
changed since. Any other survey is written anew. pyxform has to accept the result, or there is none.
"""

from __future__ import annotations

import io
from typing import Any

from flask_babel import gettext as _

from survey.document import Document
from survey.formats.safe_text import for_xml
from survey.formats.survey_files import Line, SurveyFileError
from survey.formats.xlsform_book import Book, Sheet
from survey.formats.xlsform_check import check
from survey.formats.xlsform_kept import FILE, kept
from survey.formats.xlsform_out_changed import Kept
from survey.formats.xlsform_out_form import FormWriter
from survey.formats.xlsform_out_loose import without_loose_ends

CELL = 32_767


def write(document: Document) -> tuple[bytes, tuple[Line, ...]]:
    """The workbook, and what is told about it; raise `SurveyFileError` when the survey cannot be a form."""
    plain = document.to_dict()
    book, lines = _book(plain)
    return workbook(book), tuple(lines)


def _book(plain: dict[str, Any]) -> tuple[Book, list[Line]]:
    found = _kept(plain)
    if found is not None:
        try:
            return _checked(plain, found)
        except SurveyFileError:
            words = _("The form it came from no longer fits, so the survey is written as a new form.")
            book, lines = _checked(plain, None)
            return book, [Line("changed", "", words), *lines]
    return _checked(plain, None)


def _kept(plain: dict[str, Any]) -> Kept | None:
    book = kept(plain["origin"])
    return Kept.of(book, plain["origin"].get(FILE, "")) if book else None


def _checked(plain: dict[str, Any], kept: Kept | None) -> tuple[Book, list[Line]]:
    if kept is None and not any(page["questions"] for page in plain["pages"]):
        raise SurveyFileError(_("The survey has no question yet. Add one first."))
    writer = FormWriter(plain, kept)
    book = without_loose_ends(writer.book(), writer.lines)
    check(book)
    return book, writer.lines


def workbook(book: Book) -> bytes:
    """The bytes of an .xlsx file; every cell is text, and none a formula."""
    from openpyxl import Workbook

    made = Workbook(write_only=True)
    for sheet in book.sheets.values():
        _add(made, sheet)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _add(made: Any, sheet: Sheet) -> None:
    worksheet = made.create_sheet(sheet.title[:31])
    worksheet.freeze_panes = "A2"
    worksheet.append([_cell(worksheet, heading) for heading in sheet.headings])
    for row in sheet.rows:
        worksheet.append([_cell(worksheet, row.get(heading)) for heading in sheet.headings])


def _cell(worksheet: Any, text: str | None) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    if len(text) > CELL:
        raise SurveyFileError(_("A text is longer than a cell of a workbook holds. Make it shorter."))
    cell = WriteOnlyCell(worksheet, value=for_xml(text))
    cell.data_type = "s"
    return cell
