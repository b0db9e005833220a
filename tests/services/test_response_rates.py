"""Response rates: right, and nobody can be picked out of them, whatever is subtracted from what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from survey.db import Database
from survey.models import Study, Survey
from survey.services import response_rates, sealing, surveys
from survey.services.response_rates import FEWEST, Rate, by_unit
from tests.services.inviting import BY, add, answer, codes, invite, people


def rates(database: Database, survey_id: int) -> response_rates.Rates | None:
    with database.reading() as session:
        return response_rates.of_survey(session, session.get_one(Survey, survey_id))


def let_answer(database: Database, survey_id: int, first: int, last: int) -> None:
    everybody = codes(database, survey_id)
    for number in range(first, last):
        answer(database, everybody[f"Person {number:04}"], {"ease": "easy"})


NUMBERS = st.dictionaries(
    st.sampled_from(["", "a", "b", "c", "d", "e"]),
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
    min_size=1,
)


@given(NUMBERS)
def test_no_number_that_is_shown_or_can_be_had_by_subtracting_is_small(
    units: dict[str, tuple[int, int]],
) -> None:
    invited = {unit: max(pair) for unit, pair in units.items()}
    answered = {unit: min(pair) for unit, pair in units.items()}
    shown = by_unit(invited, answered)
    for rate in shown:
        assert min(rate.invited, rate.answered) >= FEWEST
    if shown:
        assert sum(rate.invited for rate in shown) == sum(invited.values()), "nothing is left to subtract"
        assert sum(rate.answered for rate in shown) == sum(answered.values())
    for rate in (one for one in shown if one.unit):
        assert (rate.invited, rate.answered) == (invited[rate.unit or ""], answered[rate.unit or ""])
    hidden = set(invited) - {rate.unit for rate in shown}
    if shown and hidden:
        assert shown[-1].unit is None


def test_a_single_small_unit_takes_the_smallest_large_one_with_it() -> None:
    invited, answered = {"a": 30, "b": 12, "c": 6}, {"a": 20, "b": 8, "c": 2}
    assert by_unit(invited, answered) == [Rate("a", 30, 20), Rate(None, 18, 10)]


def test_when_all_units_would_be_together_there_is_only_the_whole() -> None:
    assert by_unit({"a": 6, "b": 3}, {"a": 5, "b": 1}) == []


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_rates_of_a_survey(database: Database, study: Study, mode: str) -> None:
    listed = people(12, "Parks") + people(10, "Roads", 100) + people(3, "Health", 200) + people(4, "", 300)
    survey_id = invite(database, study, listed, mode=mode)
    let_answer(database, survey_id, 0, 4)
    found = rates(database, survey_id)
    assert found
    assert found.few
    assert (found.whole.invited, found.whole.answered) == (29, 0)
    let_answer(database, survey_id, 4, 9)
    let_answer(database, survey_id, 100, 107)
    let_answer(database, survey_id, 200, 203)
    let_answer(database, survey_id, 300, 303)
    found = rates(database, survey_id)
    assert found
    assert (found.whole.invited, found.whole.answered) == (29, 22)
    exact = [Rate("Parks", 12, 9), Rate("Roads", 10, 7), Rate(None, 7, 6)]
    steps = [Rate("Parks", 12, 5), Rate("Roads", 10, 5), Rate(None, 7, 5)]
    assert list(found.units) == (steps if mode == "anonymous" else exact)
    assert found.in_steps == (mode == "anonymous")


def test_two_looks_at_an_anonymous_survey_differ_by_nobody_or_by_five(
    database: Database, study: Study
) -> None:
    survey_id = invite(database, study, people(12, "Parks") + people(12, "Roads", 100))
    let_answer(database, survey_id, 0, 5)
    let_answer(database, survey_id, 100, 105)
    seen = set()
    for number in range(5, 12):
        let_answer(database, survey_id, number, number + 1)
        found = rates(database, survey_id)
        assert found
        seen.add(found.units[0].answered)
    assert seen == {5, 10}


def test_late_people_and_sealing_keep_the_rates_consistent(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(12, "Parks") + people(12, "Roads", 100))
    let_answer(database, survey_id, 0, 10)
    add(database, survey_id, people(2, "Parks", 50))
    let_answer(database, survey_id, 50, 52)
    let_answer(database, survey_id, 100, 110)
    before = rates(database, survey_id)
    assert before
    assert before.whole == Rate(None, 26, 22)
    assert all(rate.answered <= rate.invited for rate in before.units)
    with database.writing() as session:
        survey = session.scalars(select(Survey).where(Survey.id == survey_id)).one()
        assert surveys.close(session, survey, by=BY)
    sealing.compact(database)
    assert rates(database, survey_id) == before


def test_an_open_link_has_one_rate_and_no_units(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(20, "Parks"))
    with database.writing() as session:
        session.get_one(Survey, survey_id).access = "once"
    found = rates(database, survey_id)
    assert found
    assert found.few
    assert found.units == ()


def test_nobody_invited_is_no_rate(database: Database, study: Study) -> None:
    assert rates(database, invite(database, study, [])) is None
