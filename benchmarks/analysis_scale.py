"""CPU seconds and peak memory of theme discovery at 1,000, 10,000 and 100,000 comments.

    python benchmarks/analysis_scale.py            measure all sizes and write results/analysis_scale.json
    python benchmarks/analysis_scale.py --size N   measure one size and print it

The comments are made up, always the same ones: a vocabulary whose frequencies follow Zipf's law, 24 topics of
uneven size with words of their own, six audiences, 3 to 80 words each. Each size runs in a process of its
own.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import resource
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from analysis import Comment, Options, discover

SIZES = (1_000, 10_000, 100_000)
RESULTS = Path(__file__).parent / "results" / "analysis_scale.json"
VOCABULARY, TOPICS, TOPIC_WORDS = 20_000, 24, 300
SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]


def zipf(size: int, power: float = 1.05) -> np.ndarray:
    """Return probabilities that fall with the rank."""
    weights = 1 / np.arange(1, size + 1) ** power
    return weights / weights.sum()


def vocabulary(random: np.random.Generator) -> np.ndarray:
    """Make different words of two to four syllables."""
    made: dict[str, None] = {}
    while len(made) < VOCABULARY:
        made["".join(random.choice(SYLLABLES, random.integers(2, 5)))] = None
    return np.array(list(made))


def comments(size: int) -> list[Comment]:
    """Make comments, the same for the same size."""
    random = np.random.default_rng(size)
    words = vocabulary(random)
    topics = [random.choice(words, TOPIC_WORDS, replace=False) for _ in range(TOPICS)]
    lengths = np.clip(random.lognormal(2.6, 0.7, size).astype(int), 3, 80)
    topic_of = random.choice(TOPICS, size, p=zipf(TOPICS, 0.6))
    made = []
    for number, (length, topic) in enumerate(zip(lengths, topic_of, strict=True)):
        own = random.random(length) < 0.4
        general = words[random.choice(VOCABULARY, length, p=ZIPF_ALL)]
        special = topics[topic][random.choice(TOPIC_WORDS, length, p=ZIPF_TOPIC)]
        text = " ".join(np.where(own, special, general))
        made.append(Comment(f"c{number}", text, audience=f"audience {number % 6}", language="en"))
    return made


ZIPF_ALL, ZIPF_TOPIC = zipf(VOCABULARY), zipf(TOPIC_WORDS, 0.8)


def cpu_seconds() -> float:
    """Return CPU time of this process, user and system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(size: int) -> dict[str, float | int]:
    """Run one discovery."""
    made = comments(size)
    before = cpu_seconds()
    result = discover(made, Options())
    spent = cpu_seconds() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "comments": size,
        "cpu_seconds": round(spent, 2),
        "cpu_ms_per_comment": round(1000 * spent / size, 3),
        "peak_mib": round(peak),
        "themes": len(result.themes),
        "unplaced_share": round(len(result.unplaced) / size, 4),
    }


def in_own_process(size: int) -> dict[str, float | int]:
    """Measure one size apart from the others, so that peak memory is its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--size", str(size)], check=True, stdout=subprocess.PIPE, text=True
    )
    print(done.stdout.strip(), flush=True)
    return json.loads(done.stdout)


def exponent(small: dict[str, float | int], large: dict[str, float | int]) -> float:
    """Return how CPU time grows with size: 1 is linear."""
    ratio = large["cpu_seconds"] / small["cpu_seconds"]
    return round(math.log(ratio) / math.log(large["comments"] / small["comments"]), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int)
    size = parser.parse_args().size
    if size:
        print(json.dumps(measure(size)))
        return
    runs = [in_own_process(size) for size in SIZES]
    growth = {f"{a['comments']} to {b['comments']}": exponent(a, b) for a, b in pairwise(runs)}
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    report = {"runs": runs, "growth_exponent": growth, "versions": versions}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(growth))


if __name__ == "__main__":
    main()
