"""The sheet of choices of an XLSForm being written: lists stay as they were until somebody changed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.formats.xlsform_book import Sheet
from survey.formats.xlsform_form import Form
from survey.formats.xlsform_out_rows import Option, form_name
from survey.formats.xlsform_out_sheet import Raw, Table, Writing

LIST = ("list name", "list_name")


class Lists:
    """Lists of choices by name."""

    def __init__(self, sheet: Sheet | None, form: Form | None, writing: Writing) -> None:
        self.table = Table(sheet, "choices", writing, form.tags if form else {})
        self.rows: dict[str, list[Raw]] = {}
        self.by_content: dict[tuple[Any, ...], str] = {}
        for raw in sheet.rows if sheet else ():
            if name := self._list_of(raw):
                self.rows.setdefault(name, []).append(dict(raw))
        self.kept = set(self.rows)

    def _list_of(self, raw: Mapping[str, str]) -> str:
        return next(filter(None, (self.table.cell(dict(raw), name) for name in LIST)), "")

    def add(self, options: list[Option], wanted: str) -> str:
        """The name of a list with these choices; a list that is there already is used again."""
        content = tuple((option.name, tuple(option.label.items())) for option in options)
        if content not in self.by_content:
            name = form_name(wanted, set(self.rows), "list")
            self.by_content[content] = name
            self.rows[name] = [self._row(name, option, {}) for option in options]
        return self.by_content[content]

    def change(self, name: str, options: list[Option], alone: bool, wanted: str) -> str:
        """A list in which something changed: in its place where one question has it alone, else beside it."""
        before = {self.table.cell(raw, "name"): raw for raw in self.rows.get(name, ())}
        made = name if alone else form_name(wanted, set(self.rows), "list")
        self.rows[made] = [self._row(made, option, before.get(option.name, {})) for option in options]
        return made

    def _row(self, name: str, option: Option, before: Raw) -> Raw:
        raw = dict(before)
        heading = next((h for h, column in self.table.columns.items() if column.name in LIST), None)
        raw[heading or self.table.heading("list_name")] = name
        self.table.put(raw, "name", option.name)
        self.table.put_words(raw, "label", option.label)
        return raw

    def sheet(self) -> tuple[list[str], list[Raw]]:
        """Headings and rows."""
        return self.table.headings, [raw for rows in self.rows.values() for raw in rows]
