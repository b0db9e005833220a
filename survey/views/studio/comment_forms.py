"""Forms that bring comments in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from survey.formats.comments_in import ColumnChoice, guess_columns


class FileForm(FlaskForm):
    """The file."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "CSV, Excel (.xlsx) or JSON lines, with one comment a row and the names of the columns on top."
        ),
    )


class ColumnsForm(FlaskForm):
    """Which column of the file holds what."""

    text = SelectField(
        _l("Comment"), default="", description=_l("What people said, word for word. This one is needed.")
    )
    audience = SelectField(_l("Audience"), default="", description=_l("The group a comment comes from."))
    prompt = SelectField(_l("Prompt"), default="", description=_l("What people were asked."))
    channel = SelectField(_l("Channel"), default="", description=_l("How a comment came, such as e-mail."))
    language = SelectField(_l("Language"), default="", description=_l("A tag such as en or es."))
    wave = SelectField(
        _l("Wave"), default="", description=_l("The round in which it was said, such as 2026 or spring.")
    )
    id = SelectField(
        _l("Number"), default="", description=_l("The number or name of a row, to find it again in the file.")
    )
    partial = BooleanField(_l("Store the good rows and leave the others out"))

    def offer(self, columns: Sequence[str]) -> None:
        """Offer these columns; at first, those that their names speak for are chosen."""
        named = [(column, column) for column in columns]
        for field in self.selects():
            field.choices = [("", _("Choose a column") if field.name == "text" else _("None")), *named]
        if not self.is_submitted():
            guess = guess_columns(columns)
            for field in self.selects():
                field.data = getattr(guess, field.name) or ""

    def selects(self) -> list[Any]:
        """The fields that name a column."""
        return [field for field in self if isinstance(field, SelectField)]

    def choice(self) -> ColumnChoice:
        """What was chosen."""
        chosen: dict[str, Any] = {field.name: field.data or None for field in self.selects()}
        return ColumnChoice(**chosen)

    def validate_text(self, field: SelectField) -> None:
        """The one column that is needed."""
        if not field.data:
            raise ValidationError(_("Choose the column that holds the comments."))
