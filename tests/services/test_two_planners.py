"""Two planners decide about one board at once: no decision is lost."""

from __future__ import annotations

import random
from threading import Barrier, Thread

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from benchmarks.board_sequences import Outcome, Planner, Sequence
from survey import changes
from survey.board import in_force
from survey.db import Database
from survey.models import Candidate, Edit, Person, Study
from survey.services import board as boards
from survey.services import studies
from tests.boards import COMMENTS, add_comments, add_run, board_of
from tests.people import Cast

BY = "planner@office.example"


def test_two_planners_taking_turns_lose_nothing(database: Database) -> None:
    """A share of benchmarks/board_sequences.py, which plays a thousand of these."""
    outcome = Outcome()
    for number in range(1_000, 1_004):
        Sequence.begin(database, number).play(25, outcome)
    assert outcome.faults == []
    assert outcome.attempts == 100
    assert outcome.ended["stored"] > 35
    assert outcome.ended["Overtaken"] > 1


def test_an_edit_that_is_lost_or_changed_is_noticed(database: Database) -> None:
    """Otherwise the test above would prove nothing."""
    sequence = Sequence.begin(database, 1)
    planners = [Planner(BY, sequence.look())]
    with database.writing() as session:
        study = session.scalars(select(Study).where(Study.slug == sequence.slug)).one()
        after = boards.decide(session, study, changes.create("Quite new"), 1, BY)
        boards.decide(session, study, changes.accept(after.next_number - 1), 2, BY)
    planners[0].confirmed += [(2, "create"), (3, "accept")]
    assert list(sequence.check(planners)) == []
    with database.writing() as session:
        session.execute(update(Edit).where(Edit.number == 3).values(made_by="somebody else"))
    assert len(list(sequence.check(planners))) == 1
    with database.writing() as session:
        session.execute(delete(Edit).where(Edit.number == 3))
    assert len(list(sequence.check(planners))) == 1
    with database.writing() as session:
        session.execute(update(Candidate).values(by_audience={"": 5}))
    assert len(list(sequence.check(planners))) > 1


def test_two_planners_at_once_lose_nothing(database: Database, cast: Cast, study: Study) -> None:
    """Each edit that was confirmed is there, numbered without a gap; collisions are told, not swallowed."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
    confirmed: dict[str, list[int]] = {"one": [], "two": []}
    told = {"one": 0, "two": 0}
    start = Barrier(2)

    def work(name: str, person_id: int) -> None:
        luck = random.Random(name)
        start.wait()
        for turn in range(30):
            with database.reading() as session:
                seen = board_of(session, session.merge(study, load=False))
            if luck.random() < 0.6:
                change = changes.rename(luck.choice((1, 2, 3)), f"{name} {turn}")
            else:
                change = changes.assign({luck.choice(list(COMMENTS)): luck.sample((1, 2, 3), 2)})
            try:
                with database.writing() as session:
                    person = session.get_one(Person, person_id)
                    locked = studies.for_person(session, person, study.slug, lock=True)
                    before = boards.newest_revision(session, locked)
                    after = boards.decide(session, locked, change, seen.revision, name)
            except boards.Overtaken:
                told[name] += 1
            else:
                # A comment may have been put there already.
                (confirmed[name] if after.revision > before else []).append(after.revision)
                told[name] += after.revision == before

    people = {"one": cast.planner.id, "two": cast.facilitator.id}
    threads = [Thread(target=work, args=item) for item in people.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, confirmed.values())) + sum(told.values()) == 60
    with database.reading() as session:
        check_all_there(session, session.merge(study, load=False), confirmed)


def check_all_there(session: Session, study: Study, confirmed: dict[str, list[int]]) -> None:
    made = session.scalars(select(Edit).order_by(Edit.number)).all()
    assert [edit.number for edit in made] == list(range(1, len(made) + 1))
    assert {name: [e.number for e in made if e.made_by == name] for name in confirmed} == confirmed
    decisions = in_force(boards.decisions_of(session, study))
    names = {d.details["theme"]: d.details["name"] for d in decisions if d.kind == "rename"}
    placed = {comment: set(themes or ()) for d in decisions for comment, themes in d.comments}
    board = board_of(session, study)
    assert {theme.id: theme.name for theme in board.themes if theme.id in names} == names
    assert board.moved == placed
    assert len(COMMENTS) == board.comments
