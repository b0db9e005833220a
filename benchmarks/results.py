"""Results as JSON beside the benchmarks, with what they were measured on."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"
PACKAGES = ("flask", "gunicorn", "psycopg", "sqlalchemy", "werkzeug")


def machine() -> dict[str, Any]:
    """What a number depends on. No date and no name of the machine."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: version(name) for name in PACKAGES},
    }


def save(name: str, report: dict[str, Any]) -> Path:
    """Write `results/<name>.json`."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps({**report, "machine": machine()}, indent=1) + "\n", encoding="utf-8")
    return path
