"""An XLSForm as data: its rows with their kinds and words, its lists of choices, its settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.formats import xlsform_languages as languages
from survey.formats.xlsform_book import Book, Sheet
from survey.formats.xlsform_xpath import QUOTES

# What pyxform calls a column -> what we call it. What can be in several languages keeps the language.
COLUMNS = {
    ("bind", "relevant"): "relevant",
    ("bind", "required"): "required",
    ("bind", "constraint"): "constraint",
    ("bind", "calculate"): "calculation",
    ("bind", "readonly"): "read_only",
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "jr:requiredMsg"): "required_message",
    ("control", "appearance"): "appearance",
    ("control", "jr:count"): "repeat_count",
}
SPOKEN = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
MEDIA = ("image", "big-image", "audio", "video")
BEGIN = {"group": "group", "lgroup": "repeat", "repeat": "repeat", "loop": "loop", "looped group": "repeat"}
LISTED = {"select one": "one", "select all that apply": "several", "rank": "rank"}
INPUTS = {
    "string": "text",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "barcode": "barcode",
}


@dataclass(frozen=True)
class Column:
    """What a heading means: our name of the column and the language behind it ("" for none)."""

    name: str
    language: str = ""


@dataclass(frozen=True)
class Kind:
    """What the type of a row asks for: a kind of ours, and the list of choices where there is one."""

    name: str
    list: str = ""
    or_other: bool = False


@dataclass(frozen=True)
class FormRow:
    """One row of the survey: its number, its kind, its words by language and its other cells."""

    number: int
    kind: Kind
    name: str
    type: str
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)

    def cell(self, name: str) -> str:
        """A cell that is not in several languages; empty when there is none."""
        return self.cells.get(name, "")

    def said(self, name: str) -> Mapping[str, str]:
        """A cell that is in several languages, by the names of the languages."""
        return self.words.get(name, {})


@dataclass(frozen=True)
class FormChoice:
    """One choice of a list, with the columns that filters look at."""

    number: int
    name: str
    label: Mapping[str, str]
    columns: Mapping[str, str]
    media: bool = False


@dataclass(frozen=True)
class Form:
    """A whole form. `tags` gives our tag for each name of a language, the first language first."""

    rows: tuple[FormRow, ...]
    lists: Mapping[str, tuple[FormChoice, ...]]
    settings: Mapping[str, str]
    tags: Mapping[str, str]
    titles: Mapping[str, str]


def understand(book: Book) -> Form:
    """The form that a workbook holds, which pyxform has accepted."""
    settings = dict(_settings(book))
    survey = book.sheets["survey"]
    columns = _columns(survey, _fields("survey"))
    rows = tuple(_rows(survey, columns))
    choices = book.sheets.get("choices", Sheet("choices", (), ()))
    choice_columns = _columns(choices, _fields("choices"))
    tags = _tags(list(columns.values()), list(choice_columns.values()), settings.get("default_language", ""))
    titles = {name: sheet.title for name, sheet in book.sheets.items()}
    return Form(rows, _lists(choices, choice_columns), settings, tags, titles)


def _tags(survey: list[Column], choices: list[Column], default: str) -> dict[str, str]:
    """The languages; texts without one are in the first, unless labels without one say that it is its own."""
    labels = [column.language for column in survey if column.name == "label"]
    spoken = [column.language for column in (*survey, *choices) if column.name in SPOKEN]
    named = [name for name in (*labels, *spoken) if name or "" in labels]
    tags = languages.tags_of(named or [""], default)
    return tags if "" in tags else {**tags, "": next(iter(tags.values()))}


def columns_of(sheet: Sheet, kind: str = "survey") -> dict[str, Column]:
    """What each heading of a sheet means."""
    return _columns(sheet, _fields(kind))


def _fields(sheet: str) -> tuple[Mapping[str, Any], set[str]]:
    """What pyxform knows of the columns of a sheet: other names of them, and the names themselves."""
    from pyxform import aliases
    from pyxform.question import MultipleChoiceQuestion, Option
    from pyxform.survey import Survey

    if sheet == "choices":
        return aliases.list_header, set(Option.get_slot_names())
    if sheet == "settings":
        return aliases.settings_header, set(Survey.get_slot_names())
    return aliases.survey_header, set(MultipleChoiceQuestion.get_slot_names())


def _columns(sheet: Sheet, fields: tuple[Mapping[str, Any], set[str]]) -> dict[str, Column]:
    """What each heading of a sheet means."""
    from pyxform.parsing.sheet_headers import process_header

    double = any("::" in heading for heading in sheet.headings)
    found = {}
    for heading in sheet.headings:
        _name, tokens = process_header(heading, double, fields[0], fields[1])
        found[heading] = _column(tuple(map(str, tokens)))
    return found


def _column(tokens: tuple[str, ...]) -> Column:
    if tokens[0] in ("label", "hint", "guidance_hint"):
        return Column(tokens[0], " ".join(tokens[1:]))
    if tokens[:1] == ("media",) and len(tokens) > 1:
        return Column(f"media {tokens[1]}", " ".join(tokens[2:]))
    if len(tokens) > 1 and (name := COLUMNS.get((tokens[0], tokens[1]))):
        return Column(name, " ".join(tokens[2:]))
    return Column("::".join(tokens))


def _settings(book: Book) -> Iterator[tuple[str, str]]:
    sheet = book.sheets.get("settings")
    if sheet and sheet.rows:
        columns = _columns(sheet, _fields("settings"))
        for heading, text in sheet.rows[0].items():
            yield columns[heading].name, text


def _rows(sheet: Sheet, columns: Mapping[str, Column]) -> Iterator[FormRow]:
    for number, raw in sheet.numbered():
        row = _row(number, raw, columns)
        if row and row.cell("disabled").lower() not in ("yes", "true", "true()"):
            yield row


def _row(number: int, raw: Mapping[str, str], columns: Mapping[str, Column]) -> FormRow | None:
    words: dict[str, dict[str, str]] = {}
    cells: dict[str, str] = {}
    for heading, text in raw.items():
        column = columns[heading]
        if column.name in SPOKEN:
            words.setdefault(column.name, {})[column.language] = text
        else:
            key = f"{column.name} {column.language}" if column.language else column.name
            cells[key] = " ".join(text.translate(QUOTES).split()) if column.name in ("type", "name") else text
    type = cells.pop("type", "")
    if not type:
        return None
    name = cells.pop("name", "") or (f"generated_note_name_{number}" if type == "note" else "")
    return FormRow(number, kind_of(type), name, type, words, cells)


def kind_of(type: str) -> Kind:
    """What a type asks for, by what pyxform knows of types and their many names."""
    from pyxform import aliases
    from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_OSM, RE_SELECT

    type = aliases._type_alias_map.get(type, type)
    if found := RE_BEGIN_CONTROL.search(type):
        return Kind(BEGIN[found["type"]], found["list_name"] or "")
    if RE_END_CONTROL.search(type):
        return Kind("end")
    if type in aliases.settings_header:
        return Kind("setting")
    if found := RE_SELECT.search(type):
        return _listed(
            aliases.select[found["select_command"]], found["list_name"], bool(found["specify_other"])
        )
    return Kind("media") if RE_OSM.search(type) else _plain(type)


def _listed(select: str, name: str, or_other: bool) -> Kind:
    from pyxform.constants import EXTERNAL_INSTANCE_EXTENSIONS

    outside = any(name.endswith(ending) for ending in EXTERNAL_INSTANCE_EXTENSIONS)
    if outside or "${" in name or select not in LISTED:
        return Kind("elsewhere", name)
    return Kind(LISTED[select], name, or_other)


def _plain(type: str) -> Kind:
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    known = QUESTION_TYPE_DICT.get(type, {})
    bind, tag = known.get("bind", {}), known.get("control", {}).get("tag")
    if "jr:preload" in bind or type == "audit" or tag == "action" or type == "background-geopoint":
        return Kind("meta")
    if tag == "input":
        if bind.get("readonly"):
            return Kind("note")
        return Kind(INPUTS.get(bind.get("type"), "geo"))
    named = {"upload": "media", "trigger": "acknowledge", "range": "range", "select": "elsewhere"}
    if tag:
        return Kind(named.get(tag, "elsewhere"))
    if type in ("csv-external", "xml-external"):
        return Kind("meta")
    return Kind("calculate" if "calculate" in type else "hidden")


def built_in(type: str) -> tuple[str, str]:
    """The constraint and the hint that some old types bring along."""
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    known = QUESTION_TYPE_DICT.get(type, {})
    return str(known.get("bind", {}).get("constraint", "")), str(known.get("hint", ""))


def _lists(sheet: Sheet, columns: Mapping[str, Column]) -> dict[str, tuple[FormChoice, ...]]:
    lists: dict[str, list[FormChoice]] = {}
    for number, raw in sheet.numbered():
        cells = {columns[heading]: text for heading, text in raw.items()}
        name = cells.get(Column("list name")) or cells.get(Column("list_name"))
        if name:
            lists.setdefault(name, []).append(_choice(number, cells))
    return {name: tuple(found) for name, found in lists.items()}


def _choice(number: int, cells: Mapping[Column, str]) -> FormChoice:
    label = {column.language: text for column, text in cells.items() if column.name == "label"}
    others = {column.name: text for column, text in cells.items() if column.name != "label"}
    name = re.sub(" +", " ", others.get("name", "").strip())
    return FormChoice(
        number, name, label, {**others, "name": name}, any(k.startswith("media ") for k in others)
    )
