"""The forms that start long work on themes."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional

from survey.services.runs import MOST_SEED, MOST_THEMES, How

MOST_DIGITS = 12  # NumberRange cannot take numbers that a float cannot hold
CHOOSE = "auto"
GRANULARITY = [
    SelectChoice("few", _l("Few: broad themes, for a first look or a short report")),
    SelectChoice("balanced", _l("Balanced: as the comments come apart by themselves")),
    SelectChoice("many", _l("Many: narrow themes, for those who act on them")),
]


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


class _Seeded(FlaskForm):
    seed = Whole(
        _l("Seed"),
        [Optional(), NumberRange(0, MOST_SEED, _l("Type a whole number from 0 to 4,294,967,295."))],
        description=_l(
            "The same comments with the same seed give the same themes. Another seed gives a second opinion."
        ),
    )


class FindForm(_Seeded):
    """How to look for themes."""

    granularity = RadioField(
        _l("How finely to divide"),
        choices=GRANULARITY,
        default="balanced",
        validate_choice=False,
    )
    themes = Whole(
        _l("Number of themes"),
        [Optional(), NumberRange(1, MOST_THEMES, _l("Type a number from 1 to 100, or leave it empty."))],
        description=_l("Leave empty to let the program choose. A number here goes before the choice above."),
    )
    afresh = BooleanField(
        _l("Start afresh"),
        description=_l(
            "The program looks with fresh eyes, without the suggestions that are on the board now. Choose "
            "this for fewer themes, or for others. What people decided is kept in any case."
        ),
    )

    def how(self) -> How:
        """What was chosen."""
        granularity = self.granularity.data or "balanced"
        return How(self.themes.data, self.seed.data or 0, granularity, self.afresh.data)


class PlaceForm(_Seeded):
    """Which comments to place by examples."""

    which = RadioField(
        _l("Which comments?"),
        choices=[
            SelectChoice("rest", _l("Only comments in no theme. The others stay where they are.")),
            SelectChoice("every", _l("All comments that no person placed. They may change their theme.")),
        ],
        default="rest",
    )


class SplitForm(FlaskForm):
    """Into how many parts."""

    parts = RadioField(
        _l("How many parts?"),
        choices=[
            SelectChoice(CHOOSE, _l("Let the program choose")),
            SelectChoice("2", _l("Two")),
            SelectChoice("3", _l("Three")),
            SelectChoice("4", _l("Four")),
        ],
        default=CHOOSE,
        validate_choice=False,
    )

    def count(self) -> int | None:
        """The number; None to have it chosen; 0 for what is none, which is refused in words."""
        typed = self.parts.data or CHOOSE
        if typed == CHOOSE:
            return None
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
