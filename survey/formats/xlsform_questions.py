"""Rows of an XLSForm as questions of a survey, and what is told about each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from survey import questions
from survey.formats import xlsform_constraints as constraints
from survey.formats import xlsform_rules as rules
from survey.formats import xlsform_xpath as xpath
from survey.formats.xlsform_choices import Choices
from survey.formats.xlsform_form import FormRow, built_in
from survey.formats.xlsform_notes import NO, YES, parameters, tell_others
from survey.formats.xlsform_plan import MOST_CHOICES, Asked, Plan
from survey.formats.xlsform_words import Notes, cut, each, parted, words
from survey.questions import DocumentError
from survey.questions.texts import MOST_CHARACTERS

MOST_LABEL, MOST_HELP = 500, 2_000
MOST_NOTES, MOST_NOTE = 28, 4_000
DIGITS = re.compile(r"-?\d+(?:\.(\d*))?")
TYPES = {
    "note": "statement",
    "consent": "consent",
    "several": "several_choices",
    "rank": "ranking",
    "date": "date",
    "time": "time",
    "number": "number",
}


class Maker:
    """Makes questions of the rows of a plan."""

    def __init__(self, plan: Plan, first: str) -> None:
        self.plan, self.first = plan, first
        self.tags = plan.form.tags
        self.choices = Choices(plan, first)

    def question(self, asked: Asked) -> dict[str, Any] | None:
        """The question that a row becomes; None when it cannot be one. Either way it is told about."""
        notes = Notes()
        found = self._question(asked, notes)
        try:
            questions.from_document(found)
        except DocumentError as error:
            self.plan.told(asked.row, "left out", str(error))
            return None
        self._tell(asked, notes)
        return found

    def _tell(self, asked: Asked, notes: Notes) -> None:
        rows = [line.row for line in asked.lines] if asked.kind == "matrix" else [asked.row]
        if asked.second:
            return
        if asked.header:
            self.plan.told(asked.header, "changed", _("It became the heading of a table."))
        for row in rows:
            self.plan.told(row, "changed" if notes else "taken", str(notes) or _("Taken as it is."))

    def _question(self, asked: Asked, notes: Notes) -> dict[str, Any]:
        row = asked.row
        found = self._matrix(asked, notes) if asked.kind == "matrix" else self._single(asked, notes)
        found["show_if"] = found.get("show_if") or (None if asked.kind == "matrix" else self.rule(row, notes))
        found["optional"] = asked.kind != "note" and self._optional(row, notes)
        tell_others([line.row for line in asked.lines] or [asked.row], asked.kind, notes)
        found["origin"] = {} if asked.second else self._origin(row)
        named = row.name if asked.kind != "matrix" and not asked.second else ""
        return {"id": asked.id, "code": self._code(named, asked.id), **found}

    def _code(self, name: str, id: str) -> str | None:
        """The name, where the id is another; only one question can have it."""
        target = self.plan.names.get(name)
        return name if name != id and target is not None and target.id == id and len(name) <= 200 else None

    def _single(self, asked: Asked, notes: Notes) -> dict[str, Any]:
        label, help = self.texts(asked.row, notes)
        if asked.second:
            label = {tag: _("%(label)s (time)", label=text)[:MOST_LABEL] for tag, text in label.items()}
        settings = self._settings(asked, notes)
        return {"label": label, "help": help or None, **settings}

    def texts(self, row: FormRow, notes: Notes) -> tuple[dict[str, str], dict[str, str]]:
        """Label and help of a row; where it has no label, its hint or its name stands in."""
        self.tell_piped(row, notes)
        wordy = MOST_LABEL + MOST_HELP
        label = words(row.said("label"), self.tags, self.first, wordy, notes)
        hints = row.said("hint") or ({"": built_in(row.type)[1]} if built_in(row.type)[1] else {})
        help = words(hints, self.tags, self.first, MOST_HELP, notes)
        if not label:
            notes.add(_("It has no text of its own; its hint or its name stands in."))
            label, help = help or {self.first: row.name}, {}
        heads, rests = parted(label, help, MOST_LABEL)
        if rests and self.first not in rests:
            rests[self.first] = next(iter(rests.values()))
        return heads, each(rests, lambda text: cut(text, MOST_HELP, notes))

    def tell_piped(self, row: FormRow, notes: Notes) -> None:
        """Say which answers a text names that cannot stand in it here."""
        texts = [text for name in ("label", "hint") for text in row.said(name).values() if "${" in text]
        named = {name for text in texts for name in xpath.refs(text)}
        missing = sorted(name for name in named if not self._can_pipe(name))
        if missing:
            names = ", ".join(f"“{name[:60]}”" for name in missing[:5])
            notes.add(_("Its text names what is no question here: %(names)s. Change the text.", names=names))

    def _can_pipe(self, name: str) -> bool:
        target = self.plan.names.get(name)
        return target is not None and target.part is None

    def rule(self, row: FormRow, notes: Notes) -> rules.Rule | None:
        """The condition of a row; where its rule is not understood, it is always shown, which is told."""
        text = row.cell("relevant").strip()
        if not text or text.replace(" ", "") == "true()":
            return None
        try:
            rule = rules.understood(text, self.plan.names)
        except rules.NotUnderstood as error:
            notes.add(
                _(
                    "It is always shown, as its rule “%(rule)s” is not followed: %(why)s.",
                    rule=text[:120],
                    why=error,
                )
            )
            return None
        later = [name for name in sorted(xpath.refs(text)) if self.plan.rows.get(name, 0) >= row.number]
        if later:
            notes.add(
                _(
                    "Its rule looks at a question that comes later: “%(name)s”. Move one of them.",
                    name=later[0],
                )
            )
        return rule

    def _optional(self, row: FormRow, notes: Notes) -> bool:
        text = row.cell("required").strip().lower()
        if text in YES:
            return False
        if text not in NO:
            notes.add(_("It can be left empty: the rule when it must be answered is not followed."))
        return True

    def _settings(self, asked: Asked, notes: Notes) -> dict[str, Any]:
        """The type of the question and what only this type has."""
        kind, row = asked.kind, asked.row
        if asked.row.kind.name == "datetime" and not asked.second:
            notes.add(_("It became two questions, one for the day and one for the time."))
        bounds = constraints.understand(
            row.cell("constraint") or built_in(row.type)[0], row.kind.name if kind == "number" else kind
        )
        settings = self._typed(asked, bounds, notes)
        for rule in bounds.left:
            notes.add(_("The check “%(rule)s” is not made.", rule=rule[:120]))
        return settings

    def _typed(self, asked: Asked, bounds: constraints.Bounds, notes: Notes) -> dict[str, Any]:
        row, kind = asked.row, asked.kind
        if kind == "text":
            return self._text(row, bounds, notes)
        if kind == "one":
            return self._one(row, notes)
        if kind == "number":
            return {"type": "number", **_numbers(row), **self._fitting(bounds, notes)}
        found: dict[str, Any] = {"type": TYPES[kind]}
        if kind == "several":
            listed = self.choices.of(row, notes, bounds.exclusive)
            found |= {
                "choices": listed,
                "other": row.kind.or_other,
                **_counts(bounds, len(listed) + row.kind.or_other),
            }
        elif kind == "rank":
            found |= {"choices": self.choices.of(row, notes)}
        elif kind == "date":
            found |= {
                name: day.isoformat()
                for name, day in self._fitting(bounds, notes).items()
                if isinstance(day, date)
            }
        return found

    def _fitting(self, bounds: constraints.Bounds, notes: Notes) -> dict[str, Any]:
        """Bounds between which there is something."""
        found = bounds.settings
        first, last = found.get("min", found.get("earliest")), found.get("max", found.get("latest"))
        if first is not None and last is not None and first > last:
            notes.add(_("The check that nothing can pass is left out."))
            return {}
        return found

    def _text(self, row: FormRow, bounds: constraints.Bounds, notes: Notes) -> dict[str, Any]:
        if row.kind.name == "barcode":
            notes.add(_("It is typed instead of scanned."))
        if bounds.email:
            bounds.left += [f"string-length(.) <= {n}" for n in (bounds.settings.get("max_length"),) if n]
            return {"type": "email"}
        long = "multiline" in row.cell("appearance").split() or "rows" in parameters(row)
        most = bounds.settings.get("max_length", 0)
        long = long or most > 1_000
        fits = 1 <= most <= (MOST_CHARACTERS if long else 1_000)
        if most and not fits:
            bounds.left.append(f"string-length(.) <= {most}")
        return {"type": "long_text" if long else "short_text", **({"max_length": most} if fits else {})}

    def _one(self, row: FormRow, notes: Notes) -> dict[str, Any]:
        listed = self.choices.of(row, notes)
        if len(listed) > MOST_CHOICES:
            if row.kind.or_other:
                notes.add(_("There is no field for other answers, as the list is long."))
            return {"type": "place", "choices": listed}
        looks = row.cell("appearance").split()
        look = "select" if "minimal" in looks else "auto"
        return {"type": "one_choice", "choices": listed, "other": row.kind.or_other, "look": look}

    def _matrix(self, asked: Asked, notes: Notes) -> dict[str, Any]:
        heading = asked.header or asked.inside[-1].row
        label, help = self.texts(heading, notes)
        lines = [self._line(line, notes) for line in asked.lines]
        listed = self.choices.of(asked.row, notes)
        found = {"type": "matrix", "label": label, "help": help or None, "rows": lines, "choices": listed}
        rule = self.rule(asked.row, notes)
        return {**found, "show_if": rules.both(self.rule(heading, notes), rule) if asked.header else rule}

    def _line(self, line: Asked, notes: Notes) -> dict[str, Any]:
        label = words(line.row.said("label"), self.tags, self.first, 300, notes)
        if line.row.said("hint"):
            notes.add(_("The hint of a line is left out."))
        return {"id": line.id, "label": label or {self.first: line.row.name}}

    def _origin(self, row: FormRow) -> dict[str, str]:
        """What the form said that has no place here, for people and programs that look for it."""
        cells: Mapping[str, str] = {"type": row.type, **row.cells}
        kept = {f"xlsform.{name}"[:100]: text[:MOST_NOTE] for name, text in cells.items()}
        return dict(list(kept.items())[:MOST_NOTES])


def _numbers(row: FormRow) -> dict[str, Any]:
    """Digits after the point, and the ends of a range."""
    if row.kind.name != "range":
        return {"decimals": 0 if row.kind.name == "integer" else 6}
    given = {"start": "1", "end": "10", "step": "1", **parameters(row)}
    ends = [rules.numeric(given[name]) for name in ("start", "end")]
    decimals = [DIGITS.fullmatch(given[name]) for name in ("start", "end", "step")]
    low, high = sorted(end for end in ends if end is not None) if None not in ends else (None, None)
    places = max((len(found.group(1) or "") for found in decimals if found), default=0)
    return {"min": low, "max": high, "decimals": min(places, 6)}


def _counts(bounds: constraints.Bounds, choices: int) -> dict[str, Any]:
    """How many can be chosen, where that many are there."""
    found = {name: value for name, value in bounds.settings.items() if 1 <= value <= choices}
    return found if found.get("min", 0) <= found.get("max", choices) else {}
