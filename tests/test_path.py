"""The way through a survey, against a second, plain evaluation of the same rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.document import Document, parse
from survey.path import END, ISOLATE, MOST_PIPED, UNANSWERED, follow
from survey.screens import MOST_FIELDS
from tests.rules import IDS, documents_of_rules

CHOICES = [{"id": id, "label": {"en": id.upper()}} for id in ("x", "y", "z")]


def text(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": "short_text", "label": {"en": f"{id}?"}, "optional": True, **more}


def chosen(id: str, **more: Any) -> dict[str, Any]:
    return {**text(id), "type": "one_choice", "choices": CHOICES, **more}


def several(id: str, **more: Any) -> dict[str, Any]:
    return {**text(id), "type": "several_choices", "choices": CHOICES, **more}


def survey(
    *pages: list[dict[str, Any]], layout: str = "question", rules: dict[int, Any] | None = None
) -> Document:
    """A survey of these pages, some with rules, by number from 0."""
    made = [
        {"id": f"p{at}", "title": None, "questions": page, "show_if": (rules or {}).get(at)}
        for at, page in enumerate(pages)
    ]
    return parse({"title": {"en": "T"}, "languages": ["en"], "layout": layout, "pages": made})


def shown(document: Document, typed: dict[str, list[str]]) -> list[list[str]]:
    return [[q.id for q in stop.screen.questions] for stop in follow(document, typed).stops]


IS_X = {"question": "a", "op": "=", "value": "x"}


def test_a_question_is_asked_when_its_rule_holds() -> None:
    document = survey([chosen("a"), text("b", show_if=IS_X), text("c")])
    assert shown(document, {}) == [["a"], ["c"]]
    assert shown(document, {"q-a": ["x"]}) == [["a"], ["b"], ["c"]]
    assert [stop.number for stop in follow(document, {}).stops] == [1, 3]


def test_what_is_hidden_is_kept_but_neither_sent_nor_seen_by_rules() -> None:
    document = survey(
        [chosen("a"), text("b", show_if=IS_X), text("c", show_if={"question": "b", "is": "answered"})]
    )
    typed = {"q-a": ["y"], "q-b": ["kept"], "q-c": [""]}
    path = follow(document, typed)
    assert (path.answers, [q.id for q in path.dropped]) == ({"a": "y"}, ["b"])
    assert shown(document, typed) == [["a"]]
    assert follow(document, typed | {"q-a": ["x"]}).answers == {"a": "x", "b": "kept"}


def test_pages_and_choices_have_rules_too() -> None:
    choices = [{**CHOICES[0], "show_if": IS_X}, CHOICES[1]]
    document = survey([chosen("a")], [several("b", choices=choices)], [text("c")], rules={2: IS_X})
    assert shown(document, {"q-a": ["y"]}) == [["a"], ["b"]]
    assert follow(document, {"q-a": ["x"], "q-b": ["x", "y"]}).answers["b"] == ["x", "y"]
    wrong = follow(document, {"q-a": ["y"], "q-b": ["x"]})
    assert wrong.problems.keys() == {"b"}


def test_a_question_without_a_choice_left_is_passed_by() -> None:
    document = survey([chosen("a"), chosen("b", choices=[{**CHOICES[0], "show_if": IS_X}])])
    assert shown(document, {}) == [["a"]]


def test_one_page_becomes_more_where_an_answer_is_needed_first() -> None:
    document = survey(
        [chosen("a"), text("b"), text("c", show_if=IS_X)],
        [text("d", label={"en": "So ${c}?"})],
        layout="page",
    )
    assert [[q.id for q in screen.questions] for screen in document.screens] == [["a", "b"], ["c"], ["d"]]
    assert shown(document, {}) == [["a", "b"], ["d"]]


def test_no_form_has_more_fields_than_a_request_may_hold() -> None:
    many = [text(f"q{n}") for n in range(MOST_FIELDS * 2 + 1)]
    document = survey(many, layout="page")
    assert [len(screen.fields) for screen in document.screens] == [MOST_FIELDS, MOST_FIELDS, 1]


def test_without_rules_nothing_is_read_to_know_the_way() -> None:
    path = follow(survey([text("a"), text("b")]), {"q-a": ["x"]})
    assert len(path.stops) == 2
    assert "walked" not in vars(path)


def test_where_to_go_on() -> None:
    hello = {"id": "hello", "type": "statement", "label": {"en": "Hello"}}
    document = survey([hello, chosen("a"), text("b", show_if=IS_X), {**hello, "id": "end"}])
    assert follow(document, {}).first_open() == follow(document, {}).at(1)
    left = follow(document, {"q-a": ["x"]}).first_open()
    assert left is not None
    assert left.number == 3
    assert follow(document, {"q-a": ["y"]}).first_open() is None


def piped(words: str, typed: dict[str, list[str]], **more: Any) -> str:
    document = survey([chosen("a", code="Name 1" if "code" in more else None), text("b"), text("c")])
    return follow(document, typed).fill(words, "en")


def test_earlier_answers_stand_in_later_words() -> None:
    assert piped("So ${a}!", {"q-a": ["x"]}) == f"So {ISOLATE}X{END}!"
    assert piped("So ${a}!", {}) == f"So {UNANSWERED}!"
    assert piped("${nobody} ${a", {}) == "${nobody} ${a"
    long = piped("${b}", {"q-b": ["x" * 200 + "\u202e"]})
    assert len(long) <= MOST_PIPED + 2


# The reference: recursive, over dictionaries, written without looking at the code under test.


def expected(raw: dict[str, Any], seen: dict[str, Any]) -> bool:
    if "all" in raw:
        return not [part for part in raw["all"] if not expected(part, seen)]
    if "any" in raw:
        return bool([part for part in raw["any"] if expected(part, seen)])
    if "not" in raw:
        return not expected(raw["not"], seen)
    mine = seen.get(raw["question"])
    if "is" in raw:
        return mine is not None
    other = raw["value"]
    if isinstance(other, dict):
        other = seen.get(other["question"])
    if raw.get("of") == "count":
        mine = 0 if mine is None else len(mine) if isinstance(mine, list) else 1
    if raw.get("of") == "length":
        mine = 0 if mine is None or isinstance(mine, list) else len(str(mine))
    return compared(raw["op"], mine, other)


def compared(op: str, mine: Any, other: Any) -> bool:
    if op == "!=":
        return not compared("=", mine, other)
    if mine is None or other is None:
        return False
    lists = isinstance(mine, list) or isinstance(other, list)
    if op == "=" and lists:
        return as_list(mine) == as_list(other)
    if op == "includes":
        return str(other) in as_list(mine)
    if op == "contains":
        return isinstance(mine, str) and str(other).strip().casefold() in mine.casefold()
    if lists:
        return False
    if isinstance(mine, int | float) or isinstance(other, int | float):
        one, two = as_number(mine), as_number(other)
        if one is None or two is None:
            return False
    elif op == "=":
        one, two = mine.strip().casefold(), other.strip().casefold()
    else:
        one, two = mine, other
    return {"=": one == two, "<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two}[op]


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


def as_number(value: Any) -> float | None:
    if isinstance(value, int | float):
        return value
    plain = value.strip()
    sign = plain.lstrip("+-")
    try:
        return float(value) if sign[:1].isdecimal() else None
    except ValueError:
        return None


KINDS = {"a": chosen, "b": several, "c": text, "d": text}
typed_values = {
    "a": st.sampled_from([[], ["x"], ["y"], ["z"]]),
    "b": st.lists(st.sampled_from(["x", "y", "z"]), unique=True).map(sorted),
    "c": st.sampled_from([[], ["x"], ["7"], [" X "], ["what"]]),
    "d": st.sampled_from([[], ["y"], ["-3"], ["42"]]),
}


@given(st.data())
def test_the_path_is_that_of_the_reference(data: st.DataObject) -> None:
    rules = {id: data.draw(st.none() | documents_of_rules()) for id in IDS}
    page_rules = {1: data.draw(st.none() | documents_of_rules())}
    layout = data.draw(st.sampled_from(["question", "pages", "page"]))
    asked = [KINDS[id](id, show_if=rules[id]) for id in IDS]
    document = survey(asked[:2], asked[2:], layout=layout, rules=page_rules)
    typed = {f"q-{id}": data.draw(typed_values[id]) for id in IDS}

    seen: dict[str, Any] = {}
    visible = []
    second = True
    for at, id in enumerate(IDS):
        if at == 2:
            second = page_rules[1] is None or expected(page_rules[1], seen)
        rule = rules[id]
        if (at < 2 or second) and (rule is None or expected(rule, seen)):
            visible.append(id)
            values = typed[f"q-{id}"]
            if values:
                seen[id] = values if id == "b" else values[0]
    path = follow(document, typed)
    assert [q.id for q in path.questions] == visible
    assert path.answers == seen
    assert {q.id for q in path.dropped} == {id for id in IDS if id not in visible and typed[f"q-{id}"]}


@pytest.mark.parametrize("layout", ["question", "pages", "page"])
def test_every_layout_asks_the_same_in_the_same_order(layout: str) -> None:
    document = survey([chosen("a"), text("b", show_if=IS_X)], [text("c")], layout=layout)
    assert [q.id for q in follow(document, {"q-a": ["x"]}).questions] == ["a", "b", "c"]
