"""Studies: making them and finding those a person works on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, count

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import GroupSession, Membership, Person, Study, Summary, Survey, Version
from survey.questions.settings import UNSTORABLE
from survey.services import audit
from survey.services.audiences import Asked, Group, put_in

TITLE_LENGTH = 200
FEWEST, MOST = 3, 1000
"""From three people on nobody who is among them knows what another one said; see `Limits`."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slugify(title: str) -> str:
    """A URL word from a title: "IT Plan 2026!" -> "it-plan-2026"; may be empty."""
    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text))[:60].strip("-")


@dataclass(frozen=True)
class Limits:
    """For how many people a number must at least stand, and from how many on a group is named at a quote."""

    fewest_counted: int = 5
    fewest_quoted: int = 10

    @classmethod
    def of(cls, study: Study) -> Limits:
        """Those of a study."""
        return cls(study.fewest_counted, study.fewest_quoted)


@dataclass(frozen=True)
class Setup:
    """What a study can begin with: audiences, prompts, who works on it, how small groups may be."""

    audiences: Sequence[Group] = ()
    prompts: Sequence[Asked] = ()
    member: Person | None = None
    limits: Limits = Limits()


def add(
    session: Session,
    slug: str,
    title: str,
    *,
    by: str,
    description: str = "",
    demo: bool = False,
    setup: Setup = Setup(),
) -> Study:
    """Make a study; raise `Refusal` when its short name is taken or not usable in a URL."""
    check_slug(slug)
    _check_words(title, description)
    if session.scalar(select(Study.id).where(Study.slug == slug)):
        raise Refusal(_("There is a study “%(slug)s” already. Choose another short name.", slug=slug))
    check_limits(setup.limits)
    study = Study(slug=slug, title=title.strip(), description=description.strip(), demo=demo, made_at=now())
    _put_limits(study, setup.limits)
    session.add(study)
    put_in(study, setup.audiences, setup.prompts)
    session.flush()
    if setup.member and not setup.member.all_studies:
        session.add(Membership(person_id=setup.member.id, study_id=study.id))
    audit.record(session, by, "studies.add", slug, title=study.title)
    return study


def check_slug(slug: str) -> None:
    """Raise `Refusal` for a short name that cannot stand in an address."""
    if not is_slug(slug):
        raise Refusal(
            _(
                "“%(slug)s” cannot be used in an address. Use small letters, digits and single hyphens.",
                slug=slug[:80],
            )
        )


def is_slug(slug: str) -> bool:
    """Whether this can be the short name of a study or survey: “new” is the address of a form."""
    return bool(SLUG.fullmatch(slug)) and len(slug) <= 80 and slug != "new"


def suggest_slug(title: str, is_taken: Callable[[str], bool]) -> str:
    """A free short name made from a title, with a number when the plain one is taken."""
    stem = slugify(title) or "untitled"
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(slug for slug in chain([stem], numbered) if is_slug(slug) and not is_taken(slug))


def free_slug(session: Session, title: str) -> str:
    """The short name that a study of this title gets when none is typed."""
    return suggest_slug(title, lambda s: session.scalar(select(Study.id).where(Study.slug == s)) is not None)


def _check_words(title: str, description: str) -> None:
    if not title.strip():
        raise Refusal(_("Give the study a title."))
    if len(title.strip()) > TITLE_LENGTH:
        raise Refusal(_("The title is too long. Use at most %(most)s characters.", most=TITLE_LENGTH))
    if UNSTORABLE.search(title + description):
        raise Refusal(_("There is a character in the text that cannot be stored. Type it again."))


def check_limits(limits: Limits) -> None:
    """Raise `Refusal` for numbers that protect nobody, or hide everything."""
    if not all(FEWEST <= number <= MOST for number in (limits.fewest_counted, limits.fewest_quoted)):
        raise Refusal(
            _(
                "Use whole numbers from %(fewest)s to %(most)s for the smallest groups.",
                fewest=FEWEST,
                most=MOST,
            )
        )


def _put_limits(study: Study, limits: Limits) -> None:
    study.fewest_counted, study.fewest_quoted = limits.fewest_counted, limits.fewest_quoted


def has_asked(session: Session, study: Study) -> bool:
    """Whether people were asked: a survey was published, a session opened, or a summary frozen.

    From then on it is fixed how small a group may be shown.
    """
    published = select(Version.id).join(Survey, Survey.id == Version.survey_id)
    met = select(GroupSession.id).where(GroupSession.study_id == study.id, GroupSession.state != "planned")
    queries = (
        published.where(Survey.study_id == study.id).order_by(Version.id),
        met.order_by(GroupSession.id),
        select(Summary.id).where(Summary.study_id == study.id).order_by(Summary.id),
    )
    return any(session.scalar(query.limit(1)) is not None for query in queries)


@dataclass(frozen=True)
class Change:
    """What somebody wants a study to be; `limits` None leaves them as they are."""

    title: str
    description: str
    limits: Limits | None = None


def update(session: Session, study: Study, title: str, description: str, *, seen: int, by: str) -> None:
    """Change title and description; raise `Stale` when the study is not what this person saw."""
    change(session, study, Change(title, description), seen=seen, by=by)


def change(session: Session, study: Study, wanted: Change, *, seen: int, by: str) -> None:
    """Change title, description and how small groups may be; the study must be locked.

    Raises `Stale` when the study is not what this person saw, `Refusal` when people were asked already and
    the limits are other ones.
    """
    if study.revision != seen:
        raise Stale(_("Somebody else changed this study while you were typing."))
    _check_words(wanted.title, wanted.description)
    limits = wanted.limits or Limits.of(study)
    if limits != Limits.of(study):
        check_limits(limits)
        if has_asked(session, study):
            raise Refusal(
                _(
                    "People were asked already, so it is fixed how small a group may be shown. Make another "
                    "study for other numbers."
                )
            )
    study.title, study.description = wanted.title.strip(), wanted.description.strip()
    _put_limits(study, limits)
    session.flush()
    numbers = {"fewest_counted": limits.fewest_counted, "fewest_quoted": limits.fewest_quoted}
    audit.record(session, by, "studies.update", study.slug, title=study.title, **numbers)


def visible_to(session: Session, person: Person) -> list[Study]:
    """The studies a person works on, newest first."""
    query = select(Study).order_by(Study.made_at.desc(), Study.id.desc())
    if not person.all_studies:
        query = query.join(Membership, Membership.study_id == Study.id).where(
            Membership.person_id == person.id
        )
    return list(session.scalars(query))


def for_person(session: Session, person: Person, slug: str, *, lock: bool = False) -> Study:
    """A study this person works on; raise `NotFound` otherwise.

    `lock` holds the study's row until the transaction ends, so that decisions of two people follow one
    another on PostgreSQL too (SQLite's transactions hold the write lock already).
    """
    query = select(Study).where(Study.slug == slug)
    # What cannot be a short name is not asked for: PostgreSQL fails over a NUL.
    study = session.scalar(query.with_for_update() if lock else query) if is_slug(slug) else None
    if study is None or not (person.all_studies or _is_member(session, person, study)):
        raise NotFound
    return study


def _is_member(session: Session, person: Person, study: Study) -> bool:
    return session.get(Membership, (person.id, study.id)) is not None


def by_slug(session: Session, slug: str) -> Study:
    """The study of that short name, for the command line; raise `Refusal` naming it when there is none."""
    study = session.scalar(select(Study).where(Study.slug == slug))
    if study is None:
        raise Refusal(_("There is no study “%(slug)s”.", slug=slug))
    return study
