"""Forms of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):
    """E-mail and password."""

    email = StringField(
        _l("E-mail"),
        [InputRequired(_l("Type your e-mail.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Type your password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):
    """Old and new password."""

    old = PasswordField(
        _l("Old password"),
        [InputRequired(_l("Type your old password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        [InputRequired(_l("Type a new password.")), Length(12, 200, _l("Use 12 to 200 characters."))],
        description=_l("At least 12 characters. Three or four words do well."),
        render_kw={"autocomplete": "new-password"},
    )
