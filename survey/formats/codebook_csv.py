"""A codebook as a table: written as CSV, read from whatever a spreadsheet program makes of it.

Written as the comments are: UTF-8 with a byte order mark, every field in quotation marks, and an apostrophe
before text that might be run as a formula or begins with one. Where a file has no title its name is taken.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from survey.formats.codebook import (
    TEXT_FIELDS,
    Codebook,
    CodebookError,
    CodeEntry,
    Report,
    name_key,
    title_from,
)
from survey.formats.qda_codes import FILE, Problems, RawCode, assemble, code_called
from survey.formats.qda_text import storable
from survey.formats.rows import Limits, Table, TableError
from survey.formats.safe_text import for_csv, looks_like_formula
from survey.formats.tables import read_table

COLUMNS = ("number", "name", "parent", *TEXT_FIELDS, "color", "guid")
LIMITS = Limits(rows=20_000)
# How the reader of tables begins to say that there is nothing in one.
NO_ROWS = ("The file is empty", "The file has a header but no rows", "No visible sheet of the workbook has")
NO_CODES = "The file has no codes. Put a heading “name” in its first row and a code in each row under it."
# Headings by what they mean, in English and Spanish, without accents, in the order they are looked for.
HEADINGS = {
    "guid": "guid uuid",
    "parent": "parent category group broader padre madre categoria grupo",
    "number": "number no nr numero",
    "color": "color colour",
    "include": "include includes inclusion incluye incluir",
    "exclude": "exclude excludes exclusion excluye excluir",
    "example": "example examples quote quotation ejemplo ejemplos cita",
    "definition": "definition description meaning memo comment definicion descripcion significado",
    "name": "name code theme tag label node nombre codigo tema etiqueta",
}


def write(codebook: Codebook, stream: BinaryIO) -> None:
    """Write a header and one row for each code."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, codebook.entries))
    text.detach()


def _row(entry: CodeEntry) -> Iterator[str]:
    for column in COLUMNS:
        value = getattr(entry, column)
        yield "" if value is None else for_csv(storable(str(value)))


def read(data: bytes, name: str) -> Report:
    """Read a codebook from CSV or a workbook with a header row.

    Columns may come in any order, with headings in English or Spanish; only the names must be there. A parent
    that has no row of its own is added.

    Raises
    ------
    CodebookError
        The table has no codes, or no column that looks like their names.
    TableError
        The file cannot be read as a table.
    """
    table = _table(data, name)
    problems = Problems()
    chosen = _choose_columns(table, problems)
    _report_table(table, problems)
    raws = [_raw(table, row.line, row.values, chosen) for row in table.rows]
    _find_parents(raws, problems)
    return assemble(title_from(name), raws, problems)


def _table(data: bytes, name: str) -> Table:
    """Read the table, and say in words that fit a codebook what would be said of comments."""
    if len(data) <= LIMITS.file_bytes and not data.strip():
        raise CodebookError(NO_CODES)
    try:
        return read_table(data, name, LIMITS)
    except TableError as error:
        if str(error).startswith(NO_ROWS):
            raise CodebookError(NO_CODES) from error
        raise


def _choose_columns(table: Table, problems: Problems) -> dict[str, str]:
    free = {column: _words(column) for column in table.columns}
    chosen = {}
    for strict in (True, False):
        for meaning, words in HEADINGS.items():
            column = None if meaning in chosen else _matching(free, words.split(), strict)
            if column is not None:
                chosen[meaning] = column
                del free[column]
    if "name" not in chosen and len(free) == 1:  # the one column that means nothing else
        chosen["name"], _heading = free.popitem()
        reason = "is taken for the heading over the names. If it is a code, put “name” above it"
        problems.changed(FILE, f"“{chosen['name']}”, the text at the top,", reason)
    if "name" not in chosen:
        raise CodebookError("The file has no column for the names of the codes. Call one of them “name”.")
    for column in free:
        if any(row.values.get(column, "").strip() for row in table.rows):
            problems.left_out(FILE, f"The column “{column}”", "is left out: it is no part of a codebook")
    return chosen


def _matching(free: dict[str, list[str]], wanted: list[str], strict: bool) -> str | None:
    for word in wanted:
        for column, words in free.items():
            if words == [word] or (not strict and word in words):
                return column
    return None


def _words(heading: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.findall(r"[a-z0-9]+", plain.casefold())


def _report_table(table: Table, problems: Problems) -> None:
    for note in table.notes:
        problems.changed(FILE, "About the file:", note)
    for refused in table.problems:
        problems.left_out(FILE, f"Line {refused.line}", refused.reason)
    for line in dict.fromkeys(replaced.line for replaced in table.replaced):
        problems.changed(FILE, f"Line {line}", "has characters that cannot be read; each is shown as �")


def _raw(table: Table, line: int, values: dict[str, str], chosen: dict[str, str]) -> RawCode:
    take = _without_apostrophe if table.kind == "csv" else str
    texts = {meaning: take(values.get(column, "")) for meaning, column in chosen.items()}
    return RawCode(f"Line {line}", texts.pop("name"), texts=texts)


def _without_apostrophe(text: str) -> str:
    """Take off the apostrophe that `for_csv` puts before some texts, and no other."""
    rest = text[1:]
    return rest if text.startswith("'") and (rest.startswith("'") or looks_like_formula(rest)) else text


def _find_parents(raws: list[RawCode], problems: Problems) -> None:
    """Turn the names of parents into places; those without a row are added at the end."""
    places: dict[str, int] = {}
    for place, raw in enumerate(raws):
        places.setdefault(name_key(raw.name), place)
    for place, raw in enumerate(raws[:]):
        parent = " ".join(raw.texts.pop("parent", "").split())
        key = name_key(parent)
        if not parent or not raw.name.strip():
            continue
        if key not in places:
            places[key] = len(raws)
            raws.append(RawCode(code_called(parent), parent))
            problems.changed(
                place, raw.where, f"names a parent that has no row, “{parent[:60]}”; it is added"
            )
        raw.parent = places[key]
