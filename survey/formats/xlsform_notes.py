"""What is told about the cells of a row that have no place in a survey."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from survey.formats.xlsform_form import FormRow
from survey.formats.xlsform_words import Notes

YES, NO = ("yes", "true", "true()"), ("", "no", "false", "false()")
# What is taken from its own column, or has no words to tell: the rest of a row is told about.
TAKEN = frozenset({"relevant", "required", "constraint", "choice_filter", "appearance", "read_only"})
LOOKS = frozenset({"multiline", "minimal", "table-list", "field-list", "label", "list-nolabel", "likert"})


def tell_others(rows: list[FormRow], kind: str, notes: Notes) -> None:
    """Tell of everything else that stands in the row."""
    for row in rows:
        for name in [name for name in row.cells if name not in TAKEN]:
            if sentence := told_of(name, row):
                notes.add(sentence)
        looks = [look for look in row.cell("appearance").split() if look not in LOOKS]
        if looks:
            notes.add(_("The look “%(look)s” is left out.", look=" ".join(looks)[:60]))
        if row.cell("read_only").strip().lower() not in NO and kind != "note":
            notes.add(_("It can be filled in, although the form says that it cannot."))
        if row.said("guidance_hint"):
            notes.add(_("The guidance for interviewers is left out."))
        if row.said("constraint_message") or row.said("required_message"):
            notes.add(_("What is said about a wrong or missing answer are our own words."))


def told_of(name: str, row: FormRow) -> str | None:
    """What is told about a cell that has no place here; None where the whole column is told about."""
    if name.startswith("media "):
        return str(_("Its picture, sound or film is left out."))
    said = {
        "default": _("The answer “%(text)s” is not filled in beforehand.", text=row.cell("default")[:60]),
        "calculation": _("Nothing is computed into it."),
        "trigger": _("Nothing is computed into it."),
        "parameters": _left_of_parameters(row),
        "repeat_count": _("It is asked once, not several times."),
    }.get(name)
    return str(said) if said else None


def _left_of_parameters(row: FormRow) -> str | None:
    left = set(parameters(row)) - ({"start", "end"} if row.kind.name == "range" else {"rows"})
    if row.kind.name == "range" and parameters(row).get("step", "1") == "1":
        left.discard("step")
    return str(_("Left out of how it works: %(what)s.", what=", ".join(sorted(left))[:80])) if left else None


def parameters(row: FormRow) -> dict[str, str]:
    """The parameters of a question: start=1 end=10."""
    pairs = re.findall(r"([^\s=;,]+)\s*=\s*([^\s=;,]+)", row.cell("parameters"))
    return {name.lower(): value for name, value in pairs}
