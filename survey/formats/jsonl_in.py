"""JSON lines, or one JSON array: an object a row."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from survey.formats.rows import (
    Limits,
    Problem,
    RowCollector,
    Table,
    TableError,
    check_columns,
    count_line_ends,
)

# NaN and Infinity are not JSON, but Python's own writer makes them of missing numbers.
DECODER = json.JSONDecoder(parse_constant=lambda _name: None)
BETWEEN_OBJECTS = re.compile(r"[\s,]*")
NOT_JSON = "is not valid JSON"


def read_json_lines(text: str, limits: Limits) -> Table:
    """Read one JSON object a line; a line that is not one is refused with its number.

    The columns are all keys of all objects in the order of their first occurrence. A key that an object does
    not have, and null, are empty text; numbers and truth values are as JSON writes them; lists and
    objects stay JSON.

    Raises
    ------
    TableError
        No line holds an object, or there are too many rows or columns.
    """
    return _table(_lines(text), limits)


def read_json_array(text: str, limits: Limits) -> Table:
    """Read a JSON array of objects, with the same rules as for JSON lines.

    Raises
    ------
    TableError
        The array is not valid JSON or holds no object, or there are too many rows or columns.
    """
    return _table(_items(text), limits)


def _table(found: Iterator[tuple[int, object]], limits: Limits) -> Table:
    collector = RowCollector(limits)
    columns: dict[str, None] = {}
    for line, value in found:
        if isinstance(value, Problem):
            collector.refuse(line, value.reason)
        elif not isinstance(value, dict):
            collector.refuse(line, "is not a JSON object: write one {...} a row")
        else:
            row = _values(value, line, collector)
            columns.update(dict.fromkeys(row))
            check_columns(len(columns), limits)
            collector.add(line, row)
    _require_rows(collector)
    _fill(collector, tuple(columns))
    return collector.table("jsonl")


def _require_rows(collector: RowCollector) -> None:
    if collector.rows:
        return
    if not collector.problems:
        raise TableError('The file is empty. Write one JSON object a line, for instance {"text": "..."}.')
    first = collector.problems[0]
    raise TableError(
        f"No line of the file is a JSON object: line {first.line} {first.reason}. Write one {{...}} a line."
    )


def _fill(collector: RowCollector, columns: tuple[str, ...]) -> None:
    """Give every row every column, in one order: only after the last row are all of them known."""
    collector.columns = columns
    for row in collector.rows:
        if tuple(row.values) != columns:
            values = {column: row.values.get(column, "") for column in columns}
            row.values.clear()
            row.values.update(values)


def _values(item: dict[str, Any], line: int, collector: RowCollector) -> dict[str, str]:
    row: dict[str, str] = {}
    for key, value in item.items():
        column = collector.storable(key, line, "a key") or "no name"
        row[column] = collector.storable(_as_text(value), line, column)
    return row


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _lines(text: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if line.strip():
            yield number, _parsed(line, number)


def _parsed(line: str, number: int) -> object:
    try:
        return DECODER.decode(line)
    except json.JSONDecodeError as error:
        return Problem(number, f"{NOT_JSON} at character {error.colno}: {error.msg.lower()}")
    except RecursionError:
        return Problem(number, "is nested too deeply")
    except ValueError:  # Python refuses whole numbers of thousands of digits
        return Problem(number, "holds a number with too many digits")


def _items(text: str) -> Iterator[tuple[int, object]]:
    """Yield the objects of an array one by one, because only so does each have its line."""
    at = text.index("[") + 1
    line = 1 + count_line_ends(text[:at])
    bracket = len(text.rstrip()) - 1
    while (start := _after_comma(text, at)) < bracket:
        line += count_line_ends(text[at:start])
        try:
            value, at = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            raise _broken_array(line) from error
        yield line, value
        line += count_line_ends(text[start:at])
    if start > bracket or text[bracket] != "]":
        raise _broken_array(line)


def _after_comma(text: str, at: int) -> int:
    between = BETWEEN_OBJECTS.match(text, at)
    return between.end() if between else at


def _broken_array(line: int) -> TableError:
    return TableError(
        f"The JSON array is not valid on line {line}. Correct it, or write one object a line, and try again."
    )
