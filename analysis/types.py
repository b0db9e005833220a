"""What goes in and what comes out: frozen dataclasses, and the errors that say why nothing can."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from analysis.breadth import Breadth
from analysis.decisions import Decisions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[float, str], object]
"""Called between steps with the share done (0 to 1) and what comes next; raises `Cancelled` to stop."""

Map = Callable[..., Any]
"""Like the built-in `map`: applies a function to each item and gives the results in order. `analysis.lend`
has one for a Dask cluster."""

Reason = Literal["too short", "no content words", "equally far from all", "set apart by people"]
"""Why a comment is in no theme."""

Granularity = Literal["few", "balanced", "many"]
"""How finely to divide when the number of themes is chosen."""

GRANULARITIES: tuple[Granularity, ...] = ("few", "balanced", "many")


class Cancelled(Exception):
    """Raised by a progress callback to stop a discovery; nothing is left behind."""


class NothingToGroup(ValueError):
    """The comments have nothing to be grouped by; the message says why, in one sentence."""


class TooFew(NothingToGroup):
    """There are fewer usable comments than `Options.minimum`."""


class Vectors(Protocol):
    """A back end of sentence vectors."""

    @property
    def name(self) -> str:
        """What the manifest calls it."""
        ...

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row per text, shape (n, d); any scale, finite numbers."""
        ...


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
class Earlier:
    """An earlier run, from which the next one starts: its themes are kept where the comments still bear
    them."""

    placements: Mapping[str, tuple[int, ...]]
    """Per comment id the numbers of its themes, best first; () for none."""
    labels: Mapping[int, str] = field(default_factory=dict)
    """Per theme number its label; the next run uses the same words."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to look for themes. Ranges are checked when the options are made."""

    themes: int | None = None
    """Number of themes, 1 or more; None to choose it. Fewer come back when the comments hold fewer."""
    granularity: Granularity = "balanced"
    """How finely to divide when the number is chosen."""
    seed: int = 0
    """Start of every random choice, 0 to 4,294,967,295. The same seed gives the same result."""
    decisions: Decisions = field(default_factory=Decisions)
    """What people decided: all of it is kept, and the rest is placed by what it teaches."""
    earlier: Earlier | None = None
    """The run before this one; None to start afresh."""
    vectors: str | Vectors = "table"
    """Word vectors: "table" (ours), "none" (only what the comments themselves teach), a folder with a model
    of sentence-transformers, model2vec or ONNX, or any object with a method `vectors`."""
    duplicates: Literal["all", "once"] = "all"
    """Whether copies of a text count each, or all together once, in sizes, breadth and the order of themes.
    Both sizes are always given."""
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
        if self.granularity not in GRANULARITIES:
            raise ValueError(f'granularity must be "few", "balanced" or "many", not {self.granularity!r}.')
        if self.duplicates not in ("all", "once"):
            raise ValueError(f'duplicates must be "all" or "once", not {self.duplicates!r}.')


class Placement(NamedTuple):
    """A comment belongs to a theme."""

    theme: int
    """`Theme.id`."""
    weight: float
    """How well it fits, 0 to 1, to four decimals; 1 where a person decided."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A candidate theme as found."""

    id: int
    """1 for the largest theme, and so on down."""
    label: str
    """The name that people gave it, or one to three phrases in the words people used, separated by "; "; no
    two themes share a label."""
    keywords: tuple[str, ...]
    """Words more frequent here than elsewhere, best first."""
    size: int
    """Comments placed in the theme, first and second placements alike."""
    size_once: int
    """The same with exact and near copies of a text counted once."""
    breadth: Breadth
    """In how many audiences it occurs."""
    stability: float | None
    """Mean matched Jaccard similarity over resamples, 0 to 1; None when it was not measured."""
    quotes: tuple[str, ...]
    """Ids of typical comments, most typical first, spread over audiences. The first one represents the
    theme."""
    by_audience: Mapping[str, int]
    """Comments of the theme per audience, for every audience of the study, by name."""
    named: bool = False
    """People named it."""
    earlier: int | None = None
    """Number of the theme of the earlier run that it goes on from."""

    @property
    def badge(self) -> Literal["stable", "watch", "fragile"] | None:
        """What to say about `stability`: "stable" from 0.75, "watch" from 0.6, else "fragile"; None when it
        was not measured. Hennig (2007) trusts clusters from 0.75, and not below
        0.6."""
        if self.stability is None:
            return None
        return "stable" if self.stability >= 0.75 else "watch" if self.stability >= 0.6 else "fragile"


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

    @property
    def placed_share(self) -> float:
        """Share of the comments that are in a theme, 0 to 1."""
        return 1 - len(self.unplaced) / max(1, len(self.placements))

    @property
    def of_one_audience(self) -> tuple[Theme, ...]:
        """Themes that one audience alone raised, or hardly another (`Breadth.only`): to be listed apart."""
        return tuple(theme for theme in self.themes if theme.breadth.only is not None)
