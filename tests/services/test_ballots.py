"""Ballots: used once, whole, by whoever has the code; few enough to tell somebody by are never made."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from survey import spoken_codes
from survey.db import Database
from survey.errors import Closed, Refusal
from survey.models import Ballot, Invitee, Respondent, Response, Study, Survey
from survey.services import ballots, invitees, live, sealing, surveys
from survey.services.admission import NoCode, Ticket, UnknownCode, UsedCode
from survey.services.ballots import FEWEST, recorded_units
from survey.services.responses import AlreadySent
from tests.fixtures import SECRET
from tests.services.answering import document, submit
from tests.services.inviting import BY, add, answer, codes, invite, people, ticket
from tests.services.test_responses import count, together

ANSWERS = {"ease": "easy"}


def units(database: Database, model: type[Ballot] | type[Response]) -> Counter[str]:
    with database.reading() as session:
        return Counter(session.scalars(select(model.unit)))


def test_a_code_is_good_for_one_answer(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(6))
    mine = codes(database, survey_id)["Person 0003"]
    answer(database, mine, ANSWERS)
    assert (count(database, Ballot), count(database, Response)) == (5, 1)
    with pytest.raises(UsedCode), database.reading() as session:
        ticket(session, mine)
    with pytest.raises(UsedCode), database.writing() as session:
        submit(session, "another browser", ANSWERS, ticket=Ticket(SECRET, mine))
    assert (count(database, Ballot), count(database, Response)) == (5, 1)


def test_without_a_code_nothing_is_stored(database: Database, study: Study) -> None:
    invite(database, study, people(5))
    with pytest.raises(NoCode), database.writing() as session:
        submit(session, "t", ANSWERS)
    with pytest.raises(UsedCode), database.writing() as session:
        submit(session, "t", ANSWERS, ticket=Ticket(SECRET, "2" * 12))
    assert count(database, Response) == 0


def test_staff_who_type_a_paper_sheet_need_no_code(database: Database, study: Study) -> None:
    invite(database, study, people(5))
    with database.writing() as session:
        submit(session, "t", ANSWERS, source="paper")
        assert session.scalars(select(Response.source)).all() == ["paper"]


def test_of_ten_at_once_with_one_code_one_wins(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(6))
    mine = codes(database, survey_id)["Person 0001"]

    def send(number: int) -> str:
        with database.writing() as session:
            return submit(session, f"browser {number}", ANSWERS, ticket=Ticket(SECRET, mine))

    results = together([lambda n=n: send(n) for n in range(10)])  # type: ignore[misc]
    assert sorted(type(r).__name__ for r in results) == ["UsedCode"] * 9 + ["str"]
    assert (count(database, Ballot), count(database, Response)) == (5, 1)


def test_a_lost_reply_and_a_retry_store_once(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(6))
    mine = codes(database, survey_id)["Person 0001"]
    answer(database, mine, ANSWERS, token="t")
    with pytest.raises(AlreadySent), database.writing() as session:
        submit(session, "t", ANSWERS, ticket=Ticket(SECRET, mine))
    assert (count(database, Ballot), count(database, Response)) == (5, 1)


def test_a_refused_answer_leaves_the_ballot(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(5))
    mine = codes(database, survey_id)["Person 0001"]
    with database.reading() as session:
        stale = live.find(session, "it-survey")
        found = ticket(session, mine)
    with database.writing() as session:
        session.get_one(Survey, survey_id).state = "closed"
    with pytest.raises(Closed), database.writing() as session:
        assert live.find(session, "it-survey") is stale
        submit(session, "t", ANSWERS, ticket=found)
    assert count(database, Ballot) == 5


def test_a_code_of_another_survey_is_none_here(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(5))
    theirs = codes(database, survey_id)["Person 0001"]
    invite(database, study, people(5), slug="other")
    with pytest.raises(UsedCode), database.reading() as session:
        ticket(session, theirs, "other")


def test_every_code_is_good_after_the_list_grew_one_by_one(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(8))
    first = codes(database, survey_id)
    answer(database, first["Person 0000"], ANSWERS)
    before = _names(database)
    for number in range(100, 104):
        add(database, survey_id, people(1, first=number))
    assert before.isdisjoint(_names(database)), "an old ballot beside new ones would tell them apart"
    everybody = codes(database, survey_id)
    assert first.items() <= everybody.items()
    for name, code in everybody.items():
        if name != "Person 0000":
            answer(database, code, ANSWERS)
    with pytest.raises(UsedCode):
        answer(database, first["Person 0000"], ANSWERS, token="again")
    assert (count(database, Ballot), count(database, Response)) == (0, 12)


def _names(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Ballot.id)))


def test_colleagues_at_the_survey_have_missed_nothing_when_the_list_grows(
    database: Database, study: Study
) -> None:
    survey_id = invite(database, study, people(5))
    with database.reading() as session:
        survey = session.get_one(Survey, survey_id)
        seen, round = survey.revision, survey.ballot_round
    add(database, survey_id, people(2, first=50))
    with database.reading() as session:
        survey = session.get_one(Survey, survey_id)
        assert (survey.revision, survey.ballot_round) == (seen, round + 1)


def test_growing_waits_for_answers_under_way_and_loses_none(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(24))
    mine = list(codes(database, survey_id).values())
    tasks = [lambda c=c: answer(database, c, ANSWERS) for c in mine[:12]]  # type: ignore[misc]
    tasks += [lambda n=n: add(database, survey_id, people(1, first=n)) for n in range(100, 106)]  # type: ignore[misc]
    results = together(tasks)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert (count(database, Response), count(database, Ballot)) == (12, 18)
    for code in mine[12:]:
        answer(database, code, ANSWERS)
    assert count(database, Response) == 24


@pytest.mark.parametrize("number", [1, 4])
def test_a_list_so_small_that_answers_could_be_guessed_is_refused(
    database: Database, study: Study, number: int
) -> None:
    survey_id = invite(database, study, [])
    with pytest.raises(Refusal, match="fewer than 5"):
        add(database, survey_id, people(number))
    assert (count(database, Ballot), count(database, Invitee)) == (0, 0)


def test_nobody_is_added_alone_when_nearly_all_have_answered(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(6))
    for code in list(codes(database, survey_id).values())[:5]:
        answer(database, code, ANSWERS)
    with pytest.raises(Refusal, match="at least 4 people"):
        add(database, survey_id, people(1, first=50))
    add(database, survey_id, people(4, first=50))
    assert count(database, Ballot) == 5


def test_a_small_unit_is_not_recorded_and_a_large_one_is(database: Database, study: Study) -> None:
    listed = people(7, "Parks") + people(4, "Roads", 10) + people(3, "Health", 20)
    survey_id = invite(database, study, listed)
    assert units(database, Ballot) == {"Parks": 7, "": 7}
    for code in codes(database, survey_id).values():
        answer(database, code, ANSWERS)
    assert units(database, Response) == {"Parks": 7, "": 7}


def test_one_person_without_a_unit_is_hidden_among_others(database: Database, study: Study) -> None:
    invite(database, study, people(20, "Parks") + people(1, "", 50))
    assert units(database, Ballot) == {"Parks": 16, "": 5}


SOME_UNITS = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), max_size=40)


@given(old=SOME_UNITS, new=SOME_UNITS)
def test_no_new_ballot_is_in_a_group_smaller_than_five(old: list[str], new: list[str]) -> None:
    if len(old) + len(new) < FEWEST or not new:
        return
    given_units = recorded_units(old, new)
    assert len(given_units) == len(old) + len(new)
    there = Counter(given_units)
    wanted = [*old, *new]
    for unit, was in zip(given_units, wanted, strict=True):
        assert unit in (was, ""), "nobody gets another's unit"
    assert all(there[unit] >= FEWEST for unit in given_units[len(old) :])


def test_the_first_ballots_are_made_when_the_survey_is_published(database: Database, study: Study) -> None:
    with database.writing() as session:
        survey = surveys.add(session, session.merge(study), "it-survey", "A survey", by=BY)
        surveys.save_document(session, survey, document(), by=BY)
        survey.access = "code"
        session.flush()
        invitees.take(session, SECRET, survey, people(6), by=BY, left_out=0)
        assert session.scalars(select(Ballot.id)).all() == []
        surveys.publish(session, survey, by=BY, secret=SECRET)
        survey_id = survey.id
    answer(database, codes(database, survey_id)["Person 0002"], ANSWERS)
    assert count(database, Ballot) == 5


def test_sealing_drops_ballots_of_this_survey_only(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(6))
    other_id = invite(database, study, people(5), slug="other")
    with database.writing() as session:
        survey = session.get_one(Survey, survey_id)
        survey.state = "closed"
        assert sealing.seal(session, survey)
    sealing.compact(database)
    with database.reading() as session:
        assert set(session.scalars(select(Ballot.survey_id))) == {other_id}


@pytest.mark.parametrize("mode", ["confidential", "identified"])
def test_a_code_says_who_answers_where_the_mode_has_a_place_for_it(
    database: Database, study: Study, mode: str
) -> None:
    survey_id = invite(database, study, people(5, "Parks") + people(2, "Roads", 10), mode=mode)
    everybody = codes(database, survey_id)
    key = answer(database, everybody["Person 0002"], ANSWERS)
    roads = answer(database, everybody["Person 0010"], ANSWERS)
    assert count(database, Ballot) == 0
    with database.reading() as session:
        row = session.get_one(Response, key)
        person = session.get_one(Respondent, row.respondent_id)
        assert (person.name, person.email, row.unit) == ("Person 0002", "person0002@city.example", "Parks")
        assert session.get_one(Response, roads).unit == ("Roads" if mode == "identified" else "")
        answered = session.scalars(select(Invitee.name).where(Invitee.answered)).all()
        assert sorted(answered) == ["Person 0002", "Person 0010"]
        with pytest.raises(UsedCode):
            ticket(session, everybody["Person 0002"])
        with pytest.raises(UnknownCode):
            ticket(session, "2" * 12)


def test_two_at_once_with_a_code_of_a_person_make_one_answer(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(3), mode="identified")
    mine = codes(database, survey_id)["Person 0001"]
    with database.reading() as session:
        found = ticket(session, mine)

    def send(number: int) -> str:
        with database.writing() as session:
            return submit(session, f"browser {number}", ANSWERS, ticket=found)

    results = together([lambda n=n: send(n) for n in range(6)])  # type: ignore[misc]
    assert sorted(type(r).__name__ for r in results) == ["UsedCode"] * 5 + ["str"]


def test_an_anonymous_answer_changes_nothing_on_the_list(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(6))
    before = _list(database)
    answer(database, codes(database, survey_id)["Person 0002"], ANSWERS)
    assert _list(database) == before


def _list(database: Database) -> list[object]:
    hidden = "" if database.is_sqlite else ", xmin::text, ctid::text"
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT *{hidden} FROM invitee ORDER BY id"))]


def test_the_name_of_a_ballot_needs_the_key(study: Study) -> None:
    assert ballots.name(SECRET, 1, "CODE", 3) == ballots.name(SECRET, 1, "CODE", 3)
    names = {ballots.name(key, id, "CODE", r) for key in (SECRET, "other") for id in (1, 2) for r in range(5)}
    assert len(names) == 20


@given(st.binary(min_size=16, max_size=40))
def test_the_number_behind_a_code_is_that_of_the_bytes_it_was_made_from(chance: bytes) -> None:
    code = spoken_codes.spell(chance)
    assert spoken_codes.number(code) == int.from_bytes(chance) % spoken_codes.SPACE
