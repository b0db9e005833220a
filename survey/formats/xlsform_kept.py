"""The form that a survey came from, kept with it as it was, so that it can be written again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.formats.survey_files import Line
from survey.formats.xlsform_book import Book, Sheet

KEY = "xlsform"
FILE = "xlsform.file"
PIECE = 190_000
MOST_PIECES = 20


def keep(book: Book, name: str) -> dict[str, str]:
    """The sheets of a form as texts of the document's origin; nothing where they are too much."""
    sheets = {name: [s.title, list(s.headings), list(s.rows)] for name, s in book.sheets.items()}
    text = json.dumps(sheets, ensure_ascii=False, separators=(",", ":"))
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    if len(pieces) > MOST_PIECES:
        words = _("The form is too large to be kept beside the survey. Written again, it will be a new form.")
        book.lines.append(Line("left out", book.titles[0], words, book.titles[0]))
        return {}
    found = {f"{KEY}.{number}" if number else KEY: piece for number, piece in enumerate(pieces)}
    return {**found, FILE: name[:200]}


def kept(origin: Mapping[str, str]) -> Book | None:
    """The form that a document keeps; None where there is none, or not as it was written."""
    names = [KEY, *(f"{KEY}.{number}" for number in range(1, MOST_PIECES))]
    text = "".join(origin.get(name, "") for name in names)
    try:
        sheets = json.loads(text)
        found = {name: _sheet(*parts) for name, parts in sheets.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return Book(found, [sheet.title for sheet in found.values()]) if "survey" in found else None


def _sheet(title: Any, headings: Any, rows: Any) -> Sheet:
    texts = [{str(key): str(value) for key, value in row.items()} for row in rows]
    return Sheet(str(title), tuple(map(str, headings)), tuple(texts))
