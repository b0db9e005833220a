"""SPSS files: read back with pyreadstat, word for word and number for number."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from survey.errors import Refusal
from survey.formats import sav_out
from survey.formats.summary import Summary, SummaryComment
from survey.formats.summary_formats import SUMMARY_FORMATS, SummaryFormat, offered
from tests.formats.samples import SUMMARY, WIFI, exported, with_texts

pyreadstat = pytest.importorskip("pyreadstat", reason="the extra “spss” is not installed")
pytest.importorskip("pandas", reason="the extra “spss” is not installed")


def read(summary: Summary) -> tuple[dict[str, list[Any]], Any]:
    """The columns, None where nothing is, and what the file says of them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summary.sav"
        path.write_bytes(exported(summary, "sav"))
        frame, about = pyreadstat.read_sav(str(path))
    return {name: frame[name].tolist() for name in frame.columns}, about


def whole_text(columns: dict[str, list[Any]], name: str) -> list[str]:
    parts = [found for column, found in columns.items() if column == name or column.startswith(f"{name}_")]
    return ["".join(pieces) for pieces in zip(*parts, strict=True)]


def test_comments_come_back_with_their_themes_and_labels() -> None:
    columns, about = read(SUMMARY)
    assert columns["comment_id"] == ["c1", "c2", "c3", "c4"]
    assert columns["text"] == [comment.text for comment in SUMMARY.comments]
    assert columns["theme_t1"] == [1, 1, 0, 0]
    assert columns["theme_t2"] == [0, 1, 0, 0]
    labels = about.variable_value_labels
    assert labels["theme_t1"] == {0: "not in it", 1: "in it"}
    assert about.column_names_to_labels["theme_t2"] == "=Paper forms"
    audiences = [labels["audience"][code] for code in columns["audience"]]
    assert audiences == ["academia", "nonprofits", "the public", "the public"]
    placed = [labels["placed_by"][code] for code in columns["placed_by"]]
    assert placed == ["machine", "person", "none", "none"]
    # What is not known is missing, not a group of its own.
    assert columns["language"][2] != columns["language"][2]
    assert about.file_label == "IT Strategic Plan"


def test_a_comment_in_a_sub_theme_is_in_the_theme_above_too() -> None:
    above, below = SUMMARY.themes
    comments = (*SUMMARY.comments, SummaryComment("c5", "Fewer forms", themes=(below.id,)))
    columns, _about = read(
        replace(SUMMARY, themes=(above, replace(below, parent=above.id)), comments=comments)
    )
    assert columns["theme_t1"] == [1, 1, 0, 0, 1]
    assert columns["theme_t2"] == [0, 1, 0, 0, 1]


LONG = ["é" * 40_000, "🚲" * 20_000, "x" * 32_767 + " " + "y" * 10, "=1+1", "two\nlines", " lead", "مرحبا"]


def test_long_and_strange_texts_are_whole() -> None:
    columns, about = read(with_texts(LONG))
    assert whole_text(columns, "text") == LONG
    assert about.column_names_to_labels["text_2"] == "The comment, word for word (continued 1)"


def test_no_piece_ends_in_a_blank() -> None:
    """SPSS takes blanks at the end for filling, so they would be lost where text is joined again."""
    text = ("word " * 20_000).strip()
    columns, _about = read(replace(SUMMARY, comments=(SummaryComment("c", text),)))
    assert whole_text(columns, "text") == [text]


def test_characters_that_no_file_holds_are_shown() -> None:
    columns, _about = read(replace(SUMMARY, comments=(SummaryComment("c", "a\x00b\ud800"),)))
    assert columns["text"] == [r"a\x00b\ud800"]


def test_labels_that_are_too_long_are_whole_in_the_notes() -> None:
    name = "".join(chr(0x4E00 + n) for n in range(300))
    summary = replace(
        SUMMARY,
        themes=(replace(WIFI, name=name),),
        comments=(SummaryComment("c", "x", audience=name, themes=("t1",)),),
    )
    _columns, about = read(summary)
    label = about.column_names_to_labels["theme_t1"]
    assert label.endswith("…")
    assert len(label.encode()) <= 256
    assert name.startswith(label[:-1])
    assert len(about.variable_value_labels["audience"][1].encode()) <= 120
    notes = "".join(about.notes)
    assert f"theme_t1: {name}" in notes
    assert f"audience 1: {name}" in notes


def test_a_study_without_comments_or_themes_can_be_taken_away() -> None:
    columns, _about = read(replace(SUMMARY, comments=(), themes=()))
    assert columns["comment_id"] == []
    columns, _about = read(replace(SUMMARY, themes=()))
    assert not any(name.startswith("theme_") for name in columns)


def test_without_the_packages_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = SummaryFormat("sav", "application/x-spss-sav", needs=("a_package_nobody_has",))
    monkeypatch.setitem(SUMMARY_FORMATS, "sav", elsewhere)
    assert "sav" not in offered()
    with pytest.raises(Refusal, match=r"pip install \"throughline\[spss\]\""):
        exported(SUMMARY, "sav")


def test_where_they_are_it_is_offered() -> None:
    assert offered().keys() == SUMMARY_FORMATS.keys()
    assert sav_out.MISSING.endswith('"throughline[spss]"')
