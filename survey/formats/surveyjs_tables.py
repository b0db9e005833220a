"""SurveyJS's tables and fields in groups: a table of choices where it is one, else one question a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.formats.expressions_values import Rule, Target
from survey.formats.surveyjs_context import Choices, Doc, Item, Words
from survey.formats.surveyjs_making import Making
from survey.formats.surveyjs_texts import BOOL, text_doc

MOST_ROWS, MOST_ANSWERS, MOST_REPEATED = 100, 20, 10
CHOOSING = frozenset({"dropdown", "radiogroup", "rating", "boolean", "buttongroup"})
SEVERAL = frozenset({"checkbox", "tagbox"})
# Settings that only say how rows are added and taken away.
DYNAMIC = (
    "rowCount", "minRowCount", "maxRowCount", "allowAddRows", "allowRemoveRows", "defaultRowValue",
    "defaultValueFromLastRow", "copyDefaultValueFromLastEntry", "keyName", "keyDuplicationError",
    "allowRowReorder", "allowRowsDragAndDrop",
)  # fmt: skip


def matrix(making: Making) -> None:
    """One choice for each row."""
    columns = making.choices(making.items("columns"), rules=False)
    rows = making.items("rows")
    if not rows:
        rows = [Item("value", making.title(), {})]
        making.changed(_("It has one row without a name."))
    required = making.get("isAllRowRequired", "eachRowRequired")
    if making.get("eachRowUnique"):
        making.left_out(_("Whether each answer is given only once is not checked here."))
    if making.get("hasOther", "cells"):
        making.left_out(_("Texts in single cells and other answers are left out."))
    making.get("rowsVisibleIf", "rowsOrder", "columnsVisibleIf", "rowTitle")
    if making.node.get("columnsVisibleIf"):
        making.left_out(_("Rules of columns are left out; all are shown."))
    if required and not making.node.get("isRequired"):
        making.changed(_("Each row needs an answer once there is one; it may be left out as a whole."))
    _tables(making, rows, columns.made, columns.ids.codes, "", None)


def _tables(
    making: Making,
    rows: list[Item],
    choices: list[Doc],
    codes: Mapping[str, Any],
    end: str,
    labels: Words | None,
) -> None:
    """Rows that follow one another and are shown by the same rule are one table."""
    if not rows or not choices:
        making.left_out(_("It has no rows or no columns, so nobody could answer it."))
        return
    if len(choices) > MOST_ANSWERS:
        _row_by_row(making, rows, choices, codes, end)
        return
    runs = _runs(making, rows)
    if len(runs) > 1:
        making.changed(
            _("Its rows have rules or are very many, so it is several tables (%(count)s).", count=len(runs))
        )
    for number, (rule, part) in enumerate(runs, start=1):
        name = f"{making.name}{end}" if number == 1 else f"{making.name}{end}-{number}"
        doc = {"type": "matrix", "rows": [row for _item, row in part], "choices": choices}
        found = making.add(doc, name, labels, rule)
        _define_rows(making, found, part, codes, end)
    if not end:
        _define_whole(making, rows)


def _runs(making: Making, rows: list[Item]) -> list[tuple[Rule | bool, list[tuple[Item, Doc]]]]:
    """Rows of ours in runs: those of one run have the same rule."""
    made = Choices(making.context, making.name, making.place)
    runs: list[tuple[Rule | bool, list[tuple[Item, Doc]]]] = []
    for row in rows:
        made.add(row.code, row.words)
        rule = making.item_rule(row, "rowsVisibleIf")
        if not runs or runs[-1][0] != rule or len(runs[-1][1]) >= MOST_ROWS:
            runs.append((rule, []))
        runs[-1][1].append((row, made.made[-1]))
    for sentence in made.changes:
        making.changed(sentence)
    return runs


def _define_rows(
    making: Making, question: str, part: list[tuple[Item, Doc]], codes: Mapping[str, Any], end: str
) -> None:
    for item, row in part:
        column = end.removeprefix(".")
        target = Target(question, "choice", part=row["id"], codes=codes)
        making.define(target, f"{making.name}.{item.code}{'.' + column if column else ''}")


def _define_whole(making: Making, rows: list[Item]) -> None:
    """The table as a whole, for rules that ask whether anything in it was answered."""
    known = making.context.targets
    names = [making.inner(f"{making.name}.{row.code}") for row in rows]
    parts = tuple(known[name] for name in names if name in known)
    if parts:
        making.define(Target(parts[0].question, "all", parts=parts))


def _row_by_row(
    making: Making, rows: list[Item], choices: list[Doc], codes: Mapping[str, Any], end: str
) -> None:
    """A table with very many answers: one choice for each row."""
    making.changed(_("It has more than %(most)s columns, so each row is a question.", most=MOST_ANSWERS))
    making.add_heading()
    for row in rows:
        doc: Doc = {"type": "one_choice", "choices": choices}
        name = f"{making.name}.{row.code}{end}"
        rule = making.item_rule(row, "rowsVisibleIf")
        target = Target(making.add(doc, name, making.under(row.words), rule), "choice", codes=codes)
        making.define(target, name)


def matrix_of_fields(making: Making) -> None:
    """matrixdropdown and matrixdynamic: a table of choices a column, or one question a cell."""
    making.get(*DYNAMIC)
    making.get("rowsVisibleIf", "columnsVisibleIf", "choicesOrder", "columnColCount", "rowsOrder")
    rows = making.items("rows") or _numbered_rows(making)
    columns = making.nodes("columns")
    if making.get("detailElements", "totalText"):
        making.left_out(_("Details of rows and totals are left out."))
    if not rows or not columns:
        making.left_out(_("It has no rows or no columns, so nobody could answer it."))
        return
    making.changed(_("Its columns are questions or tables of their own (%(count)s).", count=len(columns)))
    making.add_heading()
    for column in columns:
        _column(making, rows, column)


def _numbered_rows(making: Making) -> list[Item]:
    """Rows that people add there: here there is a fixed number of them."""
    if making.node.get("type") != "matrixdynamic":
        return []
    asked = (making.whole(0, 1000, name) for name in ("minRowCount", "rowCount"))
    count = max([number for number in asked if number] or [2])
    count = max(1, min(count, MOST_REPEATED))
    making.changed(_("People could add rows there; here their number is fixed: %(count)s.", count=count))
    return [
        Item(number, {making.context.first: str(number)}, {"index": number - 1})
        for number in range(1, count + 1)
    ]


def _column(making: Making, rows: list[Item], column: Mapping[str, Any]) -> None:
    name = str(column.get("name") or column.get("title") or "column")
    header = making.context.text(column.get("title") or name, making.name, making.place)
    kind = str(column.get("cellType") or making.node.get("cellType") or "dropdown")
    making.used.add("cellType")
    kind = "dropdown" if kind == "default" else kind
    if column.get("visibleIf"):
        making.left_out(_("The rule of the column “%(name)s” is left out.", name=name[:60]))
    if column.get("readOnly") or kind == "expression":
        making.left_out(_("The column “%(name)s” is left out: nobody fills it in.", name=name[:60]))
        return
    inner = _inner(making, column, name)
    if kind in CHOOSING:
        choices, codes = _answers(inner, kind)
        if choices:
            _tables(making, rows, choices, codes, f".{name}", making.under(header))
            _define_cells(making, rows, name)
            return
    for row in rows:
        _cell(making, inner, row, name, header, kind)


def _inner(making: Making, column: Mapping[str, Any], name: str) -> Making:
    """The column as an element of its own; what the table says for all columns holds where it is silent."""
    shared = {"choices": making.get("choices")} if not column.get("choices") else {}
    node = {**column, **shared, "type": str(column.get("cellType") or "dropdown")}
    return Making(making.context, node, f"{making.name}.{name}", making.scope, making.place)


def _answers(inner: Making, kind: str) -> tuple[list[Doc], Mapping[str, Any]]:
    if kind == "boolean":
        return [{"id": "yes", "label": inner.known("yes")}, {"id": "no", "label": inner.known("no")}], BOOL
    if kind == "rating":
        least, most = inner.whole(-100, 100, "rateMin"), inner.whole(-100, 100, "rateMax")
        low, high = 1 if least is None else least, 5 if most is None else most
        points = [Item(number, {inner.context.first: str(number)}, {}) for number in range(low, high + 1)]
        choices = inner.choices(inner.items("rateValues") or points, rules=False)
    else:
        choices = inner.choices(inner.items("choices"), rules=False)
    return choices.made, choices.ids.codes


def _define_cells(making: Making, rows: list[Item], name: str) -> None:
    """Cells of a table with numbered rows are called q[0].column in rules."""
    for row in rows:
        target = making.context.targets.get(making.inner(f"{making.name}.{row.code}.{name}"))
        if target and "index" in row.node:
            making.define(target, f"{making.name}[{row.node['index']}].{name}")


def _cell(making: Making, inner: Making, row: Item, name: str, header: Words, kind: str) -> None:
    """One cell as a question."""
    labels = making.under(_joined(row.words, header, making.context.first))
    full = f"{making.name}.{row.code}.{name}"
    codes: Mapping[str, Any] = {}
    if kind in SEVERAL:
        choices = inner.choices(inner.items("choices"), rules=False)
        doc: Doc = {"type": "several_choices", "choices": choices.made}
        codes = choices.ids.codes
    elif kind == "comment":
        doc = {"type": "long_text"}
    else:
        doc = text_doc(making, inner.node)
    optional = not (inner.node.get("isRequired") or making.node.get("isRequired"))
    rule = making.item_rule(row, "rowsVisibleIf")
    found = making.add({**doc, "optional": optional}, full, labels, rule)
    target = Target(found, "choices" if codes else "value", codes=codes, numeric=doc["type"] == "number")
    making.define(target, full)
    _define_cells(making, [row], name)


def _joined(one: Words, other: Words, first: str) -> Words:
    said = other.get(first, "")
    return {tag: f"{text} – {other.get(tag, said)}" for tag, text in one.items()}


def multiple_text(making: Making) -> None:
    """Several lines of text, one question each."""
    listed = making.nodes("items")
    making.get("itemSize", "itemErrorLocation")
    if not listed:
        making.left_out(_("It has no fields, so nobody could answer it."))
        return
    making.add_heading()
    for item in listed:
        name = str(item.get("name") or item.get("title") or "field")
        label = making.context.text(item.get("title") or name, making.name, making.place)
        optional = not (item.get("isRequired") or making.node.get("isRequired"))
        doc = {**text_doc(making, item), "optional": optional}
        found = making.add(doc, f"{making.name}.{name}", making.under(label))
        making.define(Target(found, numeric=doc["type"] == "number"), f"{making.name}.{name}")
        if item.get("requiredIf") or item.get("defaultValue"):
            making.left_out(_("A rule or a value of the field “%(name)s” is left out.", name=name[:60]))
    making.changed(_("Its fields are questions of their own (%(count)s).", count=len(listed)))
    known = making.context.targets
    names = [making.inner(f"{making.name}.{item.get('name')}") for item in listed]
    parts = tuple(known[one] for one in names if one in known)
    if parts:
        making.define(Target(parts[0].question, "all", parts=parts))
