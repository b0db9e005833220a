"""Breadth against the truth: simulated studies, and themes that people coded.

    python benchmarks/breadth.py [--studies 400] [--data FOLDER] [--quick]

Studies of six audiences are made up in several worlds (what shares a theme has) and several ways of listening
(how many people speak, how often, whether they repeat themselves). The theme occurs where its share exceeds
2 %; counted is how often the 90 % interval holds the number of audiences where it does. A theme nobody
mentioned would not be found, so studies without a comment on it are drawn again.

The coded comments are looked for in `../shared/data/comments`; without them that part is left out.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.breadth import ENOUGH, OCCURS, breadth
from benchmarks import results

DATA = Path(__file__).parents[2] / "shared" / "data" / "comments"
FILES = ("goboston2030", "dc_vision_zero")
BARS = (0.85, 0.95)
AUDIENCES = 6
Random = np.random.Generator


def some(random: Random, number: int, low: float, high: float, elsewhere: float = 0.0) -> np.ndarray:
    """Shares between `low` and `high` in so many audiences, and up to `elsewhere` in the others."""
    shares = random.uniform(0, elsewhere, AUDIENCES)
    shares[random.permutation(AUDIENCES)[:number]] = random.uniform(low, high, number)
    return shares


def any_number(random: Random) -> int:
    return int(random.integers(0, AUDIENCES + 1))


def of_a_beta(random: Random) -> np.ndarray:
    mean = np.exp(random.uniform(np.log(0.01), np.log(0.3)))
    alike = np.exp(random.uniform(0, np.log(50)))
    return random.beta(mean * alike, (1 - mean) * alike, AUDIENCES)


def of_a_log_normal(random: Random) -> np.ndarray:
    middle = random.normal(np.log(0.05), 0.8)
    return np.minimum(np.exp(random.normal(middle, random.uniform(0.2, 1.2), AUDIENCES)), 0.9)


def of_four_kinds(random: Random) -> np.ndarray:
    """Broad, one loud group, thin, hardly there."""
    kinds = ((AUDIENCES, 0.05, 0.25, 0.0), (1, 0.3, 0.7, 0.01), (0, 0, 0, 0.05), (0, 0, 0, 0.005))
    return some(random, *kinds[random.integers(len(kinds))])


WORLDS: dict[str, Callable[[Random], np.ndarray]] = {
    "in 0 to 6 with 2 to 30 %, else absent": lambda r: some(r, any_number(r), 0.02, 0.3),
    "in 0 to 6 with 5 to 30 %, else absent": lambda r: some(r, any_number(r), 0.05, 0.3),
    "in 0 to 6 with 2 to 30 %, else up to 1 %": lambda r: some(r, any_number(r), 0.02, 0.3, 0.01),
    "in half, by a coin, with 2 to 30 %": lambda r: some(r, int(r.binomial(AUDIENCES, 0.5)), 0.02, 0.3),
    "broad, loud, thin or hardly there": of_four_kinds,
    "beta distributions": of_a_beta,
    "log-normal distributions": of_a_log_normal,
    "always broad, 2 to 20 %": lambda r: np.exp(r.uniform(np.log(0.02), np.log(0.2), AUDIENCES)),
    "always one loud group, else up to 1.5 %": lambda r: some(r, 1, 0.2, 0.6, 0.015),
    "always thin, up to 5 %": lambda r: some(r, 0, 0, 0, 0.05),
}


@dataclass(frozen=True)
class Listening:
    """How many people an audience has, how much each says, how much people differ (intra-person
    correlation)."""

    people: tuple[int, int]
    comments: tuple[int, int]
    correlation: float = 0.0


WAYS = {
    "5 people, 3 to 8 comments": Listening((5, 5), (3, 8)),
    "5 people, 5 comments": Listening((5, 5), (5, 5)),
    "2 to 9 people, 3 to 8 comments": Listening((2, 9), (3, 8)),
    "5 people who repeat themselves a little": Listening((5, 5), (3, 8), 0.1),
    "5 people who repeat themselves a lot": Listening((5, 5), (3, 8), 0.3),
    "5 people, 1 comment": Listening((5, 5), (1, 1)),
    "20 people, 5 comments": Listening((20, 20), (5, 5)),
}
MAIN = tuple(WAYS)[:4]


def heard(random: Random, share: float, way: Listening) -> tuple[int, int]:
    """Comments on the theme and all comments of one audience."""
    people = random.integers(way.people[0], way.people[1] + 1)
    said = random.integers(way.comments[0], way.comments[1] + 1, people)
    own = np.full(people, share)
    if way.correlation and 0 < share < 1:
        alike = 1 / way.correlation - 1
        own = random.beta(share * alike, (1 - share) * alike, people)
    return int(random.binomial(said, own).sum()), int(said.sum())


def study(random: Random, world: str, way: Listening) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Comments on a theme, all comments, and the number of audiences where it occurs."""
    while True:
        shares = WORLDS[world](random)
        counts, totals = zip(*(heard(random, share, way) for share in shares), strict=True)
        if any(counts):
            return counts, totals, int((shares > OCCURS).sum())


def coverage(world: str, way: str, studies: int) -> float:
    """Share of studies whose interval holds the truth. The same for the same names and number."""
    random = np.random.default_rng([list(WORLDS).index(world), list(WAYS).index(way)])
    held = 0
    for _ in range(studies):
        counts, totals, truth = study(random, world, WAYS[way])
        found = breadth(counts, totals)
        held += found.low <= truth <= found.high
    return held / studies


def simulated(studies: int) -> dict[str, Any]:
    """Coverage of each world and way, of each way over all worlds, and which are outside the bars."""
    each = {way: {world: round(coverage(world, way, studies), 3) for world in WORLDS} for way in WAYS}
    outside = [
        f"{way}; {world}: {found}"
        for way, worlds in each.items()
        for world, found in worlds.items()
        if not BARS[0] <= found <= BARS[1]
    ]
    means = {way: round(sum(worlds.values()) / len(worlds), 3) for way, worlds in each.items()}
    return {"studies_each": studies, "over_all_worlds": means, "each": each, "outside": outside}


def coded(path: Path) -> dict[str, Any]:
    """What is called common of the themes that people coded, and what should be."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["group"] and row["label"]]
    groups = Counter(row["group"] for row in rows)
    pairs = Counter((row["label"], row["group"]) for row in rows)
    report: dict[str, Any] = {"missed": [], "wrongly_common": [], "right": 0, "common": [], "only": []}
    for label in sorted({row["label"] for row in rows}):
        found = breadth(tuple(pairs[label, group] for group in groups), tuple(groups.values()))
        shares = [pairs[label, group] / total for group, total in groups.items() if total >= ENOUGH]
        must, must_not = min(shares) >= 0.05, max(shares) >= 0.05 and min(shares) < OCCURS
        report["right"] += (must and found.common) or (must_not and not found.common)
        if must and not found.common:
            report["missed"].append(label)
        if must_not and found.common:
            report["wrongly_common"].append(label)
        if found.common:
            report["common"].append(label)
        if found.only is not None:
            report["only"].append(label)
    return report


def missed(report: dict[str, Any]) -> Iterator[str]:
    """The bars that were missed: one sentence each."""
    least, most = BARS
    for way in MAIN:
        found = report["simulated"]["over_all_worlds"][way]
        if not least <= found <= most:
            yield f"{way}: {found:.1%} of intervals hold the truth; {least:.0%} to {most:.0%} were promised."
    for name, found in report["coded"].items():
        for label in itertools.chain(found["missed"], found["wrongly_common"]):
            yield f"{name}: {label} is wrongly called common or not."


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--studies", type=int, default=400, help="studies of each world and way")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of coded comments")
    parser.add_argument("--quick", action="store_true", help="40 studies of each; no results kept")
    asked = parser.parse_args()
    paths = {name: asked.data / f"{name}.jsonl" for name in FILES}
    for path in paths.values():
        if not path.exists():
            print(f"{path.name} is not there, so it is left out.", file=sys.stderr)
    report = {
        "simulated": simulated(40 if asked.quick else asked.studies),
        "coded": {name: coded(path) for name, path in paths.items() if path.exists()},
    }
    print(json.dumps(report, indent=1))
    if not asked.quick:
        results.save("breadth", report)
    sys.exit("\n".join(missed(report)) or 0)


if __name__ == "__main__":
    main()
