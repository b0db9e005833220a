"""Running again with more comments: themes stay, and what people decided stays without exception."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

from analysis import Comment, Options
from analysis.pipeline import discover, update
from benchmarks import theme_edits
from benchmarks import theme_measures as measures
from benchmarks.theme_data import Data, Set
from benchmarks.theme_measures import Check, by_half, mean
from benchmarks.theme_peers import Peers

DRAWS = 3
SEQUENCES = 1000


def rerun(one: Set, draw: int) -> dict[str, float]:
    """Find themes without a tenth of the rows, then with it; compare the old rows' themes.

    "afresh" is the same without the earlier result: what it is worth.
    """
    later = {row.id for row in random.Random(f"{one.name} {draw}").sample(one.rows, len(one.rows) // 10)}
    comments = one.comments()
    old = [comment for comment in comments if comment.id not in later]
    new = [comment for comment in comments if comment.id in later]
    options = Options(seed=draw)
    before = discover(old, options)
    first = measures.first_themes(before)
    warm = update(before, old, [*old, *new], options)
    afresh = discover([*old, *new], options)
    return {
        "warm": measures.ari(first, measures.first_themes(warm)[: len(old)]),
        "afresh": measures.ari(first, measures.first_themes(afresh)[: len(old)]),
    }


def warm(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure agreement over re-runs, and count decisions that were not kept."""
    sets = data.questions()
    runs = {one.name: [rerun(one, draw) for draw in range(DRAWS)] for one in sets}
    means = {
        kind: {name: fmean(run[kind] for run in found) for name, found in runs.items()}
        for kind in ("warm", "afresh")
    }
    edits = edited(sets, 50 if data.quick else SEQUENCES)
    checks = [
        Check("ARI of old rows, mean over questions", fmean(means["warm"].values()), 0.95),
        Check("sequences of edits with all decisions kept", edits["kept"], 1.0),
    ]
    return {
        "data": "argkp_dev, all rows of a question; a tenth comes later, 3 draws",
        "measure": "ARI between the old rows' first themes before and after",
        "means": {kind: mean(found.values()) for kind, found in means.items()},
        "lowest": round(min(run["warm"] for found in runs.values() for run in found), 4),
        "halves": {kind: by_half(found) for kind, found in means.items()},
        "edits": edits,
        "checks": [check.as_json() for check in checks],
        "sets": {name: [_rounded(run) for run in found] for name, found in runs.items()},
    }


def _rounded(run: dict[str, float]) -> dict[str, float]:
    return {kind: round(value, 4) for kind, value in run.items()}


def edited(sets: Sequence[Set], sequences: int) -> dict[str, Any]:
    """Play random sequences of edits on a few comments of a question in turn."""
    broken: list[str] = []
    failed = runs = decisions = 0
    for number in range(sequences):
        played = theme_edits.play(_few(sets[number % len(sets)], number), number)
        failed += bool(played.broken)
        broken += [f"{number}: {sentence}" for sentence in played.broken]
        runs, decisions = runs + played.runs, decisions + played.decisions
    return {
        "sequences": sequences,
        "runs": runs,
        "decisions_checked": decisions,
        "kept": (sequences - failed) / sequences,
        "broken": broken[:20],
    }


def _few(one: Set, number: int) -> list[Comment]:
    """Draw 60 rows, and say two of them again word for word: copies can be decided apart."""
    draw = random.Random(number)
    chosen = draw.sample(one.comments(), 60)
    copies = [replace(comment, id=f"{comment.id} again") for comment in draw.sample(chosen, 2)]
    return chosen + copies
