"""What several operations share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import request

from survey.board import Board
from survey.errors import NotFound
from survey.models import Study, Survey
from survey.security import current_person, current_token
from survey.services import board as boards
from survey.services import comparisons, studies, surveys
from survey.services.comments import Filter
from survey.web import SAFE, app, db

Query = dict[str, Any]


def study_of(slug: str, *, lock: bool = False) -> Study:
    """The study of the address; not found for people of other studies and for tokens of another one."""
    return _of_token(studies.for_person(db(), current_person(), slug, lock=lock))


def survey_of(slug: str, survey_slug: str, *, lock: bool | None = None) -> Survey:
    """A survey of the study of the address; held, unless `lock` says otherwise, in whatever is no GET."""
    study = study_of(slug)
    held = request.method not in SAFE if lock is None else lock
    return surveys.for_person(db(), current_person(), study.slug, survey_slug, lock=held)


def _of_token(study: Study) -> Study:
    if current_token().study_id not in (None, study.id):
        raise NotFound
    return study


@contextmanager
def read_only(slug: str) -> Iterator[tuple[Study, Board]]:
    """The study and its board in a POST that stores nothing, or not yet: nobody waits for it."""
    with app().database.reading() as session:
        study = _of_token(studies.for_person(session, current_person(), slug))
        board = boards.load(session, study)
        if board is None:
            raise NotFound
        yield study, board


def board_of(slug: str) -> tuple[Study, Board]:
    """The study and its board; not found before the first run."""
    return _with_board(study_of(slug))


def locked(slug: str) -> tuple[Study, Board]:
    """The same, with the study held until what is decided is stored."""
    return _with_board(study_of(slug, lock=True))


def _with_board(study: Study) -> tuple[Study, Board]:
    found = boards.load(db(), study)
    if found is None:
        raise NotFound
    return study, found


def require_side(key: str) -> None:
    """A study is compared only by people, and with tokens, that see both."""
    if key.startswith(comparisons.EARLIER):
        study_of(key.removeprefix(comparisons.EARLIER))


def filter_of(query: Query) -> Filter:
    """Which comments the parameters ask for."""
    wanted = {name: value for name, value in query.items() if name != "page"}
    return Filter(**wanted)
