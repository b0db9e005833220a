"""Proposing parts of a theme: a person looks them over before anything is split."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import analysis
from analysis.split import split as parts_of
from survey.db import Database
from survey.errors import Refusal
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store, in_words, look_at


def split(database: Database, held: Held, progress: Progress) -> Store:
    """Propose parts of a theme."""
    look = look_at(database, held, progress)
    board = look.require_board()
    theme = board.find(board.merged.get(held.args["theme"]))
    if theme is None:
        raise Refusal("This theme is not on the board any more. Go back to the board and choose another.")
    own = {comment for comment, themes in look.where.items() if any(t == theme.id for t, _w in themes)}
    progress(0.2, "Looking for parts of the theme")
    try:
        with in_words():
            parts = parts_of(look.comments, own, analysis.Options(), held.args["parts"])
    except ValueError as error:
        raise Refusal(str(error)) from error
    result: dict[str, Any] = {
        "theme": theme.id,
        "run": board.run,
        "revision": board.revision,
        "parts": [asdict(part) for part in parts],
    }
    progress(1.0, "Done")
    return lambda session: result
