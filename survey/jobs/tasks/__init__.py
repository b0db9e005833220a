"""What workers do: the only place from which the analysis is run.

A task reads what it needs, computes without a transaction, and returns a function that stores its result: the
worker calls that in the transaction in which it ends the job, so a result is there whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

import analysis
from analysis.duplicates import duplicates
from analysis.lend import CannotLend, lent_by
from analysis.types import Map
from survey import config
from survey.db import Database
from survey.errors import Refusal
from survey.jobs import cluster
from survey.jobs.table import Held
from survey.services import comments as all_comments
from survey.services import imports, runs
from survey.services.comments import StudyComment

Progress = Callable[[float, str], None]
Store = Callable[[Session], dict[str, Any]]
Task = Callable[[Database, Held, Progress], Store]


def discover(database: Database, held: Held, progress: Progress) -> Store:
    """Find the themes in all comments of a study."""
    assert held.study_id is not None
    progress(0.0, "Reading the comments")
    with database.reading() as session:
        rows = list(all_comments.stream(session, held.study_id))
    options = analysis.Options(themes=held.args["themes"], seed=held.args["seed"])
    comments = [_comment(row) for row in rows]
    try:
        with _workers() as spread_out:
            result = analysis.discover(comments, options, progress=progress, map=spread_out)
    except (analysis.NothingToGroup, CannotLend) as error:
        raise Refusal(str(error)) from error
    progress(1.0, "Storing the themes")
    return partial(_store_run, held=held, found=_found(rows, result, options.seed))


@contextmanager
def _workers() -> Iterator[Map]:
    """The built-in `map`, or that of the Dask cluster that is set."""
    scheduler = config.load().dask_scheduler
    if not scheduler:
        yield map
        return
    with cluster.client_of(scheduler) as client:
        yield lent_by(client)


def _comment(row: StudyComment) -> analysis.Comment:
    return analysis.Comment(row.id, row.text, row.audience, row.prompt, row.language)


def _found(rows: Sequence[StudyComment], result: analysis.Result, seed: int) -> runs.Found:
    ids = {row.audience: str(row.audience_id) for row in rows if row.audience is not None}
    return runs.Found(
        seed=seed,
        comment_ids=[row.id for row in rows],
        candidates=[_candidate(theme, ids) for theme in result.themes],
        placements=result.placements,
        reasons=result.reasons,
        totals=Counter(str(row.audience_id or "") for row in rows),
        manifest=dict(result.manifest),
    )


def _candidate(theme: analysis.Theme, audience_ids: dict[str, str]) -> dict[str, Any]:
    by_audience = {audience_ids[name]: number for name, number in theme.by_audience.items()}
    in_none = theme.size - sum(by_audience.values())
    return {
        "number": theme.id,
        "label": theme.label[:300],
        "keywords": list(theme.keywords),
        "size": theme.size,
        "by_audience": by_audience | ({"": in_none} if in_none else {}),
        "stability": theme.stability,
        "quotes": list(theme.quotes),
    }


def _store_run(session: Session, held: Held, found: runs.Found) -> dict[str, Any]:
    assert held.study_id is not None
    run = runs.store(session, held.study_id, found, held.made_by)
    return {"run": run.number, "run_id": run.id, "themes": len(found.candidates), "unplaced": run.unplaced}


def near_duplicates(database: Database, held: Held, progress: Progress) -> Store:
    """Count the comments of an import that say nearly the same as an earlier one of it."""
    progress(0.0, "Looking for near duplicates")
    with database.reading() as session:
        texts = imports.texts(session, held.args["import_id"])
    groups = [[texts[position] for position in group.positions] for group in duplicates(texts)]
    near = [group for group in groups if imports.count_exact_duplicates(group) < len(group) - 1]
    number = sum(len(group) - 1 - imports.count_exact_duplicates(group) for group in near)
    return partial(_store_duplicates, import_id=held.args["import_id"], groups=len(near), number=number)


def _store_duplicates(session: Session, import_id: int, groups: int, number: int) -> dict[str, Any]:
    imports.note_near_duplicates(session, import_id, groups=groups, duplicates=number)
    return {"groups": groups, "duplicates": number}


TASKS: dict[str, Task] = {"discover": discover, "near_duplicates": near_duplicates}
