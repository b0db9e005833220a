"""The board: themes and placements as they stand, from what the machine found and what people decided.

`build` is one pure function of both, and neither ever changes: undoing is a decision too, and the board after
it is the board without the decision it names. Counts start from the machine's counts per theme and audience;
single comments matter only where they are in several themes or were moved, so that the cost of a board does
not grow with all comments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, zip_longest
from typing import Any, Literal

from analysis.breadth import Breadth, breadth

Kind = Literal["accept", "reject", "reopen", "rename", "merge", "move", "undo"]
State = Literal["accepted", "new", "rejected"]

STATE_AFTER: dict[str, State] = {"accept": "accepted", "reject": "rejected", "reopen": "new"}
ORDER: dict[State, int] = {"accepted": 0, "new": 1, "rejected": 2}
MOST_KEYWORDS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A theme as the machine found it. `by_audience` counts comments per audience key ("" for none)."""

    id: int
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
    no theme; `late` comments came after the run. `placed` names at least each comment in several themes and
    each that a decision moves.
    """

    run: int
    candidates: tuple[Found, ...]
    totals: Mapping[str, int]
    comments: int
    unplaced: int
    late: int = 0
    placed: Mapping[str, Placed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a person wants done."""

    kind: Kind
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision(Change):
    """A change that was made: its number within the study, by whom and when."""

    number: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BoardTheme:
    """A theme as it stands. `parts` are the candidates it is made of, itself first."""

    id: int
    name: str
    state: State
    parts: tuple[int, ...]
    size: int
    by_audience: Mapping[str, int]
    breadth: Breadth
    keywords: tuple[str, ...]
    quotes: tuple[str, ...]
    stability: float | None

    @property
    def only_one_audience(self) -> bool:
        """Whether a single audience raised it, where there are several."""
        return self.breadth.k == 1 and self.breadth.of > 1


@dataclass(frozen=True, slots=True)
class Board:
    """Themes and placements as they stand.

    `home` says in which theme each candidate is now; `moved`, where the comments are that people moved;
    `decisions` counts those in force.
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
    home: Mapping[int, int]
    moved: Mapping[str, frozenset[int]]

    @property
    def live(self) -> tuple[BoardTheme, ...]:
        """Accepted and suggested themes: all but the rejected ones."""
        return tuple(theme for theme in self.themes if theme.state != "rejected")

    @property
    def shared(self) -> tuple[BoardTheme, ...]:
        """Live themes, but for those that a single audience raised."""
        return tuple(theme for theme in self.live if not theme.only_one_audience)

    @property
    def only_one_audience(self) -> tuple[BoardTheme, ...]:
        """Live themes that a single audience raised."""
        return tuple(theme for theme in self.live if theme.only_one_audience)

    @property
    def rejected(self) -> tuple[BoardTheme, ...]:
        return tuple(theme for theme in self.themes if theme.state == "rejected")

    @property
    def share_unplaced(self) -> float:
        """Share of all comments, 0 to 1, that are in no live theme."""
        return self.unplaced / self.comments if self.comments else 0.0

    def find(self, theme: int | None) -> BoardTheme | None:
        """The theme of that id; None when there is none, or none any more."""
        return next((found for found in self.themes if found.id == theme), None)

    def themes_of(self, comment: str, candidates: Iterable[int]) -> tuple[BoardTheme, ...]:
        """The themes of a comment that the machine put into `candidates`, in the order of the board."""
        ids = self.moved.get(comment)
        if ids is None:
            ids = frozenset(self.home[candidate] for candidate in candidates)
        return tuple(theme for theme in self.themes if theme.id in ids)


def build(found: Discovery, decisions: Sequence[Decision], revision: int = 0) -> Board:
    """Compute the board from what was found and all decisions about it, oldest first."""
    standing = in_force(decisions)
    state = _Replay(found)
    for decision in standing:
        state.apply(decision)
    totals = state.totals()
    themes = [_theme(state, group, counts, totals) for group, counts in state.counts().items()]
    themes.sort(key=lambda theme: (ORDER[theme.state], -theme.size, theme.id))
    return Board(
        run=found.run,
        themes=tuple(themes),
        comments=found.comments + found.late,
        unplaced=state.unplaced(),
        totals=totals,
        late=found.late,
        revision=max([revision, *(decision.number for decision in decisions)]),
        decisions=len(standing),
        last_edit=standing[-1] if standing else None,
        home=state.home,
        moved={comment: frozenset(state.themes_of(comment)) for comment in state.moved},
    )


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that were not undone, without the undoings themselves."""
    decisions = list(decisions)
    undone = {decision.details["edit"] for decision in decisions if decision.kind == "undo"}
    return [d for d in decisions if d.kind != "undo" and d.number not in undone]


def comments_named(changes: Iterable[Change]) -> set[str]:
    """The comments that changes move: `Discovery.placed` must know them."""
    return {change.details["comment"] for change in changes if change.kind == "move"}


class _Replay:
    """Decisions applied one after the other."""

    def __init__(self, found: Discovery) -> None:
        self.found = found
        self.home = {candidate.id: candidate.id for candidate in found.candidates}
        self.names = {candidate.id: candidate.label for candidate in found.candidates}
        self.states: dict[int, State] = dict.fromkeys(self.home, "new")
        self.moved: dict[str, set[int]] = {}

    def apply(self, decision: Decision) -> None:
        details = decision.details
        if decision.kind == "rename":
            self.names[details["theme"]] = details["name"]
        elif decision.kind == "merge":
            self._merge(details["into"], details["from"])
        elif decision.kind == "move":
            self._move(details["comment"], details["from"], details["to"])
        else:
            self.states[details["theme"]] = STATE_AFTER[decision.kind]

    def _merge(self, into: int, parts: list[int]) -> None:
        for candidate, theme in self.home.items():
            if theme in parts:
                self.home[candidate] = into

    def _move(self, comment: str, source: int | None, target: int | None) -> None:
        if comment not in self.found.placed:
            return  # the comment was taken back, with the file it came in
        # Ids of candidates are kept, not of themes: a later merge then takes the comment along.
        candidates = self.moved.get(comment, self.found.placed[comment].candidates)
        kept = {candidate for candidate in candidates if self.home[candidate] != source}
        self.moved[comment] = kept if target is None else kept | {target}

    def themes_of(self, comment: str) -> set[int]:
        candidates = self.moved.get(comment, self.found.placed[comment].candidates)
        return {self.home[candidate] for candidate in candidates}

    def counts(self) -> dict[int, Counter[str]]:
        """Comments per theme and audience: the machine's, corrected where single comments are known."""
        counts: dict[int, Counter[str]] = {theme: Counter() for theme in self.home.values()}
        for candidate in self.found.candidates:
            counts[self.home[candidate.id]].update(candidate.by_audience)
        for comment, placed in self.found.placed.items():
            for id in placed.candidates:
                counts[self.home[id]][placed.audience] -= 1
            for theme in self.themes_of(comment):
                counts[theme][placed.audience] += 1
        return counts

    def totals(self) -> Counter[str]:
        """Comments per audience that were placed or could have been: late ones count once they are placed."""
        totals = Counter(self.found.totals)
        for comment, placed in self.found.placed.items():
            if placed.late and self.themes_of(comment):
                totals[placed.audience] += 1
        return totals

    def unplaced(self) -> int:
        """Comments in no live theme: the machine's number, corrected where single comments are known."""
        rejected = {theme for theme, state in self.states.items() if state == "rejected"}
        count = self.found.unplaced + self.found.late
        for candidate in self.found.candidates:
            if self.home[candidate.id] in rejected:
                count += sum(candidate.by_audience.values())
        for comment, placed in self.found.placed.items():
            counted = sum(self.home[id] in rejected for id in placed.candidates) if placed.candidates else 1
            count += (not self.themes_of(comment) - rejected) - counted
        return count


def _theme(state: _Replay, id: int, counts: Counter[str], totals: Mapping[str, int]) -> BoardTheme:
    parts = [candidate for candidate in state.found.candidates if state.home[candidate.id] == id]
    parts.sort(key=lambda part: (part.id != id, -sum(part.by_audience.values()), part.id))
    audiences = sorted(key for key in totals if key)
    return BoardTheme(
        id=id,
        name=state.names[id],
        state=state.states[id],
        parts=tuple(part.id for part in parts),
        size=counts.total(),
        by_audience=+counts,
        breadth=breadth(tuple(counts[key] for key in audiences), tuple(totals[key] for key in audiences)),
        keywords=tuple(_in_turn(part.keywords for part in parts))[:MOST_KEYWORDS],
        quotes=tuple(q for q in _in_turn(part.quotes for part in parts) if _stays(state, q, id)),
        # How often a theme comes back was measured for the machine's themes, not for merged ones.
        stability=parts[0].stability if len(parts) == 1 else None,
    )


def _in_turn(lists: Iterable[tuple[str, ...]]) -> list[str]:
    """The first of each list, then the second of each ..., each value once."""
    return list(dict.fromkeys(value for value in chain(*zip_longest(*lists)) if value is not None))


def _stays(state: _Replay, comment: str, theme: int) -> bool:
    return comment not in state.moved or theme in state.themes_of(comment)
