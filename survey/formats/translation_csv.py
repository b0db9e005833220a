"""Translations as CSV: UTF-8 with a byte order mark, every field in quotation marks, no formula in it."""

from __future__ import annotations

import csv
import io

from survey.formats.safe_text import for_csv
from survey.formats.translation_rows import Sheet

MEDIA_TYPE = "text/csv"


def write(sheet: Sheet) -> bytes:
    """The file."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(map(for_csv, sheet.header))
    writer.writerows(map(for_csv, line) for line in sheet.lines())
    return stream.getvalue().encode("utf-8-sig")
