"""What every type of question of LimeSurvey becomes, with its settings, words and rules."""

from __future__ import annotations

from typing import Any

import pytest

from survey import document
from survey.formats import lime_tsv_in
from survey.formats.survey_files import SurveyFile
from tests.formats.lime_files import asked, told, tsv

START = ("S|-|language|1|en", "SL|-|surveyls_title|1|Title||en", "G|1|Group||About you||en")


def q(type: str, **more: object) -> dict[str, object]:
    """A question called q."""
    plain = {"class": "Q", "type/scale": type, "name": "q", "text": "How?", "language": "en"}
    return {**plain, "relevance": 1, **more}


def sq(code: str, text: str = "", **more: object) -> dict[str, object]:
    return {"class": "SQ", "name": code, "text": text or code.upper(), "language": "en", **more}


def a(code: str, text: str = "", **more: object) -> dict[str, object]:
    return {"class": "A", "name": code, "text": text or code.upper(), "language": "en", **more}


def read(*rows: dict[str, object]) -> SurveyFile:
    found = lime_tsv_in.read(tsv(*START, *rows), "survey.txt")
    document.parse(found.document)
    return found


def only(*rows: dict[str, object]) -> dict[str, Any]:
    """The one question that comes of these rows."""
    questions = [one for one in asked(read(*rows)).values() if one["id"] != "page-1-text"]
    assert len(questions) == 1, questions
    return questions[0]


def ids(options: list[dict[str, Any]]) -> list[str]:
    return [option["id"] for option in options]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([q("S")], {"type": "short_text", "max_length": 1000, "optional": True, "label": {"en": "How?"}}),
        ([q("S", mandatory="Y")], {"type": "short_text", "optional": False}),
        ([q("S", maximum_chars=20)], {"type": "short_text", "max_length": 20}),
        ([q("S", numbers_only=1)], {"type": "number"}),
        ([q("S", em_validation_q="strlen(self) <= 30")], {"type": "short_text", "max_length": 30}),
        ([q("S", validation=r"/^[^@]+@[^@]+\.[a-z]+$/")], {"type": "email"}),
        ([q("T")], {"type": "long_text"}),
        ([q("U", maximum_chars=400)], {"type": "long_text", "max_length": 400}),
        ([q("N")], {"type": "number", "decimals": 6}),
        ([q("N", num_value_int_only=1, min_num_value_n=2, max_num_value_n="9.5", suffix="km")],
         {"type": "number", "decimals": 0, "min": 2, "max": 9.5, "unit": {"en": "km"}}),
        ([q("N", em_validation_q="self >= 18 and self <= 120")], {"type": "number", "min": 18, "max": 120}),
        ([q("N", em_validation_q="self > 3", num_value_int_only=1)], {"type": "number", "min": 4}),
        ([q("D")], {"type": "date"}),
        ([q("D", date_format="dd/mm/yyyy", date_min="2020-01-02", date_max="2030")],
         {"type": "date", "earliest": "2020-01-02", "latest": "2030-12-31"}),
        ([q("D", date_format="HH:MM")], {"type": "time"}),
        ([q("Y")], {"type": "yes_no"}),
        ([q("X", help="More.")], {"type": "statement", "label": {"en": "How?"}, "help": {"en": "More."}}),
        ([q("5")], {"type": "scale", "points": 5, "first": 1, "no_answer": False}),
        ([q("Q", mandatory="Y"), sq("a")], None),
    ],
)  # fmt: skip
def test_plain_questions(rows: list[dict[str, object]], found: dict[str, Any] | None) -> None:
    if found is None:
        assert asked(read(*rows))["q_a"]["optional"] is False
        return
    one = only(*rows)
    assert {key: one.get(key) for key in found} == found
    assert one["id"] == "q"


def test_gender_has_the_words_of_its_languages() -> None:
    one = only(q("G"))
    assert [(c["id"], c["label"]["en"]) for c in one["choices"]] == [("F", "Female"), ("M", "Male")]


def test_a_day_and_a_time_are_two_questions() -> None:
    found = read(q("D", date_format="dd.mm.yyyy HH:MM"))
    assert [one["type"] for one in asked(found).values()][1:] == ["date", "time"]
    assert "two questions" in told(found, "q")


def test_a_list_without_answers_is_a_line_of_text() -> None:
    for type in "L!OMPR":
        found = read(q(type, other="Y"))
        assert asked(found)["q"]["type"] == "short_text"
        assert "no answers to choose from" in told(found, "q")


@pytest.mark.parametrize(("type", "look"), [("L", "radio"), ("!", "select")])
def test_a_list_is_one_choice(type: str, look: str) -> None:
    one = only(q(type, other="Y"), a("A1", "One"), a("A2", "Two"))
    assert (one["type"], one["look"], one["other"], ids(one["choices"])) == (
        "one_choice", look, True, ["A1", "A2"],
    )  # fmt: skip


def test_a_list_with_comment_is_two_questions() -> None:
    questions = asked(read(q("O"), a("A1"), a("A2")))
    assert questions["q"]["type"] == "one_choice"
    assert questions["q_comment"]["optional"] is True
    assert questions["q_comment"]["label"] == {"en": "How? – Comment"}


def test_several_choices_with_bounds_and_none_of_these() -> None:
    one = only(
        q("M", min_answers=1, max_answers=2, exclude_all_others="no", other="Y"), sq("x"), sq("y"), sq("no")
    )
    assert (one["min"], one["max"], one["other"]) == (1, 2, True)
    assert [choice.get("exclusive", False) for choice in one["choices"]] == [False, False, True]


def test_comments_on_choices_are_asked_when_they_are_ticked() -> None:
    questions = asked(read(q("P"), sq("x"), sq("y")))
    assert questions["q_y_comment"]["show_if"] == {"question": "q", "op": "includes", "value": "y"}


def test_a_choice_called_other_is_not_the_field_for_other_answers() -> None:
    assert ids(only(q("L"), a("other"), a("b"))["choices"]) == ["other", "b"]
    both = only(q("L", other="Y"), a("other"), a("b"))
    assert ids(both["choices"]) == ["other-2", "b"]


def test_codes_that_cannot_be_ids_are_made_into_some_and_told() -> None:
    found = read(q("M"), sq("geflü"), sq("a b"))
    assert ids(asked(found)["q"]["choices"]) == ["geflu", "a-b"]
    assert "“geflü” is called “geflu”" in told(found, "q")


def test_a_ranking() -> None:
    one = only(q("R", max_answers=2), a("x"), a("y"), a("z"))
    assert (one["type"], one["most"], ids(one["choices"])) == ("ranking", 2, ["x", "y", "z"])


@pytest.mark.parametrize(
    ("type", "answers", "columns"),
    [
        ("F", ["lo", "hi"], ["lo", "hi"]),
        ("H", ["lo", "hi"], ["lo", "hi"]),
        ("A", [], ["1", "2", "3", "4", "5"]),
        ("B", [], [str(number) for number in range(1, 11)]),
        ("C", [], ["Y", "U", "N"]),
        ("E", [], ["I", "S", "D"]),
    ],
)
def test_arrays_are_tables_of_choices(type: str, answers: list[str], columns: list[str]) -> None:
    one = only(q(type), sq("r1", "left|right"), sq("r2"), *map(a, answers))
    assert (one["type"], ids(one["rows"]), ids(one["choices"])) == ("matrix", ["r1", "r2"], columns)
    assert one["rows"][0]["label"] == {"en": "left – right"}


def test_two_scales_are_two_tables() -> None:
    rows = [
        q("1", dualscale_headerA="How bad"),
        sq("r1"),
        a("1", **{"type/scale": 0}),
        a("9", **{"type/scale": 1}),
    ]
    questions = asked(read(*rows))
    assert questions["q"]["label"] == {"en": "How? – How bad"}
    assert (ids(questions["q"]["choices"]), ids(questions["q_1"]["choices"])) == (["1"], ["9"])


def test_rows_with_rules_are_tables_of_their_own() -> None:
    first = q("Y", name="first")
    found = asked(
        read(
            first,
            q("F"),
            sq("r1"),
            sq("r2", relevance="first == 'Y'"),
            sq("r3", relevance="first == 'Y'"),
            a("x"),
        )
    )
    tables = [one for one in found.values() if one["type"] == "matrix"]
    assert [ids(table["rows"]) for table in tables] == [["r1"], ["r2", "r3"]]
    assert tables[1]["show_if"] == {"question": "first", "op": "=", "value": "yes"}


def test_several_fields_are_one_question_each_below_a_heading() -> None:
    found = asked(read(q("K", min_num_value_n=0, help="In dollars."), sq("x", "Rent"), sq("y", "Food")))
    assert found["q-text"] == {**found["q-text"], "type": "statement", "label": {"en": "How?"}}
    assert found["q-text"]["help"] == {"en": "In dollars."}
    assert {key: found["q_x"][key] for key in ("type", "label", "min")} == {
        "type": "number", "label": {"en": "Rent"}, "min": 0,
    }  # fmt: skip


def test_one_question_a_page_has_all_words_in_each_question() -> None:
    rows = ("S|-|format|1|S", q("Q"), sq("x", "Street"))
    found = asked(lime_tsv_in.read(tsv(*START, *rows), ""))
    assert found["q_x"]["label"] == {"en": "How?\nStreet"}
    assert "q-text" not in found


def test_numbers_with_a_fixed_sum_are_points_to_share_out() -> None:
    one = only(q("K", equals_num_value=100), sq("x"), sq("y"))
    assert (one["type"], one["total"], ids(one["choices"])) == ("allocation", 100, ["x", "y"])


CELLS = [sq("r1", **{"type/scale": 0}), sq("c1", **{"type/scale": 1}), sq("c2", **{"type/scale": 1})]


def test_cells() -> None:
    texts = asked(read(q(";"), *CELLS))
    assert texts["q_r1_c2"]["label"] == {"en": "R1 – C2"}
    assert texts["q_r1_c2"]["type"] == "short_text"
    numbers = asked(read(q(":", input_boxes=1, multiflexible_max=20), *CELLS))
    assert (numbers["q_r1_c1"]["type"], numbers["q_r1_c1"]["max"]) == ("number", 20)
    lists = asked(read(q(":", multiflexible_min=0, multiflexible_max=3), *CELLS))
    assert ids(lists["q_c1"]["choices"]) == ["0", "1", "2", "3"]
    boxes = asked(read(q(":", multiflexible_checkbox=1), *CELLS))
    assert (boxes["q_r1"]["type"], ids(boxes["q_r1"]["choices"])) == ("several_choices", ["c1", "c2"])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (q("*"), "calculates"), (q("|"), "files"), (q("I"), "language"), (q("S", hidden=1), "hidden"),
        (q("S", relevance=0), "never shown"), (q("?"), "not known"), (q("F"), "no rows"),
        (q("X", text=""), "no text"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_left_out_and_named(row: dict[str, object], why: str) -> None:
    found = read(row)
    assert why in told(found, "q")
    assert told(found, "q").startswith("left out")
    assert "q" not in asked(found)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (q("S", default="Philadelphia"), "left out: Nothing is filled in beforehand here (“Philadelphia”)."),
        (q("S", mandatory="S"), "changed: It asked again"),
        (q("L", random_order=1), "the order is the same for everybody here"),
        (q("S", time_limit=30), "no time limit"),
        (q("S", validation="/^[0-9]{5}$/"), "Its check by the pattern /^[0-9]{5}$/ is left out"),
        (q("N", em_validation_q="self > q2 * 2"), "the check is not made here"),
        (q("N", max_num_value_n="age"), "it is a formula"),
        (
            q("S", display_rows=5, text_input_width=9),
            "changed: Settings of its looks are left out: display_rows",
        ),
        (q("S", brand_new="7"), "The setting brand_new (“7”) is left out: there is no such setting here."),
        (q("S", prefix="$"), "“$” stood before the field"),
        (q("R", other="Y"), "A field for other answers is left out"),
    ],
)
def test_every_setting_that_is_not_taken_is_named(row: dict[str, object], said: str) -> None:
    assert said in told(read(row, a("x"), a("y")), "q")


def test_choices_are_filtered_by_an_earlier_question() -> None:
    first = q("M", name="first")
    rows = [first, sq("x"), sq("y"), q("M", array_filter="first"), sq("x"), sq("z")]
    choices = asked(read(*rows))["q"]["choices"]
    assert choices[0]["show_if"] == {"question": "first", "op": "includes", "value": "x"}
    assert "show_if" not in choices[1]
    rows[3] = q("M", array_filter_exclude="first")
    assert "not" in asked(read(*rows))["q"]["choices"][0]["show_if"]


RULED = [
    q("L", name="one"), a("A1"), a("A2"), q("M", name="many", other="Y"), sq("x"), sq("y"),
    q("N", name="age"), q("K", name="nums"), sq("x"), q("F", name="table"), sq("r"), a("k"),
    q("R", name="rank"), a("u"), a("v"), q("O", name="why"), a("c"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ('((one.NAOK == "A1"))', {"question": "one", "op": "=", "value": "A1"}),
        ("one.NAOK == '-oth-'", None),
        ("many_x.NAOK == 'Y'", {"question": "many", "op": "includes", "value": "x"}),
        ("many_other != ''", {"question": "many", "op": "includes", "value": "other"}),
        ("count(that.many.NAOK) >= 2", {"question": "many", "of": "count", "op": ">=", "value": 2}),
        ("age &gt; 17", {"question": "age", "op": ">", "value": 17}),
        ("nums_x > 3", {"question": "nums_x", "op": ">", "value": 3}),
        ("table_r == 'k'", {"question": "table", "part": "r", "op": "=", "value": "k"}),
        ("rank_2 == 'u'", {"question": "rank", "part": "u", "op": "=", "value": 2}),
        ("!is_empty(why_comment)", {"question": "why_comment", "is": "answered"}),
        ("later == 1", None),
        ("TOKEN:FIRSTNAME == 'a'", None),
        ("((", None),
    ],
)
def test_rules(rule: str, found: dict[str, Any] | None) -> None:
    read_ = read(*RULED, q("S", relevance=rule), q("S", name="later"))
    assert asked(read_)["q"].get("show_if") == found
    if found is None:
        assert f"The rule “{rule}” is left out: it" in told(read_, "q")
        assert asked(read_)["q"]["origin"]["limesurvey.relevance"] == rule


FIRST, SECOND = q("Y", name="first"), q("N", name="second", relevance="first == 'Y'")
SHOWN = {"question": "first", "op": "=", "value": "yes"}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("second != 3", {"all": [SHOWN, {"question": "second", "op": "!=", "value": 3}]}),
        ("second.NAOK != 3", {"question": "second", "op": "!=", "value": 3}),
        ("second > 3", {"question": "second", "op": ">", "value": 3}),
        ("is_empty(second)", {"all": [SHOWN, {"not": {"question": "second", "is": "answered"}}]}),
        ("second > 3 or first == 'N'", {"all": [SHOWN, {"any": [
            {"question": "second", "op": ">", "value": 3},
            {"question": "first", "op": "=", "value": "no"}]}]}),
        ("first != 'N'", {"question": "first", "op": "!=", "value": "no"}),
    ],
)  # fmt: skip
def test_a_rule_is_false_while_a_question_in_it_is_hidden(rule: str, found: dict[str, Any]) -> None:
    assert asked(read(FIRST, SECOND, q("S", relevance=rule)))["q"]["show_if"] == found


def test_questions_are_hidden_with_their_group() -> None:
    rows = (
        FIRST, "G|2|More|first == 'Y'|||en", q("N", name="second"),
        q("S", name="same", relevance="second != 3"),
        "G|3|Last|1|||en", q("S", relevance="second != 3"),
    )  # fmt: skip
    found = asked(lime_tsv_in.read(tsv(*START, *rows), ""))
    assert found["same"]["show_if"] == {"question": "second", "op": "!=", "value": 3}
    assert found["q"]["show_if"] == {"all": [SHOWN, {"question": "second", "op": "!=", "value": 3}]}


def test_a_rule_over_hidden_questions_is_named() -> None:
    found = read(q("*", name="sum"), q("S", relevance="sum > 3"))
    assert "“sum”, which is left out" in told(found, "q")


def test_earlier_answers_are_put_into_texts() -> None:
    text = "Hello {name.shown}, {name} {if(1,2,3)} { name } ${x} {SURVEYNAME}"
    found = read(q("S", name="name"), q("S", text=text))
    assert asked(found)["q"]["label"] == {"en": "Hello ${name}, ${name} … { name } $ … Title"}
    assert "{if(1,2,3)}" in told(found, "q")


def test_html_becomes_lines_and_links_keep_their_address() -> None:
    text = "<p>One <b>two</b></p><p>See <a href='https://x.org'>this</a></p><script>alert(1)</script>"
    found = read(q("S", text=text))
    assert asked(found)["q"]["label"] == {"en": "One two\n\nSee this (https://x.org)"}
    assert "Its text had scripts; they are left out." in told(found, "q")
    assert told(found, "HTML")


def test_a_long_text_is_not_cut_but_stands_before() -> None:
    text = " ".join(f"word{number}" for number in range(700))
    found = read(q("S", text=text, help="x " * 1500))
    parts = [one for one in asked(found).values() if one["id"] != "page-1-text"]
    words = " ".join(text for one in parts for key in ("label", "help") for text in one.get(key, {}).values())
    assert all(f"word{number}" in words.split() for number in range(700))
    assert words.split().count("x") == 1500
    assert "stands before the question" in told(found, "q")
