"""Closed questions counted: each type, over versions, after the gate."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclose import Shown
from survey.db import Database
from survey.formats.summary import Summary, SummaryFacts
from survey.models import CrossTable, Study
from survey.questions import TYPES
from survey.services import studies, summaries, tabulations
from survey.services.tabulating import classes, guards
from survey.services.tabulating.asked import CLOSED
from survey.services.tabulations import Told
from tests.services.answering import text
from tests.services.counted import (
    EASE,
    SCALE,
    YES_NO,
    again,
    aim,
    answer,
    ask,
    choices,
    counts,
    people,
    question,
    told,
)

HOSTILE = '"><svg onload=alert(1)> =1+1 \u202e🌳 ' + "x" * 250


def test_one_choice_with_words_of_ones_own(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    own = {"choice": "other", "text": "a secret of mine"}
    answer(
        database, survey, [{"ease": "easy"}] * 12 + [{"ease": "hard"}] * 7 + [{"ease": own}] * 5 + [{}] * 9
    )
    one = question(told(database, study), "ease")
    assert (one.id, one.survey, one.type, one.answered) == (
        "it-survey/ease",
        "IT plan survey",
        "one_choice",
        24,
    )
    assert counts(one) == {"easy": 12, "hard": 7, "other": 5}
    easy, _hard, other = one.choices
    assert (easy.share, round(easy.low or 0, 4), round(easy.high or 0, 4)) == (0.5, 0.3143, 0.6857)
    assert (other.name, other.names) == ("Other", (("es", "Otra"),))
    assert (one.label, one.labels, one.language) == ("How easy is it?", (("es", "¿Qué tan fácil es?"),), "en")
    assert "secret" not in str(one)
    assert "Few answers" in one.note


def test_yes_and_no_and_not_said(database: Database, study: Study) -> None:
    survey = ask(database, study, YES_NO)
    answer(database, survey, [{"web": "yes"}] * 30 + [{"web": "no"}] * 10 + [{"web": "pns"}] * 5)
    one = question(told(database, study), "web")
    assert counts(one) == {"yes": 30, "no": 10, "pns": 5}
    assert [dict(choice.names)["es"] for choice in one.choices] == ["Sí", "No", "Prefiero no decirlo"]
    assert one.note == ""


def test_a_scale_has_mean_and_median_without_those_who_do_not_know(database: Database, study: Study) -> None:
    survey = ask(database, study, SCALE)
    given = [1] * 5 + [2] * 5 + [4] * 10 + [5] * 10 + ["dk"] * 6
    answer(database, survey, [{"rate": one} for one in given])
    one = question(told(database, study), "rate")
    assert counts(one) == {"1": 5, "2": 5, "3": 0, "4": 10, "5": 10, "dk": 6}
    numbers = dict(one.numbers)
    assert (numbers["mean"], numbers["median"]) == (3.5, 4.0)
    assert (round(numbers["low"] or 0, 3), round(numbers["high"] or 0, 3)) == (2.93, 4.07)
    assert [choice.name for choice in one.choices] == ["1 – Bad", "2", "3", "4", "5 – Good", "Don’t know"]
    assert one.choices[0].names == (("es", "1 – Malo"),)


def test_a_scale_with_a_hidden_number_has_no_mean(database: Database, study: Study) -> None:
    survey = ask(database, study, {**SCALE, "points": 2})
    answer(database, survey, [{"rate": 1}] * 2 + [{"rate": 2}] * 30)
    one = question(told(database, study), "rate")
    assert counts(one)["1"] is None
    assert one.numbers == ()
    assert "fewer than 5 people are hidden" in one.note


def test_several_choices_are_of_those_who_answered(database: Database, study: Study) -> None:
    asked = {
        "id": "use",
        "type": "several_choices",
        "label": text("Which?"),
        "choices": choices("a", "b", "c"),
    }
    survey = ask(database, study, {**asked, "other": True})
    both, own = ["a", "b"], {"choices": ["a", "other"], "text": "mine"}
    answer(database, survey, [{"use": both}] * 8 + [{"use": own}] * 6 + [{"use": ["b"]}] * 6 + [{}] * 20)
    one = question(told(database, study), "use")
    assert (one.answered, one.several) == (20, True)
    assert counts(one) == {"a": 14, "b": 14, "c": 0, "other": 6}
    assert [choice.share for choice in one.choices] == [0.7, 0.7, 0.0, 0.3]


def test_each_line_of_a_table_of_choices_is_a_question(database: Database, study: Study) -> None:
    asked = {
        "id": "grid",
        "type": "matrix",
        "label": text("How good are they?", "¿Qué tan buenos son?"),
        "rows": choices("site", "phone"),
        "choices": choices("bad", "good"),
        "code": "Q 7",
    }
    survey = ask(database, study, asked)
    answer(
        database, survey, [{"grid": {"site": "good", "phone": "bad"}}] * 8 + [{"grid": {"site": "bad"}}] * 6
    )
    found = told(database, study)
    site, phone = question(found, "Q 7.site"), question(found, "Q 7.phone")
    assert (site.id, site.label, site.answered) == ("it-survey/Q 7.site", "How good are they? – Site", 14)
    assert (counts(site), counts(phone)) == ({"bad": 6, "good": 8}, {"bad": 8, "good": 0})
    assert phone.answered == 8


def test_a_ranking_has_first_places_and_mean_ranks(database: Database, study: Study) -> None:
    asked = {"id": "best", "type": "ranking", "label": text("Rank"), "choices": choices("a", "b", "c")}
    survey = ask(database, study, asked)
    answer(database, survey, [{"best": ["a", "b", "c"]}] * 10 + [{"best": ["b", "c", "a"]}] * 20)
    one = question(told(database, study), "best")
    assert (one.answered, counts(one)) == (30, {"a": 10, "b": 20, "c": 0})
    means = [choice.mean for choice in one.choices]
    assert means == [pytest.approx(70 / 30), pytest.approx(40 / 30), pytest.approx(70 / 30)]


def test_mean_ranks_that_tell_of_one_person_are_left_out(database: Database, study: Study) -> None:
    asked = {"id": "best", "type": "ranking", "label": text("Rank"), "choices": choices("a", "b", "c")}
    survey = ask(database, study, asked)
    # First places are 30 and nothing; the means alone would tell that one person put c before b.
    answer(database, survey, [{"best": ["a", "b", "c"]}] * 29 + [{"best": ["a", "c", "b"]}])
    one = question(told(database, study), "best")
    assert counts(one) == {"a": 30, "b": 0, "c": 0}
    assert {choice.mean for choice in one.choices} == {None}
    assert "Means are left out" in one.note


def test_a_sum_shared_out_has_means_over_all_who_answered(database: Database, study: Study) -> None:
    asked = {"id": "spend", "type": "allocation", "label": text("Share"), "choices": choices("a", "b")}
    survey = ask(database, study, asked)
    answer(database, survey, [{"spend": {"a": 40, "b": 60}}] * 10 + [{"spend": {"a": 100, "b": 0}}] * 10)
    one = question(told(database, study), "spend")
    assert (one.answered, counts(one)) == (20, {"a": 20, "b": 10})
    assert [choice.mean for choice in one.choices] == [70.0, 30.0]


def test_numbers_are_counted_in_classes(database: Database, study: Study) -> None:
    asked = {"id": "age", "type": "number", "label": text("Age"), "unit": text("years", "años")}
    survey = ask(database, study, asked)
    answer(database, survey, [{"age": 20 + n % 50} for n in range(500)])
    one = question(told(database, study), "age")
    assert sum(filter(None, counts(one).values())) == one.answered == 500
    assert [choice.name for choice in one.choices] == ["< 30", "30 – 39", "40 – 49", "50 – 59", "≥ 60"]
    assert dict(one.numbers)["mean"] == 44.5
    assert dict(one.numbers)["median"] == 44.5
    assert one.label == "Age (years)"


def test_one_enormous_number_does_not_show_in_a_mean(database: Database, study: Study) -> None:
    survey = ask(database, study, {"id": "income", "type": "number", "label": text("Income")})
    answer(database, survey, [{"income": 10} for _ in range(40)] + [{"income": 987_654_321}])
    one = question(told(database, study), "income")
    assert one.numbers == ()
    assert "Means are left out" in one.note
    assert "987" not in str(one)


def test_places_that_nobody_chose_are_left_out_of_a_long_list(database: Database, study: Study) -> None:
    names = [f"p{n}" for n in range(100)]
    survey = ask(
        database, study, {"id": "zip", "type": "place", "label": text("ZIP"), "choices": choices(*names)}
    )
    answer(database, survey, [{"zip": "p3"}] * 90 + [{"zip": "p90"}] * 8 + [{"zip": "p91"}] * 2)
    one = question(told(database, study), "zip")
    assert counts(one)["p3"] == 90
    assert counts(one)["p90"] is None  # subtracted from all, it would tell of the two
    assert "p4" not in counts(one)
    assert counts(one)["p91"] is None


def test_consent_is_of_all_who_sent_the_survey(database: Database, study: Study) -> None:
    asked = {"id": "call", "type": "consent", "label": text("May we call you?"), "optional": True}
    survey = ask(database, study, asked)
    answer(database, survey, [{"call": "yes"}] * 10 + [{}] * 30)
    one = question(told(database, study), "call")
    assert (one.answered, counts(one), one.choices[0].share) == (40, {"yes": 10}, 0.25)


def test_free_text_days_and_times_are_not_counted() -> None:
    left_out = {"short_text", "long_text", "email", "date", "time", "statement"}
    assert TYPES.keys() - CLOSED == left_out


def test_versions_are_counted_together_and_removed_choices_stay(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE, SCALE)
    first = {"ease": "hard", "rate": 1}
    answer(database, survey, [first] * 9)
    newer = {
        **EASE,
        "label": text("How simple is it?"),
        "choices": [*choices("easy", "fair")],
        "other": False,
    }
    again(database, survey, {**newer, "code": "simple"}, {**SCALE, "points": 7})
    answer(database, survey, [{"ease": "fair", "rate": 6}] * 8)
    found = told(database, study)
    ease, rate = question(found, "simple"), question(found, "rate")
    assert ease.label == "How simple is it?"
    assert counts(ease) == {"easy": 0, "fair": 8, "hard": 9, "other": 0}
    assert ease.note == "Few answers: read the intervals."
    # Points of five and of seven cannot be added up.
    assert (rate.answered, counts(rate)["6"], counts(rate)["1"]) == (8, 8, 0)
    assert "another version" in rate.note


def test_a_question_that_was_taken_out_is_still_counted(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE, YES_NO)
    answer(database, survey, [{"web": "yes"}] * 6)
    again(database, survey, {**EASE, "id": "ease2", "code": "ease"})
    answer(database, survey, [{"ease2": "easy"}] * 6)
    found = told(database, study)
    assert counts(question(found, "web"))["yes"] == 6
    assert counts(question(found, "ease"))["easy"] == 6
    assert len(found.questions) == 2


def test_responses_set_apart_and_of_other_studies_do_not_count(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{"ease": "easy"}] * 6)
    answer(database, survey, [{"ease": "easy"}] * 6, apart="quick")
    answer(database, survey, [{"ease": "easy"}] * 6, apart="kept:quick")
    found = told(database, study)
    assert (found.responses, found.people, counts(question(found, "ease"))["easy"]) == (6, 6, 6)


def test_nobody_answered_one_person_answered_all_left_it_empty(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE, SCALE, YES_NO)
    nothing = told(database, study)
    assert (nothing.questions, nothing.people, nothing.responses, nothing.heard) == ((), 0, 0, ())
    answer(database, survey, [{"ease": "easy", "rate": 3}])
    alone = told(database, study)
    assert (alone.responses, alone.people) == (None, None)
    for one in alone.questions:
        assert set(counts(one).values()) <= {None, 0}
        assert one.numbers == ()
    answer(database, survey, [{}] * 20)
    empty = question(told(database, study), "web")
    assert (empty.answered, counts(empty)) == (0, {"yes": 0, "no": 0, "pns": 0})
    assert {choice.share for choice in empty.choices} == {None}


def test_hostile_words_are_words(database: Database, study: Study) -> None:
    hostile = {"id": "x", "label": {"en": HOSTILE}}
    asked = {**EASE, "label": {"en": HOSTILE}, "choices": [hostile], "code": "=cmd|' /c'!A1"}
    survey = ask(database, study, asked)
    answer(database, survey, [{"ease": "x"}] * 6, unit='<b>"unit"</b>')
    found = told(database, study)
    one = question(found, "=cmd|' /c'!A1")
    assert (one.label, one.choices[0].name) == (HOSTILE, HOSTILE)
    facts = SummaryFacts(0, 0, 0, 0.0)
    summary = Summary("T", "t", False, "2026-01-01", "x", None, None, 0, facts, questions=found.questions)
    assert Summary.from_json(summary.to_json()) == summary
    json.loads(summary.to_json())


def test_the_same_answers_give_the_same_bytes(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE, SCALE)
    answer(database, survey, [{"ease": "easy", "rate": n % 5 + 1} for n in range(60)])
    assert told(database, study) == told(database, study)


def add_table(database: Database, survey: int, down: str, across: str) -> None:
    with database.writing() as session:
        session.add(CrossTable(survey_id=survey, down=down, across=across))


def test_a_cross_table_of_two_questions(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE, YES_NO)
    add_table(database, survey, "ease", "web")
    pairs = [("easy", "yes")] * 9 + [("easy", "no")] * 6 + [("hard", "no")] * 8
    answer(database, survey, [{"ease": a, "web": b} for a, b in pairs] + [{"ease": "hard"}] * 7 + [{}] * 5)
    (cross,) = told(database, study).crosses
    assert (cross.id, cross.down, cross.across) == (
        "it-survey/ease x web",
        "How easy is it?",
        "Do you use it?",
    )
    assert cross.columns == ("Yes", "No", "Prefer not to say", "No answer")
    assert cross.rows == (("Easy", (9, 6, 0, 0)), ("Hard", (0, 8, 0, 7)), ("Other", (0, 0, 0, 0)))
    assert cross.totals == (9, 14, 0, 7)
    assert cross.note == ""


def test_small_groups_are_not_told_apart_in_a_cross_table(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    for across in ("@unit", "@language", "@source"):
        add_table(database, survey, "ease", across)
    answer(database, survey, [{"ease": "easy"}] * 20, unit="Parks", language="es")
    answer(database, survey, [{"ease": "hard"}] * 3, unit="Parks", source="paper")
    answer(database, survey, [{"ease": "easy"}] * 15 + [{"ease": "hard"}] * 20, unit="Streets")
    answer(database, survey, [{"ease": "easy"}] * 16 + [{"ease": "hard"}] * 22)
    unit, language, source = told(database, study).crosses
    assert unit.columns == ("Parks", "Streets", "Not known")
    assert unit.rows[1][1][0] is None
    shown = [count for cross in (unit, language, source) for _name, row in cross.rows for count in row]
    assert not {1, 2, 3, 4}.intersection(filter(None, shown))
    assert any(shown)
    assert "Groups of fewer than 5 people are not told apart" in unit.note
    assert set(language.columns) == {"English", "Español"}
    assert source.columns == ("On paper", "Online survey")


def test_a_cross_table_whose_question_is_gone_is_left_out(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    add_table(database, survey, "gone", "@unit")
    answer(database, survey, [{"ease": "easy"}] * 6)
    assert told(database, study).crosses == ()


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60), st.booleans())
def test_classes_hold_every_number_once(values: list[float], whole: bool) -> None:
    values = [float(round(value)) for value in values] if whole else values
    edges = classes.edges_for(values, whole=whole)
    counted = classes.counted(values, edges)
    assert sum(counted.values()) == len(values)
    assert len(counted) == len(classes.words(edges, whole=whole)) <= classes.MOST_CLASSES
    assert sorted(edges) == list(edges)
    assert classes.edges_of(counted) == edges


@given(st.dictionaries(st.integers(1, 6), st.integers(0, 30), min_size=1))
def test_a_mean_that_is_let_through_leaves_few_people_open(counts: dict[int, int]) -> None:
    """Each small number could be k or more at the same mean."""
    if not guards.hides_few(counts, 5):
        return
    people, total = sum(counts.values()), sum(number * count for number, count in counts.items())
    low, high = min(counts), max(counts)
    for number, count in counts.items():
        if 0 < count < 5:
            # The others' mean must be one that numbers from low to high can have.
            others = (total - 5 * number) / (people - 5) if people > 5 else number
            assert low - 1e-9 <= others <= high + 1e-9


@pytest.mark.parametrize(
    ("values", "dominated"),
    [([1, 1, 1], False), ([1, 1, 9], True), ([-9, 1, 1], True), ([], False), ([5], True)],
)
def test_one_number_dominates(values: list[Any], dominated: bool) -> None:
    assert guards.is_dominated(values) is dominated


def test_nothing_is_told_but_what_the_gate_shows(database: Database, study: Study) -> None:
    ranking = {"id": "best", "type": "ranking", "label": text("Rank"), "choices": choices("a", "b")}
    sharing = {"id": "spend", "type": "allocation", "label": text("Share"), "choices": choices("a", "b")}
    number = {"id": "age", "type": "number", "label": text("Age")}
    survey = ask(database, study, EASE, SCALE, ranking, sharing, number)
    add_table(database, survey, "ease", "@unit")
    aim(database, study, "unit", Parks=0.5, Streets=0.5)
    aim(database, study, "weights", unit=1.0)
    one = {"ease": "easy", "rate": 3, "best": ["a", "b"], "spend": {"a": 37, "b": 63}, "age": 37}
    for unit in ("Parks", "Streets"):
        answer(database, survey, [one] * 37, unit=unit)
    with database.reading() as session:
        gathered = tabulations.gather(session, session.get_one(Study, study.id))
    closed = {
        table.key: Shown(
            table.key,
            table.population,
            table.dims,
            dict.fromkeys(table.counts),
            None,
            table.exclusive,
        )
        for table in gathered.tables
    }
    found = gathered.told(closed)
    assert (found.people, found.responses) == (None, None)
    for asked in found.questions:
        assert (asked.answered, asked.numbers) == (None, ())
        for choice in asked.choices:
            figures = (choice.count, choice.share, choice.low, choice.high, choice.mean, choice.weighted)
            assert set(figures) == {None}
    assert {row.share for part in found.heard for row in part.rows} == {None}
    assert {row.people for part in found.heard for row in part.rows} == {None}
    assert {count for cross in found.crosses for _name, row in cross.rows for count in row} == {None}


MEASURED = (
    {"id": "best", "type": "ranking", "label": text("Rank"), "choices": choices("a", "b")},
    {"id": "spend", "type": "allocation", "label": text("Share"), "choices": choices("a", "b")},
    {"id": "age", "type": "number", "label": text("Age")},
)


def figures(found: Told) -> list[tuple[Any, ...]]:
    return [
        (one.answered, counts(one), dict(one.numbers).get("mean"), [choice.mean for choice in one.choices])
        for one in found.questions
    ]


def freeze(database: Database, study: Study) -> None:
    with database.writing() as session:
        summaries.freeze(session, studies.by_slug(session, study.slug), "t")


def test_one_person_more_does_not_move_a_mean(database: Database, study: Study) -> None:
    survey = ask(database, study, *MEASURED)
    halves = [
        {"best": ["a", "b"], "spend": {"a": 30, "b": 70}, "age": 30},
        {"best": ["b", "a"], "spend": {"a": 60, "b": 40}, "age": 60},
    ]
    answer(database, survey, halves * 20)
    then = told(database, study)
    assert [row[2] for row in figures(then)] == [None, None, 45.0]
    assert [row[3] for row in figures(then)][:2] == [[1.5, 1.5], [45.0, 55.0]]
    freeze(database, study)
    answer(database, survey, [{"best": ["a", "b"], "spend": {"a": 100, "b": 0}, "age": 90}])
    # Twice, because the second one looks back on one that looked back.
    for _time in range(2):
        now = told(database, study)
        assert figures(now) == figures(then)
        assert (now.people, now.responses) == (40, 40)
        assert "stand here again" in now.questions[0].note
        freeze(database, study)
    # With many more, all is of today, but what would tell of the one who gave nothing.
    answer(database, survey, halves * 10)
    best, spend, age = figures(told(database, study))
    assert (best[0], spend, age[0]) == (61, figures(then)[1], 61)
    assert age[2] == pytest.approx((45 * 60 + 90) / 61)


def test_a_unit_that_came_with_few_people_is_not_named(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{}] * 20, unit="Parks")
    freeze(database, study)
    answer(database, survey, [{}] * 2, unit="Streets")
    assert people(told(database, study), "unit") == {"Parks": 20}


def test_classes_of_numbers_stay_what_they_were(database: Database, study: Study) -> None:
    survey = ask(database, study, MEASURED[2])
    answer(database, survey, [{"age": n} for n in range(1, 7) for _person in range(10)])
    freeze(database, study)
    names = [choice.id for choice in told(database, study).questions[0].choices]
    answer(database, survey, [{"age": n} for n in range(500, 900)])
    later = told(database, study).questions[0]
    assert [choice.id for choice in later.choices] == names
    assert later.choices[-1].count == 410


def test_numbers_get_classes_once_somebody_gave_one_and_keep_them(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE, MEASURED[2])
    answer(database, survey, [{"ease": "easy"}] * 20)
    freeze(database, study)
    answer(database, survey, [{"age": n} for n in range(1, 7) for _person in range(10)])
    now = told(database, study).questions[1]
    assert [(choice.id, choice.count) for choice in now.choices] != [("..", 60)]
    assert len(now.choices) > 2
    freeze(database, study)
    # Other classes beside those of the second summary could be subtracted from them.
    answer(database, survey, [{"age": n} for n in range(500, 900)])
    later = told(database, study).questions[1]
    assert [choice.id for choice in later.choices] == [choice.id for choice in now.choices]


def numbers_of(found: Told) -> set[int | None]:
    """Every number of people that is told, and what simple subtraction gives."""
    shown: list[int | None] = [found.people, found.responses]
    for one in found.questions:
        rest = [one.answered - n for n in counts(one).values() if n is not None and one.answered is not None]
        shown += [one.answered, *counts(one).values(), *rest]
    for cross in found.crosses:
        shown += [n for _name, row in cross.rows for n in row]
        shown += cross.totals
    return {*shown, *(row.people for part in found.heard for row in part.rows)}


@pytest.mark.parametrize("seed", range(3))
def test_no_small_number_over_three_summaries(database: Database, study: Study, seed: int) -> None:
    chance = random.Random(seed)
    survey = ask(database, study, EASE, SCALE, YES_NO, *MEASURED)
    add_table(database, survey, "ease", "@unit")
    add_table(database, survey, "web", "rate")
    aim(database, study, "unit", Parks=0.4, Streets=0.6)
    aim(database, study, "weights", unit=1.0)
    for people_more in (23, 3, 19):
        for _person in range(people_more):
            given = {
                "ease": chance.choice(["easy", "easy", "hard"]),
                "rate": chance.choice([1, 3, 5, 5, "dk"]),
                "web": chance.choice(["yes", "yes", "no", "pns"]),
                "best": chance.choice([["a", "b"], ["b", "a"]]),
                "spend": {"a": 50, "b": 50},
                "age": chance.randrange(18, 80),
            }
            kept = {name: value for name, value in given.items() if chance.random() < 0.8}
            columns = {"language": chance.choice(["en", "en", "es"]), "unit": chance.choice(["", "Parks"])}
            answer(database, survey, [kept], **columns)
        assert not {1, 2, 3, 4} & numbers_of(told(database, study))
        freeze(database, study)
