"""Reading a table of comments: CSV, an Excel workbook or JSON lines, told apart by what is in the file."""

import re
from dataclasses import replace
from pathlib import Path

from survey.formats.csv_in import read_csv
from survey.formats.decoding import decode
from survey.formats.jsonl_in import read_json_array, read_json_lines
from survey.formats.rows import DEFAULT_LIMITS, Limits, Problem, Replaced, Row, Table, TableError

__all__ = ["DEFAULT_LIMITS", "Limits", "Problem", "Replaced", "Row", "Table", "TableError", "read_table"]

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Of files that people choose by mistake.
OTHER_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (.rtf)"),
    (b"\x1f\x8b", "a packed file (.gz)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)
JSON_ARRAY = re.compile(r"\s*\[\s*[{\]]")


def read_table(data: bytes | Path, name: str, limits: Limits = DEFAULT_LIMITS) -> Table:
    """Read a table with a header row (or JSON objects); what is in the file counts, not what it is called.

    Parameters
    ----------
    data
        The file, or where it is.
    name
        What the person calls it; decides only when the content does not.
    limits
        The largest file that is read.

    Raises
    ------
    TableError
        The file as a whole cannot be read. Rows that cannot be read are in ``problems`` instead.
    """
    content = _load(data, limits)
    if content.startswith(ZIP):
        return _read_workbook(content, limits)
    _refuse_other_kinds(content)
    decoded = decode(content, limits)
    table = _read_text(decoded.text, name, limits)
    return replace(
        table,
        encoding=decoded.encoding,
        replaced=(*decoded.replaced, *table.replaced),
        notes=(*decoded.notes, *table.notes),
    )


def _load(data: bytes | Path, limits: Limits) -> bytes:
    if isinstance(data, Path):
        try:
            with data.open("rb") as stream:
                data = stream.read(limits.file_bytes + 1)
        except OSError as error:
            raise TableError(f"The file cannot be opened: {error.strerror}. Check its name.") from error
    if len(data) > limits.file_bytes:
        size = limits.file_bytes / 1024**2
        raise TableError(f"The file is larger than {size:g} MB. Divide it and import the parts in turn.")
    return data


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(OLE):
        raise TableError(
            "The file is an old Excel workbook (.xls) or has a password. "
            "Save it as .xlsx without a password, or as “CSV UTF-8”, and try again."
        )
    for signature, kind in OTHER_KINDS:
        if content.startswith(signature):
            raise TableError(f"The file is {kind}. Save the table as “CSV UTF-8” or .xlsx and try again.")


def _read_workbook(content: bytes, limits: Limits) -> Table:
    # Imported when needed: the library for workbooks takes 50 MB, which a web process seldom needs.
    from survey.formats.xlsx_in import read_xlsx

    return read_xlsx(content, limits)


def _read_text(text: str, name: str, limits: Limits) -> Table:
    if JSON_ARRAY.match(text):
        return read_json_array(text, limits)
    named_json = name.lower().endswith((".jsonl", ".ndjson", ".json"))
    if text.lstrip()[:1] == "{" or named_json:
        return read_json_lines(text, limits)
    return read_csv(text, limits)
