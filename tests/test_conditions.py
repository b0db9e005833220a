"""Rules: what they hold for, what is no rule, and that they are read and written without a change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.conditions import MOST_DEPTH, MOST_LEAVES, OPERATORS, Operand, parse
from survey.questions import DocumentError
from tests.rules import documents_of_rules

SEEN: dict[str, Operand] = {
    "color": "Red",
    "age": 30,
    "likes": ("bus", "tram"),
    "day": "2026-05-31",
    "said": "The Bus is late",
    "none": (),
}


def holds(raw: dict[str, Any]) -> bool:
    return parse(raw).holds(lambda question, part: SEEN.get(f"{question}.{part}" if part else question))


def leaf(question: str, op: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"question": question, "op": op, "value": value, **more}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (leaf("color", "=", " red "), True),
        (leaf("color", "!=", "red"), False),
        (leaf("gone", "=", "red"), False),
        (leaf("gone", "!=", "red"), True),
        (leaf("gone", "<", 5), False),
        (leaf("gone", ">=", 0), False),
        (leaf("gone", "=", 0, of="count"), True),
        (leaf("gone", "<", 1, of="length"), True),
        (leaf("age", ">", 29), True),
        (leaf("age", "=", "30"), True),
        (leaf("age", ">", "thirty"), False),
        (leaf("age", "<=", 30.0), True),
        (leaf("color", ">", 3), False),
        (leaf("likes", "includes", "bus"), True),
        (leaf("likes", "includes", "car"), False),
        (leaf("likes", "=", "bus"), False),
        (leaf("likes", ">=", 2, of="count"), True),
        (leaf("day", "<", "2026-06-01"), True),
        (leaf("day", ">", "2026-06-01"), False),
        (leaf("said", "contains", "bus IS"), True),
        (leaf("likes", "contains", "bus"), False),
        (leaf("said", ">", 14, of="length"), True),
        ({"question": "age", "is": "answered"}, True),
        ({"question": "none", "is": "answered"}, False),
        ({"not": {"question": "gone", "is": "answered"}}, True),
        ({"all": [leaf("age", ">", 1), leaf("age", "<", 2)]}, False),
        ({"any": [leaf("age", ">", 1), leaf("age", "<", 2)]}, True),
        (leaf("age", "=", {"question": "age"}), True),
        (leaf("age", "!=", {"question": "gone"}), True),
        (leaf("age", ">", {"question": "gone"}), False),
    ],
)
def test_what_rules_hold_for(raw: dict[str, Any], expected: bool) -> None:
    assert holds(raw) is expected


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "age > 3",
        {},
        {"all": []},
        {"all": {}},
        {"not": [leaf("a", "=", 1)]},
        {"all": [leaf("a", "=", 1)], "any": []},
        {"question": "a"},
        {"question": "", "is": "answered"},
        {"question": "a b", "is": "answered"},
        {"question": "a", "is": "empty"},
        {"question": "a", "part": "", "is": "answered"},
        leaf("a", "~", 1),
        leaf("a", "=", None),
        leaf("a", "=", True),
        leaf("a", "=", [1]),
        leaf("a", "=", float("inf")),
        leaf("a", "=", float("nan")),
        leaf("a", "=", "x" * 1001),
        leaf("a", "=", "\0"),
        leaf("a", "includes", "b", of="count"),
        leaf("a", "=", 1, of="weight"),
        leaf("a", "=", 1, more=1),
        leaf("a", "=", {"question": "b", "is": "answered"}),
    ],
)
def test_what_is_no_rule_is_refused_in_words(raw: Any) -> None:
    with pytest.raises(DocumentError) as refused:
        parse(raw)
    assert str(refused.value).endswith(".")


def test_rules_have_an_end() -> None:
    deep: dict[str, Any] = leaf("a", "=", 1)
    for _level in range(MOST_DEPTH - 1):
        deep = {"not": deep}
    assert parse(deep)
    with pytest.raises(DocumentError, match="deep"):
        parse({"not": deep})
    bottomless: dict[str, Any] = {}
    bottomless["not"] = bottomless
    with pytest.raises(DocumentError, match="deep"):
        parse(bottomless)
    wide = {"all": [leaf("a", "=", 1)] * 30}
    with pytest.raises(DocumentError, match=str(MOST_LEAVES)):
        parse({"any": [wide, wide]})


@given(documents_of_rules())
def test_a_rule_is_written_as_it_was_read(raw: dict[str, Any]) -> None:
    rule = parse(raw)
    assert parse(rule.to_document()) == rule
    assert rule.questions() == {name for one in rule.leaves() for name in one.questions()}


values = st.none() | st.text(max_size=5) | st.integers(-5, 40) | st.floats() | st.tuples(st.text(max_size=2))


@given(documents_of_rules(), st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), values))
def test_any_rule_can_be_asked_about_any_answers(raw: dict[str, Any], seen: dict[str, Operand]) -> None:
    rule = parse(raw)
    once = rule.holds(lambda question, part: seen.get(question))
    assert (
        parse({"not": raw}).holds(lambda question, part: seen.get(question)) is not once
        if _shallow(raw)
        else True
    )


def _shallow(raw: dict[str, Any]) -> bool:
    return len(str(raw)) < 300


@given(st.sampled_from([op for op in OPERATORS if op not in ("!=",)]), values, values)
def test_an_unanswered_question_fulfils_nothing(op: str, seen: Operand, value: Any) -> None:
    raw = leaf("a", op, {"question": "b"})
    assert parse(raw).holds(lambda question, part: None if question == "a" else seen) is False
