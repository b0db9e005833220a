"""Comments of themes by group, channel and prompt: right, and no small group is told."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Change
from survey.db import Database
from survey.formats.summary import SMALL_GROUPS
from survey.models import Audience, Comment, Placement, Response, Run, Study
from survey.services import board as boards
from survey.services import gate, theme_counts
from survey.services.hidden_counts import Atom, Limits, Told, hide, hide_some
from survey.services.theme_counts import ShownCounts
from tests.boards import COMMENTS, PROMPTS, add_comments, add_run, board_of, decide
from tests.services.answering import DAY, document, publish
from tests.support.disclosure_themes import leaks, make


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    add_comments(session, study)
    return add_run(session, study)


def counts(session: Session, study: Study) -> ShownCounts:
    session.flush()
    session.expire_all()
    mine = session.get_one(Study, study.id)
    return theme_counts.shown(session, mine, boards.load(session, mine), gate.groups(session, mine))


def test_large_groups_are_told_with_channels_and_prompts(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    found = counts(session, study)
    one = found.themes[themes[1]]
    assert found.audiences == (("Academia", 4), ("Nonprofits", 4), ("Tech", 4))
    assert one.size == 6
    assert one.by_audience == (("Academia", 2), ("Nonprofits", 3), ("Tech", 1))
    assert one.by_channel == (("session", 6),)
    mine = [place for place, (_a, found) in enumerate(COMMENTS.values()) if found and 1 in found]
    assert dict(one.by_prompt) == {PROMPTS[n]: sum(place % 2 == n for place in mine) for n in (0, 1)}
    assert found.hidden == 0


def test_decisions_of_people_count(session: Session, study: Study, themes: dict[int, int]) -> None:
    one, two, three = themes.values()
    decide(session, study, changes.move("late", None, two), Change("reject", {"theme": three}))
    decide(session, study, changes.move("a1", one, two))
    board, found = board_of(session, study), counts(session, study)
    assert set(found.themes) == {one, two}
    for theme in board.live:
        told = found.themes[theme.id]
        assert told.size == theme.size == sum(count or 0 for _name, count in told.by_channel)
        assert sum(count or 0 for _name, count in told.by_audience) == sum(theme.by_audience.values())
    assert dict(found.audiences)["Tech"] == 5, "a late comment counts once people placed it"


def test_a_sub_theme_counts_for_the_one_above(session: Session, study: Study, themes: dict[int, int]) -> None:
    one, two, _three = themes.values()
    decide(session, study, Change("nest", {"theme": two, "under": one}))
    found, board = counts(session, study), board_of(session, study)
    for theme in board.live:
        assert found.themes[theme.id].size == theme.size
        assert dict(found.themes[theme.id].by_channel) == {"session": theme.size}


def test_without_a_board_the_comments_of_groups_are_told(session: Session, study: Study) -> None:
    add_comments(session, study)
    found = counts(session, study)
    assert found.audiences == (("Academia", 4), ("Nonprofits", 4), ("Tech", 5))
    assert found.themes == {}


def test_small_groups_are_counted_together_and_come_last(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    for audience in session.get_one(Study, study.id).audiences:
        audience.people = 2 if audience.name == "Academia" else audience.people
    found = counts(session, study)
    assert found.audiences == (("Tech", 4), (SMALL_GROUPS, 8))
    assert found.themes[themes[1]].by_audience == (("Tech", 1), (SMALL_GROUPS, 5))


def test_a_channel_does_not_tell_what_a_small_group_said(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    """Only the small group came by a file: by channel one would read what it said."""
    for audience in session.get_one(Study, study.id).audiences:
        audience.people = 2 if audience.name == "Academia" else audience.people
    for id in ("a1", "a2", "a3", "a4"):
        session.get_one(Comment, id).channel = "import"
    one = counts(session, study).themes[themes[1]]
    assert dict(one.by_audience)[SMALL_GROUPS] == 5
    assert dict(one.by_channel) == {"import": None, "session": None}


def test_where_comments_are_people_small_numbers_are_hidden(database: Database, study: Study) -> None:
    publish(database, study, document())
    with database.writing() as session:
        add_comments(session, study)
        themes = add_run(session, study)
    with database.writing() as session:
        version = session.connection().exec_driver_sql("SELECT id, survey_id FROM version").one()
        for id in (id for id in COMMENTS if not id.startswith("t")):
            fixed = {"version_id": version[0], "survey_id": version[1], "mode": "anonymous", "day": DAY}
            session.add(Response(id=id, answers={}, language="en", **fixed))
            session.flush()
            comment = session.get_one(Comment, id)
            comment.response_id, comment.channel = id, "survey"
    with database.reading() as session:
        found = counts(session, study)
    one = found.themes[themes[1]]
    # 2 and 3 people, and a note of a session: each of the three groups said one, so none can have said five.
    assert one.by_audience == (("Academia", None), ("Nonprofits", None), ("Tech", None))
    assert one.size is None
    assert found.themes[themes[2]].size is None, "four answers of people"
    assert found.hidden >= 4


def test_a_row_of_one_small_number_takes_the_next_smallest_with_it() -> None:
    assert hide_some({"a": 2, "b": 40, "c": 9, "d": 0}, {"a"}, 5) == {"a", "c"}
    assert hide_some({"a": 2, "b": 1, "c": 9}, {"a", "b"}, 5) == {"a", "b", "c"}
    assert hide_some({"a": 2, "b": 3, "c": 9}, {"a", "b"}, 5) == {"a", "b"}
    assert hide_some({"a": 2, "b": 3}, set(), 5) == set()


def test_a_prompt_that_only_one_hidden_group_was_asked_is_hidden_too() -> None:
    atoms = [
        Atom(1, ("Riders", "survey", "What works?"), 3, 3),
        Atom(2, ("Walkers", "survey", "What not?"), 30, 30),
        Atom(3, ("Drivers", "survey", "What not?"), 40, 40),
    ]
    told = hide(atoms, Limits(5))
    assert told.count(0, "Riders") is told.count(0, "Walkers") is None
    assert told.count(0, "Drivers") == 40
    assert told.count(2, "What works?") is told.count(2, "What not?") is None
    assert (told.total, told.size_hidden, told.count(1, "survey")) == (73, False, 73)


def test_in_how_many_groups_a_theme_occurs_is_known() -> None:
    def groups(*counts: int) -> list[Atom]:
        names = ("Riders", "Walkers", "Drivers")
        return [Atom(n, (names[n], "survey", "P"), count, count) for n, count in enumerate(counts)]

    # Of 3 and 4 the first can be 6 and the other 1; of 2 and 3 none can be 5 when the other said something.
    assert [hide(groups(3, 4, 30), Limits(5)).count(0, name) for name in ("Riders", "Drivers")] == [None, 30]
    assert [hide(groups(2, 3, 30), Limits(5)).count(0, name) for name in ("Riders", "Drivers")] == [
        None,
        None,
    ]
    assert hide(groups(2, 2, 2), Limits(5)).size_hidden
    assert not hide(groups(0, 2, 5), Limits(5)).size_hidden


def test_who_is_counted_together_is_not_told_by_the_number_of_groups() -> None:
    def pool(one: int, two: int, three: int) -> Told:
        atoms = [Atom(1, ("Small", "session", "P"), one), Atom(2, ("Small", "session", "P"), two)]
        return hide(
            [*atoms, Atom(3, ("Large", "session", "P"), three)], Limits(5, frozenset({1, 2}), pool="Small")
        )

    assert pool(1, 1, 20).count(0, "Small") is None, "two comments of two groups are one of each"
    assert pool(2, 1, 20).count(0, "Small") == 3
    assert pool(3, 0, 20).count(0, "Small") == 3, "all are of one of the two, and nobody knows of which"


def test_notes_of_sessions_are_not_people() -> None:
    atoms = [Atom(1, ("Riders", "session", "P"), 1), Atom(2, ("Walkers", "session", "P"), 30)]
    assert hide(atoms, Limits(5)).is_whole


def test_an_empty_channel_is_hidden_where_it_would_tell_whose_comments_all_are() -> None:
    atoms = [
        Atom(1, ("Small", "import", "P"), 0),
        Atom(2, ("Small", "session", "P"), 7),
        Atom(3, ("Large", "import", "P"), 0),
    ]
    told = hide(atoms, Limits(5, frozenset({1, 2}), pool="Small"))
    assert told.count(1, "import") is told.count(1, "session") is None
    assert (told.count(0, "Small"), told.count(0, "Large")) == (7, 0)


# Of the boards that `benchmarks/disclosure_themes.py` looks at, some.
@settings(max_examples=30)
@given(st.integers(0, 1_999))
def test_made_up_boards_tell_nothing_small(seed: int) -> None:
    made = make(Random(seed))
    shown = made.shown()
    assert leaks(made, shown)[1] == []
    for id, theme in shown.themes.items():
        assert theme.size in (None, len(made.of(id)))
        for by, pairs in enumerate((theme.by_audience, theme.by_channel, theme.by_prompt)):
            assert all(count in (None, made.cell(id, by, name)[0]) for name, count in pairs)


def test_hiding_small_numbers_alone_leaks() -> None:
    """The attacker is no rubber stamp."""
    caught = [bool(leaks(made, made.shown_openly())[1]) for made in map(make, map(Random, range(12)))]
    assert sum(caught) >= 6


def test_many_comments_take_seconds(session: Session, study: Study, themes: dict[int, int]) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the counting is the same")
    random, run = Random(1), session.query(Run).one()
    audiences = [audience.id for audience in session.query(Audience).order_by(Audience.id)]
    candidates = [candidate.id for candidate in run.candidates]
    ids = [secrets.token_hex(16) for _ in range(30_000)]
    rows = [{"id": id, "study_id": study.id, "channel": "import", "text": "x"} for id in ids]
    session.execute(insert(Comment), [{**row, "audience_id": random.choice(audiences)} for row in rows])
    places = [{"run_id": run.id, "comment_id": id, "rank": 1, "weight": 0.5} for id in ids]
    session.execute(insert(Placement), [{**one, "candidate_id": random.choice(candidates)} for one in places])
    mine = session.get_one(Study, study.id)
    board, groups = boards.load(session, mine), gate.groups(session, mine)
    begin = time.process_time()
    found = theme_counts.shown(session, mine, board, groups)
    assert time.process_time() - begin < 3
    told = Counter(dict(found.themes[themes[1]].by_channel))
    assert told["import"] > 9_000
