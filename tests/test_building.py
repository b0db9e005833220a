"""The builder: whatever is done in whatever order, the draft stays a document and nothing gets lost."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import building
from survey.document import Document, parse
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
    assert ids(building.restore(building.remove_page(after, "p2"), removed)) == [["q1", "q2"]]


def test_questions_of_a_removed_page_stay_in_order() -> None:
    assert ids(building.remove_page(draft(2, 2), "p2")) == [["q1", "q2", "q3", "q4"]]
    assert ids(building.remove_page(draft(2, 2), "p1")) == [["q1", "q2", "q3", "q4"]]
    with pytest.raises(Refusal):
        building.remove_page(draft(1), "p1")


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
    for number in (1, 2):
        document = building.add(document, "p1", ShortText(id=f"n{number}", label={"en": "More"}))
    with pytest.raises(Refusal, match="at most 200"):
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
    "remove page": lambda d, n, m: building.remove_page(d, _page_at(d, n)),
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
        before = {q.id: q for q in document.questions}
        try:
            document = STEPS[name](document, n, m)
        except Refusal:
            continue
        now = {q.id: q for q in document.questions}
        assert len(now) == len(document.questions), "an id came twice"
        assert {key: now[key] for key in before} == before, "a question was lost or changed"
        assert len(now) - len(before) == (name in ("add", "copy"))
        assert parse(document.to_dict()) == document
