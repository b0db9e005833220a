"""Comments of themes by group, channel and prompt: made-up boards, and an attacker with linear programs.

    python benchmarks/disclosure_themes.py [--boards 1000] [--first 0] [--processes 2]

The attacker has all that is shown of a board, knows which groups, channels and prompts occur together, and
asks of each small number of people, and of each group that is counted together with others, how large and how
small it can be. As a control it looks at what a gate would show that hides small numbers and nothing else.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import results
from survey.services.theme_counts import ShownCounts
from tests.support.disclosure_themes import leaks, make

EVERY_CONTROL = 4


def look(seed: int) -> tuple[int, Counter[str], list[str]]:
    """Make a board up, show it, and attack it."""
    made, numbers = make(Random(seed)), Counter[str]()
    shown = made.shown()
    numbers["secrets"], found = leaks(made, shown)
    numbers["numbers"], numbers["hidden"] = _numbers(shown), shown.hidden
    if seed % EVERY_CONTROL == 0:
        secrets, leaking = leaks(made, made.shown_openly())
        numbers["controls with secrets"] += bool(secrets)
        numbers["controls that leak"] += bool(leaking)
    return seed, numbers, found


def _numbers(shown: ShownCounts) -> int:
    rows = (row for one in shown.themes.values() for row in (one.by_audience, one.by_channel, one.by_prompt))
    return len(shown.audiences) + len(shown.themes) + sum(map(len, rows))


def main() -> None:
    parser = argparse.ArgumentParser(description="Comments of themes against an attacker.")
    parser.add_argument("--boards", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    wanted = parser.parse_args()
    with get_context("spawn").Pool(wanted.processes) as pool:
        found = list(pool.imap(look, range(wanted.first, wanted.first + wanted.boards), chunksize=8))
    numbers = sum((one for _seed, one, _leaks in found), Counter[str]())
    report: dict[str, Any] = {
        "boards": len(found),
        "seeds": [found[0][0], found[-1][0]],
        "leaks": sum(len(one) for _seed, _numbers, one in found),
        "boards that leak": {str(seed): one[:3] for seed, _numbers, one in found if one},
        **dict(sorted(numbers.items())),
        "share hidden": round(numbers["hidden"] / max(1, numbers["numbers"]), 3),
    }
    print("\n".join(f"{name}: {value}" for name, value in report.items()))
    print(results.save("disclosure_themes", report))
    sys.exit(1 if report["leaks"] else 0)


if __name__ == "__main__":
    main()
