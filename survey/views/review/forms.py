"""Forms of the board."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from survey import changes
from survey.board import BoardTheme, Change
from survey.board.kinds.base import NAME_LENGTH, TEXT_LENGTH, several_lines


class RenameForm(FlaskForm):
    """The name of a theme and what it means; `was` and `meant` are what the person saw."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Type a name for the theme.")),
            Length(max=NAME_LENGTH, message=_l("Use %(max)d characters or fewer.")),
        ],
        description=_l("A few words that say what people want, such as “Reliable internet at home”."),
    )
    definition = TextAreaField(
        _l("What it means"),
        [Optional(), Length(max=TEXT_LENGTH, message=_l("Use %(max)d characters or fewer."))],
        description=_l("One or two sentences, so that others would sort comments as you do."),
    )
    was = HiddenField()
    meant = HiddenField()

    def fill(self, theme: BoardTheme) -> None:
        """Show the theme as it is."""
        self.name.data = self.was.data = theme.name
        self.definition.data = self.meant.data = theme.entry.get("definition", "")

    def change(self, theme: int) -> Change:
        """What was changed of what the person saw: the name, the meaning, or both."""
        meaning = self.definition.data or ""
        if several_lines(meaning) == several_lines(self.meant.data or ""):
            return changes.rename(theme, self.name.data)
        name = None if self.name.data == self.was.data else self.name.data
        return changes.describe(theme, {"definition": meaning}, name)
