"""Finding themes."""

from __future__ import annotations

import click

from survey.commands.common import BY, opened, work_here
from survey.services import runs, studies


@click.command()
@click.argument("study")
@click.option("--themes", type=int, help="How many themes to look for; without it, the program chooses.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same themes.")
def discover(study: str, themes: int | None, seed: int) -> None:
    """Find the themes in the comments of STUDY, here and now, and tell how far it is."""
    with opened() as database:
        result = work_here(
            database, lambda session: runs.start(session, studies.by_slug(session, study), themes, seed, BY)
        )
    click.echo(
        f"Run {result['run']}: {result['themes']} themes, {result['unplaced']:,} comments in none of them."
    )
