"""`survey import survey` and `survey export survey`."""

# ruff: noqa: F811 - the fixture is named as in tests/test_cli.py
from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import func, select

from survey.db import Database
from survey.models import AuditRow, Study, Survey
from tests.formats.forms import HEAD, form, questions, read
from tests.test_cli import Run_, survey  # noqa: F401 - the fixture

GOOD = form(
    [
        (*HEAD, "relevant"),
        ("text", "a", "A", ""),
        ("image", "photo", "P", ""),
        ("note", "n", "N", "${a} != ''"),
    ],
    settings=[("form_title",), ("Parks",)],
)
BAD = form([HEAD, ("text", "a", "A"), ("txet", "b", "B")])


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_is_taken_and_reported(survey: Run_, study: Study, database: Database, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(GOOD)
    done = survey("import", "survey", "it-plan", str(path))
    assert done.code == 0, done.err
    assert "taken as the survey “parks”, with 2 questions" in done.out
    assert "survey 3" in done.out
    reported = survey("import", "survey", "it-plan", str(path), "--format", "xlsform", "--report", "json")
    found = json.loads(reported.out)
    assert (reported.code, found["taken"], found["format"], found["questions"]) == (0, True, "xlsform", 2)
    assert found["survey"] == "parks-2"
    photo = next(line for line in found["lines"] if line["name"] == "photo")
    assert {"what": "left out", "sheet": "survey", "row": 3}.items() <= photo.items()
    assert sum(found["counts"].values()) == len(found["lines"])
    assert count(database, Survey) == 2


def test_a_file_that_is_refused_stores_nothing(
    survey: Run_, study: Study, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(BAD)
    rows = count(database, AuditRow)
    done = survey("import", "survey", "it-plan", str(path), "--report", "json")
    found = json.loads(done.out)
    assert done.code == 1
    assert found["taken"] is False
    assert found["format"] == "xlsform"
    assert found["problem"]["row"] == 3
    assert found["problem"]["sheet"] == "survey"
    assert "survey row 3" in done.err
    assert (count(database, Survey), count(database, AuditRow)) == (0, rows)
    assert survey("import", "survey", "it-plan", str(path), "--format", "lss").code == 1
    assert survey("import", "survey", "nowhere", str(path)).code == 1
    assert survey("import", "survey", "it-plan", "missing.xlsx").code == 1
    assert count(database, Survey) == 0


def test_a_survey_goes_out_and_comes_back(
    survey: Run_, study: Study, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(GOOD)
    assert survey("import", "survey", "it-plan", str(path)).code == 0
    for name, ending in (("xlsform", "xlsx"), ("json", "json")):
        out = tmp_path / f"out.{ending}"
        done = survey("export", "survey", "parks", "--format", name, "--out", str(out))
        assert done.code == 0, done.err
        assert questions(read(out.read_bytes(), out.name)) == questions(read(GOOD))
    gone = survey("export", "survey", "no-such", "--format", "json", "--out", str(tmp_path / "x"))
    assert (gone.code, gone.err.strip()) == (1, "There is no survey “no-such”.")
    assert survey("export", "survey", "parks", "--format", "docx", "--out", "x").code == 2
