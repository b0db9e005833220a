"""Files of surveys in general: what a file is, our own JSON, the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.document import parse
from survey.formats import survey_files, survey_json, survey_report, survey_schema
from survey.formats.survey_files import FORMATS, OLE, ZIP, Line, SurveyFile, SurveyFileError
from tests.formats.forms import HEAD, form

DEMO = json.loads((Path(__file__).parents[2] / "survey/demo/public_survey.json").read_text("utf-8"))
SMALL: dict[str, Any] = {
    "title": {"en": "T"},
    "languages": ["en"],
    "pages": [
        {"id": "p", "title": None, "questions": [{"id": "a", "type": "short_text", "label": {"en": "A"}}]}
    ],
}


def as_bytes(raw: Any) -> bytes:
    return json.dumps(raw).encode()


def read(raw: Any, **changed: Any) -> SurveyFile:
    return survey_files.read(as_bytes({**raw, **changed}), "survey.json")


def refusal(data: bytes, name: str, format: str | None = None) -> str | None:
    """Why a file is refused; None when it is taken."""
    try:
        survey_files.read(data, name, format)
    except SurveyFileError as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (OLE + bytes(9), "x", "xlsform"),
        (ZIP + bytes(9), "x.json", "xlsform"),
        (
            b'<?xml version="1.0"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>',
            "x.txt",
            "lss",
        ),
        (b"id\trelated_id\tclass\ttype/scale\tname\trelevance\n", "x.csv", "tsv"),
        ("\ufeffclass\ttype/scale\tname\n".encode(), "x", "tsv"),
        ("class\ttype/scale\tname\n".encode("utf-16"), "x", "tsv"),
        (as_bytes(SMALL), "x.xlsx", "json"),
        (as_bytes({"pages": []}), "x", "surveyjs"),
        (as_bytes({"elements": []}), "x.json", "surveyjs"),
        (b'{"pages": [', "x", "json"),
        (b"hello", "form.xlsx", "xlsform"),
        (b"hello", "form.TSV", "tsv"),
    ],
)
def test_what_a_file_is_shows_in_its_content_then_in_its_name(data: bytes, name: str, found: str) -> None:
    assert survey_files.detect(data, name) == found


@given(st.binary(max_size=300), st.sampled_from(["a", "a.json", "a.tsv", "a.lss", "a.xls", "a.xlsx", ""]))
def test_any_bytes_are_read_or_refused_in_words(data: bytes, name: str) -> None:
    assert refusal(data, name) != ""


@pytest.mark.parametrize("format", FORMATS)
def test_every_reader_refuses_what_is_not_its_kind_in_words(format: str) -> None:
    for data in (b"", b"\x00" * 40, b"hello", b"\x89PNG\r\n", b"[1, 2]", b"{}", b"<a/>", ZIP + bytes(60)):
        with pytest.raises(SurveyFileError):
            survey_files.read(data, "file", format)


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(SurveyFileError, match="larger"):
        survey_files.read(bytes(survey_files.MOST_BYTES + 1), "x.json")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(SurveyFileError, match="xlsform"):
        survey_files.read(b"{}", "x", "docx")


# Our own


def test_our_own_file_comes_back_as_it_was() -> None:
    plain = {key: value for key, value in DEMO.items() if key != "mode"}
    document = parse(plain)
    data = survey_json.write(document, "confidential")
    found = survey_files.read(data, "x.json")
    assert found.format == "json"
    assert found.document == {**document.to_dict(), "mode": "confidential"}
    assert (
        survey_json.write(parse({k: v for k, v in found.document.items() if k != "mode"}), "confidential")
        == data
    )
    assert {line.what for line in found.lines} == {"taken"}
    assert len(found.lines) == len(document.questions)


def test_ties_to_one_study_do_not_travel() -> None:
    asked = [
        {"id": "l", "type": "long_text", "label": {"en": "L"}, "prompt_id": 7},
        {
            "id": "o",
            "type": "one_choice",
            "label": {"en": "O"},
            "choices": [{"id": "a", "label": {"en": "A"}, "audience_id": 3}],
        },
    ]
    pages = [{"id": "p", "title": None, "questions": asked}]
    found = read(SMALL, pages=pages)
    assert [line.what for line in found.lines if line.name in ("l", "o")] == [
        "changed",
        "changed",
        "taken",
        "taken",
    ]
    text = json.dumps(found.document)
    assert '"audience_id"' not in text
    assert '"prompt_id": 7' not in text
    assert b"audience_id" not in survey_json.write(parse({**SMALL, "pages": pages}))


@pytest.mark.parametrize(
    ("data", "part", "row"),
    [
        (b'{"languages": ["en"],\n "title":', "line 2", 2),
        (b'{"languages": ["en"], "minutes": NaN}', "characters or numbers", None),
        (b'{"languages": ["en"], "minutes": ' + b"9" * 5000 + b"}", "characters or numbers", None),
        (b'{"languages": ["en"], "title": {}, "title": {}}', "twice", None),
        (b"[" * 100_000, "deep", None),
        (b'{"languages": ["\xff"]}', "characters", None),
        (as_bytes([1]), "object", None),
        (as_bytes({**SMALL, "colour": 1}), "colour", None),
        (as_bytes({**SMALL, "mode": "secret"}), "mode", None),
        (as_bytes({**SMALL, "throughline": 99}), "release", None),
        (as_bytes({**SMALL, "pages": [{"id": "p", "questions": [{"type": "magic"}]}]}), "magic", None),
        (as_bytes({**SMALL, "title": {"en": "\ud800"}}), "cannot be stored", None),
    ],
)
def test_what_is_wrong_in_our_own_file_is_said(data: bytes, part: str, row: int | None) -> None:
    with pytest.raises(SurveyFileError, match=part) as caught:
        survey_files.read(data, "x.json", "json")
    assert caught.value.row == row


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["title", "languages", "pages", "origin", "layout", "mode", "throughline"]), JSON)
def test_any_value_in_any_place_is_taken_or_refused(key: str, value: Any) -> None:
    assert refusal(as_bytes({**SMALL, key: value}), "x.json", "json") != ""


@given(JSON)
def test_any_question_is_taken_or_refused(value: Any) -> None:
    for pages in ([{"id": "p", "questions": [value]}], [value], [{"id": "p", "questions": value}]):
        assert refusal(as_bytes({**SMALL, "pages": pages}), "x", "json") != ""


# The report


LINES = (
    Line("taken", "a", "Taken as it is.", "survey", 2),
    Line("changed", "b", "Cut.", "survey", 3),
    Line("left out", "c", "A picture.", "survey", 4),
)
FILE = SurveyFile(parse(SMALL).to_dict(), LINES, "xlsform")


def test_the_report_for_programs_has_every_line() -> None:
    found = survey_report.as_dict(FILE, "my-survey")
    assert found["taken"] is True
    assert (found["format"], found["survey"], found["questions"]) == ("xlsform", "my-survey", 1)
    assert found["counts"] == {"taken": 1, "changed": 1, "left out": 1}
    assert found["lines"][2] == {
        "what": "left out",
        "name": "c",
        "words": "A picture.",
        "sheet": "survey",
        "row": 4,
    }
    refused = survey_report.refused(SurveyFileError("No.", "survey", 7), None)
    assert refused["taken"] is False
    assert refused["problem"] == {"words": "No.", "sheet": "survey", "row": 7}


def test_the_report_for_people_says_first_what_was_left_out() -> None:
    text = "\n".join(survey_report.table(FILE, "form.xlsx", "my-survey"))
    assert text.index("Left out (1)") < text.index("Changed (1)") < text.index("Taken (1)")
    assert "survey 4" in text


def test_the_report_is_kept_with_the_survey_and_its_least_telling_lines_go_first() -> None:
    kept = survey_report.kept(survey_report.keep(FILE, "form.xlsx"))
    assert kept is not None
    assert [line.name for line in kept.lines] == ["c", "b", "a"]
    many = SurveyFile(
        FILE.document, tuple(Line("taken", f"q{n}", "x" * 500) for n in range(900)) + LINES, "lss"
    )
    found = survey_report.kept(survey_report.keep(many, "x"))
    assert found is not None
    assert found.total == 903
    assert len(found.lines) < 903
    assert {line.name for line in found.lines} >= {"b", "c"}
    assert survey_report.kept({}) is None
    assert survey_report.kept({survey_report.REPORT: "{"}) is None


def test_a_form_and_its_json_are_the_same_survey() -> None:
    made = survey_files.read(form([HEAD, ("text", "a", "A")]), "form.xlsx")
    again = survey_files.read(survey_json.write(parse(made.document)), "x")
    assert again.document == parse(made.document).to_dict()


# The schema


def test_the_schema_in_the_documentation_is_the_one_of_the_settings() -> None:
    written = (Path(__file__).parents[2] / "docs/survey.schema.json").read_text("utf-8")
    assert written == survey_schema.text(), "python -m survey.formats.survey_schema > docs/survey.schema.json"


def test_what_we_write_fits_the_schema_and_what_is_wrong_does_not() -> None:
    validator = jsonschema.Draft202012Validator(survey_schema.schema())
    for raw in (DEMO, SMALL, json.loads(survey_json.write(parse(SMALL), "anonymous"))):
        validator.validate(raw)
    whole = {key: value for key, value in DEMO.items() if key != "mode"}
    validator.validate(json.loads(survey_json.write(parse(whole), "anonymous")))
    for wrong in ({**SMALL, "colour": 1}, {**SMALL, "pages": [{"id": "p"}]}, {**SMALL, "mode": "secret"}, []):
        assert not validator.is_valid(wrong)
