"""References of a form to rows that are no longer there: what holds them is taken out, and told."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from survey.formats.survey_files import Line
from survey.formats.xlsform_book import Book, Sheet
from survey.formats.xlsform_form import Column, Kind, columns_of, kind_of
from survey.formats.xlsform_xpath import refs

Columns = dict[str, Column]
SPOKEN = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
REF = re.compile(r"\$\{\s*([^\s{}$]+)\s*\}")
ALWAYS = {"instanceID"}


def without_loose_ends(book: Book, lines: list[Line]) -> Book:
    """The form without references to nothing; rows that only compute go with what they compute."""
    survey = book.sheets["survey"]
    rows = [dict(row) for row in survey.rows]
    columns = columns_of(survey)
    while True:
        names = _names(rows, columns)
        dropped = [row for row in rows if _computes_nothing(row, columns, names)]
        if not dropped:
            break
        words = _("It computes with a question that is gone.")
        lines += [Line("left out", _of(row, columns, "name"), words) for row in dropped]
        rows = [row for row in rows if not any(row is one for one in dropped)]
    for row in rows:
        _clean(row, columns, names, lines)
    sheets = {**book.sheets, "survey": Sheet(survey.title, survey.headings, tuple(rows))}
    if "choices" in sheets:
        sheets["choices"] = _clean_choices(sheets["choices"], names, lines)
    return Book(sheets, book.titles, book.lines)


def _clean_choices(sheet: Sheet, names: set[str], lines: list[Line]) -> Sheet:
    rows = []
    for row in sheet.rows:
        gone = {name for text in row.values() if "${" in text for name in refs(text) - names}
        rows.append({heading: _without(text, gone) if gone else text for heading, text in row.items()})
        if gone:
            words = _("Its text names a question that is gone: “%(name)s”.", name=min(gone))
            lines.append(Line("changed", row.get("name", sheet.title), words))
    return Sheet(sheet.title, sheet.headings, tuple(rows))


def _of(row: dict[str, str], columns: Columns, name: str) -> str:
    return next((text for h, text in row.items() if h in columns and columns[h].name == name), "")


def _kind(row: dict[str, str], columns: Columns) -> Kind:
    return kind_of(" ".join(_of(row, columns, "type").split()))


def _names(rows: list[dict[str, str]], columns: Columns) -> set[str]:
    names = {_of(row, columns, "name").strip() for row in rows} - {""}
    return names | ALWAYS


def _computes_nothing(row: dict[str, str], columns: Columns, names: set[str]) -> bool:
    text = _of(row, columns, "calculation")
    return bool(refs(text) - names) and _kind(row, columns).name == "calculate"


def _without(text: str, gone: set[str]) -> str:
    return REF.sub(lambda found: "…" if found.group(1) in gone else found.group(0), text)


def _clean(row: dict[str, str], columns: Columns, names: set[str], lines: list[Line]) -> None:
    for heading, text in list(row.items()):
        gone = refs(text) - names if "${" in text else set()
        if not gone:
            continue
        column = columns[heading].name
        name = _of(row, columns, "name")
        if column in SPOKEN:
            row[heading] = _without(text, gone)
            words = _("Its text names a question that is gone: “%(name)s”.", name=min(gone))
        else:
            del row[heading]
            words = _(
                "“%(column)s” is left out, as it names a question that is gone: “%(name)s”.",
                column=column,
                name=min(gone),
            )
        lines.append(Line("changed", name, words))
