"""What the questions of a survey are called in the XLSForm that is written, for its rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.formats.xlsform_out_rows import form_name
from survey.formats.xlsform_plan import Plan
from survey.formats.xlsform_rules import NotUnderstood
from survey.formats.xlsform_rules_out import Written

KINDS = {
    "one_choice": "one",
    "yes_no": "one",
    "several_choices": "several",
    "ranking": "rank",
    "place": "place",
    "number": "number",
    "scale": "number",
    "date": "date",
    "time": "time",
    "consent": "consent",
}
PARTS = {"matrix": "rows", "allocation": "choices"}


class Names:
    """The names of questions and their parts: those of the form it came from, or new ones."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.by_part: dict[tuple[str, str | None], Written] = {}

    def keep(self, plan: Plan, ids: set[str]) -> None:
        """Take over the names of a form, for the questions that are still as they were."""
        for name, target in plan.names.items():
            # The text beside "Other" has no row of its own, and pyxform knows no name for it.
            if target.id in ids and target.part != "other":
                choices = {id: choice for choice, found in target.choices.items() for id in found}
                kind = "number" if target.kind == "number" else target.kind
                self.by_part.setdefault((target.id, target.part), Written(name, kind, choices))

    def name(self, question: Mapping[str, Any]) -> str:
        """The name of a question; one that has none yet gets one, and so do its parts."""
        key = (question["id"], None)
        if key not in self.by_part:
            made = self._new(question.get("code") or question["id"], question["id"])
            kind = "" if question["type"] in PARTS else KINDS.get(question["type"], "text")
            self.by_part[key] = Written(made, kind)
        name = self.by_part[key].name
        for part in question.get(PARTS.get(question["type"], ""), ()):
            self.part(question, part["id"], name)
        return name

    def part(self, question: Mapping[str, Any], part: str, name: str) -> str:
        """The name of a line of a table, or of one of the shares."""
        key = (question["id"], part)
        if key not in self.by_part:
            kind = "one" if question["type"] == "matrix" else "number"
            # Lines that came from a form were questions there, with names of their own.
            wanted = part if question["origin"] else f"{name}_{part}"
            self.by_part[key] = Written(self._new(wanted, "line"), kind)
        return self.by_part[key].name

    def group(self, name: str) -> str:
        """A free name for a group."""
        return self._new(name, "group")

    def _new(self, name: str, fallback: str) -> str:
        made = form_name(name, self.taken, form_name(fallback, set(), "q"))
        self.taken.add(made)
        return made

    def find(self, question: str, part: str | None) -> Written:
        """For rules: what an answer is called."""
        found = self.by_part.get((question, part))
        if found is None or not (found.kind or part):
            raise NotUnderstood(_("a part of “%(name)s” that a form cannot ask about", name=question))
        return found
