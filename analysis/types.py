"""What goes in and what comes out: frozen dataclasses, and the errors that say why nothing can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from analysis.breadth import Breadth

Progress = Callable[[float, str], object]
"""Called between steps with the share done (0 to 1) and what comes next; raises `Cancelled` to stop."""

Reason = Literal["too short", "no content words", "equally far from all"]
"""Why a comment is in no theme."""


class Cancelled(Exception):
    """Raised by a progress callback to stop a discovery; nothing is left behind."""


class NothingToGroup(ValueError):
    """The comments have nothing to be grouped by; the message says why, in one sentence."""


class TooFew(NothingToGroup):
    """There are fewer usable comments than `Options.minimum`."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One piece of free text to be themed."""

    id: str
    """Name of the comment. Need not be unique: every comment is placed, whatever its id."""
    text: str
    """The words, as they were written. May be empty."""
    audience: str | None = None
    """The group it came from; None when unknown, which leaves it out of breadth."""
    prompt: str | None = None
    """What was asked, such as "improvement"."""
    language: str | None = None
    """Language tag such as "en" or "pt-BR"; None to have it guessed."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to look for themes. Ranges are checked when the options are made."""

    themes: int | None = None
    """Number of themes, 1 or more; None to choose it. Fewer come back when the comments hold fewer."""
    seed: int = 0
    """Start of every random choice, 0 to 4,294,967,295. The same seed gives the same result."""
    minimum: int = 20
    """Fewest usable comments to work with, 2 or more."""
    most_themes: int = 30
    """Largest number of themes to consider when `themes` is None, 2 or more."""
    sample: int = 20_000
    """Beyond this many different comments, 1,000 or more, themes are found in a sample and the rest
    assigned."""
    resamples: int = 5
    """Resamples for `Theme.stability`, 0 or more; 0 leaves it None."""
    keywords: int = 8
    """Most keywords per theme, 1 or more."""
    quotes: int = 5
    """Most typical comments per theme, 1 or more."""

    def __post_init__(self) -> None:
        """Refuse values out of range, with a sentence that says what to give."""
        least = {
            "seed": 0,
            "minimum": 2,
            "most_themes": 2,
            "sample": 1000,
            "resamples": 0,
            "keywords": 1,
            "quotes": 1,
        }
        if self.themes is not None:
            least["themes"] = 1
        for name, lowest in least.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < lowest:
                raise ValueError(f"{name} must be a whole number of {lowest} or more, not {value!r}.")
        if self.seed >= 2**32:
            raise ValueError(f"seed must be below 4,294,967,296, not {self.seed}.")


class Placement(NamedTuple):
    """A comment belongs to a theme."""

    theme: int
    """`Theme.id`."""
    weight: float
    """How well it fits: cosine similarity to the middle of the theme, 0 to 1, to four decimals."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A candidate theme as found."""

    id: int
    """1 for the largest theme, and so on down."""
    label: str
    """One to three phrases in the words people used, separated by "; "; no two themes share a label."""
    keywords: tuple[str, ...]
    """Words more frequent here than elsewhere, best first."""
    size: int
    """Comments placed in the theme, first and second placements alike."""
    breadth: Breadth
    """In how many audiences it occurs."""
    stability: float | None
    """Mean matched Jaccard similarity over resamples, 0 to 1; None when it was not measured."""
    quotes: tuple[str, ...]
    """Ids of typical comments, most typical first, spread over audiences."""
    by_audience: Mapping[str, int]
    """Comments of the theme per audience, for every audience of the study, by name."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a discovery found. The same input, options and versions give an equal result."""

    themes: tuple[Theme, ...]
    """Candidate themes, largest first."""
    placements: tuple[tuple[Placement, ...], ...]
    """For each comment, in input order: its theme, sometimes a second one, or () when it fits nowhere."""
    reasons: tuple[Reason | None, ...]
    """For each comment, in input order: why it fits nowhere, or None when it is placed."""
    manifest: Mapping[str, Any]
    """Input hash, options, versions: all that the result depends on."""

    @property
    def unplaced(self) -> tuple[int, ...]:
        """Positions of the comments in no theme, in input order."""
        return tuple(position for position, found in enumerate(self.placements) if not found)
