"""Workbooks for tests: honest ones, and ones with a part swapped for something hostile."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows: Iterable[Iterable[Any]], change: Callable[[Any], None] | None = None) -> bytes:
    """Return a workbook of one sheet; `change` gets it before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def swap(
    name: str, content: bytes, data: bytes | None = None, compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a workbook in which one part has other content."""
    data = data or workbook([["id", "text"], [1, "hello"]])
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", compression) as target:
        for member in source.namelist():
            target.writestr(member, content if member == name else source.read(member))
    return stream.getvalue()


def sheet_xml(rows: str) -> bytes:
    """Return the part of a sheet with these rows in XML."""
    return f'<?xml version="1.0"?><worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'.encode()


def text_cell(text: str) -> str:
    """Return a cell with its text in itself."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def with_shared_strings(strings: str) -> bytes:
    """Return a workbook of two cells, one under the other, with their text in a table of shared strings."""
    cells = "".join(f'<row><c t="s"><v>{number}</v></c></row>' for number in range(2))
    stream = io.BytesIO(swap(SHEET, sheet_xml(cells)))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        types = package.read("[Content_Types].xml").decode()
        package.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    return swap("[Content_Types].xml", types.replace("</Types>", override).encode(), stream.getvalue())
