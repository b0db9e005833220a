"""Questions of a survey as rows of an XLSForm, where there is no row that it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from survey.formats import xlsform_constraints as constraints
from survey.formats.xlsform_words import Notes
from survey.questions.scales import DO_NOT_KNOW, NOT_SAID

Words = Mapping[str, str]
EMAIL = r"regex(., '^[^@\s]+@[^@\s]+$')"
SHORT, LONG = 200, 5_000
NAME = re.compile(r"[^\W\d][\w.-]*")
TYPES = {
    "statement": "note",
    "short_text": "text",
    "long_text": "text",
    "email": "text",
    "date": "date",
    "time": "time",
    "consent": "acknowledge",
}
SELECTS = {
    "one_choice": "select_one",
    "several_choices": "select_multiple",
    "place": "select_one",
    "ranking": "rank",
    "yes_no": "select_one",
    "scale": "select_one",
}


@dataclass
class Row:
    """One row by our names of the columns; what is in several languages by tag."""

    cells: dict[str, str] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """One choice to be written."""

    name: str
    label: Words


def form_name(name: str, taken: set[str], fallback: str) -> str:
    """A name that a form can have and that is free."""
    like = name if NAME.fullmatch(name) else re.sub(r"[^\w.-]", "_", name).lstrip("0123456789.-") or fallback
    like = like if NAME.fullmatch(like) else fallback
    number, tried = 2, like
    while tried in taken or tried.lower() == "meta":
        tried, number = f"{like}_{number}", number + 1
    return tried


class Rows:
    """Makes rows; `first` is the language in which words of our own are written."""

    def __init__(self, first: str) -> None:
        self.first = first

    def single(self, question: Mapping[str, Any], name: str, notes: Notes, list_name: str = "") -> Row:
        """The row of a question that has one."""
        kind = question["type"]
        type = f"{SELECTS[kind]} {list_name}" if kind in SELECTS else TYPES.get(kind, "text")
        if kind == "number":
            type = "integer" if question["decimals"] == 0 else "decimal"
        if question.get("other"):
            type += " or_other"
        row = Row({"type": type, "name": name}, {"label": question["label"]})
        if question.get("help"):
            row.words["hint"] = question["help"]
        self._required(question, row)
        self._cells(question, row, notes)
        return row

    def _required(self, question: Mapping[str, Any], row: Row) -> None:
        if question["type"] != "statement" and not question["optional"]:
            row.cells["required"] = "yes"

    def _cells(self, question: Mapping[str, Any], row: Row, notes: Notes) -> None:
        if look := look_of(question):
            row.cells["appearance"] = look
        if rule := constraint(question, {}):
            row.cells["constraint"] = rule
        if question["type"] == "time" and (question["earliest"] or question["latest"]):
            notes.add(_("The earliest and the latest time are left out."))
        if question["type"] == "ranking" and question["most"]:
            notes.add(_("How many are ranked at most is left out."))
        unit = question.get("unit")
        if unit:
            row.words["hint"] = _joined(question.get("help") or {}, unit)
        if question["type"] == "consent" and question["text"]:
            row.words["hint"] = _joined(question["text"], question.get("help") or {})

    def options(self, question: Mapping[str, Any]) -> list[Option]:
        """The choices that go to the sheet of choices."""
        if question["type"] == "yes_no":
            found = [Option("yes", self._own(_("Yes"))), Option("no", self._own(_("No")))]
            return (
                [*found, Option(NOT_SAID, self._own(_("Prefer not to say")))]
                if question["no_answer"]
                else found
            )
        if question["type"] == "scale":
            return self._points(question)
        return [Option(choice["id"], choice["label"]) for choice in question["choices"]]

    def _own(self, sentence: str) -> Words:
        return {self.first: str(sentence)}

    def _points(self, question: Mapping[str, Any]) -> list[Option]:
        first, last = question["first"], question["first"] + question["points"] - 1
        ends = {first: question["low"], last: question["high"]}
        found = []
        for number in range(first, last + 1):
            label = {tag: f"{number} – {text}" for tag, text in ends.get(number, {}).items()}
            found.append(Option(str(number), label or {self.first: str(number)}))
        return [*found, Option(DO_NOT_KNOW, self._own(_("Don’t know")))] if question["no_answer"] else found

    def matrix(self, question: Mapping[str, Any], names: list[str], group: str, list_name: str) -> list[Row]:
        """The rows of a table: a group, a row for each line, the end of the group."""
        begin = Row(
            {"type": "begin_group", "name": group, "appearance": "table-list"}, {"label": question["label"]}
        )
        if question.get("help"):
            begin.words["hint"] = question["help"]
        rows = [begin]
        for line, name in zip(question["rows"], names, strict=True):
            row = Row({"type": f"select_one {list_name}", "name": name}, {"label": line["label"]})
            self._required(question, row)
            rows.append(row)
        return [*rows, Row({"type": "end_group"})]

    def allocation(self, question: Mapping[str, Any], names: list[str], group: str) -> list[Row]:
        """The rows of points to share out: a number for each choice; the last one checks the sum."""
        begin = Row(
            {"type": "begin_group", "name": group, "appearance": "field-list"}, {"label": question["label"]}
        )
        if question.get("help"):
            begin.words["hint"] = question["help"]
        rows = [begin]
        for choice, name in zip(question["choices"], names, strict=True):
            cells = {"type": "integer", "name": name, "constraint": ". >= 0"}
            row = Row(cells, {"label": choice["label"]})
            self._required(question, row)
            rows.append(row)
        others = "".join(f" + ${{{name}}}" for name in names[:-1])
        rows[-1].cells["constraint"] = f". >= 0 and .{others} = {question['total']}"
        return [*rows, Row({"type": "end_group"})]


def look_of(question: Mapping[str, Any]) -> str:
    """The appearance that says what the type alone does not."""
    kind = question["type"]
    if kind == "one_choice":
        return "minimal" if question["look"] == "select" else ""
    return {"long_text": "multiline", "place": "minimal autocomplete", "scale": "likert"}.get(kind, "")


def constraint(question: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The constraint that sets the bounds of a question; `names` gives the names of its choices by id."""
    kind = question["type"]
    parts: list[str] = []
    if kind == "number":
        parts = constraints.number_bounds(question["min"], question["max"])
    elif kind == "date":
        parts = constraints.day_bounds(question["earliest"], question["latest"])
    elif kind == "several_choices":
        alone = [names.get(c["id"], c["id"]) for c in question["choices"] if c.get("exclusive")]
        parts = constraints.count_bounds(question["min"], question["max"], alone)
    elif kind == "email":
        parts = [EMAIL]
    elif kind in ("short_text", "long_text") and question["max_length"] != (
        SHORT if kind == "short_text" else LONG
    ):
        parts = [f"string-length(.) <= {question['max_length']}"]
    return " and ".join(parts)


def _joined(one: Words, other: Words) -> Words:
    tags = dict.fromkeys((*one, *other))
    return {tag: "\n\n".join(filter(None, (one.get(tag, ""), other.get(tag, "")))) for tag in tags}
