"""The sheets of the XLSForm that a survey is written as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.formats import xlsform_rules as rules
from survey.formats import xlsform_rules_out as rules_out
from survey.formats import xlsform_xpath as xpath
from survey.formats.survey_files import Line
from survey.formats.xlsform_book import Book, Sheet
from survey.formats.xlsform_languages import heading
from survey.formats.xlsform_out_changed import Changes, Kept
from survey.formats.xlsform_out_lists import Lists
from survey.formats.xlsform_out_names import PARTS, Names
from survey.formats.xlsform_out_order import arranged
from survey.formats.xlsform_out_rows import SELECTS, Option, Row, Rows, form_name
from survey.formats.xlsform_out_sheet import Raw, Table, Writing
from survey.formats.xlsform_words import Notes

Question = Mapping[str, Any]


class FormWriter:
    """Writes one survey."""

    def __init__(self, document: dict[str, Any], kept: Kept | None) -> None:
        self.document, self.kept = document, kept
        self.lines: list[Line] = []
        form = kept.plan.form if kept else None
        self.tags = form.tags if form else {}
        writing = Writing.of(document["languages"], self.tags)
        self.writing = writing
        sheets = kept.book.sheets if kept else {}
        self.survey = Table(sheets.get("survey"), "survey", writing, self.tags)
        self.settings = Table(sheets.get("settings"), "settings", writing, self.tags)
        self.lists = Lists(sheets.get("choices"), form, writing)
        self.rows = Rows(document["languages"][0])
        self.names = Names(self._taken())
        self.questions = [q for page in document["pages"] for q in page["questions"]]
        self._name_all()

    def _taken(self) -> set[str]:
        return {row.name for row in self.kept.plan.form.rows} if self.kept else set()

    def _name_all(self) -> None:
        if self.kept:
            self.names.keep(self.kept.plan, {q["id"] for q in self.questions if self.kept.is_same(q)})
        for question in self.questions:
            self.names.name(question)

    def book(self) -> Book:
        """All sheets."""
        written = {q["id"]: self._question(q) for q in self.questions}
        rows = arranged(self, written)
        sheets = dict(self.kept.book.sheets) if self.kept else {}
        self._put(sheets, "survey", "survey", self.survey.headings, rows)
        headings, choices = self.lists.sheet()
        if choices:
            self._put(sheets, "choices", "choices", headings, choices)
        self._put(sheets, "settings", "settings", *self._settings())
        return Book(sheets, [sheet.title for sheet in sheets.values()])

    def _put(
        self, sheets: dict[str, Sheet], name: str, title: str, headings: list[str], rows: list[Raw]
    ) -> None:
        before = sheets[name].title if name in sheets else title
        title = before if before.lower() == name else title
        sheets[name] = Sheet(title, tuple(headings), tuple(rows))

    def _settings(self) -> tuple[list[str], list[Raw]]:
        first = self.document["languages"][0]
        sheet = self.kept.book.sheets.get("settings") if self.kept else None
        raw = dict(sheet.rows[0]) if sheet and sheet.rows else {}
        title = self.document["title"].get(first, "")
        if self.kept is None:
            self._put_setting(raw, "title", "form_title", title)
            self._put_setting(raw, "id_string", "form_id", form_name(title.lower()[:60], set(), "survey"))
        elif title != self.kept.before["title"].get(self.kept.before["languages"][0]):
            self._put_setting(raw, "title", "form_title", title)
        before = self.kept.before["languages"] if self.kept else []
        if self.document["languages"][:1] != before[:1] or (
            len(self.document["languages"]) > 1 > len(before)
        ):
            name = self.writing.names[first] or heading(first)
            self._put_setting(raw, "default_language", "default_language", name)
        return self.settings.headings, [raw] if raw else []

    def _put_setting(self, raw: Raw, name: str, heading: str, text: str) -> None:
        known = next((h for h, column in self.settings.columns.items() if column.name == name), None)
        raw[known or self.settings.heading(heading)] = text

    # One question

    def _question(self, question: Question) -> dict[int | None, list[Raw]]:
        """The rows of a question, by the number of the row of the form they stand for; None for new ones."""
        notes = Notes()
        if self.kept and self.kept.is_same(question) and not self._is_alone(question):
            written = Changes(self, self.kept).rows(question, self.kept.asked[question["id"]], notes)
        else:
            written = {None: self._new(question, notes)}
        if notes:
            self.lines.append(Line("changed", self.names.name(question), str(notes)))
        return written

    def _is_alone(self, question: Question) -> bool:
        """Whether it is the time of a date with time, and the date is gone."""
        assert self.kept
        asked = self.kept.asked[question["id"]]
        first = next(one.id for one in self.kept.plan.asked if one.row is asked.row)
        return asked.second and all(one["id"] != first for one in self.questions)

    def _new(self, question: Question, notes: Notes) -> list[Raw]:
        name = self.names.name(question)
        rule = self.rule(question["show_if"], notes)
        if question["type"] in PARTS:
            parts = question[PARTS[question["type"]]]
            names = [self.names.part(question, part["id"], name) for part in parts]
            if question["type"] == "matrix":
                listed = self.lists.add(self.rows.options(question), f"{name}_choices")
                rows = self.rows.matrix(question, names, name, listed)
            else:
                rows = self.rows.allocation(question, names, name)
                notes.add(_("Points to share out are written as one number for each choice."))
        else:
            rows = [self.rows.single(question, name, notes, self._list(question, name))]
            if text := self.filter(question, {}, notes):
                rows[0].cells["choice_filter"] = text
        if rule:
            rows[0].cells["relevant"] = rule
        return [self.raw(row) for row in rows]

    def _list(self, question: Question, name: str) -> str:
        if question["type"] not in SELECTS:
            return ""
        options = self.rows.options(question) or [Option("none", {self.document["languages"][0]: "–"})]
        return self.lists.add(options, f"{name}_choices")

    def raw(self, row: Row) -> Raw:
        """A row under the headings of the sheet."""
        found: Raw = {}
        for name, text in row.cells.items():
            self.survey.put(found, name, text)
        for name, words in row.words.items():
            self.survey.put_words(found, name, words)
        return found

    def rule(self, rule: rules.Rule | None, notes: Notes) -> str:
        """A condition as an expression; empty, and told, where a form cannot say it."""
        if not rule:
            return ""
        try:
            return xpath.write(rules_out.expression(rule, self.names.find))
        except rules.NotUnderstood as error:
            notes.add(_("Its rule is left out: %(why)s.", why=error))
            return ""

    def filter(self, question: Question, names: Mapping[str, str], notes: Notes) -> str:
        """A filter of the choices that have a rule."""
        ruled = [choice for choice in question.get("choices", ()) if choice.get("show_if")]
        if ruled and question.get("other"):
            notes.add(_("All choices are always offered: a form cannot have rules and “Other” together."))
            return ""
        parts: list[xpath.Expr] = []
        for choice in ruled:
            try:
                inner = rules_out.expression(choice["show_if"], self.names.find)
            except rules.NotUnderstood as error:
                notes.add(_("The rule of a choice is left out: %(why)s.", why=error))
                continue
            other = xpath.Op("!=", xpath.Column("name"), xpath.Text(names.get(choice["id"], choice["id"])))
            parts.append(xpath.Op("or", other, inner))
        return xpath.write(xpath.joined("and", parts)) if parts else ""
