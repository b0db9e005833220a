"""Can anybody who has all but the key find out who gave which answers of an anonymous survey?

    python benchmarks/joining.py [--database sqlite|postgres|both] [--surveys 4] [--people 200] [--quick]

People are invited and answer in random order through the web pages of a real server, some of them put on the
list late and alone. An attacker then has the list, the database with its hidden columns and dead rows, its
write-ahead log, the logs of the server (PostgreSQL's with every statement), its files, and copies from
several moments (`tests/support/joining.py` tells what he does with them). On the first survey he is told who
answered what, to learn which join works best; on the others he is judged by that join.

Controls have to be found out, or the benchmark has proved nothing: people marked in the same transaction,
ballots in the order of the list, a key that can be guessed.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from sqlalchemy import text

from benchmarks import results
from benchmarks.browser import Browser, form_of
from benchmarks.servers import Web, end_on_terminate, own_postgres, serving
from survey import db, migrate
from survey.dates import now
from survey.document import parse
from survey.models import Survey, Version
from survey.services import ballots, sealing, studies
from survey.spoken_codes import grouped
from tests.support import election as road
from tests.support.election import Election, emails, every_commit_kept, naive_mark, naive_order
from tests.support.joining import Verdict, judge, right
from tests.support.joining_evidence import KEYS, evidence

ALLOWED = 3
COPIES = 5
BETTER = {"id": "better", "type": "long_text", "label": {"en": "What should the city do better?"}}
DOCUMENT = {
    "title": {"en": "Measured"},
    "languages": ["en"],
    "layout": "page",
    "pages": [{"id": "p1", "title": None, "questions": [BETTER]}],
}


@dataclass
class Place:
    """A database with a server over it, and what the attacker can read besides."""

    database: db.Database
    port: int = 0
    study_id: int = 0
    files: dict[str, list[Path]] = field(default_factory=dict)

    def looked_through(self) -> dict[str, list[Path]]:
        """The files as they are now; PostgreSQL writes down first what it has in memory."""
        if not self.database.is_sqlite:
            with self.database.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("CHECKPOINT"))
        return {
            name: sorted(found for path in paths for found in _files(path))
            for name, paths in self.files.items()
        }


def _files(path: Path) -> list[Path]:
    return [found for found in path.rglob("*") if found.is_file()] if path.is_dir() else [path]


@dataclass
class WebElection(Election):
    """The same over the pages of a server."""

    place: Place | None = None

    def send(self, code: str, typed: str) -> None:
        """One person, from the link of the invitation to the receipt."""
        assert self.place is not None
        start = f"/answer/{self.slug}"
        browser = Browser(self.place.port)
        for path, fields in (
            (f"{start}/code", [("code", grouped(code))]),
            (start, []),
            (f"{start}/pages/1", [("q-better", typed)]),
            (f"{start}/check", []),
        ):
            form = form_of(browser.get(path).text)
            reply = browser.post(form.action or path, form.filled(fields))
        browser.close()
        if not reply.location.endswith("/sent"):
            raise RuntimeError(f"An answer was not taken: {reply.status} {reply.location}")


def open_survey(place: Place, slug: str, people: int, kind: type[Election] = WebElection) -> Election:
    """An anonymous survey that asks for codes, with people on its list."""
    with place.database.writing() as session:
        frozen = parse(DOCUMENT).to_dict()
        facts = {"mode": "anonymous", "state": "open", "access": "code"}
        survey = Survey(study_id=place.study_id, slug=slug, document=frozen, **facts)
        survey.versions = [Version(number=1, document=frozen, published_at=now())]
        session.add(survey)
        session.flush()
        more = {"place": place} if kind is WebElection else {}
        made = kind(place.database, slug, survey.id, [], {}, random.Random(slug), **more)
    made.grow(emails(people, slug))
    return made


def all_answer(election: Election, copies: Path, late: int) -> None:
    """Everybody answers in random order; copies are made meanwhile, and so many people come late, alone."""
    waiting = election.dice.sample(election.listed, len(election.listed))
    every = max(1, (len(waiting) + late) // (late + 1))
    for number in range(late):
        election.answer([waiting.pop() for _turn in range(min(every, len(waiting) - 10))])
        new = f"late{number}@{election.slug}.example"
        election.grow([new])
        waiting.insert(election.dice.randrange(len(waiting) + 1), new)
    for number in range(COPIES):
        some = -(-len(waiting) // (COPIES - number))
        election.answer([waiting.pop() for _turn in range(min(some, len(waiting)))])
        copy(election, copies / f"{election.slug}-{number}")


def copy(election: Election, target: Path) -> None:
    """A backup of an SQLite database with its log, as a file system makes it."""
    url = election.database.write.url
    if url.get_backend_name() == "sqlite":
        for ending in ("", "-wal"):
            shutil.copy(f"{url.database}{ending}", f"{target}{ending}")


def attacked(place: Place, election: Election) -> tuple[Verdict, dict[str, int]]:
    """What all joins get right, and by name what each got."""
    seen = evidence(place.database, election.survey_id, election.listed, place.looked_through())
    truth = election.truth()
    return judge(seen, truth), {name: right(join, truth) for name, join in seen.joins()}


def run(place: Place, copies: Path, surveys: int, people: int) -> dict[str, Any]:
    """Rehearse once, then be judged."""
    rounds, best = [], ""
    for number in range(surveys + 1):
        late = people // 10 if number % 2 else 0
        election = open_survey(place, f"survey-{'abcdefghijklmnopqrstuvwxyz'[number]}", people - late)
        all_answer(election, copies, late)
        place.files["copies"] = [copies]
        verdict, scores = attacked(place, election)
        best = best or verdict.best
        rounds.append(_line(verdict, late, scores.get(best, 0)))
        print(number, rounds[-1], file=sys.stderr, flush=True)
    with place.database.writing() as session:
        survey = session.get_one(Survey, election.survey_id)
        survey.state = "closed"
        sealing.seal(session, survey)
    sealing.compact(place.database)
    sealed, scores = attacked(Place(place.database), election)
    judged = rounds[1:]
    return {
        "join_learnt": best,
        "rehearsal": rounds[0],
        "surveys": judged,
        "sealed": _line(sealed, 0, scores.get(best, 0)),
        "learnt_join_right_on_average": round(fmean(one["learnt_join_right"] for one in judged), 2),
        "any_join_right_on_average": round(fmean(one["mean"] for one in judged), 2),
        "most_of_any_join": max(one["most"] for one in judged),
    }


def _line(verdict: Verdict, late: int, learnt: int) -> dict[str, Any]:
    found = {"joins": len(verdict.scores), "mean": round(verdict.mean, 2), "most": verdict.most}
    return {**found, "late": late, "learnt_join_right": learnt}


def controls(place: Place, people: int) -> dict[str, Any]:
    """Worse designs, by the road of the services."""
    return {
        "marked_in_the_same_transaction": _control(place, "marked", people, mark=naive_mark),
        "ballots_in_the_order_of_the_list": _control(place, "ordered", people, add=naive_order),
        "key_that_can_be_guessed": _control(place, "guessed", people, secret=KEYS[1]),
    }


def _control(place: Place, slug: str, people: int, **worse: Any) -> dict[str, Any]:
    before = ballots.add, road.SECRET
    ballots.add, road.SECRET = worse.get("add", before[0]), worse.get("secret", before[1])
    try:
        election = open_survey(place, slug, people, Election)
        election.answer(election.dice.sample(election.listed, people), worse.get("mark"))
        verdict = judge(evidence(place.database, election.survey_id, election.listed), election.truth())
    finally:
        ballots.add, road.SECRET = before
    return {"most": verdict.most, "by": verdict.best}


@contextmanager
def watched(url: str, files: dict[str, list[Path]]) -> Iterator[Place]:
    """A migrated database with a server over it, of which nothing is cleared away."""
    database = db.connect(url)
    migrate.upgrade(database)
    with database.writing() as session:
        study = studies.add(session, "measured", "Measured", by="benchmarks")
        session.flush()
        study_id = study.id
    with (
        every_commit_kept(database),
        kept_open(database),
        serving(Web("survey:create_app()", url, "/healthz")) as web,
    ):
        yield Place(database, web.port, study_id, files)
    database.dispose()


@contextmanager
def kept_open(database: db.Database) -> Iterator[None]:
    """While somebody reads an old state of an SQLite file, its log keeps every commit since then."""
    with database.read.connect() as connection:
        if database.is_sqlite:
            connection.execute(text("SELECT count(*) FROM survey"))
        yield


def on_sqlite(surveys: int, people: int) -> dict[str, Any]:
    """The attack and its controls on SQLite."""
    with tempfile.TemporaryDirectory(prefix="throughline-benchmark-") as folder:
        (copies := Path(folder) / "copies").mkdir()
        with watched(f"sqlite:///{folder}/joining.sqlite", {}) as place:
            return {"attack": run(place, copies, surveys, people), "controls": controls(place, people)}


def on_postgres(surveys: int, people: int) -> dict[str, Any]:
    """The attack and its controls on PostgreSQL."""
    telling = {"track_commit_timestamp": "on", "log_statement": "all", "log_min_duration_statement": "0"}
    with own_postgres(**telling) as server, tempfile.TemporaryDirectory() as copies:
        data = server.home / "data"
        files = {"log of the server": [server.home / "log"], "write-ahead log": [data / "pg_wal"]}
        files["folder"] = [data / "base"]
        with watched(server.database("joining"), files) as place:
            report = {"version": server.version(), "attack": run(place, Path(copies), surveys, people)}
            return {**report, "controls": controls(place, people)}


def failures(report: dict[str, Any], people: int) -> Iterator[str]:
    """Why the result is not good: one sentence each."""
    for database, found in report.items():
        attack = found["attack"]
        if attack["learnt_join_right_on_average"] > ALLOWED or attack["any_join_right_on_average"] > ALLOWED:
            yield f"{database}: people were joined to their answers."
        if attack["most_of_any_join"] >= 10 or attack["sealed"]["most"] >= 10:
            yield f"{database}: one join got more right than chance gives."
        for name, control in found["controls"].items():
            hidden = database == "sqlite" and name == "ballots_in_the_order_of_the_list"
            if control["most"] < people and not hidden:
                yield f"{database}: the control {name} was not found out, so this proves nothing."


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--surveys", type=int, default=4)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument(
        "--quick", action="store_true", help="few people, to see that it runs; nothing is kept"
    )
    given = parser.parse_args()
    end_on_terminate()
    surveys, people = (1, 40) if given.quick else (given.surveys, given.people)
    roads = {"sqlite": on_sqlite, "postgres": on_postgres}
    chosen = tuple(roads) if given.database == "both" else (given.database,)
    report = {name: roads[name](surveys, people) for name in chosen}
    print(json.dumps(report, indent=1))
    if not given.quick and given.database == "both":
        results.save("joining", {"people": people, "allowed": ALLOWED, **report})
    sys.exit("\n".join(failures(report, people)) or 0)


if __name__ == "__main__":
    main()
