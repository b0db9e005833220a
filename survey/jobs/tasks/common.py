"""What tasks share: their types, the comments of a study with where each stands, workers that may be lent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

import analysis
from analysis.lend import CannotLend, lent_by
from analysis.types import Map
from survey import config
from survey.board import Board
from survey.db import Database
from survey.errors import Refusal
from survey.jobs import cluster
from survey.jobs.table import Held
from survey.models import Study
from survey.services import board as boards
from survey.services import comments, standings
from survey.services.comments import StudyComment

Progress = Callable[[float, str], None]
Store = Callable[[Session], dict[str, Any]]
Task = Callable[[Database, Held, Progress], Store]
MOST = 0.95
"""Share of the work of a run that the analysis does."""


@dataclass(frozen=True)
class Look:
    """One look at a study: its comments, its board, and where each comment stands on that."""

    rows: Sequence[StudyComment]
    board: Board | None
    where: standings.Where

    @property
    def comments(self) -> list[analysis.Comment]:
        """The comments as the analysis takes them."""
        return [analysis.Comment(r.id, r.text, r.audience, r.prompt, r.language) for r in self.rows]

    @property
    def audiences(self) -> Mapping[str, str]:
        """The audience key of each comment."""
        return {row.id: str(row.audience_id or "") for row in self.rows}

    def require_board(self) -> Board:
        """The board; raise `Refusal` when there is none."""
        if self.board is None:
            raise Refusal("There is no board yet. Find themes first.")
        return self.board


def look_at(database: Database, held: Held, progress: Progress) -> Look:
    """Read the study of a job."""
    assert held.study_id is not None
    progress(0.0, "Reading the comments")
    with database.reading() as session:
        study = session.get_one(Study, held.study_id)
        board = boards.load(session, study)
        where = standings.everywhere(session, board) if board else {}
        return Look(list(comments.stream(session, study.id)), board, where)


@contextmanager
def workers() -> Iterator[Map]:
    """The built-in `map`, or that of the Dask cluster that is set."""
    scheduler = config.load().dask_scheduler
    if not scheduler:
        yield map
        return
    with cluster.client_of(scheduler) as client:
        yield lent_by(client)


def most_of(progress: Progress) -> Progress:
    """The same for an analysis that is not all of the work: the map and storing come after it."""
    return lambda share, message: progress(share * MOST, message)


@contextmanager
def in_words() -> Iterator[None]:
    """What the analysis cannot do ends the job with its sentence; trying again would not help."""
    try:
        yield
    except (analysis.NothingToGroup, analysis.Contradiction, CannotLend) as error:
        raise Refusal(str(error)) from error
