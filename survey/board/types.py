"""What a board is computed from, and what it is: plain values, no database and no web."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from analysis.breadth import Breadth

UNKNOWN = datetime(1, 1, 1, tzinfo=UTC)
ThemeState = Literal["accepted", "new", "parked", "rejected"]
QuoteMark = Literal["cleared", "refused", "open"]

ORDER: dict[ThemeState, int] = {"accepted": 0, "new": 1, "parked": 2, "rejected": 3}
ENTRY = ("definition", "include", "exclude", "example")
"""What a codebook says of a theme."""


@dataclass(frozen=True, slots=True)
class Found:
    """A theme as the machine found it. `by_audience` counts comments per audience key ("" for none)."""

    id: int
    number: int
    label: str
    by_audience: Mapping[str, int]
    keywords: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    stability: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the machine put one comment; `late` marks one that came after the run, which put it nowhere."""

    audience: str
    candidates: frozenset[int] = frozenset()
    late: bool = False


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the machine found.

    The `comments` of a run (`run` is its id) are counted per audience in `totals`; `unplaced` of them are in
    no theme; `late` comments came after the run. `placed` names at least each comment that people placed or
    took off the topic; `together` counts the others that are in several themes, by audience and candidates.
    """

    run: int
    candidates: tuple[Found, ...]
    totals: Mapping[str, int]
    comments: int
    unplaced: int
    late: int = 0
    placed: Mapping[str, Placed] = field(default_factory=dict)
    together: Mapping[tuple[str, frozenset[int]], int] = field(default_factory=dict)


Comments = tuple[tuple[str, tuple[int, ...] | None], ...]
"""Comments that a change decides about, each with its themes after that, or None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a person wants done. `details` are JSON and name no comment; `comments` do."""

    kind: str
    details: Mapping[str, Any]
    comments: Comments = ()


@dataclass(frozen=True, slots=True)
class Decision(Change):
    """A change that was made: its number within the study, by whom, when, and on which run (its id)."""

    number: int = 0
    by: str = ""
    at: datetime = UNKNOWN
    run: int = 0

    @classmethod
    def of(cls, change: Change, number: int, by: str, at: datetime, run: int = 0) -> Decision:
        return cls(change.kind, change.details, change.comments, number, by, at, run)


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote beside a theme or a comment; `edit` is the number of that decision."""

    edit: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Axis:
    """A second way of coding, such as scope: its codes by number, in order."""

    id: int
    name: str
    codes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class QuoteState:
    """Whether a comment may be quoted outside: `spans` of it, in characters, are blacked out."""

    mark: QuoteMark
    spans: tuple[tuple[int, int], ...] = ()
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person confirmed about themes of an earlier run or study."""

    against: str
    change: str
    old: tuple[str, ...]
    new: tuple[int, ...]
    edit: int
    by: str


@dataclass(frozen=True, slots=True)
class BoardTheme:
    """A theme as it stands. `id` is its number within the study.

    `members` are itself and its sub-themes; `parts` the candidates they are made of, its own first. Sizes,
    breadth and quotes are those of all members. `decided` is the last decision about its state. `lost` marks
    a theme that the run of the board does not support.
    """

    id: int
    name: str
    state: ThemeState
    parts: tuple[int, ...]
    size: int
    by_audience: Mapping[str, int]
    breadth: Breadth
    keywords: tuple[str, ...]
    quotes: tuple[str, ...]
    stability: float | None
    members: tuple[int, ...] = ()
    parent: int | None = None
    children: tuple[int, ...] = ()
    entry: Mapping[str, str] = field(default_factory=dict)
    office: int | None = None
    decided: Decision | None = None
    lost: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def is_live(self) -> bool:
        """Accepted or suggested: neither rejected nor parked."""
        return self.state in ("accepted", "new")

    @property
    def is_open(self) -> bool:
        """Whether comments can be put there: it is not rejected."""
        return self.state != "rejected"

    @property
    def only_one_audience(self) -> bool:
        """Whether a single audience raised it, where there are several."""
        return self.breadth.k == 1 and self.breadth.of > 1


@dataclass(frozen=True, slots=True)
class Board:
    """Themes and placements as they stand.

    `home` says in which theme each candidate is now; `merged`, where the theme of every number went; `moved`,
    in which themes the comments are that people placed; `decisions` counts those in force, without the coming
    of the first run. `redoable` is the undone decision that can be done again; `log` holds all decisions,
    oldest first, and `next_number` is for the next new theme.
    """

    run: int
    themes: tuple[BoardTheme, ...]
    comments: int
    unplaced: int
    totals: Mapping[str, int]
    late: int
    revision: int
    decisions: int
    last_edit: Decision | None
    redoable: Decision | None
    home: Mapping[int, int]
    merged: Mapping[int, int]
    moved: Mapping[str, frozenset[int]]
    off_topic: frozenset[str] = frozenset()
    axes: tuple[Axis, ...] = ()
    codes: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    quote_states: Mapping[str, QuoteState] = field(default_factory=dict)
    comment_notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    confirmed: tuple[Confirmed, ...] = ()
    next_number: int = 1
    log: tuple[Decision, ...] = ()

    @property
    def live(self) -> tuple[BoardTheme, ...]:
        """Accepted and suggested themes, sub-themes too."""
        return tuple(theme for theme in self.themes if theme.is_live)

    @property
    def top(self) -> tuple[BoardTheme, ...]:
        """Live themes but for sub-themes."""
        return tuple(theme for theme in self.live if theme.parent is None)

    @property
    def open(self) -> tuple[BoardTheme, ...]:
        """Themes that comments can be put into."""
        return tuple(theme for theme in self.themes if theme.is_open)

    @property
    def shared(self) -> tuple[BoardTheme, ...]:
        """Top themes, but for those that a single audience raised."""
        return tuple(theme for theme in self.top if not theme.only_one_audience)

    @property
    def only_one_audience(self) -> tuple[BoardTheme, ...]:
        """Top themes that a single audience raised."""
        return tuple(theme for theme in self.top if theme.only_one_audience)

    @property
    def parked(self) -> tuple[BoardTheme, ...]:
        return tuple(theme for theme in self.themes if theme.state == "parked")

    @property
    def rejected(self) -> tuple[BoardTheme, ...]:
        return tuple(theme for theme in self.themes if theme.state == "rejected")

    @property
    def share_unplaced(self) -> float:
        """Share of the comments on the topic, 0 to 1, that are in no live theme."""
        on_topic = self.comments - len(self.off_topic)
        return self.unplaced / on_topic if on_topic else 0.0

    def find(self, theme: int | None) -> BoardTheme | None:
        """The theme of that number; None when there is none, or none any more."""
        return next((found for found in self.themes if found.id == theme), None)

    def axis(self, number: int | None) -> Axis | None:
        """The axis of that number, if there is one."""
        return next((axis for axis in self.axes if axis.id == number), None)

    def themes_of(self, comment: str, candidates: Iterable[int]) -> tuple[BoardTheme, ...]:
        """The themes of a comment that the machine put into `candidates`, in the order of the board."""
        ids = self.numbers_of(comment, candidates)
        return tuple(theme for theme in self.themes if theme.id in ids)

    def numbers_of(self, comment: str, candidates: Iterable[int]) -> frozenset[int]:
        """The numbers of those themes."""
        if comment in self.off_topic:
            return frozenset()
        ids = self.moved.get(comment)
        if ids is None:
            ids = frozenset(self.home[candidate] for candidate in candidates if candidate in self.home)
        return ids
