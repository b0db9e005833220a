r"""The summary as an Excel workbook: themes, their breadth over audiences, comments, method.

Every text is a cell of type string, word for word; none can be a formula. Characters that a workbook cannot
hold are shown as ``\x07``, and text longer than a cell holds goes on in a column "... (continued)".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from survey.formats.comment_table import COMMENT_COLUMNS, comment_rows
from survey.formats.safe_text import for_xml, looks_like_formula
from survey.formats.summary import Summary, SummaryTheme

Value = str | int | float
CELL_LENGTH = 32_767  # Excel counts UTF-16 code units
# Excel reads _x000D_ in a cell as a carriage return; so where somebody wrote that, its underscore is escaped.
EXCEL_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
PERCENT = "0.0%"
MIN_WIDTH, MAX_WIDTH = 8, 60
SAMPLE_FOR_WIDTH = 200

THEME_COLUMNS = (
    "theme_id",
    "theme",
    "state",
    "comments",
    "share_of_comments",
    "audiences",
    "of_audiences",
    "likely_low",
    "likely_high",
    "only_one_audience",
    "keywords",
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the workbook."""
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Throughline"
    workbook.properties.title = for_xml(summary.study_title)
    workbook.properties.created = summary.made_at_utc()
    for sheet in (_themes(summary), _breadth(summary), _comments(summary), _method(summary)):
        _write_sheet(workbook, sheet)
    workbook.save(stream)


def _themes(summary: Summary) -> _Sheet:
    return _Sheet("Themes", THEME_COLUMNS, [_theme_row(theme) for theme in summary.themes])


def _theme_row(theme: SummaryTheme) -> tuple[Value, ...]:
    only = "yes" if theme.only_one_audience else "no"
    numbers = (theme.size, theme.share, theme.audiences_k, theme.audiences_of, theme.low, theme.high)
    return (theme.id, theme.name, theme.state, *numbers, only, "; ".join(theme.keywords))


def _breadth(summary: Summary) -> _Sheet:
    """A row for each theme, a column for each audience, and what each audience said in all below them."""
    audiences = [name for name, _comments in summary.audiences]
    rows: list[tuple[Value, ...]] = []
    for theme in summary.themes:
        counts = dict(theme.by_audience)
        rows.append((theme.id, theme.name, *(counts.get(audience, 0) for audience in audiences)))
    rows.append(("", "all comments", *(comments for _name, comments in summary.audiences)))
    return _Sheet("Breadth", ("theme_id", "theme", *audiences), rows)


def _comments(summary: Summary) -> _Sheet:
    return _Sheet("Comments", COMMENT_COLUMNS, list(comment_rows(summary)))


def _method(summary: Summary) -> _Sheet:
    facts = summary.facts
    rows: list[tuple[Value, ...]] = [
        ("Study", summary.study_title),
        ("Invented for a demonstration", "yes" if summary.demo else "no"),
        ("Made at", summary.made_at),
        ("Made by", summary.made_by),
        ("Run", "" if summary.run is None else summary.run),
        ("Seed", "" if summary.seed is None else summary.seed),
        ("Revision of the board", summary.board_revision),
        ("Comments", facts.comments),
        ("Audiences", facts.audiences),
        ("Themes", facts.themes),
        ("Share of comments in no theme", facts.share_in_no_theme),
    ]
    return _Sheet("Method", ("item", "value"), rows + list(summary.method))


def _write_sheet(workbook: Workbook, sheet: _Sheet) -> None:
    worksheet: Any = workbook.create_sheet(sheet.title)
    pieces = _pieces_per_column(sheet)
    header = list(_header(sheet.header, pieces))
    worksheet.freeze_panes = "A2"
    for number, width in enumerate(_widths(header, sheet.rows, pieces), start=1):
        worksheet.column_dimensions[get_column_letter(number)].width = width
    worksheet.append([_header_cell(worksheet, name) for name in header])
    for row in sheet.rows:
        worksheet.append(list(_cells(worksheet, row, pieces)))


def _pieces_per_column(sheet: _Sheet) -> list[int]:
    """Return over how many cells each column has to go so that its longest text fits."""
    pieces = [len(_split(name)) for name in sheet.header]
    for row in sheet.rows:
        for column, value in enumerate(row):
            # Escapes make text at most six times as long.
            if isinstance(value, str) and len(value) * 6 > CELL_LENGTH:
                pieces[column] = max(pieces[column], len(_split(value)))
    return pieces


def _split(text: str) -> list[str]:
    """Return the text in pieces that each fit a cell, joined again by putting them after one another."""
    visible = for_xml(text)
    if len(visible) * 2 <= CELL_LENGTH:
        return [EXCEL_ESCAPE.sub("_x005F_", visible)]
    # Beyond U+FFFF a character counts as two, and an escaped underscore makes text at most twice as long.
    doubles = max(visible) > "\uffff" or EXCEL_ESCAPE.search(visible)
    step = CELL_LENGTH // 2 if doubles else CELL_LENGTH
    return [EXCEL_ESCAPE.sub("_x005F_", visible[at : at + step]) for at in range(0, len(visible), step)]


def _header(names: Sequence[str], pieces: list[int]) -> Iterator[str]:
    for name, cells in zip(names, pieces, strict=True):
        yield from _split(name)
        for number in range(len(_split(name)), cells):
            yield f"{name[:200]} (continued)" if number == 1 else f"{name[:200]} (continued {number})"


def _widths(header: list[str], rows: Sequence[Sequence[Value]], pieces: list[int]) -> Iterator[int]:
    longest = [len(name) for name in header]
    for row in rows[:SAMPLE_FOR_WIDTH]:
        at = 0
        for value, cells in zip(row, pieces, strict=True):
            longest[at] = max(longest[at], len(str(value)))
            at += cells
    return (min(max(length + 2, MIN_WIDTH), MAX_WIDTH) for length in longest)


def _cells(worksheet: Any, row: Iterable[Value], pieces: list[int]) -> Iterator[Any]:
    for value, cells in zip(row, pieces, strict=True):
        if isinstance(value, str):
            parts = _split(value)
            yield from (_text_cell(worksheet, part) if part else None for part in parts)
            yield from [None] * (cells - len(parts))
        else:
            yield _number_cell(worksheet, value)


def _text_cell(worksheet: Any, text: str) -> Any:
    """Return text as openpyxl writes it as a string, which for some takes a cell that says so."""
    if not (looks_like_formula(text) or text in ERROR_CODES):
        return text
    cell = WriteOnlyCell(worksheet, value=text)
    cell.data_type = "s"
    # So that the text stays text when somebody edits the cell.
    cell.quotePrefix = True
    return cell


def _number_cell(worksheet: Any, number: int | float) -> Any:
    if isinstance(number, int):
        return number
    cell = WriteOnlyCell(worksheet, value=number)
    cell.number_format = PERCENT
    return cell


def _header_cell(worksheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(worksheet, value=name)
    cell.data_type = "s"
    cell.font = Font(bold=True)
    cell.quotePrefix = looks_like_formula(name)
    return cell
