"""The same comments give the same themes: twice, in another order, under another hash seed and thread count.

Each run is a process of its own, `python -m analysis discover`, as anybody would start it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.theme_data import Data, Row, Set, halves
from benchmarks.theme_measures import Check
from benchmarks.theme_peers import Peers

OTHERS = ("polis_bowling_green_2018", "polis_bg2050", "austin_survey", "durham_youth")


def write(rows: Iterable[Row], path: Path) -> None:
    """Write comments as JSON lines, without their labels."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({"id": row.id, "text": row.text, "group": row.group}) + "\n")


def run(source: Path, target: Path, hash_seed: int, threads: int) -> bytes:
    """Find themes in a process of its own; return the file it wrote."""
    surroundings = {
        **os.environ,
        "PYTHONHASHSEED": str(hash_seed),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
    }
    command = [sys.executable, "-m", "analysis", "discover", str(source), "--out", str(target), "--seed", "0"]
    subprocess.run(command, check=True, env=surroundings, stderr=subprocess.PIPE)
    return target.read_bytes()


@dataclass(frozen=True)
class Same:
    """What was the same."""

    twice: bool
    """The whole file, byte by byte, with another hash seed and number of threads."""
    shuffled: bool
    """Themes and placements, by id, with the rows in another order."""


def themes_and_placements(written: bytes) -> tuple[Any, dict[str, Any]]:
    """Return what must not depend on the order of the rows."""
    result = json.loads(written)
    return result["themes"], {one["id"]: one for one in result["placements"]}


def compare(one: Set, folder: Path) -> Same:
    """Run a set three times."""
    straight, mixed, out = folder / "in.jsonl", folder / "mixed.jsonl", folder / "out.json"
    write(one.rows, straight)
    write(random.Random(one.name).sample(one.rows, len(one.rows)), mixed)
    first = run(straight, out, 1, 1)
    second = run(straight, out, 2, 2)
    third = run(mixed, out, 3, 1)
    return Same(first == second, themes_and_placements(first) == themes_and_placements(third))


def all_sets(data: Data) -> list[Set]:
    """Return every set there is, with all its rows."""
    sets = [*data.questions(), *data.draws(), *data.cities()]
    if data.quick:
        return sets[:5]
    return [*sets, data.spanish(), *(data.whole(name) for name in OTHERS), data.pooled()]


def repeat(data: Data, peers: Peers) -> dict[str, Any]:
    """Say on how many sets everything was the same."""
    found: dict[str, Same] = {}
    with tempfile.TemporaryDirectory() as folder:
        for one in all_sets(data):
            found[one.name] = compare(one, Path(folder))
    twice = sum(one.twice for one in found.values()) / len(found)
    shuffled = sum(one.shuffled for one in found.values()) / len(found)
    checks = [
        Check("sets that are the same bytes, twice", twice, 1.0),
        Check("sets that are the same, rows shuffled", shuffled, 1.0),
    ]
    return {
        "data": f"{len(found)} sets: every question, every draw, every file",
        "measure": "`python -m analysis discover` three times; hash seed and number of threads differ",
        "checks": [check.as_json() for check in checks],
        "halves": {half: _all_same(found, names) for half, names in halves(list(found)).items()},
        "different": [name for name, one in found.items() if not (one.twice and one.shuffled)],
    }


def _all_same(found: dict[str, Same], names: Sequence[str]) -> bool:
    return all(found[name].twice and found[name].shuffled for name in names)
