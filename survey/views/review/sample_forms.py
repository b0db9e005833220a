"""The form that draws a sample, and what a coder ticks on a page of comments."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from survey.models import Person
from survey.services.codings import Given
from survey.services.samples import FEWEST, MOST, MOST_SEED, PER_PAGE, USUAL, Wanted
from survey.views.review.run_forms import Whole

NOBODY = 0
"""The choice of no person: what is not the number of one is as good as none."""


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NOBODY


class DrawForm(FlaskForm):
    """Which comments to draw, and who codes them."""

    size = Whole(
        _l("Number of comments"),
        [
            InputRequired(_l("Type how many comments to draw.")),
            NumberRange(FEWEST, MOST, _l("Type a number from 10 to 500.")),
        ],
        description=_l("From 10 to 500. Fifty give a first idea; a hundred or more, a surer one."),
    )
    first = SelectField(_l("First person"), coerce=_number, validate_choice=False)
    second = SelectField(_l("Second person"), coerce=_number, validate_choice=False)
    by_audience = BooleanField(_l("Draw from each audience in proportion to its comments"), default=True)
    by_theme = BooleanField(_l("Make sure that each theme is seen"), default=True)
    hide_context = BooleanField(
        _l("Hide audience and prompt from the coders"),
        description=_l("So that only the words of the comment count."),
    )
    per_page = RadioField(
        _l("Comments on a page"),
        coerce=_number,
        default=1,
        validate_choice=False,
        validators=[AnyOf(PER_PAGE, _l("Choose how many comments a page shows."))],
        choices=[SelectChoice(1, _l("One")), SelectChoice(5, _l("Five"))],
    )
    seed = Whole(
        _l("Seed"),
        [Optional(), NumberRange(0, MOST_SEED, _l("Type a whole number from 0 to 2,147,483,647."))],
        description=_l("The same comments with the same seed give the same sample. Empty: one is chosen."),
    )

    def offer(self, people: Sequence[Person], available: int) -> None:
        """Offer the people who may code; on a fresh form, two of them and a size that can be drawn."""
        choices = [SelectChoice(person.id, f"{person.name} ({person.email})") for person in people]
        self.first.choices = self.second.choices = choices
        if request.method == "GET":
            self.size.data = min(USUAL, available)
            self.second.data = people[1].id if len(people) > 1 else NOBODY

    def wanted(self) -> Wanted:
        """What was asked for."""
        return Wanted(
            size=self.size.data or 0,
            coders=(self.first.data, self.second.data),
            seed=self.seed.data,
            by_audience=self.by_audience.data,
            by_theme=self.by_theme.data,
            hide_context=self.hide_context.data,
            per_page=self.per_page.data or 1,
        )


def ticked() -> dict[int, Given]:
    """What a coder sent, by the position of the comment."""
    return {position: _ticked(position) for position in request.form.getlist("position", type=int)}


def _ticked(position: int) -> Given:
    form = request.form
    return Given(
        themes=tuple(dict.fromkeys(form.getlist(f"themes-{position}", type=int))),
        main=form.get(f"main-{position}", type=int),
        none=f"none-{position}" in form,
        unsure=f"unsure-{position}" in form,
        note=form.get(f"note-{position}", "").replace("\r\n", "\n"),
    )
