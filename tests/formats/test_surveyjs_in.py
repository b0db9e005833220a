"""What every type of SurveyJS becomes, with its settings, words, rules and languages; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import document
from survey.formats import survey_files, surveyjs_in
from survey.formats.survey_files import SurveyFile, SurveyFileError
from tests.formats.lime_files import asked, lines, told
from tests.formats.test_lime_in import GIVEN

Node = dict[str, Any]


def read(*elements: Node, **survey: Any) -> SurveyFile:
    """A survey with one page and these elements."""
    pages = [{"name": "one", "elements": list(elements)}]
    found = surveyjs_in.read(json.dumps({"title": "Title", "pages": pages, **survey}).encode(), "x.json")
    document.parse(found.document)
    return found


def q(type: str, **more: Any) -> Node:
    return {"type": type, "name": "q", "title": "How?", **more}


def ids(options: list[Node]) -> list[str]:
    return [option["id"] for option in options]


ABC = ["a", {"value": "b", "text": "Bee"}, 3]


@pytest.mark.parametrize(
    ("node", "found"),
    [
        (q("text"), {"type": "short_text", "max_length": 1000, "optional": True, "label": {"en": "How?"}}),
        (q("text", isRequired=True, description="Help", maxLength=9),
         {"optional": False, "help": {"en": "Help"}, "max_length": 9}),
        (q("text", inputType="number", min=1, max="9", step=1),
         {"type": "number", "min": 1, "max": 9, "decimals": 0}),
        (q("text", inputType="number", step=0.25), {"type": "number", "decimals": 2}),
        (q("text", inputType="range"), {"type": "number"}),
        (q("text", validators=[{"type": "numeric", "minValue": 2}]), {"type": "number", "min": 2}),
        (q("text", inputType="date", min="2020-01-02"), {"type": "date", "earliest": "2020-01-02"}),
        (q("text", inputType="time", max="17:30"), {"type": "time", "latest": "17:30"}),
        (q("text", inputType="email"), {"type": "email"}),
        (q("text", validators=[{"type": "email"}]), {"type": "email"}),
        (q("text", inputType="tel"), {"type": "short_text"}),
        (q("comment", maxLength=50), {"type": "long_text", "max_length": 50}),
        (q("boolean"), {"type": "yes_no"}),
        (q("boolean", labelTrue="Agree", labelFalse="Disagree"), {"type": "one_choice"}),
        (q("radiogroup", choices=ABC), {"type": "one_choice", "look": "radio", "other": False}),
        (q("dropdown", choices=ABC, hasOther=True), {"type": "one_choice", "look": "select", "other": True}),
        (q("dropdown", choicesMin=1, choicesMax=3), {"type": "one_choice"}),
        (q("checkbox", choices=ABC, minSelectedChoices=1, maxSelectedChoices=2),
         {"type": "several_choices", "min": 1, "max": 2}),
        (q("checkbox", choices=ABC, validators=[{"type": "answercount", "maxCount": 2}]), {"max": 2}),
        (q("tagbox", choices=ABC, showOtherItem=True), {"type": "several_choices", "other": True}),
        (q("rating", minRateDescription="Bad", maxRateDescription="Good"),
         {"type": "scale", "points": 5, "first": 1, "low": {"en": "Bad"}, "high": {"en": "Good"}}),
        (q("rating", rateMin=0, rateMax=10), {"type": "scale", "points": 11, "first": 0}),
        (q("rating", rateCount=7), {"type": "scale", "points": 7}),
        (q("rating", rateMin=0, rateMax=100, rateStep=25), {"type": "one_choice"}),
        (q("rating", rateValues=["no", "so", "yes"]), {"type": "one_choice"}),
        (q("ranking", choices=ABC, maxSelectedChoices=2), {"type": "ranking", "most": 2}),
        (q("imagepicker", choices=ABC), {"type": "one_choice"}),
        (q("imagepicker", choices=ABC, multiSelect=True), {"type": "several_choices"}),
        (q("matrix", columns=["x", "y"], rows=["r", "s"]), {"type": "matrix"}),
        (q("datepicker"), {"type": "date"}),
        (q("slider", min=1, max=5), {"type": "number", "min": 1, "max": 5}),
        (q("html", html="<p>Read</p><p>this</p>"),
         {"type": "statement", "label": {"en": "Read"}, "help": {"en": "this"}}),
    ],
)  # fmt: skip
def test_plain_questions(node: Node, found: dict[str, Any]) -> None:
    (one,) = asked(read(node)).values()
    assert {key: one.get(key) for key in found} == found
    assert one["id"] == "q"


def test_choices_are_values_or_values_with_words() -> None:
    one = asked(read(q("checkbox", choices=ABC, hasNone=True, noneText="Nothing")))["q"]
    assert [(c["id"], c["label"]["en"], c.get("exclusive", False)) for c in one["choices"]] == [
        ("a", "a", False), ("b", "Bee", False), ("3", "3", False), ("none", "Nothing", True),
    ]  # fmt: skip


def test_words_in_many_languages() -> None:
    title = {"default": "Hi", "de": "Hallo", "pt-br": "Oi"}
    found = read(
        q("radiogroup", title=title, choices=[{"value": 1, "text": {"default": "One", "de": "Eins"}}])
    )
    assert found.document["languages"] == ["en", "de", "pt-br"]
    assert asked(found)["q"]["label"] == {"en": "Hi", "de": "Hallo", "pt-br": "Oi"}
    assert asked(found)["q"]["choices"][0]["label"] == {"en": "One", "de": "Eins"}
    assert {line.name for line in found.lines if "language" in line.words} == {"en", "de", "pt-br"}


@pytest.mark.parametrize(
    ("title", "locale", "languages"),
    [
        ("Hallo", "de", ["de"]),
        ({"default": "Hallo", "en": "Hi"}, "de", ["de", "en"]),
        ({"default": "Hi", "de": "Hallo"}, "de", ["en", "de"]),
        ({"default": "Hallo", "en": "Hi"}, None, ["und", "en"]),
        ({"en": "Hi", "fr": "Salut"}, None, ["en", "fr"]),
        ("Hi", "x!", ["en"]),
    ],
)
def test_which_language_comes_first(title: Any, locale: str | None, languages: list[str]) -> None:
    assert read(q("text", title=title), locale=locale).document["languages"] == languages


def test_tables_of_fields() -> None:
    columns = [
        {"name": "how", "cellType": "dropdown", "choices": ["x", "y"]}, {"name": "why", "cellType": "text"},
        {"name": "which", "cellType": "checkbox"}, {"name": "ok", "cellType": "boolean"},
        {"name": "sum", "cellType": "expression"},
    ]  # fmt: skip
    found = read(q("matrixdropdown", rows=["r", "s"], columns=columns, choices=[1, 2]))
    questions = asked(found)
    types = [one["type"] for one in questions.values()]
    assert types == ["statement", "matrix", *["short_text"] * 2, *["several_choices"] * 2, "matrix"]
    assert questions["q-how"]["code"] == "q.how"
    assert ids(questions["q-r-which"]["choices"]) == ["1", "2"]
    assert "The column “sum” is left out" in told(found, "q")


def test_tables_that_grow_have_a_fixed_number_of_rows() -> None:
    columns = [{"name": "age", "cellType": "text", "inputType": "number"}]
    later = {"type": "text", "name": "later", "visibleIf": "{q[1].age} > 5"}
    found = read(q("matrixdynamic", rowCount=3, columns=columns), later)
    assert [one["id"] for one in asked(found).values() if one["type"] == "number"] == [
        "q-1-age",
        "q-2-age",
        "q-3-age",
    ]
    assert asked(found)["later"]["show_if"] == {"question": "q-2-age", "op": ">", "value": 5}
    assert "fixed: 3" in told(found, "q")


def test_rows_with_rules_are_tables_of_their_own() -> None:
    rows = ["r", {"value": "s", "visibleIf": "{first} = true"}]
    found = asked(read({"type": "boolean", "name": "first"}, q("matrix", columns=["x"], rows=rows)))
    assert ids(found["q"]["rows"]) == ["r"]
    assert found["q-2"]["show_if"] == {"question": "first", "op": "=", "value": "yes"}


def test_fields_in_a_group() -> None:
    items = [
        {"name": "street", "title": "Street", "isRequired": True},
        {"name": "zip", "inputType": "number"},
    ]
    found = asked(read(q("multipletext", items=items)))
    assert found["q-text"]["label"] == {"en": "How?"}
    assert (found["q-street"]["code"], found["q-street"]["optional"]) == ("q.street", False)
    assert (found["q-zip"]["type"], found["q-zip"]["optional"]) == ("number", True)


def test_panels_give_their_rule_to_their_questions() -> None:
    inner = {"type": "panel", "name": "p2", "visibleIf": "{b} notempty", "elements": [q("text")]}
    panel = {"type": "panel", "name": "p1", "title": "About", "visibleIf": "{a} = 1", "elements": [inner]}
    found = read({"type": "text", "name": "a"}, {"type": "text", "name": "b"}, panel)
    assert asked(found)["p1-text"]["label"] == {"en": "About"}
    assert asked(found)["q"]["show_if"] == {
        "all": [{"question": "a", "op": "=", "value": 1}, {"question": "b", "is": "answered"}]
    }
    assert "panel is taken" in told(found, "p2")


def test_panels_that_repeat_come_a_fixed_number_of_times() -> None:
    elements = [
        {"type": "text", "name": "kid"},
        {"type": "text", "name": "age", "visibleIf": "{panel.kid} notempty"},
    ]
    found = read(q("paneldynamic", panelCount=2, templateElements=elements))
    questions = asked(found)
    assert questions["q-2-age"]["show_if"] == {"question": "q-2-kid", "is": "answered"}
    assert "fixed: 2" in told(found, "q")


RULED = [
    {"type": "radiogroup", "name": "one", "choices": ABC},
    {"type": "checkbox", "name": "many", "choices": ABC, "hasOther": True},
    {"type": "boolean", "name": "sure"},
    {"type": "text", "name": "my age", "inputType": "number"},
    {"type": "matrix", "name": "table", "rows": ["r"], "columns": ["x"]},
    {"type": "multipletext", "name": "parts", "items": [{"name": "p"}]},
    {"type": "expression", "name": "sum"},
]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("{one} = 'a'", {"question": "one", "op": "=", "value": "a"}),
        ("{one} = 3", {"question": "one", "op": "=", "value": "3"}),
        ("{many} contains 'b'", {"question": "many", "op": "includes", "value": "b"}),
        ("{many} = ['other'] or {many} empty", {"any": [
            {"all": [{"question": "many", "op": "includes", "value": "other"},
                     {"question": "many", "of": "count", "op": "=", "value": 1}]},
            {"not": {"question": "many", "is": "answered"}}]}),
        ("{many.length} > 1", {"question": "many", "of": "count", "op": ">", "value": 1}),
        ("{many-Comment} notempty", {"question": "many", "part": "other", "is": "answered"}),
        ("{sure} = true", {"question": "sure", "op": "=", "value": "yes"}),
        ("{my age} >= 18", {"question": "my-age", "op": ">=", "value": 18}),
        ("{table.r} = 'x'", {"question": "table", "part": "r", "op": "=", "value": "x"}),
        ("{parts.p} notempty", {"question": "parts-p", "is": "answered"}),
        ("{sum} > 3", None),
        ("{later} > 3", None),
        ("{nobody} = 1", None),
        ("age({one}) > 3", None),
        ("{one} = ", None),
    ],
)  # fmt: skip
def test_rules(rule: str, found: Any) -> None:
    read_ = read(*RULED, q("text", visibleIf=rule), {"type": "text", "name": "later"})
    assert asked(read_)["q"].get("show_if") == found
    if found is None:
        assert f"left out: The rule visibleIf “{rule.strip()}” is left out: it" in told(read_, "q")
        assert asked(read_)["q"]["origin"]["surveyjs.visibleIf"] == rule


def test_rules_of_choices() -> None:
    choices = ["a", {"value": "b", "visibleIf": "{sure} = true"}, 3]
    found = asked(read(*RULED, q("checkbox", choices=choices, choicesVisibleIf="{many} contains {item}")))
    rules = [choice.get("show_if") for choice in found["q"]["choices"]]
    assert rules[0] == {"question": "many", "op": "includes", "value": "a"}
    assert rules[1] == {"all": [{"question": "sure", "op": "=", "value": "yes"},
                                {"question": "many", "op": "includes", "value": "b"}]}  # fmt: skip


def test_choices_of_an_earlier_question() -> None:
    node = q("ranking", choicesFromQuestion="many")
    assert ids(asked(read(*RULED, node))["q"]["choices"]) == ["a", "b", "3"]
    chosen = q("radiogroup", choicesFromQuestion="many", choicesFromQuestionMode="selected")
    choices = asked(read(*RULED, chosen))["q"]["choices"]
    assert choices[0]["show_if"] == {"question": "many", "op": "includes", "value": "a"}


@pytest.mark.parametrize(
    ("node", "why"),
    [
        (q("expression"), "calculates"), (q("image"), "picture"), (q("file"), "files"),
        (q("signaturepad"), "signature"), (q("text", visible=False), "hidden"), (q("fancy"), "not known"),
        (q("matrix", rows=["r"]), "no columns"), (q("multipletext"), "no fields"), (q("html"), "no text"),
        ({"name": "q"}, "not known"), (q("text", visibleIf="1 = 2"), "never shown"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_left_out_and_named(node: Node, why: str) -> None:
    found = read(node, {"type": "text", "name": "other"})
    assert why in told(found, "q")
    assert "q" not in asked(found)
    (first, *_rest) = lines(found, "q")
    assert (first.what, first.sheet, first.row) == ("left out", "page 1", 1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"defaultValue": "x"}, "left out: Nothing is filled in beforehand here (“x”)."),
        ({"correctAnswer": "x"}, "The right answer is left out (“x”)"),
        ({"requiredIf": "{a} = 1"}, "It has to be answered by a rule there (“{a} = 1”)"),
        ({"enableIf": "{a} = 1"}, "left out: The rule enableIf “{a} = 1” is left out"),
        ({"readOnly": True}, "could not be changed there"),
        ({"validators": [{"type": "regex", "regex": "^a"}]}, "left out: A check is left out (regex: ^a)"),
        ({"validators": [{"type": "expression", "expression": "{q} > 3"}]}, "(expression: {q} > 3)"),
        ({"placeholder": "Type"}, "“Type”"),
        ({"brandNew": 7}, "left out: The setting brandNew (“7”) is left out"),
        ({"hasComment": True}, "changed: The comment is a question of its own."),
        ({"inputType": "color"}, "changed: It was a field for “color”"),
        ({"inputType": "datetime-local"}, "two questions"),
        ({"title": "<img src='x'> {unknown}"}, "Its text had pictures"),
        ({"title": "{unknown}"}, "values ({unknown})"),
    ],
)
def test_every_setting_that_is_not_taken_is_named(more: Node, said: str) -> None:
    assert said in told(read({"type": "text", "name": "q", **more}), "q")


def test_choices_from_the_web_are_not_loaded() -> None:
    found = read(q("dropdown", choicesByUrl={"url": "https://x.org/list.json"}))
    assert asked(found)["q"]["type"] == "short_text"
    assert "nothing is loaded here" in told(found, "q")


def test_earlier_answers_are_put_into_texts() -> None:
    found = read({"type": "text", "name": "my name"}, q("text", title="Hi {my name}, ${x}"))
    assert asked(found)["q"]["label"] == {"en": "Hi ${my-name}, $ …"}
    assert asked(found)["my-name"]["code"] == "my name"


def test_the_survey_itself() -> None:
    found = read(
        q("text"), description="About", completedHtml="<h3>Thanks!</h3>", navigateToUrl="https://x.org",
        questionsOnPageMode="singlePage", triggers=[{"type": "skip", "expression": "{q} = 1"}],
        calculatedValues=[{"name": "total", "expression": "{q} * 2"}], logo="x.png", cookieName="c",
        showProgressBar="top", maxTimeToFinish=60,
    )  # fmt: skip
    assert found.document["layout"] == "page"
    assert found.document["what"] == {"en": "About"}
    assert found.document["thanks"] == {"en": "Thanks!\n\nhttps://x.org"}
    assert "trigger is left out. ({q} = 1)" in told(found, "skip")
    assert "left out" in told(found, "total")
    assert "no time limit" in told(found, "maxTimeToFinish")
    assert "one browser" in told(found, "cookieName")
    assert "showProgressBar" in told(found, "looks")


def test_pages_have_titles_rules_and_descriptions() -> None:
    pages = [
        {
            "name": "a",
            "title": "First",
            "description": "Read.",
            "elements": [{"type": "boolean", "name": "go"}],
        },
        {"name": "b", "visibleIf": "{go} = true", "elements": [q("text")]},
        {
            "name": "c",
            "visible": False,
            "elements": [{"type": "panel", "elements": [{"type": "text", "name": "z"}]}],
        },
    ]
    found = surveyjs_in.read(json.dumps({"pages": pages}).encode(), "My survey.json")
    assert found.document["title"] == {"en": "My survey.json"}
    assert [page.get("title") for page in found.document["pages"]] == [{"en": "First"}, None]
    assert found.document["pages"][1]["show_if"] == {"question": "go", "op": "=", "value": "yes"}
    assert "never shown" in told(found, "z")


@pytest.mark.parametrize("around", ["elements", "questions"])
def test_a_file_without_pages(around: str) -> None:
    assert "q" in asked(surveyjs_in.read(json.dumps({around: [q("text")]}).encode(), "x"))


@pytest.mark.parametrize("inner", [lambda survey: survey, json.dumps])
def test_a_survey_wrapped_in_what_its_service_knows_of_it(inner: Any) -> None:
    data = json.dumps(
        {"id": "1", "name": "n", "json": inner({"pages": [{"elements": [q("text")]}]})}
    ).encode()
    assert survey_files.detect(data, "x.json") == "surveyjs"
    assert "q" in asked(survey_files.read(data, "x.json"))


def test_a_name_that_comes_twice_is_two_questions() -> None:
    found = asked(read(q("text"), q("comment")))
    assert [one["type"] for one in found.values()] == ["short_text", "long_text"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "not whole JSON: it cannot be read from line 1, column 2"),
        (b"\x00" * 100_000, "not whole JSON"),
        (b"[1]", "it has no pages"),
        (b'{"pages": 3}', "it has no pages"),
        (b"\xff\xfe\xfd", "as text|not whole JSON"),
        (b'{"pages":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested too deep"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "nested too deep"),
        (b'{"pages":[' + b"9" * 10_000 + b"]}", "too many digits"),
        (b'{"pages":[' + b"[]," * 500_000 + b"1]}", "more in it than a survey can have"),
        (b'{"elements":[' + b'{"type":"text"},' * 1001 + b"1]}", "more than 1000 questions"),
        (
            b'{"elements":[{"type":"dropdown","name":"q","choices":[' + b"1," * 6000 + b"1]}]}",
            "more than 5000",
        ),
    ],
)
def test_a_file_that_cannot_be_a_survey_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(SurveyFileError) as told_:
        surveyjs_in.read(data, "x.json")
    assert any(part in str(told_.value) for part in words.split("|"))


def test_panels_inside_of_panels_do_not_multiply_without_end() -> None:
    node: Node = {"type": "text", "name": "t"}
    for depth in range(9):
        node = {"type": "paneldynamic", "name": f"p{depth}", "panelCount": 10, "templateElements": [node]}
    with pytest.raises(SurveyFileError, match="more than 1000 questions"):
        read(node)
    while node["type"] != "text":
        node, above = node["templateElements"][0], node
    above["templateElements"] = []


TYPES = sorted([*surveyjs_in.MAKERS, *surveyjs_in.PANELS, "paneldynamic", "html"])
KEYS = [
    "title", "choices", "columns", "rows", "items", "elements", "templateElements", "visibleIf", "rateMin",
    "rateMax", "rateStep", "rateValues", "min", "max", "step", "inputType", "validators", "hasOther",
    "choicesFromQuestion", "panelCount", "rowCount", "maxLength", "cellType", "choicesVisibleIf", "html",
    "description", "isRequired", "valueName", "labelTrue", "minSelectedChoices", "choicesMin", "choicesMax",
    "hasComment",
]  # fmt: skip
SOME = st.sampled_from(["{q} = 1", "{q", "a", "text", "date", "{q.a} notempty", "<b>{q}</b>", "number"])
NUMBERS = st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False))
INNER = st.sampled_from([*KEYS, "value", "text", "name", "default", "de", "type"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8), SOME),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(INNER, inner, max_size=3)),
    max_leaves=6,
)
ELEMENTS = st.builds(
    lambda type, name, more: {**more, "type": type, "name": name},
    st.sampled_from(TYPES),
    st.sampled_from(["q", "a b", "é", "", 3, None]),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(ELEMENTS, max_size=5),
    st.dictionaries(st.sampled_from(["title", "locale", "triggers", "logo"]), VALUES),
)
def test_no_survey_breaks_the_reader(elements: list[Node], more: Node) -> None:
    try:
        found = surveyjs_in.read(json.dumps({**more, "elements": elements}).encode(), "x")
    except SurveyFileError:
        return
    document.parse(found.document)


FILES = sorted((GIVEN / "surveyjs").glob("*.json")) if GIVEN.is_dir() else []


@pytest.mark.skipif(not FILES, reason="the instruments are not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_given_files_are_taken_with_every_question_named(path: Path) -> None:
    raw = json.loads(path.read_bytes())
    found = survey_files.read(path.read_bytes(), path.name)
    document.parse(found.document)
    named = {line.name for line in found.lines}
    names = {one["name"] for page in raw.get("json", raw)["pages"] for one in page["elements"]}
    assert names
    assert names <= named
