"""Reading a file of comments, which needs no database: a page does it before it asks for the write lock."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from survey.config import Settings
from survey.errors import Refusal
from survey.formats.comments_in import ColumnChoice, Read, read_comments
from survey.formats.tables import Limits, Table, TableError, read_table


@dataclass(frozen=True)
class Incoming:
    """A file that was read: what is in it, and which rows can be comments."""

    name: str
    sha256: str
    choice: ColumnChoice
    table: Table
    read: Read


def limits(settings: Settings) -> Limits:
    """The largest file that is taken."""
    size = settings.import_mb * 1024**2
    return Limits(file_bytes=size, unpacked_bytes=5 * size, rows=settings.import_rows)


def parse_table(data: bytes, name: str, limits: Limits) -> Table:
    """Read a file as a table; raise `Refusal` saying what to do when that is not possible."""
    try:
        return read_table(data, name, limits)
    except TableError as error:
        raise Refusal(str(error)) from error


def parse(data: bytes, name: str, choice: ColumnChoice, limits: Limits) -> Incoming:
    """Read a file as comments; raise `Refusal` when it is no table or lacks a chosen column."""
    table = parse_table(data, name, limits)
    try:
        read = read_comments(table, choice)
    except TableError as error:
        raise Refusal(str(error)) from error
    return Incoming(Path(name).name[:255], hashlib.sha256(data).hexdigest(), choice, table, read)
