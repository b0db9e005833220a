"""Choosing from lists: another answer, "none of these", lists to open, and what rules leave of a list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from survey.questions import OneChoice, SeveralChoices
from tests.questions.asking import ask, listed, problem, says

FRUIT = listed("Apples", "Bananas", "Cherries")
NONE = {"id": "none", "label": {"en": "None of these"}, "exclusive": True}


def one(value: str = "", text: str = "", **settings: Any) -> Any:
    question = ask("one_choice", choices=FRUIT, **{"other": True, **settings})
    return question.read({"q-x": [value], "q-x.other": [text]})


def several(*values: str, text: str = "", **settings: Any) -> Any:
    question = ask("several_choices", **{"choices": [*FRUIT, NONE], "other": True, **settings})
    return question.read({"q-x": list(values), "q-x.other": [text]})


def test_another_answer_to_one_choice() -> None:
    assert one("other", " Plums ") == {"choice": "other", "text": "Plums"}
    assert one("", "Plums") == {"choice": "other", "text": "Plums"}, "writing is enough"
    assert one("a") == "a"
    assert says(lambda: one("other", "  ")) == (
        "You chose “Other”. Write your answer beside it, or choose another."
    )
    assert says(lambda: one("a", "Plums")) == (
        "You chose “Apples” and wrote another answer, too. Choose “Other”, or empty that field."
    )
    assert says(lambda: one("other", "x" * 201)).startswith(
        "Make your own answer 1 character shorter: the most is 200."
    )
    assert problem(lambda: one("other")).controls == ("q-x.other",)


def test_without_other_nothing_can_be_written() -> None:
    assert "not on the list" in says(lambda: one("other", "Plums", other=False))
    assert ask("one_choice", choices=FRUIT).fields() == ("q-x",)
    assert ask("one_choice", choices=FRUIT, optional=True).read({"q-x.other": ["Plums"]}) is None


def test_a_listed_choice_may_have_the_id_other_while_there_is_no_field() -> None:
    question = ask("one_choice", choices=[{"id": "other", "label": {"en": "Something else"}}])
    assert question.read({"q-x": ["other"]}) == "other"
    assert question.shown("other", "en") == "Something else"
    refused = says(lambda: ask("one_choice", choices=[{"id": "other", "label": {"en": "Else"}}], other=True))
    assert "“Else” stands where the field for other answers goes" in refused


def test_another_answer_in_words_and_for_rules() -> None:
    question = ask("one_choice", choices=FRUIT, other=True)
    value = {"choice": "other", "text": "Plums"}
    assert (question.shown(value, "en"), question.shown("b", "en")) == ("Other: Plums", "Bananas")
    assert (question.operand(value), question.operand(value, "other")) == ("other", "Plums")
    assert (question.operand("b"), question.operand("b", "other")) == ("b", None)
    many = ask("several_choices", choices=FRUIT, other=True)
    both = {"choices": ["a", "other"], "text": "Plums"}
    assert many.shown(both, "en") == "Apples; Other: Plums"
    assert (many.operand(both), many.operand(both, "other")) == (("a", "other"), "Plums")
    assert many.operand(["c"], "other") is None


@pytest.mark.parametrize(
    ("count", "look", "is_select"),
    [(12, "auto", False), (13, "auto", True), (13, "radio", False), (2, "select", True)],
)
def test_many_choices_stand_in_a_list_to_open(count: int, look: str, is_select: bool) -> None:
    choices = [{"id": f"c{n}", "label": {"en": str(n)}} for n in range(count)]
    assert ask("one_choice", choices=choices, look=look).is_select is is_select


def test_none_of_these_stands_alone() -> None:
    assert several("none") == ["none"]
    assert several("none", min=2) == ["none"], "it needs no company"
    sentence = "“None of these” does not go with other answers. Leave only that, or take it out."
    assert says(lambda: several("none", "a")) == sentence
    assert says(lambda: several("none", text="Plums")) == sentence
    assert "more than can be chosen" in says(lambda: several("a", min=5))
    assert several("a", "b", "c", text="Plums", min=4) == {
        "choices": ["a", "b", "c", "other"],
        "text": "Plums",
    }


def test_only_several_choices_can_be_exclusive() -> None:
    assert "cannot exclude others" in says(lambda: ask("one_choice", choices=[NONE]))
    assert "cannot exclude others" in says(lambda: ask("ranking", choices=[*FRUIT, NONE]))


def test_another_of_several_answers() -> None:
    assert several("a", "other", text="Plums") == {"choices": ["a", "other"], "text": "Plums"}
    assert several("a", text="Plums") == {"choices": ["a", "other"], "text": "Plums"}
    assert "Write your answer beside it" in says(lambda: several("a", "other"))
    assert says(lambda: several("a", "b", text="Plums", max=2)) == "Choose at most 2 answers. You chose 3."


def test_bounds_are_said_where_they_bind() -> None:
    def bounds(**settings: Any) -> str:
        return str(ask("several_choices", choices=FRUIT, **settings).bounds())

    assert bounds() == bounds(max=3) == bounds(min=1) == ""
    assert bounds(max=2) == "Choose at most 2."
    assert bounds(min=2) == "Choose at least 2."


def test_rules_may_leave_few_choices() -> None:
    question = ask("several_choices", choices=[*FRUIT, NONE], min=2)
    assert isinstance(question, SeveralChoices)
    left = replace(question, choices=question.choices[:1])
    assert left.read({"q-x": ["a"]}) == ["a"], "what is hidden cannot be asked for"
    assert "not on the list" in says(lambda: left.read({"q-x": ["a", "b"]}))
    only = ask("one_choice", choices=FRUIT)
    assert isinstance(only, OneChoice)
    assert "not on the list" in says(lambda: replace(only, choices=only.choices[:1]).read({"q-x": ["b"]}))


def test_a_rule_hides_choices() -> None:
    rule = {"question": "y", "op": "=", "value": "yes"}
    question = ask("one_choice", choices=[{**FRUIT[0], "show_if": rule}, FRUIT[1]])
    assert question.depends_on() == {"y"}
    left = question.offered(lambda condition: condition is None)
    assert [choice.id for choice in left.choices] == ["b"]
    assert question.to_document()["choices"][0]["show_if"] == rule
    for kind in ("several_choices", "ranking", "allocation", "place"):
        other = ask(kind, choices=[{**choice, "show_if": rule} for choice in FRUIT])
        assert other.offered(lambda condition: condition is None) is None, "nothing is left to ask"


def test_yes_or_no() -> None:
    question = ask("yes_no")
    assert [value for value, _words in question.answers()] == ["yes", "no"]
    assert question.read({"q-x": ["no"]}) == "no"
    assert "not on the list" in says(lambda: question.read({"q-x": ["pns"]}))
    assert ask("yes_no", no_answer=True).read({"q-x": ["pns"]}) == "pns"
    assert [question.shown(value, "es") for value in ("yes", "no", "pns")] == [
        "Yes",
        "No",
        "Prefer not to say",
    ]


def test_a_scale_from_nought() -> None:
    question = ask("scale", points=11, first=0, low={"en": "Never"}, high={"en": "Always"})
    assert [question.read({"q-x": [value]}) for value in ("0", "10")] == [0, 10]
    assert says(lambda: question.read({"q-x": ["11"]})) == "Choose a number from 0 to 10."
    assert [question.shown(value, "en") for value in (0, 5, 10)] == ["0 – Never", "5", "10 – Always"]
    assert (question.operand(0), question.operand("dk")) == (0, "dk")


def test_consent_is_given_or_not() -> None:
    question = ask("consent", text={"en": "We keep your answers.", "es": "Guardamos sus respuestas."})
    assert question.read({"q-x": ["yes"]}) == "yes"
    assert "tick “I agree”" in says(lambda: question.read({}))
    assert ask("consent", optional=True).read({}) is None
    assert "Tick the box to agree" in says(lambda: question.read({"q-x": ["no"]}))
    assert question.shown("yes", "en") == "I agree"
    assert len(question.texts()) == 2
