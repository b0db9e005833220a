"""What decisions teach: placing the rest from examples, and which comments are worth asking about."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from analysis import Options, Result
from analysis.decisions import Decisions
from analysis.pipeline import discover, place
from analysis.suggest import suggest_next
from analysis.types import Vectors
from benchmarks import theme_measures as measures
from benchmarks.theme_data import Data, Row, Set
from benchmarks.theme_measures import Check, Pairs, by_half, mean
from benchmarks.theme_peers import Peers, Remembered, minilm_folder

DRAWS = 5
CORRECTED = (50, 200, 800)
BARS = {
    "table": {"goboston2030": (0.38, 0.49, 0.56), "dc_vision_zero": (0.31, 0.46, 0.54)},
    "minilm": {"goboston2030": (0.43, 0.55, 0.62), "dc_vision_zero": (0.34, 0.50, 0.58)},
}
CODED = "themes named A1, A2 ..."
"""A control: the names of themes teach as well, where they say what the theme is about."""
ASKED, AS_GOOD_AS, AT_A_TIME = 200, 300, 20


def decided(rows: Iterable[Row]) -> Decisions:
    """Say of each row what people said: all its themes, or none."""
    return Decisions.of({row.id: row.labels for row in rows})


def examples(one: Set, share: float, draw: random.Random) -> list[Row]:
    """Draw rows at random, so many, at least one for every theme."""
    shuffled = draw.sample(one.rows, len(one.rows))
    first: dict[str, Row] = {}
    for row in shuffled:
        if not set(row.labels) <= set(first):
            first.update(dict.fromkeys(set(row.labels) - set(first), row))
    chosen = {row.id: row for row in first.values()}
    for row in shuffled:
        if len(chosen) >= share * len(one.rows):
            break
        chosen[row.id] = row
    return [row for row in one.rows if row.id in chosen]


@dataclass(frozen=True)
class Rest:
    """Placements of the rows nobody decided, against the truth."""

    question: str
    draw: int
    truth: Pairs
    found: Pairs
    given: float
    """Share of rows given as examples."""
    kept: bool
    """Whether the examples themselves are exactly where people put them."""

    @property
    def f1(self) -> float:
        return measures.f1(self.truth, self.found)


def place_rest(one: Set, number: int) -> Rest:
    """Give a tenth of the rows as examples and have the rest placed."""
    given = examples(one, 0.1, random.Random(f"{one.name} {number}"))
    ids = [row.id for row in one.rows]
    result = place(one.comments(), Options(seed=number, decisions=decided(given)))
    found, known = measures.pairs(ids, result), {row.id for row in given}
    truth = {(row.id, label) for row in one.rows for label in row.labels}
    return Rest(
        one.name,
        number,
        {pair for pair in truth if pair[0] not in known},
        {pair for pair in found if pair[0] not in known},
        len(given) / len(ids),
        {pair for pair in truth if pair[0] in known} == {pair for pair in found if pair[0] in known},
    )


def _named(rests: Sequence[Rest], part: str) -> Pairs:
    return {
        (f"{one.question} {one.draw} {comment}", theme)
        for one in rests
        for comment, theme in getattr(one, part)
    }


def placements(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure placements of comments that have several themes, one, or none."""
    sets = data.questions()
    rests = [place_rest(one, number) for one in sets for number in range(DRAWS)]
    per_question: dict[str, list[float]] = defaultdict(list)
    for rest in rests:
        per_question[rest.question].append(rest.f1)
    scores = {name: fmean(found) for name, found in per_question.items()}
    unplaced = {one.name: measures.unplaced_share(discover(one.comments(), Options())) for one in sets}
    checks = [
        Check("F1 on the rest, mean over questions", fmean(scores.values()), 0.55),
        Check("unplaced by default, mean over questions", fmean(unplaced.values()), 0.15, at_least=False),
        Check("runs whose examples stayed where people put them", fmean(one.kept for one in rests), 1.0),
    ]
    return {
        "data": "argkp_dev, all rows of a question, with several labels, one, or none",
        "measure": "micro F1 over (comment, theme) of rows not given; 10 % given, 5 draws",
        "f1_over_all_pairs": round(measures.f1(_named(rests, "truth"), _named(rests, "found")), 4),
        "themes_per_comment": {
            part: mean([sum(len(getattr(one, part)) for one in rests) / _rest_rows(sets, rests)])
            for part in ("truth", "found")
        },
        f"f1, {CODED}": mean(place_rest(one.coded(), number).f1 for one in sets for number in range(DRAWS)),
        "given": mean(one.given for one in rests),
        "halves": {"f1": by_half(scores), "unplaced": by_half(unplaced)},
        "checks": [check.as_json() for check in checks],
        "sets": {
            name: {"f1": round(scores[name], 4), "unplaced": round(unplaced[name], 4)} for name in scores
        },
    }


def _rest_rows(sets: Sequence[Set], rests: Sequence[Rest]) -> float:
    sizes = {one.name: len(one.rows) for one in sets}
    return sum(sizes[one.question] * (1 - one.given) for one in rests)


def right_on_rest(one: Set, result: Result, known: set[str]) -> float:
    """Return the accuracy on the rows nobody decided."""
    found = measures.first_themes(result)
    rest = [place for place, row in enumerate(one.rows) if row.id not in known]
    return measures.accuracy([one.rows[place].label for place in rest], [found[place] for place in rest])


def after_random(one: Set, number: int, draw: int, vectors: str | Vectors) -> float:
    """Correct so many random rows and return the accuracy on the rest."""
    chosen = random.Random(f"{one.name} {draw}").sample(one.rows, len(one.rows))[:number]
    options = Options(seed=draw, vectors=vectors, decisions=decided(chosen))
    return right_on_rest(one, place(one.comments(), options), {row.id for row in chosen})


def after_chosen(one: Set, number: int, draw: int) -> float:
    """Correct the rows that `suggest_next` asks about, a few at a time; return the accuracy on the rest."""
    comments, by_id = one.comments(), {row.id: row for row in one.rows}
    chosen: dict[str, Row] = {}
    while len(chosen) < number:
        options = Options(seed=draw, decisions=decided(chosen.values()))
        asked = suggest_next(comments, options, count=min(AT_A_TIME, number - len(chosen)))
        new = {name: by_id[name] for name in asked if name not in chosen}
        if not new:
            raise RuntimeError(f"suggest_next had nothing new to ask after {len(chosen)} answers.")
        chosen.update(new)
    options = Options(seed=draw, decisions=decided(chosen.values()))
    return right_on_rest(one, place(comments, options), set(chosen))


def corrections(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure accuracy after corrections, at random and as asked for, with the table and with MiniLM."""
    cities, draws = data.cities(), range(2 if data.quick else DRAWS)
    report: dict[str, Any] = {
        "data": "goboston2030 and dc_vision_zero, classes of 10 rows and more",
        "measure": "accuracy of the first placement on rows nobody decided; no placement is wrong",
        "halves": "one city each; every draw apart in `sets`",
        "checks": [],
        "sets": {},
    }
    for one in cities:
        vectors: dict[str, str | Vectors] = {"table": "table"}
        if not data.quick:
            vectors["minilm"] = Remembered(minilm_folder())
        for name, back_end in vectors.items():
            _random_part(one, name, back_end, draws, report)
        _chosen_part(one, draws, report)
    return report


def _random_part(
    one: Set, name: str, back_end: str | Vectors, draws: Sequence[int], report: dict[str, Any]
) -> None:
    for number, bar in zip(CORRECTED, BARS[name][one.name], strict=True):
        scores = [after_random(one, number, draw, back_end) for draw in draws]
        _add(report, one.name, f"{name}, {number} random", scores, bar)
        if name == "table":
            scores = [after_random(one.coded(), number, draw, back_end) for draw in draws]
            _note(report, one.name, f"{name}, {number} random, {CODED}", scores)


def _chosen_part(one: Set, draws: Sequence[int], report: dict[str, Any]) -> None:
    bar = fmean(after_random(one, AS_GOOD_AS, draw, "table") for draw in draws)
    scores = [after_chosen(one, ASKED, draw) for draw in draws]
    _add(report, one.name, f"table, {ASKED} asked for, against {AS_GOOD_AS} random", scores, round(bar, 4))


def _add(report: dict[str, Any], city: str, what: str, scores: Sequence[float], bar: float) -> None:
    report["checks"].append(Check(f"{city}, {what}", fmean(scores), bar).as_json())
    _note(report, city, what, scores)


def _note(report: dict[str, Any], city: str, what: str, scores: Sequence[float]) -> None:
    """Keep figures that have no bar."""
    kept = {"mean": mean(scores), "draws": [round(score, 4) for score in scores]}
    report["sets"].setdefault(city, {})[what] = kept
