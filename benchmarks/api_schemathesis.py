"""Schemathesis over the description of the API, for long: no fault may be found.

    python benchmarks/api_schemathesis.py [--database sqlite|postgres|both] [--examples 100] [--seed 1]

Requests are made from the served description, those that fit it and those that do not, and sent to the
application in this process, in a study with something of everything. After all of them every board must still
be computed and the chain of the audit must be whole. The test `tests/whole/test_api_schema.py` is the same
with few examples.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import results
from survey import create_app, db, migrate
from survey.config import Settings
from survey.dates import now
from survey.models import Person
from survey.models.token import SCOPES
from survey.services import audit, studies, tokens
from survey.services import board as boards
from survey.views.api import limits
from tests.factories import fill
from tests.people import make_cast
from tests.support.fuzz import Outcome, Plan, fuzz
from tests.support.postgres import fresh_postgres_database

SECRET = "benchmarks-only-0123456789-abcdefghijkl"
SLUG = "it-plan"


@contextmanager
def blank(kind: str) -> Iterator[str]:
    """The address of an empty database."""
    if kind == "postgres":
        with fresh_postgres_database() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'api.sqlite'}"


def prepare(database: db.Database) -> str:
    """A study with something of everything; returns a token of its planner."""
    migrate.upgrade(database)
    with database.writing() as session:
        study = studies.add(session, SLUG, "IT Strategic Plan", by="benchmark")
        cast = make_cast(session, study, studies.add(session, "other", "Another study", by="benchmark"))
        fill(session, study, cast)
        planner = session.get_one(Person, cast.planner.id)
        return tokens.make(session, planner, tokens.Wanted("benchmark", SCOPES), now().date()).secret


def run(kind: str, examples: int, seed: int) -> dict[str, Any]:
    """All requests against one kind of database."""
    with blank(kind) as url:
        database = db.connect(url)
        secret = prepare(database)
        app = create_app(Settings(database_url=url, secret_key=SECRET, worker="separate"), database)
        start = time.monotonic()
        outcome = fuzz(app, Plan(secret, SLUG, examples, seed))
        seconds = time.monotonic() - start
        found = {**report(outcome), "seconds": round(seconds, 1), **afterwards(database)}
        database.dispose()
    return found


def report(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON."""
    statuses = {label: dict(sorted(counts.items())) for label, counts in sorted(outcome.statuses.items())}
    checks = dict(sorted(outcome.checks.items()))
    return {"requests": outcome.requests, "faults": outcome.faults, "checks": checks, "statuses": statuses}


def afterwards(database: db.Database) -> dict[str, Any]:
    """What the requests left behind: a board that can be computed, an audit that is whole."""
    with database.reading() as session:
        board = boards.load(session, studies.by_slug(session, SLUG))
        broken = audit.verify(session)
    return {"decisions": board.revision if board else 0, "broken_audit_rows": broken}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    limits.MOST_REQUESTS = 10**9
    kinds = ("sqlite", "postgres") if args.database == "both" else (args.database,)
    found = {kind: run(kind, args.examples, args.seed) for kind in kinds}
    for kind, one in found.items():
        faults = len(one["faults"])
        print(f"{kind}: {one['requests']:,} requests, {one['decisions']} decisions, {faults} faults")
        print(*one["faults"][:20], sep="\n")
    print(results.save("api_schemathesis", {"examples": args.examples, "seed": args.seed, **found}))
    sys.exit(any(one["faults"] or one["broken_audit_rows"] for one in found.values()))


if __name__ == "__main__":
    main()
