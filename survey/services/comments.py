"""Comments of a study: searched and counted for people, streamed for runs and exports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey.models import Audience, Comment, Prompt

PAGE_SIZE = 50
NONE = 0
"""In a filter: those without an audience, or without a prompt."""
# PostgreSQL puts NULL last unless told, SQLite first.
ORDER = (Comment.import_id.nulls_first(), Comment.position.nulls_first(), Comment.id)


@dataclass(frozen=True)
class Filter:
    """What to look for; None and "" mean all.

    `axis` and `code` ask for comments that people coded so (`NONE` for those without a code); the board knows
    which these are.
    """

    text: str = ""
    audience: int | None = None
    prompt: int | None = None
    channel: str = ""
    import_id: int | None = None
    language: str = ""
    wave: str = ""
    axis: int | None = None
    code: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything in."""
        return self == Filter()

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The filter as conditions on `Comment`."""
        if self.text:
            yield Comment.text.icontains(self.text, autoescape=True)
        if self.audience is not None:
            yield Comment.audience_id.is_not_distinct_from(self.audience or None)
        if self.prompt is not None:
            yield Comment.prompt_id.is_not_distinct_from(self.prompt or None)
        if self.channel:
            yield Comment.channel == self.channel
        if self.import_id is not None:
            yield Comment.import_id == self.import_id
        if self.language:
            yield Comment.language == self.language
        if self.wave:
            yield Comment.wave == self.wave


@dataclass(frozen=True)
class Page:
    """One page of comments; `found` counts those on all pages."""

    comments: list[Comment]
    found: int
    number: int
    of: int


@dataclass(frozen=True)
class Counts:
    """How many comments a study has: by audience id and prompt id (`NONE` for those without), by channel."""

    total: int
    audiences: Mapping[int, int]
    prompts: Mapping[int, int]
    channels: Mapping[str, int]


class StudyComment(NamedTuple):
    """One comment with the names of its audience and prompt, as runs and exports read it."""

    id: str
    text: str
    audience_id: int | None
    audience: str | None
    prompt: str | None
    channel: str
    language: str | None
    day: date | None
    source_id: str | None
    speaker: str | None


def page(session: Session, study_id: int, wanted: Filter, number: int) -> Page:
    """One page of the comments that fit, in stable order; the number is brought into range."""
    conditions = (Comment.study_id == study_id, *wanted.conditions())
    found = session.scalar(select(func.count()).select_from(Comment).where(*conditions)) or 0
    pages = max(1, -(-found // PAGE_SIZE))
    number = min(max(1, number), pages)
    query = select(Comment).where(*conditions).order_by(*ORDER)
    query = query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(list(session.scalars(query)), found, number, pages)


def counts(session: Session, study_id: int) -> Counts:
    """Count a study's comments by audience, prompt and channel, in one query."""
    columns = (Comment.audience_id, Comment.prompt_id, Comment.channel)
    query = select(*columns, func.count()).where(Comment.study_id == study_id).group_by(*columns)
    audiences, prompts = Counter[int](), Counter[int]()
    channels = Counter[str]()
    for audience, prompt, channel, number in session.execute(query):
        audiences[audience or NONE] += number
        prompts[prompt or NONE] += number
        channels[channel] += number
    return Counts(channels.total(), audiences, prompts, dict(sorted(channels.items())))


def count(session: Session, study_id: int) -> int:
    """How many comments a study has."""
    return session.scalar(select(func.count()).select_from(Comment).where(Comment.study_id == study_id)) or 0


def stream(session: Session, study_id: int) -> Iterator[StudyComment]:
    """All comments of a study in stable order, without holding them in memory."""
    query = (
        select(
            Comment.id,
            Comment.text,
            Comment.audience_id,
            Audience.name,
            Prompt.text,
            Comment.channel,
            Comment.language,
            Comment.day,
            Comment.source_id,
            Comment.speaker,
        )
        .outerjoin(Audience, Audience.id == Comment.audience_id)
        .outerjoin(Prompt, Prompt.id == Comment.prompt_id)
        .where(Comment.study_id == study_id)
        .order_by(*ORDER)
        .execution_options(yield_per=2000)
    )
    with session.execute(query) as rows:  # closes the cursor also when somebody stops half way
        for row in rows:
            yield StudyComment._make(row)
