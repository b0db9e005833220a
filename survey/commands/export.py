"""Taking a summary away."""

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
from survey.services import studies, summaries


@click.command()
@click.argument("study")
@click.option(
    "--format",
    "name",
    required=True,
    type=click.Choice(list(SUMMARY_FORMATS)),
    help="The kind of file to write.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; one that exists is replaced.",
)
def export(study: str, name: str, out: Path) -> None:
    """Freeze a summary of STUDY and write it to a file. The file is there whole or not at all."""
    with opened() as database, replacing(out) as stream, database.writing() as session:
        row = summaries.freeze(session, studies.by_slug(session, study), BY)
        summary = summaries.read(row)
        SUMMARY_FORMATS[name].write(summary, stream)
        number = row.number
    count = len(summary.comments)
    what = "comment" if count == 1 else "comments"
    click.echo(f"Wrote summary {number} with {count:,} {what} to {out}.")


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
