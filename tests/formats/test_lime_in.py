"""LimeSurvey's two kinds of files: structure files of old and new versions, and tables of tabs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import document
from survey.formats import lime_tsv_in, lss_in, survey_files
from survey.formats.survey_files import SurveyFileError
from tests.formats.lime_files import asked, lines, lss, one_group, question, told, tsv

GIVEN = Path(__file__).parents[3] / "shared" / "data" / "instruments"


def old() -> bytes:
    """As LimeSurvey 2 writes it: words in the rows, one row a language."""
    return lss(
        {
            "groups": [
                {"gid": 2, "group_name": "Second", "group_order": 2, "language": "en",
                 "grelevance": "q1 == 'Y'"},
                {"gid": 1, "group_name": "First", "group_order": 1, "language": "en",
                 "description": "Read <b>this</b>."},
                {"gid": 1, "group_name": "Primero", "group_order": 1, "language": "es"},
            ],
            "questions": [
                question("q3", "M", "Which?", gid=2, question_order=1, other="Y"),
                question("q1", "Y", "Sure?", question_order=2, mandatory="Y"),
                question("q1", "Y", "¿Seguro?", question_order=2, mandatory="Y", language="es"),
                question("q2", "L", "One?", question_order=1),
            ],
            "subquestions": [
                question("b", "T", "B", parent_qid=3, qid=31, question_order=2, gid=2),
                question("a", "T", "A", parent_qid=3, qid=30, question_order=1, gid=2),
            ],
            "answers": [
                {"qid": 2, "code": "A2", "answer": "Two", "sortorder": 2, "language": "en"},
                {"qid": 2, "code": "A1", "answer": "One", "sortorder": 1, "language": "en"},
                {"qid": 2, "code": "A1", "answer": "Uno", "sortorder": 1, "language": "es"},
            ],
            "question_attributes": [{"qid": 3, "attribute": "max_answers", "value": 2}],
            "defaultvalues": [{"qid": 2, "sqid": 0, "language": "en", "defaultvalue": "A2"}],
            "quota": [{"id": 1, "name": "Half", "qlimit": 50}],
            "assessments": [{"id": 1, "name": "Good", "message": "Well done"}],
            "surveys": [
                {"sid": 1, "format": "S", "language": "en", "additional_languages": "es", "usetokens": "Y",
                 "anonymized": "Y", "admin": "Ann", "adminemail": "ann@example.org",
                 "bounceaccountpass": "secret"},
            ],
            "surveys_languagesettings": [
                {"surveyls_language": "en", "surveyls_title": "Title", "surveyls_description": "About.",
                 "surveyls_welcometext": "Hi!", "surveyls_endtext": "Bye.", "surveyls_url": "https://x.org/",
                 "surveyls_urldescription": "Results", "surveyls_email_invite": "Dear"},
                {"surveyls_language": "es", "surveyls_title": "Título"},
            ],
        }
    )  # fmt: skip


def test_a_structure_file_of_an_old_version() -> None:
    found = lss_in.read(old(), "x.lss")
    survey = found.document
    assert survey["title"] == {"en": "Title", "es": "Título"}
    assert survey["languages"] == ["en", "es"]
    assert survey["what"] == {"en": "About.\n\nHi!"}
    assert survey["thanks"] == {"en": "Bye.\n\nResults: https://x.org/"}
    assert survey["contact"] == {"en": "Ann, ann@example.org"}
    assert (survey["layout"], survey["mode"]) == ("question", "anonymous")
    assert [page["title"]["en"] for page in survey["pages"]] == ["First", "Second"]
    assert survey["pages"][1]["show_if"] == {"question": "q1", "op": "=", "value": "yes"}
    questions = asked(found)
    assert list(questions) == ["page-1-text", "q2", "q1", "q3"]
    assert questions["q1"]["label"] == {"en": "Sure?", "es": "¿Seguro?"}
    assert questions["q2"]["choices"] == [
        {"id": "A1", "label": {"en": "One", "es": "Uno"}}, {"id": "A2", "label": {"en": "Two"}},
    ]  # fmt: skip
    assert [choice["id"] for choice in questions["q3"]["choices"]] == ["a", "b"]
    assert questions["q3"]["max"] == 2


def test_everything_beside_the_questions_is_named_with_its_place() -> None:
    found = lss_in.read(old(), "x.lss")
    assert "A quota" in told(found, "Half")
    assert "no points" in told(found, "Good")
    assert "page of invitations" in told(found, "usetokens")
    assert "page of invitations" in told(found, "surveyls_email_invite")
    assert "“A2”" in told(found, "q2")
    (line,) = lines(found, "Half")
    assert (line.what, line.sheet, line.row) == ("left out", "quota", 1)
    (line,) = lines(found, "q3")
    assert (line.what, line.sheet, line.row) == ("taken", "questions", 1)
    assert "secret" not in repr(found)


def test_a_section_that_is_no_table_is_named() -> None:
    data = one_group(questions=[question("q1", "S")])
    data = data.replace(b"</document>", b"<themes><theme><sid>1</sid></theme><theme/></themes></document>")
    found = lss_in.read(data, "x.lss")
    assert [line.what for line in found.lines if "Looks of LimeSurvey" in line.words] == ["left out"]


def test_a_structure_file_of_a_new_version() -> None:
    found = lss_in.read(
        lss(
            {
                "groups": [{"gid": 1, "group_order": 1}],
                "group_l10ns": [{"id": 1, "gid": 1, "group_name": "G", "language": "de-informal"}],
                "questions": [
                    {"qid": 5, "parent_qid": 0, "gid": 1, "type": "L", "title": "Q1", "mandatory": "N",
                     "question_theme_name": "listradio", "relevance": "1"},
                    {"qid": 6, "parent_qid": 0, "gid": 1, "type": "Q", "title": "Q2",
                     "relevance": "Q1 == 'A1'"},
                ],
                "subquestions": [{"qid": 7, "parent_qid": 6, "gid": 1, "type": "T", "title": "SQ1"}],
                "question_l10ns": [
                    {"id": 1, "qid": 5, "question": "Frage", "help": "Hilfe", "language": "de-informal"},
                    {"id": 2, "qid": 6, "question": "Felder", "language": "de-informal"},
                    {"id": 3, "qid": 7, "question": "Feld", "language": "de-informal"},
                ],
                "answers": [{"aid": 9, "qid": 5, "code": "A1", "sortorder": 1}],
                "answer_l10ns": [{"id": 1, "aid": 9, "answer": "Ja", "language": "de-informal"}],
                "defaultvalues": [{"dvid": 3, "qid": 5, "sqid": 0}],
                "defaultvalue_l10ns": [{"id": 1, "dvid": 3, "language": "de-informal", "defaultvalue": "A1"}],
                "surveys_languagesettings": [
                    {"surveyls_language": "de-informal", "surveyls_title": "T",
                     "surveyls_policy_notice": "Wir speichern.", "surveyls_policy_notice_label": "Ja, klar."},
                ],
                "surveys": [{"language": "de-informal", "format": "A", "showsurveypolicynotice": "1"}],
            },
            "de-informal",
        ),
        "x.lss",
    )  # fmt: skip
    questions = asked(found)
    assert found.document["languages"] == ["de-informal"]
    assert questions["privacy"]["text"] == {"de-informal": "Wir speichern."}
    assert questions["Q1"]["label"] == {"de-informal": "Frage"}
    assert questions["Q1"]["choices"][0]["label"] == {"de-informal": "Ja"}
    assert questions["Q2_SQ1"]["show_if"] == {"question": "Q1", "op": "=", "value": "A1"}
    assert "“A1”" in told(found, "Q1")


OLD_ROWS = {
    "questions": [
        question("q1", "L"), question("q2", "M"), question("q51", "N"), question("q5", "Q"),
        question("q9", "S", qid=9),
    ],
    "subquestions": [
        question("a", "T", qid=20, parent_qid=2), question("b", "T", qid=21, parent_qid=2),
        question("1", "T", qid=22, parent_qid=5),
    ],
    "answers": [{"qid": 1, "code": code, "answer": code, "sortorder": 1, "language": "en"} for code in "xyz"],
}  # fmt: skip


def condition(field: str, value: str, method: str = "==", scenario: int = 1) -> dict[str, object]:
    return {"qid": 9, "cfieldname": field, "method": method, "value": value, "scenario": scenario}


X = {"question": "q1", "op": "=", "value": "x"}
Y = {"question": "q1", "op": "=", "value": "y"}
TICKED = {"question": "q2", "op": "includes", "value": "a"}


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ([condition("1X1X1", "x")], X),
        ([condition("1X1X1", "x"), condition("1X1X1", "y")], {"any": [X, Y]}),
        ([condition("1X1X1", "x"), condition("+1X1X2a", "Y")], {"all": [X, TICKED]}),
        ([condition("1X1X1", "x"), condition("+1X1X2a", "Y", scenario=2)], {"any": [X, TICKED]}),
        ([condition("1X1X1", "x", "!=")], {**X, "op": "!="}),
        ([condition("1X1X1", " ")], {"not": {"question": "q1", "is": "answered"}}),
        ([condition("1X1X2", "a")], TICKED),
        ([condition("1X1X51", "3", ">")], {"question": "q51", "op": ">", "value": 3}),
        ([condition("1X1X1", "^x", "RX")], None),
        ([condition("1X1X77", "x")], None),
        ([condition("1X1X1", "@1X1X2a@")], None),
    ],
)
def test_the_table_of_conditions(conditions: list[dict[str, object]], found: Any) -> None:
    read = lss_in.read(one_group(**OLD_ROWS, conditions=conditions), "x")
    assert asked(read)["q9"].get("show_if") == found
    if found is None:
        assert "left out" in told(read, "q9")


def test_names_by_numbers_are_found_by_the_longest_number_that_is_a_question() -> None:
    rows = {
        **OLD_ROWS,
        "questions": [
            *OLD_ROWS["questions"][:4],
            question("q9", "S", relevance="1X1X51 > 2 and 1X1X2a.NAOK == 'Y'"),
        ],
    }
    assert asked(lss_in.read(one_group(**rows), "x"))["q9"]["show_if"]["all"] == [
        {"question": "q51", "op": ">", "value": 2}, TICKED,
    ]  # fmt: skip


def test_of_two_questions_with_one_name_nothing_is_taken() -> None:
    rows = [question("q1", "S"), question("q1", "S", qid=2)]
    with pytest.raises(SurveyFileError, match="Two questions are called “q1”") as told_:
        lss_in.read(one_group(questions=rows), "x")
    assert (told_.value.sheet, told_.value.row) == ("questions", 2)


def test_what_belongs_to_nothing_is_left_out_and_named() -> None:
    rows = [question("q1", "S"), question("q2", "S", gid=7)]
    lost = [question("a", "S", qid=30, parent_qid=4)]
    found = lss_in.read(one_group(questions=rows, subquestions=lost), "x")
    assert list(asked(found)) == ["q1"]
    assert "not in the file" in told(found, "q2")
    assert "not in the file" in told(found, "a")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<document><LimeSurveyDocType>Sur", "not whole XML: it cannot be read from line 1"),
        (b"\x00" * 100_000, "not whole XML"),
        (b'<!DOCTYPE d [<!ENTITY a "aaa">]><document>&a;</document>', "document type"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><document/>', "document type"),
        (b"<html/>", "it begins with <html>"),
        (b"<document/>", "no LimeSurvey survey in it"),
        (lss({}, kind="Group"), "only a part of a survey (“Group”)"),
        (b"<document>" + b"<a>" * 100_000, "nested too deep"),
        (b'<?xml version="1.0" encoding="klingon"?><document/>', "encoding"),
        (b"PK\x03\x04", "archive"),
        (one_group(subquestions=[question("a", "S", qid=3, parent_qid=3)]), "to itself"),
        (one_group(questions=[question(f"q{n}", "S") for n in range(1, 1003)]), "more than 1000 questions"),
    ],
)
def test_a_structure_file_that_cannot_be_one_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(SurveyFileError) as told_:
        lss_in.read(data, "x.lss")
    assert words in str(told_.value)


START = ("S|-|language|1|en", "S|-|additional_languages|1|es", "SL|-|surveyls_title|1|Title||en")


def test_a_table_in_two_languages() -> None:
    found = lime_tsv_in.read(
        tsv(
            *START, "G|1|Group|1|||en", "Q|L|q|1|How?|Help|en", "A||a|0|One||en", "A||b|0|Two||en",
            "G|1|Grupo|1|||es", "Q|L|q|1|¿Cómo?|Ayuda|es", "A||a|0|Uno||es", "A||b|0|Dos||es",
        ),
        "x.tsv",
    )  # fmt: skip
    one = asked(found)["q"]
    assert (one["label"], one["help"]) == ({"en": "How?", "es": "¿Cómo?"}, {"en": "Help", "es": "Ayuda"})
    assert one["choices"][1] == {"id": "b", "label": {"en": "Two", "es": "Dos"}}
    assert found.document["pages"][0]["title"] == {"en": "Group", "es": "Grupo"}
    (line,) = lines(found, "q")
    assert (line.what, line.row) == ("taken", 6)


def test_a_table_as_spreadsheet_programs_write_it() -> None:
    text = tsv(*START, 'G|1|"The ""group"""|1|||en', "Q|S|q|1|'=1+1||en").decode().replace("\n", "\r\n")
    for data in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        found = lime_tsv_in.read(data, "x.txt")
        assert asked(found)["q"]["label"] == {"en": "=1+1"}
        assert found.document["pages"][0]["title"] == {"en": 'The "group"'}


def test_conditions_quotas_and_assessments_of_a_table() -> None:
    found = lime_tsv_in.read(
        tsv(
            *START, {"class": "G", "name": "G", "language": "en"},
            {"class": "Q", "type/scale": "Y", "name": "q1", "id": 11, "text": "?", "language": "en"},
            {"class": "Q", "type/scale": "S", "name": "q2", "id": 12, "text": "?", "language": "en"},
            {"class": "C", "type/scale": 1, "name": "5X6X11", "relevance": "==", "text": "Y"},
            {"class": "QTAM", "name": "Y"}, {"class": "QTA", "name": "Half"}, {"class": "AS", "name": "Good"},
        ),
        "x",
    )  # fmt: skip
    assert asked(found)["q2"]["show_if"] == {"question": "q1", "op": "=", "value": "yes"}
    assert "quota" in told(found, "Half")
    assert "points" in told(found, "Good")


GROUP = (*START, "G|1|G|1|||en")


@pytest.mark.parametrize(
    ("data", "words", "row"),
    [
        (b"a\tb\n", "“class” is not among them", 1),
        (b"class\tname\ttext\n", "“type/scale” is not among them", 1),
        (b"class\tclass\ttype/scale\tname\ttext\n", "Two columns are called “class”", 1),
        (tsv(*START, "ZZ|1|x|1|||en"), "The class “ZZ” is not known", 5),
        (tsv(*START), "no group of questions", None),
        (tsv(*START, "Q|S|q|1|x||en"), "before the first group", 5),
        (tsv(*GROUP, "A||q|1|x||en"), "before the first question", 6),
        (tsv(*GROUP, "Q|S|q|1|x||en", "Q|S|q|1|y||en"), "Two questions are called “q”", 7),
        (tsv(*GROUP, 'Q|S|q|1|"x||en').replace(b"en\n", b"en\n" * 70_000, 1), "quotation mark too many", 6),
        (b"\x00" * 100_000, "cannot be read as text", None),
    ],
)
def test_a_table_that_cannot_be_one_is_refused_with_its_row(data: bytes, words: str, row: int | None) -> None:
    if "quotation" in words:
        data = tsv(*GROUP, 'Q|S|q|1|"x' + "y" * 200_000)
    with pytest.raises(SurveyFileError) as told_:
        lime_tsv_in.read(data, "x.tsv")
    assert words in str(told_.value)
    assert told_.value.row == row


CELL = st.one_of(
    st.sampled_from(["G", "Q", "SQ", "A", "C", "S", "SL", "L", "M", "F", ":", "1", "R", "q", "q2", "en", "es",
                     "Y", "q == 'Y'", "((", "{q}", "<p>x", "0"]),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, max_size=10), max_size=14))
def test_no_table_breaks_the_reader(rows: list[list[str]]) -> None:
    clean = [[cell.translate({9: " ", 10: " ", 13: " ", 34: "'"}) for cell in row] for row in rows]
    try:
        found = lime_tsv_in.read(tsv(*GROUP, *map(tuple, clean)).decode("utf-8", "replace").encode(), "x")
    except SurveyFileError:
        return
    document.parse(found.document)


VALUES = st.one_of(
    st.sampled_from(["1", "2", "3", "0", "x", "L", "M", "F", "R", ":", "K", "D", "Y", "en", "de", "q",
                     "1X1X1", "==", "q == 'Y'", "{q}", "a", ""]),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=6),
)  # fmt: skip
CELLS_OF = {
    "groups": ["gid", "group_name", "group_order", "grelevance", "language", "description"],
    "questions": ["qid", "gid", "parent_qid", "type", "title", "question", "language", "relevance", "other"],
    "subquestions": ["qid", "parent_qid", "title", "question", "scale_id", "language", "relevance"],
    "answers": ["qid", "code", "answer", "scale_id", "language", "sortorder"],
    "question_attributes": ["qid", "attribute", "value"],
    "conditions": ["qid", "cfieldname", "method", "value", "scenario"],
    "defaultvalues": ["qid", "sqid", "defaultvalue"],
    "surveys": ["language", "format", "additional_languages"],
}
TABLES = st.fixed_dictionaries(
    {
        section: st.lists(st.dictionaries(st.sampled_from(names), VALUES), max_size=3)
        for section, names in CELLS_OF.items()
    }
)


@settings(max_examples=150, deadline=None)
@given(TABLES, st.sampled_from("LMFRKQDY1:"))
def test_no_structure_file_breaks_the_reader(tables: dict[str, list[dict[str, object]]], type: str) -> None:
    tables["groups"].append({"gid": 1, "group_name": "G", "language": "en"})
    tables["questions"].append({**question("q", type), "qid": 1})
    try:
        found = lss_in.read(lss(tables), "x")
    except SurveyFileError:
        return
    document.parse(found.document)


FILES = sorted((GIVEN / "limesurvey").glob("*.*s*")) if GIVEN.is_dir() else []


@pytest.mark.skipif(not FILES, reason="the instruments are not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_given_files_are_taken_with_every_question_named(path: Path) -> None:
    found = survey_files.read(path.read_bytes(), path.name)
    document.parse(found.document)
    named = {line.name for line in found.lines}
    codes = _codes(path)
    assert codes
    assert codes <= named


def _codes(path: Path) -> set[str]:
    """The codes of all questions in a file, by other means than the reader's."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".tsv":
        rows = [line.split("\t") for line in text.splitlines()]
        return {row[2] for row in rows if row[0] == "Q"}
    section = text.split("<questions>")[1].split("</questions>")[0]
    return {part.split("]]>")[0] for part in section.split("<title><![CDATA[")[1:]}
