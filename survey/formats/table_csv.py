"""Any table as CSV, in pieces: what is read is written, and nothing is held.

UTF-8 with a byte order mark, every field in quotation marks, formulas made harmless: see `csv_out`.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from survey.formats.safe_text import for_csv

# A field that may need an apostrophe, in a row joined by NUL: most rows have none, and are looked at once.
SUSPICIOUS = re.compile(r"\0[^\w\0(“\"]")
PIECE = 64 * 1024
"""About how many characters a piece has."""


def pieces(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the file: the header, then the rows as they come."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(for_csv, header))
    for row in rows:
        suspicious = SUSPICIOUS.search("\0" + "\0".join(row))
        writer.writerow(map(for_csv, row) if suspicious else row)
        if text.tell() > PIECE:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    piece = text.getvalue().encode("utf-8", "surrogatepass")
    text.seek(0)
    text.truncate()
    return piece
