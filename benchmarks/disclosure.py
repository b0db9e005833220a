"""The disclosure gate against attackers: made-up studies, all their releases taken together.

    python benchmarks/disclosure.py [--studies 1000] [--first 0] [--processes 2]

Two attackers see all that the gate ever showed of a study. One asks linear programs how large and how small
each number of 1 to k - 1 people can be, and each change by so few; the other does so with whole people, and
knows how tables are made. A leak is a number that can be told to stand for some people, fewer than k, or that
can be told exactly. As a control both look at what a gate would show that hides small numbers only.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import results
from tests.support.disclosure_attacker import attack
from tests.support.disclosure_audit import Release, audit
from tests.support.disclosure_studies import Made, make, released, without_secondary

EVERY_CONTROL = 10
"""Of so many studies one is also shown without more than small numbers hidden."""


@dataclass
class Looked:
    """What came out for one study."""

    seed: int
    numbers: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    seconds: float = 0.0


def look(seed: int) -> Looked:
    """Make a study up, let the gate through what it may, and attack it."""
    made, found = make(Random(seed)), Looked(seed)
    begin = time.perf_counter()
    releases = released(made)
    found.seconds = time.perf_counter() - begin
    found.numbers.update(_hidden(releases, made.k))
    found.leaks = audit(releases, made.k).leaks
    whole = attack(releases, made.k)
    found.whole = whole.leaks
    found.numbers["secrets"] += whole.targets
    found.numbers["told to be below k, maybe nobody"] += whole.small - len(whole.leaks)
    found.numbers["undecided"] += whole.undecided
    if seed % EVERY_CONTROL == 0:
        found.numbers.update(_control(made))
    return found


def _hidden(releases: list[Release], k: int) -> Iterator[str]:
    """A word for each number of each release: how the gate let it through."""
    yield from ("releases" for _ in releases)
    for release in releases:
        for key, shown in release.shown.items():
            table = release.truth[key]
            if shown.held:
                yield "tables held"
                continue
            yield "tables let through"
            pairs = [(table.counts[cell], count) for cell, count in shown.counts.items()]
            for value, count in [*pairs, (table.total, shown.total)]:
                yield "numbers"
                if count is None:
                    yield "hidden, small" if 0 < value < k else "hidden, others"


def _control(made: Made) -> Iterator[str]:
    releases = released(made, without_secondary)
    verdict = audit(releases, made.k)
    if verdict.targets:
        yield "controls with secrets"
        yield from ["controls that leak"] * bool(verdict.leaks)
        yield from ["controls that leak for whole people"] * bool(attack(releases, made.k).leaks)


def report(found: list[Looked]) -> dict[str, Any]:
    """All studies together."""
    numbers = sum((one.numbers for one in found), Counter[str]())
    seconds = sorted(one.seconds for one in found)
    return {
        "studies": len(found),
        "seeds": [found[0].seed, found[-1].seed],
        "leaks": sum(len(one.leaks) for one in found),
        "leaks to whoever knows how tables are made": sum(len(one.whole) for one in found),
        "studies that leak": {str(one.seed): one.leaks[:3] for one in found if one.leaks},
        "studies that leak to whoever knows": {str(one.seed): one.whole[:3] for one in found if one.whole},
        **{name: numbers[name] for name in sorted(numbers)},
        "share hidden, small": round(numbers["hidden, small"] / max(1, numbers["numbers"]), 3),
        "share hidden, others": round(numbers["hidden, others"] / max(1, numbers["numbers"]), 3),
        "seconds of the gate for a study, median": round(seconds[len(seconds) // 2], 3),
        "seconds of the gate for a study, 99 in 100 below": round(seconds[int(len(seconds) * 0.99)], 3),
        "seconds of the gate for a study, most": round(seconds[-1], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="The disclosure gate against attackers.")
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    wanted = parser.parse_args()
    seeds = range(wanted.first, wanted.first + wanted.studies)
    with get_context("spawn").Pool(wanted.processes) as pool:
        found = list(pool.imap(look, seeds, chunksize=4))
    made = report(found)
    print("\n".join(f"{name}: {value}" for name, value in made.items()))
    print(results.save("disclosure", made))
    sys.exit(1 if any(one.leaks or one.whole for one in found) else 0)


if __name__ == "__main__":
    main()
