"""Placing the rest like these: comments are sorted into themes by the examples that people gave."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import analysis
from survey.board import Board
from survey.db import Database
from survey.errors import Refusal
from survey.jobs.table import Held
from survey.jobs.tasks import storing
from survey.jobs.tasks.common import Look, Progress, Store, in_words, look_at, most_of
from survey.jobs.tasks.known import Known, examples
from survey.services import runs
from survey.services.board_names import names_of

QUOTES = 5


def place(database: Database, held: Held, progress: Progress) -> Store:
    """Place comments of a study by examples: those in no theme, or with `every` all but those of people."""
    look = look_at(database, held, progress)
    board, every = look.require_board(), held.args["every"]
    told = examples(board, look.where, every=every)
    if not told.decisions.names:
        raise Refusal("There are no examples any more. Put some comments into themes, then try again.")
    options = analysis.Options(seed=held.args["seed"], decisions=told.decisions)
    with in_words():
        result = analysis.place(look.comments, options, progress=most_of(progress))
    sorted_in = _Sorted(look, board, told, result, every)
    points = storing.spots(look, sorted_in.placements, options.seed, progress)
    return storing.storing(held, sorted_in.found(options.seed, points), progress)


@dataclass(frozen=True)
class _Sorted:
    """Where comments belong by the examples; without `every`, those in a theme stay where they are."""

    look: Look
    board: Board
    told: Known
    result: analysis.Result
    every: bool

    @cached_property
    def taught(self) -> Mapping[int, analysis.Theme]:
        """By number the themes of the board that the analysis sorted into."""
        return {self.told.numbers[theme.label]: theme for theme in self.result.themes}

    @cached_property
    def placed(self) -> Sequence[Sequence[tuple[int, float]]]:
        """Per comment the themes of the board that it belongs to."""
        stay = {} if self.every else self.look.where
        number = {theme.id: theme_number for theme_number, theme in self.taught.items()}
        return [
            stay.get(row.id) or [(number[theme], weight) for theme, weight in placed]
            for row, placed in zip(self.look.rows, self.result.placements, strict=True)
        ]

    @cached_property
    def candidate(self) -> Mapping[int, int]:
        """The number of the candidate for each theme of the board, the largest first."""
        sizes = Counter(theme for themes in self.placed for theme, _weight in themes)
        order = sorted(sizes, key=lambda theme: (-sizes[theme], theme))
        return {theme: number for number, theme in enumerate(order, start=1)}

    @cached_property
    def placements(self) -> storing.Placed:
        """Per comment its candidates."""
        return [[(self.candidate[theme], weight) for theme, weight in themes] for themes in self.placed]

    def found(self, seed: int, points: Sequence[tuple[str, float, float]]) -> runs.Found:
        return runs.Found(
            seed=seed,
            comment_ids=[row.id for row in self.look.rows],
            candidates=storing.counted(self.look, self.placements, dict(self._candidates())),
            placements=self.placements,
            reasons=list(self._reasons()),
            totals=storing.totals(self.look),
            manifest={**self.result.manifest, "every": self.every},
            kind="place",
            board_revision=self.board.revision,
            points=points,
        )

    def _reasons(self) -> Iterator[str | None]:
        for themes, reason in zip(self.placed, self.result.reasons, strict=True):
            yield None if themes else reason

    def _candidates(self) -> Iterator[tuple[int, dict[str, Any]]]:
        typical, names = self._typical(), names_of(self.board)
        for number, candidate in self.candidate.items():
            theme, taught = self.board.find(number), self.taught.get(number)
            assert theme is not None
            quotes = dict.fromkeys([*(taught.quotes if taught else theme.quotes), *typical[number]])
            held = set(typical[number])
            yield (
                candidate,
                {
                    "label": names[number],
                    "keywords": list((taught and taught.keywords) or theme.keywords),
                    "stability": None,
                    "quotes": [quote for quote in quotes if quote in held][:QUOTES],
                    "goes_on": number,
                },
            )

    def _typical(self) -> Mapping[int, list[str]]:
        """The comments of each theme, those that fit best first."""
        fit: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for row, themes in zip(self.look.rows, self.placed, strict=True):
            for theme, weight in themes:
                fit[theme].append((-weight, row.id))
        return {theme: [comment for _weight, comment in sorted(found)] for theme, found in fit.items()}
