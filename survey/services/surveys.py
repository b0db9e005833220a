"""Surveys: finding them, building their drafts, publishing, closing and opening them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import building, path_check, publishing
from survey.dates import now, today
from survey.document import LAYOUTS, Document, parse
from survey.errors import NotFound, Refusal, Stale
from survey.languages import match
from survey.models import AuditRow, Person, Study, Survey, Version
from survey.publishing import Gap
from survey.questions.settings import LANGUAGE, pick
from survey.services import (
    audit,
    invitees,
    live,
    quotas,
    response_counts,
    response_rates,
    sealing,
    studies,
    ties,
    webhooks,
)
from survey.services.quotas import Quota
from survey.services.survey_facts import Facts, set_facts

Status = Literal["draft", "waiting", "open", "ended", "closed"]


@dataclass(frozen=True)
class OpenSurvey:
    """A survey that can be answered now, in the words of its visitor's language or its own first one."""

    slug: str
    title: str
    what: str
    language: str
    what_language: str
    demo: bool


def of_studies(session: Session, study_ids: Sequence[int]) -> list[Survey]:
    """The surveys of these studies, newest first."""
    return list(
        session.scalars(select(Survey).where(Survey.study_id.in_(study_ids)).order_by(Survey.id.desc()))
    )


def for_person(
    session: Session, person: Person, slug: str, survey_slug: str, *, lock: bool = False
) -> Survey:
    """A survey of a study this person works on; raise `NotFound` otherwise.

    `lock` holds its row until the transaction ends, so that two people's changes follow one another.
    """
    study = studies.for_person(session, person, slug)
    query = select(Survey).where(Survey.slug == survey_slug, Survey.study_id == study.id)
    query = query.with_for_update().execution_options(populate_existing=True) if lock else query
    survey = session.scalar(query) if studies.is_slug(survey_slug) else None
    if survey is None:
        raise NotFound
    return survey


def open_ones(session: Session, timezone: str) -> list[OpenSurvey]:
    """The surveys that can be answered today, for the first page."""
    locale = get_locale()
    day, language = today(timezone), locale.language if locale else ""
    query = select(Survey).where(Survey.state == "open").order_by(Survey.id.desc())
    query = query.where(Survey.access != "code")  # whoever has a code has the address, too
    found = [survey for survey in session.scalars(query) if takes_answers(survey, day)]
    return [_open_survey(live.find(session, survey.slug), language) for survey in found]


def _open_survey(survey: live.LiveSurvey, language: str) -> OpenSurvey:
    document = survey.document
    spoken = match([language], document.languages) or language
    (title, tag), (what, what_tag) = (
        document.text(document.title, spoken),
        document.text(document.what, spoken),
    )
    return OpenSurvey(survey.slug, title, what, tag, what_tag, survey.demo)


def status(survey: Survey, day: date) -> Status:
    """Where a survey stands on a day of the office; "ended" is past its last day, but not closed."""
    if survey.state != "open":
        return "draft" if survey.state == "draft" else "closed"
    if survey.closes_on and survey.closes_on < day:
        return "ended"
    return "waiting" if survey.opens_on and survey.opens_on > day else "open"


def takes_answers(survey: Survey, day: date) -> bool:
    """Whether it can be answered on that day of the office."""
    return status(survey, day) == "open"


def title(survey: Survey) -> str:
    """The title of its draft, in its first language."""
    return pick(survey.document["title"], tuple(survey.document["languages"]))[0]


def add(
    session: Session,
    study: Study,
    slug: str,
    title: str,
    mode: str = "anonymous",
    *,
    by: str,
    layout: str = "question",
    language: str = "en",
    audience_id: int | None = None,
    document: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> Survey:
    """Make a survey, without questions or with those of a document; `source` says what file it came from.

    An empty short name is made from the title.
    """
    slug = slug or studies.suggest_slug(title, lambda slug: _is_taken(session, slug))
    studies.check_slug(slug)
    if _is_taken(session, slug):
        raise Refusal(_("There is a survey “%(slug)s” already. Choose another short name.", slug=slug))
    if layout not in LAYOUTS or not LANGUAGE.fullmatch(language):
        raise Refusal(_("Choose a layout and a language from the lists."))
    begun = parse(dict(document) if document else building.blank(title.strip(), language, layout))
    survey = Survey(study=study, slug=slug, document=begun.to_dict())
    set_facts(survey, Facts(mode, audience_id))
    session.add(survey)
    session.flush()
    came_from = {"source": source} if source else {}
    audit.record(session, by, "surveys.add", slug, study=study.slug, mode=mode, **came_from)
    return survey


def _is_taken(session: Session, slug: str) -> bool:
    return session.scalar(select(Survey.id).where(Survey.slug == slug)) is not None


def draft(survey: Survey) -> Document:
    """The document that is being built."""
    return parse(survey.document)


def latest(survey: Survey) -> Version | None:
    """Its newest published version."""
    return survey.versions[-1] if survey.versions else None


def check_seen(survey: Survey, seen: int | None) -> None:
    """Raise `Stale` when the survey is not as this person saw it."""
    if seen is not None and survey.revision != seen:
        raise Stale(_("Somebody else changed this survey since you opened the page. Nothing was stored."))


def save_document(
    session: Session,
    survey: Survey,
    document: Document | Mapping[str, Any],
    *,
    by: str,
    seen: int | None = None,
    action: str = "surveys.save",
    **details: Any,
) -> AuditRow:
    """Store a new draft; what people answer stays as it was published.

    Raises `Stale` when `seen` is not the revision of the survey, `DocumentError` for an impossible draft.
    """
    check_seen(survey, seen)
    plain = document.to_dict() if isinstance(document, Document) else dict(document)
    survey.document = parse(plain).to_dict()
    session.flush()
    return audit.record(session, by, action, survey.slug, **details)


def update(session: Session, survey: Survey, document: Document, facts: Facts, *, by: str, seen: int) -> None:
    """Store the settings: words in the draft; mode, audience and dates at once."""
    check_seen(survey, seen)
    if survey.versions and facts.mode != survey.mode:
        raise Refusal(
            _("The mode cannot change any more: people were told it when the survey was published.")
        )
    set_facts(survey, facts)
    days = [str(day or "") for day in (facts.opens_on, facts.closes_on)]
    save_document(session, survey, document, by=by, action="surveys.settings", mode=facts.mode, days=days)
    live.forget(survey.slug)


def set_quotas(session: Session, survey: Survey, wanted: Sequence[Quota], *, by: str, seen: int) -> None:
    """Limit the answers with some choices, at once; raise `Stale` or `Refusal`."""
    check_seen(survey, seen)
    survey.quotas = quotas.read(draft(survey), wanted, [Quota.of(raw) for raw in survey.quotas])
    session.flush()
    audit.record(session, by, "surveys.quotas", survey.slug, quotas=survey.quotas)
    live.forget(survey.slug)


def gaps(survey: Survey) -> list[Gap]:
    """What is missing before it can be published, its rules included."""
    document = draft(survey)
    faults = [Gap(one.text, f"rule:{one.place}", one.must) for one in path_check.findings(document)]
    return [*publishing.gaps(document, bool(survey.study.audiences)), *faults]


def unpublished(survey: Survey) -> list[str]:
    """What people do not see yet, one sentence for each change; empty before the first publishing."""
    version = latest(survey)
    return publishing.changes(parse(version.document), whole_draft(survey)) if version else []


def whole_draft(survey: Survey) -> Document:
    audiences = [(audience.id, audience.name) for audience in survey.study.audiences]
    return publishing.with_audiences(draft(survey), audiences)


def publish(
    session: Session, survey: Survey, *, by: str, seen: int | None = None, secret: str = ""
) -> Version:
    """Freeze the draft as the next version and open the survey.

    An anonymous survey with a list of people needs the `secret` key of the site the first time: for ballots.
    """
    check_seen(survey, seen)
    if survey.state == "closed":
        raise Refusal(_("The survey is closed. Open it again first."))
    missing = [gap.text for gap in gaps(survey) if gap.must]
    if missing:
        raise Refusal(" ".join(missing))
    told = unpublished(survey)
    if survey.versions and not told:
        raise Refusal(_("Nothing has changed since the survey was published."))
    document = whole_draft(survey)
    frozen = publishing.freeze(document, ties.settle(session, survey, document))
    version = Version(number=len(survey.versions) + 1, document=frozen.to_dict(), published_at=now())
    survey.versions.append(version)
    survey.state = "open"
    session.flush()
    if version.number == 1:
        invitees.give_first_ballots(session, secret, survey)
    audit.record(session, by, "surveys.publish", survey.slug, version=version.number, changes=told)
    webhooks.tell_of_survey(session, "survey.published", survey, version=version.number)
    live.forget(survey.slug)
    return version


def close(session: Session, survey: Survey, *, by: str) -> bool:
    """Take no more answers, seal an anonymous survey; True when `sealing.compact` is due after the commit."""
    if survey.state != "open":
        raise Refusal(_("The survey is not open."))
    survey.state = "closed"
    session.flush()
    # Ballots go when the survey is sealed: what the rates of response need of them is written down before.
    invited = response_rates.by_ballot(session, survey) if survey.mode == "anonymous" else {}
    sealed = sealing.seal(session, survey)
    session.flush()
    audit.record(session, by, response_rates.CLOSED, survey.slug, sealed=sealed, **invited)
    webhooks.tell_of_end(session, survey, response_counts.totals(session, [survey.id]).get(survey.id, 0))
    live.forget(survey.slug)
    return sealed


def reopen(session: Session, survey: Survey, day: date, *, by: str) -> None:
    """Take answers again; a last day that is over is taken away."""
    if survey.sealed:
        raise Refusal(_("The survey was anonymous and is sealed: it cannot be opened again."))
    if survey.state != "closed":
        raise Refusal(_("The survey is not closed."))
    survey.state = "open"
    if survey.closes_on and survey.closes_on < day:
        survey.closes_on = None
    session.flush()
    audit.record(session, by, "surveys.reopen", survey.slug)
    webhooks.tell_of_survey(session, "survey.reopened", survey)
    live.forget(survey.slug)
