"""The form in which a session is planned."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import DateInput, TimeInput

from survey.models import GroupSession, Study
from survey.questions.settings import UNSTORABLE
from survey.services.sessions import MOST_TABLES, TEXT_LENGTH, Plan
from survey.web import settings

ONE_LINE = Length(max=TEXT_LENGTH, message=_l("Use at most 200 characters."))


def storable(_form: FlaskForm, field: Any) -> None:
    """Refuse what the database cannot keep."""
    if UNSTORABLE.search(field.data or ""):
        raise ValidationError(
            _("There is a character in this text that cannot be stored. Type the text again.")
        )


class PlanForm(FlaskForm):
    """Group, title, place, time and tables of a session."""

    audience = SelectField(_l("Group"), coerce=int)
    title = StringField(
        _l("Title"),
        [ONE_LINE, storable],
        description=_l("For colleagues, when a group meets more than once: Evening, first meeting"),
    )
    place = StringField(_l("Place"), [ONE_LINE, storable])
    day = StringField(_l("Day"), widget=DateInput())
    clock = StringField(_l("Time"), widget=TimeInput())
    tables = IntegerField(
        _l("Tables"),
        [
            InputRequired(_l("Type how many tables there are.")),
            NumberRange(1, MOST_TABLES, _l("Type a whole number from 1 to 50.")),
        ],
        description=_l("People talk at the same time at each of them."),
        default=1,
    )
    revision = HiddenField()

    def offer(self, study: Study) -> None:
        """Put the groups of the study into the list."""
        self.audience.choices = [SelectChoice(one.id, one.name) for one in study.audiences]

    def validate_day(self, field: StringField) -> None:
        """A day that there is; needed where there is a time."""
        if field.data and _day(field.data) is None:
            raise ValidationError(_("Type the day as year-month-day, such as 2027-03-14."))
        if not field.data and self.clock.data:
            raise ValidationError(_("Type the day, too."))

    def validate_clock(self, field: StringField) -> None:
        """A time that there is; needed where there is a day."""
        if field.data and _clock(field.data) is None:
            raise ValidationError(_("Type the time as hours and minutes, such as 14:30."))
        if not field.data and self.day.data:
            raise ValidationError(_("Type the time, too."))

    def plan(self) -> Plan:
        """What was typed."""
        return Plan(
            audience_id=self.audience.data,
            title=self.title.data or "",
            place=self.place.data or "",
            starts_at=self._starts_at(),
            tables=self.tables.data,
        )

    def _starts_at(self) -> datetime | None:
        day, clock = _day(self.day.data or ""), _clock(self.clock.data or "")
        if day is None or clock is None:
            return None
        return datetime.combine(day, clock, ZoneInfo(settings().timezone))


def fields_of(meeting: GroupSession) -> dict[str, Any]:
    """The fields of the form for a session that there is."""
    local = meeting.starts_at.astimezone(ZoneInfo(settings().timezone)) if meeting.starts_at else None
    return {
        "audience": meeting.audience_id,
        "title": meeting.title,
        "place": meeting.place,
        "day": local.date().isoformat() if local else "",
        "clock": f"{local:%H:%M}" if local else "",
        "tables": meeting.tables,
        "revision": meeting.revision,
    }


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _clock(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        return None
