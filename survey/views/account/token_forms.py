"""The form that makes a token for the API."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from survey.models import Study
from survey.services.tokens import DEFAULT_DAYS, NAME_LENGTH

SCOPE_WORDS = {
    "read": _l("Read: studies, comments, the board and who decided what"),
    "decide": _l("Decide: change the board in your name"),
    "run": _l("Run: look for themes, and put what was found on the board"),
    "build": _l("Build: make, change, publish and close surveys; webhooks"),
    "answer": _l("Answer: store what people answered elsewhere"),
}
DAY_WORDS = {
    7: _l("7 days"),
    30: _l("30 days"),
    DEFAULT_DAYS: _l("90 days"),
    180: _l("180 days"),
    366: _l("A year"),
}


class TokenForm(FlaskForm):
    """What a new token is to be."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give the token a name that says what uses it.")),
            Length(max=NAME_LENGTH, message=_l("Use %(max)d characters or fewer.")),
        ],
        description=_l("What will use it, such as “Monthly report”."),
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        [InputRequired(_l("Choose at least one thing that the token may do."))],
        choices=[SelectChoice(scope, words) for scope, words in SCOPE_WORDS.items()],
        default=["read"],
        description=_l("Never more than you may do yourself."),
    )
    study = SelectField(_l("Where"), default="")
    days = SelectField(_l("How long it works"), coerce=int, default=DEFAULT_DAYS)

    def offer(self, studies: Iterable[Study]) -> None:
        """Offer these studies, all of them first, and the numbers of days."""
        self.study.choices = [("", _l("In all of your studies"))]
        self.study.choices += [(study.slug, study.title) for study in studies]
        self.days.choices = list(DAY_WORDS.items())
