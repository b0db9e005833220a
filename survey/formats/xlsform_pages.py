"""The groups of an XLSForm as the pages of a survey."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from survey.formats import xlsform_rules as rules
from survey.formats.xlsform_notes import TAKEN, told_of
from survey.formats.xlsform_plan import Asked, Group, Plan
from survey.formats.xlsform_questions import Maker
from survey.formats.xlsform_words import Notes, cut, words

MOST_PAGES = 200
TITLE = 200
LOOKS = frozenset({"field-list", "table-list"})
Made = tuple[Asked, dict[str, Any]]


class _Pages:
    """Makes pages: a new one begins where a group with a title or a rule begins or ends."""

    def __init__(self, plan: Plan, maker: Maker) -> None:
        self.plan, self.maker = plan, maker
        self.titles: dict[Group, dict[str, str]] = {}
        self.rules: dict[Group, rules.Rule | None] = {}
        self.notes = {group: Notes() for group in plan.groups}
        self.told: set[Group] = set()

    def prepare(self) -> None:
        """The title and the rule of each group."""
        for group in self.plan.groups:
            notes = self.notes[group]
            label = group.row.said("label")
            self.titles[group] = words(label, self.maker.tags, self.maker.first, TITLE, notes)
            self.rules[group] = self.maker.rule(group.row, notes)
            self.maker.tell_piped(group.row, notes)
            if group.row.kind.name == "repeat":
                notes.add(_("Its questions are asked once, not several times."))

    def page(self, number: int, key: tuple[Group, ...], made: list[Made]) -> dict[str, Any]:
        """One page."""
        show_if = None
        for group in key:
            joined = rules.both(show_if, self.rules[group])
            if joined and not rules.fits(joined):
                self.notes[group].add(_("Its rule is left out: with those around it, it is too long."))
                continue
            show_if = joined
        title = None if self._is_table(key, made) else self._title(key)
        return {
            "id": f"page-{number}",
            "title": title or None,
            "show_if": show_if,
            "questions": [question for _asked, question in made],
        }

    def _is_table(self, key: tuple[Group, ...], made: list[Made]) -> bool:
        """Whether the page is one table, which has the label of the group."""
        asked = made[0][0]
        return (
            len(made) == 1 and asked.kind == "matrix" and not asked.header and asked.inside[-1:] == key[-1:]
        )

    def _title(self, key: tuple[Group, ...]) -> dict[str, str]:
        """The title of the innermost group, and of those around it that were not seen before."""
        titled = [group for group in key if self.titles[group]]
        fresh = [group for group in titled[:-1] if group not in self.told] + titled[-1:]
        self.told.update(titled)
        found: dict[str, str] = {}
        for tag in dict.fromkeys(tag for group in fresh for tag in self.titles[group]):
            parts = [self.titles[group].get(tag) or self.titles[group][self.maker.first] for group in fresh]
            found[tag] = cut(" – ".join(parts), TITLE, Notes())
        return found

    def key(self, asked: Asked) -> tuple[Group, ...]:
        """The groups that make a page: those with a title or a rule."""
        return tuple(group for group in asked.inside if self.titles[group] or self.rules[group])

    def tell(self) -> None:
        """A line of the report for each group."""
        for group in self.plan.groups:
            row, notes = group.row, self.notes[group]
            if row.kind.name == "loop":
                self.plan.told(row, "left out", _("A loop over choices. Its questions are named below."))
                continue
            for name in [name for name in row.cells if name not in (*TAKEN, "repeat_count")]:
                if sentence := told_of(name, row):
                    notes.add(sentence)
            left = [look for look in group.looks if look not in LOOKS]
            if left:
                notes.add(_("The look “%(look)s” is left out.", look=" ".join(left)[:60]))
            if row.said("hint") and "table-list" not in group.looks:
                notes.add(_("The hint of a group is left out."))
            self.plan.told(row, "changed" if notes else "taken", str(notes) or _("Its questions are a page."))


def pages(plan: Plan, maker: Maker, questions: list[Made]) -> list[dict[str, Any]]:
    """The pages of the survey, with the questions in the order of the form."""
    making = _Pages(plan, maker)
    making.prepare()
    runs = [(key, list(made)) for key, made in groupby(questions, lambda one: making.key(one[0]))]
    found = [making.page(number, key, made) for number, (key, made) in enumerate(runs, 1)]
    making.tell()
    return found if len(found) <= MOST_PAGES else _joined(found)


def _joined(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """More pages than there may be: one page, whose questions have the rules of their pages."""
    questions = []
    for page in found:
        for question in page["questions"]:
            show_if = rules.both(page["show_if"], question.get("show_if"))
            kept = show_if if show_if and rules.fits(show_if) else question.get("show_if")
            questions.append({**question, "show_if": kept})
    return [{"id": "page-1", "title": None, "show_if": None, "questions": questions}]
