"""Work lent to a Dask cluster: the same bytes, in order, with the same errors, and nothing left running."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from analysis import Cancelled, Comment, Options, Result, discover, lend, update
from analysis.arrays import unit
from analysis.cluster import nearest
from analysis.lend import CannotLend, lent_by
from tests.analysis.corpus_of_notes import notes

distributed = pytest.importorskip(
    "distributed", reason="Dask is not installed: pip install 'throughline[dask]'"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of two worker processes on this machine, without a dashboard."""
    place = tmp_path_factory.mktemp("dask")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=None,
            local_directory=str(place),
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def many() -> list[Comment]:
    """360 comments that differ."""
    made = [
        Comment(f"{one.id}-{day}", f"{one.text} {day}", one.audience)
        for one in notes()
        for day in ("today", "on Monday", "in the winter", "por favor")
    ]
    assert len({one.text for one in made}) > 300
    return made


def written(result: Result) -> bytes:
    return json.dumps(asdict(result), sort_keys=True).encode()


def test_a_discovery_gives_the_same_bytes(client: Any) -> None:
    lent = lent_by(client)
    first, again = discover(many()), discover(many(), map=lent)
    assert written(again) == written(first)
    assert len({theme.stability for theme in first.themes}) > 1
    assert written(update(again, many(), notes(), map=lent)) == written(update(first, many(), notes()))


def test_work_is_done_elsewhere_by_a_single_thread_each(client: Any) -> None:
    client.run(allow_threads)
    for process, threads in lent_by(client)(who_works, range(8)):
        assert process in client.run(process_number).values()
        assert threads == {1}


def allow_threads() -> None:
    threadpool_limits(limits=2)


def who_works(item: int) -> tuple[int, set[int]]:
    return process_number(), {library["num_threads"] for library in threadpool_info()}


def process_number() -> int:
    return os.getpid()


def test_neighbours_of_several_blocks_are_the_same(client: Any) -> None:
    points = unit(np.random.default_rng(1).standard_normal((3_300, 40)))
    here, there = (
        nearest(points, points, 20, itself=True, spread_out=spread_out)
        for spread_out in (map, lent_by(client))
    )
    assert [part.tobytes() for part in there] == [part.tobytes() for part in here]
    some = nearest(points[:1_200], points, 7, spread_out=lent_by(client))
    assert np.array_equal(some[0], nearest(points[:1_200], points, 7)[0])


def test_results_come_in_the_order_of_the_items(client: Any) -> None:
    waits = [0.4, 0.0, 0.2, 0.0, 0.1, *[0.0] * 30]
    assert list(lent_by(client)(wait_and_tell, enumerate(waits))) == list(range(35))
    assert list(lent_by(client)(abs, [])) == []


def wait_and_tell(item: tuple[int, float]) -> int:
    time.sleep(item[1])
    return item[0]


def test_items_of_any_kind_arrive_as_they_were_sent(client: Any) -> None:
    items = [[1, [2]], {"a": (1, None)}, "task-1", ("x", 1), None, np.arange(3).tolist(), "\ud800 \U0001f6b2"]
    assert list(lent_by(client)(itself, items)) == items
    assert list(lent_by(client)(partial(add, 5), [1, 1, 1])) == [6, 6, 6]


def itself(item: object) -> object:
    return item


def add(first: int, second: int) -> int:
    return first + second


@pytest.mark.parametrize("error", [ValueError, TimeoutError, Cancelled])
def test_what_the_function_raises_is_raised_here(client: Any, error: type[Exception]) -> None:
    results = lent_by(client)(partial(refuse_three, error), range(20))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(error, match="3 is too few"):
        next(results)
    assert nothing_waits(client)


def refuse_three(error: type[Exception], item: int) -> int:
    if item == 3:
        raise error(f"{item} is too few")
    return item


def nothing_waits(client: Any) -> bool:
    """The scheduler has forgotten all work, in a while: what was begun is finished first."""
    end = time.monotonic() + 10
    while client.run_on_scheduler(waiting_tasks):
        assert time.monotonic() < end, "work is left"
        time.sleep(0.05)
    return True


def waiting_tasks(dask_scheduler: Any) -> int:
    return sum(key.startswith("_work") for key in dask_scheduler.tasks)


def test_few_items_are_sent_ahead_and_taken_back_when_the_caller_stops(client: Any, tmp_path: Path) -> None:
    drawn: list[int] = []
    items = ((number, 0.2 if number else 0.0, tmp_path) for number in drawing(drawn))
    results = lent_by(client)(leave_a_trace, items)
    assert next(results) == 0
    assert 1 < len(drawn) <= 9  # two for each of four threads, and one
    results.close()
    assert nothing_waits(client)
    time.sleep(0.5)
    assert len(list(tmp_path.iterdir())) < 9


def drawing(drawn: list[int]) -> Iterator[int]:
    """All numbers, noting which were asked for."""
    for number in count():
        drawn.append(number)
        yield number


def leave_a_trace(item: tuple[int, float, Path]) -> int:
    number, seconds, place = item
    (place / str(number)).touch()
    time.sleep(seconds)
    return number


def test_a_fault_among_the_items_takes_the_others_back(client: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        list(lent_by(client)(wait_and_tell, ((number, 1 / (4 - number)) for number in range(9))))
    assert nothing_waits(client)


@pytest.mark.parametrize("name", ["numpy", "throughline", "processor features", "BLAS kernels"])
def test_a_worker_with_other_means_is_refused(
    client: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    means = lend._means() | {name: "of another kind"}
    monkeypatch.setattr(lend, "_means", lambda: means)
    with pytest.raises(CannotLend, match=f"has {name} .* and this machine of another kind, so results could"):
        discover(notes(), Options(themes=5), map=lent_by(client))
    assert nothing_waits(client)


class Gone:
    """A client whose workers are gone after the first results."""

    def __init__(self, results: int) -> None:
        self.results, self.cancelled = results, 0

    def scatter(self, data: Any, *, broadcast: bool, hash: bool) -> Any:
        return data

    def submit(self, function: Callable[..., Any], *args: Any, pure: bool) -> SimpleNamespace:
        self.results -= 1
        if self.results < 0:
            return SimpleNamespace(result=self.too_late, done=lambda: False)
        return SimpleNamespace(result=lambda timeout: function(*args), done=lambda: True)

    def too_late(self, timeout: float) -> None:
        raise TimeoutError

    def nthreads(self) -> dict[str, int]:
        return {"one": 1} if self.results > 0 else {}

    def cancel(self, futures: list[Any]) -> None:
        self.cancelled += len(futures)
        raise OSError("nobody is there")


def test_a_cluster_without_workers_is_refused_not_waited_for() -> None:
    with pytest.raises(CannotLend, match="has no worker: start one"):
        discover(notes(), Options(themes=5), map=lent_by(Gone(0)))
    gone = Gone(2)
    with pytest.raises(CannotLend, match="has no worker: start one"):
        list(lent_by(gone)(abs, range(3)))
    assert gone.cancelled == 1
