"""Counting near duplicates of an import."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from analysis.duplicates import duplicates
from survey.db import Database
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store
from survey.services import imports


def near_duplicates(database: Database, held: Held, progress: Progress) -> Store:
    """Count the comments of an import that say nearly the same as an earlier one of it."""
    progress(0.0, "Looking for near duplicates")
    with database.reading() as session:
        texts = imports.texts(session, held.args["import_id"])
    groups = [[texts[position] for position in group.positions] for group in duplicates(texts)]
    near = [group for group in groups if imports.count_exact_duplicates(group) < len(group) - 1]
    number = sum(len(group) - 1 - imports.count_exact_duplicates(group) for group in near)
    return partial(_store, import_id=held.args["import_id"], groups=len(near), number=number)


def _store(session: Session, import_id: int, groups: int, number: int) -> dict[str, Any]:
    imports.note_near_duplicates(session, import_id, groups=groups, duplicates=number)
    return {"groups": groups, "duplicates": number}
