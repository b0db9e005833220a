"""Confirmed answers under `kill -9`: none lost, none twice, none in part.

    python benchmarks/kill9.py [--database sqlite|postgres|both] [--confirmed 3000] [--kills 100] [--quick]

People answer a survey of two pages through its web pages, several at a time, while the web server is killed
again and again, for PostgreSQL in turn with the whole database server. Whoever gets no reply sends the same
form again, as one does. In the end each response that somebody was told is stored has to be there once, with
all its answers and comments.

Two controls have to fail, or the benchmark has proved nothing and says so: without the submission key answers
are stored twice; with PostgreSQL's `synchronous_commit` off, confirmed answers are lost.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks import results
from benchmarks.outcomes import Content, Verdict, judge
from benchmarks.people import SURVEY, Ledger, Person
from benchmarks.publish import publish
from benchmarks.servers import Server, Web, end_on_terminate, own_postgres, serving
from benchmarks.surveys import two_pages
from survey import db
from survey.models import Comment, Response

PEOPLE = 8
PAUSE_SECONDS = (0.2, 2.5)
AIM_SECONDS = 0.015
# Once there have been enough kills, people get more time in between to reach the number of answers.
MORE_SECONDS = 3.0
DATABASES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Size:
    """How long a run goes on: until there are so many answers and kills, but not beyond the time.

    A control goes on until its `sign` shows: a figure of the verdict that should not stay 0.
    """

    confirmed: int
    kills: int
    seconds: float
    sign: str | None = None


@dataclass
class Killer:
    """Kills servers in turn, most often at the moment when somebody sends."""

    victims: list[Server]
    ledger: Ledger
    size: Size
    verdict: Callable[[], Verdict]
    dice: random.Random = field(default_factory=lambda: random.Random(9))
    kills: dict[str, int] = field(default_factory=dict)

    def run(self) -> None:
        """Kill and start again until the run is over."""
        end = time.monotonic() + self.size.seconds
        for victim in itertools.cycle(self.victims):
            if self._enough() or time.monotonic() > end or self.ledger.problems:
                break
            self._aim()
            victim.kill()
            name = type(victim).__name__.lower()
            self.kills[name] = self.kills.get(name, 0) + 1
            victim.start()
        self.ledger.stop.set()

    def _aim(self) -> None:
        time.sleep(self.dice.uniform(*PAUSE_SECONDS))
        if self.size.sign is None and sum(self.kills.values()) >= self.size.kills:
            time.sleep(MORE_SECONDS)
        self.ledger.wait_for_sending(1.0)
        time.sleep(self.dice.uniform(0, AIM_SECONDS))

    def _enough(self) -> bool:
        if len(self.ledger.confirmed) < self.size.confirmed or sum(self.kills.values()) < self.size.kills:
            return False
        return self.size.sign is None or getattr(self.verdict(), self.size.sign) > 0


def run(url: str, application: str, size: Size, database_server: Server | None = None) -> dict[str, Any]:
    """Let people answer while servers are killed; returns what came of it."""
    print(f"{application} on {url.split(':')[0]}: until {size}", file=sys.stderr, flush=True)
    publish(url, {SURVEY: two_pages()})
    ledger, began = Ledger(), time.monotonic()
    with serving(Web(application, url, "/healthz")) as web:
        victims: list[Server] = [web, database_server] if database_server else [web]
        killer = Killer(victims, ledger, size, lambda: compare(url, ledger))
        people = [Person(web.port, ledger, seed) for seed in range(PEOPLE)]
        crowd = [threading.Thread(target=person.answer_on_and_on, daemon=True) for person in people]
        try:
            for thread in crowd:
                thread.start()
            killer.run()
        finally:
            ledger.stop.set()
            for thread in crowd:
                thread.join(60)
    verdict = compare(url, ledger)
    return {
        **verdict.to_dict(),
        "kills": killer.kills,
        "seconds": round(time.monotonic() - began),
        **ledger.counts(),
        "problems": ledger.problems[:5],
    }


def compare(url: str, ledger: Ledger) -> Verdict:
    """Judge what the database holds by what people meant and had been told before."""
    told, database = ledger.confirmed.copy(), db.connect(url)
    with database.read.connect() as connection:
        comments: dict[str | None, list[str]] = {}
        for row in connection.execute(select(Comment.response_id, Comment.text)):
            comments.setdefault(row.response_id, []).append(row.text)
        stored = []
        for row in connection.execute(select(Response.id, Response.answers)):
            content = Content(row.answers, tuple(comments.pop(row.id, ())))
            stored.append((str(row.answers.get("improve")), content))
    database.dispose()
    return judge(ledger.meant, told, stored, orphans=sum(map(len, comments.values())))


@contextmanager
def sqlite_url() -> Iterator[str]:
    """The address of an SQLite file that is checked for damage and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="throughline-benchmark-") as folder:
        path = Path(folder) / "kill9.sqlite"
        yield f"sqlite:///{path}"
        with sqlite3.connect(path) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.close()
        if found != "ok":
            raise RuntimeError(f"The SQLite file is damaged: {found}")


def without_submission_key(url: str) -> dict[str, Any]:
    """The first control: answers have to be stored twice."""
    return run(url, "benchmarks.without_key:create_app()", Size(0, 5, 300, sign="twice"))


def on_sqlite(size: Size) -> dict[str, Any]:
    """The run and its control on SQLite."""
    report = {}
    with sqlite_url() as url:
        report["run"] = run(url, "survey:create_app()", size)
    with sqlite_url() as url:
        report["control_no_submission_key"] = without_submission_key(url)
    return report


def on_postgres(size: Size) -> dict[str, Any]:
    """The run and its controls on PostgreSQL."""
    report: dict[str, Any] = {}
    with own_postgres() as server:
        report["version"] = server.version()
        report["run"] = run(server.database("kill9"), "survey:create_app()", size, server)
        report["control_no_submission_key"] = without_submission_key(server.database("without_key"))
    with own_postgres(synchronous_commit="off") as server:
        url, control = server.database("not_synchronous"), Size(0, 5, 300, sign="lost")
        report["control_synchronous_commit_off"] = run(url, "survey:create_app()", control, server)
    return report


def failures(report: dict[str, Any], size: Size) -> Iterator[str]:
    """Why the result is not good: one sentence each."""
    for database, runs in report.items():
        real = runs["run"]
        if any(real[name] for name in ("lost", "twice", "partial", "orphans")) or real["problems"]:
            yield f"{database}: confirmed answers were not kept once and whole."
        if real["confirmed"] < size.confirmed or sum(real["kills"].values()) < size.kills:
            yield f"{database}: the time was over before there were enough answers and kills."
        if not runs["control_no_submission_key"]["twice"]:
            yield f"{database}: nothing was stored twice without the submission key, so this proves nothing."
        if not runs.get("control_synchronous_commit_off", {"lost": 1})["lost"]:
            yield f"{database}: nothing was lost with synchronous_commit off, so this proves nothing."


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--confirmed", type=int, default=3_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument(
        "--quick", action="store_true", help="a few kills, to see that it runs; no results kept"
    )
    given = parser.parse_args()
    end_on_terminate()
    size = Size(50, 4, 60) if given.quick else Size(given.confirmed, given.kills, 600)
    roads = {"sqlite": on_sqlite, "postgres": on_postgres}
    chosen = DATABASES if given.database == "both" else (given.database,)
    report = {name: roads[name](size) for name in chosen}
    print(json.dumps(report, indent=1))
    for name, runs in report.items():
        if not given.quick:
            results.save(f"kill9_{name}", runs)
    sys.exit("\n".join(failures(report, size)) or 0)


if __name__ == "__main__":
    main()
