"""A coded project as plain data: what `qdpx` writes."""

import datetime as dt
from dataclasses import dataclass

from survey.formats.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who coded or wrote a note; `id` is what comments and notes name them by."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CodedComment:
    """One comment with its codes, each by its name or, where names could be mistaken, by its number.

    `coded_by` is the id of a person; None means that the program placed the comment and nobody changed it.
    """

    id: str
    text: str
    codes: tuple[str | int, ...] = ()
    audience: str | None = None
    prompt: str | None = None
    channel: str | None = None
    language: str | None = None
    day: dt.date | None = None
    coded_by: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectNote:
    """A note on a comment (by its id), on a code (by name or number), or on the whole project."""

    id: str
    text: str
    by: str | None = None
    at: dt.datetime | None = None
    comment: str | None = None
    code: str | int | None = None


@dataclass(frozen=True, slots=True)
class CodedProject:
    """Comments, codebook and who coded. `made_at` and the times of notes must know their time zone."""

    title: str
    codebook: Codebook
    people: tuple[Person, ...] = ()
    comments: tuple[CodedComment, ...] = ()
    notes: tuple[ProjectNote, ...] = ()
    made_at: dt.datetime | None = None
