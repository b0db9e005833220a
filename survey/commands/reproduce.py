"""The bundle of a summary, and repeating what one says: the second needs neither database nor settings."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.commands.common import Progress, opened
from survey.commands.export import replacing
from survey.errors import Refusal
from survey.formats.bundle import MOST_FILE, BundleError
from survey.services import bundles, studies

if TYPE_CHECKING:
    from survey.jobs.tasks.reproduce import Repeated

MOST_LINES = 20
"""Lines that differ, of which more would tell nobody more."""


@click.command()
@click.argument("study")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The zip file; one that exists is replaced.",
)
def bundle(study: str, number: int, out: Path) -> None:
    """Write the bundle of summary NUMBER of STUDY, with which anybody can repeat its theme table.

    It holds every comment word for word: it is for the office's own use.
    """
    with opened() as database, replacing(out) as stream, database.reading() as session:
        about = bundles.write(session, studies.by_slug(session, study), number, stream)
    for note in about.notes:
        click.echo(f"Not exact: {note}", err=True)
    click.echo(f"Wrote the bundle of summary {number} to {out}.")


@click.command()
@click.argument("bundle", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the theme table that came out here.",
)
def reproduce(bundle: Path, out: Path | None) -> None:
    """Find the themes of BUNDLE again and compare the theme table with the one in it, byte for byte.

    Needs no database and no settings. The exit code is 1 when another table comes out, or the file was
    changed.
    """
    # Imported when needed: the arithmetic behind it takes memory that no other command needs.
    from survey.jobs.tasks.reproduce import reproduce as repeat

    try:
        found = repeat(_read(bundle), Progress())
    except BundleError as error:
        raise Refusal(str(error)) from error
    if out:
        with replacing(out) as stream:
            stream.write(found.after)
    _tell(found)


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_FILE + 1)


def _tell(found: Repeated) -> None:
    for note in found.notes:
        click.echo(f"Not exact: {_shown(note)}", err=True)
    if found.versions:
        click.echo(f"Other versions: {_shown('; '.join(found.versions))}.", err=True)
    what = f"summary {found.about.summary} of “{_shown(found.about.study)}”"
    if found.is_equal:
        themes = found.after.count(b"\n") - 3
        click.echo(f"The theme table of {what} came out the same, byte for byte: {themes} themes.")
        return
    _tell_differences(found)
    if found.versions:
        click.echo("Versions of the program or its libraries differ: that may be why.", err=True)
    raise Refusal(f"The theme table of {what} came out different.")


def _tell_differences(found: Repeated) -> None:
    differences = list(found.differences())
    for number, before, after in islice(differences, MOST_LINES):
        click.echo(f"line {number}, bundle: {_shown(before)}")
        click.echo(f"line {number}, here:   {_shown(after)}")
    if len(differences) > MOST_LINES:
        click.echo(f"... and {len(differences) - MOST_LINES:,} more lines.")


def _shown(text: str) -> str:
    """A text from outside without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in text[:2_000])
