"""Coding a sample: what one coder says of its comments, until they have finished.

Until both coders have finished, a coding is read here for the coder who made it and for nobody else. `both`
is the only function that reads what two people said, and it refuses before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.jobs import table as jobs
from survey.models import Coding, Job, Sample, SampleCoder, SampleItem, Study
from survey.questions.settings import UNSTORABLE
from survey.services import audit, samples

KIND = "agreement"
NOTE_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Given:
    """What a coder gives a comment: ticked themes, the main one of several, or "none of these"."""

    themes: tuple[int, ...] = ()
    main: int | None = None
    none: bool = False
    unsure: bool = False
    note: str = ""

    def ordered(self, sample: Sample) -> list[int]:
        """The themes in the order of the sample, the main one first."""
        ticked = [theme["id"] for theme in sample.themes if theme["id"] in self.themes]
        return sorted(ticked, key=lambda theme: theme != self.main)


class NotRight(Refusal):
    """Some of what was given cannot be stored: a sentence for each position."""

    def __init__(self, problems: Mapping[int, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Pair:
    """A comment with what both coders said of it."""

    item: SampleItem
    first: Coding
    second: Coding

    @property
    def differ(self) -> bool:
        """Whether they put the comment into different themes."""
        return set(self.first.themes) != set(self.second.themes)


def own(session: Session, sample: Sample, place: int) -> dict[int, Coding]:
    """What one coder has said so far, by position."""
    query = select(Coding).where(Coding.sample_id == sample.id, Coding.place == place)
    return {coding.position: coding for coding in session.scalars(query)}


def both(session: Session, sample: Sample) -> list[Pair]:
    """What both said of each comment that is still there; `NotFound` until both have finished."""
    if sample.state != "finished":
        raise NotFound
    first, second = own(session, sample, 1), own(session, sample, 2)
    return [
        Pair(item, first[item.position], second[item.position])
        for item in samples.items(session, sample)
        if item.position in first and item.position in second
    ]


def save(session: Session, sample: Sample, place: int, given: Mapping[int, Given], by: str) -> None:
    """Store what a coder said, by position; all of it or nothing.

    Comments that were taken away meanwhile are passed over. Raises `NotRight` with a sentence for each
    comment that has to be coded otherwise, `Refusal` for a coder who has finished.
    """
    _lock_unfinished(session, sample, place)
    if not given:
        raise Refusal(_("The form came without a comment. Load the page again."))
    there = {item.position for item in samples.items(session, sample)}
    kept = {position: what for position, what in given.items() if position in there}
    known = {theme["id"] for theme in sample.themes}
    problems = {position: problem for position, what in kept.items() if (problem := _problem(what, known))}
    if problems:
        raise NotRight(problems)
    before = own(session, sample, place)
    for position, what in kept.items():
        coding = before.get(position) or Coding(sample_id=sample.id, position=position, place=place)
        coding.themes, coding.unsure, coding.note = what.ordered(sample), what.unsure, what.note.strip()
        session.add(coding)
    session.flush()
    _record(session, sample, by, "samples.code", comments=len(kept))


def _problem(given: Given, known: set[int]) -> str | None:
    """What is wrong with it, in a sentence that says how to put it right."""
    if not set(given.themes) <= known:
        return str(_("One of the themes is not in this sample. Load the page again."))
    if given.none and given.themes:
        return str(_("You ticked themes and “None of these”. Keep one or the other."))
    if not given.none and not given.themes:
        return str(_("Tick at least one theme, or “None of these”."))
    if given.main is not None and given.main not in given.themes:
        return str(_("The main theme is not ticked. Tick it too, or choose another."))
    if len(given.note) > NOTE_LENGTH:
        long = len(given.note)
        words = _("The note has %(long)s characters. Use %(most)s or fewer.", long=long, most=NOTE_LENGTH)
        return str(words)
    if UNSTORABLE.search(given.note):
        return str(_("There is a character in the note that cannot be stored. Type it again."))
    return None


def _lock_unfinished(session: Session, sample: Sample, place: int) -> SampleCoder:
    """The coder's row, locked: what one coder sends twice at once is stored one after the other."""
    coder = _locked(session, sample, place)
    if coder.finished_at is not None:
        raise Refusal(_("You have finished this sample, so what you said cannot be changed any more."))
    return coder


def _locked(session: Session, sample: Sample, place: int) -> SampleCoder:
    query = select(SampleCoder).where(SampleCoder.sample_id == sample.id, SampleCoder.place == place)
    query = query.with_for_update(of=SampleCoder).execution_options(populate_existing=True)
    coder = session.scalar(query)
    if coder is None:
        raise NotFound
    return coder


def finish(session: Session, sample: Sample, place: int, by: str) -> Job | None:
    """End the work of one coder; when the other has finished too, put the comparison to work.

    The sample's row must be locked, so that of two who finish at the same time one starts the comparison.
    Raises `Refusal` while comments are left. Finishing twice is finishing once.
    """
    coder = _locked(session, sample, place)
    if coder.finished_at is not None:
        return None
    left = len(
        {item.position for item in samples.items(session, sample)} - own(session, sample, place).keys()
    )
    if left:
        raise Refusal(too_many_left(left))
    coder.finished_at = now()
    session.flush()
    _record(session, sample, by, "samples.finish", place=place)
    if any(other.finished_at is None for other in _coders(session, sample)):
        return None
    sample.state = "finished"
    session.flush()
    return _enqueue(session, sample, by)


def too_many_left(number: int) -> str:
    """The sentence for a coder who has not coded all comments."""
    sentence = ngettext(
        "%(num)s comment is left to code. Code it, then finish.",
        "%(num)s comments are left to code. Code them, then finish.",
        number,
    )
    return str(sentence)


def _coders(session: Session, sample: Sample) -> list[SampleCoder]:
    query = select(SampleCoder).where(SampleCoder.sample_id == sample.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def compare_again(session: Session, sample: Sample, by: str) -> Job:
    """Put the comparison to work once more, where it has failed; the sample's row must be locked."""
    if sample.state != "finished" or sample.agreement is not None:
        raise Refusal(_("There is nothing to compare: both coders must finish first, and it is done once."))
    job = last_job(session, sample)
    if job is not None and job.state in ("waiting", "running"):
        return job
    _record(session, sample, by, "samples.compare")
    return _enqueue(session, sample, by)


def _enqueue(session: Session, sample: Sample, by: str) -> Job:
    args = {"sample": sample.id, "number": sample.number}
    return jobs.enqueue(session, KIND, args, study_id=sample.study_id, by=by)


def last_job(session: Session, sample: Sample) -> Job | None:
    """The newest comparison of a sample."""
    query = select(Job).where(Job.study_id == sample.study_id, Job.kind == KIND).order_by(Job.id.desc())
    return next((job for job in session.scalars(query) if job.args["sample"] == sample.id), None)


def _record(session: Session, sample: Sample, by: str, action: str, **details: int) -> None:
    """What was said stays out of the audit: its readers may be coders."""
    slug = session.get_one(Study, sample.study_id).slug
    audit.record(session, by, action, slug, sample=sample.number, **details)
