"""Workbooks: values as text, and files made to do harm."""

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from survey.formats.tables import DEFAULT_LIMITS, Limits, Problem, Replaced, Table, TableError, read_table
from survey.formats.xlsx_package import _unpack
from tests.formats.workbooks import (
    MAIN,
    SHEET,
    STYLES,
    sheet_xml,
    swap,
    text_cell,
    with_shared_strings,
    workbook,
)


def read(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Table:
    return read_table(data, "comments.xlsx", limits)


def test_values_become_text() -> None:
    day, moment = dt.datetime(2024, 5, 6), dt.datetime(2024, 5, 6, 7, 8)  # noqa: DTZ001 (Excel has no zones)
    row = [1, 2.0, 0.1 + 0.2, True, day, moment, dt.time(9, 5), " a\nñ 🚲"]
    table = read(workbook([[f"c{number}" for number in range(len(row))], row]))
    assert table.kind == "xlsx"
    assert list(table.rows[0].values.values()) == [
        "1", "2", "0.3", "TRUE", "2024-05-06", "2024-05-06T07:08:00", "09:05:00", " a\nñ 🚲",
    ]  # fmt: skip


def test_leading_and_blank_rows_are_passed_over_and_lines_are_those_shown() -> None:
    table = read(workbook([[], [], ["id", "text"], [1, "a"], [], [2, "b"], [3], [4, "d", None, "stray"]]))
    assert table.columns == ("id", "text")
    assert [(row.line, row.values["text"]) for row in table.rows] == [(4, "a"), (6, "b"), (7, "")]
    assert table.problems[0].line == 8


def test_formulas_give_their_saved_value_and_never_their_source() -> None:
    cells = (
        '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"x"</f><v>saved</v></c><c r="C2"><f>3+3</f></c>'
    )
    header = "".join(text_cell(name) for name in ("a", "b", "c"))
    table = read(swap(SHEET, sheet_xml(f'<row r="1">{header}</row><row r="2">{cells}</row>')))
    assert table.rows[0].values == {"a": "2", "b": "saved", "c": ""}


def test_escapes_of_excel_are_read() -> None:
    cells = text_cell("a_x000D_\nb") + text_cell("_x005F_x0041_ _x0000_ _xD83D__xDEB2_")
    header = text_cell("a") + text_cell("b")
    table = read(swap(SHEET, sheet_xml(f'<row r="1">{header}</row><row r="2">{cells}</row>')))
    assert table.rows[0].values == {"a": "a\r\nb", "b": "_x0041_ \ufffd 🚲"}
    assert table.replaced == (Replaced(2, "U+0000", column="b"),)


def test_strings_that_cells_share_are_read() -> None:
    strings = "<si><t>text</t></si><si><r><t>two </t></r><r><t xml:space='preserve'>runs_x000D_</t></r></si>"
    table = read(with_shared_strings(strings))
    assert [row.values for row in table.rows] == [{"text": "two runs\r"}]


@pytest.mark.timeout(60)
def test_a_flood_of_shared_strings_is_refused() -> None:
    with pytest.raises(TableError, match="unpacks to more"):
        read(with_shared_strings("<si/>" * 2_200_000))
    with pytest.raises(TableError, match="unpacks to more"):
        read(with_shared_strings("<si>" + "<r/>" * 100_000 + "</si>"))


def test_hidden_and_empty_sheets_are_passed_over_and_others_named() -> None:
    def add_sheets(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("Empty")
        for name in ("Answers", "Lists"):
            book.create_sheet(name).append(["text"])
            book[name].append(["hello"])

    table = read(workbook([["secret"], ["x"]], add_sheets))
    assert [row.values for row in table.rows] == [{"text": "hello"}]
    assert table.notes == ("Only the sheet “Answers” was read, not “Lists”.",)


def test_merged_cells_macros_and_pictures_do_not_matter() -> None:
    data = workbook([["id", "text"], [1, "a"], [None, "b"]], lambda book: book.active.merge_cells("A2:A3"))
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/vbaProject.bin", b"\0" * 1000)
        package.writestr("xl/drawings/vmlDrawing1.vml", b"<xml><br></xml>")
        package.writestr("xl/externalLinks/externalLink1.xml", b"not xml")
    table = read(stream.getvalue())
    assert [row.values for row in table.rows] == [{"id": "1", "text": "a"}, {"id": "", "text": "b"}]


def test_more_columns_or_rows_than_allowed_are_refused() -> None:
    with pytest.raises(TableError, match="more than 100 columns"):
        read(workbook([[f"c{number}" for number in range(101)], ["a"]]))
    with pytest.raises(TableError, match="more than 2 rows"):
        read(workbook([["text"], ["a"], ["b"], ["c"]]), Limits(rows=2))


def test_the_xml_parser_of_workbooks_is_the_defused_one() -> None:
    assert openpyxl.DEFUSEDXML is True


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
TOO_LARGE, DAMAGED = "unpacks to more", "is damaged"


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (SHEET, b"<a>" + b" " * 55_000_000 + b"</a>", TOO_LARGE),
        (SHEET, sheet_xml("<row>" + "<c/>" * 1_000_000 + "</row>"), TOO_LARGE),
        (SHEET, sheet_xml("<row/>" * 2_200_000), TOO_LARGE),
        (SHEET, b"<a>" * 1_000_000, TOO_LARGE),
        (SHEET, b"<" + b"a" * 5_000_000, TOO_LARGE),
        (SHEET, b"<!--" + b"a" * 5_000_000, TOO_LARGE),
        (SHEET, b"<a " + b" ".join(b'b%d=""' % n for n in range(300_000)) + b"/>", TOO_LARGE),
        (SHEET, f"<worksheet {MAIN}>{'<x/>' * 250_000}</worksheet>".encode(), TOO_LARGE),
        (STYLES, f"<styleSheet {MAIN}>{'<xf/>' * 250_000}</styleSheet>".encode(), TOO_LARGE),
        (SHEET, (LAUGHS + f"<worksheet {MAIN}>&c;</worksheet>").encode(), DAMAGED),
        (STYLES, (LAUGHS + f"<styleSheet {MAIN}>&c;</styleSheet>").encode("utf-16"), DAMAGED),
        (STYLES, b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><styleSheet/>', DAMAGED),
        (STYLES, b'<?xml version="1.0" encoding="gb18030"?><styleSheet/>', DAMAGED),
        (STYLES, b'<?xml version="1.0" encoding="no-such"?><styleSheet/>', DAMAGED),
        (SHEET, b"not xml at all", DAMAGED),
        (SHEET, sheet_xml(f'<row>{text_cell("a")}</row><row r="1e300">{text_cell("b")}</row>'), DAMAGED),
        (SHEET, sheet_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), DAMAGED),
        (SHEET, sheet_xml(f'<row r="1"><c r="A1"><v>{"9" * 5000}</v></c></row>'), DAMAGED),
        ("xl/workbook.xml", b"<nothing/>", "No visible sheet"),
        ("[Content_Types].xml", b"<nothing/>", DAMAGED),
    ],
)  # fmt: skip
def test_hostile_parts_are_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read(swap(name, content))


def test_a_directory_that_lies_about_sizes_does_not_help() -> None:
    data = swap(SHEET, b"<a>" + b" " * 40_000_000 + b"</a>")
    honest = zipfile.ZipFile(io.BytesIO(data)).getinfo(SHEET).file_size
    lying = data.replace(honest.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert zipfile.ZipFile(io.BytesIO(lying)).getinfo(SHEET).file_size == 1000
    with pytest.raises(TableError, match="damaged"):
        read(lying)


def test_a_part_is_unpacked_only_as_far_as_there_is_room() -> None:
    with zipfile.ZipFile(io.BytesIO(swap(SHEET, b"x" * 200_000))) as package:
        with pytest.raises(TableError, match="unpacks to more"):
            _unpack(package, package.getinfo(SHEET), 199_999)
        assert len(_unpack(package, package.getinfo(SHEET), 200_000)) == 200_000


def test_many_members_and_many_medium_parts_are_refused() -> None:
    stream = io.BytesIO(workbook([["a"], ["b"]]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        for number in range(2_000):
            package.writestr(f"xl/worksheets/other{number}.xml", b"<a/>")
    with pytest.raises(TableError, match="unpacks to more"):
        read(stream.getvalue())
    small = workbook([["a"], ["b" * 5_000]])
    assert read(small, Limits(unpacked_bytes=100_000)).rows
    with pytest.raises(TableError, match="unpacks to more"):
        read(small, Limits(unpacked_bytes=10_000))


def test_compression_that_unpacks_without_measure_is_refused() -> None:
    with pytest.raises(TableError, match="packed in a way"):
        read(swap(SHEET, sheet_xml(""), compression=zipfile.ZIP_BZIP2))


def encrypted() -> bytes:
    """A workbook whose directory says that its parts are encrypted."""
    data = bytearray(workbook([["a"], ["b"]]))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def zip_of(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook([["a"], ["b"]])[:2000], "damaged"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (encrypted(), "password"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            r"old Excel workbook \(\.xls\) or has a password",
        ),
        (zip_of("word/document.xml"), "no Excel workbook"),
        (zip_of("xl/workbook.bin"), r"\.xlsb"),
        (workbook([]), "No visible sheet"),
        (workbook([["text"]]), "no rows"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_files_that_are_no_workbook_are_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read(data)


def test_a_row_wider_than_the_header_is_a_problem() -> None:
    table = read(workbook([["a"], ["x", "y"], ["z"]]))
    assert [row.values["a"] for row in table.rows] == ["z"]
    assert table.problems == (Problem(2, "has 2 fields where the header has 1"),)
