"""Keeping a lease alive while the work goes on, and telling the work when to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from survey.db import Database
from survey.jobs import table
from survey.jobs.table import Held, Lost

Report = Callable[[float, str], object]


class Stopped(Exception):
    """The worker was asked to stop; the job goes back to where it waited."""


class Heartbeat:
    """A thread that renews the lease of a job and writes its progress, at most once a second.

    The work calls `progress` between its steps. That costs nothing, and raises `Lost` when the job is not
    ours any more, `Stopped` when the worker was asked to stop.
    """

    def __init__(
        self,
        database: Database,
        held: Held,
        stop: threading.Event | None = None,
        report: Report | None = None,
    ) -> None:
        self._database, self._held = database, held
        self._stop = stop or threading.Event()
        self._report = report
        self._latest: tuple[float, str] | None = None
        self._lost, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of job {held.id}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def progress(self, share: float, message: str) -> None:
        """Note the share done and what is being done now."""
        if self._lost.is_set():
            raise Lost
        if self._stop.is_set():
            raise Stopped
        self._latest = (share, message)
        if self._report is not None:
            self._report(share, message)

    def _beat(self) -> None:
        renewed = time.monotonic()
        while not self._ended.wait(1) and not self._lost.is_set():
            latest, self._latest = self._latest, None
            if latest is not None or time.monotonic() - renewed >= table.RENEW_SECONDS:
                self._renew(latest)
                renewed = time.monotonic()

    def _renew(self, latest: tuple[float, str] | None) -> None:
        try:
            with self._database.writing() as session:
                table.renew(session, self._held, latest)
        except Lost:
            self._lost.set()
        except SQLAlchemyError:
            return  # the database is away or busy: try again with the next beat, while the lease lasts
