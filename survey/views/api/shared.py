"""What several operations share."""

from __future__ import annotations

from typing import Any

from survey.errors import NotFound
from survey.models import Study
from survey.security import current_person, current_token
from survey.services import studies
from survey.services.comments import Filter
from survey.web import db

Query = dict[str, Any]


def study_of(slug: str, *, lock: bool = False) -> Study:
    """The study of the address; not found for people of other studies and for tokens of another one."""
    study = studies.for_person(db(), current_person(), slug, lock=lock)
    if current_token().study_id not in (None, study.id):
        raise NotFound
    return study


def filter_of(query: Query) -> Filter:
    """Which comments the parameters ask for."""
    wanted = {name: value for name, value in query.items() if name != "page"}
    return Filter(**wanted)
