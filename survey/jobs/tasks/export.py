"""All responses of a survey as an Excel file: written row by row, kept in parts until it is fetched."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from survey.db import Database
from survey.formats.summary_formats import OPEN_XML
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store
from survey.models import Survey
from survey.services import made_files, response_export, response_files, surveys

MEDIA_TYPE = f"{OPEN_XML}.spreadsheetml.sheet"
EVERY = 2_000
"""Rows after which the worker says how far it is."""
WRITTEN = 0.9
"""Share of the work that writing the rows is; the rest is putting the file away."""


def export_responses(database: Database, held: Held, progress: Progress) -> Store:
    """Write the workbook of the survey that was asked for."""
    assert held.study_id is not None
    study_id = held.study_id
    with tempfile.TemporaryFile() as file:
        with database.reading() as session:
            survey = session.get_one(Survey, held.args["survey"])
            name = response_files.name(survey)
            write_workbook_of(session, survey, file, progress)
        file.seek(0)
        progress(WRITTEN, "Putting the file away")
        file_id = _keep(database, study_id, name, file, held.made_by)

    def store(session: Session) -> dict[str, Any]:
        return {"file": made_files.finish(session, file_id).id}

    return store


def write_workbook_of(
    session: Session, survey: Survey, file: BinaryIO, progress: Progress = lambda share, message: None
) -> None:
    """Write the responses on one sheet, and what each column asked on another."""
    # Imported when needed, as other libraries for office files are.
    from survey.formats.workbook import Properties, Sheet, write_workbook

    table = response_export.table(session, survey)
    asked = ((name, one.say(one.label, table.language), one.TYPE) for name, one in table.questions.items())
    sheets = (
        Sheet("Responses", table.header, _watched(table.rows, table.found, progress)),
        Sheet("Questions", ("column", "question", "type"), asked),
    )
    write_workbook(file, sheets, Properties(title=surveys.title(survey)))


def _watched(rows: Iterator[Sequence[str]], of: int, progress: Progress) -> Iterator[Sequence[str]]:
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            progress(WRITTEN * number / max(1, of), "Writing the responses")
        yield row


def _keep(database: Database, study_id: int, name: str, file: BinaryIO, by: str) -> int:
    """Put a file away in parts, each in a transaction of its own: nobody who answers waits for them all."""
    with database.writing() as session:
        made_files.drop_expired(session)
        file_id = made_files.begin(session, study_id, name, MEDIA_TYPE, by).id
    for number, part in enumerate(made_files.in_parts(iter(lambda: file.read(made_files.PART_BYTES), b""))):
        with database.writing() as session:
            made_files.append(session, file_id, number, part)
    return file_id
