"""Forms of studies, audiences, prompts and new surveys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from survey.document import SETTINGS
from survey.i18n import language
from survey.languages import COMMON, language_name
from survey.questions.settings import pick
from survey.services.audiences import MOST_PEOPLE, NAME_LENGTH, PROMPT_LENGTH, Asked, Group
from survey.services.studies import FEWEST, MOST, TITLE_LENGTH, Limits
from survey.starters import Starter

# The words in which Philadelphia asked its six focus groups, in ours.
USUAL_PROMPTS = {
    "strength": _l("What works well today, and what should we build on?"),
    "improvement": _l("What should we focus on and improve?"),
    "aspiration": _l("What should we aspire to?"),
}
KIND_WORDS = {
    "strength": _l("Strength"),
    "improvement": _l("Improvement"),
    "aspiration": _l("Aspiration"),
    "other": _l("Other"),
}
MODE_WORDS = {
    "anonymous": _l("Anonymous: nobody can find out who answered, not even with the database in hand"),
    "confidential": _l("Confidential: people may give a name, which only facilitators see"),
    "identified": _l("Identified: people give their name with their answers"),
}
ACCESS_WORDS = {
    "once": _l("Everybody with the address, once in each browser"),
    "open": _l("Everybody with the address, as often as they like"),
    "code": _l("Only who has a code, once with each"),
}
LAYOUT_WORDS = next(dict(setting.options) for setting in SETTINGS if setting.name == "layout")
SURVEY_LANGUAGES = COMMON


def _choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Values with their words, as a field wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


SMALLEST = NumberRange(FEWEST, MOST, _l("Type a whole number from 3 to 1000."))


class StudyForm(FlaskForm):
    """Title and description of a study, and how small a group may be shown."""

    title = StringField(
        _l("Title"),
        [
            InputRequired(_l("Give the study a title.")),
            Length(max=TITLE_LENGTH, message=_l("Use at most 200 characters.")),
        ],
        description=_l("For example: IT Strategic Plan 2027"),
    )
    description = TextAreaField(
        _l("What it is about"),
        [Length(max=5000)],
        description=_l("For colleagues."),
    )
    fewest_counted = IntegerField(
        _l("Fewest people behind a number"),
        [Optional(), SMALLEST],
        default=5,
        description=_l("Smaller numbers are hidden in every report and on every public page."),
    )
    fewest_quoted = IntegerField(
        _l("Fewest people to name a group beside a quote"),
        [Optional(), SMALLEST],
        default=10,
        description=_l("Quotes from smaller groups are shown without the name of the group."),
    )
    revision = HiddenField()

    def limits(self, now: Limits) -> Limits:
        """The numbers that were typed; what was left empty stays as it is."""
        counted, quoted = self.fewest_counted.data, self.fewest_quoted.data
        return Limits(counted or now.fewest_counted, quoted or now.fewest_quoted)


class NewStudyForm(StudyForm):
    """A new study, with the audiences and prompts it may begin with."""

    slug = StringField(
        _l("Short name"),
        [Length(max=80, message=_l("Use at most 80 characters."))],
        description=_l("Part of its address. Leave it empty to have it made from the title."),
    )
    audiences = TextAreaField(
        _l("Audiences"),
        [Length(max=50_000)],
        description=_l(
            "The groups you want to hear, one a line. Add the number of people after a comma: City staff, 30"
        ),
    )
    prompts = SelectMultipleField(
        _l("Prompts to take"),
        choices=_choices(USUAL_PROMPTS.items()),
        description=_l("What you ask every audience. You can change the words and add more later."),
    )

    def asked(self) -> list[Asked]:
        """The prompts that were ticked."""
        return [Asked(str(USUAL_PROMPTS[kind]), kind) for kind in self.prompts.data or []]


class AudiencesForm(FlaskForm):
    """Audiences to add, one a line."""

    audiences = TextAreaField(
        _l("Add audiences"),
        [InputRequired(_l("Give the audience a name.")), Length(max=50_000)],
        description=_l("One a line. Add the number of people after a comma: City staff, 30"),
    )


class AudienceForm(FlaskForm):
    """Name and number of people of one audience, with those that were shown."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give the audience a name.")),
            Length(max=NAME_LENGTH, message=_l("Use at most 200 characters.")),
        ],
    )
    people = IntegerField(
        _l("People who took part"),
        [Optional(), NumberRange(0, MOST_PEOPLE, _l("Type a whole number, 0 or more."))],
    )
    seen_name, seen_people = HiddenField(), HiddenField()

    def group(self) -> Group:
        """What was typed."""
        return Group(self.name.data, self.people.data)

    def seen(self) -> Group:
        """What was shown."""
        return Group(self.seen_name.data, _number(self.seen_people.data))


class PromptForm(FlaskForm):
    """Words and kind of a prompt, with those that were shown."""

    text = StringField(
        _l("Words"),
        [
            InputRequired(_l("Write the words of the prompt.")),
            Length(max=PROMPT_LENGTH, message=_l("Use at most 500 characters.")),
        ],
    )
    kind = SelectField(_l("Kind"), choices=_choices(KIND_WORDS.items()), default="other")
    seen_text, seen_kind = HiddenField(), HiddenField()

    def asked(self) -> Asked:
        """What was typed."""
        return Asked(self.text.data, self.kind.data)

    def seen(self) -> Asked:
        """What was shown."""
        return Asked(self.seen_text.data, self.seen_kind.data)


class NewSurveyForm(FlaskForm):
    """A new survey."""

    title = StringField(
        _l("Title"),
        [
            InputRequired(_l("Give the survey a title.")),
            Length(max=TITLE_LENGTH, message=_l("Use at most 200 characters.")),
        ],
        description=_l("People see it on every page."),
    )
    mode = RadioField(
        _l("Who is told what about the people who answer"),
        [InputRequired(_l("Choose one."))],
        choices=_choices(MODE_WORDS.items()),
        default="anonymous",
        description=_l(
            "People are told before they begin, so this cannot change once the survey is published."
        ),
    )
    layout = RadioField(_l("Layout"), choices=_choices(LAYOUT_WORDS.items()), default="question")
    audience = SelectField(
        _l("Whom it asks"), description=_l("Comments then belong to this audience."), default=""
    )
    language = SelectField(_l("Language of the questions"), default="en")

    def __init__(self, audiences: Any, starter: Starter | None = None) -> None:
        super().__init__(data=begun_with(starter) if starter else None)
        self.audience.choices = _choices(audience_choices(audiences))
        tags = starter.raw["languages"] if starter else SURVEY_LANGUAGES
        self.language.choices = _choices((tag, language_name(tag)) for tag in tags)


def begun_with(starter: Starter) -> dict[str, str]:
    """What the form of a new survey holds when a starter was chosen: its words in the page's language."""
    title, tag = pick(starter.raw["title"], (language(), *starter.raw["languages"]))
    return {"title": title, "mode": starter.mode, "layout": starter.raw["layout"], "language": tag}


def audience_choices(audiences: Any) -> list[tuple[str, str]]:
    """The audiences of a study as a list to choose from; the first line stands for none."""
    return [("", _("Everyone, or asked in the survey")), *((str(a.id), a.name) for a in audiences)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None
