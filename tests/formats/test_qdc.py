"""REFI-QDA codebooks: what we write holds to the schema, what others write is read, and harm is refused."""

import io
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings

from survey.formats import qdc
from survey.formats.codebook import MAX_ENTRIES, Codebook, CodebookError, CodeEntry, Report
from survey.formats.qda_any import read_codebook
from survey.formats.qda_text import describe, take_apart
from tests.formats.codebooks import BUSES, CODEBOOK, GUID, codebooks, is_guid, sentences, without_guids
from tests.formats.qda_checks import check_codebook
from tests.formats.test_codebook_csv import names, written
from tests.formats.workbooks import workbook

NS = 'xmlns="urn:QDA-XML:codebook:1.0"'


def write(codebook: Codebook) -> bytes:
    stream = io.BytesIO()
    qdc.write(codebook, stream)
    return stream.getvalue()


def read(xml: str | bytes, name: str = "IT plan.qdc") -> Report:
    return qdc.read(xml.encode() if isinstance(xml, str) else xml, name)


def book(codes: str, attributes: str = NS) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><CodeBook {attributes}><Codes>{codes}</Codes></CodeBook>'


def test_what_is_written_holds_to_the_schema() -> None:
    root = check_codebook(write(CODEBOOK))
    assert root.get("origin") == "Throughline"
    codes = root.findall(".//{*}Code")
    assert [code.get("name") for code in codes] == [entry.name for entry in CODEBOOK.entries]
    assert codes[1].getparent() is codes[0]
    assert codes[0].get("guid") == GUID
    assert (
        codes[0]
        .findtext("{*}Description", "")
        .endswith("\n\nExample: “The 5 never comes” ]]>\n\nTheme number: 12")
    )


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        (b' isCodable="true"', b""),
        (b' guid="0f1e', b' guid="0f1'),
        (b'color="#1A2b3c"', b'color="red"'),
        (b"<Codes>", b"<Codes><Description/>"),
        (b"<Codes>", b"<Codes>text"),
        (b"codebook:1.0", b"codebook:1:0"),
        (b"</Description>", b"</Description><Description/>"),
    ],
)
def test_the_check_itself_finds_what_breaks_the_schema(was: bytes, is_now: bytes) -> None:
    data = write(CODEBOOK)
    assert was in data
    with pytest.raises((AssertionError, KeyError)):
        check_codebook(data.replace(was, is_now))


def test_a_codebook_comes_back_exactly_but_for_new_guids() -> None:
    report = read(write(CODEBOOK))
    assert without_guids(report.codebook) == without_guids(CODEBOOK)
    assert report.problems == ()
    assert report.codebook.entries[0] == BUSES
    assert all(is_guid(entry.guid) for entry in report.codebook.entries)
    assert read(write(report.codebook)).codebook == report.codebook


@settings(max_examples=150, deadline=None)
@given(codebooks(with_guids=True))
def test_any_codebook_comes_back_exactly(codebook: Codebook) -> None:
    data = write(codebook)
    check_codebook(data)
    report = read(data)
    assert report.codebook == codebook
    assert report.problems == ()


def test_guids_are_the_same_every_time_and_stay_with_a_renamed_theme() -> None:
    assert write(CODEBOOK) == write(CODEBOOK)
    night = CODEBOOK.entries[1]
    renamed = replace(CODEBOOK, entries=(BUSES, replace(night, name="Night buses"), CODEBOOK.entries[2]))
    before, after = read(write(CODEBOOK)).codebook, read(write(renamed)).codebook
    assert [entry.guid for entry in before.entries] == [entry.guid for entry in after.entries]
    other = read(write(replace(CODEBOOK, title="Other"))).codebook
    assert other.entries[1].guid != before.entries[1].guid


def test_whatever_is_written_is_valid() -> None:
    strange = Codebook(
        "\ud800",
        (CodeEntry("a\x00\n\tb", "c\x1b\ud800\r\nd", color="red", guid="no"), CodeEntry("A", parent="gone"))
        + (CodeEntry("same", guid=GUID), CodeEntry("same", guid=GUID), CodeEntry("same"), CodeEntry("same")),
    )
    check_codebook(write(strange))
    first = read(write(strange)).codebook.entries[0]
    assert (first.name, first.definition, first.color) == ("a\ufffd b", "c\ufffd\ufffd\nd", None)


def test_an_empty_codebook_is_not_written() -> None:
    with pytest.raises(CodebookError, match="no codes yet"):
        write(Codebook("IT plan"))


NVIVO = """<?xml version="1.0" encoding="utf-8" standalone="no" ?>
<CodeBook origin="NVivo 12 For Mac" xmlns="urn:QDA-XML:codebook:1:0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="urn:QDA-XML:codebook:1:0 Codebook.xsd"><Codes>
  <Code color="#00FF00" guid="{0F1E2D3C-4B5A-4978-8796-A5B4C3D2E1F0}" isCodable="false" name="Transit">
    <Description>
      How people get about
    </Description>
    <Code guid="2F1E2D3C-4B5A-4978-8796-A5B4C3D2E1F0" isCodable="true" name="Buses"/>
  </Code>
</Codes></CodeBook>"""


def test_a_file_of_nvivo() -> None:
    report = read(NVIVO)
    assert report.codebook == Codebook(
        "IT plan",
        (
            CodeEntry("Transit", "How people get about", guid=GUID, color="#00FF00"),
            CodeEntry("Buses", parent="Transit", guid="2f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"),
        ),
    )
    assert [(problem.kind, problem.where) for problem in report.problems] == [
        ("changed", "The code “Transit”")
    ]


def test_files_of_others_with_parts_missing_or_added() -> None:
    codes = f"""<q:Code name="a"><q:Description/><q:NoteRef targetGUID="{GUID}"/>
      <q:Code name=""><q:Code name="b" guid="7"><q:Code name="c"/></q:Code></q:Code></q:Code>"""
    inside = "<q:Description>no description of a code</q:Description><q:MemberCode/>"
    sets = f'<q:Sets><q:Set name="S">{inside}</q:Set></q:Sets>'
    report = read(
        f'<q:CodeBook xmlns:q="urn:QDA-XML:project:2.0"><q:Codes>{codes}</q:Codes>{sets}</q:CodeBook>'
    )
    assert names(report) == [("a", None), ("b", "a"), ("c", "a")]
    assert sentences(report.problems) == [
        "The file has 1 set of codes (“S”); sets are left out",
        "The file has 1 element “NoteRef” in codes, for which there is no place here",
        "Code number 2 has no name",
        "The code “b” has the GUID “7”, which is none; it is taken without one",
        "The code “c” is on level 3; codebooks here have two levels, so it is put under “a”",
    ]


def test_no_namespace_or_another_is_said() -> None:
    assert names(read(book('<Code name="a"/>', ""))) == [("a", None)]
    report = read(book('<Code name="a"/>', 'xmlns="urn:other"'))
    assert sentences(report.changed) == [
        "The file names the namespace “urn:other”, not that of REFI-QDA; it is read all the same"
    ]


def test_descriptions_that_people_wrote_with_labels() -> None:
    text = "Being late\n\nInclusion criteria: routes\nExclude: taxis\r\nEXAMPLES: “late”\nexample: “rare”"
    entry = read(book(f'<Code name="a"><Description>{text}</Description></Code>')).codebook.entries[0]
    assert entry == CodeEntry("a", "Being late", "routes", "taxis", "“late”\n“rare”")
    assert take_apart("a\nTheme number: several")["definition"] == "a\nTheme number: several"
    assert take_apart(describe(BUSES))["definition"] == BUSES.definition


def test_duplicate_names_and_guids_are_told_apart() -> None:
    report = read(book(f'<Code name="a" guid="{GUID}"/><Code name="A" guid="{GUID.upper()}"/>'))
    assert [(entry.name, entry.guid) for entry in report.codebook.entries] == [("a", GUID), ("A (2)", None)]
    assert len(report.changed) == 2


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (book('<Code name="Café"/>').encode("windows-1252"), "windows-1252"),
        (book('<Code name="Café"/>').replace("utf-8", "utf-16").encode("utf-8"), "utf-8"),
        (book('<Code name="Café"/>').replace("utf-8", "klingon").encode("utf-8"), "utf-8"),
        (book('<Code name="Café"/>').encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_a_wrong_encoding_is_found_and_said(data: bytes, encoding: str) -> None:
    report = read(data)
    assert names(report) == [("Café", None)]
    assert any(f"read as {encoding}" in sentence for sentence in sentences(report.changed))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_right_encodings_need_no_word(encoding: str) -> None:
    xml = book('<Code name="Café"/>').replace("utf-8", encoding.removesuffix("-sig"))
    report = read(b"" + xml.encode(encoding))
    assert (names(report), report.problems) == ([("Café", None)], ())
    assert names(read(b"\r\n " + book('<Code name="a"/>').encode())) == [("a", None)]


LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
HARM = {
    "laughs": f'<!DOCTYPE CodeBook [<!ENTITY l0 "ha">{LAUGHS}]>' + book('<Code name="&l9;"/>')[38:],
    "outside": '<!DOCTYPE CodeBook [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + book('<Code name="a"><Description>&x;</Description></Code>')[38:],
    "outside dtd": '<!DOCTYPE CodeBook SYSTEM "http://localhost/x.dtd">' + book('<Code name="a"/>')[38:],
    "quadratic": f'<!DOCTYPE CodeBook [<!ENTITY x "{"x" * 100_000}">]>'
    + book(f'<Code name="{"&x;" * 100_000}"/>')[38:],
}


@pytest.mark.parametrize("xml", HARM.values(), ids=HARM)
def test_document_types_are_refused(xml: str) -> None:
    with pytest.raises(CodebookError, match="document type"):
        read(xml)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n" * 1000, "empty"),
        (b"name,definition\na,b\n", "not valid XML"),
        (b"<CodeBook", "not valid XML"),
        (book('<Code name="a"/>')[:-20].encode(), "not valid XML: it cannot be read from line 1"),
        (b"<CodeBook><Codes><Code name='a'>&nbsp;</Code></Codes></CodeBook>", "not valid XML"),
        (b"<html><body/></html>", "begins with <html>, not with <CodeBook>"),
        (b"<Project/>", "no codebook in it"),
        (b"<CodeBook><Codes/></CodeBook>", "no codes"),
        (b"<CodeBook><Codes><Code name=' '/></Codes></CodeBook>", "no codes"),
        (b"PK\x03\x04", "zip archive"),
        (b"\x00" * 1000, "not valid XML"),
        (b"\x89PNG\r\n\x1a\n", "not valid XML"),
        (b"\xff\xfe<\x00", "not valid XML"),
    ],
)
def test_what_is_no_codebook_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(CodebookError, match=says):
        read(data)


@pytest.mark.timeout(30)
def test_depth_and_size_cost_no_more_than_reading() -> None:
    begun = time.monotonic()
    deep = 10_000
    report = read(book('<Code name="a">' * deep + "</Code>" * deep))
    assert report.taken == MAX_ENTRIES
    assert {entry.parent for entry in report.codebook.entries[1:]} == {"a"}
    with pytest.raises(CodebookError, match="nested too deep"):
        read(book("<x>" * 200_000))
    with pytest.raises(CodebookError, match="more than 20,000 codes"):
        read(book('<Code name="a"/>' * 20_001))
    with pytest.raises(CodebookError, match="larger than 10 MB"):
        read(b" " * 50_000_000)
    with pytest.raises(CodebookError, match="no codes"):
        read(book(" " * 9_000_000))
    assert len(read(book(f'<Code name="{"n" * 9_000_000}"/>')).codebook.entries[0].name) == 200
    labels = "Include: x&#10;" * 500_000
    read(book(f'<Code name="a"><Description>{labels}</Description></Code>'))
    assert time.monotonic() - begun < 20


def test_any_file_is_read_by_what_is_in_it() -> None:
    assert read_codebook(write(CODEBOOK), "x.txt").taken == 3
    assert read_codebook(write(CODEBOOK).decode().encode("utf-16"), "x").taken == 3
    assert read_codebook(written(CODEBOOK), "x").codebook.entries == CODEBOOK.entries
    assert read_codebook(workbook([["name"], ["a"]]), "x").taken == 1
    with pytest.raises(CodebookError, match="not valid XML"):
        read_codebook(b"name\na\n", "x.qdc")
    with pytest.raises(CodebookError, match="no REFI-QDA project"):
        read_codebook(b"name\na\n", "x.qdpx")
