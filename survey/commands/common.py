"""What several commands share: the database of the settings, work done in this process, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from survey import config, migrate
from survey.db import Database, connect
from survey.errors import Refusal
from survey.jobs import table, worker
from survey.models import Job

BY = "command line"
"""Who did it, in the audit: the operator of the machine."""


@contextmanager
def connected() -> Iterator[Database]:
    """The database that the settings name, whatever its schema."""
    database = connect(config.load().database_url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def opened() -> Iterator[Database]:
    """The database that the settings name, at the schema of this release."""
    with connected() as database:
        migrate.require_current(database)
        yield database


class Progress:
    """Tells on standard error how far work is: in one line on a terminal, else a line for each new step."""

    def __init__(self) -> None:
        self._last = ""
        self._terminal = sys.stderr.isatty()

    def __call__(self, share: float, message: str) -> None:
        if self._terminal:
            click.echo(f"\r{share:4.0%}  {message:<40}", err=True, nl=share >= 1)
        elif message != self._last:
            click.echo(f"{share:.0%} {message}", err=True)
        self._last = message


def work_here(database: Database, put: Callable[[Session], Job]) -> dict[str, object]:
    """Put a job into the table, do it in this process, return its result; raise `Refusal` when it fails."""
    with database.writing() as session:
        held = table.take(put(session), table.worker_name(os.getpid()))
    try:
        worker.run(database, held, report=Progress())
    finally:
        # Whoever asked is here to see how it ended: what has not ended by now (Ctrl-C, a fault) never will.
        with database.writing() as session:
            table.cancel(session, held.id)
    with database.reading() as session:
        job = session.get_one(Job, held.id)
        if job.state != "done":
            raise Refusal(job.message or "The work was stopped before its end. Nothing was stored.")
        return dict(job.result or {})
