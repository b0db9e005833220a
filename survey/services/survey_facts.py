"""The facts of a survey that do not belong to its words: they count at once, without publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from survey.errors import Refusal
from survey.models import Survey
from survey.models.survey import ACCESS, MODES
from survey.services import quotas
from survey.services.audiences import audience_of


@dataclass(frozen=True)
class Facts:
    """What belongs to the survey and not to its words: it counts at once, without publishing."""

    mode: str
    audience_id: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    access: str = "once"
    closing_number: int | None = None
    draft_hours: int | None = None
    kiosk_minutes: int | None = None

    @classmethod
    def of(cls, survey: Survey) -> Facts:
        """The facts of a survey as they stand."""
        days = survey.opens_on, survey.closes_on
        waits = survey.draft_hours, survey.kiosk_minutes
        return cls(survey.mode, survey.audience_id, *days, survey.access, survey.closing_number, *waits)


def set_facts(survey: Survey, facts: Facts) -> None:
    """Put facts in the place of the old ones; raise `Refusal` when they do not fit."""
    if facts.mode not in MODES:
        raise Refusal(_("Choose whether the survey is anonymous, confidential or identified."))
    if facts.opens_on and facts.closes_on and facts.opens_on > facts.closes_on:
        raise Refusal(_("The last day is before the first one. Change one of them."))
    survey.audience = audience_of(survey.study, facts.audience_id) if facts.audience_id else None
    survey.mode, survey.opens_on, survey.closes_on = facts.mode, facts.opens_on, facts.closes_on
    survey.draft_hours, survey.kiosk_minutes = facts.draft_hours, facts.kiosk_minutes
    _set_access(survey, facts)


def _set_access(survey: Survey, facts: Facts) -> None:
    """Who may answer, and how many. An anonymous survey gets its codes when published: see `ballots`."""
    if facts.access not in ACCESS:
        raise Refusal(_("Choose from the list who can answer."))
    codes_change = "code" in (facts.access, survey.access) and facts.access != survey.access
    if survey.versions and survey.mode == "anonymous" and codes_change:
        raise Refusal(
            _("Whether a code is asked for cannot change any more: the survey is anonymous and published.")
        )
    if facts.closing_number is not None:
        quotas.check_number(facts.closing_number)
    survey.access, survey.closing_number = facts.access, facts.closing_number
