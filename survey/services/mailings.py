"""Invitations, reminders and printed letters: writing them, whom they go to, sending, stopping, bounces.

Nothing here touches answers: people and responses are never in one transaction. Whoever has answered an
anonymous survey is not known, so its reminders go to everybody who was invited.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, func, insert, select, update
from sqlalchemy.orm import Session

from survey import mail_words
from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.jobs import table as jobs
from survey.models import Delivery, Invitee, Job, Mailing, Survey
from survey.services import audit, deliveries

KIND = "mailing"
KINDS = ("invitation", "reminder", "letter")
WHOM = ("new", "all", "no_email")
DRAFT, UNDER_WAY, DONE = "draft", "sending", "done"
MANY_REFUSED = _l(
    "The mail server refused many in a row, so the rest waits. The list of people says why. "
    "Put that right, then go on."
)


@dataclass(frozen=True)
class Draft:
    """What somebody has written: kind, subject and text by language, and whom it is for."""

    kind: str
    subject: Mapping[str, str]
    text: Mapping[str, str]
    whom: str = "new"

    def words(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {"subject": dict(self.subject), "text": dict(self.text), "whom": self.whom}


@dataclass(frozen=True)
class Around:
    """What only a page can say, and the worker needs: where the site is, and words in every language."""

    root: str
    languages: tuple[str, ...]
    title: Mapping[str, str]
    last_day: Mapping[str, str]
    foot: Mapping[str, str]

    def words(self) -> dict[str, Any]:
        """As the row keeps it."""
        plain = {name: dict(getattr(self, name)) for name in ("title", "last_day", "foot")}
        return {"root": self.root, "languages": list(self.languages), **plain}


def of_survey(session: Session, survey: Survey) -> list[Mailing]:
    """The mailings of a survey, newest first."""
    query = select(Mailing).where(Mailing.survey_id == survey.id)
    return list(session.scalars(query.order_by(Mailing.id.desc())))


def mailing_of(session: Session, survey: Survey, mailing_id: int, *, lock: bool = False) -> Mailing:
    """One of them; raise `NotFound` for one of another survey."""
    query = select(Mailing).where(Mailing.id == mailing_id, Mailing.survey_id == survey.id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def fingerprint(mailing: Mailing | None) -> str:
    """What a page remembers of the mailing it shows, to notice that somebody else changed it."""
    plain = json.dumps(mailing.words if mailing else {}, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def save(session: Session, survey: Survey, draft: Draft, *, by: str) -> Mailing:
    """Keep a new mailing; nothing is sent yet."""
    _check(survey, draft)
    made = Mailing(
        survey_id=survey.id,
        kind=draft.kind,
        words=draft.words(),
        state=DRAFT,
        counts={},
        made_by=by,
        made_at=now(),
    )
    session.add(made)
    session.flush()
    audit.record(session, by, "mailings.write", survey.slug, mailing=made.id, kind=draft.kind)
    return made


def change(session: Session, survey: Survey, mailing: Mailing, draft: Draft, *, by: str, seen: str) -> None:
    """Keep a mailing with other words; raise `Stale` when `seen` is not its fingerprint."""
    if mailing.state != DRAFT:
        raise Refusal(_("This has been sent already. Write a new one."))
    if seen != fingerprint(mailing):
        raise Stale(_("Somebody else changed this text since you opened it."))
    _check(survey, draft)
    mailing.words = draft.words()
    session.flush()
    audit.record(session, by, "mailings.change", survey.slug, mailing=mailing.id)


def remove(session: Session, survey: Survey, mailing: Mailing, *, by: str) -> None:
    """Throw a mailing away that was never sent."""
    if mailing.state != DRAFT:
        raise Refusal(_("This has been sent already and stays in the list."))
    number = mailing.id
    session.delete(mailing)
    session.flush()
    audit.record(session, by, "mailings.delete", survey.slug, mailing=number)


def _check(survey: Survey, draft: Draft) -> None:
    if draft.kind not in KINDS or draft.whom not in WHOM:
        raise Refusal(_("Choose whether this is an invitation, a reminder or a letter."))
    if not draft.text or not (draft.subject or draft.kind == "letter"):
        raise Refusal(_("Write a subject and a text in at least one language."))
    mail_words.check(draft.subject.values(), draft.text.values(), has_code=survey.access == "code")


def receivers(survey: Survey, kind: str, whom: str) -> list[ColumnElement[bool]]:
    """Conditions on `Invitee`: whom a mailing goes to."""
    mine: list[ColumnElement[bool]] = [Invitee.survey_id == survey.id, Invitee.state != "stopped"]
    if kind == "letter":
        return [*mine, *([Invitee.email == ""] if whom == "no_email" else [])]
    mine += [Invitee.email != "", Invitee.state != "bounced"]
    if kind == "invitation":
        return [*mine, *([Invitee.state == "listed"] if whom == "new" else [])]
    invited = [Invitee.state == "sent", Invitee.mailings > 0]
    return [*mine, *invited, *([] if survey.mode == "anonymous" else [Invitee.answered == false()])]


def count(session: Session, survey: Survey, kind: str, whom: str) -> int:
    """To how many people it would go."""
    query = select(func.count()).select_from(Invitee).where(*receivers(survey, kind, whom))
    return session.scalar(query) or 0


def languages(session: Session, survey: Survey, kind: str, whom: str) -> list[str]:
    """The languages these people speak, as the list says; empty for those of whom it does not."""
    query = select(Invitee.language).where(*receivers(survey, kind, whom)).distinct()
    return sorted(session.scalars(query))


def start(
    session: Session, survey: Survey, mailing: Mailing, around: Around, day: date, *, by: str
) -> Job | None:
    """Send a new mailing to the people who are to get it now. Letters are done with that: no job."""
    _check_open(survey)
    if mailing.state != DRAFT:
        raise Refusal(_("This has been sent already. Write a new one."))
    mailing.words = {**mailing.words, **around.words()}
    number = _choose(session, survey, mailing, day)
    if not number:
        raise Refusal(_("There is nobody on the list whom this could go to. Look at the list of people."))
    job = None if mailing.kind == "letter" else _put_to_work(session, survey, mailing, by)
    audit.record(session, by, "mailings.send", survey.slug, mailing=mailing.id, people=number)
    return job


def go_on(session: Session, survey: Survey, mailing: Mailing, *, by: str, why: str = "rest") -> None:
    """Send it to those who wait for it, unless that is being done already."""
    _check_open(survey)
    if not is_under_way(session, mailing):
        _put_to_work(session, survey, mailing, by)
    audit.record(session, by, "mailings.go-on", survey.slug, mailing=mailing.id, why=why)


def _check_open(survey: Survey) -> None:
    if survey.state != "open":
        raise Refusal(_("The survey is not open, so nobody could answer. Publish it first."))


def _choose(session: Session, survey: Survey, mailing: Mailing, day: date) -> int:
    """Write down whom a mailing goes to. The list may grow later; that is for another mailing."""
    whom = receivers(survey, mailing.kind, mailing.words["whom"])
    chosen = list(session.scalars(select(Invitee.id).where(*whom).order_by(Invitee.id)))
    rows = [{"mailing_id": mailing.id, "invitee_id": one, "state": "waiting"} for one in chosen]
    if rows:
        session.execute(insert(Delivery), rows)
        mailing.state = UNDER_WAY
    if rows and mailing.kind == "letter":
        deliveries.hand_out(session, mailing.id, day)
        mailing.state = DONE
    return len(rows)


def _put_to_work(session: Session, survey: Survey, mailing: Mailing, by: str) -> Job:
    if is_under_way(session, mailing):
        raise Refusal(_("This is being sent just now."))
    mailing.state = UNDER_WAY
    job = jobs.enqueue(session, KIND, {"mailing": mailing.id}, study_id=survey.study_id, by=by)
    mailing.counts = {**mailing.counts, "job": job.id}
    session.flush()
    return job


def job_of(session: Session, mailing: Mailing) -> Job | None:
    """The work that sends it, or sent it last."""
    return session.get(Job, mailing.counts.get("job", 0))


def is_under_way(session: Session, mailing: Mailing) -> bool:
    """Whether it is being sent now."""
    job = job_of(session, mailing)
    return job is not None and job.state in ("waiting", "running")


def stop(session: Session, survey: Survey, mailing: Mailing, *, by: str) -> bool:
    """Send no more of it; who has it has it. False when it had ended before."""
    stopped = jobs.cancel(session, mailing.counts.get("job", 0))
    audit.record(session, by, "mailings.stop", survey.slug, mailing=mailing.id)
    return stopped


def close(session: Session, mailing: Mailing) -> dict[str, int]:
    """The work is over; what has come in meanwhile to be sent waits for a person to go on."""
    numbers = deliveries.totals(session, mailing.id)
    mailing.state = UNDER_WAY if numbers.get("waiting") else DONE
    return numbers


def standing(session: Session, mailing: Mailing, states: tuple[str, ...]) -> list[tuple[Invitee, Delivery]]:
    """The people with whom it stands so."""
    query = select(Invitee, Delivery).join(Delivery, Delivery.invitee_id == Invitee.id)
    query = query.where(Delivery.mailing_id == mailing.id, Delivery.state.in_(states))
    return [(person, one) for person, one in session.execute(query.order_by(Invitee.name, Invitee.id))]


def again(session: Session, survey: Survey, mailing: Mailing, states: tuple[str, ...], *, by: str) -> None:
    """Send it once more to those with whom it stands so: a person decided that twice is better than never."""
    chosen = (Delivery.mailing_id == mailing.id, Delivery.state.in_(states))
    session.execute(update(Delivery).where(*chosen).values(state="waiting", tries=0, reason=""))
    if not deliveries.totals(session, mailing.id).get("waiting"):
        raise Refusal(_("Nobody is left to whom this could be sent again."))
    go_on(session, survey, mailing, by=by, why="-".join(states) or "rest")
