"""The database itself."""

from __future__ import annotations

import click

from survey import migrate
from survey.commands.common import connected

group = click.Group("db", help="Look after the database.")


@group.command()
def upgrade() -> None:
    """Make the tables, or bring them to the schema of this release. Running it twice is safe."""
    with connected() as database:
        migrate.upgrade(database)
    click.echo("The database is at the schema of this release.")
