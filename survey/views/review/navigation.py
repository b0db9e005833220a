"""What all pages of the board share: its tabs, and what was decided just now with the way back."""

from __future__ import annotations

from flask import current_app, session

from survey import permissions
from survey.board import Board
from survey.security import may
from survey.services import history
from survey.services.history import Line
from survey.web import app


def has_endpoint(endpoint: str) -> bool:
    """Whether there is such a page, and whoever is looking may see it."""
    permission = permissions.needed(app(), endpoint) if endpoint in current_app.view_functions else None
    return permission is not None and may(permission.name)


def just_decided(board: Board) -> Line | None:
    """What this person decided with the last press of a button: said once."""
    if not board.log or session.get("decided") != board.revision:
        return None
    session.pop("decided")
    return history.last(board, board.revision)


def can_turn(board: Board, line: Line) -> bool:
    """Whether what a line tells of can be undone, or done again after it was."""
    about = line.turns or line
    if about.undone:
        return board.redoable is not None and board.redoable.number == about.decision.number
    return True
