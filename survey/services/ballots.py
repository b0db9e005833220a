"""Ballots: the right to answer an anonymous survey once, which does not say whose it is.

A ballot is named by a keyed hash of a code, and the code by a keyed hash of a person's random id; the key is
not in the database. Who holds the database alone can count ballots, and join none to anybody.

When a list grows, a new ballot beside old ones would be the new person's. So all unused ballots are then
written anew, in one transaction and in the order of their new names, which are as good as drawn. A new name
is made from the old one: that works for codes of which nothing else is known any more, and needs no list.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import SystemRandom
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey.errors import Refusal
from survey.models import Ballot, Survey

BALLOT, SURVEY = cast(Table, Ballot.__table__), cast(Table, Survey.__table__)
# No group that could be told apart is smaller: neither a list nor those of a unit who have not answered.
FEWEST = 5

USE = (
    delete(BALLOT)
    .where(BALLOT.c.id == bindparam("ballot"), BALLOT.c.survey_id == bindparam("survey"))
    .returning(BALLOT.c.unit)
)


@dataclass(frozen=True)
class NewBallot:
    """The code somebody gets, and the unit that the list names."""

    code: str = field(repr=False)
    unit: str = ""


def keyed_hash(secret: str, text: str) -> bytes:
    """What only the holder of the key can compute."""
    return hmac.digest(secret.encode(), text.encode(), "sha256")


def are_used_by(survey: Survey) -> bool:
    """Whether people answer this survey by ballot: then each code that is given out needs one."""
    return survey.mode == "anonymous" and survey.access == "code" and bool(survey.versions)


def name(secret: str, survey_id: int, code: str, round: int) -> str:
    """The name of a ballot after so many rounds."""
    found = keyed_hash(secret, f"ballot:{survey_id}:{code}").hex()
    for number in range(1, round + 1):
        found = _renamed(secret, found, number)
    return found


def _renamed(secret: str, ballot: str, round: int) -> str:
    return keyed_hash(secret, f"ballot-round:{round}:{ballot}").hex()


def is_unused(session: Session, survey_id: int, ballot: str) -> bool:
    """Whether this ballot can be used now."""
    query = select(BALLOT.c.id).where(BALLOT.c.id == ballot, BALLOT.c.survey_id == survey_id)
    return session.scalar(query) is not None


def use(session: Session, survey_id: int, ballot: str) -> str | None:
    """Take a ballot, for good when the transaction commits; returns its unit, None when there is none.

    Of two at once one gets it: the second waits for the row, and then finds it gone.
    """
    unit: str | None = session.scalar(USE, {"ballot": ballot, "survey": survey_id})
    return unit


def unused(session: Session, survey_id: int) -> dict[str, int]:
    """How many are not used yet, by unit."""
    query = select(BALLOT.c.unit, func.count()).where(BALLOT.c.survey_id == survey_id)
    return dict(session.execute(query.group_by(BALLOT.c.unit)).all())


def add(session: Session, secret: str, survey: Survey, new: Sequence[NewBallot]) -> None:
    """Make ballots, and write all that are unused anew.

    Raises `Refusal` when there are so few afterwards that an answer could be guessed to be somebody's.
    """
    round = 1 + hold(session, survey)
    there = BALLOT.c.survey_id == survey.id
    old = session.execute(select(BALLOT.c.id, BALLOT.c.unit).where(there)).all()
    check_enough(len(old), len(new))
    units = recorded_units([row.unit for row in old], [ballot.unit for ballot in new])
    names = [_renamed(secret, row.id, round) for row in old]
    names += [name(secret, survey.id, ballot.code, round) for ballot in new]
    session.execute(delete(BALLOT).where(there))
    # In the order of their names, so that neither the place of a row nor its number in the transaction
    # (`ctid` and `cmin` of PostgreSQL) says more than the name does.
    rows = sorted(zip(names, units, strict=True))
    session.execute(insert(BALLOT), [{"id": id, "survey_id": survey.id, "unit": unit} for id, unit in rows])
    # Not through the object: colleagues who edit the survey meanwhile have missed nothing.
    session.execute(update(SURVEY).where(SURVEY.c.id == survey.id).values(ballot_round=round))
    session.expire(survey, ["ballot_round"])


def hold(session: Session, survey: Survey) -> int:
    """The round that is on; answers under way have ended, others wait. Comes before any row is written."""
    query = select(SURVEY.c.ballot_round).where(SURVEY.c.id == survey.id).with_for_update()
    round: int = session.scalars(query).one()
    return round


def check_enough(unused: int, new: int) -> None:
    """Raise `Refusal` when so few could answer that each answer could be guessed to be somebody's."""
    short = FEWEST - unused - new
    if not new or short <= 0:
        return
    if unused:
        raise Refusal(
            _(
                "Nearly everybody has answered, so a new person's answer could be told from the others'. "
                "Add at least %(num)s people at once.",
                num=new + short,
            )
        )
    raise Refusal(
        _(
            "This survey is anonymous. With fewer than %(fewest)s people an answer could be guessed to be "
            "somebody's. Add %(num)s more at the same time.",
            fewest=FEWEST,
            num=short,
        )
    )


def recorded_units(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The unit that each ballot gets, old ones first, so that no unit of a new one has fewer than `FEWEST`.

    Small units are not recorded. Those without a unit then are a group too: where it is small, ballots of the
    largest unit, drawn by lot, lose theirs and join it.
    """
    there = Counter(old) + Counter(new)
    units = [*old, *(unit if there[unit] >= FEWEST else "" for unit in new)]
    if "" in units[len(old) :]:
        _fill_up(units)
    return units


def _fill_up(units: list[str]) -> None:
    """Take units away until those without one are enough, or nobody has one."""
    while (short := FEWEST - units.count("")) > 0 and any(units):
        largest, size = Counter(filter(None, units)).most_common(1)[0]
        places = [at for at, unit in enumerate(units) if unit == largest]
        # What is left of a unit must be enough as well, or none.
        lose = short if size - short >= FEWEST else size
        for at in SystemRandom().sample(places, lose):
            units[at] = ""


def drop(session: Session, survey_id: int) -> None:
    """Delete all that are left: the survey takes no more answers."""
    session.execute(delete(BALLOT).where(BALLOT.c.survey_id == survey_id))
