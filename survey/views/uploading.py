"""Files that somebody uploaded, kept until it is said what is in them: what all such pages share."""

from __future__ import annotations

from survey import uploads
from survey.models import Study
from survey.security import current_person
from survey.services import studies
from survey.uploads import Uploads
from survey.web import app, settings


def study_of(slug: str) -> Study:
    """The study, without the write lock that `db()` takes: what follows may be slow."""
    with app().database.reading() as session:
        return studies.for_person(session, current_person(), slug)


def kept_files() -> Uploads:
    """Where the files are kept."""
    return uploads.of(settings())


def owner(study: Study) -> tuple[int, int]:
    """Whose a file is: nobody else finds it."""
    return study.id, current_person().id
