"""What an SQLite database was at every commit, read out of its write-ahead log."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

WAL_HEADER, FRAME_HEADER = 32, 24


def states(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the database as it was after each commit of the log that lies beside it."""
    log = path.with_name(path.name + "-wal").read_bytes()
    if len(log) < WAL_HEADER:
        return
    page_size = struct.unpack(">I", log[8:12])[0]
    salts = log[16:24]
    content = bytearray(path.read_bytes())
    at = WAL_HEADER
    while at + FRAME_HEADER + page_size <= len(log):
        page, size_after = struct.unpack(">II", log[at : at + 8])
        if log[at + 8 : at + 16] != salts:
            break  # what is left of an earlier log
        data = log[at + FRAME_HEADER : at + FRAME_HEADER + page_size]
        _put(content, page, data, page_size)
        at += FRAME_HEADER + page_size
        if size_after:
            yield from _open(content, size_after * page_size)


def _put(content: bytearray, page: int, data: bytes, page_size: int) -> None:
    end = page * page_size
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[end - page_size : end] = data


def _open(content: bytearray, size: int) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        # A database in memory has no log: the header must not say that it has one.
        connection.deserialize(bytes(content[:18]) + b"\x01\x01" + bytes(content[20:size]))
        yield connection
