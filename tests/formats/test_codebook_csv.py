"""Codebooks as tables: written safely, and read from what people make in spreadsheets."""

import csv
import io
import time

import pytest
from hypothesis import given, settings

from survey.formats import codebook_csv
from survey.formats.codebook import (
    MAX_ENTRIES,
    MAX_TEXT,
    Codebook,
    CodebookError,
    CodeEntry,
    Report,
    name_key,
    tree,
)
from survey.formats.tables import TableError
from tests.formats.codebooks import BUSES, CODEBOOK, codebooks, sentences
from tests.formats.workbooks import workbook


def written(codebook: Codebook) -> bytes:
    stream = io.BytesIO()
    codebook_csv.write(codebook, stream)
    return stream.getvalue()


def read(text: str | bytes, name: str = "codes.csv") -> Report:
    return codebook_csv.read(text.encode() if isinstance(text, str) else text, name)


def names(report: Report) -> list[tuple[str, str | None]]:
    return [(entry.name, entry.parent) for entry in report.codebook.entries]


def test_a_codebook_comes_back_exactly() -> None:
    report = read(written(CODEBOOK), "IT plan.csv")
    assert report.codebook == CODEBOOK
    assert (report.problems, report.taken) == ((), 3)


@settings(max_examples=150, deadline=None)
@given(codebooks(with_guids=False))
def test_any_codebook_comes_back_exactly(codebook: Codebook) -> None:
    report = read(written(codebook), "IT plan.csv")
    assert report.codebook == codebook
    assert report.problems == ()


def test_no_field_is_a_formula_and_accents_are_marked() -> None:
    data = written(CODEBOOK)
    assert data.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        assert not any(field.startswith(("=", "+", "-", "@")) for field in row)


def test_what_no_file_can_hold_is_replaced_when_written() -> None:
    report = read(written(Codebook("", (CodeEntry("a\x00b", "c\ud800d"),))))
    assert report.codebook.entries[0] == CodeEntry("a\ufffdb", "c\ufffdd")


def test_headings_in_any_order_case_and_language() -> None:
    text = "Descripción;TEMA;Categoría;Incluir\nTarde;Autobús;Transporte;sí\n;Transporte;;\n"
    report = codebook_csv.read(text.encode("windows-1252"), "códigos.csv")
    assert [
        (entry.name, entry.definition, entry.include, entry.parent) for entry in report.codebook.entries
    ] == [
        ("Transporte", "", "", None),
        ("Autobús", "Tarde", "sí", "Transporte"),
    ]
    assert any("Windows-1252" in sentence for sentence in sentences(report.changed))


@pytest.mark.parametrize(
    "text",
    [
        "tag,description\na,b\n",  # Taguette
        "Code\tComment\na\tb\n",  # ATLAS.ti
        "Name|Description|Files|References\na|b||\n",  # NVivo
        "\ufeffParent code,Code,Code memo\n,a,b\n",  # MAXQDA
        "sep=;\nTheme name;Theme number;Definition\na;;b\n",
        '[{"name": "a", "definition": "b"}]',
    ],
)
def test_tables_of_other_programs(text: str) -> None:
    report = read(text)
    assert report.codebook.entries == (CodeEntry("a", "b"),)
    assert report.problems == ()


def test_a_workbook_and_a_single_column() -> None:
    assert names(read(workbook([["Name", "Parent"], ["a", None], ["b", "A"]]), "x.xlsx")) == [
        ("a", None),
        ("b", "a"),
    ]
    report = read("Topics\nBuses\nParks\n")
    assert names(report) == [("Buses", None), ("Parks", None)]
    assert sentences(report.changed)[0].startswith("“Topics”, the text at the top, is taken for the heading")


def test_columns_that_are_not_taken_are_named() -> None:
    report = read("name,files,notes\na,3,\n")
    assert sentences(report.left_out) == ["The column “files” is left out: it is no part of a codebook"]


def test_a_parent_without_a_row_is_added() -> None:
    report = read("name,parent\nBus,Transit\nTram,transit\n")
    assert names(report) == [("Transit", None), ("Bus", "Transit"), ("Tram", "Transit")]
    assert sentences(report.changed) == ["Line 2 names a parent that has no row, “Transit”; it is added"]


def test_deeper_levels_are_put_under_the_top() -> None:
    report = read("name,parent\nd,c\nc,b\nb,a\na,\n")
    assert names(report) == [("a", None), ("d", "a"), ("c", "a"), ("b", "a")]
    assert sentences(report.changed) == [
        "Line 2 is on level 4; codebooks here have two levels, so it is put under “a”",
        "Line 3 is on level 3; codebooks here have two levels, so it is put under “a”",
    ]


def test_circles_end_at_the_top() -> None:
    report = read("name,parent\na,b\nb,a\nc,c\nd,a\n")
    assert names(report) == [("b", None), ("a", "b"), ("d", "b"), ("c", None)]
    assert sum("stands under itself" in sentence for sentence in sentences(report.changed)) == 2


def test_names_that_are_the_same_are_told_apart() -> None:
    report = read("name,parent\nCost,\nOther,Cost\nSafety,\nother,Safety\nOTHER,\nＯｔｈｅｒ,\n")
    assert names(report) == [
        ("Cost", None), ("Other", "Cost"), ("Safety", None), ("other (Safety)", "Safety"),
        ("OTHER (2)", None), ("Ｏｔｈｅｒ (3)", None),
    ]  # fmt: skip
    assert (
        sentences(report.changed)[0]
        == "Line 5 has the name “other” a second time; it is listed as “other (Safety)”"
    )
    assert len({name_key(name) for name, _parent in names(report)}) == 6


def test_what_is_too_long_is_cut_and_said() -> None:
    report = read(f"name,definition\n{'n' * 201},{'d' * (MAX_TEXT + 1)}\n{'n' * 200},\n")
    first, second = report.codebook.entries
    assert (len(first.name), len(first.definition), len(second.name)) == (200, MAX_TEXT, 200)
    assert sentences(report.changed)[:2] == [
        "Line 2 has a name of 201 characters; it is cut to 200",
        "Line 2 has 5,001 characters in its definition; it is cut to 5,000",
    ]


def test_rows_without_a_name_and_bad_values_are_reported() -> None:
    report = read("name,color,number,guid,parent\n ,red,,,x\na,red,x7,1234,\nb,FFF,7,,\nc,,7,,\n")
    assert names(report) == [("a", None), ("b", None), ("c", None)]
    assert [(entry.color, entry.number, entry.guid) for entry in report.codebook.entries] == [
        (None, None, None), ("#FFF", 7, None), (None, None, None),
    ]  # fmt: skip
    assert sentences(report.problems) == [
        "Line 2 has no name",
        "Line 3 has the GUID “1234”, which is none; it is taken without one",
        "Line 3 has “x7” for a number; it is taken without one",
        "Line 3 has the color “red”, not one like #1A2B3C; it is taken without one",
        "Line 5 has the number 7 a second time; it is taken without one",
    ]


def test_the_thousand_and_first_code_is_left_out_and_counted() -> None:
    report = read("name\n" + "".join(f"code {number}\n" for number in range(MAX_ENTRIES + 5)))
    assert report.taken == MAX_ENTRIES
    assert sentences(report.left_out) == [
        "The file has more codes than the 1,000 that a codebook holds; left out: 5 codes after “code 999”"
    ]


def test_an_apostrophe_that_people_typed_stays() -> None:
    assert [entry.name for entry in read("name\n'Tis\n'=1\n''quoted'\n").codebook.entries] == [
        "'Tis",
        "=1",
        "'quoted'",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf", b" \r\n" * 99, b"name,definition\n", b"name,x\n\n,,\n", b"a,b\n"]
)
def test_a_table_without_codes_is_refused(data: bytes) -> None:
    with pytest.raises(CodebookError, match="no codes"):
        read(data)
    with pytest.raises(CodebookError, match="no codes"):
        read("name,definition\n,something\n")


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(CodebookError, match="no column for the names"):
        read("x,y\n1,2\n")
    with pytest.raises(TableError, match="PDF"):
        read(b"%PDF-1.7")


@pytest.mark.timeout(20)
def test_large_and_hostile_tables_take_no_longer() -> None:
    begun = time.monotonic()
    with pytest.raises(TableError, match="larger than 10 MB"):
        read(b" " * 50_000_000)
    with pytest.raises(CodebookError, match="no codes"):
        read(b" " * 9_000_000)
    assert read("name\n" + "a\n" * 19_000).taken == MAX_ENTRIES
    chain = "name,parent\n" + "".join(f"c{number},c{number + 1}\n" for number in range(18_000))
    assert read(chain).taken == MAX_ENTRIES
    assert time.monotonic() - begun < 15


def test_the_tree_holds_each_code_once() -> None:
    entries = (
        CodeEntry("b", parent="a"),
        CodeEntry("a"),
        CodeEntry("c", parent="b"),
        CodeEntry("d", parent="d"),
    )
    assert tree(Codebook("", entries)) == [(1, [0]), (2, []), (3, [])]
    assert tree(Codebook("", (BUSES,))) == [(0, [])]
