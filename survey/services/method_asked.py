"""For the method appendix: what was asked, of whom, and how many answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.disclose import Shown
from survey.document import Document, parse
from survey.formats.summary import HIDDEN, SMALL_GROUPS, counted, percent
from survey.languages import language_name
from survey.models import GroupSession, Invitee, Response, Study, Survey
from survey.questions.settings import pick
from survey.services import comments, sessions
from survey.services.gate import Groups

KINDS = {"strength": "a strength", "improvement": "an improvement", "aspiration": "an aspiration"}
MODES = {
    "anonymous": "anonymous: no answer can be joined to a person",
    "confidential": "confidential: who answered is known to few, and not told",
    "identified": "identified: people said who they are",
}
ACCESS = {
    "once": "anybody with its address, once from each browser",
    "open": "anybody with its address, as often as they liked",
    "code": "people who were invited, each with a code",
}
CHANNELS = {"survey": "surveys", "session": "sessions", "import": "files", "paper": "paper"}
Lines = Iterator[tuple[str, str]]


def asked(session: Session, study: Study) -> Lines:
    """The prompts with their kind, and the questions of every survey that was published."""
    for number, prompt in enumerate(study.prompts, start=1):
        kind = KINDS.get(prompt.kind)
        yield f"Prompt {number}", f"{prompt.text} (asks for {kind})" if kind else prompt.text
    for survey in _published(session, study):
        document = parse(survey.versions[-1].document)
        yield f"Survey “{_words(document)}”", _about(survey, document)
        yield f"Questions of “{_words(document)}”", "\n".join(_questions(document))


def _published(session: Session, study: Study) -> list[Survey]:
    query = select(Survey).where(Survey.study_id == study.id).order_by(Survey.id)
    return [survey for survey in session.scalars(query) if survey.versions]


def _words(document: Document) -> str:
    return pick(document.title, document.languages)[0]


def _about(survey: Survey, document: Document) -> str:
    languages = ", ".join(language_name(tag) for tag in document.languages)
    parts = [
        MODES.get(survey.mode, survey.mode),
        f"answered by {ACCESS.get(survey.access, survey.access)}",
        f"languages: {languages}",
        f"published {survey.versions[0].published_at:%Y-%m-%d}",
    ]
    if survey.opens_on:
        parts.append(f"open from {survey.opens_on}")
    if survey.closes_on:
        parts.append(f"open until {survey.closes_on}")
    if len(survey.versions) > 1:
        parts.append(f"changed after that; now at version {survey.versions[-1].number}")
    if survey.state == "closed":
        parts.append("closed")
    return _sentence("; ".join(parts))


def _questions(document: Document) -> Iterator[str]:
    for number, question in enumerate(document.answerable, start=1):
        yield f"{number}. {pick(question.label, document.languages)[0]}"


def heard(session: Session, study: Study, groups: Groups) -> Lines:
    """The groups, and the meetings that were held. How many people they are is told where the gate allows."""
    if study.audiences:
        yield "Groups", _listed(audience.name for audience in study.audiences)
    together = [a.name for a in study.audiences if groups.name(a.id) == SMALL_GROUPS]
    if together:
        yield "Counted together, because they are small", _listed(together)
    held = select(GroupSession).where(GroupSession.study_id == study.id, GroupSession.state != "planned")
    known, ids = sessions.days(session, study), [one.id for one in session.scalars(held)]
    days, number = sorted(known[id] for id in ids if id in known), len(ids)
    if number:
        when = f", from {days[0]} to {days[-1]}" if days else ""
        yield "Sessions held", f"{number}{when}. Notes were taken by number or role, without names."


def answered(session: Session, study: Study, shown: Mapping[str, Shown]) -> Lines:
    """Responses to each survey, with the share of those invited; comments by channel."""
    for survey in _published(session, study):
        name = _words(parse(survey.versions[-1].document))
        yield f"Responses to “{name}”", _responses(session, survey, shown)
    yield from _channels(session, study)


def _responses(session: Session, survey: Survey, shown: Mapping[str, Shown]) -> str:
    """Only the gate knows which number of responses may be told: earlier summaries count, too."""
    number = _total(survey, shown)
    invited = session.scalar(select(func.count()).select_from(Invitee).where(Invitee.survey_id == survey.id))
    if number and invited and number <= invited:
        return f"{number} of {invited} people who were invited ({percent(number / invited)})."
    if number is None and not _has_any(session, survey):
        number = 0
    told = counted(number).replace(HIDDEN, "The number is hidden, by the rules below")
    return f"{told}. {invited} people were invited." if invited else f"{told}."


def _has_any(session: Session, survey: Survey) -> bool:
    query = select(Response.id).where(Response.survey_id == survey.id, Response.apart.is_(None)).limit(1)
    return session.scalar(query) is not None


def _total(survey: Survey, shown: Mapping[str, Shown]) -> int | None:
    """How many responses the tables of groups count, which every response is in."""
    keys = sorted(key for key in shown if key.startswith(f"groups:{survey.slug}/"))
    totals = {shown[key].total for key in keys}
    return totals.pop() if len(totals) == 1 else None


def _channels(session: Session, study: Study) -> Lines:
    """Comments by channel; without numbers where one would stand for too few people."""
    counts = comments.counts(session, study.id).channels
    if not counts:
        return
    names = {channel: CHANNELS.get(channel, channel) for channel in counts}
    if any(0 < number < study.fewest_counted for number in counts.values()):
        yield "Comments came from", f"{_listed(names.values())}. How many from each is {HIDDEN}."
        return
    for channel, number in counts.items():
        yield f"Comments from {names[channel]}", f"{number}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
