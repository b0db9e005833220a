"""How much personal data is found, and how much else is taken for it, in the lines of personal_lines.py.

    python benchmarks/personal_data.py             measure and write results/personal_data.json
    python benchmarks/personal_data.py --half 0    print what is missed or wrong in lines 0, 2, 4, ...

A datum counts as found when span and kind are exactly as marked. Whatever else is found as certain counts
as wrong, in lines with data and in traps alike. Names are for people to look at; they are counted apart.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis.redact import find_personal
from benchmarks.personal_lines import DATA, ORDINARY, TRAPS

RESULTS = Path(__file__).parent / "results" / "personal_data.json"
MARKED = re.compile(r"\{(email|phone|address|ssn|card|url|handle|name):([^{}]+)\}")
RECALL, PRECISION, PER_SECOND = 0.99, 0.95, 10_000

Datum = tuple[int, int, str]


class Line(NamedTuple):
    """A line and what is personal in it."""

    text: str
    data: frozenset[Datum]


def read(marked: str) -> Line:
    """Take the marks out of a line."""
    text, data, place = "", set(), 0
    for match in MARKED.finditer(marked):
        text += marked[place : match.start()]
        data.add((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        place = match.end()
    return Line((text + marked[place:]).replace("⏎", "\n"), frozenset(data))


LINES = [read(line) for line in (DATA + TRAPS).splitlines()]


def count(lines: list[Line], talk: bool = False) -> dict[str, Any]:
    """Count what is found, missed and wrong."""
    counts: Counter[str] = Counter()
    for text, data in lines:
        found = find_personal(text)
        everything = {(one.start, one.end, one.kind) for one in found}
        sure = {(one.start, one.end, one.kind) for one in found if one.certain}
        outcome = {"found": data & everything, "missed": data - everything, "wrong": sure - data}
        for what, spans in outcome.items():
            counts.update((f"{what} name" if kind == "name" else what) for *_, kind in spans)
            if talk and what != "found":
                for start, end, kind in spans:
                    print(f"{what:7}{kind:8}{text[start:end]!r} in {text!r}")
    return summary(counts, len(lines))


def summary(counts: Counter[str], lines: int) -> dict[str, Any]:
    """Turn counts into shares."""
    marked, certain = counts["found"] + counts["missed"], counts["found"] + counts["wrong"]
    names = counts["found name"] + counts["missed name"]
    return {
        "lines": lines,
        "marked": marked,
        "missed": counts["missed"],
        "wrong": counts["wrong"],
        "recall": round(counts["found"] / marked, 4),
        "precision": round(counts["found"] / certain, 4),
        "names_marked": names,
        "names_recall": round(counts["found name"] / names, 4) if names else None,
    }


def per_second(texts: list[str], least: int = 20_000) -> int:
    """Return how many texts are read per CPU second."""
    repeats = least // len(texts) + 1
    start = time.process_time()
    for _ in range(repeats):
        for text in texts:
            find_personal(text)
    return round(repeats * len(texts) / (time.process_time() - start))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", type=int, choices=(0, 1))
    half = parser.parse_args().half
    if half is not None:
        print(json.dumps(count(LINES[half::2], talk=True), indent=1))
        return 0
    report = {"all": count(LINES), "developed on": count(LINES[0::2]), "held back": count(LINES[1::2])}
    report |= {
        "ordinary_comments_per_cpu_second": per_second(ORDINARY.splitlines()),
        "of_these_lines_per_cpu_second": per_second([line.text for line in LINES]),
        "versions": {"python": platform.python_version()},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    whole = report["all"]
    kept = whole["recall"] >= RECALL and whole["precision"] >= PRECISION
    return 0 if kept and report["ordinary_comments_per_cpu_second"] >= PER_SECOND else 1


if __name__ == "__main__":
    sys.exit(main())
