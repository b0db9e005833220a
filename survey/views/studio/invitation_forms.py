"""Forms of the list of people, of codes for handing out, and of quotas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from survey.formats.people_in import (
    LONGEST,
    PeopleColumns,
    PersonDetails,
    guess_people_columns,
    is_email,
    lines_of,
    one_line,
)
from survey.languages import canonical
from survey.services import code_sheets, quotas


class PersonForm(FlaskForm):
    """One person on the list."""

    name = StringField(_l("Name"), [Length(max=LONGEST["name"], message=_l("Use at most 200 characters."))])
    email = StringField(_l("E-mail"), description=_l("Where the invitation is sent to."))
    address = TextAreaField(
        _l("Address"),
        [Length(max=LONGEST["address"], message=_l("Use at most 500 characters."))],
        description=_l("For letters. One line of the address a line."),
    )
    unit = StringField(
        _l("Unit"),
        [Length(max=LONGEST["unit"], message=_l("Use at most 200 characters."))],
        description=_l("A department, team or district. Rates are shown by unit where it is large enough."),
    )
    language = StringField(_l("Language"), description=_l("A tag such as en or es, for mail and letters."))
    seen = HiddenField()

    def validate_name(self, field: StringField) -> None:
        """A person needs something to be found by."""
        if not any(one_line(box.data or "") for box in (field, self.email, self.address)):
            raise ValidationError(_("Type a name, an e-mail or an address."))

    def validate_email(self, field: StringField) -> None:
        """An address that mail can be sent to."""
        if (field.data or "").strip() and not is_email(field.data.strip()):
            raise ValidationError(_("Type the e-mail address in full, such as name@city.example."))

    def validate_language(self, field: StringField) -> None:
        """A tag of a language."""
        if (field.data or "").strip() and canonical(field.data) is None:
            raise ValidationError(_("Type the language as a tag, such as en or es, or leave it empty."))

    def details(self) -> PersonDetails:
        """What was typed."""
        name, email, unit = (one_line(box.data or "") for box in (self.name, self.email, self.unit))
        language = canonical(self.language.data or "") or ""
        return PersonDetails(name, email, lines_of(self.address.data or ""), unit, language)


class PeopleFileForm(FlaskForm):
    """The file."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or Excel (.xlsx), with one person a row and the names of the columns on top."),
    )


class PeopleColumnsForm(FlaskForm):
    """Which column of the file holds what."""

    name = SelectField(_l("Name"), default="")
    surname = SelectField(_l("Last name"), default="", description=_l("Where it has a column of its own."))
    email = SelectField(_l("E-mail"), default="")
    address = SelectField(_l("Address"), default="")
    unit = SelectField(_l("Unit"), default="")
    language = SelectField(_l("Language"), default="")

    def offer(self, columns: Sequence[str]) -> None:
        """Offer these columns; at first, those that their names speak for are chosen."""
        guess = guess_people_columns(columns)
        for field in self.selects():
            field.choices = [("", _("None")), *((column, column) for column in columns)]
            if not self.is_submitted():
                field.data = getattr(guess, field.name) or ""

    def selects(self) -> list[Any]:
        """The fields that name a column."""
        return [field for field in self if isinstance(field, SelectField)]

    def choice(self) -> PeopleColumns:
        """What was chosen."""
        return PeopleColumns(**{field.name: field.data or None for field in self.selects()})


class CodesForm(FlaskForm):
    """How many codes, and for whom."""

    number = IntegerField(
        _l("How many"),
        [
            InputRequired(_l("Type how many codes you need.")),
            NumberRange(code_sheets.FEWEST, code_sheets.MOST, _l("Type a whole number from 5 to 5000.")),
        ],
    )
    unit = StringField(
        _l("Unit"),
        [Length(max=LONGEST["unit"], message=_l("Use at most 200 characters."))],
        description=_l("If all of them are for one department, team or district."),
    )


class QuotaForm(FlaskForm):
    """At most so many answers with one choice."""

    choice = SelectField(_l("Choice"), [InputRequired(_l("Choose from the list."))])
    most = IntegerField(
        _l("At most so many answers"),
        [
            InputRequired(_l("Type a whole number, 1 or more.")),
            NumberRange(1, quotas.MOST_ANSWERS, _l("Type a whole number, 1 or more.")),
        ],
    )
