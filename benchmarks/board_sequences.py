"""Two planners decide about one board at once, each on what they saw last: no decision is lost.

    python benchmarks/board_sequences.py [--sequences 500] [--steps 30] [--quick]

Each sequence is a study of its own, with a dozen comments and three runs. Two planners take turns: accept,
merge, split, move, undo, let a later run onto the board ..., on boards that they looked at a while ago.
Every attempt has to end in one of three ways: an edit is stored, it was so already, or it is refused with a
reason and nothing is stored. In the end the edits in the database are those that were confirmed, and the
board is what a plain model, a box of comments for each theme, makes of them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import results
from benchmarks.board_model import Model, ModelRun, differences
from benchmarks.board_wishes import Wisher
from survey import db, migrate
from survey.board import Board, Change
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.models import Audience, Candidate, Comment, Edit, Placement, Run, Study
from survey.services import applying, placements
from survey.services import board as boards
from tests.support.postgres import fresh_postgres_database

PLANNERS = ("one@office.example", "two@office.example")
RUN_SHARE = 0.06


@dataclass
class Outcome:
    """How attempts ended, and what went wrong."""

    ended: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def attempts(self) -> int:
        return self.ended.total()


@dataclass
class Planner:
    """Somebody with the board as they saw it last, and what they were told is stored."""

    by: str
    board: Board
    confirmed: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Sequence:
    """A study in a database: the plain facts of it are kept beside, for the model."""

    database: db.Database
    slug: str
    luck: random.Random
    audiences: dict[str, str]
    runs: dict[int, ModelRun]

    @classmethod
    def begin(cls, database: db.Database, number: int) -> Sequence:
        """A new study with its runs, the first of them on the board."""
        luck, slug = random.Random(number), f"sequence-{number}"
        with database.writing() as session:
            study = Study(slug=slug, title=slug, made_at=now())
            study.audiences = [Audience(name=f"Group {n}", position=n) for n in range(3)]
            session.add(study)
            session.flush()
            audiences = _comments(session, study, luck)
            runs = {n: _run(session, study, luck, n, audiences) for n in (1, 2, 3)}
        return cls(database, slug, luck, audiences, runs)

    def look(self) -> Board:
        """The board as it is now."""
        with self.database.reading() as session:
            board = boards.load(session, _study(session, self.slug))
        assert board is not None
        return board

    def play(self, steps: int, outcome: Outcome) -> None:
        """Let the planners decide so often, and check what became of it."""
        planners = [Planner(by, self.look()) for by in PLANNERS]
        for _ in range(steps):
            planner = self.luck.choice(planners)
            if self.luck.random() < 0.5:
                planner.board = self.look()
            outcome.faults += self.attempt(planner, outcome)
        outcome.faults += self.check(planners)

    def attempt(self, planner: Planner, outcome: Outcome) -> Iterator[str]:
        """One decision on what a planner saw."""
        before = self.stored()
        wanted = Wisher(self.luck, planner.board, list(self.audiences)).wish()
        try:
            with self.database.writing() as session:
                study = _locked(session, self.slug)
                if self.luck.random() < RUN_SHARE:
                    wanted = self.other_run(session, study, planner.board)
                after = boards.decide(session, study, wanted, planner.board.revision, planner.by)
        except (Refusal, NotFound) as refused:
            outcome.ended[type(refused).__name__] += 1
            grown = 0
        else:
            grown = after.revision - before
            outcome.ended["stored" if grown else "so already"] += 1
            if grown:
                planner.board = after
                planner.confirmed.append((after.revision, wanted.kind))
                outcome.kinds[wanted.kind] += 1
        if grown not in (0, 1) or self.stored() != before + grown:
            yield f"{self.slug}: {wanted} made {self.stored() - before} edits, {grown} were confirmed"

    def other_run(self, session: Session, study: Study, board: Board) -> Change:
        return applying.onto(board, applying.run_of(session, study, self.luck.randint(1, 3)))

    def stored(self) -> int:
        with self.database.reading() as session:
            return boards.newest_revision(session, _study(session, self.slug))

    def check(self, planners: list[Planner]) -> Iterator[str]:
        """Each confirmed decision is there, as its planner made it, and the board is the model's."""
        with self.database.reading() as session:
            study = _study(session, self.slug)
            edits = session.scalars(select(Edit).where(Edit.study_id == study.id).order_by(Edit.number)).all()
            if [edit.number for edit in edits] != list(range(1, len(edits) + 1)):
                yield f"{self.slug}: numbers are missing"
            for planner in planners:
                made = [(edit.number, edit.kind) for edit in edits if edit.made_by == planner.by]
                if made != planner.confirmed:
                    yield f"{self.slug}: {planner.by} was told {planner.confirmed}, and {made} are there"
            board = boards.load(session, study)
            assert board is not None
            model = Model.of(self.runs, self.audiences, boards.decisions_of(session, study))
            candidates = session.scalars(select(Candidate).where(Candidate.run_id == board.run))
            ids = {candidate.number: candidate.id for candidate in candidates}
            yield from (f"{self.slug}: {told}" for told in differences(board, model, ids))


def _study(session: Session, slug: str) -> Study:
    return session.scalars(select(Study).where(Study.slug == slug)).one()


def _locked(session: Session, slug: str) -> Study:
    return session.scalars(select(Study).where(Study.slug == slug).with_for_update()).one()


def _comments(session: Session, study: Study, luck: random.Random) -> dict[str, str]:
    audiences: dict[str, str] = {}
    for place in range(luck.randint(1, 12)):
        id, audience = f"{study.slug}-{place}", luck.choice([*study.audiences, None])
        session.add(
            Comment(id=id, study_id=study.id, audience=audience, channel="import", text=f"Text {place}")
        )
        audiences[id] = placements.audience_key(audience.id if audience else None)
    session.flush()
    return audiences


def _run(
    session: Session, study: Study, luck: random.Random, number: int, audiences: dict[str, str]
) -> ModelRun:
    """A run that put each comment into up to two candidates, and did not see the last ones."""
    seen = list(audiences)[: luck.randint(1, len(audiences)) if luck.random() < 0.5 else None]
    some = range(1, luck.randint(1, 4) + 1)
    placed = {comment: luck.sample(some, min(len(some), luck.choice((0, 1, 1, 2)))) for comment in seen}
    run = Run(study_id=study.id, number=number, seed=0, comments=len(seen), manifest={}, made_by="worker")
    run.made_at, run.totals = now(), Counter(audiences[comment] for comment in seen)
    run.unplaced = sum(not into for into in placed.values())
    for candidate in some:
        members = [comment for comment, into in placed.items() if candidate in into]
        row = Candidate(number=candidate, label=f"Found {candidate}", keywords=[], size=len(members))
        row.by_audience, row.quotes = Counter(audiences[comment] for comment in members), members[:2]
        row.goes_on = luck.choice((None, 1, 2, 3, 7)) if number > 1 else None
        run.candidates.append(row)
    session.add(run)
    session.flush()
    ids = {candidate.number: candidate.id for candidate in run.candidates}
    for comment, into in placed.items():
        for rank, candidate_number in enumerate(into, start=1):
            row_ids = {"run_id": run.id, "comment_id": comment, "rank": rank}
            session.add(Placement(**row_ids, candidate_id=ids[candidate_number], weight=1 / rank))
        if not into:
            session.add(Placement(run_id=run.id, comment_id=comment, rank=1, reason="fits nowhere"))
    session.flush()
    applying.come_first(session, study, run, "worker")
    boxes = {n: frozenset(comment for comment, into in placed.items() if n in into) for n in some}
    return ModelRun(number, boxes, frozenset(audiences) - set(seen))


def play(database: db.Database, sequences: range, steps: int) -> Outcome:
    """So many sequences over one database."""
    outcome = Outcome()
    for number in sequences:
        Sequence.begin(database, number).play(steps, outcome)
    return outcome


def measured(url: str, sequences: int, steps: int) -> dict[str, Any]:
    """The figures of one database."""
    database, start = db.connect(url), time.perf_counter()
    migrate.upgrade(database)
    outcome = play(database, range(sequences), steps)
    database.dispose()
    return {
        "sequences": sequences,
        "attempts": outcome.attempts,
        "ended": dict(outcome.ended.most_common()),
        "stored_by_kind": dict(outcome.kinds.most_common()),
        "lost_edits_and_other_faults": outcome.faults,
        "seconds": round(time.perf_counter() - start, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sequences", type=int, default=500, help="for each database")
    parser.add_argument("--steps", type=int, default=30, help="attempts in each sequence")
    parser.add_argument("--quick", action="store_true", help="20 sequences; no results kept")
    asked = parser.parse_args()
    sequences = 20 if asked.quick else asked.sequences
    with tempfile.TemporaryDirectory() as folder, fresh_postgres_database() as postgres:
        sqlite = f"sqlite:///{Path(folder) / 'board.sqlite'}"
        report = {
            name: measured(url, sequences, asked.steps)
            for name, url in {"sqlite": sqlite, "postgres": postgres}.items()
        }
    print(json.dumps(report, indent=1))
    if not asked.quick:
        results.save("board_sequences", {**report, "steps": asked.steps})
    sys.exit(
        "\n".join(fault for figures in report.values() for fault in figures["lost_edits_and_other_faults"])
    )


if __name__ == "__main__":
    main()
