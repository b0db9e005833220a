"""The builder: whatever is done in whatever order, the draft stays a document and nothing gets lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import building, conditions
from survey.document import MOST_QUESTIONS, Document, parse
from survey.errors import NotFound, Refusal
from survey.questions import ShortText, from_document


def draft(*pages: int) -> Document:
    """A document with that many questions on its pages, named q1, q2, ... in order."""
    numbers = iter(range(1, 500))
    plain = [
        {"id": f"p{at}", "title": None, "questions": [question(next(numbers)) for _ in range(count)]}
        for at, count in enumerate(pages, start=1)
    ]
    return parse({"title": {"en": "T"}, "languages": ["en"], "pages": plain})


def question(number: int) -> dict[str, object]:
    return {"id": f"q{number}", "type": "short_text", "label": {"en": f"Question {number}"}}


def ids(document: Document) -> list[list[str]]:
    return [[q.id for q in page.questions] for page in document.pages]


@pytest.mark.parametrize(
    ("one", "step", "after"),
    [
        ("q1", 1, [["q2", "q1"], ["q3"]]),
        ("q2", -1, [["q2", "q1"], ["q3"]]),
        ("q2", 1, [["q1"], ["q2", "q3"]]),
        ("q3", -1, [["q1", "q2", "q3"], []]),
    ],
)
def test_moving_goes_over_the_edge_of_a_page(one: str, step: int, after: list[list[str]]) -> None:
    assert ids(building.move(draft(2, 1), one, step)) == after


def test_moving_at_the_ends_is_refused() -> None:
    with pytest.raises(Refusal):
        building.move(draft(1, 1), "q1", -1)
    with pytest.raises(Refusal):
        building.move(draft(1, 1), "q2", 1)


def test_a_removed_question_comes_back_where_it_stood() -> None:
    before = draft(3, 1)
    after, removed = building.remove(before, "q2")
    assert ids(after) == [["q1", "q3"], ["q4"]]
    again = building.Removed.from_dict(json.loads(json.dumps(removed.to_dict())))
    assert building.restore(after, again) == before
    with pytest.raises(Refusal, match="back already"):
        building.restore(before, removed)


def test_a_removed_question_comes_back_though_its_page_is_gone() -> None:
    after, removed = building.remove(draft(1, 1), "q2")
    assert ids(building.restore(building.remove_page(after, "p2")[0], removed)) == [["q1", "q2"]]


def test_questions_of_a_removed_page_stay_in_order() -> None:
    assert ids(building.remove_page(draft(2, 2), "p2")[0]) == [["q1", "q2", "q3", "q4"]]
    assert ids(building.remove_page(draft(2, 2), "p1")[0]) == [["q1", "q2", "q3", "q4"]]
    assert ids(building.remove_page(draft(2, 2), "p1", with_questions=True)[0]) == [["q3", "q4"]]
    with pytest.raises(Refusal):
        building.remove_page(draft(1), "p1")


@pytest.mark.parametrize("with_questions", [True, False])
def test_a_removed_page_comes_back_where_it_stood(with_questions: bool) -> None:
    before = building.rename_page(draft(2, 2, 1), "p2", {"en": "Middle"})
    after, removed = building.remove_page(before, "p2", with_questions=with_questions)
    again = building.RemovedPage.from_dict(json.loads(json.dumps(removed.to_dict())))
    assert building.restore_page(after, again) == before
    with pytest.raises(Refusal, match="back already"):
        building.restore_page(before, removed)


def test_a_removed_page_comes_back_with_what_its_questions_are_by_now() -> None:
    after, removed = building.remove_page(draft(1, 2), "p2")
    after, _gone = building.remove(after, "q2")
    changed = building.change(after, ShortText(id="q3", label={"en": "Other words"}))
    document = building.restore_page(changed, removed)
    assert ids(document) == [["q1"], ["q3"]]
    assert document.pages[1].questions[0].label == {"en": "Other words"}


ASKED = {"question": "q1", "is": "answered"}


def with_rules(*rules: object) -> Document:
    """Three pages of one question; each page has the rule of its place, or none."""
    raw = draft(1, 1, 1).to_dict()
    for page, rule in zip(raw["pages"], rules, strict=True):
        page["show_if"] = rule
    return parse(raw)


def test_the_rule_of_a_removed_page_goes_with_its_questions_and_leaves_them_again() -> None:
    before = with_rules(None, ASKED, None)
    own = {"question": "q1", "op": "=", "value": "x"}
    question = replace(building.question_of(before, "q2"), show_if=conditions.parse(own))
    before = building.change(before, question)
    after, removed = building.remove_page(before, "p2")
    rule = building.question_of(after, "q2").show_if
    assert rule is not None
    assert rule.to_document() == {"all": [ASKED, own]}
    assert building.restore_page(after, removed) == before


def test_questions_never_come_under_a_rule_that_they_did_not_have() -> None:
    after, _removed = building.remove_page(with_rules(ASKED, None, None), "p2")
    assert ids(after) == [["q1"], ["q2", "q3"]], "not to the page before, which has a rule"
    same, _removed = building.remove_page(with_rules(None, ASKED, ASKED), "p3")
    assert building.question_of(same, "q3").show_if is None, "its new page has the rule already"
    other = {"not": ASKED}
    with pytest.raises(Refusal, match="shown only to some"):
        building.remove_page(with_rules(ASKED, None, other), "p2")
    after, removed = building.remove_page(with_rules(ASKED, None, other), "p2", with_questions=True)
    assert ids(after) == [["q1"], ["q3"]]
    assert building.restore_page(after, removed) == with_rules(ASKED, None, other)


def test_pages_move_with_their_questions() -> None:
    assert ids(building.move_page(draft(1, 2, 1), "p2", -1)) == [["q2", "q3"], ["q1"], ["q4"]]
    assert ids(building.move_page(draft(1, 2, 1), "p2", 1)) == [["q1"], ["q4"], ["q2", "q3"]]
    for page_id, step in (("p1", -1), ("p3", 1)):
        with pytest.raises(Refusal, match="at the end"):
            building.move_page(draft(1, 2, 1), page_id, step)


def test_a_copied_page_speaks_of_its_own_questions() -> None:
    raw = draft(1, 3).to_dict()
    _q1, (q2, q3, q4) = raw["pages"][0]["questions"][0], raw["pages"][1]["questions"]
    q2["code"] = "name"
    q3["label"] = {"en": "Why, ${name}? Or ${q2}? You said ${q1}."}
    q4["show_if"] = {"all": [ASKED, {"not": {"question": "q3", "op": "=", "value": {"question": "q2"}}}]}
    document, twin = building.copy_page(parse(raw), "p2")
    assert [len(page.questions) for page in document.pages] == [1, 3, 3]
    one, two, three = twin.questions
    assert len({q.id for q in document.questions}) == 7
    assert one.code is None, "a name in data files belongs to one question"
    assert two.label == {"en": f"Why, ${{{one.id}}}? Or ${{{one.id}}}? You said ${{q1}}."}
    assert three.show_if is not None
    assert three.show_if.to_document() == {
        "all": [ASKED, {"not": {"question": two.id, "op": "=", "value": {"question": one.id}}}]
    }
    assert parse(document.to_dict()) == document


def test_a_copied_question_has_no_name_in_data_files_of_its_own() -> None:
    raw = draft(1).to_dict()
    raw["pages"][0]["questions"][0]["code"] = "age"
    document, twin = building.copy(parse(raw), "q1")
    assert twin.code is None
    assert parse(document.to_dict()) == document


def test_a_copy_has_an_id_of_its_own_and_stands_behind() -> None:
    document, twin = building.copy(draft(2), "q1")
    assert ids(document) == [["q1", twin.id, "q2"]]
    assert twin.label == {"en": "Question 1"}


def test_what_is_not_there_is_not_found() -> None:
    for attempt in (building.question_of, building.copy, building.remove):
        with pytest.raises(NotFound):
            attempt(draft(1), "q9")
    with pytest.raises(NotFound):
        building.move_to_page(draft(1), "q1", "p9")


def test_there_is_an_end_to_questions() -> None:
    document = draft(99, 99)
    for number in range(MOST_QUESTIONS - 198):
        document = building.add(document, "p1", ShortText(id=f"n{number}", label={"en": "More"}))
    with pytest.raises(Refusal, match="at most 1000"):
        building.copy(document, "q1")


Step = Callable[[Document, int, int], Document]


def _question_at(document: Document, number: int) -> str:
    return document.questions[number % len(document.questions)].id


def _page_at(document: Document, number: int) -> str:
    return document.pages[number % len(document.pages)].id


STEPS: dict[str, Step] = {
    "add": lambda d, n, m: building.add(
        d, _page_at(d, n), from_document({**question(1), "id": building.new_id("q")})
    ),
    "copy": lambda d, n, m: building.copy(d, _question_at(d, n))[0],
    "move": lambda d, n, m: building.move(d, _question_at(d, n), 1 if m % 2 else -1),
    "to page": lambda d, n, m: building.move_to_page(d, _question_at(d, n), _page_at(d, m)),
    "remove and restore": lambda d, n, m: building.restore(*building.remove(d, _question_at(d, n))),
    "add page": lambda d, n, m: building.add_page(d),
    "remove page": lambda d, n, m: building.remove_page(d, _page_at(d, n))[0],
    "remove and restore page": lambda d, n, m: building.restore_page(
        *building.remove_page(d, _page_at(d, n), with_questions=bool(m % 2))
    ),
    "move page": lambda d, n, m: building.move_page(d, _page_at(d, n), 1 if m % 2 else -1),
    "copy page": lambda d, n, m: building.copy_page(d, _page_at(d, n))[0],
    "rename page": lambda d, n, m: building.rename_page(d, _page_at(d, n), {"en": f"Page {m}"}),
}


@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 50), st.integers(0, 50)), max_size=15)
)
def test_any_sequence_of_steps_leaves_a_document_with_the_same_questions(
    steps: list[tuple[str, int, int]],
) -> None:
    document = draft(2, 1)
    for name, n, m in steps:
        earlier, before = document, {q.id: q for q in document.questions}
        try:
            document = STEPS[name](document, n, m)
        except Refusal:
            continue
        now = {q.id: q for q in document.questions}
        assert len(now) == len(document.questions), "an id came twice"
        assert {key: now[key] for key in before} == before, "a question was lost or changed"
        if name == "copy page":
            assert len(now) - len(before) == len(earlier.pages[n % len(earlier.pages)].questions)
        else:
            assert len(now) - len(before) == (name in ("add", "copy"))
        if "restore" in name:
            assert document == earlier, "putting back is not the same as never taking out"
        assert parse(document.to_dict()) == document
