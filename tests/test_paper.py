"""A survey on paper: numbers, rules in words, and hints that never lead past a question one is asked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from survey import paper as on_paper
from survey.document import Document, parse
from survey.paper import Paper
from survey.path import follow
from survey.questions import TYPES
from tests import sheets

YES_NO = [{"id": "yes", "label": {"en": "Yes"}}, {"id": "no", "label": {"en": "No"}}]


def paper(questions: list[dict[str, Any]] | None = None, size: int = 12, language: str = "en") -> Paper:
    pages = None if questions is None else [{"id": "p1", "title": None, "questions": questions}]
    return Paper(parse(sheets.document(**({"pages": pages} if pages else {}))), language, size)


def pieces(made: Paper) -> dict[str, on_paper.Piece]:
    return {piece.question.id: piece for part in made.parts for piece in part.pieces}


def test_questions_are_numbered_and_statements_are_not() -> None:
    found = pieces(paper())
    assert found["hello"].number is None
    assert [found[q["id"]].number for q in sheets.QUESTIONS[1:]] == list(range(1, len(sheets.QUESTIONS)))


def test_rules_are_said_by_number() -> None:
    found = pieces(paper())
    assert found["often"].only_if == "Only if question 2 is “Yes”."
    assert found["happy"].only_if == "Only if question 2 is “Yes” and question 4 is answered."


def test_earlier_answers_are_said_by_number() -> None:
    made = paper()
    assert made.say(pieces(made)["happy"].question.label) == (
        "How happy are you with [your answer to question 4]?",
        "en",
    )
    assert made.say({"en": "${nothing} {x}"}) == ("${nothing} {x}", "en")


def test_an_answer_that_leaves_questions_out_says_where_to_go_on() -> None:
    found = pieces(paper())
    # Question 6 depends on two answers, so it is not left out by one alone; question 5 is for everybody.
    assert dict(found["bus"].jumps) == {"no": "Go to question 5"}
    assert dict(found["often"].jumps) == {}


def test_an_answer_after_which_nothing_is_left_leads_to_the_end() -> None:
    questions = [
        {"id": "a", "type": "yes_no", "label": {"en": "A"}},
        {
            "id": "b",
            "type": "short_text",
            "label": {"en": "B"},
            "show_if": {"question": "a", "op": "=", "value": "yes"},
        },
    ]
    assert dict(pieces(paper(questions))["a"].jumps) == {"no": "Go to the end"}


def test_rooms_for_text_grow_with_what_may_be_written() -> None:
    def lines(size: int, **question: Any) -> int:
        made = paper([{"id": "t", "label": {"en": "T"}, **question}], size)
        return made.lines(made.document.questions[0])

    assert lines(12, type="short_text", max_length=20) == 1
    assert lines(12, type="short_text", max_length=200) < lines(18, type="short_text", max_length=200)
    assert lines(12, type="long_text", max_length=50) == 2
    assert lines(12, type="long_text") == on_paper.MOST_LINES[12]


def test_every_type_has_its_boxes() -> None:
    from pathlib import Path

    macros = (Path(__file__).parent.parent / "templates/studio/paper_parts.html").read_text("utf-8")
    assert [name for name in TYPES if f"{{% macro {name}(paper, p) %}}" not in macros] == []
    assert {q["type"] for q in sheets.QUESTIONS} == set(TYPES)


# Hints against the path that the server would take


IDS = [f"q{at}" for at in range(6)]


def leaves(earlier: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    compared = st.fixed_dictionaries(
        {
            "question": st.sampled_from(earlier),
            "op": st.sampled_from(["=", "!="]),
            "value": st.sampled_from(["yes", "no"]),
        }
    )
    return compared | st.fixed_dictionaries({"question": st.sampled_from(earlier), "is": st.just("answered")})


def rules(earlier: list[str]) -> st.SearchStrategy[dict[str, Any] | None]:
    some = st.recursive(
        leaves(earlier),
        lambda inner: (
            st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)})
            | st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)})
            | st.fixed_dictionaries({"not": inner})
        ),
        max_leaves=3,
    )
    return st.none() | some


@st.composite
def surveys(draw: st.DrawFn) -> Document:
    questions = []
    for at, name in enumerate(IDS):
        rule = draw(rules(IDS[:at])) if at else None
        kind: dict[str, Any] = draw(
            st.sampled_from([{"type": "yes_no"}, {"type": "one_choice", "choices": YES_NO}])
        )
        questions.append({"id": name, "label": {"en": name}, "optional": True, "show_if": rule, **kind})
    cut = draw(st.integers(1, 5))
    rule = draw(rules(IDS[:cut]))
    pages = [
        {"id": "p1", "title": None, "questions": questions[:cut]},
        {"id": "p2", "title": None, "questions": questions[cut:], "show_if": rule},
    ]
    return parse(sheets.document(pages=pages))


@given(surveys(), st.lists(st.sampled_from(["yes", "no", ""]), min_size=6, max_size=6))
def test_no_hint_leads_past_a_question_that_is_asked(document: Document, answers: list[str]) -> None:
    typed = {f"q-{name}": [answer] for name, answer in zip(IDS, answers, strict=True)}
    path = follow(document, typed)
    asked = {question.id for question in path.questions}
    found = pieces(Paper(document, "en", 12))
    for name, answer in zip(IDS, answers, strict=True):
        jump = found[name].jumps.get(answer) if name in asked else None
        if jump is None:
            continue
        target = int(jump.split()[-1]) if jump != "Go to the end" else len(IDS) + 1
        skipped = [one for one, piece in found.items() if found[name].number < piece.number < target]  # type: ignore[operator]
        assert skipped
        assert not asked & set(skipped)
