"""Printed letters: one page a person, for an envelope with a window."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey.i18n import direction
from survey.permissions import may
from survey.qr import Qr, qr_of
from survey.services import addressed
from survey.services import mailings as service
from survey.services.addressed import Letter
from survey.views.studio import bp
from survey.views.studio.mailing_words import around, sample
from survey.views.studio.mailings import ONE
from survey.views.studio.shared import survey_of, survey_page
from survey.web import db, settings

SHEETS = ("letter", "a4")
AT_ONCE = 500


@dataclass(frozen=True)
class Printed:
    """A letter as it is printed."""

    letter: Letter
    direction: str
    qr: Qr


@bp.get(ONE + "/letters")
@may("send invitations")
def letters(slug: str, survey_slug: str, mailing_id: int) -> ResponseReturnValue:
    """The letters of a mailing, to be printed; before they are put together, one for a sample person."""
    survey = survey_of(slug, survey_slug)
    mailing = service.mailing_of(db(), survey, mailing_id)
    if mailing.kind != "letter":
        return redirect(url_for(".mailing", slug=slug, survey_slug=survey_slug, mailing_id=mailing_id))
    part = max(1, request.args.get("part", 1, type=int))
    people, words = [], mailing.words
    if mailing.state == service.DRAFT:
        words = {**words, **around(survey, "letter").words()}
        people = [sample(survey, tag) for tag in words["text"]]
    else:
        people = [person for person, _sent in service.standing(db(), mailing, ("sent",))]
    shown = people[(part - 1) * AT_ONCE : part * AT_ONCE]
    printed = [_printed(addressed.letter_to(words, survey, one, settings().secret_key)) for one in shown]
    return survey_page(
        "studio/letters.html",
        survey,
        mailing=mailing,
        printed=printed,
        people=len(people),
        part=part,
        parts=-(-len(people) // AT_ONCE),
        sheet=_sheet(),
    )


def _sheet() -> str:
    asked = request.args.get("sheet", "")
    return asked if asked in SHEETS else SHEETS[0]


def _printed(letter: Letter) -> Printed:
    return Printed(letter, direction(letter.language), qr_of(letter.link))
