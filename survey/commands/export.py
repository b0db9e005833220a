"""Taking a summary, a codebook or a survey away."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from survey.commands.common import BY, opened
from survey.errors import Refusal
from survey.formats.summary_formats import SUMMARY_FORMATS
from survey.services import codebooks, studies, summaries, survey_files, surveys

CODEBOOKS = {"codebook": "csv", "qdc": "qdc", "qdpx": "qdpx"}
"""Formats that are made of the board as it is now; no summary is frozen for them."""


class Export(click.Group):
    """`survey export STUDY ...` is `survey export summary STUDY ...`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in where it was left out."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["summary", *args]
        return super().parse_args(ctx, args)


export = Export(
    "export", help="Take a summary, a codebook or a survey away. `survey export STUDY` is `summary`."
)


@export.command("summary")
@click.argument("study")
@click.option(
    "--format",
    "name",
    required=True,
    type=click.Choice([*SUMMARY_FORMATS, *CODEBOOKS]),
    help="The kind of file to write.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; one that exists is replaced.",
)
def export_summary(study: str, name: str, out: Path) -> None:
    """Freeze a summary of STUDY and write it to a file, or write its codebook (codebook, qdc, qdpx).

    The file is there whole or not at all.
    """
    if name in CODEBOOKS:
        _export_codebook(study, CODEBOOKS[name], out)
        return
    with opened() as database, replacing(out) as stream, database.writing() as session:
        row = summaries.freeze(session, studies.by_slug(session, study), BY)
        summary = summaries.read(row)
        SUMMARY_FORMATS[name].write(summary, stream)
        number = row.number
    count = len(summary.comments)
    what = "comment" if count == 1 else "comments"
    click.echo(f"Wrote summary {number} with {count:,} {what} to {out}.")


def _export_codebook(study: str, format: str, out: Path) -> None:
    with opened() as database, replacing(out) as stream, database.reading() as session:
        codebooks.write(session, studies.by_slug(session, study), format, stream)
    click.echo(f"Wrote the {'coded project' if format == 'qdpx' else 'codebook'} to {out}.")


@export.command("survey")
@click.argument("survey")
@click.option(
    "--format",
    "name",
    required=True,
    type=click.Choice([*survey_files.TYPES]),
    help="The kind of file to write.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; one that exists is replaced.",
)
def export_survey(survey: str, name: str, out: Path) -> None:
    """Write the draft of SURVEY, by its short name, as an XLSForm or as JSON of our own.

    What the format cannot hold is told on standard error. The file is there whole or not at all.
    """
    with opened() as database, database.reading() as session:
        found = survey_files.by_slug(session, survey)
        data, lines = survey_files.write(surveys.draft(found), found.mode, name)
    with replacing(out) as stream:
        stream.write(data)
    for line in lines:
        click.echo(f"{line.what}: {line.name} {line.words}".replace("  ", " "), err=True)
    click.echo(f"Wrote the survey “{survey}” to {out}.")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write beside `path` and put the result in its place at the end; a failure leaves what was there.

    The file holds what people wrote, so only its owner may read it.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise Refusal(f"“{path}” cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
