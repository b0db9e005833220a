"""Choosing the comments whose reading would help most."""

from __future__ import annotations

import analysis
from survey.db import Database
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store, in_words, look_at
from survey.jobs.tasks.known import known


def suggest(database: Database, held: Held, progress: Progress) -> Store:
    """Choose comments that nobody decided about."""
    look = look_at(database, held, progress)
    board = look.require_board()
    told = known(board, look.where)
    options = analysis.Options(decisions=told.decisions, earlier=told.earlier)
    with in_words():
        chosen = analysis.suggest_next(look.comments, options, held.args["count"], progress=progress)
    progress(1.0, "Done")
    result = {"comments": list(chosen), "revision": board.revision}
    return lambda session: result
