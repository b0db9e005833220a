"""Bringing a survey in from a file of another tool, or of our own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey.commands.common import BY, opened
from survey.formats import survey_files, survey_report
from survey.formats.survey_files import FORMATS, MOST_BYTES, SurveyFile, SurveyFileError
from survey.services import studies
from survey.services import survey_files as service


@click.command()
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "name", type=click.Choice([*FORMATS]), help="The kind of file; without it, the content tells."
)
@click.option(
    "--report", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the report."
)
def survey(study: str, file: Path, name: str | None, form: str) -> None:
    """Make a draft in STUDY of the survey in FILE, and tell what was taken, changed and left out.

    FILE is an XLSForm (xlsform), a LimeSurvey survey (lss, tsv), a SurveyJS survey or one of our own (json).
    The exit code is 1 when it was refused; then nothing is stored.
    """
    try:
        found, slug = _store(study, file, name)
    except SurveyFileError as error:
        if form == "json":
            click.echo(json.dumps(survey_report.refused(error, name or _detected(file)), ensure_ascii=False))
        raise _placed(error) from error
    if form == "json":
        click.echo(json.dumps(survey_report.as_dict(found, slug), ensure_ascii=False))
    else:
        click.echo("\n".join(survey_report.table(found, file.name, slug)))


def _store(study: str, file: Path, name: str | None) -> tuple[SurveyFile, str]:
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    with opened() as database:
        with database.reading() as session:
            studies.by_slug(session, study)
        found = survey_files.read(data, file.name, name)
        with database.writing() as session:
            made = service.add(session, studies.by_slug(session, study), found, file.name, by=BY)
            return found, made.slug


def _detected(file: Path) -> str | None:
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES)
    try:
        return survey_files.detect(data, file.name)
    except SurveyFileError:
        return None


def _placed(error: SurveyFileError) -> SurveyFileError:
    """The same, saying where in the file it is."""
    place = " ".join(filter(None, (error.sheet, f"row {error.row}" if error.row is not None else "")))
    return SurveyFileError(f"{place}: {error}" if place else str(error), error.sheet, error.row)
