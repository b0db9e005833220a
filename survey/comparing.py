"""A comparison as people look at it: what is suggested, what was confirmed, what has changed since.

A suggestion is of the analysis and never changes; what people confirm are decisions on the board, which name
the earlier themes by name and ours by number. Both are brought together here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import gettext as _

from survey import changes
from survey.board import Board, BoardTheme, Change, Confirmed, Decision
from survey.board.rules import TURNS
from survey.errors import NotFound, Refusal

Kind = Literal["continued", "renamed", "merged", "split", "dropped", "new"]
KINDS: tuple[Kind, ...] = ("continued", "renamed", "merged", "split", "dropped", "new")
BOARD = "board"
SHAPES: dict[Kind, tuple[range, range]] = {
    "continued": (range(1, 2), range(1, 2)),
    "renamed": (range(1, 2), range(1, 2)),
    "merged": (range(2, 1000), range(1, 2)),
    "split": (range(1, 2), range(2, 1000)),
    "dropped": (range(1, 1000), range(1)),
    "new": (range(1), range(1, 1000)),
}
"""How many earlier themes and how many of now go with each kind."""
HARMLESS = frozenset(
    "confirm accept order note unnote quote axis code office".split()  # noqa: SIM905 (easier to read)
)
"""Kinds of decisions that leave the themes of a comparison, their names and their comments as they were."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it was when the sides were compared. `share` is that of the comments of its side, 0 to 1.

    `k` of `of` groups raised it, likely `low` to `high`; `quotes` are ids of comments.
    """

    id: int
    name: str
    size: int
    share: float
    k: int
    of: int
    low: int
    high: int
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side: "board", "run:2" or "study:it-2019"; `revision` is that of its board, if it is one."""

    key: str
    comments: int
    revision: int | None
    themes: tuple[Theme, ...]

    def find(self, ids: Iterable[int]) -> tuple[Theme, ...]:
        """The themes of those ids, in their order."""
        by_id = {theme.id: theme for theme in self.themes}
        return tuple(by_id[id] for id in ids)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the analysis takes for the fate of one theme, or of several together, with its reasons.

    `shared` comments are in both, `of_old` and `of_new` the parts of each that they make up, `likeness` that
    of the words, all 0 to 1. A dropped or new theme is set against the `nearest` one.
    """

    kind: Kind
    old: tuple[Theme, ...]
    new: tuple[Theme, ...]
    nearest: Theme | None
    shared: int
    of_old: float
    of_new: float
    likeness: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Comments, or words, that an earlier theme and one of now share; `astray` when no suggestion says so."""

    old: int
    new: int
    shared: int
    of_old: float
    of_new: float
    likeness: float
    astray: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides compared, by "comments" or by "words"; `shared` comments are on both."""

    old: Side
    new: Side
    basis: str
    shared: int
    suggestions: tuple[Suggestion, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A suggestion, what was confirmed about its themes, and which of them are gone since.

    It is `settled` when people have said of each of its themes what became of it.
    """

    place: int
    suggestion: Suggestion
    confirmed: tuple[Confirmed, ...]
    settled: bool
    as_suggested: bool
    gone: tuple[tuple[Theme, BoardTheme | None], ...]


def read(document: Mapping[str, Any]) -> Comparison:
    """A comparison from what its job stored."""
    old, new = _side(document["old"]), _side(document["new"])
    suggestions = tuple(_suggestion(change, old, new) for change in document["changes"])
    flows = tuple(Flow(**flow) for flow in document["flows"])
    return Comparison(old, new, document["basis"], document["shared"], suggestions, flows)


def _side(document: Mapping[str, Any]) -> Side:
    themes = (Theme(**theme | {"quotes": tuple(theme["quotes"])}) for theme in document["themes"])
    return Side(document["key"], document["comments"], document["revision"], tuple(themes))


def _suggestion(change: Mapping[str, Any], old: Side, new: Side) -> Suggestion:
    nearest, across = change["nearest"], new if change["old"] else old
    return Suggestion(
        change["kind"],
        old.find(change["old"]),
        new.find(change["new"]),
        None if nearest is None else across.find([nearest])[0],
        change["shared"],
        change["of_old"],
        change["of_new"],
        change["likeness"],
        tuple(change["words"]),
    )


def standings(comparison: Comparison, board: Board) -> list[Standing]:
    """Each suggestion as it stands on the board."""
    said = [c for c in board.confirmed if c.against == comparison.old.key]
    ours = comparison.new.key == BOARD
    return [
        _standing(place, suggestion, said if ours else [], board if ours else None)
        for place, suggestion in enumerate(comparison.suggestions)
    ]


def _standing(place: int, suggestion: Suggestion, said: Sequence[Confirmed], board: Board | None) -> Standing:
    about = tuple(c for c in said if _is_about(c, suggestion))
    names, numbers = _names(suggestion), {theme.id for theme in suggestion.new}
    settled = names <= {name for c in about for name in c.old}
    settled = settled and numbers <= {number for c in about for number in c.new}
    same = any((c.change, {*c.old}, {*c.new}) == (suggestion.kind, names, numbers) for c in about)
    return Standing(place, suggestion, about, settled, same, _gone(suggestion, board))


def _names(suggestion: Suggestion) -> set[str]:
    return {theme.name for theme in suggestion.old}


def _is_about(confirmed: Confirmed, suggestion: Suggestion) -> bool:
    numbers = {theme.id for theme in suggestion.new}
    return not (_names(suggestion).isdisjoint(confirmed.old) and numbers.isdisjoint(confirmed.new))


def _gone(suggestion: Suggestion, board: Board | None) -> tuple[tuple[Theme, BoardTheme | None], ...]:
    """The themes that were merged, rejected, parked or lost with their run since, and what they are now."""
    if board is None:
        return ()
    now = ((theme, board.find(board.merged.get(theme.id))) for theme in suggestion.new)
    return tuple((theme, found) for theme, found in now if not _is_there(theme, found))


def _is_there(theme: Theme, found: BoardTheme | None) -> bool:
    return found is not None and found.id == theme.id and found.is_live


def left_over(comparison: Comparison, board: Board) -> tuple[Confirmed, ...]:
    """What was confirmed about themes that the comparison does not know: they had other names then."""
    said = [c for c in board.confirmed if c.against == comparison.old.key]
    return tuple(c for c in said if not any(_is_about(c, s) for s in comparison.suggestions))


def altered(log: Sequence[Decision], revision: int | None) -> bool:
    """Whether decisions after a revision changed the themes of a board, their names or their comments."""
    if revision is None:
        return False
    by_number = {decision.number: decision for decision in log}
    since = (decision for decision in log if decision.number > revision)
    meant = (by_number[d.details["edit"]] if d.kind in TURNS else d for d in since)
    return any(decision.kind not in HARMLESS for decision in meant)


def confirmation(comparison: Comparison, kind: str, old: Collection[int], new: Collection[int]) -> Change:
    """The decision that says what became of themes, by their ids in the comparison.

    Raises `Refusal` where the numbers of themes do not go with the kind, `NotFound` for unknown ones.
    """
    if kind not in SHAPES or comparison.new.key != BOARD:
        raise NotFound
    known = {theme.id for theme in comparison.old.themes}, {theme.id for theme in comparison.new.themes}
    if not (known[0].issuperset(old) and known[1].issuperset(new)):
        raise NotFound
    befores, afters = SHAPES[kind]
    if len(set(old)) not in befores or len(set(new)) not in afters:
        raise Refusal(_rule(kind))
    names = [theme.name for theme in comparison.old.themes if theme.id in old]
    return changes.confirm(
        comparison.old.key, kind, names, [t.id for t in comparison.new.themes if t.id in new]
    )


def _rule(kind: Kind) -> str:
    rules = {
        "continued": _("A theme that continued is one earlier theme and one theme of now. Tick one of each."),
        "renamed": _("A theme that was renamed is one earlier theme and one theme of now. Tick one of each."),
        "merged": _("For merged, tick two or more earlier themes, and the one theme that they became."),
        "split": _("For split, tick one earlier theme, and two or more themes that it became."),
        "dropped": _("For dropped, tick one or more earlier themes, and none of now."),
        "new": _("For new, tick one or more themes of now, and no earlier theme."),
    }
    return str(rules[kind])


def taken_back(confirmed: Confirmed) -> Change:
    """The decision that takes a confirmation back."""
    return changes.confirm(confirmed.against, "open", confirmed.old, confirmed.new)
