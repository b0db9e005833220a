"""Forms of the codebook."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField
from wtforms.validators import Length

from survey.board import ENTRY
from survey.board.kinds.base import TEXT_LENGTH

TOO_LONG = _l("Use %(max)d characters or fewer.")


class EntryForm(FlaskForm):
    """What a theme means."""

    definition = TextAreaField(
        _l("Definition"),
        [Length(max=TEXT_LENGTH, message=TOO_LONG)],
        description=_l("What comments of this theme have in common, in a sentence or two."),
    )
    include = TextAreaField(
        _l("Include"),
        [Length(max=TEXT_LENGTH, message=TOO_LONG)],
        description=_l("What belongs to it, above all where one could doubt."),
    )
    exclude = TextAreaField(
        _l("Exclude"),
        [Length(max=TEXT_LENGTH, message=TOO_LONG)],
        description=_l("What does not belong to it, and where it belongs instead."),
    )
    example = TextAreaField(
        _l("Example"),
        [Length(max=TEXT_LENGTH, message=TOO_LONG)],
        description=_l("A comment that is typical, without anything that points to a person."),
    )

    def entry(self) -> dict[str, str]:
        """What was typed."""
        return {part: self[part].data or "" for part in ENTRY}


class CodebookForm(FlaskForm):
    """The file."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "A table (CSV or Excel) with a column “name”, a REFI-QDA codebook (.qdc) or project (.qdpx)."
        ),
    )
