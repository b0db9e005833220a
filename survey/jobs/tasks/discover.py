"""Finding the themes in all comments of a study, from what the board knows already."""

from __future__ import annotations

from typing import Any

import analysis
from survey.db import Database
from survey.jobs.table import Held
from survey.jobs.tasks import storing
from survey.jobs.tasks.common import Look, Progress, Store, in_words, look_at, most_of, workers
from survey.jobs.tasks.known import NOTHING, Known, known
from survey.services import runs


def discover(database: Database, held: Held, progress: Progress) -> Store:
    """Find the themes in all comments of a study."""
    look = look_at(database, held, progress)
    afresh = held.args.get("afresh", False)
    told = known(look.board, look.where, afresh=afresh) if look.board else NOTHING
    options = analysis.Options(
        themes=held.args["themes"],
        granularity=held.args.get("granularity", "balanced"),
        seed=held.args["seed"],
        decisions=told.decisions,
        earlier=told.earlier,
    )
    with in_words(), workers() as spread_out:
        result = analysis.discover(look.comments, options, progress=most_of(progress), map=spread_out)
    return storing.storing(held, _found(look, result, told, held, progress), progress)


def _found(look: Look, result: analysis.Result, told: Known, held: Held, progress: Progress) -> runs.Found:
    seed, afresh = held.args["seed"], held.args.get("afresh", False)
    found = {theme.id: _columns(theme, told) for theme in result.themes}
    return runs.Found(
        seed=seed,
        comment_ids=[row.id for row in look.rows],
        candidates=storing.counted(look, result.placements, found),
        placements=result.placements,
        reasons=result.reasons,
        totals=storing.totals(look),
        manifest=dict(result.manifest) | ({"afresh": True} if afresh else {}),
        board_revision=look.board.revision if look.board else 0,
        points=storing.spots(look, result.placements, seed, progress),
    )


def _columns(theme: analysis.Theme, told: Known) -> dict[str, Any]:
    return {
        "label": theme.label,
        "keywords": list(theme.keywords),
        "stability": theme.stability,
        "quotes": list(theme.quotes),
        "goes_on": told.goes_on(theme),
    }
