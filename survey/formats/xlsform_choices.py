"""The choices of an XLSForm's questions: their words, and when each is offered."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.formats import xlsform_rules as rules
from survey.formats import xlsform_xpath as xpath
from survey.formats.survey_files import Line
from survey.formats.xlsform_filters import filtered
from survey.formats.xlsform_form import FormChoice, FormRow
from survey.formats.xlsform_plan import Plan, ids_in_order
from survey.formats.xlsform_words import Notes, words

MOST_LABEL = 300


class Choices:
    """Makes the choices of questions; each list is told about once, however many questions have it."""

    def __init__(self, plan: Plan, first: str) -> None:
        self.plan, self.first = plan, first
        self.made: dict[str, list[dict[str, Any]]] = {}

    def of(self, row: FormRow, notes: Notes, exclusive: set[str] | None = None) -> list[dict[str, Any]]:
        """The choices of a question, filtered as its row says."""
        found = [dict(choice) for choice in self._list(row.kind.list)]
        alone = {id for name in exclusive or () for id in self.plan.ids[row.kind.list].get(name, ())}
        for choice in found:
            if choice["id"] in alone:
                choice["exclusive"] = True
        if row.kind.or_other:
            found = [choice for choice in found if choice["id"] != "other"]
        return self._filtered(row, found, notes) if row.cell("choice_filter") else found

    def _list(self, name: str) -> list[dict[str, Any]]:
        if name not in self.made:
            listed = self.plan.form.lists[name]
            ids = ids_in_order(listed, self.plan.ids[name])
            self.made[name] = [self._choice(choice, id) for choice, id in zip(listed, ids, strict=True)]
        return self.made[name]

    def _choice(self, choice: FormChoice, id: str) -> dict[str, Any]:
        notes = Notes()
        label = words(choice.label, self.plan.form.tags, self.first, MOST_LABEL, notes)
        if not label:
            notes.add(_("It has no text; its name stands in."))
            label = {self.first: choice.name[:MOST_LABEL]}
        if choice.media:
            notes.add(_("Its picture, sound or film is left out."))
        if notes:
            sheet = self.plan.form.titles.get("choices", "choices")
            self.plan.lines.append(Line("changed", choice.name, str(notes), sheet, choice.number))
        return {"id": id, "label": label}

    def _filtered(self, row: FormRow, found: list[dict[str, Any]], notes: Notes) -> list[dict[str, Any]]:
        text = row.cell("choice_filter")
        try:
            kept = list(self._offered(xpath.parse(text), row.kind.list, found))
        except (xpath.XPathError, rules.NotUnderstood) as error:
            reason = str(error) or text[:80]
            notes.add(
                _("All its choices are always offered, as its filter is not followed: %(why)s.", why=reason)
            )
            return found
        if not kept:
            notes.add(_("Its filter leaves no choice, so all are offered."))
        return kept or found

    def _offered(self, expr: xpath.Expr, name: str, found: list[dict[str, Any]]) -> Any:
        listed = self.plan.form.lists[name]
        columns = dict(zip(ids_in_order(listed, self.plan.ids[name]), listed, strict=True))
        for choice in found:
            rule = filtered(expr, columns[choice["id"]].columns, self.plan.names)
            if rule is True:
                yield choice
            elif rule and rules.fits(rule):
                yield {**choice, "show_if": rule}
            elif rule:
                raise rules.NotUnderstood
