"""Releases: prepared from a frozen summary, approved by a second person, withdrawn with a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.formats.release import PublicRelease
from survey.formats.release_parts import Parts, defaults
from survey.formats.summary import Summary
from survey.models import Release, Study
from survey.questions.settings import UNSTORABLE
from survey.services import audit, release_content, summaries
from survey.services.release_checks import Clock, require

LONGEST = {"title": 200, "introduction": 5000}
LONGEST_NOTE = 2000
CHANGEABLE = ("draft", "asked")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants a release to be; `release_at` None is at once when it is approved."""

    parts: Parts
    words: Mapping[str, Mapping[str, str]]
    release_at: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """What somebody had before their eyes, and who: the revision, and the hash of what was shown."""

    by: str
    revision: int
    sha256: str = ""


def of_study(session: Session, study: Study) -> list[Release]:
    """The releases of a study, newest first, without their documents."""
    query = select(Release).where(Release.study_id == study.id)
    return list(session.scalars(query.order_by(Release.number.desc())))


def get(session: Session, study: Study, number: int) -> Release:
    """One release; raise `NotFound` when there is none of that number."""
    query = select(Release).where(Release.study_id == study.id, Release.number == number)
    release = session.scalar(query)
    if release is None:
        raise NotFound
    return release


def latest_public(session: Session, study: Study, at: datetime) -> Release | None:
    """The release that the public sees of a study at a moment."""
    query = select(Release).where(
        Release.study_id == study.id, Release.state == "approved", Release.release_at <= at
    )
    return session.scalars(query.order_by(Release.release_at.desc(), Release.number.desc()).limit(1)).first()


def prepare(session: Session, study: Study, row: models.Summary, by: str) -> Release:
    """Begin a release of a frozen summary, in the words of the last one; the study must be locked."""
    summary, there = summaries.read(row), of_study(session, study)
    release = Release(
        study_id=study.id,
        summary_id=row.id,
        number=1 + max((one.number for one in there), default=0),
        parts=defaults(summary).to_dict(),
        words=dict(there[0].words) if there else first_words(summary),
        made_by=by,
        made_at=now(),
        changed_by=by,
    )
    session.add(release)
    session.flush()
    audit.record(session, by, "releases.prepare", study.slug, number=release.number, summary=row.number)
    return release


def first_words(summary: Summary) -> dict[str, dict[str, str]]:
    """Title and introduction that a first release begins with."""
    introduction = summary.description[: LONGEST["introduction"]]
    return {summary.language: {"title": summary.study_title, "introduction": introduction}}


def change(session: Session, release: Release, wanted: Wanted, seen: Seen) -> None:
    """Store choices and words; a release for which approval was asked is a draft again."""
    _check(release, seen, CHANGEABLE)
    summary = release_content.summary_of(release)
    release.parts = wanted.parts.within(summary).to_dict()
    release.words = _checked(wanted.words, summary)
    release.release_at, release.state, release.changed_by = wanted.release_at, "draft", seen.by
    session.flush()
    audit.record(session, seen.by, "releases.change", release.study.slug, number=release.number)


def _checked(words: Mapping[str, Mapping[str, str]], summary: Summary) -> dict[str, dict[str, str]]:
    allowed = release_content.languages(summary)
    kept = {
        language: {name: words[language].get(name, "").strip() for name in LONGEST}
        for language in allowed
        if language in words
    }
    for by_name in kept.values():
        for name, text in by_name.items():
            check_text(text, LONGEST[name])
    return kept


def check_text(text: str, most: int) -> None:
    """Raise `Refusal` for a text that is too long or cannot be stored."""
    if len(text) > most:
        raise Refusal(
            _("A text has %(length)s characters. Use %(most)s or fewer.", length=len(text), most=most)
        )
    if UNSTORABLE.search(text):
        raise Refusal(_("There is a character in the text that cannot be stored. Type it again."))


def ask(session: Session, release: Release, clock: Clock, seen: Seen) -> None:
    """Ask another person to approve what a release shows now; raise `Refusal` when something is missing.

    It can be asked again when words about its themes were changed meanwhile, which stand elsewhere. Who asks
    stands behind what is shown, so somebody else has to approve it.
    """
    drawn = release_content.drawn(session, release)
    _check(release, seen, CHANGEABLE if is_outdated(release, drawn.document) else ("draft",))
    require(session, drawn, clock)
    release.state, release.asked_by = "asked", seen.by
    release.sha256 = drawn.document.content_sha256()
    session.flush()
    audit.record(
        session,
        seen.by,
        "releases.ask",
        release.study.slug,
        number=release.number,
        sha256=drawn.document.content_sha256(),
    )


def is_outdated(release: Release, document: PublicRelease) -> bool:
    """Whether a release shows something else by now than what approval was asked for."""
    return release.state == "asked" and release.sha256 != document.content_sha256()


def may_approve(release: Release, by: str) -> bool:
    """Whether this person neither made the release nor changed it or asked for approval last."""
    stand_behind = (release.made_by, release.changed_by, release.asked_by or "")
    return by.casefold() not in {person.casefold() for person in stand_behind}


def approve(session: Session, release: Release, clock: Clock, seen: Seen) -> None:
    """Freeze what the public sees; it is out at its time, or at once when that is past.

    Raises `Stale` when what would become public is not what this person looked at: words about themes may
    have changed since.
    """
    _check(release, seen, ("asked",))
    if not may_approve(release, seen.by):
        raise Refusal(_("You prepared this release, so another person has to approve it."))
    drawn = release_content.drawn(session, release)
    require(session, drawn, clock)
    if is_outdated(release, drawn.document):
        raise Stale(_("Words of this release were changed after approval was asked for. Ask for it again."))
    if drawn.document.content_sha256() != seen.sha256:
        raise Stale(
            _(
                "What would become public has changed since you opened the page. Look at it again, then "
                "approve."
            )
        )
    at = clock.now.replace(microsecond=0)
    release.release_at = max(release.release_at or at, at)
    released_at = release.release_at.astimezone(clock.zone).isoformat(timespec="seconds")
    release_content.keep(release, replace(drawn.document, released_at=released_at))
    release.state, release.approved_by, release.approved_at = "approved", seen.by, clock.now
    session.flush()
    audit.record(
        session,
        seen.by,
        "releases.approve",
        release.study.slug,
        number=release.number,
        sha256=release.sha256,
        release_at=released_at,
    )


def withdraw(session: Session, release: Release, note: str, seen: Seen) -> None:
    """Take a release back from the public; its place keeps the note."""
    _check(release, seen, ("approved",))
    note = note.strip()
    if not note:
        raise Refusal(_("Say why, in a sentence or two: the public reads it in place of the results."))
    check_text(note, LONGEST_NOTE)
    release.state, release.withdrawn_note = "withdrawn", note
    release.withdrawn_by, release.withdrawn_at = seen.by, now()
    session.flush()
    audit.record(session, seen.by, "releases.withdraw", release.study.slug, number=release.number, note=note)


def discard(session: Session, release: Release, seen: Seen) -> None:
    """Throw away a release that was never approved."""
    _check(release, seen, CHANGEABLE)
    study, number = release.study, release.number
    session.delete(release)
    session.flush()
    audit.record(session, seen.by, "releases.discard", study.slug, number=number)


def _check(release: Release, seen: Seen, states: tuple[str, ...]) -> None:
    if release.revision != seen.revision:
        raise Stale(_("Somebody else changed this release since you opened the page. Nothing was stored."))
    if release.state not in states:
        raise Refusal(
            {
                "draft": _("Approval was not asked for yet."),
                "asked": _("Approval was asked for already."),
                "approved": _("It is approved, so it does not change any more. Prepare another release."),
                "withdrawn": _("It was withdrawn. Prepare another release."),
            }[release.state]
        )
