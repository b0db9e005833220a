"""Real files through the whole road by command: import, discovery, export; every row comes out exactly once.

The files are what residents wrote to two cities. They are not part of the project, because they state no
licence, so these tests are skipped where the folder `../shared/data/comments` is absent, and say so.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey import cli

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "comments"
COLUMNS = ("--text", "text", "--id", "id", "--audience", "group")


@dataclass(frozen=True)
class RealFile:
    """A file, how many rows it has, and what it is."""

    name: str
    rows: int
    what: str

    def __str__(self) -> str:
        return f"{self.rows:,} {self.what} ({self.name})"


FILES = (
    RealFile(
        "goboston2030.jsonl",
        4_715,
        "real questions of residents of Boston about getting around in 2030",
    ),
    RealFile(
        "austin_survey.jsonl", 3_187, "real answers of residents of Austin: one thing to tell the mayor"
    ),
)


@pytest.fixture(params=FILES, ids=str)
def real(request: pytest.FixtureRequest) -> RealFile:
    """A real file, or a skip that says what is missing."""
    file: RealFile = request.param
    if not (FOLDER / file.name).is_file():
        pytest.skip(f"{file} are not at ../shared/data/comments")
    return file


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with an empty database in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURVEY_DATABASE_URL", f"sqlite:///{tmp_path}/var/survey.sqlite")
    assert cli.run(("db", "upgrade")) == 0
    assert cli.run(("studies", "add", "real", "--title", "Real input")) == 0
    return tmp_path


def test_every_row_of_a_real_file_is_in_the_export_once(
    real: RealFile, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [json.loads(line) for line in (FOLDER / real.name).read_text("utf-8").splitlines()]
    assert len(rows) == real.rows
    capsys.readouterr()
    stored = cli.run(
        ("import", "comments", "real", str(FOLDER / real.name), *COLUMNS, "--partial", "--report", "json")
    )
    report = json.loads(capsys.readouterr().out)
    refused = {row["line"] for row in report["refused_rows"]}
    assert (stored, report["read"], report["stored"]) == (0, real.rows, real.rows - len(refused))
    assert all(not rows[line - 1]["text"].strip() for line in refused)
    assert cli.run(("discover", "real")) == 0
    assert cli.run(("export", "real", "--format", "csv", "--out", "summary.csv")) == 0
    with (place / "summary.csv").open(encoding="utf-8-sig", newline="") as stream:
        exported = list(csv.DictReader(stream))
    good = [row for line, row in enumerate(rows, 1) if line not in refused]
    assert Counter(row["source_id"] for row in exported) == Counter(str(row["id"]) for row in good)
    check_rows(exported, {str(row["id"]): row for row in good})


def check_rows(exported: list[dict[str, str]], given: dict[str, dict[str, str | None]]) -> None:
    """Text and audience are those of the file, and every comment has a theme or a reason."""
    for row in exported:
        original = given[row["source_id"]]
        assert as_typed(row["text"]) == original["text"]
        assert row["audience"] == (original["group"] or "").strip()
        assert bool(row["themes"]) != bool(row["reason"])
    placed = sum(bool(row["themes"]) for row in exported)
    assert placed > 0.8 * len(exported)


def as_typed(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text."""
    return cell.removeprefix("'")
