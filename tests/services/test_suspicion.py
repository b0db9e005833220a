"""Signs of a program: what is set apart, and what never is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.document import parse
from survey.services import suspicion
from survey.services.live import LiveSurvey
from survey.services.suspicion import Signs, Tally, least_seconds, reason
from tests.services.answering import document

PERSON: dict[str, Any] = {"seconds": 60, "least": 3, "trapped": False, "network": "198.51.100.7", "many": 5}
ANSWERS = {"ease": "easy"}
LONG = {"better": "Please bring the night bus back."}


def survey(questions: list[dict[str, Any]] | None = None, number: int = 1) -> LiveSurvey:
    raw = parse(document(questions=questions))
    return LiveSurvey(number, "s", 1, 1, raw, "anonymous", "open", None, None, None, False, "it-plan")


def judge(counts: Tally, answers: dict[str, Any], number: int = 1, **signs: Any) -> str | None:
    return reason(survey(number=number), answers, Signs(**{**PERSON, **signs}), counts)


@pytest.fixture
def counts() -> Tally:
    return Tally()


def test_a_person_is_let_through(counts: Tally) -> None:
    assert judge(counts, ANSWERS) is None


def test_the_hidden_field_and_haste_are_noticed(counts: Tally) -> None:
    assert judge(counts, ANSWERS, trapped=True) == "hidden_field"
    assert judge(counts, ANSWERS, seconds=2) == "quick"
    assert judge(counts, ANSWERS, seconds=3) is None
    assert judge(counts, ANSWERS, seconds=0, least=0) is None


@given(st.integers(0, 3000), st.integers(1, 60))
def test_haste_is_never_more_than_half_a_second_an_answer(answers: int, least: int) -> None:
    assert least <= least_seconds(least, answers) <= max(least, answers / 2, 0)
    assert least_seconds(least, answers) <= max(least, 30)


def test_a_library_is_set_apart_only_beyond_its_number_and_only_there(counts: Tally) -> None:
    said = [judge(counts, {"ease": str(n)}) for n in range(7)]
    assert said == [None] * 5 + ["many"] * 2
    assert judge(counts, ANSWERS, network="203.0.113.9") is None
    assert judge(counts, ANSWERS, number=2) is None, "another survey counts for itself"


def test_the_same_long_text_is_noticed_from_anywhere(counts: Tally) -> None:
    said = [judge(counts, LONG, network=f"203.0.113.{n}") for n in range(4)]
    assert said == [None, None, "same", "same"]


def test_the_same_few_ticks_are_no_sign(counts: Tally) -> None:
    assert {judge(counts, ANSWERS, network=f"203.0.113.{n}") for n in range(50)} == {None}


def test_many_same_ticks_from_one_network_are_a_sign(counts: Tally) -> None:
    choices = [{"id": "a-choice-with-a-long-name-of-its-own", "label": {"en": "A"}}]
    many = [
        {"id": f"t{n}", "type": "one_choice", "label": {"en": "?"}, "choices": choices} for n in range(12)
    ]
    answers = {f"t{n}": "a-choice-with-a-long-name-of-its-own" for n in range(12)}
    asked = survey(many)
    home = Signs(**{**PERSON, "many": 99})
    assert [reason(asked, answers, home, counts) for _ in range(3)] == [None, None, "same"]
    for n in range(9):
        away = Signs(**{**PERSON, "network": f"203.0.113.{n}"})
        assert reason(asked, answers, away, counts) is None


def test_counts_end_with_the_hour_and_do_not_grow_without_end(
    counts: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [counts.count("a") for _ in range(3)] == [1, 2, 3]
    key = counts._key
    monkeypatch.setattr(suspicion.time, "time", lambda: 10**9)
    assert counts.count("a") == 1
    assert counts._key != key
    monkeypatch.setattr(suspicion, "MOST_COUNTED", 10)
    for n in range(100):
        counts.count("b", n)
    assert len(counts._counts) <= 10
