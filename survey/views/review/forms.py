"""Forms of the board."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from survey.board.kinds.base import NAME_LENGTH


class RenameForm(FlaskForm):
    """The name of a theme."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Type a name for the theme.")),
            Length(max=NAME_LENGTH, message=_l("Use %(max)d characters or fewer.")),
        ],
        description=_l("A few words that say what people want, such as “Reliable internet at home”."),
    )
