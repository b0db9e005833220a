"""Question types: one class each, and the registry that everything else goes by.

To add a type, write its class (see `base.Question`), put it into `TYPES`, and add the macro of the same name
to `templates/components/questions.html`.
"""

from __future__ import annotations

from flask_babel import gettext as _

from survey.questions.agreeing import Consent
from survey.questions.allocation import Allocation
from survey.questions.base import Question
from survey.questions.choices import Choice
from survey.questions.choosing import OneChoice, SeveralChoices
from survey.questions.dates import Date
from survey.questions.matrix import Matrix
from survey.questions.numbers import Number
from survey.questions.places import Place
from survey.questions.problems import DocumentError, Problem
from survey.questions.ranking import Ranking
from survey.questions.scales import Scale, YesNo
from survey.questions.settings import Setting, Words
from survey.questions.texts import Email, LongText, ShortText, Statement
from survey.questions.times import Time

__all__ = [
    "TYPES",
    "Allocation",
    "Choice",
    "Consent",
    "Date",
    "DocumentError",
    "Email",
    "LongText",
    "Matrix",
    "Number",
    "OneChoice",
    "Place",
    "Problem",
    "Question",
    "Ranking",
    "Scale",
    "Setting",
    "SeveralChoices",
    "ShortText",
    "Statement",
    "Time",
    "Words",
    "YesNo",
    "from_document",
]

# In the order in which authors are offered them.
_TYPES: tuple[type[Question], ...] = (
    *(Statement, Consent, ShortText, LongText, OneChoice, SeveralChoices, YesNo, Scale, Matrix),
    *(Ranking, Allocation, Number, Date, Time, Place, Email),
)
TYPES: dict[str, type[Question]] = {cls.TYPE: cls for cls in _TYPES}


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
