"""A study without a database: comments, what runs find in them, and decisions one after the other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks.board_model import Model, ModelRun
from survey import changes
from survey.board import Board, Change, Decision, Discovery, Found, Placed, build, in_force, placing
from survey.board.deciding import prepare

AT = datetime(2026, 3, 14, tzinfo=UTC)


@dataclass
class Play:
    """A study: the audience of each comment, the runs by number, and all decisions."""

    audiences: Mapping[str, str]
    runs: Mapping[int, ModelRun]
    log: list[Decision] = field(default_factory=list)

    @classmethod
    def of(cls, audiences: Mapping[str, str], *runs: ModelRun) -> Play:
        """A study whose first run is on the board."""
        play = cls(audiences, {run.number: run for run in runs})
        numbers = {candidate: candidate for candidate in runs[0].boxes}
        play.store(changes.apply(runs[0].number, numbers, {n: f"theme {n}" for n in numbers}))
        return play

    @classmethod
    def drawn(cls, luck: random.Random) -> Play:
        """Up to 12 comments and three runs; each later run may see comments that came in between."""
        audiences = {f"c{n}": luck.choice(("1", "2", "3", "")) for n in range(luck.randint(1, 12))}
        came = {comment: luck.choice((1, 1, 1, 1, 2, 3, 9)) for comment in audiences}
        runs = []
        for number in (1, 2, 3):
            seen = [comment for comment in audiences if came[comment] <= number]
            boxes = {n: set[str]() for n in range(1, luck.randint(1, 4) + 1)}
            for comment in seen:
                for box in luck.sample(sorted(boxes), min(len(boxes), luck.choice((0, 1, 1, 2)))):
                    boxes[box].add(comment)
            held = {n: frozenset(box) for n, box in boxes.items()}
            runs.append(ModelRun(number, held, frozenset(audiences) - set(seen)))
        return cls.of(audiences, *runs)

    def store(self, change: Change) -> None:
        """Add a decision that was prepared."""
        number = len(self.log) + 1
        self.log.append(Decision.of(change, number, "planner", AT + timedelta(minutes=number), self.run))

    @property
    def run(self) -> int:
        """The run of the board."""
        applied = [d.details["run"] for d in in_force(self.log) if d.kind == "apply"]
        return applied[-1] if applied else 1

    def discovery(self, named: frozenset[str] | set[str] | None = None) -> Discovery:
        """What the services hand over: counts, and only the comments that are needed one by one."""
        run = self.runs[self.run]
        found = {
            c: frozenset(100 * run.number + n for n, box in run.boxes.items() if c in box)
            for c in self.audiences
        }
        seen = self.audiences.keys() - run.late
        named = placing(self.log) if named is None else named
        return Discovery(
            run=run.number,
            candidates=tuple(self._candidate(run, number) for number in run.boxes),
            totals=Counter(self.audiences[comment] for comment in seen),
            comments=len(seen),
            unplaced=sum(not found[comment] for comment in seen),
            late=len(run.late),
            placed={
                comment: Placed(self.audiences[comment], candidates, comment in run.late)
                for comment, candidates in found.items()
                if comment in named
            },
            together=Counter(
                (self.audiences[comment], candidates)
                for comment, candidates in found.items()
                if len(candidates) > 1 and comment not in named
            ),
        )

    def _candidate(self, run: ModelRun, number: int) -> Found:
        box = run.boxes[number]
        counts = Counter(self.audiences[comment] for comment in box)
        return Found(
            100 * run.number + number,
            number,
            f"label {number}",
            counts,
            (f"word {number}",),
            tuple(sorted(box))[:3],
            0.5,
        )

    def candidates(self) -> dict[int, int]:
        """The ids of the candidates of the run of the board, by number."""
        return {number: 100 * self.run + number for number in self.runs[self.run].boxes}

    def board(self) -> Board:
        return build(self.discovery(), self.log)

    def model(self) -> Model:
        return Model.of(self.runs, self.audiences, self.log)

    def decide(self, *wanted: Change, seen: int | None = None) -> Board:
        """Decide on the newest board, or on the one of revision `seen`; what is so already is left."""
        for change in wanted:
            board = self.board()
            everything = self.discovery(set(self.audiences)).placed
            prepared = prepare(board, everything, change, board.revision if seen is None else seen)
            if prepared is not None:
                self.store(prepared)
        return self.board()

    def applying(self, luck: random.Random) -> Change:
        """Another run: each of its candidates goes on from a theme of the board, or is new."""
        board, run = self.board(), luck.choice(list(self.runs.values()))
        themes, names = {}, {}
        free = [theme.id for theme in board.themes] + [None] * 2
        for place, candidate in enumerate(run.boxes):
            goes_on = luck.choice(free)
            themes[candidate] = board.next_number + place if goes_on is None else goes_on
            if goes_on is None:
                names[themes[candidate]] = f"found {board.next_number + place}"
        return changes.apply(run.number, themes, names)


def small() -> Play:
    """Theme 1 of two groups, theme 2 of one; c3 is in both; c4 in none; c5 came late."""
    audiences = {"c0": "1", "c1": "2", "c2": "1", "c3": "1", "c4": "2", "c5": "2"}
    first = ModelRun(1, {1: frozenset({"c0", "c1", "c3"}), 2: frozenset({"c2", "c3"})}, frozenset({"c5"}))
    second = ModelRun(2, {1: frozenset({"c0", "c5"}), 2: frozenset({"c1", "c4"})}, frozenset())
    return Play.of(audiences, first, second)
