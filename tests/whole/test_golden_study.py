"""The golden study: frozen once, every number is the same on the screen and in every file."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from survey import changes
from survey.db import Database
from survey.formats.comment_table import theme_marks
from survey.formats.summary import Summary
from survey.formats.summary_formats import offered
from survey.models import Study
from survey.services import studies, summaries
from tests.boards import decide
from tests.fixtures import login
from tests.formats.samples import exported, whole
from tests.formats.test_golden import READERS
from tests.golden import pages
from tests.golden.expected import Numbers, numbers_of, only
from tests.golden.parts import parts_of
from tests.golden.study import BY, EVIL, GROUPS, SECRET, build
from tests.people import Cast


@pytest.fixture
def golden(database: Database, study: Study) -> Summary:
    """The study, frozen."""
    build(database, study)
    with database.writing() as session:
        row = summaries.freeze(session, studies.by_slug(session, study.slug), BY)
        return summaries.read(row)


def test_the_study_has_something_of_everything(golden: Summary) -> None:
    kinds = Counter(key[0] for key in numbers_of(golden))
    assert {"fact", "theme", "group", "total", "session"} <= kinds.keys()
    assert (golden.facts.comments, golden.facts.themes) == (72, 3)
    assert any(theme.quotes for theme in golden.themes)
    assert any(theme.planned for theme in golden.themes)
    assert EVIL in {theme.name for theme in golden.themes}


def test_the_screen_says_every_number(golden: Summary, client: FlaskClient, cast: Cast) -> None:
    login(client, cast.facilitator)
    answer = client.get(f"/studies/{golden.study_slug}/summaries/{golden.number}")
    assert answer.status_code == 200
    assert pages.of_page(answer.text) == numbers_of(golden)


def test_every_file_says_every_number(golden: Summary, client: FlaskClient, cast: Cast) -> None:
    login(client, cast.facilitator)
    for name in offered():
        answer = client.get(f"/studies/{golden.study_slug}/summaries/{golden.number}/{name}")
        assert answer.status_code == 200
        if name in READERS:
            read, kinds = READERS[name]
            assert read(answer.data) == only(numbers_of(golden), *kinds)


def counted_from(rows: list[dict[str, str]], summary: Summary) -> Numbers:
    """Sizes and groups, counted in a list of comments."""
    found: Numbers = {}
    for theme in summary.themes:
        inside = [row for row in rows if theme.id in row["theme_ids"].split("; ")]
        found["theme", theme.name] = (str(len(inside)),)
        for group, _total in summary.audiences:
            found["group", theme.name, group] = (str(sum(row["audience"] == group for row in inside)),)
    for group, _total in summary.audiences:
        found["total", group] = (str(sum(row["audience"] == group for row in rows)),)
    return found


def test_the_list_of_comments_adds_up_to_the_numbers(golden: Summary) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(golden, "csv").decode("utf-8-sig"))))
    assert len(rows) == golden.facts.comments
    for key, (count, *_more) in only(numbers_of(golden), "theme", "group", "total").items():
        if count != "hidden":
            assert counted_from(rows, golden)[key] == (count,)
    without = sum(not row["theme_ids"] for row in rows) / len(rows)
    assert golden.facts.share_in_no_theme == without


def test_the_spss_file_adds_up_to_the_numbers(golden: Summary) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="the extra “spss” is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "golden.sav"
        path.write_bytes(exported(golden, "sav"))
        frame, about = pyreadstat.read_sav(str(path))
    names = about.column_names_to_labels
    groups = about.variable_value_labels["audience"]
    for theme in golden.themes:
        marks = frame[f"theme_{theme.id}"]
        assert names[f"theme_{theme.id}"] == theme.name
        assert theme.size in (None, int(marks.sum()))
        inside = Counter(groups[code] for code in frame["audience"][marks == 1])
        for group, count in theme.by_audience:
            assert count in (None, inside[group])


def test_marks_add_up_to_the_size_of_a_theme_with_a_sub_theme(database: Database, study: Study) -> None:
    build(database, study)
    with database.writing() as session:
        mine = studies.by_slug(session, study.slug)
        decide(session, mine, changes.nest(2, under=1))
        summary = summaries.read(summaries.freeze(session, mine, BY))
    assert {theme.id: theme.parent for theme in summary.themes} == {"1": "", "2": "1", "3": ""}
    sums = [sum(marks) for marks in zip(*theme_marks(summary), strict=True)]
    sizes = {theme.id: theme.size for theme in summary.themes}
    assert sizes["1"] is not None
    assert all(theme.size in (None, marked) for theme, marked in zip(summary.themes, sums, strict=True))
    # Its own comments alone are fewer: the others were put in the sub-theme.
    assert sum("1" in comment.themes for comment in summary.comments) < sizes["1"]


def test_what_is_passed_on_holds_nothing_that_nobody_cleared(golden: Summary) -> None:
    cleared = {quote.text for theme in golden.themes for quote in theme.quotes}
    # Numbers set them apart: "Comment 7 about".
    uncleared = {comment.text.partition("=")[0].encode() for comment in golden.comments} - {
        text.partition("=")[0].encode() for text in cleared
    }
    assert len(uncleared) == 72 - len(cleared)
    for name in ("docx", "pptx", "html", "brief"):
        data = parts_of(exported(golden, name))
        assert SECRET.encode() not in data
        assert not [text for text in uncleared if text in data]


def test_the_group_of_three_is_named_beside_no_quote(golden: Summary) -> None:
    quoted = {quote.audience for theme in golden.themes for quote in theme.quotes}
    assert "Lifts" not in quoted
    assert quoted <= {None, *GROUPS}


@pytest.mark.parametrize("name", ["docx", "xlsx", "pptx"])
def test_libreoffice_opens_the_files_without_repair(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    file = tmp_path / f"whole.{name}"
    file.write_bytes(exported(whole(), name))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "whole.pdf").read_bytes().startswith(b"%PDF")
