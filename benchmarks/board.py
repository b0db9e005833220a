"""What the board costs: its page, a theme's page, each kind of decision, SQL statements at growing sizes.

    python benchmarks/board.py [--quick] [--sizes 500 5000 ...]

A made-up study of 5,000 comments, 40 themes and 12 groups, a fourth of the comments in two themes, with 300
decisions behind it, on SQLite and on PostgreSQL. Pages go through the whole application in this process, for
somebody who is signed in. Times are CPU of this process (the server of PostgreSQL is not in them), medians of
several. The first page is that of an application that was just started. Then the pages with 500, 50,000 and
100,000 comments: the number of statements must not grow.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from analysis.breadth import breadth
from benchmarks import results
from benchmarks.analysis_scale import comments as made_up
from survey import changes, create_app, db, migrate
from survey.board import Change
from survey.config import Settings
from survey.dates import now
from survey.errors import Refusal
from survey.models import Audience, Candidate, Comment, Membership, Person, Placement, Run, Study
from survey.services import applying, studies
from survey.services import board as boards
from survey.services.people import HASHER
from tests.fixtures import post
from tests.support.postgres import fresh_postgres_database

SIZES = (500, 5_000, 50_000, 100_000)
SIZE, THEMES, AUDIENCES, DECISIONS = 5_000, 40, 12, 300
SECRET = "benchmarks-only-0123456789-abcdefghijklmn"
PERSON, PASSWORD = "planner@office.example", "correct horse battery"
BARS = {"first_page_ms": 300, "page_kb": 150, "decision_ms": 100}


@dataclass(frozen=True)
class World:
    """An application over a study of some size, and somebody signed in."""

    database: db.Database
    client: FlaskClient
    comments: list[str]
    number: int
    slug: str = "study"

    def page(self, path: str = "") -> Any:
        reply = self.client.get(f"/studies/{self.slug}/themes{path}")
        assert reply.status_code == 200, (reply.status_code, path)
        return reply

    def decide(self, change: Change) -> None:
        """One decision, committed."""
        with self.database.writing() as session:
            person = session.scalars(select(Person)).one()
            study = studies.for_person(session, person, self.slug, lock=True)
            boards.decide(session, study, change, 10**6, PERSON)


def fill(database: db.Database, number: int) -> list[str]:
    """Store the study; the ids of its comments."""
    luck = random.Random(number)
    texts = [comment.text for comment in made_up(min(number, 2_000))]
    ids = [f"c{n:06}" for n in range(number)]
    with database.writing() as session:
        study = Study(slug="study", title="A study", made_at=now())
        study.audiences = [Audience(name=f"Group {n}", position=n) for n in range(AUDIENCES)]
        person = Person(email=PERSON, name="Planner", roles=["planner"], password_hash=HASHER.hash(PASSWORD))
        session.add_all([study, person])
        session.flush()
        session.add(Membership(person_id=person.id, study_id=study.id))
        groups = {id: luck.choice(study.audiences).id for id in ids}
        rows = [
            {
                "id": id,
                "study_id": study.id,
                "audience_id": group,
                "channel": "import",
                "text": luck.choice(texts),
            }
            for id, group in groups.items()
        ]
        session.execute(insert(Comment), rows)
        place(session, study, groups, luck)
    decisions = luck.choices(ids, k=DECISIONS)
    with database.writing() as session:
        study = session.scalars(select(Study)).one()
        for turn, comment in enumerate(decisions):
            decide_something(session, study, turn, comment, luck)
    return ids


def place(session: Session, study: Study, groups: dict[str, int], luck: random.Random) -> None:
    """A run of 40 themes of uneven size; a fourth of the comments are in two, a twentieth in none."""
    weights = [1 / (n + 3) for n in range(THEMES)]
    into = {
        id: list(
            dict.fromkeys(luck.choices(range(THEMES), weights, k=luck.choices((0, 1, 2), (1, 14, 5))[0]))
        )
        for id in groups
    }
    run = Run(
        study_id=study.id,
        number=1,
        seed=0,
        comments=len(groups),
        manifest={},
        made_by="worker",
        made_at=now(),
    )
    run.totals = Counter(str(group) for group in groups.values())
    run.unplaced = sum(not themes for themes in into.values())
    for theme in range(THEMES):
        members = [id for id, themes in into.items() if theme in themes]
        row = Candidate(number=theme + 1, label=f"theme; number {theme}", size=len(members), stability=0.7)
        row.keywords, row.quotes = [f"word {theme} {n}" for n in range(8)], members[:6]
        row.by_audience = Counter(str(groups[id]) for id in members)
        run.candidates.append(row)
    session.add(run)
    session.flush()
    numbers = [candidate.id for candidate in run.candidates]
    rows = [
        {
            "run_id": run.id,
            "comment_id": id,
            "rank": rank,
            "candidate_id": numbers[theme],
            "weight": 1 / rank,
            "reason": None,
        }
        for id, themes in into.items()
        for rank, theme in enumerate(themes, start=1)
    ]
    rows += [
        {
            "run_id": run.id,
            "comment_id": id,
            "rank": 1,
            "candidate_id": None,
            "weight": 0.0,
            "reason": "fits nowhere",
        }
        for id, themes in into.items()
        if not themes
    ]
    session.execute(insert(Placement), rows)
    applying.come_first(session, study, run, "worker")


def decide_something(session: Session, study: Study, turn: int, comment: str, luck: random.Random) -> None:
    """One of what a planner mostly does; three merges and two sub-themes are among it."""
    one, other = luck.sample(range(1, THEMES + 1), 2)
    wanted = (
        changes.rename(one, f"A better name {turn}"),
        changes.accept(one),
        changes.move(comment, None, other),
        changes.move(comment, None, other),
        changes.describe(one, {"definition": f"What it means {turn}"}),
        changes.note(f"Look at this again {turn}", theme=one),
        changes.off_topic(comment),
    )[turn % 7]
    if turn % 60 == 59:
        wanted = changes.merge(one, [other]) if turn % 120 == 59 else changes.nest(one, other)
    try:
        boards.decide(session, study, wanted, 10**6, PERSON)
    except Refusal:
        boards.decide(session, study, changes.note(f"Look {turn}", comment=comment), 10**6, PERSON)


@contextmanager
def world(url: str, number: int) -> Iterator[World]:
    """Make the study, sign in, clean up."""
    database = db.connect(url)
    migrate.upgrade(database)
    ids = fill(database, number)
    yield World(database, started(database), ids, number)
    database.dispose()


def started(database: db.Database) -> FlaskClient:
    """Somebody signed in to an application that has shown nothing else yet."""
    url = database.write.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, secret_key=SECRET, worker="separate")
    client = create_app(settings, database).test_client()
    assert post(client, "/sign-in", {"email": PERSON, "password": PASSWORD}).status_code == 303
    breadth.cache_clear()
    return client


def cpu(act: Callable[[], object]) -> float:
    """Milliseconds of CPU."""
    start = time.process_time()
    act()
    return round(1000 * (time.process_time() - start), 1)


@contextmanager
def counted(database: db.Database) -> Iterator[list[str]]:
    """The SQL that runs meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    for engine in (database.read, database.write):
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in (database.read, database.write):
        event.remove(engine, "before_cursor_execute", note)


def pages(found: World, turns: int) -> dict[str, Any]:
    """The page of the board and of the largest theme."""
    first = median(cpu(replace(found, client=started(found.database)).page) for _ in range(turns))
    reply = found.page()
    with found.database.reading() as session:
        board = boards.load(session, session.scalars(select(Study)).one())
    assert board is not None
    largest = max(board.themes, key=lambda theme: theme.size)
    figures: dict[str, Any] = {
        "first_page_ms": first,
        "page_ms": median(cpu(found.page) for _ in range(turns)),
        "page_kb": round(len(reply.data) / 1000, 1),
        "themes": len(board.themes),
        "decisions": board.revision,
        "theme_page_ms": median(cpu(lambda: found.page(f"/{largest.id}")) for _ in range(turns)),
        "theme_page_comments": largest.size,
        "load_ms": median(cpu(lambda: load(found)) for _ in range(turns)),
    }
    acts: dict[str, Callable[[], object]] = {
        "page": found.page,
        "theme_page": lambda: found.page(f"/{largest.id}"),
        "decision": lambda: found.decide(changes.note("Again", theme=largest.id)),
    }
    for name, act in acts.items():
        with counted(found.database) as seen:
            act()
        figures[f"{name}_statements"] = len(seen)
    return figures


def load(found: World) -> None:
    with found.database.reading() as session:
        boards.load(session, session.scalars(select(Study)).one())


def decisions(found: World, turns: int) -> dict[str, float]:
    """Each kind of decision, committed and then undone, so that all start from the same board."""
    figures = {}
    for name, change in kinds(found).items():
        spent = []
        for _ in range(turns):
            before = revision(found)
            spent.append(cpu(partial(found.decide, change)))
            assert revision(found) == before + 1, name
            undone = cpu(partial(found.decide, changes.undo(before + 1)))
        figures[name] = median(spent)
    figures = {name: round(ms, 1) for name, ms in figures.items()} | {"undo": undone}
    figures["redo"] = cpu(lambda: found.decide(changes.redo(revision(found) - 1)))
    return figures


def revision(found: World) -> int:
    with found.database.reading() as session:
        return boards.newest_revision(session, session.scalars(select(Study)).one())


def kinds(found: World) -> dict[str, Change]:
    with found.database.reading() as session:
        study = session.scalars(select(Study)).one()
        board = boards.load(session, study)
        assert board is not None
        free = [theme.id for theme in board.top if not theme.children]
        one, two, three = free[:3]
        placed = select(Placement.comment_id).where(Placement.candidate_id.in_(board.find(one).parts))  # type: ignore[union-attr]
        inside = [id for id in session.scalars(placed) if id not in board.moved and id not in board.off_topic]
        others = [id for id in found.comments if id not in board.moved and id not in board.off_topic][:100]
        run = applying.onto(board, applying.run_of(session, study, 1))
    half = len(inside) // 2
    return {
        "reject": changes.reject(one),
        "park": changes.park(one),
        "rename": changes.rename(one, "Quite another name"),
        "describe": changes.describe(one, {"definition": "Quite another meaning"}),
        "order": changes.order(free[-1], free[::-1]),
        "nest": changes.nest(two, three),
        "office": changes.office(one, 1, "Parks"),
        "merge": changes.merge(one, [two]),
        "split": changes.split(one, [("One half", inside[:half]), ("Another half", inside[half:])]),
        "create of 100": changes.create("Quite a new theme", others),
        "move": changes.move(others[0], None, two),
        "move of 100": changes.move(others, None, two),
        "assign": changes.assign({others[0]: [two, three]}),
        "pin of 100": changes.pin(others),
        "off-topic": changes.off_topic(others[0]),
        "note": changes.note("Quite a remark", theme=one),
        "axis": changes.axis(1, "Scope", [(1, "City"), (2, "State")]),
        "quote": changes.quote(others[0], "cleared"),
        "confirm": changes.confirm("run 0", "new", [], [one]),
        "apply": run,
    }


def measured(url: str, number: int, turns: int) -> dict[str, Any]:
    with world(url, number) as found:
        figures = pages(found, turns)
        if number == SIZE:
            figures["decision_ms"] = decisions(found, turns)
    return figures


def missed(report: dict[str, Any]) -> Iterator[str]:
    """The bars that were missed: one sentence each."""
    for name, sizes in report.items():
        figures = sizes[str(SIZE)]
        slow = {
            f"decision {kind}": ms for kind, ms in figures["decision_ms"].items() if ms > BARS["decision_ms"]
        }
        slow |= {key: figures[key] for key in ("first_page_ms", "page_kb") if figures[key] > BARS[key]}
        yield from (f"{name}: {what} {value}" for what, value in slow.items())
        for key in ("page_statements", "theme_page_statements", "decision_statements"):
            if len({found[key] for found in sizes.values()}) > 1:
                yield f"{name}: {key} grow: {[found[key] for found in sizes.values()]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="5,000 comments only, once; no results kept")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="others keep their figures")
    asked = parser.parse_args()
    quick, kept = asked.quick, results.FOLDER / "board.json"
    report: dict[str, Any] = {"sqlite": {}, "postgres": {}}
    if kept.exists() and not quick:
        report = {name: json.loads(kept.read_text("utf-8"))[name] for name in report}
    for size in (SIZE,) if quick else asked.sizes:
        with tempfile.TemporaryDirectory() as folder, fresh_postgres_database() as postgres:
            urls = {"sqlite": f"sqlite:///{Path(folder) / 'board.sqlite'}", "postgres": postgres}
            for name, url in urls.items():
                report[name][str(size)] = measured(url, size, 1 if quick else 5)
    print(json.dumps(report, indent=1))
    if not quick:
        results.save("board", {**report, "bars": BARS})
    sys.exit("\n".join(missed(report)) or 0)


if __name__ == "__main__":
    main()
