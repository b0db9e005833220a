"""The product as people meet it: `survey demo` builds a database once, gunicorn serves copies of it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError

SECRET = "tests-only-0123456789-abcdefghijklmnop"
START_SECONDS = 60


def environment(url: str, **settings: str) -> dict[str, str]:
    """The environment of a `survey` command: this one without its settings, plus these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    # Tests answer faster than people, and all from one address.
    ours = {"SURVEY_DATABASE_URL": url, "SURVEY_SECRET_KEY": SECRET}
    return kept | ours | {"SURVEY_FORM_SECONDS": "0", "SURVEY_RESPONSES_ADDRESS": "100000"} | settings


def run(arguments: list[str], url: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one `survey` command to its end."""
    command = [sys.executable, "-m", "survey.cli", *arguments]
    return subprocess.run(
        command, env=environment(url, **settings), capture_output=True, text=True, timeout=300, check=False
    )


def free_port() -> int:
    """A port of the loopback address that is free now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(url: str, workers: int = 1, **settings: str) -> Iterator[str]:
    """Serve a database with gunicorn; gives the address, and ends the server by its id."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "survey.cli",
        "serve",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
    ]
    server = subprocess.Popen(
        command, env=environment(url, **settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/healthz", server)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(40)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {url}")


def copy_sqlite(source: Path, target: Path) -> str:
    """Copy a database that may be in use; returns the URL of the copy."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return f"sqlite:///{target}"
