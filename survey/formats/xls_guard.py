"""The guard in front of old workbooks (.xls): the stream of records is read through before anything is built.

An .xls file is a small file system (OLE) with one stream of records in it. A record can name any row and
any column, a table of names can compute texts that double with each name, and a reader that pads rows asks
for all the memory there is. So the stream is taken out here, each record looked at once, what computes or
links is made unreadable, and the library sees only that stream.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from survey.formats.survey_files import SurveyFileError

MOST_XLS_BYTES = 5 * 1024 * 1024
MOST_RECORDS = 400_000
MOST_CELLS = 300_000
# Rows are kept up to their last cell, so what counts is how wide they are together.
MOST_WIDTH = 1_500_000
MOST_COLUMNS = 256
# One cell: row and column are the first two numbers of the record.
CELLS = frozenset({0x0002, 0x0003, 0x0004, 0x0005, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E})
FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
MANY_CELLS = 0x00BD
# Names, links to other files, macros and pivot tables: nothing that holds the text of a cell.
DROPPED = frozenset({0x0016, 0x0017, 0x0018, 0x0023, 0x0059, 0x005A, 0x01AE, 0x0218, 0x0223})
BEGIN, LOCKED, SHEET = (0x0009, 0x0209, 0x0409, 0x0809), 0x002F, 0x0085
UNKNOWN = struct.pack("<H", 0x7FFF)


@dataclass
class Scanned:
    """The stream of records, safe to read; where its formulas are: (offset of the sheet, row, column)."""

    stream: bytearray
    formulas: list[tuple[int, int, int]] = field(default_factory=list)


class Silent(io.TextIOBase):
    """Takes what the library would print."""

    def write(self, text: str, /) -> int:
        """Nothing is kept."""
        return len(text)


def damaged() -> SurveyFileError:
    """The workbook cannot be read."""
    return SurveyFileError(
        _("The workbook is damaged. Open it in your spreadsheet program, save it as .xlsx, and try again.")
    )


def locked() -> SurveyFileError:
    """The workbook cannot be read without a password."""
    return SurveyFileError(_("The workbook has a password. Save it again without one and try again."))


def too_large() -> SurveyFileError:
    """The workbook has more in it than a form has."""
    return SurveyFileError(
        _("The workbook holds more than is read here. Keep only the sheets of the form, and try again.")
    )


def scan(data: bytes) -> Scanned:
    """The records of an .xls file, measured; raise `SurveyFileError` when it is damaged or too large."""
    if len(data) > MOST_XLS_BYTES:
        raise too_large()
    found = Scanned(bytearray(_stream(data)))
    _Measure(found).run()
    return found


def _stream(data: bytes) -> bytes:
    from xlrd.compdoc import CompDoc

    try:
        container = CompDoc(data, logfile=Silent())
        if container.locate_named_stream("EncryptedPackage")[0]:
            raise locked()
        for name in ("Workbook", "Book"):
            memory, start, length = container.locate_named_stream(name)
            if memory:
                return bytes(memory[start : start + length])
    except SurveyFileError:
        raise
    except Exception as error:  # the library raises whatever its structures do on a malformed file
        raise damaged() from error
    raise SurveyFileError(_("The file is no workbook. Choose an XLSForm (.xlsx or .xls)."))


class _Measure:
    """Goes through the records once."""

    def __init__(self, found: Scanned) -> None:
        self.found, self.stream = found, found.stream
        self.records = self.cells = self.width = self.sheet = 0
        self.widths: dict[tuple[int, int], int] = {}

    def run(self) -> None:
        """Measure every record and make those that compute unreadable."""
        for at, kind, size in self._records():
            if kind in BEGIN:
                self.sheet = at
            elif kind == LOCKED:
                raise locked()
            elif kind in DROPPED:
                self.stream[at : at + 2] = UNKNOWN
            elif kind in CELLS or kind in FORMULAS or kind == MANY_CELLS:
                self._cell(at + 4, kind, size)

    def _records(self) -> Iterator[tuple[int, int, int]]:
        at, end = 0, len(self.stream)
        while at + 4 <= end:
            kind, size = struct.unpack_from("<HH", self.stream, at)
            if at == 0 and kind not in BEGIN:
                raise damaged()
            self.records += 1
            if self.records > MOST_RECORDS:
                raise too_large()
            if at + 4 + size > end:
                return
            yield at, kind, size
            at += 4 + size

    def _cell(self, at: int, kind: int, size: int) -> None:
        if size < 6:
            raise damaged()
        row, column = struct.unpack_from("<HH", self.stream, at)
        if kind in FORMULAS:
            self.found.formulas.append((self.sheet, row, column))
        last = struct.unpack_from("<H", self.stream, at + size - 2)[0] if kind == MANY_CELLS else column
        self._widen(row, max(column, last), 1 + max(0, last - column))

    def _widen(self, row: int, last: int, cells: int) -> None:
        if last >= MOST_COLUMNS:
            raise SurveyFileError(
                _("The workbook has a cell beyond column %(most)s. Delete what is far right.", most="IV")
            )
        key = (self.sheet, row)
        self.cells += cells
        self.width += max(0, last + 1 - self.widths.get(key, 0))
        self.widths[key] = max(last + 1, self.widths.get(key, 0))
        if self.cells > MOST_CELLS or self.width > MOST_WIDTH:
            raise too_large()
