"""The comments of a summary with their themes, as CSV.

UTF-8 with a byte order mark, so that Excel reads accents right; every field in quotation marks. A field
that a spreadsheet program might run as a formula, or that begins with an apostrophe, has an apostrophe
put before it: a reader of the file takes one leading apostrophe off each field and has the text word for
word.
"""

import csv
import io
from typing import BinaryIO

from survey.formats.comment_table import COMMENT_COLUMNS, comment_rows
from survey.formats.safe_text import for_csv
from survey.formats.summary import Summary


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write a header and one row for each comment."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    # All fields quoted: where lists are divided by semicolons, Excel would cut unquoted text at each of them.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(for_csv, COMMENT_COLUMNS))
    writer.writerows(map(for_csv, row) for row in comment_rows(summary))
    text.detach()
