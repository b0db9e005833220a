"""A summary with everything: each file says every number as every other one does."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from survey.formats.summary import Summary
from tests.formats.samples import exported, whole
from tests.golden import office, pages
from tests.golden.expected import Numbers, numbers_of, only

SLIDES = ("fact", "theme", "group", "total", "heard", "answered", "choice", "figure", "wave")
READERS: dict[str, tuple[Callable[[bytes], Numbers], tuple[str, ...]]] = {
    "xlsx": (office.of_xlsx, (*SLIDES, "cross", "session")),
    "docx": (office.of_docx, (*(kind for kind in SLIDES if kind != "total"), "cross", "session")),
    "pptx": (office.of_pptx, SLIDES),
    "html": (lambda data: pages.of_page(data.decode()), (*SLIDES, "cross", "session")),
}


@pytest.mark.parametrize("name", READERS)
def test_every_number_is_that_of_the_summary(name: str) -> None:
    read, kinds = READERS[name]
    assert read(exported(whole(), name)) == only(numbers_of(whole()), *kinds)


@pytest.mark.parametrize("name", READERS)
def test_the_readers_see_a_number_that_is_wrong(name: str) -> None:
    read, kinds = READERS[name]
    summary = whole()
    wrong = replace(summary, themes=(replace(summary.themes[0], size=62), *summary.themes[1:]))
    assert read(exported(wrong, name)) != only(numbers_of(summary), *kinds)


def test_lists_of_comments_agree_with_each_other() -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="the extra “spss” is not installed")
    summary = whole()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sav"
        path.write_bytes(exported(summary, "sav"))
        frame, _about = pyreadstat.read_sav(str(path))
    rows = list(csv.DictReader(io.StringIO(exported(summary, "csv").decode("utf-8-sig"))))
    for theme in summary.themes:
        in_csv = [theme.id in row["theme_ids"].split("; ") for row in rows]
        assert [bool(mark) for mark in frame[f"theme_{theme.id}"]] == in_csv == _listed(summary, theme.id)


def _listed(summary: Summary, theme: str) -> list[bool]:
    return [theme in comment.themes for comment in summary.comments]
