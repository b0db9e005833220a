"""Whether a change can be made on the board as it is, and what exactly is then stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from survey.board import kinds
from survey.board.kinds.base import comment_ids, themes_in
from survey.board.replay import names_twice
from survey.board.rules import TURNS, above, blocking_redo, collide, in_force
from survey.board.types import Board, Change, Decision, Placed
from survey.errors import NotFound, Refusal, Stale


class Overtaken(Stale):
    """Somebody decided about the same thing since this person looked.

    `since` are those decisions; `can_still` says whether the change could be made on the board as it is now.
    """

    def __init__(self, board: Board, since: Sequence[Decision], *, can_still: bool = False) -> None:
        super().__init__("The board has changed since you looked at it. Nothing was stored.")
        self.board, self.since, self.can_still = board, tuple(since), can_still


def prepare(board: Board, placed: Mapping[str, Placed], change: Change, seen: int) -> Change | None:
    """What to store for a change made on the board of revision `seen`; None when it is so already.

    `placed` says where the machine put the comments of the change. Raises `Overtaken`, `Refusal`, `NotFound`.
    """
    if not comment_ids(change) <= placed.keys():
        raise NotFound
    if _is_done(board, change):
        return None
    if change.kind not in TURNS:
        _check_fresh(board, placed, change, seen)
    return ready(board, placed, change, seen)


def ready(board: Board, placed: Mapping[str, Placed], change: Change, seen: int) -> Change:
    """The change with numbers for new themes and the new place of each comment, once it was checked."""
    if not comment_ids(change) <= placed.keys():
        raise NotFound
    if change.kind in TURNS:
        _check_turn(board, change, seen)
    kind = kinds.of(change)
    kind.check(change, board)
    change = kind.numbered(change, board.next_number)
    current = {c: board.numbers_of(c, placed[c].candidates) for c in comment_ids(change)}
    _check_there(kind.leaves(change, board), current)
    if kind.places(change):
        change = replace(change, comments=tuple(_after(kind, change, board, current)))
    _check_names(board, change)
    return change


def _after(
    kind: kinds.Kind, change: Change, board: Board, current: Mapping[str, frozenset[int]]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for comment, given in change.comments:
        yield comment, tuple(sorted(kind.after(change, board, current[comment], given)))


def _is_done(board: Board, change: Change) -> bool:
    if change.kind not in TURNS:
        return kinds.of(change).is_done(change, board)
    # The same button pressed twice: the last thing said of that decision is what is wanted.
    said = [d.kind for d in board.log if d.kind in TURNS and d.details == change.details]
    return bool(said) and said[-1] == change.kind


def _check_fresh(board: Board, placed: Mapping[str, Placed], change: Change, seen: int) -> None:
    """Refuse a decision about something that others decided about since."""
    needed = themes_in(kinds.of(change).needs(change))
    missing = {theme for theme in needed if board.find(theme) is None}
    if not all(theme in range(1, board.next_number) for theme in missing):
        raise NotFound
    if since := list(_newer(board, change, seen)):
        raise Overtaken(board, since, can_still=not missing and _can(board, placed, change))
    if missing:
        raise Overtaken(board, list(_that_took(board, missing)))


def _newer(board: Board, change: Change, seen: int) -> Iterator[Decision]:
    """Decisions after `seen` that alter the same thing; undoing alters what it undoes.

    Nobody saw a board before the first run came onto it.
    """
    by_number = {decision.number: decision for decision in board.log}
    for decision in board.log[1:]:
        if decision.number > seen:
            altered = by_number[decision.details["edit"]] if decision.kind in TURNS else decision
            if collide(altered, change):
                yield decision


def _that_took(board: Board, missing: Collection[int]) -> Iterator[Decision]:
    """The decisions after which themes were not there any more: merges, the last run, undoings."""
    by_number = {decision.number: decision for decision in board.log}
    standing = {decision.number for decision in in_force(board.log)}
    last = max((d.number for d in board.log if d.kind == "apply" and d.number in standing), default=0)
    for decision in board.log:
        if decision.kind == "merge" and decision.number in standing:
            if not set(decision.details["from"]).isdisjoint(missing):
                yield decision
        elif decision.kind == "undo":
            made = by_number[decision.details["edit"]]
            if not kinds.of(made).creates(made).isdisjoint(missing):
                yield decision
        elif decision.number == last > 1:
            yield decision


def _can(board: Board, placed: Mapping[str, Placed], change: Change) -> bool:
    try:
        ready(board, placed, change, board.revision)
    except (Refusal, NotFound):
        return False
    return True


def _check_there(themes: Collection[int] | None, current: Mapping[str, frozenset[int]]) -> None:
    """Refuse comments that are in none of the themes that they are to leave; None leaves nothing."""
    if themes is None or all(not here.isdisjoint(themes) for here in current.values()):
        return
    if len(current) == 1:
        raise Refusal(_("The comment is not in that theme any more. Load the page again."))
    raise Refusal(
        _("Some of these comments are not in that theme any more. Load the page again, then choose them.")
    )


def _check_names(board: Board, change: Change) -> None:
    """Refuse what would give two themes one name: what comes back may find its name taken.

    Changes that give a name have said so in better words.
    """
    if change.kind not in ("apply", *TURNS):
        return
    decision = Decision.of(change, board.revision + 1, "", board.log[-1].at, board.run)
    new = names_twice([*board.log, decision]) - names_twice(board.log)
    if new:
        raise Refusal(
            _(
                "Two themes would then be called “%(name)s”. Rename one of them first, then try again.",
                name=min(new),
            )
        )


def _check_turn(board: Board, change: Change, seen: int) -> None:
    """What can be undone or done again; a decision that others build on must wait for them."""
    number = change.details["edit"]
    wanted = next((d for d in board.log if d.number == number and d.kind not in TURNS), None)
    if wanted is None or wanted is board.log[0]:
        raise NotFound
    undone = all(d.number != number for d in in_force(board.log))
    if undone != (change.kind == "redo"):
        raise Refusal(_("That has been undone already.") if undone else _("That stands already."))
    blocking = list((above if change.kind == "undo" else blocking_redo)(board.log, number))
    if any(decision.number > seen for decision in blocking):
        raise Overtaken(board, [decision for decision in blocking if decision.number > seen])
    if blocking:
        raise Refusal(
            _("Later decisions build on this one. Undo those first: you find them in the list of decisions.")
            if change.kind == "undo"
            else _("Other decisions about the same thing were made since. Decide anew instead.")
        )
