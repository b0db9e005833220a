"""A board in the making: decisions applied one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from survey.board.types import Axis, Confirmed, Decision, Note, QuoteState, ThemeState


@dataclass(slots=True)
class Record:
    """What decisions made of one theme. `touched` themes stay, whatever a later run finds."""

    name: str
    state: ThemeState = "new"
    parent: int | None = None
    entry: dict[str, str] = field(default_factory=dict)
    office: int | None = None
    decided: Decision | None = None
    touched: bool = False
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class State:
    """Themes by number and what people said of comments."""

    themes: dict[int, Record] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    run: int | None = None
    earlier: frozenset[int] = frozenset()
    """The themes that there were before the run came."""
    candidates: dict[int, int] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    placed: dict[str, frozenset[int]] = field(default_factory=dict)
    off_topic: set[str] = field(default_factory=set)
    axes: dict[int, Axis] = field(default_factory=dict)
    codes: dict[int, dict[str, int]] = field(default_factory=dict)
    quotes: dict[str, QuoteState] = field(default_factory=dict)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    confirmed: list[Confirmed] = field(default_factory=list)

    def root(self, number: int) -> int:
        """The theme that a theme has become by merging."""
        while number in self.merged:
            number = self.merged[number]
        return number

    def touch(self, number: int) -> Record:
        """The record of a theme that somebody decides about: it is kept from now on."""
        record = self.themes[self.root(number)]
        record.touched = True
        return record

    def add(self, number: int, name: str) -> Record:
        """A theme that a person makes."""
        record = self.themes[number] = Record(name, touched=True)
        return record

    def place(self, comment: str, themes: Iterable[int]) -> None:
        """A person says where a comment belongs."""
        self.placed[comment] = frozenset(themes)
        self.off_topic.discard(comment)

    def leave_behind(self) -> None:
        """Keep nothing that was decided on the board so far, but for the numbers of themes."""
        for record in self.themes.values():
            record.touched = False
        self.placed.clear()
        self.off_topic.clear()
        self.order.clear()

    def is_live(self, number: int) -> bool:
        """Whether a theme is accepted or suggested."""
        return self.themes[number].state in ("accepted", "new")

    def parent(self, number: int) -> int | None:
        """The theme that a theme counts to: both must be live, and there is one level.

        Undoing in another order than deciding can leave a sub-theme under a sub-theme, or under a theme that
        was rejected: it then counts to the top one, or stands alone.
        """
        found, way, above = None, [number], self.themes[number].parent
        while above is not None and (root := self.root(above)) not in way and self.is_live(way[-1]):
            if not self.is_live(root):
                break
            found, above = root, self.themes[root].parent
            way.append(root)
        return found

    def on_board(self) -> list[int]:
        """The numbers of all themes that there are now."""
        supported = {self.root(number) for number in self.candidates.values()}
        return [
            number
            for number, record in self.themes.items()
            if number not in self.merged and (record.touched or number in supported)
        ]
