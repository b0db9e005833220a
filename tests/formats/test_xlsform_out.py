"""XLSForms going out: a form that came in is the same form again; any survey is one that pyxform accepts."""

from __future__ import annotations

import copy
import io
import json
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.document import parse
from survey.formats import xlsform_book, xlsform_check, xlsform_out, xlsform_xpath
from survey.formats.survey_files import SurveyFileError
from survey.formats.xlsform_form import understand
from survey.formats.xlsform_rules import normal
from survey.questions import DocumentError
from tests.formats.forms import HEAD, SHARED, form, questions, read

FOLDER = SHARED / "xlsform"
ENTRIES = json.loads((FOLDER / "INDEX.json").read_text("utf-8")) if FOLDER.is_dir() else []
ACCEPTED = [str(entry["file"]) for entry in ENTRIES if entry["pyxform"] == "ok"]
DEMOS = [Path(__file__).parents[2] / "survey/demo" / f"{name}.json" for name in ("public_survey", "staff")]
needs_shared = pytest.mark.skipif(not ENTRIES, reason="the shared instruments are not on this machine")
YES_NO = (("list_name", "name", "label"), ("yn", "yes", "Yes"), ("yn", "no", "No"))


def written(document: dict[str, Any]) -> bytes:
    return xlsform_out.write(parse(document))[0]


def again(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The questions of a survey that was written and read again."""
    return questions(read(written(document)))


def facts(data: bytes) -> tuple[Any, ...]:
    """Names, types, words, rules and choices of a form."""
    found = understand(xlsform_book.read(data))
    rows = [(row.type, row.name, row.words, row.cells) for row in found.rows]
    lists = {
        name: [(one.name, one.label, one.columns) for one in listed] for name, listed in found.lists.items()
    }
    return rows, lists, found.settings


@needs_shared
@pytest.mark.parametrize("name", ACCEPTED)
def test_a_shared_form_comes_out_as_it_came_in(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    out = written(read(data, name).document)
    assert facts(out) == facts(data)
    xlsform_check.check(xlsform_book.read(out))


@needs_shared
@pytest.mark.parametrize("name", ACCEPTED)
def test_a_shared_form_written_anew_asks_the_same(name: str) -> None:
    """Without the form it came from: everything comes from the survey itself."""
    document = {**read((FOLDER / name).read_bytes(), name).document, "origin": {}}
    asked = [question for page in document["pages"] for question in page["questions"]]
    if not asked:
        with pytest.raises(SurveyFileError, match="no question"):
            written(document)
        return
    found = list(again(document).values())
    for one, other in zip(asked, found, strict=True):
        for key in ("type", "optional", "choices", "rows", "min", "max", "decimals", "other"):
            assert one.get(key) == other.get(key)
        if one.get("show_if") and one["type"] != "matrix":
            assert normal(one["show_if"]) == normal(other["show_if"])


def base() -> dict[str, Any]:
    rows = [
        (*HEAD, "relevant", "constraint", "appearance", "default", "calculation"),
        ("start", "started", "", "", "", "", "", ""),
        ("begin group", "g", "Group", "", "", "field-list", "", ""),
        ("select_one yn", "has", "Has?", "", "", "w4", "", ""),
        ("integer", "age", "Age <b>bold</b>", "${has} = 'yes'", ". > 17 and . < ${limit}", "", "3", ""),
        ("calculate", "twice", "", "", "", "", "", "${age} * 2"),
        ("text", "why", "Why ${has}?", "${twice} > 4", "", "multiline", "", ""),
        ("end group", "", "", "", "", "", "", ""),
        ("integer", "limit", "Limit", "", "", "", "", ""),
    ]
    return read(form(rows, YES_NO, [("form_title", "style"), ("T", "pages")])).document


def raw(data: bytes, name: str) -> dict[str, str]:
    """The row of a question, under the headings of the sheet."""
    sheet = xlsform_book.read(data).sheets["survey"]
    return next(row for row in sheet.rows if row.get("name") == name)


def test_only_what_changed_is_written_anew() -> None:
    document = base()
    page = document["pages"][0]
    has, age, why = page["questions"]
    age["max"] = 60
    why["label"] = {"en": "Why not?"}
    has["optional"] = False
    data = written(document)
    assert raw(data, "age") == {
        "type": "integer",
        "name": "age",
        "label": "Age <b>bold</b>",
        "relevant": "${has} = 'yes'",
        "constraint": ". >= 18 and . <= 60 and . < ${limit}",
        "default": "3",
    }
    assert raw(data, "why")["label"] == "Why not?"
    assert raw(data, "why")["relevant"] == "${twice} > 4"
    assert raw(data, "has")["required"] == "yes"
    assert raw(data, "has")["appearance"] == "w4"
    assert raw(data, "twice")["calculation"] == "${age} * 2"
    names = [row.get("name") for row in xlsform_book.read(data).sheets["survey"].rows]
    assert names == ["started", "g", "has", "age", "twice", "why", None, "limit"]


def test_what_refers_to_a_question_that_is_gone_goes_and_is_told() -> None:
    document = base()
    del document["pages"][0]["questions"][1]
    data, lines = xlsform_out.write(parse(document))
    rows = xlsform_book.read(data).sheets["survey"].rows
    assert "twice" not in [row.get("name") for row in rows]
    assert "relevant" not in raw(data, "why")
    assert {line.name for line in lines} == {"twice", "why"}


def test_new_questions_and_another_order_are_written_too() -> None:
    document = base()
    new = {
        "id": "new",
        "type": "yes_no",
        "label": {"en": "New?"},
        "show_if": {"question": "has", "is": "answered"},
    }
    document["pages"][0]["questions"].insert(1, new)
    data = written(document)
    assert raw(data, "new")["relevant"] == "${has} != ''"
    names = [row.get("name") for row in xlsform_book.read(data).sheets["survey"].rows]
    assert names.index("new") == names.index("has") + 1
    document["pages"] = document["pages"][::-1]
    moved, lines = xlsform_out.write(parse(document))
    assert list(again(document)) == ["limit", "has", "new", "age", "why"]
    assert any("written as pages" in line.words for line in lines)
    assert raw(moved, "twice")["calculation"] == "${age} * 2"


def test_changed_choices_get_a_list_of_their_own_when_others_share_it() -> None:
    rows = [HEAD, ("select_one yn", "a", "A"), ("select_one yn", "b", "B")]
    document = read(form(rows, YES_NO)).document
    document["pages"][0]["questions"][0]["choices"].append({"id": "maybe", "label": {"en": "Maybe"}})
    data = written(document)
    assert raw(data, "b")["type"] == "select_one yn"
    found = questions(read(data))
    assert [one["id"] for one in found["a"]["choices"]] == ["yes", "no", "maybe"]
    assert [one["id"] for one in found["b"]["choices"]] == ["yes", "no"]


WORDS = {"en": "Words", "es": "Palabras"}
LISTED = [{"id": "a", "label": WORDS}, {"id": "b", "label": {"en": "B"}}]
EVERY_TYPE: list[dict[str, Any]] = [
    {"id": "s", "type": "statement", "label": WORDS, "help": {"en": "More\nlines"}},
    {"id": "agree", "type": "consent", "label": WORDS, "text": {"en": "We keep it."}},
    {"id": "t", "type": "short_text", "label": WORDS, "max_length": 50},
    {"id": "l", "type": "long_text", "label": WORDS, "optional": True},
    {"id": "m", "type": "email", "label": WORDS},
    {"id": "one", "type": "one_choice", "label": WORDS, "choices": LISTED, "other": True, "look": "select"},
    {
        "id": "many",
        "type": "several_choices",
        "label": WORDS,
        "choices": [*LISTED, {"id": "none", "label": {"en": "None"}, "exclusive": True}],
        "min": 1,
        "max": 2,
    },
    {"id": "yn", "type": "yes_no", "label": WORDS, "no_answer": True},
    {"id": "sc", "type": "scale", "label": WORDS, "points": 4, "first": 0, "low": WORDS, "high": WORDS},
    {
        "id": "mx",
        "type": "matrix",
        "label": WORDS,
        "rows": [{"id": "r", "label": WORDS}, *LISTED],
        "choices": LISTED,
    },
    {"id": "rk", "type": "ranking", "label": WORDS, "choices": LISTED},
    {"id": "al", "type": "allocation", "label": WORDS, "choices": LISTED, "total": 10},
    {"id": "n", "type": "number", "label": WORDS, "min": 1.5, "max": 9, "decimals": 2},
    {"id": "d", "type": "date", "label": WORDS, "earliest": "2026-01-01", "latest": "2026-12-31"},
    {"id": "ti", "type": "time", "label": WORDS},
    {"id": "p", "type": "place", "label": WORDS, "choices": LISTED},
]
RULES: list[dict[str, Any]] = [
    {"question": "one", "op": "=", "value": "other"},
    {"question": "one", "op": "!=", "value": "a"},
    {"question": "many", "op": "includes", "value": "none"},
    {"question": "many", "of": "count", "op": ">", "value": 1},
    {"question": "mx", "part": "r", "op": "!=", "value": "a"},
    {"question": "al", "part": "a", "op": ">", "value": 3},
    {"question": "sc", "op": ">=", "value": 2},
    {"question": "agree", "is": "answered"},
    {
        "any": [
            {"question": "d", "op": "<", "value": "2026-06-01"},
            {"not": {"question": "t", "is": "answered"}},
        ]
    },
]


def survey(questions: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    page = {"id": "p1", "title": {"en": "Page"}, "questions": copy.deepcopy(questions)}
    return {
        "title": {"en": "Every = type"},
        "languages": ["en", "es"],
        "layout": "pages",
        "pages": [page],
        **more,
    }


def test_every_type_and_rule_of_ours_is_a_form_that_is_read_again() -> None:
    ruled = [
        {"id": f"q{n}", "type": "short_text", "label": {"en": "Q"}, "show_if": rule}
        for n, rule in enumerate(RULES)
    ]
    filtered = {"id": "f", "type": "one_choice", "label": WORDS, "choices": copy.deepcopy(LISTED)}
    filtered["choices"][0]["show_if"] = RULES[0]
    document = survey(
        EVERY_TYPE,
        pages=[survey(EVERY_TYPE)["pages"][0], {**survey([*ruled, filtered])["pages"][0], "id": "p2"}],
    )
    found = again(document)
    for one in EVERY_TYPE:
        if one["type"] in ("yes_no", "scale"):
            assert found[one["id"]]["type"] == "one_choice"
        elif one["type"] not in ("allocation", "place"):
            assert found[one["id"]]["type"] == one["type"]
            for key in ("min", "max", "earliest", "latest", "other", "max_length", "look"):
                assert key not in one or found[one["id"]][key] == one[key], (one["id"], key)
    assert found["many"]["choices"][2]["exclusive"]
    for number in range(len(RULES)):
        assert found[f"q{number}"]["show_if"] is not None, RULES[number]
    assert found["f"]["choices"][0]["show_if"] is not None
    assert found["q2"]["show_if"] == RULES[2]


@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.stem)
def test_the_surveys_of_the_demo_are_forms(path: Path) -> None:
    whole = json.loads(path.read_text("utf-8"))
    plain = {key: value for key, value in whole.get("survey", whole).items() if key != "mode"}
    for question in (q for page in plain["pages"] for q in page["questions"]):
        if question.get("audiences") and not question.get("choices"):
            question["choices"] = [{"id": "all", "label": question["label"]}]
    asked = [q["id"] for page in plain["pages"] for q in page["questions"] if q["type"] != "allocation"]
    assert set(asked) <= set(again(plain))


def test_no_cell_is_a_formula() -> None:
    words = {"en": "=1+1", "es": "@SUM(A1)"}
    data = written(
        survey([{"id": "a", "type": "short_text", "label": words}], title={"en": "+cmd|' /C calc'!A0"})
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert all(cell.data_type == "s" for cell in cells)
    assert "=1+1" in [cell.value for cell in cells]


def edited(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A survey after somebody has worked on it."""
    found = copy.deepcopy(document)
    pages, first = found["pages"], found["languages"][0]
    for _ in range(chance.randint(1, 4)):
        asked = [(page, question) for page in pages for question in page["questions"]]
        if not asked:
            break
        page, question = chance.choice(asked)
        match chance.choice(
            ["delete", "label", "optional", "new", "move", "rule", "choice", "language", "page"]
        ):
            case "delete":
                page["questions"].remove(question)
            case "label":
                question["label"] = {**question["label"], first: "New words = <1>"}
            case "optional" if question["type"] != "statement":
                question["optional"] = not question.get("optional")
            case "new":
                new = {"id": f"new-{chance.randint(0, 10**6)}", "type": "one_choice", "label": {first: "New"}}
                rule = {"question": asked[0][1]["id"], "op": "=", "value": 'it\'s "so"'}
                page["questions"].insert(
                    0, {**new, "choices": [{"id": "other", "label": {first: "O"}}], "show_if": rule}
                )
            case "move":
                page["questions"].remove(question)
                chance.choice(pages)["questions"].append(question)
            case "rule":
                question["show_if"] = (
                    None if question.get("show_if") else {"question": asked[0][1]["id"], "is": "answered"}
                )
            case "choice" if len(question.get("choices", ())) > 1:
                question["choices"].pop()
            case "language" if "eo" not in found["languages"]:
                found["languages"].append("eo")
                question["label"] = {**question["label"], "eo": "Saluton"}
            case "page":
                pages.append(
                    {"id": f"page-{chance.randint(1000, 10**6)}", "title": {first: "More"}, "questions": []}
                )
    return found


@needs_shared
@given(st.sampled_from(ACCEPTED or [""]), st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_whatever_is_done_to_a_survey_it_stays_a_form(name: str, seed: int) -> None:
    document = edited(read((FOLDER / name).read_bytes(), name).document, random.Random(seed))
    try:
        parsed = parse(document)
    except DocumentError:
        return
    try:
        found = read(xlsform_out.write(parsed)[0], name)
    except SurveyFileError:
        assert not parsed.questions
        return
    for question in parsed.questions:
        if question.TYPE in ("short_text", "number", "one_choice") and question.id in questions(found):
            assert questions(found)[question.id]["label"] == dict(question.label) or question.id.startswith(
                "new-"
            )


def test_a_rule_that_a_form_cannot_say_is_told() -> None:
    ranked = {"question": "rk", "part": "a", "op": "=", "value": 1}
    asked = [*EVERY_TYPE, {"id": "z", "type": "short_text", "label": {"en": "Z"}, "show_if": ranked}]
    _data, lines = xlsform_out.write(parse(survey(asked)))
    assert [line.what for line in lines if line.name == "z"] == ["changed"]


def test_rules_are_written_as_people_write_them() -> None:
    rule = {"all": [RULES[0], {"any": [RULES[2], {"not": RULES[3]}]}]}
    asked = [*EVERY_TYPE, {"id": "z", "type": "short_text", "label": {"en": "Z"}, "show_if": rule}]
    text = raw(written(survey(asked)), "z")["relevant"]
    assert text == "${one} = 'other' and (selected(${many}, 'none') or not(count-selected(${many}) > 1))"
    assert xlsform_xpath.same(text, f"({text})")
