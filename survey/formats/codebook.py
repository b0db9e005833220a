"""Codebooks as plain data: what codes there are, what they mean, and which stands under which.

A codebook is exchanged as a spreadsheet (`codebook_csv`), as a REFI-QDA codebook (`qdc`) and as part of a
REFI-QDA project (`qdpx`). All readers give a `Report`: what was taken, and what was changed or left out.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from survey.formats.rows import TableError

MAX_ENTRIES = 1_000
MAX_NAME = 200
MAX_TEXT = 5_000
TEXT_FIELDS = ("definition", "include", "exclude", "example")


class CodebookError(TableError):
    """The file as a whole is no codebook that can be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code (on a board: a theme). `parent` is the name of a code at the top of the same codebook."""

    name: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    parent: str | None = None
    guid: str | None = None
    number: int | None = None
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codes in their order: each code at the top, then the codes under it."""

    title: str
    entries: tuple[CodeEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class CodebookProblem:
    """Something in a file that was changed or left out: the reason reads on from `where` ("Line 5 ...")."""

    where: str
    reason: str
    kind: Literal["changed", "left out"] = "changed"

    def __str__(self) -> str:
        return f"{self.where} {self.reason}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was taken from a file, and everything that was not taken as it stood there."""

    codebook: Codebook
    problems: tuple[CodebookProblem, ...] = ()

    @property
    def taken(self) -> int:
        """Return how many codes were taken."""
        return len(self.codebook.entries)

    @property
    def changed(self) -> tuple[CodebookProblem, ...]:
        """Return what was taken in another form."""
        return tuple(problem for problem in self.problems if problem.kind == "changed")

    @property
    def left_out(self) -> tuple[CodebookProblem, ...]:
        """Return what was not taken."""
        return tuple(problem for problem in self.problems if problem.kind == "left out")


def name_key(name: str) -> str:
    """Return what two names have in common that people would take for the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def tree(codebook: Codebook) -> list[tuple[int, list[int]]]:
    """Return the place of each code at the top, with the places of those under it.

    A code whose parent is not at the top of the codebook (or is itself) stands at the top, so that each code
    comes exactly once.
    """
    tops: dict[str, int] = {}
    for place, entry in enumerate(codebook.entries):
        if entry.parent is None:
            tops.setdefault(name_key(entry.name), place)
    under: dict[int, list[int]] = {}
    for place, entry in enumerate(codebook.entries):
        top = None if entry.parent is None else tops.get(name_key(entry.parent))
        if top is None:
            under.setdefault(place, [])
        else:
            under.setdefault(top, []).append(place)
    return sorted(under.items())


def title_from(name: str) -> str:
    """Return a title for a codebook that has none: the name of its file without folder and ending."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return base.rpartition(".")[0] or base
