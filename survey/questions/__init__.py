"""Question types: one class each, and the registry that everything else goes by.

To add a type, write its class (see `base.Question`), put it into `TYPES`, and add the macro of the same name
to `templates/components/questions.html`.
"""

from __future__ import annotations

from flask_babel import gettext as _

from survey.questions.base import Question
from survey.questions.choices import Choice, OneChoice, Scale, SeveralChoices
from survey.questions.dates import Date
from survey.questions.numbers import Number
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import Setting, Words
from survey.questions.texts import LongText, ShortText, Statement

__all__ = [
    "TYPES",
    "Choice",
    "Date",
    "DocumentError",
    "LongText",
    "Number",
    "OneChoice",
    "Problem",
    "Question",
    "Scale",
    "Setting",
    "SeveralChoices",
    "ShortText",
    "Statement",
    "Words",
    "from_document",
]

TYPES: dict[str, type[Question]] = {
    cls.TYPE: cls for cls in (Statement, ShortText, LongText, OneChoice, SeveralChoices, Scale, Number, Date)
}


def from_document(raw: object) -> Question:
    """The question a document describes; raise `DocumentError` when it does not fit any type."""
    if not isinstance(raw, dict):
        raise DocumentError(_("A question of this survey is not written as an object with a type."))
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        known = ", ".join(TYPES)
        raise DocumentError(
            _("“%(kind)s” is not a type of question. Use one of: %(known)s.", kind=kind, known=known)
        )
    return TYPES[kind].from_document(raw)
