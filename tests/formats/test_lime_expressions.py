"""Formulas of LimeSurvey and SurveyJS: every tree can be written and read again; no text breaks a parser."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.formats import lime_expressions, surveyjs_expressions
from survey.formats.expressions import (
    Array,
    Call,
    Expression,
    ExpressionError,
    Literal,
    Logic,
    Name,
    Negation,
    Operation,
)

NUMBERS = st.one_of(
    st.integers(0, 10**9), st.floats(0, 10**6, allow_nan=False).map(lambda n: round(n, 3) + 0.5)
)
LIME_NAMES = st.from_regex(
    r"[A-Za-z][A-Za-z0-9]{0,5}(_[A-Za-z0-9]{1,5})?(\.NAOK|\.shown)?", fullmatch=True
).filter(lambda name: name.lower() not in lime_expressions.WORDS)
JS_NAMES = st.text("abcXYZ09_-. äéß[]#", min_size=1, max_size=12).map(str.strip).filter(bool)
FUNCTIONS = st.sampled_from(["count", "if", "strlen", "sum", "regexMatch"])
SIGNS = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"]


def trees(names: st.SearchStrategy[str], signs: list[str], *, arrays: bool) -> st.SearchStrategy[Expression]:
    """Any tree of a language, a few levels deep."""
    leaves = st.one_of(names.map(Name), NUMBERS.map(Literal), st.text(max_size=8).map(Literal))

    def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        pairs = st.lists(inner, min_size=2, max_size=4).map(tuple)
        kinds: list[st.SearchStrategy[Expression]] = [
            st.builds(Operation, st.sampled_from(signs), inner, inner),
            st.builds(Logic, st.sampled_from(["and", "or"]), pairs),
            inner.map(Negation),
            st.builds(Call, FUNCTIONS, st.lists(inner, max_size=3).map(tuple)),
            inner.map(lambda one: Call("is_empty", (one,))),
        ]
        return st.one_of(
            kinds + ([st.lists(inner, max_size=3).map(lambda n: Array(tuple(n)))] if arrays else [])
        )

    return st.recursive(leaves, grown, max_leaves=12)


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def lime(tree: Expression) -> str:
    """A tree as LimeSurvey writes it, with every pair of parentheses."""
    match tree:
        case Name(path):
            return path
        case Literal(value):
            return quoted(value) if isinstance(value, str) else repr(value)
        case Negation(of):
            return f"!({lime(of)})"
        case Call(name, given_):
            return f"{name}({', '.join(map(lime, given_))})"
        case Operation(op, left, right):
            return f"(({lime(left)}) {'==' if op == '=' else op} ({lime(right)}))"
        case Logic(op, parts):
            return "(" + (" && " if op == "and" else " or ").join(f"({lime(part)})" for part in parts) + ")"
    raise AssertionError(tree)


def surveyjs(tree: Expression) -> str:
    """A tree as SurveyJS writes it."""
    match tree:
        case Name(path):
            return "{" + path + "}"
        case Literal(value):
            return quoted(value) if isinstance(value, str) else repr(value)
        case Negation(Call("is_empty", (one,))):
            return f"(({surveyjs(one)}) notempty)"
        case Negation(of):
            return f"!({surveyjs(of)})"
        case Call("is_empty", (one,)):
            return f"(({surveyjs(one)}) empty)"
        case Call(name, given_):
            return f"{name}({', '.join(map(surveyjs, given_))})"
        case Array(items):
            return "[" + ", ".join(map(surveyjs, items)) + "]"
        case Operation(op, left, right):
            return f"(({surveyjs(left)}) {op} ({surveyjs(right)}))"
        case Logic(op, parts):
            return "(" + f" {op} ".join(f"({surveyjs(part)})" for part in parts) + ")"
    raise AssertionError(tree)


@settings(max_examples=150, deadline=None)
@given(trees(LIME_NAMES, SIGNS, arrays=False))
def test_a_tree_written_for_limesurvey_is_read_as_it_was(tree: Expression) -> None:
    assert lime_expressions.parse(lime(tree)) == tree


@settings(max_examples=150, deadline=None)
@given(trees(JS_NAMES, [*SIGNS, "contains", "anyof", "allof", "%", "^"], arrays=True))
def test_a_tree_written_for_surveyjs_is_read_as_it_was(tree: Expression) -> None:
    assert surveyjs_expressions.parse(surveyjs(tree)) == tree


PIECES = st.sampled_from(
    ["(", ")", "{q}", "q1.NAOK", "==", "=", "&&", " or ", "!", "'", '"', "\\", "1.5", "[", "]", ",", "{",
     "empty", " contains ", "-", "count(", "INSERTANS:1X2X3", "é", "\x00", "🙂", ".", "*=", "<>"]
)  # fmt: skip


def problem(module: ModuleType, text: str) -> str:
    """What a parser says of a text; empty where it can be read."""
    try:
        module.parse(text)
    except ExpressionError as error:
        return str(error)
    return ""


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_no_text_breaks_a_parser(text: str) -> None:
    for module in (lime_expressions, surveyjs_expressions):
        assert problem(module, text) == "" or problem(module, text).startswith("it ")


DEEP = {
    "parentheses": "(" * 900 + "1" + ")" * 900, "nots": "!" * 900 + "1", "signs": "-" * 900 + "1",
    "sums": "1" + "+1" * 400, "calls": "a(" * 400, "quote": "'" + "a" * 9999, "lists": "[" * 900,
    "long": "a" * 20_000, "many": "(" * 9000, "digits": "9" * 5000,
}  # fmt: skip


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_what_is_too_deep_or_too_long_is_refused_in_words(text: str) -> None:
    for module in (lime_expressions, surveyjs_expressions):
        assert problem(module, text).startswith("it ")


def test_a_long_chain_is_not_deep() -> None:
    chain = " and ".join(["a > 1"] * 150)
    assert len(lime_expressions.parse(chain).parts) == 150  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a eq 'x' and b ne 2 or c", "((a == 'x') && (b != 2)) || c"),
        ("1 + 2 * 3 == 7", "(1 + (2 * 3)) == 7"),
        ("a - b - c", "(a - b) - c"),
        ("!a && b", "(!(a)) && b"),
        ('"A1" == Q1.NAOK', "'A1' == Q1.NAOK"),
        ("Q1 lt 5 and Q1 ge 1", "(Q1 < 5) and (Q1 >= 1)"),
    ],
)
def test_limesurvey_reads_operators_in_their_order(text: str, same: str) -> None:
    assert lime_expressions.parse(text) == lime_expressions.parse(same)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("{a} = 1 and {b} = 2 or {c} = 3", "(({a} = 1) and ({b} = 2)) or ({c} = 3)"),
        ("{a} <> 1 && {b} == 'x'", "({a} != 1) and ({b} = 'x')"),
        ("{a} notempty or {b} empty", "!({a} empty) or ({b} empty)"),
        ("{a} notcontains 'x'", "!({a} contains 'x')"),
        ("{a} noneof ['x']", "!({a} anyof ['x'])"),
        ("{a} = item1", "{a} = 'item1'"),
        ("{a} = 18-24", "{a} = '18-24'"),
        ("{a} GREATEROREQUAL 3", "{a} >= 3"),
        ("{a} *= 'x'", "{a} contains 'x'"),
        ("{a} + 2 * 3 > 4", "({a} + (2 * 3)) > 4"),
        ("!{a} or true", "(!({a})) or true"),
    ],
)
def test_surveyjs_reads_operators_in_their_order(text: str, same: str) -> None:
    assert surveyjs_expressions.parse(text) == surveyjs_expressions.parse(same)
