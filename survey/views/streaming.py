"""Files sent while they are written, on a session of their own: that of the request is over by then."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from survey.formats import table_csv
from survey.models import MadeFile, Survey
from survey.services import made_files, response_export
from survey.web import app


def csv_of(survey_id: int, name: str) -> Response:
    """All responses of a survey as CSV, in words of its first language."""
    database = app().database

    def rows() -> Iterator[bytes]:
        with database.reading() as session:
            found = response_export.table(session, session.get_one(Survey, survey_id))
            yield from table_csv.pieces(found.header, found.rows)

    return _attached(rows(), "text/csv", name)


def made_file(file: MadeFile) -> Response:
    """A file that a job made, part by part."""
    database, file_id = app().database, file.id

    def parts() -> Iterator[bytes]:
        with database.reading() as session:
            yield from made_files.parts(session, session.get_one(MadeFile, file_id))

    reply = _attached(parts(), file.media_type, file.name)
    reply.headers["Content-Length"] = str(file.size)
    return reply


def _attached(pieces: Iterator[bytes], media_type: str, name: str) -> Response:
    reply = Response(pieces, mimetype=media_type)
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply
