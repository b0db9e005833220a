"""Themes against people's own, against BERTopic and TF-IDF + k-means, and what they cost.

    python benchmarks/themes.py [--only NAME ...] [--quick] [--data FOLDER] [--cache FOLDER]

Writes `results/themes.json`, one entry a row; rows that were not asked for keep what they had. Ends with an
error when a bar is not reached. The data are not part of the project (see `theme_data.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.theme_data import FOLDER, Data
from benchmarks.theme_peers import PACKAGES, Peers

RESULTS = Path(__file__).parent / "results" / "themes.json"
OURS = ("throughline", "numpy", "scipy", "nltk")
Row = Callable[[Data, Peers], dict[str, Any]]

ROWS = {
    "questions": "theme_clusters",
    "questions_k_chosen": "theme_clusters",
    "small": "theme_clusters",
    "placements": "theme_decisions",
    "corrections": "theme_decisions",
    "breadth": "theme_breadth",
    "repeat": "theme_same",
    "warm": "theme_warm",
    "spanish": "theme_clusters",
    "cost": "theme_costs",
    "million": "theme_costs",
    "personal": "theme_personal",
}
"""Rows of the table, in its order, and the module whose function of the same name measures each."""


def row(name: str) -> Row:
    """Load the function that measures a row."""
    found: Row = getattr(import_module(f"benchmarks.{ROWS[name]}"), name)
    return found


def machine() -> dict[str, Any]:
    """What a number depends on. No date and no name of the machine."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in (*OURS, *PACKAGES)},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def show(name: str, report: dict[str, Any]) -> None:
    """Print a row's bars."""
    for check in report["checks"]:
        sign = ">=" if check["at_least"] else "<="
        verdict = "ok    " if check["passes"] else "MISSED"
        print(f"{verdict} {name}: {check['measure']}: {check['value']} ({sign} {check['bar']})", flush=True)


def keep(path: Path, reports: dict[str, Any], names: Sequence[str]) -> None:
    """Write the rows, beside those that were measured before."""
    before = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else {}
    rows = {name: reports.get(name, before.get(name)) for name in names}
    document = {"rows": {name: row for name, row in rows.items() if row}, "machine": machine()}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(ROWS), metavar="NAME", help=", ".join(ROWS))
    parser.add_argument(
        "--quick", action="store_true", help="a part of the data; writes nothing unless --out"
    )
    parser.add_argument("--data", type=Path, default=FOLDER, help="folder of comments")
    parser.add_argument("--cache", type=Path, help="folder to keep the peers' answers in between runs")
    parser.add_argument("--out", type=Path, help="file for the result")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Measure the rows that were asked for."""
    asked = arguments(given)
    if asked.cache:
        asked.cache.mkdir(parents=True, exist_ok=True)
    data, peers = Data(asked.data, asked.quick), Peers(asked.cache)
    out = asked.out or (None if asked.quick else RESULTS)
    reports: dict[str, Any] = {}
    for name in asked.only or ROWS:
        started = time.monotonic()
        reports[name] = row(name)(data, peers)
        reports[name]["seconds"] = round(time.monotonic() - started)
        show(name, reports[name])
        if out:
            keep(out, reports, list(ROWS))
    return 0 if all(check["passes"] for row in reports.values() for check in row["checks"]) else 1


if __name__ == "__main__":
    warnings.filterwarnings("ignore")  # the peers' libraries warn about each other
    sys.exit(main())
