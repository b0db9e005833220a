"""Finding themes again: every decision is kept, and nothing changes before a planner says so."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board, Change, in_force, replay
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.jobs import worker
from survey.models import MapPoint, Placement, Run, Study
from survey.services import applying, differences, runs, standings, studies
from survey.services import board as boards
from survey.services.runs import How
from tests import talk
from tests.boards import board_of, decide

BY = "planner@office.example"
Start = Callable[[Session, Study], object]


@pytest.fixture
def found(database: Database, study: Study) -> Study:
    """The study with 120 comments on six subjects, and a first run on its board."""
    with database.writing() as session:
        talk.add(session, session.merge(study), 120)
    work(database, study, lambda session, study: runs.find(session, study, How(themes=6), BY))
    return study


def work(database: Database, study: Study, start: Start) -> None:
    """Start a job and do it."""
    with database.writing() as session:
        start(session, studies.by_slug(session, study.slug))
    worker.drain(database)


def newest(session: Session, study: Study) -> Run:
    return boards.runs_of(session, study)[0]


def any_change(dice: random.Random, board: Board, where: standings.Where) -> Change:
    """A decision by chance; some of them make no sense and are refused."""
    theme, other = dice.choice(board.themes), dice.choice(board.themes)
    some = dice.sample(sorted(where), 4)
    own = sorted(c for c, themes in where.items() if any(t == theme.id for t, _w in themes))
    name = f"Name {dice.randrange(10**6)}"
    made: list[Callable[[], Change]] = [
        lambda: changes.accept(theme.id),
        lambda: changes.reject(theme.id),
        lambda: changes.park(theme.id),
        lambda: changes.rename(theme.id, name),
        lambda: changes.merge(theme.id, [other.id]),
        lambda: changes.nest(theme.id, other.id),
        lambda: changes.create(name, some[:2]),
        lambda: changes.move(some, None, theme.id),
        lambda: changes.assign({some[0]: [], some[1]: [theme.id, other.id]}),
        lambda: changes.pin(some),
        lambda: changes.off_topic(some[:2]),
        lambda: changes.split(theme.id, [(name, own[::2]), (name + " b", own[1::2])]),
        lambda: changes.undo(board.revision),
        lambda: changes.note("look again", theme=theme.id),
    ]
    return dice.choice(made)()


def decide_by_chance(session: Session, study: Study, dice: random.Random, times: int) -> None:
    for _ in range(times):
        board = board_of(session, study)
        change = any_change(dice, board, standings.everywhere(session, board))
        try:
            boards.decide(session, study, change, board.revision, BY)
        except (Refusal, NotFound):
            continue


def said(board: Board) -> dict[str, Any]:
    """All that people decided, as it stands."""
    records = replay(in_force(board.log)).themes
    return {
        "themes": {
            t.id: (t.name, t.state, t.parent, t.entry, t.office, t.notes)
            for t in board.themes
            if records[t.id].touched
        },
        "moved": board.moved,
        "off": board.off_topic,
    }


def sets(session: Session, board: Board) -> dict[str, frozenset[int]]:
    """The themes of each comment on a board, without a database that counts."""
    found: dict[str, set[int]] = defaultdict(set)
    for comment, candidate in session.execute(
        select(Placement.comment_id, Placement.candidate_id).where(Placement.run_id == board.run)
    ):
        found[comment] |= set() if candidate is None else {candidate}
    return {comment: board.numbers_of(comment, candidates) for comment, candidates in found.items()}


def check_counts(session: Session, difference: differences.Difference) -> None:
    """What the difference says of each theme is what a look at every comment says."""
    before, after = sets(session, difference.before), sets(session, difference.after)
    decided = difference.before.moved.keys() | difference.before.off_topic
    joined, left = Counter[int](), Counter[int]()
    for comment in (before.keys() | after.keys()) - decided:
        old, new = before.get(comment, frozenset()), after.get(comment, frozenset())
        joined.update(new - old)
        left.update(old - new)
    for change in difference.themes:
        assert (change.joined.number, change.left.number) == (joined[change.theme.id], left[change.theme.id])
        for flow, source, target in ((change.joined, before, after), (change.left, after, before)):
            assert len(flow.examples) == min(flow.number, differences.EXAMPLES)
            for example in flow.examples:
                assert change.theme.id in target[example.id]
                assert change.theme.id not in source.get(example.id, ())


def any_start(dice: random.Random) -> Start:
    granularity, afresh = dice.choice(runs.GRANULARITIES), dice.random() < 0.4
    how = How(dice.choice([None, 4, 9]), dice.randrange(5), granularity, afresh)
    if dice.random() < 0.25:
        return lambda session, study: runs.place(session, study, dice.random() < 0.5, 0, BY)
    return lambda session, study: runs.find(session, study, how, BY)


@pytest.mark.parametrize("seed", range(6))
def test_every_decision_outlives_every_run(database: Database, found: Study, seed: int) -> None:
    dice = random.Random(seed)
    for step in range(2):
        with database.writing() as session:
            study = studies.by_slug(session, found.slug)
            decide_by_chance(session, study, dice, 12)
            board = board_of(session, study)
            decide(session, study, changes.move(min(sets(session, board)), None, board.open[0].id))
            talk.add(session, study, 20, seed=100 + 10 * seed + step)
            before = board_of(session, study)
        work(database, found, any_start(dice))
        with database.writing() as session:
            study = studies.by_slug(session, found.slug)
            assert board_of(session, study) == before  # nothing changes by itself
            run = newest(session, study)
            difference = differences.between(session, study, before, run)
            check_counts(session, difference)
            assert difference.kept == difference.decisions > 0
            after = decide(session, study, applying.onto(before, run))
            assert after.run == run.id
            assert replace(after, log=(), revision=0, decisions=0, last_edit=None, redoable=None) == replace(
                difference.after, log=(), revision=0, decisions=0, last_edit=None, redoable=None
            )
            assert said(after) == said(before)
            assert {n: after.merged[n] for n in before.merged} == before.merged
            check_rejected(session, before, after)


def check_rejected(session: Session, before: Board, after: Board) -> None:
    """What was rejected does not come back under another number."""
    rejected = {theme.id for theme in before.rejected}
    old, new = sets(session, before), sets(session, after)
    kind = session.get_one(Run, after.run).kind
    for comment, themes in old.items():
        if themes & rejected and len(themes) == 1 and kind == "discover":
            assert new[comment] & rejected == themes, comment


def test_untouched_themes_go_on_and_keep_their_numbers(database: Database, found: Study) -> None:
    with database.writing() as session:
        before = board_of(session, studies.by_slug(session, found.slug))
    work(database, found, lambda session, study: runs.find(session, study, How(), BY))
    with database.reading() as session:
        study = studies.by_slug(session, found.slug)
        run = newest(session, study)
        goes_on = {candidate.goes_on: candidate.label for candidate in run.candidates}
        assert goes_on.items() >= {theme.id: theme.name for theme in before.themes}.items()
        assert (run.kind, run.board_revision) == ("discover", before.revision)
        points = session.scalars(select(MapPoint).where(MapPoint.run_id == run.id)).all()
        assert {point.comment_id for point in points} <= set(sets(session, before))
        assert len(points) > 100


def test_afresh_leaves_suggestions_and_keeps_what_people_named(database: Database, found: Study) -> None:
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        first = board_of(session, study).themes[0]
        decide(session, study, changes.rename(first.id, "What we call it"))
    work(database, found, lambda session, study: runs.find(session, study, How(themes=3, afresh=True), BY))
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        run = newest(session, study)
        named = [(c.label, c.goes_on) for c in run.candidates if c.goes_on is not None]
        assert named == [("What we call it", first.id)]
        assert len(run.candidates) == 3
        assert run.manifest["afresh"] is True
        after = decide(session, study, applying.onto(board_of(session, study), run))
        assert len(after.themes) == 3
        assert after.find(first.id).size >= first.size - 2  # type: ignore[union-attr]


def test_a_theme_without_comments_is_lost_and_stays(database: Database, found: Study) -> None:
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        made = decide(session, study, changes.create("Xylophones and oboes"))
        number = made.next_number - 1
    work(database, found, lambda session, study: runs.find(session, study, How(afresh=True), BY))
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        before, run = board_of(session, study), newest(session, study)
        assert all(candidate.size for candidate in run.candidates)
        difference = differences.between(session, study, before, run)
        theme = difference.after.find(number)
        assert theme is not None
        assert theme.lost == (number not in {c.goes_on for c in run.candidates})


def test_a_run_that_was_taken_off_can_come_back(database: Database, found: Study) -> None:
    work(database, found, lambda session, study: runs.find(session, study, How(themes=9, afresh=True), BY))
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        second = newest(session, study)
        first_board = board_of(session, study)
        with_second = decide(session, study, applying.onto(first_board, second))
        undone = decide(session, study, changes.undo(with_second.revision))
        assert [t.name for t in undone.themes] == [t.name for t in first_board.themes]
        again = decide(session, study, applying.onto(undone, second))
        assert [(t.id, t.name, t.size) for t in again.themes] == [
            (t.id, t.name, t.size) for t in with_second.themes
        ]
        back = decide(session, study, applying.onto(again, applying.run_of(session, study, 1)))
        assert [(t.id, t.name, t.size) for t in back.themes] == [
            (t.id, t.name, t.size) for t in first_board.themes
        ]


def test_placing_fills_only_the_rest(database: Database, found: Study) -> None:
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        board = board_of(session, study)
        where = standings.everywhere(session, board)
        theme = board.themes[0]
        given = [c for c, themes in where.items() if themes[0][0] == theme.id][:4]
        others = [c for c, themes in where.items() if themes[0][0] == board.themes[1].id][:4]
        decide(session, study, changes.pin(given + others))
        talk.add(session, study, 30, seed=5)
        before = board_of(session, study)
    work(database, found, lambda session, study: runs.place(session, study, False, 0, BY))
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        run = newest(session, study)
        assert (run.kind, run.comments) == ("place", 150)
        old = sets(session, before)
        after = decide(session, study, applying.onto(before, run))
        new = sets(session, after)
        assert {c: themes for c, themes in new.items() if old.get(c)} == {c: t for c, t in old.items() if t}
        fresh = [themes for c, themes in new.items() if not old.get(c)]
        assert set().union(*fresh) <= {board.themes[0].id, board.themes[1].id}
        assert sum(map(bool, fresh)) >= 25
        assert {t.id: t.name for t in after.themes} == {t.id: t.name for t in before.themes}
        assert (after.late, before.late) == (0, 30)


def test_placing_needs_an_example(database: Database, found: Study) -> None:
    with database.writing() as session, pytest.raises(Refusal, match="no examples yet"):
        runs.place(session, studies.by_slug(session, found.slug), False, 0, BY)


def test_a_stale_run_is_refused(database: Database, found: Study) -> None:
    work(database, found, lambda session, study: runs.find(session, study, How(), BY))
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        seen = board_of(session, study)
        change = applying.onto(seen, newest(session, study))
        decide(session, study, changes.accept(seen.themes[0].id), by="other@office.example")
        with pytest.raises(boards.Overtaken):
            boards.decide(session, study, change, seen.revision, BY)
        assert board_of(session, study).run == seen.run
