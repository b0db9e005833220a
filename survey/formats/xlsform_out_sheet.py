"""A sheet of an XLSForm being written: columns are found by what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.formats import xlsform_languages as languages
from survey.formats.xlsform_book import Sheet
from survey.formats.xlsform_form import Column, columns_of

Raw = dict[str, str]


@dataclass
class Writing:
    """The languages of a form being written: what each is called behind a heading ("" for nothing)."""

    names: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(tags: list[str], kept: Mapping[str, str]) -> Writing:
        """Languages that the form has already keep their names; a single one needs none in a new form."""
        found = Writing()
        for name, tag in kept.items():
            found.names.setdefault(tag, name)
        for tag in tags:
            found.names.setdefault(tag, languages.heading(tag) if kept or len(tags) > 1 else "")
        return found


class Table:
    """One sheet: its headings and its rows."""

    def __init__(self, sheet: Sheet | None, kind: str, writing: Writing, tags: Mapping[str, str]) -> None:
        self.headings = list(sheet.headings) if sheet else []
        self.columns = columns_of(sheet, kind) if sheet else {}
        self.writing, self.tags = writing, dict(tags)
        self.single = not any("::" in one for one in self.headings) and any(
            ":" in one for one in self.headings
        )

    def heading(self, name: str, tag: str = "") -> str:
        """The heading of a column, of a language where it is in several; one that was not there is added."""
        for heading, column in self.columns.items():
            if column.name == name and (not tag or self.tags.get(column.language) == tag):
                return heading
        language = self.writing.names[tag] if tag else ""
        heading = f"{name}{':' if self.single else '::'}{language}" if language else name
        self.headings.append(heading)
        self.tags[language] = tag or self.tags.get(language, "")
        self.columns[heading] = Column(name, language)
        return heading

    def put(self, raw: Raw, name: str, text: str) -> None:
        """Put a text into a cell; an empty one empties it."""
        heading = self.heading(name)
        if text:
            raw[heading] = text
        else:
            raw.pop(heading, None)

    def put_words(self, raw: Raw, name: str, words: Mapping[str, str]) -> None:
        """Put words into the cells of their languages, and nothing into the others."""
        for heading, column in self.columns.items():
            if column.name == name:
                raw.pop(heading, None)
        for tag, text in words.items():
            if tag in self.writing.names:
                raw[self.heading(name, tag)] = text

    def cell(self, raw: Raw, name: str) -> str:
        """What stands in a cell."""
        return next((raw[h] for h, column in self.columns.items() if column.name == name and h in raw), "")
