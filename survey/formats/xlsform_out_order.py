"""The rows of an XLSForm being written, in order: in the groups of the form it came from, or by pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from survey.formats.survey_files import Line
from survey.formats.xlsform_form import FormRow
from survey.formats.xlsform_out_rows import Row
from survey.formats.xlsform_out_sheet import Raw
from survey.formats.xlsform_words import Notes

if TYPE_CHECKING:
    from survey.formats.xlsform_out_changed import Kept
    from survey.formats.xlsform_out_form import FormWriter

Written = dict[str, dict[int | None, list[Raw]]]
TOP = 1  # the row of the headings
GROUPS = ("group", "repeat", "loop")


def arranged(writer: FormWriter, written: Written) -> list[Raw]:
    """All rows of the survey."""
    if writer.kept is None:
        return list(_by_pages(writer, written, {}))
    if _pages_as_before(writer.document, writer.kept):
        return list(_in_groups(writer, writer.kept, written))
    words = _("The order or the pages have changed: the groups of the form are written as pages.")
    writer.lines.append(Line("changed", "", words))
    return list(_by_pages(writer, written, _others(writer.kept)))


def _pages_as_before(document: dict[str, Any], kept: Kept) -> bool:
    """Whether pages and order are those of the form, but for questions that are new or gone."""
    before = {page["id"]: page for page in kept.before["pages"]}
    order = list(kept.questions)
    seen = -1
    for page in document["pages"]:
        if not page["questions"]:
            continue
        was = before.get(page["id"])
        if was is None or (was["title"], was["show_if"]) != (page["title"], page["show_if"]):
            return False
        here = {question["id"] for question in was["questions"]}
        for question in page["questions"]:
            if kept.is_same(question):
                at = order.index(question["id"])
                if question["id"] not in here or at < seen:
                    return False
                seen = at
    return True


def _in_groups(writer: FormWriter, kept: Kept, written: Written) -> Iterator[Raw]:
    """The rows of the form, with new questions after the question they follow."""
    placed = {
        number: raws for rows in written.values() for number, raws in rows.items() if number is not None
    }
    asked = {row.number for one in kept.plan.asked for row in _rows_of(one)}
    before, after = _new_ones(writer, kept, written)
    empty = _emptied(kept, set(placed))
    yield from after.get(TOP, ())
    for number, raw in kept.raw.items():
        yield from before.get(number, ())
        if number in placed:
            yield from placed[number]
        elif number not in asked and number not in empty:
            yield raw
        yield from after.get(number, ())


def _rows_of(asked: Any) -> list[FormRow]:
    rows = [line.row for line in asked.lines] or [asked.row]
    return [asked.header, *rows] if asked.header else rows


def _new_ones(
    writer: FormWriter, kept: Kept, written: Written
) -> tuple[dict[int, list[Raw]], dict[int, list[Raw]]]:
    """New rows: before the row they come before on their page, or after the row they follow."""
    before: dict[int, list[Raw]] = {}
    after: dict[int, list[Raw]] = {}
    last = TOP
    for page in writer.document["pages"]:
        waiting: list[Raw] = []
        here: int | None = None
        for question in page["questions"]:
            numbers = [number for number in written[question["id"]] if number is not None]
            if numbers:
                before.setdefault(min(numbers), []).extend(waiting)
                waiting, here, last = [], max(numbers), max(numbers)
            elif here is None:
                waiting += written[question["id"]].get(None, [])
            else:
                after.setdefault(here, []).extend(written[question["id"]].get(None, []))
        after.setdefault(last, []).extend(waiting)
    return before, after


def _emptied(kept: Kept, placed: set[int]) -> set[int]:
    """The rows of groups whose questions are all gone."""
    found: set[int] = set()
    open_groups: list[tuple[int, bool, bool]] = []
    for row in kept.plan.form.rows:
        if row.kind.name in GROUPS:
            open_groups.append((row.number, False, False))
        elif row.kind.name == "end" and open_groups:
            number, had, has = open_groups.pop()
            if had and not has:
                found |= {number, row.number}
            open_groups[-1:] = [(n, h or had, s or has) for n, h, s in open_groups[-1:]]
        elif open_groups:
            gone = row.number not in placed and any(row in _rows_of(one) for one in kept.plan.asked)
            open_groups[-1:] = [(n, True, s or not gone) for n, _h, s in open_groups[-1:]]
    return found


def _others(kept: Kept) -> dict[int, list[Raw]]:
    """The rows that are neither questions nor groups, by the row of the question they follow (0: none)."""
    asked = {row.number for one in kept.plan.asked for row in _rows_of(one)}
    inside_loop = 0
    found: dict[int, list[Raw]] = {}
    last = 0
    for row in kept.plan.form.rows:
        inside_loop += (row.kind.name == "loop") - (row.kind.name == "end" and inside_loop > 0)
        if row.number in asked:
            last = row.number
        elif row.kind.name not in (*GROUPS, "end") and not inside_loop:
            found.setdefault(last, []).append(kept.raw[row.number])
    return found


def _by_pages(writer: FormWriter, written: Written, others: dict[int, list[Raw]]) -> Iterator[Raw]:
    """A group for each page that has a title or a rule, or that is seen as one."""
    together = writer.document["layout"] != "question"
    yield from others.pop(0, ())
    for page in writer.document["pages"]:
        notes = Notes()
        rule = writer.rule(page["show_if"], notes)
        grouped = bool(page["title"] or rule or (together and len(writer.document["pages"]) > 1))
        name = writer.names.group(page["id"].replace("-", "_")) if grouped and page["questions"] else ""
        if name:
            yield writer.raw(_begin(page, name, rule, together))
        for question in page["questions"]:
            yield from _rows_with_others(writer, question, written[question["id"]], others)
        if name:
            yield writer.raw(Row({"type": "end_group"}))
        if notes:
            writer.lines.append(Line("changed", page["id"], str(notes)))
    for raws in others.values():
        yield from raws


def _rows_with_others(
    writer: FormWriter,
    question: dict[str, Any],
    rows: dict[int | None, list[Raw]],
    others: dict[int, list[Raw]],
) -> Iterator[Raw]:
    """The rows of one question, each with what followed it in the form; a table gets a group of its own."""
    asked = writer.kept.asked.get(question["id"]) if writer.kept and None not in rows else None
    alone = asked is not None and asked.kind == "matrix" and asked.header is None
    if alone:
        cells = {
            "type": "begin_group",
            "name": writer.names.group(question["id"]),
            "appearance": "table-list",
        }
        yield writer.raw(Row(cells, {"label": question["label"]}))
    for _number, raws in sorted(rows.items(), key=lambda one: one[0] or 0):
        yield from raws
    if alone:
        yield writer.raw(Row({"type": "end_group"}))
    for number in sorted(number for number in rows if number is not None):
        yield from others.pop(number, ())


def _begin(page: dict[str, Any], name: str, rule: str, together: bool) -> Row:
    cells = {"type": "begin_group", "name": name}
    if rule:
        cells["relevant"] = rule
    if together:
        cells["appearance"] = "field-list"
    return Row(cells, {"label": page["title"]} if page["title"] else {})
