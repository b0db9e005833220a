"""Quotes: proposed over audiences, with what points to a person marked; only cleared ones leave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from survey import changes
from survey.errors import NotFound, Refusal
from survey.models import Comment, Study
from survey.services import quotes, studies
from tests.boards import add_comments, add_run, board_of, decide

JANE = "I'm Jane Doe, call 215-555-0123 about the buses."


@pytest.fixture
def plan(session: Session, study: Study) -> Study:
    add_comments(session, study)
    add_run(session, study)
    return studies.by_slug(session, study.slug)


def say(session: Session, comment: str, text: str) -> Comment:
    session.execute(update(Comment).where(Comment.id == comment).values(text=text))
    session.expire_all()
    return session.get_one(Comment, comment)


def proposed(session: Session, plan: Study, theme: int, most: int = 3, *, refused: bool = False) -> list[str]:
    board = board_of(session, plan)
    found = board.find(theme)
    assert found
    offered = quotes.propose(session, board, [found], most, refused=refused)[theme]
    return [proposal.comment.id for proposal in offered]


def test_each_audience_has_its_turn_before_one_has_a_second(session: Session, plan: Study) -> None:
    offered = proposed(session, plan, 1, most=4)
    assert len(set(offered)) == 4
    assert {id[0] for id in offered[:3]} == {"a", "n", "t"}
    assert set(proposed(session, plan, 1, most=12)) == {"a1", "a2", "n1", "n2", "n3", "t1"}


def test_what_reads_badly_comes_last(session: Session, plan: Study) -> None:
    say(session, "t1", "Yes.")
    assert proposed(session, plan, 1, most=12)[-1] == "t1"


def test_the_same_words_are_proposed_once(session: Session, plan: Study) -> None:
    for id in ("a1", "n1"):
        say(session, id, "Please bring the internet to our block.")
    say(session, "n2", "Please bring  the internet to OUR block.")
    assert len({"a1", "n1", "n2"} & set(proposed(session, plan, 1, most=12))) == 1


def test_comments_that_people_moved_follow(session: Session, plan: Study) -> None:
    decide(session, plan, changes.move("a1", 1, 3), changes.move("late", None, 3), changes.off_topic("n1"))
    assert {"a1", "n1"}.isdisjoint(proposed(session, plan, 1, most=12))
    assert {"a1", "late"} <= set(proposed(session, plan, 3, most=12))


def test_cleared_ones_come_first_and_refused_ones_when_asked_for(session: Session, plan: Study) -> None:
    decide(session, plan, changes.quote("n2", "cleared"), changes.quote("a1", "refused"))
    assert proposed(session, plan, 1, most=1) == ["n2"]
    assert "a1" not in proposed(session, plan, 1, most=12)
    assert "a1" in proposed(session, plan, 1, most=12, refused=True)
    decide(session, plan, changes.quote("a1", "open"))
    assert "a1" in proposed(session, plan, 1, most=12)


def test_what_points_to_a_person_is_marked(session: Session, plan: Study) -> None:
    found = quotes.proposal(board_of(session, plan), say(session, "a1", JANE))
    assert [part.text for part in found.parts if part.inside] == ["Jane Doe", "215-555-0123"]


def test_the_number_of_queries_does_not_grow_with_themes(session: Session, plan: Study) -> None:
    board = board_of(session, plan)
    counted: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *seen: counted.append(seen[2]))
    quotes.propose(session, board, board.themes[:1], 3)
    one = len(counted)
    quotes.propose(session, board, board.themes, 3)
    assert len(counted) - one == one <= 3


def test_only_cleared_ones_leave_by_theme_and_redacted(session: Session, plan: Study) -> None:
    comment = say(session, "a2", JANE)  # in themes 1 and 2
    spans = quotes.chosen(JANE, ["4-12"], "215-555-0123")
    decide(session, plan, quotes.clear(comment, spans), changes.quote("n1", "refused"))
    found = quotes.cleared(session, board_of(session, plan))
    assert {theme: [quote.text for quote in listed] for theme, listed in found.items()} == {
        1: ["I'm […], call […] about the buses."],
        2: ["I'm […], call […] about the buses."],
        3: [],
    }
    assert session.get_one(Comment, "a2").text == JANE, "what was written never changes"


def test_a_cleared_quote_goes_with_its_comment(session: Session, plan: Study) -> None:
    decide(session, plan, changes.quote("a1", "cleared"), changes.move("a1", 1, 2))
    found = quotes.cleared(session, board_of(session, plan))
    assert [len(found[theme]) for theme in (1, 2, 3)] == [0, 1, 0]
    decide(session, plan, changes.off_topic("a1"))
    assert not any(quotes.cleared(session, board_of(session, plan)).values())


def test_undo_takes_the_clearing_back(session: Session, plan: Study) -> None:
    after = decide(session, plan, changes.quote("a1", "cleared", [(0, 3)]))
    after = decide(session, plan, changes.undo(after.revision))
    assert not any(quotes.cleared(session, after).values())
    decide(session, plan, changes.redo(after.log[-2].number))
    assert quotes.cleared(session, board_of(session, plan))[1][0].spans == ((0, 3),)


@pytest.mark.parametrize(
    ("ticked", "words"),
    [
        (["3-900"], ""),
        (["9-3"], ""),
        (["-1-3"], ""),
        (["1e1-20"], ""),
        (["x"], ""),
        (["٤-١٢"], ""),
        (["4-12" * 5000], ""),
        ([], "Mary Doe"),
        (["4-12"], "Jane Doe\nnot there"),
        ([], "\0"),
    ],
)
def test_what_cannot_be_blacked_out_is_refused(ticked: list[str], words: str) -> None:
    with pytest.raises(Refusal):
        quotes.chosen(JANE, ticked, words)


@given(st.lists(st.tuples(st.integers(0, 47), st.integers(1, 48)), max_size=5), st.text(max_size=10))
def test_words_and_ticks_become_spans_of_the_text(ticked: list[tuple[int, int]], words: str) -> None:
    values = [f"{start}-{end}" for start, end in ticked if start < end]
    try:
        spans = quotes.chosen(JANE, values, words)
    except Refusal:
        return
    assert all(0 <= start < end <= len(JANE) for start, end in spans)


def test_a_quote_of_which_nothing_is_left_is_refused(session: Session, plan: Study) -> None:
    comment = say(session, "a1", "Jane Doe!")
    with pytest.raises(Refusal, match="Nothing would be left"):
        quotes.clear(comment, [(0, 8)])


def test_comments_of_other_studies_are_not_found(session: Session, plan: Study) -> None:
    other = studies.by_slug(session, "other")
    session.add(Comment(id="theirs", study_id=other.id, channel="paper", text="Theirs"))
    session.flush()
    for id in ("theirs", "no-such", "a\0", "x" * 5000):
        with pytest.raises(NotFound):
            quotes.comment_of(session, plan, id)
