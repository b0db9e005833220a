"""Questions with a field for each part: matrix, ranking, allocation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.asking import ask, listed, problem, says, typed

ROWS, GRADES = listed("Taste", "Price", "Looks", "Smell", "Weight"), listed("Bad", "Good")
TOPICS = listed("Parks", "Roads", "Trees", "Wi-Fi")


def matrix(**settings: Any) -> Any:
    return ask("matrix", rows=ROWS, choices=GRADES, **settings)


def ranking(**settings: Any) -> Any:
    return ask("ranking", choices=TOPICS, **settings)


def allocation(**settings: Any) -> Any:
    return ask("allocation", choices=TOPICS, **settings)


def test_a_matrix_takes_one_answer_a_line() -> None:
    whole = dict.fromkeys("tplsw", "g") | {"p": "b"}
    question = matrix()
    assert question.fields() == tuple(f"q-x.{row}" for row in "tplsw")
    assert question.read(typed(question, **whole)) == whole
    assert question.shown({"t": "g", "p": "b"}, "en") == "Taste: Good\nPrice: Bad"
    assert (question.operand(whole, "p"), question.operand({"t": "g"})) == ("b", ("t",))
    assert question.operand({"t": "g"}, "p") is None


def test_a_matrix_names_the_lines_that_lack_an_answer() -> None:
    question = matrix()
    found = problem(lambda: question.read(typed(question, t="g")))
    assert str(found) == "“Price”, “Looks”, “Smell” and 1 more: Choose an answer here, too."
    assert found.controls == ("q-x.p", "q-x.l", "q-x.s", "q-x.w")
    assert says(lambda: question.read({})) == "Choose one answer in each line."
    assert matrix(optional=True).read(typed(question, t="g", w="b")) == {"t": "g", "w": "b"}
    assert matrix(optional=True).read({}) is None


def test_a_matrix_refuses_what_is_not_offered() -> None:
    question = matrix(optional=True)
    found = problem(lambda: question.read(typed(question, t="x", p="g")))
    assert str(found) == "“Taste”: Choose one of the answers on the list."
    assert found.controls == ("q-x",), "its first control has the id of the question"
    assert "“Taste”: There are 2 answers here" in says(lambda: question.read({"q-x.t": ["b", "g"]}))
    assert question.read({"q-x.unknown": ["g"], "q-x": ["g"]}) is None


def test_words_of_a_matrix_are_seen_by_translators() -> None:
    assert {text["en"] for text in matrix().texts()} >= {"Taste", "Weight", "Bad", "Good"}


@pytest.mark.parametrize(
    ("choices", "is_wide"),
    [(listed(*"ABCDEFG"), True), (listed(*"ABCDEFGH"), False), (listed("A" * 31, "B"), False)],
)
def test_a_matrix_is_a_table_where_its_answers_fit(choices: Any, is_wide: bool) -> None:
    assert ask("matrix", rows=ROWS, choices=choices).is_wide is is_wide


def test_a_ranking_of_all() -> None:
    question = ranking()
    assert question.bounds() == "Give each one a number from 1 to 4. 1 is the one you put first."
    assert question.read(typed(question, p="3", r="1", t=" ٢ ", w="4.")) == ["r", "t", "p", "w"]
    assert question.shown(["r", "t"], "en") == "1. Roads\n2. Trees"
    assert (question.operand(["r", "t"]), question.operand(["r", "t"], "t")) == (("r", "t"), 2)
    assert question.operand(["r", "t"], "w") is None


@pytest.mark.parametrize(
    ("given", "settings", "sentence", "controls"),
    [
        (
            {"p": "1", "r": "1", "t": "2", "w": "3"},
            {},
            "You gave the number 1 to “Parks”, “Roads”.",
            "q-x q-x.r",
        ),
        ({"p": "1", "t": "3"}, {}, "“Roads”, “Wi-Fi”: Give a number here, too.", "q-x.r q-x.w"),
        ({"p": "5"}, {}, "“Parks”: Use a whole number from 1 to 4.", "q-x"),
        ({"r": "first", "w": "0"}, {}, "“Roads”, “Wi-Fi”: Use a whole number", "q-x.r q-x.w"),
        ({"r": "1e309"}, {}, "“Roads”: Use a whole number from 1 to 4.", "q-x.r"),
        ({"r": "1" * 5000}, {}, "“Roads”: Use a whole number from 1 to 4.", "q-x.r"),
        ({"r": "3"}, {"most": 2}, "“Roads”: Use a whole number from 1 to 2.", "q-x.r"),
        ({"r": "3", "t": "1"}, {"most": 3}, "The number 2 is missing. Begin with 1", "q-x.r"),
        ({"r": "2"}, {"most": 2}, "The number 1 is missing. Begin with 1", "q-x.r"),
    ],
)
def test_a_ranking_says_which_numbers_do_not_fit(
    given: dict[str, str], settings: dict[str, Any], sentence: str, controls: str
) -> None:
    question = ranking(**settings)
    found = problem(lambda: question.read(typed(question, **given)))
    assert str(found).startswith(sentence)
    assert found.controls == tuple(controls.split())


def test_a_ranking_of_the_best() -> None:
    question = ranking(most=2)
    assert question.read(typed(question, w="1")) == ["w"]
    assert question.read(typed(question, w="1", p="2")) == ["w", "p"]
    assert question.bounds().startswith("Choose up to 2 and give them the numbers from 1 on.")
    assert ranking(most=1).bounds() == "Choose the one you put first, and give it the number 1."


@given(st.permutations("prtw"))
def test_any_order_is_a_ranking(order: list[str]) -> None:
    question = ranking()
    numbers = {key: str(rank) for rank, key in enumerate(order, start=1)}
    assert question.read(typed(question, **numbers)) == order


def test_rules_may_leave_few_things_to_rank_and_share() -> None:
    left = replace(ranking(most=3), choices=ranking().choices[:2])
    assert left.read(typed(left, p="2", r="1")) == ["r", "p"]
    assert "from 1 to 2" in says(lambda: left.read(typed(left, p="3")))
    share = replace(allocation(), choices=allocation().choices[:1])
    assert share.read(typed(share, p="100")) == {"p": 100}
    none = replace(allocation(), choices=())
    assert none.read({}) is None, "nothing is left to answer"


def test_an_allocation_adds_up() -> None:
    question = allocation(unit={"en": "points"})
    assert question.read(typed(question, p="60", r="٤٠")) == {"p": 60, "r": 40, "t": 0, "w": 0}
    assert question.bounds() == "The numbers must add up to 100 points. An empty field is 0."
    assert question.shown({"p": 60, "r": 40}, "en") == "Parks: 60 points\nRoads: 40 points"
    value = {"p": 60, "r": 40, "t": 0, "w": 0}
    assert (question.operand(value), question.operand(value, "p")) == (("p", "r"), 60)
    assert allocation(total=1_000_000).read(typed(question, p="1,000,000")) == {
        "p": 1_000_000,
        **dict.fromkeys("rtw", 0),
    }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"p": "60"}, "Your numbers add up to 60, and should be 100. 40 are left to share out."),
        ({"p": "60", "r": "60"}, "Your numbers add up to 120, and should be 100. That is 20 too many."),
        ({"p": "0"}, "Your numbers add up to 0, and should be 100. 100 are left to share out."),
        ({"p": "-5", "r": "105"}, "“Parks”, “Roads”: Type a number from 0 to 100."),
        ({"p": "1e309"}, "“Parks”: Type a number in digits, such as 100."),
        ({"p": "half", "r": "1.5"}, "“Parks”: Type a number in digits, such as 100. “Roads”: Type a whole"),
    ],
)  # fmt: skip
def test_an_allocation_says_what_does_not_add_up(given: dict[str, str], sentence: str) -> None:
    question = allocation()
    assert says(lambda: question.read(typed(question, **given))).startswith(sentence)


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4).filter(any))
def test_any_shares_that_add_up_are_taken(shares: list[int]) -> None:
    question = allocation(total=sum(shares))
    value = dict(zip("prtw", shares, strict=True))
    assert question.read(question.as_typed(value)) == value


def test_answers_of_programs_have_the_right_shape() -> None:
    assert "value for each part" in says(lambda: matrix().as_typed(["g"]))
    assert "not in this question" in says(lambda: matrix().as_typed({"z": "g"}))
    assert "each once" in says(lambda: ranking().as_typed(["p", "p"]))
    assert "not in this question" in says(lambda: ranking().as_typed(["z"]))
