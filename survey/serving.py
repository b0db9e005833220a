"""Serving the pages: gunicorn, with what it cannot check looked at first."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from typing import NoReturn

from survey import migrate
from survey.config import Settings
from survey.db import connect
from survey.errors import Refusal
from survey.jobs import spawn, table
from survey.resources import PACKAGE, folder

COMMAND = (sys.executable, "-m", "gunicorn", "--config", "python:survey.gunicorn_conf")
APPLICATION = "survey:create_app()"
MOST_PORT = 65_535


def serve(settings: Settings, bind: str, *, workers: int | None = None, reload: bool = False) -> NoReturn:
    """Become gunicorn; raise a sentence before that when settings, schema or address are not right."""
    settings.require_secret()
    require_free(bind)
    if _work_left_behind(settings) and settings.worker == "on_demand":
        spawn.start(settings)
    arguments = [*COMMAND, "--bind", bind, *_options(workers, reload), APPLICATION]
    os.execv(arguments[0], arguments)  # noqa: S606 - gunicorn takes this process over, and its signals


def _work_left_behind(settings: Settings) -> bool:
    database = connect(settings.database_url)
    try:
        migrate.require_current(database)
        with database.reading() as session:
            return table.has_unfinished(session)
    finally:
        database.dispose()


def _options(workers: int | None, reload: bool) -> Iterator[str]:
    if workers is not None:
        yield f"--workers={workers}"
    if reload:
        yield "--reload"
        for place in (folder("templates"), PACKAGE / "static", PACKAGE / "translations"):
            yield from (f"--reload-extra-file={path}" for path in place.rglob("*.*"))


def require_free(bind: str) -> None:
    """Raise `Refusal` when another program listens at host:port, or the host is not this machine."""
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdigit() or bind.startswith(("unix:", "fd:")):
        return  # gunicorn knows more kinds of addresses, and says what is wrong with them
    if int(port) > MOST_PORT:
        raise Refusal(f"{bind} cannot be used: ports go up to {MOST_PORT:,}. Choose another one.")
    try:
        socket.create_server((host.strip("[]"), int(port)), family=_family(host)).close()
    except OSError as error:
        raise Refusal(f"{bind} cannot be used ({error.strerror}). Choose another address or port.") from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
