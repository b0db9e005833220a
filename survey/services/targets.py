"""What share of those heard each group should be, as planners type it in; whether shares are weighted to it.

Groups are kept by what does not change with their name: an audience by its id, a language by its tag, a
channel by its code, a unit by its name. By what to weight is a row of the same table, with `by` "weights".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal, Stale
from survey.languages import language_name
from survey.models import Invitee, Response, Study, Survey, Target
from survey.models.report import HEARD_BY
from survey.questions.numbers import plain_digits
from survey.questions.settings import UNSTORABLE
from survey.services import audit

WEIGHTS = "weights"
WEIGHT_BY = ("unit", "language", "audience")
MOST_GROUPS = 200
NAME_LENGTH = 200
SLACK = 0.0005
"""Typed shares are rounded: together they may be so much over the whole."""
Targets = Mapping[str, Mapping[str, float]]
CHANNEL_WORDS = {
    "web": _l("Online survey"),
    "paper": _l("On paper"),
    "phone": _l("By phone"),
    "session": _l("In a session"),
    "import": _l("Imported"),
}


@dataclass(frozen=True)
class Typed:
    """A target as it is typed: the group, what the page calls it, and its share in per cent.

    `new`: the name of the group was typed as well.
    """

    by: str
    name: str
    share: str
    label: str = ""
    new: bool = False


class ProblemWith(Refusal):
    """What was typed for one group cannot be; `place` is which one, from 0 on."""

    def __init__(self, sentence: str, place: int) -> None:
        super().__init__(sentence)
        self.place = place


def of_study(session: Session, study: Study) -> dict[str, dict[str, float]]:
    """The targets of a study, 0 to 1, by what they are by and by group."""
    found: dict[str, dict[str, float]] = {by: {} for by in HEARD_BY}
    query = select(Target).where(Target.study_id == study.id, Target.by.in_(HEARD_BY)).order_by(Target.id)
    for target in session.scalars(query):
        found[target.by][target.name] = target.share
    return found


def seen(targets: Targets) -> str:
    """What a page remembers of targets, to find out whether somebody changed them meanwhile."""
    plain = json.dumps(targets, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fields(session: Session, study: Study) -> list[Typed]:
    """The groups that can have a target, with the one they have: those of the study, and those typed in."""
    stored = of_study(session, study)
    found = []
    for by in HEARD_BY:
        known = _known(session, study, by)
        names = dict.fromkeys([*known, *stored[by]])
        # An audience that is gone takes its target along.
        names = {name: None for name in names if by != "audience" or name in known}
        found += [Typed(by, name, in_field(stored[by].get(name)), known.get(name, name)) for name in names]
    return found


def _known(session: Session, study: Study, by: str) -> dict[str, str]:
    """The groups of a study and what they are called."""
    if by == "audience":
        return {str(audience.id): audience.name for audience in study.audiences}
    if by == "channel":
        return {code: str(CHANNEL_WORDS[code]) for code in CHANNEL_WORDS}
    surveys = session.scalars(select(Survey).where(Survey.study_id == study.id).order_by(Survey.id)).all()
    if by == "language":
        return {tag: language_name(tag) for survey in surveys for tag in survey.document["languages"]}
    return {unit: unit for unit in sorted(_units(session, study)) if unit}


def _units(session: Session, study: Study) -> set[str]:
    mine = Survey.study_id == study.id
    invited = select(Invitee.unit).join(Survey, Survey.id == Invitee.survey_id).where(mine).distinct()
    answered = select(Response.unit).join(Survey, Survey.id == Response.survey_id).where(mine).distinct()
    return {*session.scalars(invited), *session.scalars(answered)}


def save(session: Session, study: Study, typed: Sequence[Typed], *, was: str, who: str) -> None:
    """Put targets in the place of all old ones; an empty share is no target. The study's row must be locked.

    Raises `Refusal` for what cannot be, `Stale` when the stored ones are not those the page showed (`was`).
    """
    shares, before = read(typed), of_study(session, study)
    if was != seen(before):
        raise Stale(_("Somebody else changed these targets while you were typing."))
    session.execute(delete(Target).where(Target.study_id == study.id, Target.by.in_(HEARD_BY)))
    session.add_all(
        Target(study_id=study.id, by=by, name=name, share=share)
        for by, groups in shares.items()
        for name, share in groups.items()
    )
    session.flush()
    audit.record(session, who, "targets.save", study.slug, before=before, shares=shares)


def read(typed: Sequence[Typed]) -> dict[str, dict[str, float]]:
    """The shares of what was typed, 0 to 1, by what they are by; raise `ProblemWith` what to put right."""
    if len(typed) > MOST_GROUPS:
        raise Refusal(_("There can be targets for at most %(most)s groups.", most=MOST_GROUPS))
    shares: dict[str, dict[str, float]] = {by: {} for by in HEARD_BY}
    for place, one in enumerate(typed):
        if one.by not in shares:
            raise NotFound
        _take(shares[one.by], one, place)
    for by, groups in shares.items():
        _check_sum(sum(groups.values()), [place for place, one in enumerate(typed) if one.by == by])
    return shares


def _take(shares: dict[str, float], one: Typed, place: int) -> None:
    share = _share(one, place)
    if share is None and one.new and one.name.strip():
        raise ProblemWith(_("Type the share of the new group as well, or empty its name."), place)
    if share is None:
        return
    name = _name(one, place)
    if name in shares:
        sentence = _("“%(name)s” is on the list already. Change its share there.", name=name)
        raise ProblemWith(sentence, place)
    shares[name] = share


def _check_sum(total: float, places: Sequence[int]) -> None:
    if total > 1 + SLACK:
        said = f"{total * 100:.1f}".removesuffix(".0")
        sentence = _("The shares add up to %(total)s %%. Together they can be 100 %% at most.", total=said)
        raise ProblemWith(sentence, places[0])


def _name(one: Typed, place: int) -> str:
    name = " ".join(one.name.split())
    if not name:
        raise ProblemWith(_("Type the name of the group as well."), place)
    if len(name) > NAME_LENGTH or UNSTORABLE.search(name):
        raise ProblemWith(_("Give the group a name of at most %(most)s characters.", most=NAME_LENGTH), place)
    return name


def _share(one: Typed, place: int) -> float | None:
    """The share that was typed, "12.5 %" or "12,5", 0 to 1; None for nothing."""
    text = plain_digits(one.share[:40].replace("٪", "%")).strip().removesuffix("%").strip().replace(",", ".")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{0,6})?", text) or not 0 < float(text) <= 100:
        label = one.label or one.name
        raise ProblemWith(
            _(
                "%(group)s: type a share above 0 and up to 100, such as 12.5, or leave it empty.",
                group=label[:80],
            ),
            place,
        )
    return round(float(text) / 100, 8)


def in_field(share: float | None) -> str:
    """A stored share as it stands in its field."""
    return "" if share is None else f"{share * 100:.6f}".rstrip("0").rstrip(".")


def weights_by(session: Session, study: Study) -> str | None:
    """By which groups shares of closed questions are weighted; None when they are not."""
    query = select(Target.name).where(Target.study_id == study.id, Target.by == WEIGHTS)
    return session.scalar(query.order_by(Target.id).limit(1))


def weight(session: Session, study: Study, by: str, *, who: str) -> None:
    """Choose by which groups to weight, "" for none; raise `Refusal` where there are no targets.

    The study's row must be locked.
    """
    if by not in ("", *WEIGHT_BY):
        raise Refusal(_("Choose from the list by what to weight."))
    if by and not of_study(session, study)[by]:
        raise Refusal(_("Type targets for these groups first; weights come from them."))
    before = weights_by(session, study) or ""
    session.execute(delete(Target).where(Target.study_id == study.id, Target.by == WEIGHTS))
    if by:
        session.add(Target(study_id=study.id, by=WEIGHTS, name=by, share=1.0))
    session.flush()
    audit.record(session, who, "targets.weight", study.slug, before=before, groups=by)
