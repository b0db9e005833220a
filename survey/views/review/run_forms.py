"""The form that starts a run."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from survey.services.runs import MOST_SEED, MOST_THEMES

MOST_DIGITS = 12  # NumberRange cannot take numbers that a float cannot hold


class Whole(IntegerField):
    """A whole number; anything else gets one plain sentence, and what was typed stays."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Type a whole number, or leave it empty.")) from error
        if self.data is not None and len(str(abs(self.data))) > MOST_DIGITS:
            self.data = None
            raise ValueError(_("Type a smaller number, or leave it empty."))


class FindForm(FlaskForm):
    """How to look for themes."""

    themes = Whole(
        _l("Number of themes"),
        [Optional(), NumberRange(1, MOST_THEMES, _l("Type a number from 1 to 100, or leave it empty."))],
        description=_l("Leave empty to let the program choose."),
    )
    seed = Whole(
        _l("Seed"),
        [Optional(), NumberRange(0, MOST_SEED, _l("Type a whole number from 0 to 4,294,967,295."))],
        description=_l(
            "The same comments with the same seed give the same themes. Another seed gives a second opinion."
        ),
    )
