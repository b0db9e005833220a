"""The worker: takes up one job after the other, until it is told to stop or nothing is left."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from traceback import extract_tb

from sqlalchemy.exc import SQLAlchemyError

from survey import config
from survey.db import Database, connect
from survey.errors import Refusal
from survey.jobs import table
from survey.jobs.heartbeat import Heartbeat, Report, Stopped
from survey.jobs.table import Held, Lost

POLL_SECONDS = 1.0
log = logging.getLogger("survey.worker")


def drain(database: Database, stop: threading.Event | None = None) -> None:
    """Work until no job waits or runs.

    A job that another worker runs is waited for: should that worker die, this one takes the job over.
    """
    stop = stop or threading.Event()
    while not stop.is_set():
        if _work_once(database, stop):
            continue
        with database.reading() as session:
            if not table.has_unfinished(session):
                return
        stop.wait(POLL_SECONDS)


def run_forever(database: Database, stop: threading.Event) -> None:
    """Work until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            worked = _work_once(database, stop)
        except SQLAlchemyError as error:
            _log(error, "looking for work")
            worked = False
        if not worked:
            stop.wait(POLL_SECONDS)


def _work_once(database: Database, stop: threading.Event) -> bool:
    held = table.claim(database, table.worker_name(os.getpid()))
    if held is not None:
        run(database, held, stop)
    return held is not None


def run(
    database: Database, held: Held, stop: threading.Event | None = None, report: Report | None = None
) -> None:
    """Do one job to its end, whatever that is. `report` is told of progress, besides the table."""
    try:
        _do(database, held, stop, report)
    except Lost:
        log.info("Job %s was cancelled or given to another worker.", held.id)
    except (Stopped, Refusal) as ending:
        _end(database, held, ending)
    except Exception as error:
        _log(error, f"job {held.id} ({held.kind})")
        _end(database, held, error)


def _do(database: Database, held: Held, stop: threading.Event | None, report: Report | None) -> None:
    # Imported here, because it brings scikit-learn along, which a process that serves pages never needs.
    from survey.jobs.tasks import TASKS

    with Heartbeat(database, held, stop, report) as heartbeat:
        store = TASKS[held.kind](database, held, heartbeat.progress)
    with database.writing() as session:
        table.renew(session, held)
        table.finish(session, held, store(session))


def _end(database: Database, held: Held, ending: Exception) -> None:
    try:
        with database.writing() as session:
            if isinstance(ending, Refusal):
                table.fail(session, held, str(ending))
            else:
                table.put_back(session, held, counted=not isinstance(ending, Stopped))
    except Lost:
        log.info("Job %s had ended already.", held.id)
    except SQLAlchemyError as error:
        _log(error, f"ending job {held.id}")  # the lease runs out, and a worker takes it up again


def _log(error: Exception, what: str) -> None:
    """Where it broke, never with what: messages of database errors carry the text people wrote."""
    place = extract_tb(error.__traceback__)[-1]
    log.error("%s in %s at %s:%s", type(error).__name__, what, place.filename, place.lineno)


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set, so that a worker hands its job back before it goes."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def main() -> None:
    """`python -m survey.jobs.worker --drain`: the child process of `survey.jobs.spawn`."""
    if sys.argv[1:] != ["--drain"]:
        sys.exit("Use: survey worker")
    logging.basicConfig(format="%(name)s: %(message)s")
    os.nice(10)  # people who wait for a page come first
    drain(connect(config.load().database_url), stop_on_signals())


if __name__ == "__main__":
    main()
