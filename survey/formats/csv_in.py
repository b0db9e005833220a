"""CSV: the delimiter found from header and first rows, quotes respected, no row lost without a word."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from survey.formats.rows import Limits, Problem, RowCollector, Table, TableError, name_columns

DELIMITERS = (",", ";", "\t", "|")
# A file of one column has no delimiter, and its text may hold any of them. NUL cannot be in the text any
# more, so a reader told to divide at NUL never divides.
NO_DELIMITER = "\x00"
SAMPLE_LINES = 100
SAMPLE_RECORDS = 25
# Excel's own way to name the delimiter, on a line before the header.
DELIMITER_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)


def read_csv(text: str, limits: Limits) -> Table:
    """Read CSV with a header row.

    Raises
    ------
    TableError
        There are no rows, too many rows or columns, or a quotation mark is never closed.
    """
    lines = list(io.StringIO(text, newline=""))
    named = DELIMITER_LINE.fullmatch(lines[0]) if lines else None
    first = 1 if named else 0
    delimiter = named.group(1) if named else _find_delimiter(lines)
    collector = RowCollector(limits)
    for line, record in _records(lines, first, delimiter or NO_DELIMITER):
        if isinstance(record, Problem):
            _refuse(collector, record)
        elif collector.columns:
            collector.add_fields(line, record)
        elif any(map(str.strip, record)):
            collector.columns, collector.notes = name_columns(record, limits)
    if not collector.columns:
        raise TableError("The file is empty. Choose a file with a header row and rows under it.")
    return collector.table("csv", delimiter)


def _refuse(collector: RowCollector, problem: Problem) -> None:
    if not collector.columns:
        raise TableError(f"The header on line {problem.line} cannot be read: it {problem.reason}")
    collector.refuse(problem.line, problem.reason)


def _find_delimiter(lines: list[str]) -> str | None:
    """Return the delimiter that makes most of the first rows as wide as the header; None for one column."""
    scores = ((_score(lines[:SAMPLE_LINES], delimiter), delimiter) for delimiter in DELIMITERS)
    (share, width), best = max(scores, key=lambda scored: scored[0])
    return best if share and width > 1 else None


def _score(lines: list[str], delimiter: str) -> tuple[float, int]:
    records: list[list[str]] = []
    with suppress(csv.Error):  # what cannot be read is refused when the whole file is
        records.extend(filter(any, islice(csv.reader(lines, delimiter=delimiter), SAMPLE_RECORDS)))
    if not records or len(records[0]) < 2:
        return 0.0, 1
    width = len(records[0])
    # To one decimal: a few bad rows must not hand a wide header to a delimiter that is in the text by chance.
    return round(sum(len(record) == width for record in records) / len(records), 1), width


def _records(lines: list[str], first: int, delimiter: str) -> Iterator[tuple[int, list[str] | Problem]]:
    """Yield each record with the line it begins on; after one that is not valid, go on with the next line."""
    reader = csv.reader(islice(lines, first, None), delimiter=delimiter, strict=True)
    while True:
        start = first + reader.line_num
        try:
            yield start + 1, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            record = lines[start : first + reader.line_num]
            yield start + 1, _problem(record, start + 1, delimiter, error)


def _problem(record: list[str], line: int, delimiter: str, error: csv.Error) -> Problem:
    """Return why one record was refused, or stop when an open quotation mark has swallowed rows after it."""
    opened, still_open = _last_quote(record, delimiter)
    if still_open or opened < len(record) - 1:
        raise TableError(
            f"A quotation mark opened on line {line + opened} is not closed where its text ends. "
            'Close it, or write it twice ("") if it belongs to the text, and try again.'
        ) from error
    if "field limit" in str(error):
        return Problem(line, f"has a field longer than {csv.field_size_limit():,} characters. Shorten it.")
    return Problem(line, 'has a quotation mark inside quoted text. Write it twice ("") there.')


def _last_quote(record: list[str], delimiter: str) -> tuple[int, bool]:
    """Return on which line of the record its last quoted field opens, and whether it stays open.

    Without a quoted field that is the last line.
    """
    text = "".join(record)
    opened, inside, closed_at = len(text) - 1, False, -2
    for match in re.finditer('"', text):
        at = match.start()
        if inside:
            inside, closed_at = False, at
        elif at == closed_at + 1:  # the second of a doubled quotation mark: still the same field
            inside = True
        elif at == 0 or text[at - 1] in (delimiter, "\n", "\r"):
            inside, opened = True, at
    return _line_of(record, opened), inside


def _line_of(record: list[str], offset: int) -> int:
    for number, line in enumerate(record):
        if offset < len(line):
            return number
        offset -= len(line)
    return len(record) - 1
