"""Formulas as our rules: a rule says what the formula says, for any answers; or it is not said at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import conditions
from survey.formats import lime_expressions, surveyjs_expressions
from survey.formats.expressions import Call, Expression, Literal, Logic, Name, Negation, Operation
from survey.formats.expressions_rules import Translator
from survey.formats.expressions_values import TESTS, CannotSay, Target

CHOICES = {"A1": "A1", "A2": "A2", "7": "7"}
TICKS = {"a": "a", "b": "b", "c": "c"}
TARGETS = {
    "age": Target("age", numeric=True),
    "name": Target("name"),
    "one": Target("one", "choice", codes=CHOICES),
    "row": Target("table", "choice", part="r1", codes=CHOICES),
    "many": Target("many", "choices", codes=TICKS),
    **{f"many_{code}": Target("many", "tick", codes=TICKS, choice=code) for code in TICKS},
    "rank_1": Target("rank", "rank", codes=TICKS, rank=1),
    "sure": Target("sure", "choice", codes={"true": "yes", "false": "no"}),
}


def resolve(path: str) -> Target:
    if path not in TARGETS:
        raise CannotSay(f"no {path}")
    return TARGETS[path]


def rule(text: str, language: Any = lime_expressions) -> Any:
    return Translator(resolve).rule(language.parse(text))


Answers = dict[str, Any]
ANSWERS = st.fixed_dictionaries(
    {
        "age": st.none() | st.integers(-5, 90),
        "name": st.sampled_from([None, "Ann", "bo", "A1"]),
        "one": st.sampled_from([None, *CHOICES]),
        "many": st.sets(st.sampled_from(sorted(TICKS))),
    }
)


def holds(found: Any, answers: Answers) -> bool:
    """A rule of ours on these answers."""
    if isinstance(found, bool):
        return found
    seen = {**answers, "many": tuple(sorted(answers["many"])) or None}
    return conditions.parse(found).holds(lambda question, part: seen.get(question))


def means(tree: Expression, answers: Answers) -> Any:
    """What LimeSurvey makes of a formula, where everything is shown: nothing is the empty text."""
    match tree:
        case Literal(value):
            return value
        case Name(path):
            if path.startswith("many_"):
                return "Y" if path[-1] in answers["many"] else ""
            return "" if answers[path] is None else answers[path]
        case Logic(op, parts):
            return (all if op == "and" else any)(truth(means(part, answers)) for part in parts)
        case Negation(of):
            return not truth(means(of, answers))
        case Call("is_empty", (one,)):
            return means(one, answers) == ""
        case Call("count", given_):
            return sum(means(one, answers) != "" for one in given_)
        case Call("strlen", (one,)):
            return len(str(means(one, answers)))
        case Operation(op, left, right):
            return compared(op, means(left, answers), means(right, answers))
    raise AssertionError(tree)


def compared(op: str, left: Any, right: Any) -> bool:
    if left == "" or right == "":
        return TESTS[op](str(left), str(right)) if op in ("=", "!=") else False
    if isinstance(left, str) != isinstance(right, str):
        return op == "!="
    return TESTS[op](left, right)


def truth(value: Any) -> bool:
    return value not in ("", 0, "0", False, None)


EQUAL = st.sampled_from(["=", "!="])
ANY_TEST = st.sampled_from(sorted(TESTS))
TICKED = [Name(f"many_{code}") for code in TICKS]


def literal(*values: str | int) -> st.SearchStrategy[Literal]:
    return st.sampled_from(values).map(Literal)


def whole(least: int, most: int) -> st.SearchStrategy[Literal]:
    return st.integers(least, most).map(Literal)


def same(tree: Expression) -> st.SearchStrategy[Expression]:
    return st.just(tree)


LEAVES = st.one_of(
    st.builds(Operation, ANY_TEST, same(Name("age")), whole(-2, 80)),
    st.builds(Operation, ANY_TEST, whole(-2, 80), same(Name("age"))),
    st.builds(Operation, EQUAL, same(Name("one")), literal(*CHOICES, "")),
    st.builds(Operation, EQUAL, same(Name("name")), literal("Ann", "")),
    st.builds(Operation, EQUAL, st.sampled_from(TICKED), literal("Y", "")),
    st.builds(Operation, ANY_TEST, same(Call("count", tuple(TICKED))), whole(-1, 4)),
    st.builds(Operation, ANY_TEST, same(Call("count", tuple(TICKED[:2]))), whole(-1, 3)),
    st.builds(Operation, ANY_TEST, same(Call("strlen", (Name("name"),))), whole(0, 4)),
    st.sampled_from(["age", "one", "many_a"]).map(Name),
    st.sampled_from(["age", "one", "name"]).map(lambda name: Call("is_empty", (Name(name),))),
    literal(0, 1, "", "x"),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Negation),
        st.builds(Logic, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(TREES, ANSWERS)
def test_a_rule_holds_when_the_formula_does(tree: Expression, answers: Answers) -> None:
    try:
        found = Translator(resolve).rule(tree)
    except CannotSay:
        return
    assert holds(found, answers) == truth(means(tree, answers))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", True),
        ("0", False),
        ("one == 'A1'", {"question": "one", "op": "=", "value": "A1"}),
        ("'A1' == one", {"question": "one", "op": "=", "value": "A1"}),
        ("row == 'A2'", {"question": "table", "part": "r1", "op": "=", "value": "A2"}),
        ("one > 5", {"question": "one", "op": "=", "value": "7"}),
        ("one > 100", False),
        ("many_a == 'Y'", {"question": "many", "op": "includes", "value": "a"}),
        ("count(many) > 1", {"question": "many", "of": "count", "op": ">", "value": 1}),
        ("count(many_a, many_b, many_c)", {"question": "many", "of": "count", "op": ">", "value": 0}),
        ("rank_1 == 'b'", {"question": "rank", "part": "b", "op": "=", "value": 1}),
        ("!is_empty(rank_1)", {"question": "rank", "of": "count", "op": ">=", "value": 1}),
        ("age >= 9 * 2", {"question": "age", "op": ">=", "value": 18}),
        ("age + 0 > 3", {"question": "age", "op": ">", "value": 3}),
        ("age > '17'", {"question": "age", "op": ">", "value": 17}),
        ("age == name", None),
        ("stristr(name, 'nn')", {"question": "name", "op": "contains", "value": "nn"}),
        ("if(age > 5, one == 'A1', 0)", {
            "all": [{"question": "age", "op": ">", "value": 5},
                    {"question": "one", "op": "=", "value": "A1"}]}),
        ("age > 1 and (age < 5 and one == 'A1')", {"all": [
            {"question": "age", "op": ">", "value": 1}, {"question": "age", "op": "<", "value": 5},
            {"question": "one", "op": "=", "value": "A1"}]}),
    ],
)  # fmt: skip
def test_what_limesurvey_means(text: str, found: Any) -> None:
    if found is None:
        found = {"question": "age", "op": "=", "value": {"question": "name"}}
    assert rule(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{many} contains 'a'", {"question": "many", "op": "includes", "value": "a"}),
        ("{many} anyof ['a', 'b']", {"any": [
            {"question": "many", "op": "includes", "value": "a"},
            {"question": "many", "op": "includes", "value": "b"}]}),
        ("{many} = ['a']", {"all": [
            {"question": "many", "op": "includes", "value": "a"},
            {"question": "many", "of": "count", "op": "=", "value": 1}]}),
        ("{one} anyof ['A1', 7]", {"any": [
            {"question": "one", "op": "=", "value": "A1"}, {"question": "one", "op": "=", "value": "7"}]}),
        ("{one} contains 'A'", {"any": [
            {"question": "one", "op": "=", "value": "A1"}, {"question": "one", "op": "=", "value": "A2"}]}),
        ("{sure} = true", {"question": "sure", "op": "=", "value": "yes"}),
        ("{sure}", {"question": "sure", "op": "=", "value": "yes"}),
        ("{name} notempty", {"question": "name", "is": "answered"}),
        ("{name} empty", {"not": {"question": "name", "is": "answered"}}),
        ("{name} = undefined", {"not": {"question": "name", "is": "answered"}}),
        ("iif({age} > 5, true, false)", {"question": "age", "op": ">", "value": 5}),
    ],
)  # fmt: skip
def test_what_surveyjs_means(text: str, found: Any) -> None:
    assert rule(text, surveyjs_expressions) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("one == 'zz'", "does not offer"),
        ("regexMatch('/a/', name)", "regexMatch()"),
        ("age * 2 > name", "calculates"),
        ("count(many_a, many_b, age) == 2", "counts some"),
        ("sum(age, 3) > 2", "sum()"),
        ("one > row", "larger"),
        ("nobody > 1", "no nobody"),
        ("1 / 0 > age", "too large"),
        ("if(age > 1, 'x', 'y') == 'x'", "if()"),
        (" or ".join(["age > 1"] * 60), "more than 50 comparisons"),
    ],
)
def test_what_cannot_be_said_is_said_not_to_be(text: str, why: str) -> None:
    with pytest.raises(CannotSay) as told:
        rule(text)
    assert why in str(told.value)
