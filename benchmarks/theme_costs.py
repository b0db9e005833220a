"""What themes cost: CPU time of 5,000 comments against BERTopic, and of a million.

Every run is a process of its own whose CPU time (user and system, all its threads) and peak memory the kernel
counts. Ours and BERTopic's read the same JSON lines; both get one thread for the arithmetic, which is the
cheapest way to run either.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.theme_data import Data, Row
from benchmarks.theme_measures import Check
from benchmarks.theme_peers import Peers
from benchmarks.theme_same import write

COMMENTS = 5000
MILLION = (10_000, 100_000, 1_000_000)
RUNS = 3
ONCE, SPENT = (Path(__file__).with_name(f"theme_{name}.py") for name in ("once", "spent"))
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
}


@dataclass(frozen=True)
class Spent:
    """What a process used, by the kernel's count."""

    cpu_seconds: float
    peak_mib: float
    said: str


def spend(command: Sequence[str]) -> Spent:
    """Run a command to its end and return what it used, and what it printed."""
    done = subprocess.run(
        [sys.executable, str(SPENT), *command],
        check=True,
        env={**os.environ, **ONE_THREAD},
        stdout=subprocess.PIPE,
        text=True,
    )
    *said, last = done.stdout.splitlines()
    used = json.loads(last)
    if used["code"]:
        raise SystemExit(f"{' '.join(command)} ended with {used['code']}.")
    return Spent(used["cpu_seconds"], used["peak_mib"], "\n".join(said))


def command_line(source: Path, target: Path) -> list[str]:
    return [sys.executable, "-m", "analysis", "discover", str(source), "--out", str(target)]


def alone(who: str, source: Path) -> dict[str, float]:
    """Run us or BERTopic in a process of its own that also says what its parts cost."""
    spent = spend([sys.executable, str(ONCE), who, str(source)])
    return {
        **json.loads(spent.said.splitlines()[-1]),
        "process": spent.cpu_seconds,
        "peak_mib": spent.peak_mib,
    }


def middle(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: round(median(run[name] for run in runs), 2) for name in runs[0]}


def cost(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure 5,000 comments, the whole default pipeline, three runs each."""
    rows = random.Random(0).sample(data.pooled().rows, 500 if data.quick else COMMENTS)
    runs = range(1 if data.quick else RUNS)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jsonl", Path(folder) / "out.json"
        write(rows, source)
        whole = [spend(command_line(source, target)) for _ in runs]
        ours, theirs = (middle([alone(who, source) for _ in runs]) for who in ("ours", "bertopic"))
    ours["command_line"] = round(median(run.cpu_seconds for run in whole), 2)
    checks = [
        Check(
            "CPU of the whole process, share of BERTopic's",
            ours["command_line"] / theirs["process"],
            0.02,
            False,
        ),
        Check(
            "CPU of the call, share of BERTopic's encode + fit", ours["call"] / theirs["call"], 0.02, False
        ),
    ]
    return {
        "data": f"{len(rows):,} comments of pooled_17k",
        "measure": "CPU seconds, median of 3 runs; `process` counts starting Python and imports",
        "checks": [check.as_json() for check in checks],
        "ours": ours,
        "bertopic": theirs,
        "times_cheaper": {
            "process": round(theirs["process"] / ours["command_line"], 1),
            "call": round(theirs["call"] / ours["call"], 1),
        },
    }


def sentences(rows: Sequence[Row]) -> list[str]:
    """Return every sentence of every comment."""
    parts = (part for row in rows for part in re.split(r"(?<=[.!?])\s", row.text))
    return [part.strip() for part in parts if part.strip()]


def made_up(rows: Sequence[Row], size: int) -> Iterator[Row]:
    """Make comments of one to three sentences that people wrote, drawn at random."""
    pool, groups = sentences(rows), sorted({row.group for row in rows if row.group})[:12]
    draw = random.Random(size)
    for number in range(size):
        text = " ".join(draw.choices(pool, k=draw.randint(1, 3)))
        yield Row(f"m{number}", text, (), draw.choice(groups))


def million(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure how cost grows up to a million comments."""
    rows = data.pooled().rows
    sizes = (1000, 10_000) if data.quick else MILLION
    with tempfile.TemporaryDirectory() as folder:
        runs = {size: _at(size, rows, Path(folder)) for size in sizes}
    growth = {f"{a} to {b}": _exponent(a, b, runs) for a, b in itertools.pairwise(sizes)}
    last = runs[sizes[-1]]
    checks = [
        Check("CPU seconds at a million", last["cpu_seconds"], 120, False),
        Check("peak GB at a million", last["peak_mib"] * 2**20 / 1e9, 3, False),
        Check("exponent of CPU, 100,000 to a million", list(growth.values())[-1], 1.05, False),
    ]
    return {
        "data": "pooled_17k resampled by sentences, 1 to 3 a comment, 12 audiences",
        "measure": "`python -m analysis discover`, reading and writing included, by the kernel's count",
        "checks": [check.as_json() for check in checks],
        "runs": runs,
        "growth_exponent": growth,
    }


def _at(size: int, rows: Sequence[Row], folder: Path) -> dict[str, float]:
    source, target = folder / "in.jsonl", folder / "out.json"
    write(made_up(rows, size), source)
    used = spend(command_line(source, target))
    with target.open(encoding="utf-8") as file:
        placed = json.load(file)["placements"]
    return {
        "cpu_seconds": round(used.cpu_seconds, 2),
        "peak_mib": round(used.peak_mib),
        "unplaced": round(sum(not one["themes"] for one in placed) / size, 4),
    }


def _exponent(small: int, large: int, runs: dict[int, dict[str, float]]) -> float:
    """Return how CPU time grows with size: 1 is linear."""
    times = runs[large]["cpu_seconds"] / runs[small]["cpu_seconds"]
    return round(math.log(times) / math.log(large / small), 3)
