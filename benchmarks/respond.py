"""What one stored response costs, against the least that could store it.

    python benchmarks/respond.py [--quick]

CPU time (user and system, of the processes of the web server and of the database server), latency and SQL
statements for a response to the same ten questions: the product's whole road against `minimal_app.py`, under
gunicorn with the same settings and on databases that are equally durable. Both take turns, each time with
fresh processes that are warmed up first; figures are medians over the turns, and ratios are medians of the
ratios of two turns that follow one another.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from benchmarks import minimal_app, results, statements
from benchmarks.browser import Browser
from benchmarks.minimal_app import MANY_PAGES, ONE_PAGE
from benchmarks.publish import publish
from benchmarks.roads import Road, Step, ours, same_road, shortest_road
from benchmarks.servers import Postgres, Web, end_on_terminate, own_postgres, serving
from benchmarks.surveys import all_on_one_page, one_a_page, ruled, ten_questions

WARM_UP = 20
RULED = "ruled"
PEER = "benchmarks.minimal_app:create_app()"
BARS = {"statements": 6, "response": 2.0, "page": 1.5}
# The start page is no part of what the peer's shortest road does.
BEGINNING = frozenset({"GET start", "POST start"})
# Sending the answer of a page and getting the next page; after the last comes the check page.
BETWEEN_PAGES = frozenset(
    {f"POST page {n}" for n in range(1, len(ten_questions()))}
    | {f"GET page {n}" for n in range(2, len(ten_questions()) + 1)}
)


@dataclass(frozen=True)
class Size:
    """How many turns each side takes, and how many people go the road in a turn."""

    turns: int
    people: int


@dataclass(frozen=True)
class Place:
    """Where the databases of one kind are: the product's, the peer's, and the server that holds them."""

    ours: str
    minimal: str
    server: Postgres | None


@dataclass
class Cost:
    """What one step cost: CPU in ms per request, web and database, and the seconds of each request."""

    web_ms: float
    database_ms: float
    seconds: list[float] = field(repr=False)

    @property
    def cpu_ms(self) -> float:
        """Web and database together."""
        return self.web_ms + self.database_ms


Turn = dict[str, Cost]


def take_turn(web: Web, place: Place, road: Road, people: int) -> Turn:
    """Let people go the road, over one connection: so all meet the same process, which is warm by then."""
    with serving(web):
        line = Browser(web.port)
        for crowd in (WARM_UP, people):
            turn = walk(web, place, [road(line.beside()) for _ in range(crowd)])
        line.close()
    return turn


def walk(web: Web, place: Place, roads: list[Iterator[Step]]) -> Turn:
    """Measure each step of a road: all make the first step, then all the second."""
    turn: Turn = {}
    while True:
        before = cpu(web, place)
        made = [step for one in roads if (step := next(one, None)) is not None]
        if not made:
            break
        web_ms, database_ms = (
            1000 * (b - a) / len(roads) for a, b in zip(before, cpu(web, place), strict=True)
        )
        turn[made[0][0]] = Cost(web_ms, database_ms, [reply.seconds for _, reply in made])
    return turn


def cpu(web: Web, place: Place) -> tuple[float, float]:
    """CPU seconds so far, of the web server and of the database server."""
    return web.cpu_seconds(), place.server.cpu_seconds() if place.server else 0.0


def alternate(place: Place, ours_first: Sequence[Road], size: Size) -> list[list[Turn]]:
    """Turns of the product and of the peer's roads, one after the other."""
    product, peer = Web("survey:create_app()", place.ours, "/healthz"), Web(PEER, place.minimal, "/")
    sides = [product, *(peer for _ in ours_first[1:])]
    return [
        [take_turn(web, place, road, size.people) for web, road in zip(sides, ours_first, strict=True)]
        for _ in range(size.turns)
    ]


def one_page(place: Place, size: Size) -> dict[str, Any]:
    """Ten questions on one page: what a stored response costs."""
    turns = alternate(place, (ours(ONE_PAGE), same_road(ONE_PAGE), shortest_road), size)
    same = [(product, same) for product, same, _ in turns]
    shortest = [({k: v for k, v in turn.items() if k not in BEGINNING}, peer) for turn, _, peer in turns]
    ratios = {"to_the_same_road": ratio(same), "to_the_shortest_road": ratio(shortest)}
    return {"ratios": ratios, **described(turns, ("ours", "same_road", "shortest_road"))}


def one_question_a_page(place: Place, size: Size) -> dict[str, Any]:
    """The same, each on a page of its own: what a page costs (one answer sent, the next question shown)."""
    turns = alternate(place, (ours(MANY_PAGES), same_road(MANY_PAGES)), size)
    between = [[{k: v for k, v in turn.items() if k in BETWEEN_PAGES} for turn in pair] for pair in turns]
    pages = ratio([(product, peer) for product, peer in between], parts=len(ten_questions()) - 1)
    return {"ratios": {"page": pages}, **described(turns, ("ours", "same_road"))}


def with_rules(place: Place, size: Size) -> dict[str, Any]:
    """One question a page again, with rules and an earlier answer in later words; the peer has neither."""
    turns = alternate(place, (ours(RULED), same_road(MANY_PAGES)), size)
    between = [[{k: v for k, v in turn.items() if k in BETWEEN_PAGES} for turn in pair] for pair in turns]
    pages = ratio([(product, peer) for product, peer in between], parts=len(ten_questions()) - 1)
    return {"ratios": {"page": pages}, **described(turns, ("ours", "same_road"))}


def ratio(pairs: Iterable[tuple[Turn, Turn]], parts: int = 1) -> dict[str, float]:
    """CPU ms of both sides, per part, and the median of their ratios."""
    sums = [[sum(cost.cpu_ms for cost in turn.values()) / parts for turn in pair] for pair in pairs]
    return {
        "ratio": round(median(a / b for a, b in sums), 2),
        "ours_cpu_ms": round(median(a for a, _ in sums), 2),
        "minimal_cpu_ms": round(median(b for _, b in sums), 2),
    }


def described(turns: list[list[Turn]], names: tuple[str, ...]) -> dict[str, Any]:
    """Each step of all sides: medians of CPU time, and latency over all requests."""
    return {
        name: {step: step_figures([turn[step] for turn in side]) for step in side[0]}
        for name, side in zip(names, zip(*turns, strict=True), strict=True)
    }


def step_figures(costs: list[Cost]) -> dict[str, float]:
    """One step over all turns."""
    seconds = [one for cost in costs for one in cost.seconds]
    twentieths = quantiles(seconds, n=20)
    return {
        "web_ms": round(median(cost.web_ms for cost in costs), 3),
        "database_ms": round(median(cost.database_ms for cost in costs), 3),
        "p50_ms": round(1000 * twentieths[9], 2),
        "p95_ms": round(1000 * twentieths[18], 2),
    }


def sql(url: str) -> dict[str, Any]:
    """The statements of one response on one page, of a process that is busy and of one that was idle."""
    busy = statements.count(url, ONE_PAGE)
    idle = statements.count(url, ONE_PAGE, forgetful=True)
    return {
        "number": sum(map(len, busy.values())),
        "number_when_sending": len(busy["POST send"]),
        "number_in_an_idle_process": sum(map(len, idle.values())),
        "statements": busy,
    }


def on_sqlite(size: Size) -> dict[str, Any]:
    """Everything on SQLite."""
    with tempfile.TemporaryDirectory(prefix="throughline-benchmark-") as folder:
        return measure(
            Place(f"sqlite:///{folder}/ours.sqlite", f"sqlite:///{folder}/minimal.sqlite", None), size
        )


def on_postgres(size: Size) -> dict[str, Any]:
    """Everything on a PostgreSQL of our own, with its default settings."""
    with own_postgres() as server:
        place = Place(server.database("ours"), server.database("minimal"), server)
        return {"version": server.version(), **measure(place, size)}


def measure(place: Place, size: Size) -> dict[str, Any]:
    """Statements, then the cost of both surveys."""
    publish(place.ours, {ONE_PAGE: all_on_one_page(), MANY_PAGES: one_a_page(), RULED: ruled()})
    minimal_app.make_tables(place.minimal)
    return {
        "sql": sql(place.ours),
        "one_page": one_page(place, size),
        "one_question_a_page": one_question_a_page(place, size),
        "with_rules": with_rules(place, size),
    }


def missed(report: dict[str, Any]) -> Iterator[str]:
    """The bars that were missed: one sentence each."""
    for database, figures in report.items():
        found = {
            "statements": figures["sql"]["number"],
            "response": figures["one_page"]["ratios"]["to_the_shortest_road"]["ratio"],
            "page": figures["one_question_a_page"]["ratios"]["page"]["ratio"],
        }
        for name, most in BARS.items():
            if found[name] > most:
                yield f"{database}: {name} {found[name]}, at most {most} were promised."


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short turns; no results kept")
    quick = parser.parse_args().quick
    end_on_terminate()
    size = Size(turns=2, people=20) if quick else Size(turns=3, people=100)
    report = {"sqlite": on_sqlite(size), "postgres": on_postgres(size)}
    print(json.dumps(report, indent=1))
    if not quick:
        results.save("respond", {**report, "turns": size.turns, "people_per_turn": size.people})
    sys.exit("\n".join(missed(report)) or 0)


if __name__ == "__main__":
    main()
