"""Studies."""

from __future__ import annotations

import click

from survey.commands.common import BY, opened
from survey.services import studies

group = click.Group("studies", help="Make studies.")


@group.command()
@click.argument("slug")
@click.option("--title", required=True, help="What people read on top of its pages.")
def add(slug: str, title: str) -> None:
    """Make a study. SLUG is its short name in addresses and commands, such as bus-network."""
    with opened() as database, database.writing() as session:
        studies.add(session, slug, title, by=BY)
    click.echo(f"Made the study “{slug}”.")
