"""Heavy work lent to a Dask cluster: a `map` for `analysis.discover` that gives the same result.

Nothing of Dask is imported here: the caller makes the client, and this module says what it needs of one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Protocol

import numpy as np
import scipy.linalg  # noqa: F401 - so that its library of linear algebra is loaded here as it is at a worker
from threadpoolctl import threadpool_info, threadpool_limits  # type: ignore[import-untyped]

from analysis.manifest import versions
from analysis.types import Map

_AHEAD = 2
"""Items sent per thread of the cluster: one to work on, one to go on with."""
_PATIENCE = 30.0
"""Seconds without a result after which to look whether any worker is left."""
_NO_WORKER = "The Dask cluster has no worker: start one, then try again."


class CannotLend(ValueError):
    """The cluster cannot do the work, or not with the same result; the message says what to do."""


class Future(Protocol):
    """Work that was sent."""

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the result; raise what the work raised, or `TimeoutError` after so many seconds."""
        ...

    def done(self) -> bool:
        """Say whether there is a result, or an error."""
        ...


class Client(Protocol):
    """What is needed of a `distributed.Client`."""

    def scatter(self, data: Any, *, broadcast: bool, hash: bool) -> Any:
        """Send data to every worker, once."""
        ...

    def submit(self, func: Callable[..., Any], *args: Any, pure: bool) -> Any:
        """Have a function called by a worker, and return a `Future`."""
        ...

    def nthreads(self) -> Mapping[str, int]:
        """Return the threads of each worker."""
        ...

    def cancel(self, futures: list[Any]) -> Any:
        """Take work back that has not begun."""
        ...


@dataclass(frozen=True)
class _Item:
    """One item, wrapped so that Dask does not look through all that is in it."""

    value: Any


def lent_by(client: Client) -> Map:
    """Return a `map` that has its function called by the workers of a cluster.

    The function goes to every worker once, so what all calls share belongs into a `functools.partial`; items
    are sent a few at a time. Each call computes with one thread.

    Parameters
    ----------
    client : distributed.Client
        A client of Dask, connected. Its scheduler and workers have the same release of this library.

    Returns
    -------
    callable
        Like the built-in `map`, of one function and one iterable: results come one by one, in the order of
        the items. What the function raises is raised here. When the caller stops early, what has not begun
        is cancelled.

    Raises
    ------
    CannotLend
        By the `map`, when the cluster has no worker, or when one has other versions or another kind of
        processor than this machine, so that results could differ in their last digits.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> class Threads(ThreadPoolExecutor):
    ...     def nthreads(self): return {"here": 1}
    ...     def scatter(self, data, broadcast, hash): return data
    ...     def submit(self, func, *args, pure): return super().submit(func, *args)
    ...     def cancel(self, futures): pass
    >>> with Threads() as client:
    ...     list(lent_by(client)(abs, [-1, 2]))
    [1, 2]
    """
    return partial(_lend, client)


def _lend(client: Client, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
    threads = sum(client.nthreads().values())
    if not threads:
        raise CannotLend(_NO_WORKER)
    [sent] = client.scatter([function], broadcast=True, hash=False)
    waiting: deque[Future] = deque()
    try:
        for item in items:
            waiting.append(client.submit(_work, sent, _Item(item), pure=False))
            if len(waiting) > _AHEAD * threads:
                yield _result(client, waiting)
        while waiting:
            yield _result(client, waiting)
    finally:
        if waiting:
            # A scheduler that is gone has nothing to cancel, and must not hide what went wrong.
            with suppress(Exception):
                client.cancel(list(waiting))


def _work(function: Callable[[Any], Any], item: _Item) -> tuple[dict[str, str], Any]:
    """Call the function, at a worker; say what it was computed with."""
    # Not lifted afterwards: the limit is the process's, and another thread of it may be at work.
    threadpool_limits(limits=1)
    return _means(), function(item.value)


def _result(client: Client, waiting: deque[Future]) -> Any:
    """Return the result that was asked for first."""
    while True:
        try:
            means, value = waiting[0].result(timeout=_PATIENCE)
            break
        except TimeoutError:
            if waiting[0].done():
                raise
            if not client.nthreads():
                raise CannotLend(_NO_WORKER) from None
    _check(means)
    waiting.popleft()
    return value


def _check(theirs: Mapping[str, str]) -> None:
    ours = _means()
    for name in ours:
        if theirs.get(name) != ours[name]:
            raise CannotLend(
                f"A worker of the Dask cluster has {name} {theirs.get(name)} and this machine {ours[name]}, "
                "so results could differ: give all of them the same releases and the same kind of processor."
            )


@cache
def _means() -> dict[str, str]:
    """Return all that the last digits of a result depend on, by name."""
    features = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    kernels = {library.get("architecture") or "" for library in threadpool_info()} - {""}
    return versions() | {
        "processor features": " ".join(features),
        "BLAS kernels": " ".join(sorted(kernels)),
    }
