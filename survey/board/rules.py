"""Which decisions are in force, and which can be undone or done again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

from survey.board import kinds
from survey.board.types import Change, Decision

TURNS = ("undo", "redo")


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that stand, in the order in which they were made: without undone ones, undo and redo."""
    decisions = list(decisions)
    undone = set(undone_in_order(decisions))
    return [d for d in decisions if d.kind not in TURNS and d.number not in undone]


def undone_in_order(decisions: Iterable[Decision]) -> list[int]:
    """The numbers of undone decisions, the one undone last at the end."""
    undone: list[int] = []
    for decision in decisions:
        if decision.kind == "undo":
            undone.append(decision.details["edit"])
        elif decision.kind == "redo":
            undone.remove(decision.details["edit"])
    return undone


def collide(one: Change, other: Change) -> bool:
    """Whether two changes alter the same thing."""
    mine, theirs = kinds.of(one).touches(one), kinds.of(other).touches(other)
    return kinds.EVERYTHING in mine | theirs or not mine.isdisjoint(theirs)


def builds_on(later: Change, earlier: Change) -> bool:
    """Whether a decision cannot be taken back while the later one stands."""
    made = kinds.of(earlier).creates(earlier)
    return collide(later, earlier) or not made.isdisjoint(kinds.of(later).needs(later))


def above(decisions: Sequence[Decision], number: int) -> list[Decision]:
    """The decisions in force that build on one: they must be undone first."""
    standing = in_force(decisions)
    wanted = next(decision for decision in decisions if decision.number == number)
    return [d for d in standing if d.number > number and builds_on(d, wanted)]


def undoable(decisions: Sequence[Decision]) -> frozenset[int]:
    """The decisions that nothing builds on: found in one walk from the newest to the oldest."""
    free, touched, needed = set(), set[Hashable](), set[Hashable]()
    for place, decision in enumerate(reversed(in_force(decisions))):
        kind = kinds.of(decision)
        touches, creates = kind.touches(decision), kind.creates(decision)
        blocked = kinds.EVERYTHING in touched or (kinds.EVERYTHING in touches and place > 0)
        if not blocked and touched.isdisjoint(touches) and needed.isdisjoint(creates):
            free.add(decision.number)
        touched |= touches
        needed |= kind.needs(decision)
    return frozenset(free - {decisions[0].number} if decisions else free)


def blocking_redo(decisions: Sequence[Decision], number: int) -> Iterator[Decision]:
    """What stands in the way of doing an undone decision again.

    Decisions made since it was undone about the same thing, and those undone after it, which come back first.
    """
    by_number = {decision.number: decision for decision in decisions}
    wanted = by_number[number]
    undone = undone_in_order(decisions)
    turn = max(d.number for d in decisions if d.kind == "undo" and d.details["edit"] == number)
    for decision in in_force(decisions):
        # What was made before the undoing was not in its way, so it is not in the way of taking that back.
        if decision.number > turn and _related(decision, wanted):
            yield decision
    for later in undone[undone.index(number) + 1 :]:
        if _related(by_number[later], wanted):
            yield by_number[later]


def _related(one: Decision, other: Decision) -> bool:
    return builds_on(one, other) or builds_on(other, one)


def redoable(decisions: Sequence[Decision]) -> Decision | None:
    """The decision that was undone last, if nothing stands in the way of doing it again."""
    undone = undone_in_order(decisions)
    if not undone or any(blocking_redo(decisions, undone[-1])):
        return None
    return next(decision for decision in decisions if decision.number == undone[-1])
