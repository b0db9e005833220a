"""Workbooks of any size: row by row, nothing cut, nothing that runs."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import pytest

from survey.formats.workbook import (
    Properties,
    Share,
    Sheet,
    Value,
    pieces_of,
    sheet_title,
    unique_names,
    write_workbook,
)

WHEN = dt.datetime(2024, 5, 6)  # noqa: DTZ001 (files hold no zone)


def made(*sheets: Sheet, rows: int = 1_048_576) -> bytes:
    stream = io.BytesIO()
    write_workbook(stream, sheets, Properties("A study", WHEN, rows))
    return stream.getvalue()


def read(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def values(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_values_come_back_with_their_kind() -> None:
    rows: list[Sequence[Value]] = [("text", 7, 2.5, Share(0.25), None), ("", 0, -1.0, Share(0), "0012")]
    sheet = read(made(Sheet("Kinds", ("a", "b", "c", "d", "e"), rows)))["Kinds"]
    assert values(sheet)[1:] == [("text", 7, 2.5, 0.25, None), (None, 0, -1, 0, "0012")]
    assert [cell.number_format for cell in sheet[2]][1:4] == ["General", "0.00", "0.0%"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E3"


def test_numbers_that_a_workbook_would_change_are_text() -> None:
    rows = [(12345678901234567890,), (float("nan"),), (float("inf"),)]
    assert values(read(made(Sheet("Big", ("n",), rows)))["Big"])[1:] == [
        ("12345678901234567890",),
        ("nan",),
        ("inf",),
    ]


HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "<r><t>x</t></r>",
    "<r></t></is></c><c r='Z9'><f>1+1</f></c><c><is><t></r>",
    "http://example.org",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "{=SUM(1)}",
    "1e5",
    "#N/A",
    '"><svg onload=alert(1)>',
    "a\rb\r\nc",
    " both ends ",
    "مرحبا \u202e x 🚲",
]


def test_hostile_text_is_text_word_for_word_headers_too() -> None:
    data = made(Sheet("Evil", HOSTILE, [HOSTILE]))
    workbook = read(data)
    assert values(workbook["Evil"]) == [tuple(HOSTILE)] * 2
    for row in workbook["Evil"].iter_rows():
        assert {cell.data_type for cell in row} == {"s"}
        assert {cell.hyperlink for cell in row} == {None}
        assert row[0].quotePrefix
        assert row[1].quotePrefix
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml


def test_escapes_of_the_format_are_not_taken_for_any() -> None:
    texts = ("_x0041_x0042_", "_x005F_x0041_", "\x07", r"\x07")
    (_header, row) = values(read(made(Sheet("Escapes", ("a", "b", "c", "d"), [texts])))["Escapes"])
    assert row == ("_x005F_x0041_x005F_x0042_", "_x005F_x005F_x005F_x0041_", r"\x07", r"\x5cx07")


def test_long_text_goes_on_beside_it_where_there_is_room() -> None:
    rows = [("x" * 70_000, "after"), ("short", "=2")]
    sheet = read(made(Sheet("Long", ("text", "next"), rows, pieces_of(("text", "next"), rows))))["Long"]
    header, first, second = values(sheet)
    assert header == ("text", "text (continued)", "text (continued 2)", "next")
    assert "".join(first[:3]) == "x" * 70_000
    assert first[3] == "after"
    assert second == ("short", None, None, "=2")


@pytest.mark.parametrize(
    "text", ["x" * 70_000, "🚲" * 40_000, "\x07" * 20_000, "_x0041_" * 6_000, "=" * 40_000]
)
def test_long_text_that_came_unexpected_goes_on_in_a_last_sheet(text: str) -> None:
    workbook = read(made(Sheet("Lazy", ("a", "text"), iter([("first", "x"), ("second", text)]))))
    start = workbook["Lazy"]["B3"].value
    more = values(workbook["Continued"])[1:]
    assert [row[:4] for row in more] == [("Lazy", 3, 2, part) for part in range(2, len(more) + 2)]
    joined = start + "".join(row[4] for row in more)
    assert joined.replace("_x005F_", "_").replace(r"\x07", "\x07") == text
    for part in (start, *(row[4] for row in more)):
        assert len(part.replace("_x005F_", "_").encode("utf-16-le")) // 2 <= 32_767


def test_rows_beyond_a_sheet_go_on_in_the_next() -> None:
    workbook = read(made(Sheet("Many", ("n",), ((n,) for n in range(25))), rows=11))
    assert workbook.sheetnames == ["Many", "Many (2)", "Many (3)"]
    found = [values(sheet) for sheet in workbook]
    assert [rows[0] for rows in found] == [("n",)] * 3
    assert [row[0] for rows in found for row in rows[1:]] == list(range(25))


def test_a_sheet_that_is_just_full_has_no_next() -> None:
    for count in (0, 10):
        workbook = read(made(Sheet("Many", ("n",), ((n,) for n in range(count))), rows=11))
        assert workbook.sheetnames == ["Many"]
        assert len(values(workbook["Many"])) == count + 1


def test_equal_contents_give_equal_bytes() -> None:
    assert made(Sheet("A", ("x",), [("1",)])) == made(Sheet("A", ("x",), iter([("1",)])))


def test_more_columns_than_excel_has_are_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="16,384 columns"):
        made(Sheet("Wide", ["x"] * 16_385, []))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Parks", "Parks (2)"),
        ("PARKS", "PARKS (2)"),
        ("a/b\\c?d*e[f]g:h", "a b c d e f g h"),
        ("'quoted'", "quoted"),
        ("history", "history (2)"),
        ("", "Sheet"),
        ("x" * 40, "x" * 31),
        ("🚲" * 20, "🚲" * 15),
        ("=cmd|' /C calc'!A0", "=cmd|'  C calc'!A0"),
    ],
)
def test_titles_of_sheets_are_such_as_excel_takes(title: str, expected: str) -> None:
    found = sheet_title(title, ["Parks"])
    assert found == expected
    made(Sheet(found, ("x",), [("1",)]))


def test_names_of_columns_differ() -> None:
    assert unique_names(["text", "Parks", "text", "text", "text (2)"]) == [
        "text", "Parks", "text (2)", "text (3)", "text (2) (2)",
    ]  # fmt: skip


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        rows: Iterator[Sequence[Value]] = ((f"answer {n}",) * 10 for n in range(count))
        tracemalloc.start()
        made(Sheet("Rows", [str(n) for n in range(10)], rows))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    # The file itself lies in memory here: some 20 bytes a row.
    assert peak(6_000) < peak(600) + 400_000
