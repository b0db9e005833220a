"""Standing behind a theme, leaving it out, putting it aside, opening it again."""

from __future__ import annotations

from flask_babel import gettext as _

from survey.board.kinds.base import Kind, Names, check_name, existing
from survey.board.state import State
from survey.board.types import Board, BoardTheme, Change, Decision, ThemeState
from survey.errors import Refusal

STATE_AFTER: dict[str, ThemeState] = {
    "accept": "accepted",
    "reject": "rejected",
    "park": "parked",
    "reopen": "new",
}


class _State(Kind):
    def is_done(self, change: Change, board: Board) -> bool:
        theme = board.find(change.details["theme"])
        return theme is not None and theme.state == STATE_AFTER[self.NAME]

    def check(self, change: Change, board: Board) -> None:
        theme = existing(board, change.details["theme"])
        if not theme.is_open:
            # While it was rejected, another theme may have taken its name.
            check_name(board, theme.name, theme.id)

    def apply(self, decision: Decision, state: State) -> None:
        record = state.touch(decision.details["theme"])
        record.state, record.decided = STATE_AFTER[self.NAME], decision


def _check_alone(theme: BoardTheme) -> None:
    """Nothing may hang on a theme that goes out of sight."""
    if theme.children:
        raise Refusal(
            _("“%(name)s” has sub-themes. Take them out of it first, or reject them.", name=theme.name)
        )


class Accept(_State):
    NAME = "accept"

    def told(self, change: Change, names: Names) -> str:
        return str(_("Accepted “%(name)s”", name=names[change.details["theme"]]))


class Reject(_State):
    NAME = "reject"

    def check(self, change: Change, board: Board) -> None:
        _check_alone(existing(board, change.details["theme"]))

    def told(self, change: Change, names: Names) -> str:
        return str(_("Rejected “%(name)s”", name=names[change.details["theme"]]))


class Park(_State):
    NAME = "park"

    def check(self, change: Change, board: Board) -> None:
        super().check(change, board)
        _check_alone(existing(board, change.details["theme"]))

    def told(self, change: Change, names: Names) -> str:
        return str(_("Parked “%(name)s”", name=names[change.details["theme"]]))


class Reopen(_State):
    NAME = "reopen"

    def told(self, change: Change, names: Names) -> str:
        return str(_("Opened “%(name)s” again", name=names[change.details["theme"]]))


KINDS = (Accept(), Reject(), Park(), Reopen())
