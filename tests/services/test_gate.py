"""The gate: which groups are counted together, what a summary remembers of what it showed."""

from __future__ import annotations

import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from analysis.disclose import Shown, Table
from survey.dates import now
from survey.db import Database
from survey.formats.summary import SMALL_GROUPS
from survey.models import Audience, Comment, GroupSession, RosterEntry, Study, Summary
from survey.services import gate, summaries
from tests.boards import add_comments, add_run
from tests.services.counted import EASE, answer, ask

BY = "facilitator@office.example"


def group(session: Session, study: Study, name: str, people: int | None, comments: int) -> Audience:
    """An audience of so many people that left so many comments."""
    audience = Audience(study_id=study.id, name=name, people=people, position=10)
    session.add(audience)
    session.flush()
    for _ in range(comments):
        comment = Comment(id=secrets.token_hex(16), study_id=study.id, channel="session", text="Hello")
        comment.audience_id = audience.id
        session.add(comment)
    session.flush()
    return audience


def names(session: Session, study: Study) -> dict[str, str]:
    """Under which name each audience is shown."""
    mine = fresh(session, study)
    found = gate.groups(session, mine)
    return {audience.name: found.names[audience.id] for audience in mine.audiences}


def fresh(session: Session, study: Study) -> Study:
    session.flush()
    session.expire_all()
    return session.get_one(Study, study.id)


def test_groups_that_are_large_enough_have_their_own_names(session: Session, study: Study) -> None:
    for name, people in (("Riders", 5), ("Walkers", 40)):
        group(session, study, name, people, 3)
    assert names(session, study) == {"Riders": "Riders", "Walkers": "Walkers"}


def test_a_small_group_is_counted_with_the_next_smallest_one(session: Session, study: Study) -> None:
    for name, people in (("Few", 3), ("Walkers", 40), ("Riders", 12)):
        group(session, study, name, people, 6)
    assert names(session, study) == {"Few": SMALL_GROUPS, "Walkers": "Walkers", "Riders": SMALL_GROUPS}


def test_small_groups_together_are_joined_until_they_are_enough(session: Session, study: Study) -> None:
    for name, people in (("One", 1), ("Two", 2), ("Riders", 12), ("Walkers", 40)):
        group(session, study, name, people, 6)
    pooled = [name for name, shown in names(session, study).items() if shown == SMALL_GROUPS]
    assert pooled == ["One", "Two", "Riders"], "1 + 2 people are not enough"


def test_two_small_groups_that_are_enough_need_nobody_else(session: Session, study: Study) -> None:
    for name, people in (("Three", 3), ("Two", 2), ("Riders", 12)):
        group(session, study, name, people, 6)
    assert names(session, study)["Riders"] == "Riders"
    assert gate.groups(session, fresh(session, study)).pool_told


def test_a_group_that_said_nothing_protects_nobody(session: Session, study: Study) -> None:
    """Only those who spoke can be taken for one another."""
    for name, people, comments in (("Few", 3, 4), ("Silent", 8, 0), ("Riders", 12, 6)):
        group(session, study, name, people, comments)
    assert names(session, study) == {"Few": SMALL_GROUPS, "Silent": "Silent", "Riders": SMALL_GROUPS}


def test_a_group_nothing_was_heard_of_has_nothing_to_hide(session: Session, study: Study) -> None:
    for name, people, comments in (("Invited", None, 0), ("Riders", 12, 6)):
        group(session, study, name, people, comments)
    assert names(session, study) == {"Invited": "Invited", "Riders": "Riders"}


def test_one_group_alone_that_is_too_small_is_not_told(session: Session, study: Study) -> None:
    group(session, study, "Few", 3, 6)
    found = gate.groups(session, fresh(session, study))
    assert (list(found.names.values()), found.pool_told) == ([SMALL_GROUPS], False)


def test_comments_stand_in_where_nobody_counted_people(session: Session, study: Study) -> None:
    for name, comments in (("Few", 4), ("Some", 5), ("Many", 30)):
        group(session, study, name, None, comments)
    found = gate.groups(session, fresh(session, study))
    assert list(found.names.values()) == [SMALL_GROUPS, SMALL_GROUPS, "Many"]
    assert set(found.people.values()) == {None}, "how many people there were is still not known"
    assert found.quoted(next(iter(found.names))) is None


def test_people_are_counted_on_rosters_and_by_answers(database: Database, study: Study) -> None:
    with database.writing() as session:
        for name, people in (("Typed", 30), ("Met", None), ("Asked", None)):
            group(session, study, name, people, 2)
        typed, met, asked = (audience.id for audience in fresh(session, study).audiences)
        for audience, sizes in ((met, (7, 4)), (typed, (2,))):
            for size in sizes:
                meeting = GroupSession(study_id=study.id, audience_id=audience, made_by="t", made_at=now())
                meeting.state = "ended"
                meeting.roster = [RosterEntry(number=number) for number in range(1, size + 1)]
                session.add(meeting)
    survey = ask(database, study, EASE, audience_id=asked)
    answer(database, survey, [{"ease": "easy"}] * 6)
    answer(database, survey, [{"ease": "easy"}] * 9, apart="twice")
    with database.reading() as session:
        found = gate.groups(session, session.get_one(Study, study.id))
    assert found.people == {typed: 30, met: 7, asked: 6}


def test_once_together_always_together(session: Session, study: Study) -> None:
    for name, people in (("Few", 3), ("Riders", 12), ("Walkers", 40)):
        group(session, study, name, people, 6)
    summaries.freeze(session, fresh(session, study), BY)
    mine = fresh(session, study)
    assert [audience.pooled for audience in mine.audiences] == [True, True, False]
    few = next(audience for audience in mine.audiences if audience.name == "Few")
    few.people = 100
    assert names(session, study)["Few"] == SMALL_GROUPS
    assert gate.groups(session, fresh(session, study)).pool_told


def test_looking_writes_nothing(session: Session, study: Study) -> None:
    for name, people in (("Few", 3), ("Riders", 12)):
        group(session, study, name, people, 6)
    summaries.preview(session, fresh(session, study), BY)
    assert not any(audience.pooled for audience in fresh(session, study).audiences)


def test_a_small_group_that_came_later_is_not_told_by_the_difference(session: Session, study: Study) -> None:
    """All others were shown alone before: what the newcomer said would be the rest."""
    for name, people in (("Riders", 12), ("Walkers", 40)):
        group(session, study, name, people, 6)
    first = summaries.read(summaries.freeze(session, fresh(session, study), BY))
    assert first.audiences == (("Riders", 6), ("Walkers", 6))
    group(session, study, "Late", 3, 4)
    found = gate.groups(session, fresh(session, study))
    assert (found.names[found.pooled[0]], len(found.pooled), found.pool_told) == (SMALL_GROUPS, 1, False)
    second = summaries.read(summaries.freeze(session, fresh(session, study), BY))
    assert second.audiences == (("Riders", None), ("Walkers", 6), (SMALL_GROUPS, None))
    assert [a.pooled for a in fresh(session, study).audiences] == [False, False, False], "not yet"
    # Another one comes, and together they are enough.
    group(session, study, "Later", 4, 5)
    third = summaries.read(summaries.freeze(session, fresh(session, study), BY))
    assert third.audiences == (("Riders", 6), ("Walkers", 6), (SMALL_GROUPS, 9))


def shown(key: str = "q", **more: object) -> Shown:
    counts = {("a",): 60, ("b",): None, ("c",): 0}
    values = {"population": "survey:it", "dims": ("q",), "counts": counts, "total": 97, **more}
    return Shown(key, **values)  # type: ignore[arg-type]


codes = st.text(max_size=6)
counted = st.none() | st.integers(0, 10_000)


@st.composite
def tables(draw: st.DrawFn) -> Shown:
    """Any table of one or two attributes, with cells left out."""
    dims = draw(st.sampled_from([("q",), ("@unit",), ("q", "@unit"), ("q", "r")]))
    cells = st.tuples(*[codes] * len(dims))
    counts = draw(st.dictionaries(cells, counted, max_size=12))
    return shown(draw(codes), dims=dims, counts=counts, total=draw(counted), exclusive=draw(st.booleans()))


@given(st.lists(tables(), max_size=4, unique_by=lambda one: one.key))
def test_a_ledger_reads_back_what_was_shown(found: list[Shown]) -> None:
    rows = json.loads(json.dumps(gate.ledger({one.key: one for one in found})))
    assert [gate._read(row) for row in rows] == found


def test_what_was_only_repeated_is_not_remembered_again() -> None:
    assert gate.ledger({"q": shown(held=True)}) == []


def test_a_ledger_is_small() -> None:
    """Twenty questions, each by twelve units, and a list of a thousand places."""
    units = [f"unit {number}" for number in range(12)]
    found = {}
    for question in range(20):
        cells = {(f"answer {n}", unit): 1234 for n in range(6) for unit in units}
        found[f"x{question}"] = shown(f"x{question}", dims=(f"q{question}", "@unit"), counts=cells)
    found["p"] = shown("p", counts={(f"place {n}",): n for n in range(1000)})
    assert len(json.dumps(gate.ledger(found))) < 40_000


def test_what_summaries_showed_is_read_in_order(session: Session, study: Study) -> None:
    for number, total in ((2, 200), (1, 100)):
        row = Summary(study_id=study.id, number=number, board_revision=0, sha256="", document=b"")
        row.made_by, row.made_at, row.ledger = BY, now(), gate.ledger({"q": shown(total=total)})
        session.add(row)
    session.flush()
    found = gate.earlier(session, fresh(session, study))
    assert found == [[shown(total=100)], [shown(total=200)]]


@pytest.mark.parametrize("more", [1, 4])
def test_few_answers_that_came_since_cannot_be_subtracted(
    database: Database, study: Study, more: int
) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{"ease": "easy"}] * 30 + [{"ease": "hard"}] * 20)
    with database.writing() as session:
        first = summaries.read(summaries.freeze(session, fresh(session, study), BY))
    answer(database, survey, [{"ease": "hard"}] * more)
    with database.writing() as session:
        second = summaries.read(summaries.freeze(session, fresh(session, study), BY))
    assert second.questions[0].choices == first.questions[0].choices
    assert second.questions[0].answered == 50
    assert second.facts.responses == first.facts.responses == 50


def test_many_answers_that_came_since_are_shown(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    for number in (30, 60):
        answer(database, survey, [{"ease": "easy"}] * 30 + [{"ease": "hard"}] * 20)
        with database.writing() as session:
            found = summaries.read(summaries.freeze(session, fresh(session, study), BY))
        assert {choice.id: choice.count for choice in found.questions[0].choices}["easy"] == number


def test_protect_looks_at_every_frozen_summary(session: Session, study: Study) -> None:
    add_comments(session, study)
    add_run(session, study)
    table = Table("q", "survey:it", ("q",), {("a",): 60, ("b",): 40}, 100)
    first = gate.protect(session, fresh(session, study), [table])
    assert first["q"].counts == table.counts
    row = summaries.freeze(session, fresh(session, study), BY)
    row.ledger = gate.ledger(first)
    later = Table("q", "survey:it", ("q",), {("a",): 61, ("b",): 41}, 102)
    assert gate.protect(session, fresh(session, study), [later])["q"].counts == table.counts
