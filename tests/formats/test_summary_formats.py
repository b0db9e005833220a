"""The files of a summary: the same numbers in all, all text back from each, no formula in any."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.formats.comment_table import COMMENT_COLUMNS
from survey.formats.safe_text import for_csv, for_xml
from survey.formats.summary import SummaryComment
from survey.formats.summary_words import demo_notice
from tests.formats.samples import SUMMARY, csv_rows, escapes_back, exported, with_texts, xlsx_rows

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\ufeff=1",
    "＝1", "＋1", "－1", "＠1", "'=1", "'", "''x", "#N/A", "#REF!", "TRUE", "0012", "1e5",
    '"', '"",=1', "a;=1", "a,=1\r\n=2", "x\r\ny\rz", " both ends ",
    "\x00\x07\x1b", r"\x07 typed", r"\x5cx07", "\ufffe\uffff",
    "_x000D_", "_x005F_x0041_", "_x0041_x0042_", "مرحبا \u202e abc",
    "👩‍👩‍👧 🚲", "<script>&amp;]]>", "{{ x }}", "%s",
    "=HYPERLINK(\"http://x\",\"y\")", "=cmd|' /C calc'!A0", "", " ",
]  # fmt: skip
FORMULA_STARTS = "=+-@＝＋－＠"


def without_empty(value: Any) -> str:
    return value or ""


def text_columns(comment: SummaryComment) -> dict[str, str]:
    return {
        "text": comment.text,
        "source_id": comment.source_id or "",
        "audience": comment.audience or "",
        "prompt": comment.prompt or "",
        "reason": comment.reason or "",
    }


def assert_all_text_comes_back(texts: list[str]) -> None:
    summary = with_texts(texts)
    wanted = [text_columns(comment) for comment in summary.comments]
    as_csv = csv_rows(exported(summary, "csv"))
    assert [{name: row[name] for name in wanted[0]} for row in as_csv] == wanted
    workbook = exported(summary, "xlsx")
    as_xlsx = xlsx_rows(workbook, "Comments")
    assert [{name: without_empty(row[name]) for name in wanted[0]} for row in as_xlsx] == wanted
    names = [without_empty(row["theme"]) for row in xlsx_rows(workbook, "Themes")]
    assert names == [theme.name for theme in summary.themes]
    as_json = json.loads(exported(summary, "json"))["summary"]["comments"]
    assert [comment["text"] for comment in as_json] == texts
    docx.Document(io.BytesIO(exported(summary, "docx")))


def test_hostile_text_comes_back_from_each_format() -> None:
    assert_all_text_comes_back(HOSTILE)


TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=30) | st.sampled_from(HOSTILE)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["", *FORMULA_STARTS, "'", "\\x0"]), TEXT).map("".join),
        min_size=1,
        max_size=3,
    )
)
def test_any_text_comes_back_from_each_format(texts: list[str]) -> None:
    assert_all_text_comes_back(texts)


@given(TEXT)
def test_escapes_can_be_undone(text: str) -> None:
    assert for_csv(text).removeprefix("'") == text
    assert escapes_back(for_xml(text)) == text


def test_no_field_of_a_csv_starts_a_formula() -> None:
    data = exported(with_texts(HOSTILE), "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        for field in row:
            assert not field.lstrip().lstrip("\ufeff").startswith(tuple(FORMULA_STARTS))
            assert not field.startswith(("\t", "\r", "\n"))
    # Every field is quoted, so a semicolon inside one cannot begin another.
    assert data.decode("utf-8-sig").startswith('"study","invented","comment_id"')


def test_no_cell_of_a_workbook_is_a_formula_an_error_or_a_number_by_accident() -> None:
    summary = with_texts([text for text in HOSTILE if text.strip()])
    workbook = openpyxl.load_workbook(io.BytesIO(exported(summary, "xlsx")))
    for name in ("Comments", "Breadth", "Themes", "Method"):
        for row in workbook[name].iter_rows():
            assert {cell.data_type for cell in row if isinstance(cell.value, str)} <= {"s"}
    cells = {cell.value: cell for cell in workbook["Comments"]["E"]}
    assert cells["=1+1"].quotePrefix
    assert cells["0012"].value == "0012"
    assert no_formula(exported(summary, "xlsx"))


def no_formula(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [package.read(name) for name in package.namelist() if "worksheets/" in name]
    return bool(sheets) and not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


@pytest.mark.parametrize(
    "text", ["x" * 32_767, "y" * 32_768, "🚲" * 20_000, "_x0041_" * 6_000, "\x07" * 15_000]
)
def test_text_longer_than_a_cell_goes_on_beside_it(text: str) -> None:
    data = exported(with_texts([text, "short"]), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True)["Comments"]
    longest = max(
        len(value.encode("utf-16-le")) // 2
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if isinstance(value, str)
    )
    assert longest <= 32_767
    assert [row["text"] for row in xlsx_rows(data, "Comments")] == [text, "short"]
    header = [cell for row in sheet.iter_rows(max_row=1, values_only=True) for cell in row]
    assert ("text (continued)" in header) == (text != "x" * 32_767)


def docx_tables(data: bytes) -> list[list[list[str]]]:
    document = docx.Document(io.BytesIO(data))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def test_the_numbers_are_equal_in_all_four_formats() -> None:
    files = {name: exported(SUMMARY, name) for name in ("csv", "xlsx", "docx", "json")}
    document = json.loads(files["json"])["summary"]
    from_json = {theme["name"]: theme["size"] for theme in document["themes"]}
    from_xlsx = {row["theme"]: row["comments"] for row in xlsx_rows(files["xlsx"], "Themes")}
    overview, method = docx_tables(files["docx"])
    from_docx = {row[0]: int(row[1]) for row in overview[1:]}
    assert from_json == from_xlsx == from_docx == {"Wi-Fi in parks; libraries": 2, "=Paper forms": 1}
    in_csv = [theme for row in csv_rows(files["csv"]) for theme in row["theme_ids"].split("; ") if theme]
    assert {theme: in_csv.count(theme) for theme in in_csv} == {"t1": 2, "t2": 1}

    ids = [comment["id"] for comment in document["comments"]]
    assert [row["comment_id"] for row in csv_rows(files["csv"])] == ids
    assert (
        [row["comment_id"] for row in xlsx_rows(files["xlsx"], "Comments")] == ids == ["c1", "c2", "c3", "c4"]
    )

    first = xlsx_rows(files["xlsx"], "Themes")[0]
    assert [first[name] for name in ("audiences", "of_audiences", "likely_low", "likely_high")] == [
        2,
        3,
        1,
        3,
    ]
    assert overview[1][2:4] == ["50.0%", "2 of 3, likely 1 to 3"]
    values = {row["item"]: row["value"] for row in xlsx_rows(files["xlsx"], "Method")}
    assert (values["Comments"], values["Audiences"], values["Themes"]) == (4, 3, 2)
    assert values["Share of comments in no theme"] == document["facts"]["share_in_no_theme"] == 0.25
    assert ["Run", "3"] in method
    words = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(files["docx"])).paragraphs)
    assert "Comments: 4. Groups: 3. Themes: 2. Comments in no theme: 25.0%." in words


def test_breadth_counts_themes_by_audience() -> None:
    rows = xlsx_rows(exported(SUMMARY, "xlsx"), "Breadth")
    counts = [[row[name] for name in ("academia", "nonprofits", "the public")] for row in rows]
    assert counts == [[1, 1, 0], [0, 0, 1], [1, 1, 2]]
    assert [row["comments"] for row in rows] == [2, 1, 4]


def test_a_comment_in_a_sub_theme_is_marked_in_the_theme_above_too() -> None:
    above, below = SUMMARY.themes
    comments = (*SUMMARY.comments, SummaryComment("c5", "Fewer forms", themes=(below.id,)))
    summary = replace(SUMMARY, themes=(above, replace(below, parent=above.id)), comments=comments)
    rows = xlsx_rows(exported(summary, "xlsx"), "Comments")
    assert [row[above.name] for row in rows] == [1, 1, 0, 0, 1]
    assert [row[below.name] for row in rows] == [0, 1, 0, 0, 1]
    assert [row["theme_ids"] for row in csv_rows(exported(summary, "csv"))] == ["t1", "t1; t2", "", "", "t2"]
    themes = xlsx_rows(exported(summary, "xlsx"), "Themes")
    assert [row["parent"] or "" for row in themes] == ["", above.id]


def test_columns_of_the_csv_are_stable() -> None:
    (first, *_), names = csv_rows(exported(SUMMARY, "csv")), COMMENT_COLUMNS
    assert tuple(first) == names
    assert first == {
        "study": "it-plan", "invented": "no", "comment_id": "c1", "source_id": "7",
        "text": "Wi-Fi in every park",
        "themes": "Wi-Fi in parks; libraries", "theme_ids": "t1", "placed_by": "machine", "reason": "",
        "audience": "academia", "channel": "session", "prompt": "Improve?",
        "language": "en", "day": "2024-05-01", "speaker": "",
    }  # fmt: skip


def test_the_workbook_can_be_read_by_people() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(exported(SUMMARY, "xlsx")))
    assert workbook.sheetnames == [
        "Themes", "Breadth", "Comments", "Method"
    ]  # fmt: skip
    for sheet in workbook:
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
    assert workbook.properties.creator == "Throughline"
    assert workbook["Comments"].column_dimensions["E"].width >= 15


def test_a_demo_says_so_in_every_format() -> None:
    demo = replace(SUMMARY, demo=True)
    assert {row["invented"] for row in csv_rows(exported(demo, "csv"))} == {"yes"}
    assert {row["invented"] for row in xlsx_rows(exported(demo, "xlsx"), "Comments")} == {"yes"}
    assert json.loads(exported(demo, "json"))["summary"]["demo"] is True
    for summary, told in ((demo, True), (SUMMARY, False)):
        paragraphs = docx.Document(io.BytesIO(exported(summary, "docx"))).paragraphs
        assert (demo_notice() in [paragraph.text for paragraph in paragraphs]) is told


def test_a_study_without_themes_or_comments_can_be_taken_away() -> None:
    empty = replace(SUMMARY, themes=(), comments=(), audiences=(), method=(), run=None, seed=None)
    assert csv_rows(exported(empty, "csv")) == []
    assert xlsx_rows(exported(empty, "xlsx"), "Themes") == []
    (method,) = docx_tables(exported(empty, "docx"))
    assert ["Run", "none"] in method
    assert re.search(rb'"themes":\[\]', exported(empty, "json"))
