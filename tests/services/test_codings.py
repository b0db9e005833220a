"""Coding a sample: one's own codes until one has finished, and one comparison when both have."""

# ruff: noqa: F811 (fixtures are named as arguments)
from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.jobs import worker
from survey.models import AuditRow, Coding, Comment, Job
from survey.services import codings, samples, settlements
from survey.services.codings import Given, NotRight
from survey.services.settlements import Choice
from tests.boards import COMMENTS, LABELS
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


def save(database: Database, place: int, id: str, given: Given) -> None:
    position = positions(database)[id]
    with database.writing() as session:
        codings.save(session, get(session), place, {position: given}, f"coder-{place}")


def said(database: Database, place: int) -> dict[int, tuple[list[int], bool, str]]:
    with database.reading() as session:
        own = codings.own(session, get(session), place)
        return {position: (coding.themes, coding.unsure, coding.note) for position, coding in own.items()}


def test_the_main_theme_comes_first_else_the_order_of_the_board(database: Database, drawn: list[int]) -> None:
    one, two, three = drawn
    place = positions(database)
    save(database, 1, "a1", Given((three, one)))
    save(database, 1, "a2", Given((one, two, three), main=three, unsure=True, note="  Both?\nYes. "))
    save(database, 1, "a3", NONE)
    assert said(database, 1) == {
        place["a1"]: ([one, three], False, ""),
        place["a2"]: ([three, one, two], True, "Both?\nYes."),
        place["a3"]: ([], False, ""),
    }


def test_a_coder_can_change_own_codes_until_finished(database: Database, drawn: list[int]) -> None:
    code(database, 1, lambda id: NONE)
    save(database, 1, "a1", Given((drawn[0],)))
    assert said(database, 1)[positions(database)["a1"]][0] == [drawn[0]]
    finish(database, 1)
    with pytest.raises(Refusal, match="finished this sample"):
        save(database, 1, "a1", NONE)
    assert said(database, 1)[positions(database)["a1"]][0] == [drawn[0]]
    save(database, 2, "a1", NONE)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given(), "Tick at least one theme"),
        (Given((999,)), "not in this sample"),
        (Given((2**70,)), "not in this sample"),
        (Given((1,), none=True), "Keep one or the other"),
        (Given((1,), main=2), "main theme is not ticked"),
        (Given(none=True, main=1), "main theme is not ticked"),
        (Given((1,), note="x" * 5_000), "5000 characters. Use 2000 or fewer"),
        (Given((1,), note="a\0b"), "cannot be stored"),
        (Given((1,), note="\ud800"), "cannot be stored"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is_half_done(
    database: Database, drawn: list[int], given: Given, words: str
) -> None:
    """Small numbers stand for the themes of the sample, in order."""
    real = Given(
        tuple(drawn[theme - 1] if theme < 4 else theme for theme in given.themes),
        drawn[given.main - 1] if given.main else None,
        given.none,
        given.unsure,
        given.note,
    )
    place = positions(database)
    with pytest.raises(NotRight, match=words) as refused, database.writing() as session:
        codings.save(session, get(session), 1, {place["a1"]: NONE, place["a2"]: real}, "coder")
    assert list(refused.value.problems) == [place["a2"]]
    assert count(database, Coding) == 0


def test_a_form_without_a_comment_is_refused(database: Database, drawn: list[int]) -> None:
    with pytest.raises(Refusal, match="Load the page again"), database.writing() as session:
        codings.save(session, get(session), 1, {}, "coder")


def test_the_same_page_sent_twice_at_once_is_stored_once(database: Database, drawn: list[int]) -> None:
    place = positions(database)

    def send(session: Session, theme: int) -> None:
        given = {place["a1"]: Given((theme,)), place["a2"]: Given((theme,))}
        codings.save(session, get(session), 1, given, "coder")

    meanwhile(database, lambda session: send(session, drawn[0]), lambda session: send(session, drawn[1]))
    assert count(database, Coding) == 2
    assert {tuple(themes) for themes, _unsure, _note in said(database, 1).values()} == {(drawn[1],)}


def meanwhile(
    database: Database, first: Callable[[Session], object], then: Callable[[Session], object]
) -> None:
    """Begin the second while the first has done its work and not committed yet."""
    faults: list[BaseException] = []

    def second() -> None:
        try:
            with database.writing() as session:
                then(session)
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=second)
    with database.writing() as session:
        first(session)
        thread.start()
        thread.join(0.4)  # it waits for the first to end, if all is well
    thread.join()
    assert faults == []


def test_the_audit_does_not_tell_what_was_said(database: Database, drawn: list[int]) -> None:
    save(database, 1, "a1", Given((drawn[2],), note="Secret note"))
    with database.reading() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
        assert row is not None
        assert (row.action, row.details) == ("samples.code", {"sample": 1, "comments": 1})


def test_nobody_finishes_while_comments_are_left(database: Database, drawn: list[int]) -> None:
    with pytest.raises(Refusal, match="14 comments are left"):
        finish(database, 1)
    code(database, 1, lambda id: NONE)
    with database.writing() as session:
        session.execute(delete(Coding).where(Coding.position == positions(database)["x1"]))
    with pytest.raises(Refusal, match="1 comment is left"):
        finish(database, 1)


def jobs_of(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Job.state).where(Job.kind == "agreement")))


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_coders_finish_in_any_order(database: Database, drawn: list[int], order: tuple[int, int]) -> None:
    for place in order:
        code(database, place, lambda id: NONE)
    finish(database, order[0])
    finish(database, order[0])
    assert jobs_of(database) == []
    with database.reading() as session:
        assert get(session).state == "coding"
    finish(database, order[1])
    finish(database, order[1])
    assert jobs_of(database) == ["waiting"]
    with database.reading() as session:
        assert get(session).state == "finished"


def test_two_who_finish_at_once_start_one_comparison(database: Database, drawn: list[int]) -> None:
    for place in (1, 2):
        code(database, place, lambda id: NONE)

    def end(session: Session, place: int) -> None:
        codings.finish(session, get(session, lock=True), place, "coder")

    meanwhile(database, lambda session: end(session, 1), lambda session: end(session, 2))
    assert jobs_of(database) == ["waiting"]


def test_nobody_reads_both_before_both_have_finished(database: Database, drawn: list[int]) -> None:
    for place in (1, 2):
        code(database, place, lambda id: NONE)
    finish(database, 1)
    with database.reading() as session:
        sample, study = get(session), study_of(session)
        with pytest.raises(NotFound):
            codings.both(session, sample)
        with pytest.raises(NotFound):
            settlements.disagreements(session, sample)
        with pytest.raises(NotFound):
            settlements.settle(session, study, sample, 1, Choice("first"), seen=0, by="p")
    with database.writing() as session, pytest.raises(Refusal, match="nothing to compare"):
        codings.compare_again(session, get(session), "p")


def truth(themes: list[int]) -> dict[str, Given]:
    """What the run says of each comment, as a coder would say it."""
    places = {id: found for id, (_audience, found) in COMMENTS.items()}
    return {
        id: Given(tuple(themes[place - 1] for place in sorted(found))) if found else NONE
        for id, found in places.items()
    }


def test_the_comparison_is_stored_with_the_sample(database: Database, drawn: list[int]) -> None:
    right = truth(drawn)
    # The second coder misses theme 2 in a2 and n3, and puts t4 into none.
    other = right | {"a2": Given((drawn[0],)), "n3": Given((drawn[0],)), "t4": NONE}
    found = code_and_compare(database, right.__getitem__, other.__getitem__)
    assert found["comments"] == 14
    assert found["same"]["value"] == pytest.approx(11 / 14)
    one, two, three, none = found["themes"]
    assert (two["name"], two["first"], two["second"], two["both"]) == (LABELS[2], 4, 1, 1)
    # 11 of 14 alike; by chance 4/14 * 1/14 + 10/14 * 13/14 = 134/196.
    assert two["kappa"]["value"] == pytest.approx((11 / 14 - 134 / 196) / (1 - 134 / 196))
    assert one["kappa"]["value"] == three["kappa"]["value"] == 1
    assert (none["first"], none["second"], none["both"]) == (4, 5, 4)
    assert found["main"]["same"]["value"] == pytest.approx(13 / 14), "theme 1 stays the main one"
    with database.reading() as session:
        listed = settlements.disagreements(session, get(session))
        assert {pair.item.comment_id for pair in listed.pairs} == {"a2", "n3", "t4"}
        assert (listed.total, listed.settled) == (3, 0)


def test_comparing_again_never_changes_what_was_shown(database: Database, drawn: list[int]) -> None:
    right = truth(drawn)
    before = code_and_compare(database, right.__getitem__, lambda id: NONE)
    with database.writing() as session:
        session.execute(update(Coding).values(themes=[]))
        session.execute(update(Job).where(Job.kind == "agreement").values(state="waiting", attempts=0))
    worker.drain(database)
    with database.reading() as session:
        assert get(session).agreement == before
    with database.writing() as session, pytest.raises(Refusal, match="done once"):
        codings.compare_again(session, get(session), "p")


def test_a_comparison_that_failed_can_be_put_to_work_again(database: Database, drawn: list[int]) -> None:
    for place in (1, 2):
        code(database, place, lambda id: NONE)
        finish(database, place)
    with database.writing() as session:
        first = codings.compare_again(session, get(session), "p").id
        session.execute(update(Job).where(Job.id == first).values(state="failed", message="no"))
    with database.writing() as session:
        assert codings.compare_again(session, get(session), "p").id > first
    worker.drain(database)
    with database.reading() as session:
        assert get(session).agreement is not None


def test_comments_taken_away_meanwhile(database: Database, drawn: list[int]) -> None:
    code(database, 1, lambda id: NONE)
    place = positions(database)
    with database.writing() as session:
        session.execute(delete(Comment).where(Comment.id.in_(["a1", "a2"])))
    with database.writing() as session:
        given = {place[id]: NONE for id in ("a1", "a3")}
        codings.save(session, get(session), 2, given, "coder-2")
        far = samples.progress(session, [get(session)])[get(session).id]
        assert (far.of, far.done, far.left(2)) == (12, {1: 12, 2: 1}, 11)
    finish(database, 1)
    code(database, 2, lambda id: NONE)
    finish(database, 2)
    worker.drain(database)
    with database.reading() as session:
        found = get(session).agreement
        assert found is not None
        assert found["comments"] == 12


def test_with_one_comment_left_there_is_nothing_to_compare(database: Database, drawn: list[int]) -> None:
    with database.writing() as session:
        session.execute(delete(Comment).where(Comment.id != "a1"))
    for place in (1, 2):
        code(database, place, lambda id: NONE)
        finish(database, place)
    worker.drain(database)
    with database.reading() as session:
        job = codings.last_job(session, get(session))
        assert job is not None
        assert job.state == "failed"
        assert "Fewer than two comments" in job.message
