"""The Dask cluster that the heavy arithmetic of a job is lent to, where one is set."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from survey.errors import Refusal

if TYPE_CHECKING:
    from distributed import Client

SECONDS = 10
"""How long to wait for an answer."""


def require(scheduler: str) -> None:
    """Raise `Refusal` unless Dask is installed here and a scheduler seems to answer at the address."""
    if find_spec("distributed") is None:
        raise Refusal(
            "SURVEY_DASK_SCHEDULER is set, but Dask is not installed: "
            "install throughline[dask], or clear the setting."
        )
    try:
        answers = _answers(urlsplit(scheduler))
    except OSError as error:
        raise _no_answer(scheduler) from error
    if not answers:
        raise _no_answer(scheduler)


def _answers(address: SplitResult) -> bool:
    """Whether somebody listens and, as schedulers do, speaks first: Dask would wait for that without end."""
    with socket.create_connection((address.hostname or "", address.port or 0), SECONDS) as connection:
        return address.scheme == "tls" or connection.recv(1) != b""


@contextmanager
def client_of(scheduler: str) -> Iterator[Client]:
    """A client of the scheduler, closed afterwards; raise `Refusal` when it cannot be reached."""
    require(scheduler)
    # Imported here, because it is an extra, and brings a web server along.
    from distributed import Client

    try:
        client = Client(scheduler, timeout=SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TypeError, ValueError) as error:  # TypeError: tls:// without certificates
        raise _no_answer(scheduler) from error
    with closing(client):
        yield client


def _no_answer(scheduler: str) -> Refusal:
    return Refusal(
        f"The Dask scheduler at {scheduler} gave no answer in {SECONDS} seconds: "
        "start it, or correct or clear SURVEY_DASK_SCHEDULER."
    )
