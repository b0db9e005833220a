"""Every type of question: from document to answer and back, and what it says when an answer will not do."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import questions
from survey.questions import TYPES, DocumentError, Problem
from survey.questions.base import COMMON

LABEL = {"en": "What do you think?", "es": "¿Qué piensa?"}
CHOICES = [{"id": "a", "label": {"en": "Apples", "es": "Manzanas"}}, {"id": "b", "label": {"en": "Pears"}}]
LEAST: dict[str, dict[str, Any]] = {
    "statement": {},
    "consent": {},
    "short_text": {},
    "long_text": {},
    "one_choice": {"choices": CHOICES},
    "several_choices": {"choices": CHOICES},
    "yes_no": {},
    "scale": {"low": {"en": "Bad"}, "high": {"en": "Good"}},
    "matrix": {"rows": [{"id": "r", "label": {"en": "Taste"}}, {"id": "s", "label": {"en": "Price"}}]}
    | {"choices": CHOICES},
    "ranking": {"choices": CHOICES},
    "allocation": {"choices": CHOICES},
    "number": {},
    "date": {},
    "time": {},
    "place": {"choices": CHOICES},
    "email": {},
}
# Settings that open every door of a type, for inputs that are drawn at random.
MORE: dict[str, dict[str, Any]] = {
    "one_choice": {"other": True},
    "several_choices": {
        "choices": [*CHOICES, {"id": "none", "label": {"en": "None"}, "exclusive": True}],
        "other": True,
        "max": 2,
    },
    "yes_no": {"no_answer": True},
    "scale": {"first": 0, "points": 11},
    "ranking": {"choices": [*CHOICES, {"id": "c", "label": {"en": "Plums"}}], "most": 2},
    "allocation": {"total": 3},
    "number": {"decimals": 2},
}
PIECES: tuple[str, ...] = (
    "",
    "a",
    "b",
    "none",
    "other",
    "yes",
    "no",
    "pns",
    "dk",
    "0",
    "1",
    "2",
    "3",
    "٢",
    " 1 ",
    "1e309",
)
PIECES += (
    "14:30",
    "2 pm",
    "2026-05-31",
    "31",
    "5",
    "2026",
    "apples",
    "MANZANAS",
    "x@y.org",
    "\x00",
    "\ud800",
)
EVERY_TYPE = pytest.mark.parametrize("kind", TYPES)
ANSWERABLE = pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "statement"])


def make(kind: str, **settings: Any) -> questions.Question:
    return questions.from_document({"id": "x", "type": kind, "label": LABEL, **LEAST[kind], **settings})


def read(question: questions.Question, *values: str) -> Any:
    return question.read({question.field: list(values)})


def nested(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(["a", "b", "r", "s", "choice", "choices", "text"]) | st.text(max_size=5)
    return st.lists(children, max_size=3) | st.dictionaries(keys, children, max_size=3)


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
    keys = question.to_document().keys() - {"id", "type"} - {setting.name for setting in COMMON}
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
        ("one_choice", {"choices": [{"id": "a", "label": {"en": "x"}, "exclusive": True}]}),
        ("one_choice", {"choices": [{"id": "other", "label": {"en": "x"}}], "other": True}),
        ("one_choice", {"choices": [{"id": "a", "label": {"en": "x"}, "show_if": {}}]}),
        ("one_choice", {"look": "wheel"}),
        ("several_choices", {"choices": [{"id": "a", "label": {"en": "x"}, "exclusive": "yes"}]}),
        ("scale", {"first": 2}),
        ("matrix", {"rows": []}),
        ("matrix", {"rows": [{"id": "r", "label": {"en": "x"}, "exclusive": True}]}),
        ("matrix", {"choices": []}),
        ("ranking", {"most": 3}),
        ("ranking", {"choices": []}),
        ("allocation", {"total": 0}),
        ("time", {"earliest": "24:00"}),
        ("time", {"earliest": "8:30"}),
        ("time", {"earliest": "10:00", "latest": "09:59"}),
        ("place", {"choices": [{"id": str(n), "label": {"en": "A  town"}} for n in (1, 2)]}),
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


def _says_what_to_change(question: questions.Question, problem: Problem, typed: Any) -> None:
    assert str(problem).endswith((".", "?"))
    assert set(problem.controls) <= {question.field, *question.fields()}
    assert question.to_change(typed)


@ANSWERABLE
@given(data=st.data())
def test_whatever_is_typed_a_value_comes_back_as_it_is_stored(kind: str, data: st.DataObject) -> None:
    question = make(kind, optional=data.draw(st.booleans()), **MORE.get(kind, {}))
    names = st.sampled_from([*question.fields(), "q-x.unknown", "q-y"])
    one = st.sampled_from(PIECES) | st.text(max_size=20)
    typed = data.draw(st.dictionaries(names, st.lists(one, max_size=2), max_size=6))
    try:
        value = question.read(typed)
    except Problem as problem:
        _says_what_to_change(question, problem, typed)
        return
    if value is None:
        assert question.shown(value, "en") == ""
        return
    stored = json.loads(json.dumps(value))
    assert stored == value
    assert question.shown(stored, "es")
    assert question.in_words(stored, "es")
    assert question.read(question.as_typed(stored)) == value
    assert question.operand(stored) is not None


@ANSWERABLE
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(), nested, max_leaves=6
    )
)
def test_any_answer_of_a_program_is_read_or_refused(kind: str, value: Any) -> None:
    question = make(kind, **MORE.get(kind, {}))
    try:
        read_back = question.read(question.as_typed(value))
    except Problem:
        read_back = None
    assert read_back is None or question.shown(read_back, "en")
    # What an older version stored never breaks a page, and rules never fail over it.
    assert isinstance(question.shown(value, "en"), str)
    question.operand(value), question.operand(value, "a")


@ANSWERABLE
@pytest.mark.parametrize("piece", ["11", "  ", "1,", "\r\r", "--", " 1", "11,1"])
def test_any_input_is_handled_in_linear_time(kind: str, piece: str) -> None:
    text = piece * 125_000
    question = make(kind, optional=True, **MORE.get(kind, {}))
    begun = time.perf_counter()
    for field in question.fields():
        for values in ([text], [piece] * 125_000, [piece, "other", text]):
            with contextlib.suppress(Problem):
                question.read({field: values})
    assert time.perf_counter() - begun < 1.5


@EVERY_TYPE
@given(data=st.data())
def test_any_setting_is_read_or_refused_by_name(kind: str, data: st.DataObject) -> None:
    names = [setting.name for setting in (*COMMON, *TYPES[kind].SETTINGS)]
    junk = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9)
    pieces = st.recursive(junk, nested, max_leaves=5) | st.just(CHOICES) | st.just(LABEL)
    changed = data.draw(st.dictionaries(st.sampled_from(names), pieces, max_size=4))
    try:
        question = make(kind, **changed)
    except DocumentError as error:
        assert str(error).startswith("Question “")  # noqa: PT017 - some are questions all the same
        return
    assert questions.from_document(json.loads(json.dumps(question.to_document()))) == question
    assert all(question.texts())


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
    for kind in (
        "short_text",
        "long_text",
        "one_choice",
        "scale",
        "number",
        "time",
        "place",
        "email",
        "yes_no",
    ):
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
