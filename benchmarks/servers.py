"""Servers to kill and to measure: gunicorn with the product's settings, and a PostgreSQL of our own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy.engine import URL

from benchmarks.browser import BrokenConnectionError, Browser
from tests.support import postgres
from tests.support.server import environment

SECONDS_TO_START = 60
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")


@dataclass
class Server:
    """Processes that are started, killed and started again. `main` is the one that has all the others."""

    main: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start, and wait until requests are answered."""
        raise NotImplementedError

    def kill(self) -> None:
        """SIGKILL the main process and everything it started: no handler runs, nothing is written."""
        if self.main is None or self.main.poll() is not None:
            return
        self.main.send_signal(signal.SIGSTOP)  # so that it starts no more while we look
        for process in reversed(self._processes()):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.main.wait(10)

    def cpu_seconds(self) -> float:
        """CPU time so far, user and system, of all processes, those that have ended included."""
        total = 0.0
        for number, process in enumerate(self._processes()):
            # One that has ended since the list was made is among the children's times of the next look.
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
                total += times.children_user + times.children_system if number == 0 else 0.0
        return total

    def _processes(self) -> list[psutil.Process]:
        if self.main is None:
            return []
        main = psutil.Process(self.main.pid)
        return [main, *main.children(recursive=True)]


@dataclass
class Web(Server):
    """Gunicorn with `survey.gunicorn_conf` over an application, on a free port of this machine."""

    application: str
    database_url: str
    probe: str
    workers: int = 2
    port: int = field(default_factory=postgres.free_port)

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--config", "python:survey.gunicorn_conf"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(self.workers), self.application]
        self.main = subprocess.Popen(
            command,
            env=environment(self.database_url),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the benchmark, which then ends the server.
        )
        browser = Browser(self.port)
        _wait_for(lambda: browser.get(self.probe).status < 500, BrokenConnectionError)
        browser.close()

    def stop(self) -> None:
        """End in good order."""
        if self.main is not None:
            self.main.terminate()
            self.main.wait(40)


@dataclass
class Postgres(Server):
    """A server with a data folder of its own. Its options are PostgreSQL's defaults but for `options`."""

    home: Path
    programs: Path
    account: Mapping[str, Any]
    options: Mapping[str, str]
    port: int = field(default_factory=postgres.free_port)

    @property
    def url(self) -> URL:
        """Its maintenance database."""
        return URL.create("postgresql+psycopg", "postgres", None, "127.0.0.1", self.port, "postgres")

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": str(self.port),
            **self.options,
        }
        with (self.home / "log").open("ab") as log:
            self.main = subprocess.Popen(
                [
                    str(self.programs / "postgres"),
                    "-D",
                    str(self.home / "data"),
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                cwd=self.home,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account,
            )
        _wait_for(self._answers, psycopg.OperationalError)

    def _answers(self) -> bool:
        with postgres.connect(self.url):
            return True

    def database(self, name: str) -> str:
        """Make an empty database; returns its address."""
        with postgres.connect(self.url) as connection:
            connection.execute(postgres.CREATE.format(psycopg.sql.Identifier(name)))
        return self.url.set(database=name).render_as_string(hide_password=False)

    def version(self) -> str:
        """The server's version."""
        with postgres.connect(self.url) as connection:
            return str(connection.info.parameter_status("server_version"))


def _wait_for(ready: Callable[[], bool], failure: type[Exception]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        with suppress(failure):
            if ready():
                return
        time.sleep(0.02)
    raise TimeoutError("A server of the benchmark did not start.")


@contextmanager
def own_postgres(**options: str) -> Iterator[Postgres]:
    """A fresh PostgreSQL server; stopped and its folder removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="throughline-benchmark-"))
    programs = postgres.programs() or postgres.installed_programs()
    account = postgres.unprivileged_account(home)
    subprocess.run(
        [str(programs / "initdb"), *INITDB, f"--pgdata={home / 'data'}"],
        cwd=home,
        check=True,
        stdout=subprocess.DEVNULL,
        **account,
    )
    server = Postgres(home, programs, account, options)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(home)


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    """Serve while the block runs."""
    try:
        web.start()
        yield web
    finally:
        web.kill()


def end_on_terminate() -> None:
    """Make SIGTERM end the benchmark like Ctrl-C, so that its servers end with it."""
    signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
