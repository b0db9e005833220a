"""Taking a summary or a codebook away."""

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
from survey.services import codebooks, studies, summaries

CODEBOOKS = {"codebook": "csv", "qdc": "qdc", "qdpx": "qdpx"}
"""Formats that are made of the board as it is now; no summary is frozen for them."""


@click.command()
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
def export(study: str, name: str, out: Path) -> None:
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
