"""Rules of XLSForms and conditions of surveys: the same thing in two languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import conditions
from survey.formats import xlsform_constraints as constraints
from survey.formats import xlsform_xpath as xpath
from survey.formats.xlsform_filters import filtered
from survey.formats.xlsform_rules import NotUnderstood, Target, condition, fits, normal, understood
from survey.formats.xlsform_rules_out import Written, expression

NAMES = {
    "one": Target("one", "one"),
    "many": Target("many", "several", choices={"two words": ("made",), "a": ("a",)}),
    "age": Target("age", "number"),
    "day": Target("day", "date"),
    "words": Target("words", "text"),
    "agree": Target("agree", "consent"),
    "line": Target("table", "one", "line"),
    "one_other": Target("one", "text", "other"),
}
FOUND = {(target.id, target.part): (name, target.kind) for name, target in NAMES.items()}


def find(question: str, part: str | None) -> Written:
    name, kind = FOUND[question, part]
    return Written(name, kind, {"made": "two words"} if question == "many" else {})


CHOICE = st.sampled_from(["a", "b", "it's", 'say "so"', "both ' and \"", "x y"])
SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
NUMBER = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6).map(lambda x: round(x, 4))).map(
    lambda x: int(x) if float(x).is_integer() else x
)


def leaf(question: str, **more: Any) -> dict[str, Any]:
    return {"question": question, **more}


LEAVES = st.one_of(
    st.sampled_from(["one", "many", "age", "words", "agree"]).map(lambda q: leaf(q, **{"is": "answered"})),
    st.builds(lambda op, v: leaf("one", op=op, value=v), st.sampled_from(["=", "!="]), CHOICE),
    st.builds(lambda v: leaf("many", op="includes", value=v), st.sampled_from(["a", "made", "b"])),
    st.builds(lambda op, v: leaf("age", op=op, value=v), SIGNS, NUMBER),
    st.builds(lambda op, v: leaf("many", of="count", op=op, value=v), SIGNS, st.integers(0, 9)),
    st.builds(lambda op, v: leaf("words", of="length", op=op, value=v), SIGNS, st.integers(0, 999)),
    st.builds(lambda v: leaf("words", op="contains", value=v), CHOICE),
    st.builds(lambda op, d: leaf("day", op=op, value=d.isoformat()), SIGNS, st.dates()),
    st.builds(lambda op: leaf("age", op=op, value={"question": "words"}), SIGNS),
    st.builds(lambda v: leaf("table", part="line", op="=", value=v), CHOICE),
    st.builds(lambda v: leaf("one", part="other", op="=", value=v), st.sampled_from(["a", "b c"])),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=12,
)


@given(RULES)
def test_a_condition_written_and_read_is_the_same(rule: dict[str, Any]) -> None:
    conditions.parse(rule) if fits(rule) else None
    text = xpath.write(expression(rule, find))
    assert normal(condition(xpath.parse(text), NAMES)) == normal(rule)
    assert xpath.same(text, xpath.write(xpath.parse(text)))


@given(st.text("${}()'\"=<>!andorxt. ,01-_[]/:", max_size=60))
def test_any_text_is_understood_or_refused_in_its_own_way(text: str) -> None:
    try:
        tree = xpath.parse(text)
    except xpath.XPathError:
        return
    assert xpath.parse(xpath.write(tree)) == tree


def is_answered(name: str) -> dict[str, Any]:
    return leaf(name, **{"is": "answered"})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("${one} = 'a'", leaf("one", op="=", value="a")),
        ("${one}=1", leaf("one", op="=", value="1")),
        ("'a' = ${ one }", leaf("one", op="=", value="a")),
        ("18 <= ${age}", leaf("age", op=">=", value=18)),
        ("${age} > '17.5'", leaf("age", op=">", value=17.5)),
        ("${words} != ''", is_answered("words")),
        ("${words} = ''", {"not": is_answered("words")}),
        ("string-length(${words}) > 0", leaf("words", of="length", op=">", value=0)),
        ("not(selected(${many}, 'two words'))", {"not": leaf("many", op="includes", value="made")}),
        ("string-length(${many}) > 0", is_answered("many")),
        ("string-length(${one}) = 0", {"not": is_answered("one")}),
        ("count-selected(${many}) >= 2", leaf("many", of="count", op=">=", value=2)),
        ("${agree} = 'OK'", is_answered("agree")),
        ("${agree} != 'OK'", {"not": is_answered("agree")}),
        ("${day} > date('2026-05-31')", leaf("day", op=">", value="2026-05-31")),
        ("${line} = 'a'", leaf("table", part="line", op="=", value="a")),
        ("${one_other} = 'x'", leaf("one", part="other", op="=", value="x")),
        ("coalesce(${words}, '') = 'x'", leaf("words", op="=", value="x")),
        ("${one} = ‘a’", leaf("one", op="=", value="a")),
        (
            "${one} = 'a' and (${one} = 'b' or ${age} < 3)",
            {
                "all": [
                    leaf("one", op="=", value="a"),
                    {"any": [leaf("one", op="=", value="b"), leaf("age", op="<", value=3)]},
                ]
            },
        ),
    ],
)
def test_what_is_understood(text: str, rule: dict[str, Any]) -> None:
    assert understood(text, NAMES) == rule
    conditions.parse(rule)


@pytest.mark.parametrize(
    "text",
    [
        "today() > ${day}",
        "${age} + 1 > 3",
        "regex(${words}, '[a-z]+')",
        "${nobody} = 'a'",
        "../one = 'a'",
        "${one}",
        "${many} = 'a b'",
        "${many} > 2",
        "string-length(${many}) > 5",
        "count-selected(${words}) > 1",
        "selected(${words}, 'a')",
        "position(..) = 1",
        "${one} = 'a' and",
        "instance('x')/root/item[name = ${one}]/label = 'a'",
        "if(${one} = 'a', 1, 0) = 1",
        "${age} < 'many'",
        " or ".join(["${one} = 'a'"] * 51),
        "(" * 200 + "${one} = 'a'" + ")" * 200,
    ],
)
def test_what_is_not_understood_is_never_understood_in_part(text: str) -> None:
    with pytest.raises(NotUnderstood):
        understood(text, NAMES)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("${a}='x' and ${b}=1", '( ${a} = "x" )  and (${b} = 1)', True),
        ("${a}='x' or ${b}=1", "${a}='x' and ${b}=1", False),
        ("(${a}=1 or ${b}=1) and ${c}=1", "${a}=1 or ${b}=1 and ${c}=1", False),
        ("../a[1] = 2", "../a[1]=2", True),
    ],
)
def test_expressions_are_compared_without_blanks_quotes_and_needless_parentheses(
    one: str, other: str, same: bool
) -> None:
    assert xpath.same(one, other) is same


@pytest.mark.parametrize(
    ("text", "columns", "found"),
    [
        ("state = ${one}", {"state": "a"}, leaf("one", op="=", value="a")),
        ("pastel=yes", {"pastel": "yes"}, False),
        ("pastel='yes'", {"pastel": "yes"}, True),
        ("pastel='yes' or state=${one}", {"pastel": "no", "state": "b"}, leaf("one", op="=", value="b")),
        ("selected(${many}, state)", {"state": "two words"}, leaf("many", op="includes", value="made")),
        ("selected('a b', state)", {"state": "b"}, True),
        ("not(state = 'a') and ${age} > 3", {"state": "a"}, False),
        ("true()", {}, True),
        ("level < 3", {"level": "2"}, True),
    ],
)
def test_filters_of_choices_are_decided_for_each_choice(
    text: str, columns: dict[str, str], found: dict[str, Any] | bool
) -> None:
    assert filtered(xpath.parse(text), columns, NAMES) == found


@pytest.mark.parametrize(
    ("text", "kind", "settings", "left"),
    [
        (". >= 0 and . <= 120", "integer", {"min": 0, "max": 120}, []),
        ("0 < . and . < 10", "integer", {"min": 1, "max": 9}, []),
        (". > 0", "decimal", {"min": 0}, [". > 0"]),
        ("string-length(.) <= 50", "text", {"max_length": 50}, []),
        ("count-selected(.) <= 3", "several", {"max": 3}, []),
        (". >= date('2026-01-01') and . < '2027-01-01'", "date", {}, []),
        (". <= today()", "date", {}, [". <= today()"]),
        (". < ${other}", "integer", {}, [". < ${other}"]),
        (". = 1 or . = 2", "integer", {}, [". = 1 or . = 2"]),
        ("regex(., '[0-9]{5}')", "text", {}, ["regex(., '[0-9]{5}')"]),
        ("%%%", "text", {}, ["%%%"]),
    ],
)
def test_constraints_become_bounds_or_are_named(
    text: str, kind: str, settings: dict[str, Any], left: list[str]
) -> None:
    found = constraints.understand(text, kind)
    assert found.left == left
    if kind == "date" and not left:
        assert [day.isoformat() for day in found.settings.values()] == ["2026-01-01", "2026-12-31"]
    else:
        assert found.settings == settings


def test_none_of_these_and_email_are_seen_in_constraints() -> None:
    assert constraints.understand(
        "not(selected(., 'none') and count-selected(.) > 1)", "several"
    ).exclusive == {"none"}
    assert constraints.understand("regex(., '^.+@.+$')", "text").email
