"""Minutes that come in: plain text, a Word document or a table, as lines that can be split into comments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from statistics import fmean
from typing import Literal

from flask_babel import gettext as _

from survey.formats.comments_in import HEADINGS, columns_named
from survey.formats.csv_in import read_csv
from survey.formats.decoding import Decoded, decode
from survey.formats.minutes_docx import read_docx
from survey.formats.minutes_lines import Line, MinutesError, has_words, lines_of_text
from survey.formats.rows import REPLACEMENT, Limits, Replaced, Row, Table, TableError

__all__ = ["Line", "Minutes", "MinutesError", "read_minutes"]

Kind = Literal["text", "docx", "csv"]
TABLES = (".csv", ".tsv")
SPEAKER_WORDS = "speaker role who participant person rol participante"
# What begins a file that is no text, and what to do with it.
MAGIC = ((b"%PDF", "PDF"), (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"))
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK"
SAMPLE = 100_000
MOST_UNREADABLE, FEW = 0.05, 20


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes as they were read. Of a table, `columns` are its columns and `column` the one that was read."""

    kind: Kind
    lines: tuple[Line, ...]
    encoding: str = "utf-8"
    replaced: tuple[Replaced, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    column: str = ""


def read_minutes(data: bytes, name: str, limits: Limits, column: str = "") -> Minutes:
    """Read minutes; what a file is, its first bytes say, and its name only whether it is a table.

    Raises
    ------
    MinutesError
        It is no text, no Word document or no table, or larger than the limits; the message says what to do.
    """
    if len(data) > limits.file_bytes:
        most = limits.file_bytes // 1024**2
        raise MinutesError(_("The file is larger than %(most)s MB. Divide it and try again.", most=most))
    minutes = _read(data, name, limits, column)
    if not minutes.lines:
        raise MinutesError(_("There is no text in the minutes. Choose another file, or paste the text."))
    if len(minutes.lines) > limits.rows:
        raise MinutesError(
            _(
                "The minutes have %(lines)s lines; at most %(most)s are read at once. Divide them, then "
                "try again.",
                lines=f"{len(minutes.lines):,}",
                most=f"{limits.rows:,}",
            )
        )
    return minutes


def _read(data: bytes, name: str, limits: Limits, column: str) -> Minutes:
    ending = PurePath(name).suffix.casefold()
    if data.startswith(ZIP):
        return Minutes("docx", read_docx(data, limits))
    _refuse_other_kinds(data, ending)
    decoded = _decoded(data, limits)
    if ending in TABLES:
        return _read_table(decoded, limits, column)
    lines = lines_of_text(decoded.text)
    return Minutes("text", lines, decoded.encoding, decoded.replaced, decoded.notes)


def _refuse_other_kinds(data: bytes, ending: str) -> None:
    if data.startswith(OLD_WORD):
        raise MinutesError(
            _("This is an old Word file (.doc), or one with a password. Save it as .docx without a password.")
        )
    for start, kind in MAGIC:
        if data.lstrip()[:8].startswith(start):
            raise MinutesError(_("This is a %(kind)s file. Save the minutes as .docx or .txt.", kind=kind))
    if ending in (".docx", ".docm") and data:
        raise MinutesError(
            _(
                "The file is called %(ending)s but is no Word document. Save it as .docx in Word.",
                ending=ending,
            )
        )


def _decoded(data: bytes, limits: Limits) -> Decoded:
    try:
        decoded = decode(data, limits)
    except TableError as error:
        raise _no_text() from error
    sample = decoded.text[:SAMPLE]
    odd = sum(not (sign.isprintable() or sign.isspace()) or sign == REPLACEMENT for sign in sample)
    if odd > MOST_UNREADABLE * len(sample) and odd > FEW:
        raise _no_text()
    return decoded


def _no_text() -> MinutesError:
    return MinutesError(
        _("Too much of the file cannot be read as text. Save it as .docx, or as plain text in UTF-8.")
    )


def _read_table(decoded: Decoded, limits: Limits, column: str) -> Minutes:
    try:
        table = read_csv(decoded.text, limits)
    except TableError as error:
        raise MinutesError(str(error)) from error
    named = columns_named(table.columns, {"text": HEADINGS["text"], "speaker": SPEAKER_WORDS})
    others = [one for one in table.columns if one != named["text"]]
    prompt = columns_named(others, {"prompt": HEADINGS["prompt"]})["prompt"]
    chosen = column if column in table.columns else named["text"] or _longest(table)
    lines = [_line(row, chosen, None if prompt == chosen else prompt, named["speaker"]) for row in table.rows]
    if len(table.columns) == 1 and named["text"] is None:
        lines.insert(0, Line(1, table.columns[0], starts=True))  # a list has no heading, but a first line
    notes = (*decoded.notes, *table.notes, *(_problem(table)))
    kept = tuple(line for line in lines if has_words(line.text))
    return Minutes("csv", kept, decoded.encoding, decoded.replaced, notes, table.columns, chosen)


def _problem(table: Table) -> list[str]:
    return [
        _("Line %(line)s of the table %(reason)s. It is left out.", line=one.line, reason=one.reason)
        for one in table.problems
    ]


def _longest(table: Table) -> str:
    """The column with the most text: what people said is longer than what it is filed under."""
    rows = table.rows[:200]
    return max(table.columns, key=lambda name: fmean([len(row.values[name]) for row in rows] or [0]))


def _line(row: Row, text: str, prompt: str | None, speaker: str | None) -> Line:
    line = Line(row.line, row.values[text].strip(), starts=True)
    asked = row.values[prompt].strip() if prompt else ""
    who = row.values[speaker].strip() if speaker and speaker != text else ""
    return replace(line, prompt=asked or None, speaker=who or None)
