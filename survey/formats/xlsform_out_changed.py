"""Rows of the XLSForm that a survey came from, with what was changed since; the rest stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.formats import xlsform_constraints as constraints
from survey.formats.xlsform_book import Book
from survey.formats.xlsform_in import planned
from survey.formats.xlsform_out_names import PARTS
from survey.formats.xlsform_out_rows import SELECTS, Option, Row, constraint
from survey.formats.xlsform_out_sheet import Raw
from survey.formats.xlsform_plan import Asked, Plan
from survey.formats.xlsform_words import Notes

if TYPE_CHECKING:
    from survey.formats.xlsform_out_form import FormWriter

Question = Mapping[str, Any]
COMPARED = ("type", "required", "appearance", "constraint")


@dataclass(frozen=True)
class Kept:
    """The form that a survey came from, and the survey it was then."""

    book: Book
    plan: Plan
    before: dict[str, Any]
    questions: dict[str, Question]
    asked: dict[str, Asked]
    raw: dict[int, Raw]

    @staticmethod
    def of(book: Book, name: str) -> Kept:
        """Read the form again, as it was read when the survey was made."""
        plan, file = planned(book, name)
        questions = {q["id"]: q for page in file.document["pages"] for q in page["questions"]}
        asked = {one.id: one for one in plan.asked if one.id in questions}
        raw = {number: dict(row) for number, row in book.sheets["survey"].numbered()}
        return Kept(book, plan, file.document, questions, asked, raw)

    def is_same(self, question: Question) -> bool:
        """Whether a question is of the type that it had in the form."""
        before = self.questions.get(question["id"])
        if before is None:
            return False
        return before["type"] == question["type"] or not {before["type"], question["type"]} & PARTS.keys()


class Changes:
    """Compares questions with what they were when the form was read."""

    def __init__(self, writer: FormWriter, kept: Kept) -> None:
        self.writer, self.kept = writer, kept

    def rows(self, question: Question, asked: Asked, notes: Notes) -> dict[int | None, list[Raw]]:
        """The rows of one question, by the numbers they had."""
        before = self.kept.questions[question["id"]]
        if asked.second:
            return {}
        if asked.kind == "matrix":
            return self._changed_table(question, before, asked, notes)
        raw = dict(self.kept.raw[asked.row.number])
        names = self._choice_names(asked)
        name, listed = self.writer.names.name(question), self._changed_list(question, before, asked)
        own = self.writer.rows.single(question, name, notes, listed)
        was = self.writer.rows.single(before, name, Notes(), asked.row.kind.list)
        own.cells["constraint"] = self._constraint(question, asked, names)
        was.cells["constraint"] = self._constraint(before, asked, names)
        for cell in COMPARED:
            if own.cells.get(cell, "") != was.cells.get(cell, ""):
                self.writer.survey.put(raw, cell, own.cells.get(cell, ""))
        self._changed_words(raw, own, was)
        self._changed_rules(raw, question, before, names, notes)
        return {asked.row.number: [raw]}

    def _constraint(self, question: Question, asked: Asked, names: Mapping[str, str]) -> str:
        kind = asked.row.kind.name if asked.kind == "number" else asked.kind
        left = constraints.understand(asked.row.cell("constraint"), kind).left
        return " and ".join(filter(None, (constraint(question, names), *left)))

    def _choice_names(self, asked: Asked) -> dict[str, str]:
        ids = self.kept.plan.ids.get(asked.row.kind.list, {})
        return {id: name for name, found in ids.items() for id in found}

    def _changed_list(self, question: Question, before: Question, asked: Asked) -> str:
        """The list of a question: its own, unless its choices changed."""
        kept = asked.row.kind.list
        if question["type"] not in SELECTS:
            return ""
        options = self._options(question, asked)
        if kept and options == self._options(before, asked):
            return kept
        sharing = [one for one in self.kept.plan.asked if one.row.kind.list == kept]
        return self.writer.lists.change(
            kept, options, bool(kept) and len(sharing) == 1, f"{kept or asked.row.name}_new"
        )

    def _options(self, question: Question, asked: Asked) -> list[Option]:
        names = self._choice_names(asked)
        if question["type"] not in SELECTS and question["type"] != "matrix":
            return []
        return [
            Option(names.get(option.name, option.name), option.label)
            for option in self.writer.rows.options(question)
        ]

    def _changed_words(self, raw: Raw, own: Row, was: Row) -> None:
        label, hint = (own.words.get(name, {}) != was.words.get(name, {}) for name in ("label", "hint"))
        if label:
            self.writer.survey.put_words(raw, "label", own.words["label"])
        if hint or (label and was.words.get("hint")):
            self.writer.survey.put_words(raw, "hint", own.words.get("hint", {}))

    def _changed_rules(
        self, raw: Raw, question: Question, before: Question, names: Mapping[str, str], notes: Notes
    ) -> None:
        if question["show_if"] != before["show_if"]:
            self.writer.survey.put(raw, "relevant", self.writer.rule(question["show_if"], notes))
        now, was = (
            [(c["id"], c.get("show_if")) for c in one.get("choices", ()) if c.get("show_if")]
            for one in (question, before)
        )
        if now != was or (was and len(question["choices"]) != len(before["choices"])):
            self.writer.survey.put(raw, "choice_filter", self.writer.filter(question, names, notes))

    def _changed_table(
        self, question: Question, before: Question, asked: Asked, notes: Notes
    ) -> dict[int | None, list[Raw]]:
        listed = self._table_list(question, before, asked)
        lines = {line.id: line.row for line in asked.lines}
        was = {line["id"]: line["label"] for line in before["rows"]}
        found: dict[int | None, list[Raw]] = {}
        at = asked.lines[0].row.number
        for line in question["rows"]:
            new = line["id"] not in lines
            at = at if new else lines[line["id"]].number
            raw = dict(self.kept.raw[at])
            if new:
                raw = self.writer.raw(
                    Row(
                        {
                            "name": self.writer.names.part(
                                question, line["id"], self.writer.names.name(question)
                            )
                        }
                    )
                )
            if new or listed != asked.row.kind.list:
                self.writer.survey.put(raw, "type", f"select_one {listed}")
            if new or line["label"] != was[line["id"]]:
                self.writer.survey.put_words(raw, "label", line["label"])
            if new or question["optional"] != before["optional"]:
                self.writer.survey.put(raw, "required", "" if question["optional"] else "yes")
            if new or question["show_if"] != before["show_if"]:
                self.writer.survey.put(raw, "relevant", self.writer.rule(question["show_if"], notes))
            found.setdefault(at, []).append(raw)
        self._changed_header(question, before, asked, listed, found)
        return found

    def _table_list(self, question: Question, before: Question, asked: Asked) -> str:
        options = self._options(question, asked)
        if options == self._options(before, asked):
            return asked.row.kind.list
        return self.writer.lists.change(asked.row.kind.list, options, False, f"{asked.row.kind.list}_new")

    def _changed_header(
        self,
        question: Question,
        before: Question,
        asked: Asked,
        listed: str,
        found: dict[int | None, list[Raw]],
    ) -> None:
        if asked.header:
            raw = dict(self.kept.raw[asked.header.number])
            if listed != asked.row.kind.list:
                self.writer.survey.put(raw, "type", f"select_one {listed}")
            if question["label"] != before["label"]:
                self.writer.survey.put_words(raw, "label", question["label"])
            if question["show_if"] != before["show_if"]:
                self.writer.survey.put(raw, "relevant", "")
            found[asked.header.number] = [raw]
        elif question["label"] != before["label"]:
            number = asked.inside[-1].row.number
            raw = self.kept.raw[number]
            self.writer.survey.put_words(raw, "label", question["label"])
