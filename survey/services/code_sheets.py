"""Codes for handing out: at a counter, in a hallway, to people of whom there is no list.

Nothing of them is stored but their ballots. They are computed from the key and a random word that only the
address of the page carries, for an hour; after that nobody can get them again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from survey import spoken_codes
from survey.errors import NotFound, Refusal
from survey.formats.people_in import LONGEST, one_line
from survey.models import Survey
from survey.questions.settings import UNSTORABLE
from survey.services import audit, ballots
from survey.services.ballots import NewBallot, keyed_hash

FEWEST, MOST = ballots.FEWEST, 5000
SECONDS = 60 * 60


@dataclass(frozen=True)
class Sheet:
    """So many codes, made from one random word."""

    survey_id: int
    person_id: int
    word: str
    number: int
    unit: str

    def codes(self, secret: str) -> list[str]:
        """All of them, each in one piece."""
        words = (f"sheet:{self.survey_id}:{self.word}:{at}" for at in range(self.number))
        return [spoken_codes.spell(keyed_hash(secret, word)) for word in words]


def make(
    session: Session, secret: str, survey: Survey, person_id: int, number: int, unit: str, *, by: str
) -> str:
    """Make ballots for so many codes; returns the token that gives the codes for an hour."""
    _check(survey, number, unit)
    sheet = Sheet(survey.id, person_id, secrets.token_hex(16), number, one_line(unit))
    ballots.add(session, secret, survey, [NewBallot(code, sheet.unit) for code in sheet.codes(secret)])
    audit.record(session, by, "codes.make", survey.slug, codes=number)
    return str(_signer(secret).dumps([sheet.survey_id, person_id, sheet.word, number, sheet.unit]))


def open_sheet(secret: str, survey: Survey, person_id: int, token: str) -> Sheet:
    """The sheet of a token; raise `NotFound` when it is another's, and `Refusal` when its hour is over."""
    try:
        sheet = Sheet(*_signer(secret).loads(token, max_age=SECONDS))
    except BadSignature:
        raise Refusal(
            _("These codes cannot be shown any more. Nobody can get them back; make new ones.")
        ) from None
    if (sheet.survey_id, sheet.person_id) != (survey.id, person_id):
        raise NotFound
    return sheet


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="code-sheet")


def _check(survey: Survey, number: int, unit: str) -> None:
    if survey.mode != "anonymous" or survey.access != "code":
        raise Refusal(_("Codes without names are for anonymous surveys that ask for a code."))
    if survey.state != "open":
        raise Refusal(_("The survey is not open, so nobody could answer. Publish it first."))
    if not FEWEST <= number <= MOST:
        raise Refusal(_("Type a whole number from %(least)s to %(most)s.", least=FEWEST, most=MOST))
    if len(unit) > LONGEST["unit"] or UNSTORABLE.search(unit):
        raise Refusal(_("The name of the unit cannot be stored. Make it shorter, or type it again."))
