"""Freezing a summary: counting every answer takes a while, and nobody is kept from answering meanwhile."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from survey.db import Database
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store
from survey.models import Study
from survey.services import summaries


def freeze(database: Database, held: Held, progress: Progress) -> Store:
    """Prepare a summary, then store it."""
    assert held.study_id is not None
    study_id = held.study_id
    progress(0.0, "Reading comments and answers")
    with database.reading() as session:
        prepared = summaries.prepare(session, session.get_one(Study, study_id), held.args["by"])
    progress(0.9, "Storing the summary")

    def store(session: Session) -> dict[str, Any]:
        row = summaries.store(session, session.get_one(Study, study_id), prepared)
        return {"number": row.number}

    return store
