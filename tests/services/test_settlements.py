"""Settling what two coders disagree on: decisions on the board that can be undone."""

# ruff: noqa: F811 (fixtures are named as arguments)
from __future__ import annotations

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey import changes
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.models import Coding, Comment, Edit, Job
from survey.services import board as boards
from survey.services import samples, settlements
from survey.services.codings import Given
from survey.services.settlements import Choice
from survey.services.theme_comments import placements, standing
from tests.boards import board_of, decide
from tests.samples import (  # noqa: F401 (fixtures)
    NONE,
    code,
    code_and_compare,
    count,
    draw,
    drawn,
    finish,
    get,
    positions,
    study_of,
    themes,
)


def where(database: Database, comment: str) -> list[int]:
    with database.reading() as session:
        board = board_of(session, study_of(session))
        found = placements(session, board, [comment])
        return sorted(theme.id for theme in standing(board, comment, found).themes)


def settle(database: Database, comment: str, choice: Choice, seen: int | None = None) -> None:
    position = positions(database)[comment]
    with database.writing() as session:
        study = study_of(session, lock=True)
        revision = board_of(session, study).revision if seen is None else seen
        settlements.settle(session, study, get(session), position, choice, seen=revision, by="planner")


def settled(database: Database, comment: str) -> dict[str, object]:
    with database.reading() as session:
        items = samples.items(session, get(session))
        return next(item.settled or {} for item in items if item.comment_id == comment)


@pytest.fixture
def compared(database: Database, drawn: list[int]) -> list[int]:
    """Compared: on a1 the first says theme 2, the second themes 1 and 3; on a2 theme 1 against none."""
    one, two, three = drawn
    first = {"a1": Given((two,)), "a2": Given((one,))}
    second = {"a1": Given((one, three))}
    code_and_compare(database, lambda id: first.get(id, NONE), lambda id: second.get(id, NONE))
    return drawn


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (Choice("first"), [2]),
        (Choice("second"), [1, 3]),
        (Choice("own", (3, 2)), [2, 3]),
        (Choice("own"), []),
    ],
)
def test_settling_is_a_decision_on_the_board_that_can_be_undone(
    database: Database, compared: list[int], choice: Choice, wanted: list[int]
) -> None:
    before = where(database, "a1")
    agreed = get_agreement(database)
    edits = count(database, Edit)
    settle(database, "a1", Choice(choice.how, tuple(compared[theme - 1] for theme in choice.themes)))
    assert where(database, "a1") == [compared[theme - 1] for theme in wanted] != before
    assert count(database, Edit) == edits + 1
    how = settled(database, "a1")
    assert (how["how"], how["by"]) == (choice.how, "planner")
    assert get_agreement(database) == agreed
    with database.writing() as session:
        study = study_of(session, lock=True)
        decide(session, study, changes.undo(int(str(how["edit"]))))
        pairs = settlements.disagreements(session, get(session)).pairs
        assert settlements.undone(board_of(session, study), pairs) == {positions(database)["a1"]}
    assert where(database, "a1") == before
    assert get_agreement(database) == agreed


def get_agreement(database: Database) -> dict[str, object]:
    with database.reading() as session:
        return get(session).agreement or {}


def test_leaving_it_decides_nothing(database: Database, compared: list[int]) -> None:
    before, edits = where(database, "a1"), count(database, Edit)
    settle(database, "a1", Choice("left"))
    assert (where(database, "a1"), count(database, Edit)) == (before, edits)
    assert settled(database, "a1")["how"] == "left"
    settle(database, "a1", Choice("first"))
    assert where(database, "a1") == [compared[1]]
    with pytest.raises(Refusal, match="Undo that decision"):
        settle(database, "a1", Choice("left"))
    with database.reading() as session:
        assert settlements.disagreements(session, get(session)).settled == 1


def test_a_settlement_can_be_made_otherwise(database: Database, compared: list[int]) -> None:
    settle(database, "a1", Choice("first"))
    first = settled(database, "a1")["edit"]
    settle(database, "a1", Choice("second"))
    assert where(database, "a1") == [compared[0], compared[2]]
    assert settled(database, "a1")["edit"] != first


def test_what_cannot_be_settled(database: Database, compared: list[int]) -> None:
    with pytest.raises(Refusal, match="not in this sample"):
        settle(database, "a1", Choice("own", (999,)))
    with pytest.raises(Refusal, match="Both coders said the same"):
        settle(database, "a3", Choice("first"))
    with database.writing() as session:
        study = study_of(session, lock=True)
        for position in (0, 15, 2**31 - 1):
            with pytest.raises(NotFound):
                settlements.settle(session, study, get(session), position, Choice("left"), seen=0, by="p")
    assert settled(database, "a1") == settled(database, "a3") == {}


def test_a_theme_that_was_merged_is_what_it_became(database: Database, compared: list[int]) -> None:
    one, two, _three = compared
    with database.writing() as session:
        decide(session, study_of(session, lock=True), changes.merge(one, [two]))
    settle(database, "a1", Choice("first"))
    assert where(database, "a1") == [one]


def test_a_theme_that_was_rejected_is_not_put_to_use(database: Database, compared: list[int]) -> None:
    with database.writing() as session:
        decide(session, study_of(session, lock=True), changes.reject(compared[1]))
    with pytest.raises(Refusal, match="was rejected"):
        settle(database, "a1", Choice("first"))
    assert settled(database, "a1") == {}


def test_two_who_settle_the_same_comment(database: Database, compared: list[int]) -> None:
    with database.reading() as session:
        seen = board_of(session, study_of(session)).revision
    settle(database, "a1", Choice("first"), seen)
    with pytest.raises(boards.Overtaken):
        settle(database, "a1", Choice("second"), seen)
    assert where(database, "a1") == [compared[1]]
    assert settled(database, "a1")["how"] == "first"


def test_settling_a_comment_that_was_taken_away(database: Database, compared: list[int]) -> None:
    position = positions(database)["a1"]
    with database.writing() as session:
        session.execute(delete(Comment).where(Comment.id == "a1"))
    with database.writing() as session:
        study, sample = study_of(session, lock=True), get(session)
        with pytest.raises(NotFound):
            settlements.settle(session, study, sample, position, Choice("first"), seen=0, by="p")
        assert settlements.disagreements(session, sample).total == 1
        assert sample.agreement is not None
        assert sample.agreement["comments"] == 14


def test_taking_the_study_away_takes_its_samples(database: Database, compared: list[int]) -> None:
    with Session(database.write) as session, session.begin():
        session.execute(delete(Job))
        session.execute(delete(Comment))
    assert count(database, Coding) == 0
