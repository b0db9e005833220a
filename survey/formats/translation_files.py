"""Translations in and out: which format a file is in, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from survey.formats import translation_csv, translation_po, translation_xlsx
from survey.formats.decoding import decode
from survey.formats.rows import TableError
from survey.formats.tables import ZIP, read_table
from survey.formats.translation_rows import LIMITS, Sheet, TranslationError, from_table

NOTHING = "The file has no texts. Use a file that was downloaded here, and write your translations into it."
# How the reader of tables begins to say that there is nothing in one.
EMPTY = ("The file is empty", "The file has a header but no rows", "No visible sheet of the workbook has")


@dataclass(frozen=True)
class Format:
    """A format that translations are downloaded in."""

    name: str
    media_type: str
    write: Callable[[Sheet], bytes]


FORMATS = {
    "csv": Format("CSV", translation_csv.MEDIA_TYPE, translation_csv.write),
    "xlsx": Format("Excel", translation_xlsx.MEDIA_TYPE, translation_xlsx.write),
    "po": Format("PO (gettext)", translation_po.MEDIA_TYPE, translation_po.write),
}


def read(data: bytes, name: str) -> Sheet:
    """Read a file of translations; what is in it counts, not what it is called.

    Raises
    ------
    TranslationError
        It cannot be read; the message says what to do.
    """
    try:
        if _is_po(data):
            return translation_po.read(data, LIMITS)
        return from_table(read_table(data, name, LIMITS))
    except TableError as error:
        words = str(error)
        raise TranslationError(NOTHING if words.startswith(EMPTY) else words) from error


def _is_po(data: bytes) -> bool:
    if data.startswith(ZIP) or len(data) > LIMITS.file_bytes:
        return False
    return translation_po.is_po(decode(data[:200_000], LIMITS).text)
