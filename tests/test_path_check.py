"""The path checker: it names what cannot work, and claims nothing that is not so."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.path import follow
from survey.path_check import findings
from tests.rules import documents_of_rules
from tests.test_path import CHOICES, IS_X, chosen, several, survey, text

NUMBER = {"type": "number", "min": 0, "max": 10}
IDS = ["a", "b", "c", "d"]


def told(*pages: list[dict[str, Any]], rules: dict[int, Any] | None = None) -> list[tuple[str, bool]]:
    return [(one.text, one.must) for one in findings(survey(*pages, rules=rules))]


def leaf(question: str, op: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"question": question, "op": op, "value": value, **more}


def test_rules_that_work_are_left_alone() -> None:
    assert told([chosen("a"), text("b", show_if=IS_X)], [text("c")], rules={1: IS_X}) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (leaf("gone", "=", "x"), "not there any more"),
        (leaf("c", "=", "x"), "later question"),
        (leaf("b", "=", "x"), "circle"),
        (leaf("a", "=", "w"), "not offered any more"),
        (leaf("hello", "=", "w"), "has no answer"),
        (leaf("a", "=", {"question": "c"}), "later question"),
        (leaf("a", "=", "x", part="row"), "part of a question that is gone"),
    ],
)
def test_rules_that_cannot_work_stop_publishing(rule: dict[str, Any], words: str) -> None:
    hello = {"id": "hello", "type": "statement", "label": {"en": "Hello"}}
    ((said, must),) = told([hello, chosen("a"), text("b", show_if=rule), text("c")])
    assert words in said
    assert must


def test_a_circle_is_told_with_its_stations() -> None:
    ring = [
        text("a", show_if={"question": "b", "is": "answered"}),
        text("b", show_if=leaf("c", "=", "x")),
        text("c", show_if=IS_X),
    ]
    said = [words for words, _must in told(ring) if "circle" in words]
    assert any("“a?” → “b?” → “c?” → “a?”" in words for words in said)


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [leaf("a", "=", "x"), leaf("a", "=", "y")]},
        {"all": [leaf("n", ">", 3), leaf("n", "<", 4)]},
        leaf("n", ">", 10),
        leaf("b", ">", 3, of="count"),
        {"all": [leaf("b", "includes", "x"), leaf("b", "=", 0, of="count")]},
        {"all": [leaf("a", "=", "x"), {"not": {"question": "a", "is": "answered"}}]},
        leaf("n", "=", "ten"),
    ],
)
def test_what_nobody_reaches_is_told(rule: dict[str, Any]) -> None:
    number = {**text("n"), **NUMBER}
    ((said, must),) = told([chosen("a"), several("b"), number, text("end", show_if=rule)])
    assert "nobody would be asked" in said
    assert not must


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [leaf("n", ">", 3), leaf("n", "<", 5)]},
        {"all": [leaf("b", "includes", "x"), leaf("b", "=", 3, of="count")]},
        leaf("n", "=", {"question": "n2"}),
        {"all": [leaf("t", "contains", "bus"), leaf("t", ">", 20, of="length")]},
        {"all": [leaf("t", "contains", "bus"), leaf("t", "contains", "tram")]},
        {"not": {"question": "t", "is": "answered"}},
        {"all": [leaf("t", ">", 10), leaf("t", "<", 12)]},
    ],
)
def test_what_somebody_reaches_is_not_told(rule: dict[str, Any]) -> None:
    number, other = {**text("n"), **NUMBER}, {**text("n2"), **NUMBER}
    assert told([several("b"), number, other, text("t"), text("end", show_if=rule)]) == []


def test_a_dead_page_is_told_once_and_not_for_each_question() -> None:
    never = {"all": [leaf("a", "=", "x"), leaf("a", "=", "y")]}
    inner = text("b", show_if=IS_X)
    ((said, _must),) = told([chosen("a")], [inner, text("c")], rules={1: never})
    assert "nobody would see this page" in said


def test_a_rule_on_an_unreachable_answer_is_unreachable() -> None:
    never = {"all": [leaf("a", "=", "x"), leaf("a", "=", "y")]}
    said = told([chosen("a"), chosen("b", show_if=never), text("c", show_if=leaf("b", "=", "x"))])
    assert len(said) == 2


def test_a_choice_nobody_is_offered_is_told() -> None:
    never = {"all": [leaf("a", "=", "x"), leaf("a", "=", "y")]}
    choices = [{**CHOICES[0], "show_if": never}, CHOICES[1]]
    ((said, _must),) = told([chosen("a"), chosen("b", choices=choices)])
    assert "nobody would be offered it" in said


def test_too_many_ways_claim_nothing() -> None:
    texts = [
        several(f"b{n}", choices=[{"id": f"c{m}", "label": {"en": "C"}} for m in range(12)]) for n in range(8)
    ]
    rule = {"all": [leaf(f"b{n}", ">", 12, of="count") for n in range(8)]}
    assert told([*texts, text("end", show_if=rule)]) == []


VALUES = {
    "a": [[], ["x"], ["y"], ["z"]],
    "b": [[], *([[c] for c in "xyz"]), ["x", "y"], ["x", "z"], ["y", "z"], ["x", "y", "z"]],
}


@settings(max_examples=60)
@given(st.data())
def test_choices_are_checked_exactly(data: st.DataObject) -> None:
    rule = st.none() | documents_of_rules(["a", "b"])
    asked = [
        chosen("a"),
        several("b", show_if=data.draw(st.none() | documents_of_rules(["a"]))),
        chosen("c", show_if=data.draw(rule)),
        text("d", show_if=data.draw(st.none() | documents_of_rules(["a", "b", "c"]))),
    ]
    document = survey(asked)
    found = findings(document)
    if any(one.must for one in found):
        return
    typed = [
        dict(zip(("q-a", "q-b", "q-c"), values, strict=True))
        for values in product(VALUES["a"], VALUES["b"], VALUES["a"])
    ]
    reached = {q.id for one in typed for q in follow(document, one).questions}
    assert {one.place.id for one in found} == set(IDS) - reached
