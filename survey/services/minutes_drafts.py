"""Minutes as comments before they are stored: what would become of a file or pasted text, and of choices."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import PurePath
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal
from survey.formats.minutes_heads import (
    Heading,
    Headings,
    KnownPrompt,
    as_speaker,
    find_headings,
    maybe_names,
    no_headings,
    speaker_of,
)
from survey.formats.minutes_in import Minutes, MinutesError, read_minutes
from survey.formats.minutes_repeats import Repeat, repeats
from survey.formats.minutes_split import LONGEST, MODES, Mode, Part, guess_mode, split
from survey.formats.rows import Limits
from survey.models import Comment, GroupSession, Study

MOST_COMPARED = 60_000
"""Above so many texts, near duplicates are looked for after the import only, by a worker."""
LEAVE, NO_PROMPT = "leave", "none"
REPEATS: tuple[Repeat, ...] = ("there", "here", "near")


@dataclass(frozen=True)
class Choices:
    """What a person chose on the page. `whose` is "session-3" or "audience-2".

    `mode` is how to split (None: as guessed), `headings` whether headings say the prompt, `under` what to do
    with the lines under single ones: the id of a prompt, `NO_PROMPT` or `LEAVE`. `leave` names the repeated
    lines to leave out; `partial` stores the rest when some cannot be comments.
    """

    whose: str = ""
    mode: Mode | None = None
    prompt: int | None = None
    headings: bool = True
    under: Mapping[int, str] = field(default_factory=dict)
    leave: frozenset[Repeat] = frozenset({"there"})
    column: str = ""
    partial: bool = False


@dataclass(frozen=True)
class Whose:
    """Where the comments belong."""

    audience: int
    session: int | None = None
    day: date | None = None
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """A comment as it would be stored, or why it is not: it repeats another, is left out, has a problem."""

    line: int
    text: str
    speaker: str | None = None
    prompt: int | None = None
    repeat: Repeat = ""
    left: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Draft:
    """Minutes as they would be stored with some choices."""

    name: str
    sha256: str
    minutes: Minutes
    choices: Choices
    whose: Whose | None
    mode: Mode
    guessed: Mode
    headings: tuple[Heading, ...]
    lines: tuple[Ready, ...]
    compared: bool

    @cached_property
    def stored(self) -> tuple[Ready, ...]:
        """What would be stored."""
        return tuple(line for line in self.lines if not line.left and not line.problem)

    @cached_property
    def problems(self) -> tuple[Ready, ...]:
        """What cannot be a comment."""
        return tuple(line for line in self.lines if line.problem and not line.left)

    @cached_property
    def repeated(self) -> Counter[Repeat]:
        """How many repeat another, by how."""
        return Counter(line.repeat for line in self.lines if line.repeat)

    @cached_property
    def left_under_headings(self) -> int:
        """How many are left out because of where they stand."""
        return sum(line.left and line.repeat not in self.choices.leave for line in self.lines)

    @cached_property
    def maybe_names(self) -> list[str]:
        """What may be names, the most frequent first."""
        found = maybe_names(line.text for line in self.stored)
        return sorted(found, key=lambda name: (-found[name], name))

    def prompt_under(self, number: int) -> int | None:
        """The prompt that the lines under a heading get."""
        chosen = self.choices.under.get(number, "")
        return _under(chosen, self.headings[number].prompt or self.choices.prompt)


def read(data: bytes, name: str, limits: Limits, column: str = "") -> Minutes:
    """Read a file; raise `Refusal` saying what to do when that is not possible."""
    try:
        return read_minutes(data, name, limits, column)
    except MinutesError as error:
        raise Refusal(str(error)) from error


@dataclass(frozen=True)
class Given:
    """A file that was read, or text that was pasted."""

    name: str
    sha256: str
    minutes: Minutes


def given(data: bytes, name: str, limits: Limits, column: str = "") -> Given:
    """Read a file, and name it by its content."""
    return Given(
        PurePath(name).name[:255], hashlib.sha256(data).hexdigest(), read(data, name, limits, column)
    )


def draft(session: Session, study: Study, given: Given, choices: Choices, timezone: str = "UTC") -> Draft:
    """What would be stored; reads only, and may take seconds for minutes of many megabytes.

    The day of a session is that of the office, in its `timezone`.
    """
    lines, choices = given.minutes.lines, _of_this_study(study, choices)
    prompts = [KnownPrompt(prompt.id, prompt.text, prompt.kind) for prompt in study.prompts]
    found = find_headings(lines, prompts) if choices.headings else no_headings(lines)
    guessed = guess_mode(given.minutes, found.places)
    mode = choices.mode or guessed
    where = whose(session, study, choices.whose, timezone)
    parts = _parts(given.minutes, mode, found, where.roles if where else {})
    ready = [_ready(part, choices, found) for part in parts]
    compared, marks = _repeats(session, study, [line.text for line in ready])
    marked = tuple(
        replace(line, repeat=mark, left=line.left or mark in choices.leave)
        for line, mark in zip(ready, marks, strict=True)
    )
    return Draft(
        given.name,
        given.sha256,
        given.minutes,
        choices,
        where,
        mode,
        guessed,
        tuple(found.found),
        marked,
        compared,
    )


def _of_this_study(study: Study, choices: Choices) -> Choices:
    """The choices without prompts of other studies."""
    known = {str(prompt.id) for prompt in study.prompts} | {LEAVE, NO_PROMPT}
    under = {number: chosen for number, chosen in choices.under.items() if chosen in known}
    prompt = choices.prompt if str(choices.prompt) in known else None
    return replace(choices, prompt=prompt, under=under)


def _parts(minutes: Minutes, mode: Mode, found: Headings, roles: Mapping[str, str]) -> Iterator[Part]:
    for part in split(minutes, mode, found.under):
        if minutes.kind == "csv" and part.speaker is not None:
            yield replace(part, speaker=as_speaker(part.speaker, roles))
        else:
            speaker, text = speaker_of(part.text, roles)
            yield replace(part, text=text, speaker=speaker)


def _ready(part: Part, choices: Choices, found: Headings) -> Ready:
    prompt, left = choices.prompt, False
    if part.heading is not None:
        chosen = choices.under.get(part.heading, "")
        prompt = _under(chosen, found.found[part.heading].prompt or choices.prompt)
        left = chosen == LEAVE
    problem = ""
    if len(part.text) > LONGEST:
        problem = _("has a text of %(length)s characters; the most is %(most)s", **_lengths(part.text))
    return Ready(part.line, part.text, part.speaker, prompt, left=left, problem=problem)


def _under(chosen: str, otherwise: int | None) -> int | None:
    if chosen == NO_PROMPT:
        return None
    return int(chosen) if chosen.isdigit() else otherwise


def _lengths(text: str) -> dict[str, str]:
    return {"length": f"{len(text):,}", "most": f"{LONGEST:,}"}


def _repeats(session: Session, study: Study, texts: list[str]) -> tuple[bool, list[Repeat]]:
    """Which repeat others, and whether near ones were looked for."""
    there = session.scalars(
        select(Comment.text)
        .where(Comment.study_id == study.id)
        .order_by(Comment.id)
        .execution_options(yield_per=2000)
    )
    known = [text for text in there if len(text) <= LONGEST]
    near = len(known) + len(texts) <= MOST_COMPARED
    return near, repeats(texts, known, near=near)


def whose(session: Session, study: Study, chosen: str, timezone: str) -> Whose | None:
    """The session or audience that was chosen; None for none, `NotFound` for one of another study."""
    kind, _dash, number = chosen.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    if kind == "session":
        return _of_session(session, study, int(number), timezone)
    if all(audience.id != int(number) for audience in study.audiences):
        raise NotFound
    return Whose(int(number))


def _of_session(session: Session, study: Study, session_id: int, timezone: str) -> Whose:
    meeting = session.get(GroupSession, session_id)
    if meeting is None or meeting.study_id != study.id:
        raise NotFound
    roles = {
        " ".join(entry.role.split()).casefold(): entry.role for entry in meeting.roster if entry.role.strip()
    }
    day = meeting.starts_at.astimezone(ZoneInfo(timezone)).date() if meeting.starts_at else None
    return Whose(meeting.audience_id, meeting.id, day, roles)


def sessions_of(session: Session, study: Study) -> list[GroupSession]:
    """The sessions of a study, the newest first."""
    query = select(GroupSession).where(GroupSession.study_id == study.id)
    return list(
        session.scalars(query.order_by(GroupSession.starts_at.desc().nulls_last(), GroupSession.id.desc()))
    )


def modes() -> dict[Mode, str]:
    """The ways to split, in words."""
    words = (_("Each line"), _("Each item of a list"), _("Each paragraph"), _("Each sentence"))
    return dict(zip(MODES, words, strict=True))
