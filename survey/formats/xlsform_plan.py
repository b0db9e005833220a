"""What becomes of each row of an XLSForm: which are questions here, in which groups, and under which ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.formats.survey_files import Line
from survey.formats.xlsform_form import Form, FormChoice, FormRow
from survey.formats.xlsform_rules import Target
from survey.questions.settings import ID

MOST_CHOICES = 500
MOST_PLACES = 5_000
MOST_LINES, MOST_COLUMNS = 100, 20
MOST_RANKED = 100
LEFT_OUT = {
    "meta": _l("It records how the form was filled in. Nothing is recorded here without asking."),
    "calculate": _l("It computes a value. Surveys here do not compute; rules that use it are named below."),
    "hidden": _l("It is never shown, so nobody is asked it here."),
    "media": _l("It asks for a picture, a sound, a film or a file. None can be sent here."),
    "geo": _l("It asks for a point on a map. That cannot be answered here."),
    "elsewhere": _l(
        "Its choices are in another file, or are earlier answers. They cannot be read from here."
    ),
}
KINDS = {
    "one": "one",
    "several": "several",
    "rank": "rank",
    "integer": "number",
    "decimal": "number",
    "range": "number",
    "date": "date",
    "time": "time",
    "acknowledge": "consent",
    "text": "text",
    "barcode": "text",
}


@dataclass(eq=False)
class Group:
    """A group of the form; `inside` are the groups around it, from the outside in, and itself."""

    row: FormRow
    inside: tuple[Group, ...] = ()

    @property
    def looks(self) -> list[str]:
        """The words of its appearance."""
        return self.row.cell("appearance").split()


@dataclass(eq=False)
class Asked:
    """A row, or the rows of a table, that become a question."""

    row: FormRow
    id: str
    kind: str
    inside: tuple[Group, ...]
    lines: tuple[Asked, ...] = ()
    header: FormRow | None = None
    second: bool = False  # the time of a date with time


@dataclass
class Plan:
    """The form as a survey: its questions in order, its groups, the report, and how rules find answers."""

    form: Form
    asked: list[Asked] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    names: dict[str, Target] = field(default_factory=dict)
    ids: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The number of the row of each name."""
        return {row.name: row.number for row in self.form.rows if row.name}

    def told(self, row: FormRow, what: str, words: str) -> None:
        """A line of the report about a row of the survey."""
        sheet = self.form.titles["survey"]
        self.lines.append(Line(what, row.name or row.type, words, sheet, row.number))  # type: ignore[arg-type]


def plan(form: Form) -> Plan:
    """What becomes of each row."""
    found = Plan(form)
    found.ids = {name: _names_to_ids(choices) for name, choices in form.lists.items()}
    _Walk(found).run()
    found.asked = list(_with_tables(found.asked))
    taken = {line.id for asked in found.asked for line in asked.lines or (asked,)}
    for table in (asked for asked in found.asked if asked.lines):
        table.id = made_id(table.header.name if table.header else table.inside[-1].row.name, taken)
        taken.add(table.id)
    for asked in found.asked:
        _name(asked, found)
    return found


class _Walk:
    """Goes through the rows with the groups they stand in."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.open = plan, list[Group]()
        self.taken: set[str] = set()

    def run(self) -> None:
        for row in self.plan.form.rows:
            if row.kind.name in ("group", "repeat", "loop"):
                self._begin(row)
            elif row.kind.name == "end":
                self.open = self.open[:-1]
            elif row.kind.name == "setting":
                self.plan.told(
                    row, "left out", _("It is a setting of the form, in the old way of writing it.")
                )
            else:
                self._row(row)

    def _begin(self, row: FormRow) -> None:
        group = Group(row)
        group.inside = (*self.open, group)
        self.open.append(group)
        self.plan.groups.append(group)

    def _row(self, row: FormRow) -> None:
        reason = self._left_out(row)
        if reason:
            self.plan.told(row, "left out", reason)
            return
        self._ask(row, KINDS.get(row.kind.name, row.kind.name))

    def _left_out(self, row: FormRow) -> str | None:
        if any(group.row.kind.name == "loop" for group in self.open):
            return str(_("It stands in a loop, which asks it once a choice. Add these questions by hand."))
        if row.kind.name in LEFT_OUT:
            return str(LEFT_OUT[row.kind.name])
        if row.cell("relevant").replace(" ", "") == "false()":
            return str(_("Its rule says that it is never shown."))
        return self._too_many(row) if row.kind.name in ("one", "several", "rank") else None

    def _too_many(self, row: FormRow) -> str | None:
        count = len(self.plan.form.lists.get(row.kind.list, ()))
        most = {"one": MOST_PLACES, "several": MOST_CHOICES, "rank": MOST_RANKED}[row.kind.name]
        if 0 < count <= most:
            return None
        return str(
            _("It has %(count)s choices; here it can have from 1 to %(most)s.", count=count, most=most)
        )

    def _ask(self, row: FormRow, kind: str) -> None:
        inside = tuple(self.open)
        if kind == "datetime":
            for part, second in (("date", False), ("time", True)):
                self.plan.asked.append(Asked(row, self._id(row.name), part, inside, second=second))
            return
        self.plan.asked.append(Asked(row, self._id(row.name), kind, inside))

    def _id(self, name: str) -> str:
        found = made_id(name, self.taken)
        self.taken.add(found)
        return found


def made_id(name: str, taken: Iterable[str], fallback: str = "q") -> str:
    """The name where it can be an id and is free; else one like it."""
    if ID.fullmatch(name) and name not in taken:
        return name
    like = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")[:34] or fallback
    number, tried = 2, like
    while tried in taken:
        tried, number = f"{like}-{number}", number + 1
    return tried


def _names_to_ids(choices: tuple[FormChoice, ...]) -> dict[str, tuple[str, ...]]:
    """The ids of a list: names are ids where they can be; a name that is there twice has two ids."""
    taken: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for choice in choices:
        id = made_id(choice.name, taken, "choice")
        taken.add(id)
        found[choice.name] = (*found.get(choice.name, ()), id)
    return found


def ids_in_order(choices: tuple[FormChoice, ...], ids: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The id of each choice of a list."""
    left = {name: list(found) for name, found in ids.items()}
    return [left[choice.name].pop(0) for choice in choices]


def _with_tables(asked: list[Asked]) -> Iterator[Asked]:
    """The questions, with those that stand in one table put together."""
    at = 0
    while at < len(asked):
        lines, header = _lines_from(asked, at)
        if not lines:
            yield asked[at]
            at += 1
            continue
        yield Asked(lines[0].row, lines[0].id, "matrix", lines[0].inside, tuple(lines), header)
        at += len(lines) + (header is not None)


def _lines_from(asked: list[Asked], at: int) -> tuple[list[Asked], FormRow | None]:
    """The lines of the table that begins here, and the row above it that only has its headings."""
    first = asked[at]
    is_header = _could_be_line(first) and "label" in first.row.cell("appearance").split()
    start = at + is_header
    lines: list[Asked] = []
    for one in asked[start : start + MOST_LINES]:
        if not (_in_table(one) and _alike(one, first) and (not lines or _as_needed(one, lines[0]))):
            break
        lines.append(one)
    titled = is_header or (bool(lines) and _is_whole_group(lines, asked))
    return (lines, first.row if is_header else None) if len(lines) > 1 and titled else ([], None)


def _could_be_line(asked: Asked) -> bool:
    row = asked.row
    return row.kind.name == "one" and not row.kind.or_other and not row.cell("choice_filter")


def _in_table(asked: Asked) -> bool:
    looks = asked.row.cell("appearance").split()
    in_list = bool(asked.inside) and "table-list" in asked.inside[-1].looks
    plain = not asked.row.cell("constraint") and "label" not in looks
    return _could_be_line(asked) and plain and ("list-nolabel" in looks or in_list)


def _alike(one: Asked, other: Asked) -> bool:
    return one.inside == other.inside and one.row.kind == other.row.kind


def _as_needed(one: Asked, other: Asked) -> bool:
    """Whether two lines are asked under the same rules: a table has one rule."""
    return all(one.row.cell(name) == other.row.cell(name) for name in ("required", "relevant"))


def _is_whole_group(lines: list[Asked], asked: list[Asked]) -> bool:
    """Whether the lines are all that is in their group, and the group has a label: then it is the table's."""
    inside = lines[0].inside
    here = [one for one in asked if one.inside[: len(inside)] == inside]
    return bool(inside) and bool(inside[-1].row.said("label")) and len(here) == len(lines)


def _name(asked: Asked, plan: Plan) -> None:
    """How rules find the answer."""
    if asked.kind == "matrix":
        for line in asked.lines:
            ids = plan.ids.get(line.row.kind.list, {})
            _add(plan, line.row.name, Target(asked.id, "one", line.id, ids))
    elif asked.kind != "note" and not asked.second and asked.row.kind.name != "datetime":
        ids = plan.ids.get(asked.row.kind.list, {}) if asked.row.kind.list else {}
        _add(plan, asked.row.name, Target(asked.id, asked.kind, None, ids))
        if asked.row.kind.or_other:
            _add(plan, f"{asked.row.name}_other", Target(asked.id, "text", "other"))


def _add(plan: Plan, name: str, target: Target) -> None:
    plan.names.setdefault(name, target)
