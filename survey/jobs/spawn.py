"""Workers on demand: a child process that works until nothing waits, started when there is something to do.

Whoever makes a job calls `wake` after the commit. Pages that show a job call it too (starting a process is
not a write), so work that was left behind when the machine went down goes on as soon as someone looks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from survey.config import Settings
from survey.db import Database
from survey.jobs import table

MOST_WORKERS = 2
RESTARTS = 3
COMMAND = (sys.executable, "-m", "survey.jobs.worker", "--drain")

_lock = threading.Lock()
_keeper: threading.Thread | None = None


def wake(settings: Settings, database: Database) -> None:
    """Start a worker if there is work, none of this process runs, and too few run elsewhere."""
    global _keeper
    if settings.worker != "on_demand" or not _worker_needed(database):
        return
    with _lock:
        if _keeper is None:
            _keeper = threading.Thread(target=_keep, args=(settings, database), name="keeper", daemon=True)
            _keeper.start()


def wake_if_possible(settings: Settings, database: Database) -> None:
    """`wake`, in passing: while the database is away, whoever came for something else is not bothered."""
    with suppress(SQLAlchemyError):
        wake(settings, database)


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """Start a worker in a session of its own: it outlives the server and hears none of its signals."""
    return subprocess.Popen(  # noqa: S603 - a command of ours, without any input
        COMMAND,
        env=os.environ | {"SURVEY_DATABASE_URL": settings.database_url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _worker_needed(database: Database) -> bool:
    with database.reading() as session:
        return table.has_claimable(session) and table.count_running(session) < MOST_WORKERS


def _keep(settings: Settings, database: Database) -> None:
    """Wait for the worker, so that it leaves no zombie, and start another when it was killed."""
    failures = 0
    while True:
        worker = start(settings)
        killed = worker.wait() != 0
        failures += killed
        if killed:
            _release(database, worker.pid)
        time.sleep(failures)
        if _may_end(database, killed=killed, failures=failures):
            return


def _release(database: Database, pid: int) -> None:
    """What the dead worker held need not wait until its lease runs out."""
    with suppress(SQLAlchemyError), database.writing() as session:
        table.let_go(session, table.worker_name(pid))


def _may_end(database: Database, *, killed: bool, failures: int) -> bool:
    """Whether no worker must follow. The lock keeps `wake` from trusting a keeper that is about to end."""
    global _keeper
    with _lock:
        if failures <= RESTARTS and (killed or _still_needed(database)):
            return False
        _keeper = None
        return True


def _still_needed(database: Database) -> bool:
    try:
        return _worker_needed(database)
    except SQLAlchemyError:
        return False  # the database is away; the next page that shows the job starts a worker
