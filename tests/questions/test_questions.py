"""Every type of question: from document to answer and back, and what it says when an answer will not do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import questions
from survey.questions import TYPES, DocumentError, Problem

LABEL = {"en": "What do you think?", "es": "¿Qué piensa?"}
CHOICES = [{"id": "a", "label": {"en": "Apples", "es": "Manzanas"}}, {"id": "b", "label": {"en": "Pears"}}]
LEAST: dict[str, dict[str, Any]] = {
    "statement": {},
    "short_text": {},
    "long_text": {},
    "one_choice": {"choices": CHOICES},
    "several_choices": {"choices": CHOICES},
    "scale": {"low": {"en": "Bad"}, "high": {"en": "Good"}},
    "number": {},
    "date": {},
}
EVERY_TYPE = pytest.mark.parametrize("kind", TYPES)
ANSWERABLE = pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "statement"])


def make(kind: str, **settings: Any) -> questions.Question:
    return questions.from_document({"id": "x", "type": kind, "label": LABEL, **LEAST[kind], **settings})


def read(question: questions.Question, *values: str) -> Any:
    return question.read({question.field: list(values)})


def says(task: Callable[[], object]) -> str:
    with pytest.raises((Problem, DocumentError)) as caught:
        task()
    return str(caught.value)


def test_every_type_is_there() -> None:
    assert list(LEAST) == list(TYPES)


@EVERY_TYPE
def test_a_document_comes_back_as_it_was(kind: str) -> None:
    question = make(kind)
    assert questions.from_document(question.to_document()) == question
    assert question.to_document()["type"] == kind


@EVERY_TYPE
def test_settings_described_to_the_builder_are_those_of_the_document(kind: str) -> None:
    question = make(kind)
    keys = question.to_document().keys() - {"id", "type", "label", "help", "optional"}
    assert keys == {setting.name for setting in question.SETTINGS}
    assert all(str(setting.label) for setting in question.SETTINGS)
    assert str(question.NAME)


@EVERY_TYPE
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"label": {}}, "Write the text"),
        ({"label": {"en": "  "}}, "Write the text"),
        ({"label": "text"}, "one text a language"),
        ({"label": {"en": 5}}, "one text a language"),
        ({"label": {"english!": "x"}}, "language codes"),
        ({"label": {"en": "x" * 501}}, "at most 500"),
        ({"label": {"en": "a\0b"}}, "cannot be stored"),
        ({"help": {"en": "\ud800"}}, "cannot be stored"),
        ({"optional": "yes"}, "true or false"),
        ({"optional": None}, "Fill it in"),
        ({"id": "no spaces"}, "An id needs"),
        ({"id": 7}, "An id needs"),
        ({"id": "x" * 41}, "An id needs"),
        ({"colour": "red"}, "“colour” is not a setting"),
    ],
)
def test_a_wrong_document_is_refused_by_name(kind: str, change: dict[str, Any], sentence: str) -> None:
    message = says(lambda: make(kind, **change))
    assert message.startswith("Question “")
    assert sentence in message


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"type": "essay"}, {"type": ["scale"]}])
def test_what_is_no_question_is_refused(raw: Any) -> None:
    with pytest.raises(DocumentError):
        questions.from_document(raw)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("short_text", {"max_length": 0}),
        ("short_text", {"max_length": True}),
        ("long_text", {"max_length": 5001}),
        ("long_text", {"prompt_kind": "wish"}),
        ("long_text", {"prompt_id": "1"}),
        ("one_choice", {"choices": []}),
        ("one_choice", {"choices": "ab"}),
        ("one_choice", {"choices": [{"id": "a"}]}),
        ("one_choice", {"choices": [{"id": "a", "label": {"en": "x"}, "weight": 1}]}),
        ("one_choice", {"choices": [{"id": "a", "label": {"en": "x"}}] * 2}),
        ("several_choices", {"min": 3}),
        ("several_choices", {"min": 2, "max": 1}),
        ("scale", {"points": 1}),
        ("scale", {"points": 12}),
        ("scale", {"low": None}),
        ("number", {"min": 2, "max": 1}),
        ("number", {"min": float("nan")}),
        ("number", {"min": 10**400}),
        ("number", {"max": float("inf")}),
        ("number", {"decimals": 7}),
        ("date", {"earliest": "2026-02-30"}),
        ("date", {"earliest": "2026-01-02", "latest": "2026-01-01"}),
    ],
)
def test_settings_out_of_range_are_refused(kind: str, settings: dict[str, Any]) -> None:
    assert "What do you think?" in says(lambda: make(kind, **settings))


@ANSWERABLE
def test_no_answer_is_none_or_asked_for(kind: str) -> None:
    assert make(kind, optional=True).read({}) is None
    assert make(kind, optional=True).shown(None, "en") == ""
    assert make(kind).fields()
    sentence = says(lambda: make(kind).read({}))
    assert sentence.endswith(".")
    assert "invalid" not in sentence.lower()


def test_a_statement_asks_for_nothing() -> None:
    assert make("statement").fields() == ()
    assert make("statement").read({"q-x": ["anything"]}) is None


@ANSWERABLE
@given(values=st.lists(st.text(max_size=60), max_size=3))
def test_any_input_is_an_answer_or_a_sentence(kind: str, values: list[str]) -> None:
    question = make(kind, optional=True)
    for field in question.fields():
        try:
            said = question.shown(question.read({field: values}), "en") or "."
        except Problem as problem:
            said = str(problem)
        assert said


@ANSWERABLE
@pytest.mark.parametrize("piece", ["11", "  ", "1,", "\r\r", "--", " 1", "11,1"])
def test_any_input_is_handled_in_linear_time(kind: str, piece: str) -> None:
    text = piece * 125_000
    question = make(kind, optional=True)
    begun = time.perf_counter()
    for field in question.fields():
        try:
            question.read({field: [text]})
        except Problem:
            continue
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("kind", ["short_text", "long_text"])
def test_text_is_kept_word_for_word(kind: str) -> None:
    for text in ("=1+1", "@SUM(A1)", "\x07\x1b[31m", "\u202eleft", " kept ", "<b>", "a\nb", "👩‍👩‍👧"):
        assert read(make(kind), text) == text
    assert read(make(kind), "a\r\nb\rc") == "a\nb\nc"
    assert read(make(kind, optional=True), " \n\t") is None


@pytest.mark.parametrize("kind", ["short_text", "long_text"])
@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\udfff end"])
def test_what_cannot_be_stored_is_refused(kind: str, text: str) -> None:
    assert "cannot be stored" in says(lambda: read(make(kind), text))


def test_a_limit_is_said_and_nothing_is_cut() -> None:
    question = make("long_text", max_length=10)
    assert read(question, "a\r\n34567890") == "a\n34567890"
    assert says(lambda: read(question, "é" * 12)) == (
        "Your answer has 12 characters. The most is 10: make it 2 shorter."
    )


def test_more_than_one_answer_to_one_question_is_refused() -> None:
    for kind in ("short_text", "long_text", "one_choice", "scale", "number"):
        assert "2 answers" in says(lambda kind=kind: read(make(kind), "1", "1"))  # type: ignore[misc]


def test_only_long_texts_that_collect_comments_make_comments() -> None:
    assert make("long_text").comment("x") == "x"
    assert make("long_text").comment(None) is None
    assert make("long_text", comments=False).comment("x") is None
    assert make("short_text").comment("x") is None


def test_one_choice() -> None:
    question = make("one_choice")
    assert read(question, "b") == "b"
    assert "not on the list" in says(lambda: read(question, "c"))
    assert (question.shown("a", "es"), question.shown("b", "es")) == ("Manzanas", "Pears")


def test_a_choice_may_name_an_audience() -> None:
    raw = [{**choice, "audience_id": number} for number, choice in enumerate(CHOICES, start=7)]
    question = make("one_choice", choices=raw, audiences=True)
    assert isinstance(question, questions.OneChoice)
    assert (question.audience_of("b"), question.audience_of(None)) == (8, None)
    assert question.to_document()["choices"] == raw
    apart = make("one_choice", choices=raw)
    assert isinstance(apart, questions.OneChoice)
    assert apart.audience_of("b") is None


def test_several_choices_are_counted_and_keep_the_order_of_the_question() -> None:
    question = make("several_choices")
    assert read(question, "b", "a", "b") == ["a", "b"]
    assert question.shown(["a", "b"], "es") == "Manzanas; Pears"
    assert "not on the list" in says(lambda: read(question, "a", "z"))
    assert says(lambda: read(make("several_choices", max=1), "a", "b")) == (
        "Choose at most 1 answer. You chose 2."
    )
    assert says(lambda: read(make("several_choices", min=2), "a")) == "Choose at least 2 answers."
    assert read(make("several_choices", min=2, optional=True)) is None


def test_scale() -> None:
    question = make("scale", points=7)
    assert [read(question, str(n)) for n in (1, 7)] == [1, 7]
    assert read(question, "dk") == "dk"
    for value in ("0", "8", "1.0", " 1", "٣", "x"):
        assert says(lambda value=value: read(question, value)) == "Choose a number from 1 to 7."  # type: ignore[misc]
    assert says(lambda: read(make("scale", no_answer=False), "dk"))
    shown = [question.shown(value, "en") for value in (1, 4, 7, "dk")]
    assert shown == ["1 – Bad", "4", "7 – Good", "Don’t know"]


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("12", 0, 12),
        (" 12 ", 0, 12),
        ("-3", 0, -3),
        ("− 3", 0, -3),
        ("+3", 0, 3),
        ("1,5", 1, 1.5),
        ("1.5", 1, 1.5),
        (".5", 1, 0.5),
        ("5.", 1, 5),
        ("5.0", 0, 5),
        ("1 000", 0, 1000),
        ("1\u00a0000", 0, 1000),
        ("1’000", 0, 1000),
        ("1,000", 0, 1000),
        ("1.000", 0, 1000),
        ("1,000,000", 2, 1_000_000),
        ("1,000", 3, 1),
        ("1.234,56", 2, 1234.56),
        ("1,234.56", 2, 1234.56),
        ("0,500", 1, 0.5),
        ("٣٤", 0, 34),
        ("٣٫٥", 1, 3.5),
        ("-0", 0, 0),
        ("0.1", 6, 0.1),
    ],
)
def test_numbers_as_people_write_them(text: str, decimals: int, value: float) -> None:
    assert read(make("number", decimals=decimals), text) == value


@pytest.mark.parametrize(
    ("text", "settings", "sentence"),
    [
        ("abc", {}, "Type a number in digits, such as 12."),
        ("1e5", {}, "Type a number in digits, such as 12."),
        ("1 5", {}, "Type a number in digits, such as 12."),
        ("1,234,5", {"decimals": 1}, "Type a number in digits, such as 12.0."),
        ("inf", {}, "Type a number in digits, such as 12."),
        ("1.5", {}, "Type a whole number, such as 12."),
        ("1.25", {"decimals": 1}, "Use at most 1 digit after the point."),
        ("0", {"min": 1, "max": 30}, "Type a number from 1 to 30."),
        ("0", {"min": 1}, "Type a number that is 1 or more."),
        ("9", {"max": 5}, "Type a number that is 5 or less."),
        ("9" * 16, {}, "Type a number with at most 15 digits."),
    ],
)
def test_numbers_that_will_not_do(text: str, settings: dict[str, Any], sentence: str) -> None:
    assert says(lambda: read(make("number", **settings), text)) == sentence


@given(st.integers(-(10**8), 10**8), st.integers(0, 6))
def test_numbers_come_back_as_typed(whole: int, decimals: int) -> None:
    question = make("number", decimals=decimals)
    assert read(question, f"{whole:.{decimals}f}") == whole
    assert read(question, f"{whole:,}" if decimals < 3 else str(whole)) == whole


def test_a_number_is_shown_with_its_unit() -> None:
    assert make("number", unit={"en": "miles"}).shown(3.5, "es") == "3.5 miles"


def typed_date(*parts: str) -> dict[str, list[str]]:
    return {name: [part] for name, part in zip(make("date").fields(), parts, strict=False)}


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (("", "29", "2", "2024"), "2024-02-29"),
        (("", " 1", "05", "2024"), "2024-05-01"),
        (("", "٣", "٥", "٢٠٢٤"), "2024-05-03"),
        (("2024-05-01",), "2024-05-01"),
        (("", "2024-05-01"), "2024-05-01"),
        (("", "", "", "2024-05-01"), "2024-05-01"),
    ],
)
def test_dates(parts: tuple[str, ...], value: str) -> None:
    assert make("date").read(typed_date(*parts)) == value


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "30", "2", "2024"), "There is no such day. Check day and month."),
        (("", "1", "0", "2024"), "There is no such day. Check day and month."),
        (("", "1", "1", "0000"), "There is no such day. Check day and month."),
        (("2024-13-01",), "There is no such day. Check day and month."),
        (("", "1", "", "2024"), "The date lacks its month. Add it."),
        (("", "", "", "2024"), "The date lacks its day and month. Add it."),
        (("", "1", "5", "24"), "Type the year with four digits, such as 2026."),
        (("", "1", "May", "2024"), "Type day, month and year in digits, such as 31 5 2026."),
        (("", "1", "5", "20245"), "Type day, month and year in digits, such as 31 5 2026."),
    ],
)
def test_dates_that_will_not_do(parts: tuple[str, ...], sentence: str) -> None:
    assert says(lambda: make("date").read(typed_date(*parts))) == sentence


def test_dates_keep_their_bounds() -> None:
    question = make("date", earliest="2024-01-01", latest="2024-12-31")
    assert question.read(typed_date("2024-01-01")) == "2024-01-01"
    assert "January 1, 2024 or later" in says(lambda: question.read(typed_date("2023-12-31")))
    assert "or earlier" in says(lambda: question.read(typed_date("2025-01-01")))
