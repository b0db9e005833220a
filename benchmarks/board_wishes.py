"""Anything that a planner may want of a board, sensible or not, drawn at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from survey import changes
from survey.board import ENTRY, Board, Change

NAMES = tuple(f"{word} {number}" for word in ("Roads", "roads", "Parks", "Niñez") for number in range(4))
CONFIRMED = ("continued", "renamed", "merged", "split", "dropped", "new", "open")


@dataclass(frozen=True)
class Wisher:
    """Somebody who looks at a board over some comments; `luck` chooses what is wanted."""

    luck: random.Random
    board: Board
    comments: Sequence[str]

    def wish(self) -> Change:
        """Anything but a run."""
        return self.luck.choice(WISHES)(self)

    def theme(self) -> int:
        """A theme of the board; now and then one that is not there."""
        if self.luck.random() < 0.03:
            return self.luck.choice((0, -1, self.luck.randint(1, 30), 2**40))
        return self.luck.choice([theme.id for theme in self.board.themes] or [1])

    def perhaps(self) -> int | None:
        """A theme or none."""
        return self.theme() if self.luck.random() < 0.7 else None

    def some(self, most: int = 4) -> list[str]:
        """Some comments."""
        return self.luck.choices(self.comments, k=self.luck.randint(1, most))

    def one(self) -> str:
        return self.luck.choice(self.comments)

    def name(self) -> str:
        return self.luck.choice(NAMES)

    def edit(self) -> int:
        """The number of a decision, mostly one of the last."""
        last = self.board.revision
        return (
            max(0, last - self.luck.randint(0, 3))
            if self.luck.random() < 0.6
            else self.luck.randint(0, last + 1)
        )


def _merge(who: Wisher) -> Change:
    return changes.merge(who.theme(), [who.theme() for _ in range(who.luck.randint(1, 2))])


def _split(who: Wisher) -> Change:
    theme = who.theme()
    inside = [c for c, themes in who.board.moved.items() if theme in themes] or who.some(6)
    parts = [(who.name(), who.luck.sample(inside, who.luck.randint(0, len(inside)))) for _ in range(2)]
    return changes.split(theme, parts)


def _order(who: Wisher) -> Change:
    numbers = [theme.id for theme in who.board.themes]
    who.luck.shuffle(numbers)
    return changes.order(who.theme(), numbers)


def _describe(who: Wisher) -> Change:
    parts = who.luck.sample(ENTRY, who.luck.randint(0, 3))
    name = who.name() if who.luck.random() < 0.4 else None
    return changes.describe(who.theme(), {part: who.luck.choice(("", "One", "Two")) for part in parts}, name)


def _create(who: Wisher) -> Change:
    source = who.perhaps() if who.luck.random() < 0.5 else None
    return changes.create(who.name(), who.some() if who.luck.random() < 0.8 else (), source)


def _assign(who: Wisher) -> Change:
    return changes.assign({c: {who.theme() for _ in range(who.luck.randint(0, 2))} for c in who.some()})


def _note(who: Wisher) -> Change:
    if who.luck.random() < 0.5:
        return changes.note(f"Note {who.luck.randint(1, 9)}", theme=who.theme())
    return changes.note(f"Note {who.luck.randint(1, 9)}", comment=who.one())


def _unnote(who: Wisher) -> Change:
    notes = [d.number for d in who.board.log if d.kind == "note"]
    return changes.unnote(who.luck.choice(notes) if notes else who.edit())


def _axis(who: Wisher) -> Change:
    codes = who.luck.sample(range(1, 5), who.luck.randint(1, 3))
    return changes.axis(who.luck.randint(1, 2), who.name(), [(code, f"Code {code}") for code in codes])


def _quote(who: Wisher) -> Change:
    spans = [(0, 4)] if who.luck.random() < 0.4 else []
    return changes.quote(
        who.one() if spans else who.some(), who.luck.choice(("cleared", "refused", "open")), spans
    )


def _confirm(who: Wisher) -> Change:
    return changes.confirm("run 1", who.luck.choice(CONFIRMED), [who.name()], [who.theme()])


WISHES: tuple[Callable[[Wisher], Change], ...] = (
    lambda who: changes.accept(who.theme()),
    lambda who: changes.reject(who.theme()),
    lambda who: changes.park(who.theme()),
    lambda who: changes.reopen(who.theme()),
    lambda who: changes.rename(who.theme(), who.name()),
    _describe,
    _order,
    lambda who: changes.nest(who.theme(), who.perhaps()),
    lambda who: changes.nest(who.theme(), who.theme()),
    lambda who: changes.office(who.theme(), who.luck.choice((None, 1, 2)), "Parks office"),
    _merge,
    _merge,
    _split,
    _split,
    _create,
    _create,
    lambda who: changes.move(who.some(), who.perhaps(), who.perhaps()),
    lambda who: changes.move(who.one(), who.perhaps(), who.perhaps()),
    _assign,
    lambda who: changes.pin(who.some()),
    lambda who: changes.release(who.some()),
    lambda who: changes.off_topic(who.some(2)),
    lambda who: changes.on_topic(who.some()),
    _note,
    _unnote,
    _axis,
    lambda who: changes.code(who.luck.randint(1, 2), who.luck.choice((None, 1, 2, 3, 4)), who.some(), "Code"),
    _quote,
    _confirm,
    lambda who: changes.undo(who.edit()),
    lambda who: changes.undo(who.edit()),
    lambda who: changes.undo(who.board.last_edit.number if who.board.last_edit else 0),
    lambda who: changes.redo(who.board.redoable.number if who.board.redoable else 0),
    lambda who: changes.redo(who.edit()),
)
