"""Forms for accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

ROLE_WORDS = [
    SelectChoice("facilitator", _l("Facilitator: builds surveys, imports comments, freezes summaries")),
    SelectChoice("planner", _l("Planner: finds and edits themes, freezes summaries")),
    SelectChoice("office", _l("Office: sees the themes that its office answers for, nothing else")),
    SelectChoice("administrator", _l("Administrator: makes accounts, reads no answers")),
    SelectChoice("auditor", _l("Auditor: reads who did what")),
]


class RolesForm(FlaskForm):
    """The roles of one person."""

    roles = SelectMultipleField(
        _l("Roles"), [InputRequired(_l("Choose at least one role."))], choices=ROLE_WORDS
    )


class PersonForm(RolesForm):
    """A new account."""

    email = StringField(_l("E-mail"), [InputRequired(_l("Type an e-mail."))])
    name = StringField(_l("Name"), [Length(max=200)])
    password = PasswordField(
        _l("First password"),
        [InputRequired(_l("Type a first password.")), Length(12, 200, _l("Use 12 to 200 characters."))],
        description=_l("At least 12 characters. The person can change it."),
        render_kw={"autocomplete": "new-password"},
    )
    studies = StringField(
        _l("Studies"),
        description=_l("Short names, with spaces between. Leave empty for all studies, now and later."),
    )
