"""The comments of a theme, page by page: which, in which order, and where each stands."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from survey import changes
from survey.models import Comment, Study
from survey.services.comments import Filter
from survey.services.ids import FEW
from survey.services.theme_comments import CommentPage, CommentQuery, quotes, theme_comments
from tests.boards import COMMENTS, add_comments, add_run, board_of, decide


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    add_comments(session, study)
    return add_run(session, study)


def ids(page: CommentPage) -> list[str]:
    return [row.comment.id for row in page.rows]


def test_comments_of_a_theme(session: Session, study: Study, themes: dict[int, int]) -> None:
    board = decide(session, study, changes.move("a4", None, 1), changes.move("a1", 1, 2), changes.reject(3))
    page = theme_comments(session, study, board, CommentQuery(board.find(1)))
    assert ids(page) == ["a4", "a2", "n1", "n2", "t1", "n3"], "a person's first, then the most typical"
    assert (page.total, page.of) == (board.find(1).size, 1)  # type: ignore[union-attr]
    assert [row.standing.by_person for row in page.rows] == [True] + [False] * 5
    assert [theme.id for theme in page.rows[1].standing.themes] == [1, 2]
    nowhere = theme_comments(session, study, board, CommentQuery(None))
    assert {row.comment.id: row.standing.reason for row in nowhere.rows} == {
        "n4": "too short",
        "x1": "too short",
        "late": "came after the themes were found",
        "t2": "only in rejected themes",
        "t3": "only in rejected themes",
    }
    assert nowhere.total == board.unplaced
    board = decide(session, study, changes.move("a4", 1, None))
    nowhere = theme_comments(session, study, board, CommentQuery(None))
    assert (ids(nowhere)[0], nowhere.rows[0].standing.reason) == ("a4", "taken out by a person")


def test_every_comment_is_listed_where_the_board_counts_it(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    """Sub-themes, parked themes, what is off the topic, and more placed comments than fit into parameters."""
    decide(session, study, changes.nest(2, 1), changes.park(3), changes.off_topic(["t1", "x1"]))
    board = decide(session, study, changes.assign({"n1": [3], "late": [1, 2], "a1": []}))
    for theme in board.themes:
        page = theme_comments(session, study, board, CommentQuery(theme))
        assert page.total == len(set(ids(page))) == theme.size
    nowhere = theme_comments(session, study, board, CommentQuery(None))
    assert set(ids(nowhere)) == {"a1", "a4", "n1", "n4", "t1", "t2", "t3", "x1"}
    assert nowhere.total == board.unplaced + len(board.off_topic)
    everything = theme_comments(session, study, board, CommentQuery(None, all=True))
    assert sorted(ids(everything)) == sorted(COMMENTS)


def test_more_placed_comments_than_fit_into_parameters(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    add_comments_in_bulk(session, study, FEW + 50)
    board = decide(session, study, changes.move([f"bulk{n}" for n in range(FEW + 50)], None, 3))
    sizes = {theme.id: theme.size for theme in board.themes}
    assert sizes == {1: 6, 2: 4, 3: 2 + FEW + 50}
    for theme in board.themes:
        assert theme_comments(session, study, board, CommentQuery(theme)).total == theme.size
    assert theme_comments(session, study, board, CommentQuery(None)).total == board.unplaced == 4


def add_comments_in_bulk(session: Session, study: Study, number: int) -> None:
    session.add_all(
        Comment(id=f"bulk{n}", study_id=study.id, channel="import", text=f"More {n}") for n in range(number)
    )
    session.flush()


def test_comments_by_group_prompt_and_words(session: Session, study: Study, themes: dict[int, int]) -> None:
    board = board_of(session, study)
    theme = board.find(1)
    audiences, prompts = session.merge(study).audiences, session.merge(study).prompts
    for wanted, expected in [
        (Filter(audience=audiences[1].id), {"n1", "n2", "n3"}),
        (Filter(prompt=prompts[0].id), {"a1", "n1", "n3", "t1"}),
        (Filter(text="COMMENT T1"), {"t1"}),
        (Filter(text="%"), set()),
        (Filter(audience=audiences[0].id, text="a2"), {"a2"}),
    ]:
        assert set(ids(theme_comments(session, study, board, CommentQuery(theme, wanted, 99)))) == expected


def test_quotes_are_of_different_groups_first(session: Session, study: Study, themes: dict[int, int]) -> None:
    chosen = quotes(session, board_of(session, study), 2)
    assert [comment.id for comment in chosen[1]] == ["a1", "n1"]
