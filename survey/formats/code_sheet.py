"""Codes for handing out, as CSV: the code as it is printed, and the address that brings it along."""

import csv
import io
from collections.abc import Iterable

from survey.formats.safe_text import for_csv

COLUMNS = ("code", "address")


def write(rows: Iterable[tuple[str, str]]) -> bytes:
    """A header and one row for each code; UTF-8 with a byte order mark, every field in quotation marks."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([for_csv(code), for_csv(address)] for code, address in rows)
    return text.getvalue().encode("utf-8-sig")
