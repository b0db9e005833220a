"""Sixty-four people at once, and people who answer while themes are being found.

    python benchmarks/writers.py [--quick]

Under gunicorn, on SQLite and on PostgreSQL, with a survey of ten questions on one page:

- 64 writers go the whole road at the same time, again and again. Every reply must be the one of the road,
  none may be "busy" or an error, and as many responses are stored as were confirmed.
- Four people answer, one road after the other, while nothing else goes on and then while a worker finds the
  themes of 30,000 comments; both turns alternate. The 95th percentile of a POST, with the discovery and
  without, is compared as a ratio.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks import results
from benchmarks.analysis_scale import comments as made_up
from benchmarks.browser import Browser
from benchmarks.minimal_app import ONE_PAGE
from benchmarks.publish import publish
from benchmarks.roads import ours
from benchmarks.servers import Web, end_on_terminate, own_postgres, serving
from benchmarks.surveys import all_on_one_page
from survey import db
from survey.models import Comment, Response, Study
from tests.support.server import environment

WRITERS, PEOPLE = 64, 4
BARS = {"p95": 2.0}


@dataclass(frozen=True)
class Size:
    """How many roads each writer goes, how many turns of how many seconds, how many comments there are."""

    roads: int
    turns: int
    seconds: float
    comments: int


@dataclass
class Crowd:
    """People who answer at the same time, with what each POST took and what went wrong."""

    port: int
    seconds: list[float] = field(default_factory=list)
    sent: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def go(self, people: int, until: Callable[[int], bool]) -> None:
        """Let them go the road again and again until each has enough."""
        threads = [threading.Thread(target=self._answer, args=(until,)) for _ in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _answer(self, until: Callable[[int], bool]) -> None:
        roads = 0
        while not until(roads):
            browser = Browser(self.port)
            try:
                for name, reply in ours(ONE_PAGE)(browser):
                    if name.startswith("POST"):
                        self.seconds.append(reply.seconds)
                self.sent += 1
            except Exception as problem:
                self.wrong[f"{type(problem).__name__}: {str(problem)[:80]}"] += 1
            finally:
                browser.close()
            roads += 1

    def p95_ms(self) -> float:
        """The 95th percentile of a POST."""
        return round(1000 * quantiles(self.seconds, n=20)[18], 2)


def stored(url: str) -> int:
    """How many responses there are."""
    database = db.connect(url)
    with database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Response)) or 0
    database.dispose()
    return count


def many_writers(url: str, size: Size) -> dict[str, Any]:
    """All writers at once."""
    before = stored(url)
    with serving(Web("survey:create_app()", url, "/healthz")) as web:
        crowd = Crowd(web.port)
        crowd.go(WRITERS, lambda roads: roads >= size.roads)
    return {
        "writers": WRITERS,
        "confirmed": crowd.sent,
        "stored": stored(url) - before,
        "errors": dict(crowd.wrong),
        "p95_ms": crowd.p95_ms(),
    }


def beside_a_discovery(url: str, size: Size) -> dict[str, Any]:
    """Idle and with a discovery, in turns."""
    add_comments(url, size.comments)
    pairs = []
    with serving(Web("survey:create_app()", url, "/healthz")) as web:
        for _ in range(size.turns):
            idle = turn(web.port, size)
            with discovering(url):
                busy = turn(web.port, size)
            pairs.append((idle, busy))
    wrong = sum((crowd.wrong for pair in pairs for crowd in pair), Counter[str]())
    return {
        "ratio": round(median(busy.p95_ms() / idle.p95_ms() for idle, busy in pairs), 2),
        "idle_p95_ms": median(idle.p95_ms() for idle, _ in pairs),
        "discovering_p95_ms": median(busy.p95_ms() for _, busy in pairs),
        "comments": size.comments,
        "errors": dict(wrong),
    }


def turn(port: int, size: Size) -> Crowd:
    """Some people for some seconds."""
    crowd, end = Crowd(port), time.monotonic() + size.seconds
    crowd.go(PEOPLE, lambda _roads: time.monotonic() >= end)
    return crowd


def add_comments(url: str, count: int) -> None:
    """Comments of the study, to find themes in."""
    database = db.connect(url)
    with database.writing() as session:
        study = session.scalars(select(Study.id)).one()
        rows = [
            {"id": f"c{at:06}", "study_id": study, "channel": "import", "text": one.text}
            for at, one in enumerate(made_up(count))
        ]
        session.execute(insert(Comment), rows)
    database.dispose()


@contextmanager
def discovering(url: str) -> Iterator[None]:
    """Workers find themes meanwhile, one after the other, nicer than the pages; the last is waited for."""
    command = ["nice", "-n", "10", sys.executable, "-m", "survey.cli", "discover", "measured"]
    over = threading.Event()
    ended: list[int] = []

    def work() -> None:
        while not over.is_set():
            done = subprocess.run(command, env=environment(url), capture_output=True, check=False)
            ended.append(done.returncode)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(2.0)  # past its start
    try:
        yield
    finally:
        over.set()
        thread.join()
    if any(ended):
        raise RuntimeError(f"A discovery failed: {ended}")


def measure(url: str, size: Size) -> dict[str, Any]:
    """Both."""
    publish(url, {ONE_PAGE: all_on_one_page()})
    return {"writers": many_writers(url, size), "discovery": beside_a_discovery(url, size)}


def on_sqlite(size: Size) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="throughline-benchmark-") as folder:
        return measure(f"sqlite:///{folder}/ours.sqlite", size)


def on_postgres(size: Size) -> dict[str, Any]:
    with own_postgres() as server:
        return {"version": server.version(), **measure(server.database("ours"), size)}


def missed(report: dict[str, Any]) -> Iterator[str]:
    """The bars that were missed: one sentence each."""
    for database, figures in report.items():
        writers, discovery = figures["writers"], figures["discovery"]
        if writers["errors"] or discovery["errors"] or writers["confirmed"] != writers["stored"]:
            yield f"{database}: not every answer was taken and stored: {writers} {discovery['errors']}"
        if discovery["ratio"] > BARS["p95"]:
            yield f"{database}: p95 beside a discovery {discovery['ratio']}x, {BARS['p95']}x was promised."


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one short turn; no results kept")
    quick = parser.parse_args().quick
    end_on_terminate()
    size = Size(2, 1, 8.0, 10_000) if quick else Size(10, 3, 12.0, 30_000)
    report = {"sqlite": on_sqlite(size), "postgres": on_postgres(size)}
    print(json.dumps(report, indent=1))
    if not quick:
        results.save("writers", report)
    sys.exit("\n".join(missed(report)) or 0)


if __name__ == "__main__":
    main()
