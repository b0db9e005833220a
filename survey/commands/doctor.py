"""Looking an installation over."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from survey import checks, config, create_app, migrate, permissions
from survey.config import Settings
from survey.db import connect
from survey.errors import Refusal


@click.command()
@click.option("--permissions", "list_permissions", is_flag=True, help="Print docs/permissions.md instead.")
def doctor(list_permissions: bool) -> None:
    """Look the installation over and say what to mend; the exit code is 1 when something must be."""
    if list_permissions:
        click.echo(_permissions(), nl=False)
        return
    found = list(checks.all_of(config.load()))
    for check in found:
        click.echo(f"{check.state:<5} {check.name}: {check.words}")
    wrong = sum(check.state == checks.WRONG for check in found)
    if wrong:
        raise Refusal(f"{wrong} of {len(found)} must be mended.")


def _permissions() -> str:
    """The document, from an application over an empty database of its own."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(
            database_url=f"sqlite:///{Path(place) / 'empty.sqlite'}",
            secret_key="".join(map(chr, range(48, 90))),
        )
        database = connect(settings.database_url)
        migrate.upgrade(database)
        document = permissions.document(create_app(settings, database))
        database.dispose()
    return document
