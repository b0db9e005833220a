"""The form of an axis."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField


class AxisForm(FlaskForm):
    """A name for the codes together, and new codes line by line."""

    name = StringField(_l("What the codes are about"), description=_l("A word or two, such as “Scope”."))
    lines = TextAreaField(
        _l("Codes, one on each line"), filters=[lambda text: (text or "").replace("\0", "")]
    )
