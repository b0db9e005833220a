"""XLSForms coming in: every row works or is named; what is no form is refused with its place."""

from __future__ import annotations

import io
import json
import struct
import time
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from survey.document import parse
from survey.formats import survey_files, xlsform_book
from survey.formats.survey_files import SurveyFileError
from tests.formats.forms import HEAD, SHARED, form, ole, questions, read, record, text, told, xls
from tests.formats.workbooks import SHEET, sheet_xml, swap, text_cell

FOLDER = SHARED / "xlsform"
INDEX = json.loads((FOLDER / "INDEX.json").read_text("utf-8")) if FOLDER.is_dir() else []
YES_NO = (("list_name", "name", "label"), ("yn", "yes", "Yes"), ("yn", "no", "No"))
needs_shared = pytest.mark.skipif(not INDEX, reason="the shared instruments are not on this machine")


@needs_shared
@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: str(entry["file"]))
def test_every_shared_form_is_taken_or_refused_as_pyxform_says(entry: dict[str, Any]) -> None:
    data = (FOLDER / entry["file"]).read_bytes()
    if entry["pyxform"] == "error":
        with pytest.raises(SurveyFileError) as caught:
            read(data, entry["file"])
        assert caught.value.row is not None
        assert caught.value.sheet.lower() in ("survey", "choices", "settings")
        return
    found = read(data, entry["file"])
    document = parse(found.document)
    named = {line.name for line in found.lines}
    book = xlsform_book.read(data)
    for number, row in book.sheets["survey"].numbered():
        kind = " ".join(next((row[h] for h in row if h.strip().lower() in ("type", "command")), "").split())
        name = next((row[h].strip() for h in row if h.strip().lower() in ("name", "tag", "value")), kind)
        if kind and not kind.startswith(("end ", "end_")):
            lines = [
                line
                for line in found.lines
                if line.row == number and line.sheet == book.sheets["survey"].title
            ]
            assert lines, f"row {number} ({kind} {name}) is not named"
    assert all(
        q.name_in_data in named or q.id in named or q.origin == {} or q.TYPE == "matrix"
        for q in document.questions
    )


@needs_shared
@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: str(entry["file"]))
def test_cells_are_read_as_pyxform_reads_them(entry: dict[str, Any]) -> None:
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    data = (FOLDER / entry["file"]).read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = get_xlsform(data)
    except PyXFormError:
        with pytest.raises(SurveyFileError):
            xlsform_book.read(data)
        return
    ours = xlsform_book.read(data).definition()
    for name in xlsform_book.SHEETS:
        assert ours.get(name) == getattr(theirs, name)
    assert ours["sheet_names"] == theirs.sheet_names


def test_types_become_questions() -> None:
    rows = [
        HEAD,
        *(("text", "short", "S"), ("integer", "whole", "W"), ("decimal", "dec", "D"), ("date", "day", "Y")),
        *(("time", "clock", "T"), ("note", "read", "R"), ("acknowledge", "ok", "O"), ("barcode", "bar", "B")),
        *(("select_one yn", "one", "1"), ("select_multiple yn", "many", "2"), ("rank yn", "order", "3")),
        *(
            ("select one from yn", "old", "4"),
            ("select_one yn or_other", "other", "5"),
            ("dateTime", "when", "6"),
        ),
        ("add integer prompt", "ancient", "7"),
    ]
    found = questions(read(form(rows, YES_NO)))
    types = {id: question["type"] for id, question in found.items()}
    assert types == {
        "short": "short_text",
        "whole": "number",
        "dec": "number",
        "day": "date",
        "clock": "time",
        "read": "statement",
        "ok": "consent",
        "bar": "short_text",
        "one": "one_choice",
        "many": "several_choices",
        "order": "ranking",
        "old": "one_choice",
        "other": "one_choice",
        "when": "date",
        "when-2": "time",
        "ancient": "number",
    }
    assert found["other"]["other"]
    assert found["whole"]["decimals"] == 0


@pytest.mark.parametrize(
    "kind", ["geopoint", "image", "audio", "file", "calculate", "hidden", "start", "deviceid", "csv-external"]
)
def test_what_cannot_be_asked_is_left_out_by_name(kind: str) -> None:
    rows = [
        (*HEAD, "calculation"),
        (kind, "odd", "L", "1 + 1" if kind == "calculate" else ""),
        ("text", "a", "A", ""),
    ]
    found = read(form(rows))
    assert list(questions(found)) == ["a"]
    line = told(found, "odd")
    assert (line.what, line.sheet, line.row) == ("left out", "survey", 2)


def test_rules_of_groups_and_questions_are_followed() -> None:
    head = (*HEAD, "relevant", "required")
    rows = [
        head,
        ("select_one yn", "has", "Has?", "", "yes"),
        ("begin group", "g", "The pets", "${has} = 'yes'", ""),
        ("integer", "count", "How many?", "", "true()"),
        ("begin group", "inner", "Inside", "${count} > 2", ""),
        ("text", "names", "Names", "selected(${has}, 'yes')", ""),
        ("end group", "", "", "", ""),
        ("end group", "", "", "", ""),
        ("text", "last", "Last", "today() > '2026-01-01'", "${has} = 'no'"),
    ]
    found = read(form(rows, YES_NO))
    first, pets, inside, last = found.document["pages"]
    has = {"question": "has", "op": "=", "value": "yes"}
    assert pets["show_if"] == has
    assert pets["title"] == {"en": "The pets"}
    assert inside["show_if"] == {"all": [has, {"question": "count", "op": ">", "value": 2}]}
    assert inside["questions"][0]["show_if"] == {"question": "has", "op": "includes", "value": "yes"}
    assert [first["questions"][0]["optional"], pets["questions"][0]["optional"]] == [False, False]
    assert last["questions"][0]["show_if"] is None
    assert last["questions"][0]["origin"]["xlsform.relevant"] == "today() > '2026-01-01'"
    line = told(found, "last")
    assert (line.what, line.row) == ("changed", 9)
    assert "today()" in line.words


def test_cascading_choices_and_duplicate_names() -> None:
    choices = [
        ("list_name", "name", "label", "state"),
        ("states", "pa", "PA", ""),
        ("states", "nj", "NJ", ""),
        ("cities", "camden", "Camden", "nj"),
        ("cities", "salem", "Salem", "nj"),
        ("cities", "salem", "Salem", "pa"),
    ]
    rows = [
        (*HEAD, "choice_filter", "relevant"),
        ("select_one states", "state", "State", "", ""),
        ("select_one cities", "city", "City", "state = ${state}", ""),
        ("text", "why", "Why?", "", "${city} = 'salem'"),
    ]
    found = questions(read(form(rows, choices, [("allow_choice_duplicates",), ("yes",)])))
    city = found["city"]["choices"]
    assert [one["id"] for one in city] == ["camden", "salem", "salem-2"]
    assert [one["show_if"]["value"] for one in city] == ["nj", "nj", "pa"]
    assert [one["value"] for one in found["why"]["show_if"]["any"]] == ["salem", "salem-2"]


def test_a_table_becomes_a_matrix_and_its_lines_can_be_named_in_rules() -> None:
    rows = [
        (*HEAD, "appearance", "relevant"),
        ("begin group", "grid", "How good are", "table-list", ""),
        ("select_one yn", "buses", "Buses", "", ""),
        ("select_one yn", "trains", "Trains", "", ""),
        ("end group", "", "", "", ""),
        ("text", "why", "Why?", "", "${buses} = 'no'"),
    ]
    found = read(form(rows, YES_NO))
    grid = questions(found)["grid"]
    assert (grid["type"], [line["id"] for line in grid["rows"]]) == ("matrix", ["buses", "trains"])
    assert questions(found)["why"]["show_if"] == {
        "question": "grid",
        "part": "buses",
        "op": "=",
        "value": "no",
    }
    assert found.document["pages"][0]["title"] is None


def test_languages_markup_and_long_texts() -> None:
    long = "First sentence. " + "word " * 150
    rows = [
        (
            "type",
            "name",
            "label::Français (fr)",
            "label::English (en)",
            "hint::English (en)",
            "label::Klingonian",
        ),
        ("text", "a", "Bonjour", "Hello <b>you</b>", "A **hint**", "nuqneH"),
        ("text", "b", "", "Only English", "", ""),
        ("note", "c", long, "", "", ""),
    ]
    found = read(form(rows, settings=[("form_title", "default_language"), ("Titre", "English (en)")]))
    assert found.document["languages"][:2] == ["en", "fr"]
    assert found.document["languages"][2].startswith("qa")
    asked = questions(found)
    assert asked["a"]["label"]["en"] == "Hello you"
    assert asked["a"]["help"] == {"en": "A hint"}
    assert asked["c"]["label"]["en"] == "First sentence."
    assert asked["c"]["help"]["en"].startswith("word word")
    assert told(found, "Klingonian").what == "changed"
    assert found.document["title"] == {"en": "Titre"}


def test_names_that_cannot_be_ids_stay_as_codes_and_rules_still_find_them() -> None:
    rows = [
        (*HEAD, "relevant"),
        ("select_one straße", "größe.1", "Size", ""),
        ("text", "x" * 60, "Long", "${größe.1} = 'ein blatt'"),
    ]
    choices = [("list name", "name", "label"), ("straße", "ein blatt", "One"), ("straße", "2", "Two")]
    found = questions(read(form(rows, choices)))
    (size, asked), (_id, long) = found.items()
    assert asked["code"] == "größe.1"
    assert long["code"] == "x" * 60
    assert long["show_if"] == {"question": size, "op": "=", "value": asked["choices"][0]["id"]}


def test_what_else_stands_in_a_row_is_told() -> None:
    head = (
        *HEAD,
        "default",
        "read_only",
        "constraint",
        "constraint_message",
        "appearance",
        "media::image",
        "made_up",
    )
    rows = [head, ("integer", "a", "A ${gone_b}", "7", "yes", ". > ${gone_b}", "No", "bearing", "a.png", "x")]
    rows.append(("hidden", "gone_b", "", "", "", "", "", "", "", ""))
    found = read(form(rows))
    words = told(found, "a").words
    for part in (
        "“7”",
        "can be filled in",
        "“. > ${gone_b}”",
        "our own words",
        "“bearing”",
        "picture",
        "“gone_b”",
    ):
        assert part in words
    assert told(found, "made_up").what == "left out"
    assert told(found, "made_up").row == 1


def test_a_text_that_names_a_later_question_and_the_rule_that_does_are_told() -> None:
    rows = [(*HEAD, "relevant"), ("text", "a", "A", "${b} = 'x'"), ("text", "b", "B", "")]
    line = told(read(form(rows)), "a")
    assert "later" in line.words


@pytest.mark.parametrize(
    ("rows", "choices", "place", "part"),
    [
        ([HEAD, ("text", "a", "A"), ("txet", "b", "B")], (), ("survey", 3), "txet"),
        ([HEAD, ("select_one none", "a", "A")], YES_NO, ("survey", 2), "none"),
        ([HEAD, ("select_one yn", "a", "A")], (), ("survey", 2), "choices"),
        ([HEAD, ("text", "a", "A"), ("text", "", "B")], (), ("survey", 3), "name"),
        ([HEAD, ("text", "a", "A"), ("text", "a", "B")], (), ("survey", 3), "name"),
        ([HEAD, ("text", "1 a", "A")], (), ("survey", 2), "name"),
        ([HEAD, ("begin group", "g", "G"), ("text", "a", "A")], (), ("survey", 2), "end"),
        ([HEAD, ("text", "a", "A"), ("end group", "", "")], (), ("survey", 3), "begin"),
        ([HEAD, ("calculate", "a", "A")], (), ("survey", 2), "calculat"),
        ([(*HEAD, "relevant"), ("text", "a", "A", "${nobody} = 1")], (), ("survey", 2), "nobody"),
        (
            [HEAD, ("select_multiple yn", "a", "A")],
            (*YES_NO, ("yn", "no way", "N")),
            ("choices", 4),
            "no way",
        ),
        ([HEAD, ("select_one yn", "a", "A")], (*YES_NO, ("yn", "no", "Again")), ("choices", 4), "twice"),
        ([("name", "label"), ("a", "A")], (), ("survey", 1), "type"),
        ([(*HEAD, "label"), ("text", "a", "A", "B")], (), ("survey", 1), "label"),
    ],
)
def test_what_is_no_form_is_refused_with_its_place(
    rows: list[Any], choices: Any, place: tuple[str, int], part: str
) -> None:
    with pytest.raises(SurveyFileError, match=part) as caught:
        read(form(rows, choices))
    assert (caught.value.sheet, caught.value.row) == place


def test_a_workbook_without_a_survey_says_what_is_missing() -> None:
    data = form(
        [HEAD, ("text", "a", "A")], YES_NO, change=lambda book: setattr(book["survey"], "title", "Questions")
    )
    with pytest.raises(SurveyFileError, match="survey"):
        read(data)


def test_a_formula_gives_what_it_gave_when_it_was_saved_and_is_told() -> None:
    cells = "".join(map(text_cell, HEAD))
    row = text_cell("text") + text_cell("a") + '<c r="C2" t="str"><f>"L" &amp; 1</f><v>L1</v></c>'
    sheet = sheet_xml(f'<row r="1">{cells}</row><row r="2">{row}</row>')
    found = read(swap(SHEET, sheet, form([HEAD, ("text", "a", "A")])))
    assert questions(found)["a"]["label"] == {"en": "L1"}
    line = told(found, "C2")
    assert (line.what, line.row) == ("changed", 2)
    old = xls(
        {"survey": [HEAD, ("text", "a", "A")]},
        more=[record(0x0006, struct.pack("<HHHd", 1, 3, 0, 1.0) + bytes(8))],
    )
    assert told(read(old), "D2").row == 2


def test_macros_and_links_are_not_looked_at() -> None:
    stream = io.BytesIO(form([HEAD, ("text", "a", "A")]))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\x00" * 100)
        package.writestr("xl/externalLinks/externalLink1.xml", b"<!DOCTYPE a><a/>")
    assert list(questions(read(stream.getvalue(), "form.xlsm"))) == ["a"]


def test_rows_far_below_are_told_and_not_read() -> None:
    rows: list[Any] = [HEAD, ("text", "a", "A"), *([("", "", "")] * 80), ("text", "b", "B")]
    found = read(form(rows))
    assert list(questions(found)) == ["a"]
    assert any(line.row == 83 and line.what == "left out" for line in found.lines)


def test_very_large_lists_are_places_and_beyond_are_left_out() -> None:
    head = ("list_name", "name", "label")
    listed = [head, *(("zip", f"z{n}", f"Place {n}") for n in range(2_000))]
    assert questions(read(form([HEAD, ("select_one zip", "a", "A")], listed)))["a"]["type"] == "place"
    more = [head, *(("zip", f"z{n}", f"Place {n}") for n in range(6_000))]
    found = read(form([HEAD, ("select_one zip", "a", "A"), ("text", "b", "B")], more))
    assert list(questions(found)) == ["b"]
    assert "6" in told(found, "a").words


def zeros(megabytes: int) -> bytes:
    """A workbook whose sheet unpacks to so many MB of zeros."""
    stream = io.BytesIO()
    good = form([HEAD, ("text", "a", "A")])
    with (
        zipfile.ZipFile(io.BytesIO(good)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.namelist():
            if member != SHEET:
                target.writestr(member, source.read(member))
                continue
            with target.open(member, "w") as part:
                for _ in range(megabytes):
                    part.write(bytes(2**20))
    return stream.getvalue()


GOOD = form([HEAD, ("text", "a", "A")])
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>&z;</sheetData></worksheet>'
)
OLD = {"survey": [HEAD, ("text", "a", "A")]}
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "no workbook"),
    "half a workbook": (GOOD[: len(GOOD) // 2], "damaged"),
    "zeros": (zeros(200), "more than is read"),
    "many cells": (
        swap(SHEET, sheet_xml(("<row>" + "<c/>" * 16_000 + "</row>") * 60), GOOD),
        "more than is read",
    ),
    "many rows": (swap(SHEET, sheet_xml("<row/>" * 1_000_000), GOOD), "more than is read"),
    "entities": (swap(SHEET, BOMB, GOOD), "damaged"),
    "half an old workbook": (xls(OLD)[:900], "damaged"),
    "only the head of one": (survey_files.OLE + bytes(600), "damaged"),
    "an old one, locked": (xls(OLD, extra=record(0x002F, bytes(6))), "password"),
    "a new one, locked": (ole(bytes(5000), "EncryptedPackage"), "password"),
    "a document": (ole(bytes(5000), "WordDocument"), "no workbook"),
    "a column too far": (xls(OLD, more=[text(1, 65_535, "x")]), "column"),
    "wide rows": (xls(OLD, more=[text(row, 255, "x") for row in range(2, 40_000)]), "more than is read"),
    "ten thousand questions": (form([HEAD, *(("text", f"q{n}", "L") for n in range(10_000))]), "rows"),
    "two thousand questions": (
        form([HEAD, *(("text", f"q{n}", "L") for n in range(2_000))]),
        "1000 questions",
    ),
    "groups in groups": (
        form([HEAD, *(("begin group", f"g{n}", "G") for n in range(90)), *([("end group", "", "")] * 90)]),
        "deep",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words_and_soon(name: str) -> None:
    data, part = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(SurveyFileError, match=part):
        read(data, "form.xlsx")
    assert time.process_time() - began < 2


def test_names_that_compute_do_nothing() -> None:
    """A table of names, each twice the one before: 2 to the power of 40 characters if it were computed."""
    doubled = b"".join(
        record(0x0018, struct.pack("<HBBHHHBBBB", 0, 0, 2, 11, 0, 0, 0, 0, 0, 0) + b"\0A" + bytes(1))
        for _ in range(40)
    )
    assert list(questions(read(xls(OLD, extra=doubled), "form.xls"))) == ["a"]


def test_the_ending_of_the_name_does_not_matter() -> None:
    assert read(GOOD, "survey.json").format == "xlsform"
    assert read(xls(OLD), "survey.tsv").format == "xlsform"


def test_reading_twice_gives_the_same() -> None:
    rows = [
        (*HEAD, "default", "calculation", "trigger"),
        ("text", "a", "A", "1", "2", "${b}"),
        ("text", "b", "B", "", "", ""),
    ]
    assert read(form(rows)) == read(form(rows))


def test_shared_folder_is_where_the_tests_look() -> None:
    assert isinstance(FOLDER, Path)
