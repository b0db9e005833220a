"""Sessions: planned, seated, opened, ended; on both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import AgendaItem, AuditRow, GroupSession, RosterEntry, RosterName, Study
from survey.services import audiences, notes, session_live, session_roster, sessions, studies
from survey.services.audiences import Asked
from survey.services.session_roster import NotThatMany, Seat
from survey.services.sessions import Plan
from tests.services.meeting import BY, begin, prepare, typed

NOBODY: Mapping[int, Seat] = {}


@pytest.fixture
def plan(session: Session, study: Study) -> Study:
    return prepare(session, study)


@pytest.fixture
def meeting(session: Session, plan: Study) -> GroupSession:
    return begin(session, plan)


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditRow.action).order_by(AuditRow.number)))


def numbers(meeting: GroupSession) -> list[tuple[int, int]]:
    return [(one.number, one.table_number) for one in meeting.roster]


def seat(
    session: Session, plan: Study, meeting: GroupSession, wanted: Mapping[int, Seat] = NOBODY, **people: int
) -> None:
    seen = meeting.revision
    session_roster.set_roster(session, plan, meeting, wanted, **people, seen=seen, by=BY)


def count(session: Session, what: type) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_a_new_session_has_an_agenda_and_a_seat_for_each_person(session: Session, plan: Study) -> None:
    when = datetime(2027, 3, 14, 18, 0, tzinfo=UTC)
    wanted = Plan(plan.audiences[2].id, "  Evening \n round", "Library", when, tables=2)
    made = sessions.add(session, plan, wanted, by=BY)
    assert (made.title, made.place, made.state, made.starts_at) == (
        "Evening round",
        "Library",
        "planned",
        when,
    )
    assert [item.prompt_id for item in made.agenda] == [prompt.id for prompt in plan.prompts]
    assert numbers(made) == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)]
    assert actions(session)[-1] == "sessions.add"


@pytest.mark.parametrize(
    "wrong",
    [{"tables": 0}, {"tables": 51}, {"title": "x" * 201}, {"place": "\0"}, {"title": "\ud800"}]
    + [{"starts_at": datetime(year, 1, 1, tzinfo=UTC)} for year in (1, 1999, 2201, 9999)],
)
def test_what_cannot_be_planned(session: Session, plan: Study, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        sessions.add(session, plan, Plan(plan.audiences[0].id, **wrong), by=BY)  # type: ignore[arg-type]


def test_a_group_of_another_study_is_not_found(session: Session, plan: Study) -> None:
    with pytest.raises(NotFound):
        sessions.add(session, plan, Plan(2**40), by=BY)
    other = studies.by_slug(session, "other")
    meeting = begin(session, plan)
    with pytest.raises(NotFound):
        sessions.get(session, other, meeting.id)


def test_the_list_counts_notes_that_stand(session: Session, plan: Study, meeting: GroupSession) -> None:
    other = begin(session, plan, 1)
    for text in ("a", "b", "c"):
        note, _new = notes.add(session, plan, meeting, typed(text), by=BY)
    notes.strike(session, plan, meeting, note, struck=True, by=BY)
    listed = {one.meeting.id: (one.notes, one.people) for one in sessions.of_study(session, plan)}
    assert listed == {meeting.id: (2, 5), other.id: (0, 5)}
    assert sessions.of_study(session, studies.by_slug(session, "other")) == []


def test_the_latest_come_first_after_those_without_a_time(session: Session, plan: Study) -> None:
    group = plan.audiences[0].id
    for day in (3, 5, None, 4):
        when = datetime(2027, 3, day, tzinfo=UTC) if day else None
        sessions.add(session, plan, Plan(group, str(day), starts_at=when), by=BY)
    assert [one.meeting.title for one in sessions.of_study(session, plan)] == ["None", "5", "4", "3"]


def test_changing_needs_to_have_seen_the_latest(session: Session, plan: Study, meeting: GroupSession) -> None:
    seen = meeting.revision
    wanted = Plan(plan.audiences[1].id, "First")
    sessions.change(session, plan, meeting, wanted, seen=seen, by=BY)
    assert (meeting.title, meeting.audience_id) == ("First", plan.audiences[1].id)
    with pytest.raises(Stale):
        sessions.change(session, plan, meeting, Plan(plan.audiences[1].id, "Mine"), seen=seen, by=BY)
    assert meeting.title == "First"


def test_notes_keep_a_session_to_its_group_and_its_tables(session: Session, plan: Study) -> None:
    meeting = begin(session, plan, tables=3)
    notes.add(session, plan, meeting, typed("a", table=2), by=BY)
    for wrong in (Plan(plan.audiences[1].id, tables=3), Plan(meeting.audience_id, tables=1)):
        with pytest.raises(Refusal):
            sessions.change(session, plan, meeting, wrong, seen=meeting.revision, by=BY)
    sessions.change(session, plan, meeting, Plan(meeting.audience_id, tables=2), seen=meeting.revision, by=BY)
    assert {one.table_number for one in meeting.roster} == {1, 2}


def test_an_agenda_is_put_in_order_with_minutes(session: Session, plan: Study, meeting: GroupSession) -> None:
    first, second, third = [prompt.id for prompt in plan.prompts]
    kept = {item.prompt_id: item.id for item in meeting.agenda}
    seen = meeting.revision
    sessions.set_agenda(session, plan, meeting, [(third, 20), (first, None)], seen=seen, by=BY)
    session.expire(meeting)
    assert [(item.prompt_id, item.minutes) for item in meeting.agenda] == [(third, 20), (first, None)]
    assert {item.prompt_id: item.id for item in meeting.agenda} == {
        first: kept[first],
        third: kept[third],
    }
    assert meeting.revision > seen
    with pytest.raises(Stale):
        sessions.set_agenda(session, plan, meeting, [(second, None)], seen=seen, by=BY)
    for wrong in ([(2**40, 5)],):
        with pytest.raises(NotFound):
            sessions.set_agenda(session, plan, meeting, wrong, seen=meeting.revision, by=BY)
    for minutes in (0, -1, 601, 10**9):
        with pytest.raises(Refusal):
            sessions.set_agenda(session, plan, meeting, [(first, minutes)], seen=meeting.revision, by=BY)


def test_what_is_on_now_ends_when_it_leaves_the_agenda(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    assert meeting.on_now == plan.prompts[0].id
    session_live.set_timer(session, plan, meeting, 5, by=BY)
    wanted = [(plan.prompts[1].id, None)]
    sessions.set_agenda(session, plan, meeting, wanted, seen=meeting.revision, by=BY)
    assert (meeting.on_now, meeting.timer_ends_at) == (None, None)


def test_starting_as_usual_takes_the_prompts_there_are_and_adds_the_others(
    session: Session, study: Study
) -> None:
    mine = studies.by_slug(session, study.slug)
    prepare_only = [Asked("Ours?", "improvement"), Asked("And else?", "other")]
    audiences.put_in(mine, [audiences.Group("One")], prepare_only)
    session.flush()
    meeting = sessions.add(session, mine, Plan(mine.audiences[0].id), by=BY)
    words = [Asked(f"Usual {kind}", kind) for kind in sessions.USUAL]
    before = len(actions(session))
    for _turn in range(2):
        sessions.start_as_usual(session, mine, meeting, words, 20, by=BY)
        asked = [(item.prompt.text, item.minutes) for item in meeting.agenda]
        assert asked == [("Usual strength", 20), ("Ours?", 20), ("Usual aspiration", 20)]
    assert len(mine.prompts) == 4
    meeting.agenda[1].minutes = 45
    session.flush()
    sessions.start_as_usual(session, mine, meeting, words, 20, by=BY)
    assert [item.minutes for item in meeting.agenda] == [20, 45, 20]
    assert actions(session)[before:] == ["sessions.agenda"] * 3


@given(people=st.integers(1, 60), tables=st.integers(1, 50))
def test_people_are_spread_evenly(people: int, tables: int) -> None:
    seats = [sessions.table_of(number, people, tables) for number in range(1, people + 1)]
    sizes = [seats.count(table) for table in range(1, tables + 1)]
    assert seats == sorted(seats)
    assert sum(sizes) == people
    assert max(sizes) - min(sizes) <= 1


def test_five_people_in_one_step(session: Session, study: Study) -> None:
    mine = prepare(session, study, people=None)
    meeting = sessions.add(session, mine, Plan(mine.audiences[0].id), by=BY)
    assert meeting.roster == []
    seat(session, mine, meeting, people=5)
    assert numbers(meeting) == [(number, 1) for number in range(1, 6)]
    seat(session, mine, meeting, {2: Seat("parent"), 7: Seat("nurse")}, people=7)
    session.expire(meeting)
    assert [one.role for one in meeting.roster] == ["", "parent", "", "", "", "", "nurse"]
    for wrong in (-1, 501):
        with pytest.raises(NotThatMany):
            seat(session, mine, meeting, people=wrong)


def test_a_shorter_roster_loses_no_role_and_no_name(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    session_roster.set_names(session, plan, meeting, {4: "Eva"}, by=BY)
    seat(session, plan, meeting, {3: Seat("parent"), 5: Seat("nurse")})
    with pytest.raises(NotThatMany, match="roles would be lost: P3, P5"):
        seat(session, plan, meeting, people=2)
    # What is typed in the same step counts: a role that was emptied goes, a new one stays.
    with pytest.raises(NotThatMany, match="roles would be lost: P6"):
        seat(session, plan, meeting, {5: Seat(" "), 6: Seat("typed")}, people=4)
    with pytest.raises(NotThatMany, match="names would be lost: P4"):
        seat(session, plan, meeting, {5: Seat("")}, people=3)
    assert [one.role for one in meeting.roster] == ["teacher", "", "parent", "", "nurse"]
    session_roster.set_names(session, plan, meeting, {4: ""}, by=BY)
    seat(session, plan, meeting, {5: Seat(""), 2: Seat("cook")}, people=3)
    session.expire(meeting)
    assert [one.role for one in meeting.roster] == ["teacher", "cook", "parent"]


def test_who_has_spoken_stays_on_the_roster(session: Session, plan: Study, meeting: GroupSession) -> None:
    notes.add(session, plan, meeting, typed("a", speaker=3), by=BY)
    with pytest.raises(Refusal, match="P3"):
        seat(session, plan, meeting, people=2)
    seat(session, plan, meeting, {4: Seat(""), 5: Seat("")}, people=3)
    assert [one.number for one in meeting.roster] == [1, 2, 3]


@pytest.mark.parametrize("wrong", [Seat("x" * 101), Seat("\0"), Seat("", 2), Seat("", 0), Seat("", -5)])
def test_seats_that_cannot_be(session: Session, plan: Study, meeting: GroupSession, wrong: Seat) -> None:
    with pytest.raises(Refusal):
        session_roster.set_roster(session, plan, meeting, {2: wrong}, seen=meeting.revision, by=BY)


def test_a_roster_somebody_else_changed(session: Session, plan: Study, meeting: GroupSession) -> None:
    seen = meeting.revision
    seat(session, plan, meeting, people=6)
    with pytest.raises(Stale):
        session_roster.set_roster(session, plan, meeting, {1: Seat("mine")}, seen=seen, by=BY)


def test_names_stand_apart_and_go_with_one_step(session: Session, plan: Study, meeting: GroupSession) -> None:
    session_roster.set_names(session, plan, meeting, {1: " Ana  Maria ", 2: "Bo", 9: "Nobody"}, by=BY)
    assert session_roster.names(session, meeting) == {1: "Ana Maria", 2: "Bo"}
    session_roster.set_names(session, plan, meeting, {2: "", 1: "Ana"}, by=BY)
    assert session_roster.names(session, meeting) == {1: "Ana"}
    other = begin(session, plan, 1)
    session_roster.set_names(session, plan, other, {1: "Zoe"}, by=BY)
    session_roster.forget_names(session, plan, meeting, by=BY)
    assert session_roster.names(session, meeting) == {}
    assert session_roster.names(session, other) == {1: "Zoe"}
    told = session.scalars(select(AuditRow.details).where(AuditRow.action.like("sessions.%")))
    assert not any(name in str(details) for details in told for name in ("Ana", "Bo", "Zoe"))


def test_only_a_session_without_notes_is_deleted(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    empty = begin(session, plan, 1)
    session_roster.set_names(session, plan, empty, {1: "Ana"}, by=BY)
    notes.add(session, plan, meeting, typed("a"), by=BY)
    with pytest.raises(Refusal):
        sessions.delete(session, plan, meeting, by=BY)
    sessions.delete(session, plan, empty, by=BY)
    assert [count(session, what) for what in (GroupSession, AgendaItem, RosterEntry, RosterName)] == [
        1,
        3,
        5,
        0,
    ]


Act = Callable[[Session, Study, GroupSession], object]


def test_states_follow_one_another(session: Session, plan: Study) -> None:
    meeting = sessions.add(session, plan, Plan(plan.audiences[0].id), by=BY)
    with pytest.raises(Refusal):
        session_live.set_timer(session, plan, meeting, 5, by=BY)
    sessions.open_it(session, plan, meeting, by=BY)
    assert (meeting.state, meeting.on_now) == ("open", plan.prompts[0].id)
    assert meeting.starts_at is not None
    with pytest.raises(Refusal):
        sessions.open_it(session, plan, meeting, by=BY)


def test_the_prompt_that_is_on_now_has_a_timer_of_its_own(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    session_live.set_timer(session, plan, meeting, 5, by=BY)
    session_live.set_timer(session, plan, meeting, 1, by=BY)
    assert 355 <= (session_live.seconds_left(meeting) or 0) <= 360
    session_live.discuss(session, plan, meeting, meeting.on_now or 0, by=BY)
    assert session_live.seconds_left(meeting) is not None
    session_live.discuss(session, plan, meeting, plan.prompts[1].id, by=BY)
    assert session_live.seconds_left(meeting) is None
    meeting.timer_ends_at = now() - timedelta(minutes=3)
    assert session_live.seconds_left(meeting) == 0
    session_live.set_timer(session, plan, meeting, 1, by=BY)
    assert 58 <= (session_live.seconds_left(meeting) or 0) <= 60
    session_live.set_timer(session, plan, meeting, 0, by=BY)
    assert session_live.seconds_left(meeting) is None
    for wrong in (-1, 601):
        with pytest.raises(Refusal):
            session_live.set_timer(session, plan, meeting, wrong, by=BY)
    with pytest.raises(NotFound):
        session_live.discuss(session, plan, meeting, 2**40, by=BY)


def test_the_code_for_phones_is_read_however_it_is_typed(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    assert session_live.code_of(meeting) is None
    session_live.set_phones(session, plan, meeting, on=True, by=BY)
    code = session_live.code_of(meeting) or ""
    assert not session_live.may_dot(meeting)
    session_live.set_phones(session, plan, meeting, on=True, dots=True, by=BY)
    assert session_live.code_of(meeting) == code
    assert session_live.may_dot(meeting)
    for way in (code, code.upper(), code.replace("-", ""), f" {code} ", code.replace("-", " - ")):
        assert session_live.by_code(session, way) is meeting
    session_live.set_phones(session, plan, meeting, on=False, by=BY)
    for way in (code, f"{code}.dots", "", "\0" * 8, "x" * 10_000, "ⅷⅷⅷⅷⅷⅷⅷⅷ", "abcd-efgh"):
        with pytest.raises(NotFound):
            session_live.by_code(session, way)
    session_live.set_phones(session, plan, meeting, on=True, by=BY)
    assert session_live.code_of(meeting) != code
