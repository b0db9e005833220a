"""Who did what."""

from __future__ import annotations

import click

from survey.commands.common import opened
from survey.errors import Refusal
from survey.services import audit

group = click.Group("audit", help="Check who did what.")


@group.command()
def verify() -> None:
    """Check that no row of the audit was changed or removed; name each one that was."""
    with opened() as database, database.reading() as session:
        faults = audit.verify(session)
        rows = audit.page(session, 1, size=1).of
    for fault in faults:
        click.echo(fault)
    if faults:
        raise Refusal("The audit is not whole. Compare it with a backup.")
    click.echo(f"The audit is whole: {rows:,} rows.")
