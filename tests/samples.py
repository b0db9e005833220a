"""Steps that tests of double coding take: a sample of the small study, coded by two people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.db import Database
from survey.jobs import worker
from survey.jobs.tasks.agreement import figures
from survey.models import Person, Sample, Study
from survey.services import codings, samples, studies
from survey.services.codings import Given
from tests.boards import COMMENTS, LABELS, add_comments, add_run, board_of
from tests.people import Cast

SLUG = "it-plan"
NONE = Given(none=True)
Says = Callable[[str], Given]
"""What a coder gives a comment of that id."""


@pytest.fixture
def themes(database: Database, cast: Cast, study: Study) -> list[int]:
    """The small study with its run; the numbers of its themes, largest first."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
    with database.reading() as session:
        board = board_of(session, study_of(session))
        assert [theme.name for theme in board.live] == list(LABELS.values())
        return [theme.id for theme in board.live]


@pytest.fixture
def drawn(database: Database, cast: Cast, themes: list[int]) -> list[int]:
    """All 14 comments as sample 1, for the planner (1) and the facilitator (2); the themes."""
    draw(database, cast, size=len(COMMENTS))
    return themes


def study_of(session: Session, *, lock: bool = False) -> Study:
    """The study of the tests, as a planner's request would have it."""
    return studies.for_person(session, Person(all_studies=True), SLUG, lock=lock)


def draw(database: Database, cast: Cast, size: int = 12, **more: Any) -> int:
    """Draw a sample for the planner (1) and the facilitator (2); returns its number."""
    usual = {"size": size, "coders": (cast.planner.id, cast.facilitator.id), "seed": 7}
    wanted = samples.Wanted(**{**usual, **more})
    with database.writing() as session:
        return samples.draw(session, study_of(session, lock=True), wanted, cast.planner.email).number


def get(session: Session, number: int = 1, *, lock: bool = False) -> Sample:
    """The sample of that number."""
    return samples.get(session, study_of(session), number, lock=lock)


def code(database: Database, place: int, says: Says, number: int = 1) -> None:
    """One coder codes every comment."""
    with database.writing() as session:
        sample = get(session, number)
        given = {item.position: says(item.comment_id) for item in samples.items(session, sample)}
        codings.save(session, sample, place, given, f"coder-{place}")


def finish(database: Database, place: int, number: int = 1) -> None:
    """One coder finishes."""
    with database.writing() as session:
        codings.finish(session, get(session, number, lock=True), place, f"coder-{place}")


def code_and_compare(database: Database, first: Says, second: Says) -> Mapping[str, Any]:
    """Both code everything and finish; returns the agreement that was computed."""
    for place, says in ((1, first), (2, second)):
        code(database, place, says)
        finish(database, place)
    worker.drain(database)
    with database.reading() as session:
        found = get(session).agreement
        assert found is not None
        return found


def positions(database: Database, number: int = 1) -> dict[str, int]:
    """The position of each comment of a sample by its id."""
    with database.reading() as session:
        return {item.comment_id: item.position for item in samples.items(session, get(session, number))}


def fill(session: Session, study: Study, cast: Cast) -> None:
    """Two samples for the planner and the facilitator: the first is being coded, the second is compared."""
    wanted = samples.Wanted(samples.FEWEST, (cast.planner.id, cast.facilitator.id), seed=1)
    _coding, compared = [samples.draw(session, study, wanted, cast.planner.email) for _ in range(2)]
    theme = compared.themes[0]
    items = samples.items(session, compared)
    for place, given in ((1, Given((theme["id"],))), (2, Given(none=True))):
        codings.save(session, compared, place, {item.position: given for item in items}, "coder")
        codings.finish(session, compared, place, "coder")
    ones: list[list[int]] = [[theme["id"]] for _ in items]
    compared.agreement = figures(ones, [[] for _ in items], [(theme["id"], theme["name"])])
    session.flush()


def count(database: Database, model: type) -> int:
    """How many rows a table has."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
