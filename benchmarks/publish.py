"""A database with a study and open surveys in it, for the benchmarks to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey import db, migrate
from survey.dates import now
from survey.document import parse
from survey.models import Survey, Version
from survey.services import studies


def publish(url: str, surveys: Mapping[str, dict[str, Any]]) -> None:
    """Bring an empty database up to date, and open surveys in it: documents by short name."""
    database = db.connect(url)
    migrate.upgrade(database)
    open_surveys(database, surveys)
    database.dispose()


def open_surveys(database: db.Database, surveys: Mapping[str, dict[str, Any]]) -> None:
    """Open anonymous surveys in a new study."""
    with database.writing() as session:
        study = studies.add(session, "measured", "Measured", by="benchmarks")
        for slug, document in surveys.items():
            frozen = parse(document).to_dict()
            version = Version(number=1, document=frozen, published_at=now())
            survey = Survey(study_id=study.id, slug=slug, document=frozen, mode="anonymous", state="open")
            survey.versions = [version]
            session.add(survey)
