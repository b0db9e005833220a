"""Notes beside themes and comments, and the axes of a second coding."""

from __future__ import annotations

from flask_babel import gettext as _

from survey.board.kinds.base import (
    NAME_LENGTH,
    Kind,
    Names,
    Things,
    check_text,
    comment_ids,
    existing,
)
from survey.board.state import State
from survey.board.types import Axis, Board, Change, Decision
from survey.board.types import Note as Written
from survey.errors import NotFound, Refusal

MOST_CODES = 20


class Note(Kind):
    """A note on a theme, or on the one comment of the change."""

    NAME = "note"

    def touches(self, change: Change) -> Things:
        return frozenset()  # two notes at once are two notes

    def check(self, change: Change, board: Board) -> None:
        if not change.details["text"]:
            raise Refusal(_("Write something first."))
        check_text(change.details["text"], _("The note"))
        if change.details["theme"] is not None:
            existing(board, change.details["theme"])
        elif len(change.comments) != 1:
            raise NotFound

    def apply(self, decision: Decision, state: State) -> None:
        written = Written(decision.number, decision.details["text"], decision.by, decision.at)
        if decision.details["theme"] is not None:
            state.touch(decision.details["theme"]).notes.append(written)
        for comment in comment_ids(decision):
            state.notes.setdefault(comment, []).append(written)

    def told(self, change: Change, names: Names) -> str:
        theme = change.details["theme"]
        if theme is None:
            return str(_("Wrote a note on a comment"))
        return str(_("Wrote a note on “%(name)s”", name=names[theme]))


class Unnote(Kind):
    """Take a note away; `edit` is the number of the decision that wrote it."""

    NAME = "unnote"

    def touches(self, change: Change) -> Things:
        return frozenset({("note", change.details["edit"])})

    def check(self, change: Change, board: Board) -> None:
        if not any(note.kind == "note" and note.number == change.details["edit"] for note in board.log):
            raise NotFound

    def is_done(self, change: Change, board: Board) -> bool:
        """Whether the note is gone; there must have been one."""
        return self._is_gone(change, board) and any(
            d.kind == "unnote" and d.details == change.details for d in board.log
        )

    def _is_gone(self, change: Change, board: Board) -> bool:
        notes = [note for theme in board.themes for note in theme.notes]
        notes += [note for written in board.comment_notes.values() for note in written]
        return all(note.edit != change.details["edit"] for note in notes)

    def apply(self, decision: Decision, state: State) -> None:
        held = [*(record.notes for record in state.themes.values()), *state.notes.values()]
        for notes in held:
            notes[:] = [note for note in notes if note.edit != decision.details["edit"]]

    def told(self, change: Change, names: Names) -> str:
        return str(_("Took a note away"))


class DefineAxis(Kind):
    """A second axis of coding, such as scope, with its codes; changed by saying all of it again."""

    NAME = "axis"

    def needs(self, change: Change) -> Things:
        return frozenset()

    def touches(self, change: Change) -> Things:
        return frozenset({("axis", change.details["axis"])})

    def creates(self, change: Change) -> Things:
        return self.touches(change)

    def check(self, change: Change, board: Board) -> None:
        details = change.details
        names = [details["name"], *(code["name"] for code in details["codes"])]
        if not all(names) or not details["codes"]:
            raise Refusal(_("Give the codes a name together, and write one code on each line."))
        longest = max(names, key=len)
        if len(longest) > NAME_LENGTH:
            raise Refusal(
                _(
                    "“%(name)s…” is too long. Use %(most)s characters or fewer.",
                    name=longest[:40],
                    most=NAME_LENGTH,
                )
            )
        if len(details["codes"]) > MOST_CODES:
            raise Refusal(_("Use at most %(most)s codes.", most=MOST_CODES))
        folded = [name.casefold() for name in names[1:]]
        twice = next((name for name in names[1:] if folded.count(name.casefold()) > 1), None)
        if twice is not None:
            raise Refusal(_("The code “%(name)s” is there twice. Write it once.", name=twice))
        if any(
            a.name.casefold() == details["name"].casefold() for a in board.axes if a.id != details["axis"]
        ):
            raise Refusal(
                _("There are codes called “%(name)s” already. Choose another name.", name=details["name"])
            )

    def is_done(self, change: Change, board: Board) -> bool:
        axis = board.axis(change.details["axis"])
        return axis is not None and axis == _axis(change)

    def apply(self, decision: Decision, state: State) -> None:
        axis = state.axes[decision.details["axis"]] = _axis(decision)
        codes = state.codes.setdefault(axis.id, {})
        for comment in [comment for comment, code in codes.items() if code not in axis.codes]:
            del codes[comment]

    def told(self, change: Change, names: Names) -> str:
        return str(_("Wrote down the codes of “%(name)s”", name=change.details["name"]))


def _axis(change: Change) -> Axis:
    details = change.details
    return Axis(details["axis"], details["name"], {code["code"]: code["name"] for code in details["codes"]})


KINDS = (Note(), Unnote(), DefineAxis())
