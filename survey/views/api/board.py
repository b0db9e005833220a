"""Reading the board: themes, their comments, who decided what."""

from __future__ import annotations

from typing import Any

from survey.board import Board, BoardTheme
from survey.errors import NotFound
from survey.models import Study
from survey.services import board as boards
from survey.services import comments, history
from survey.services.theme_comments import CommentQuery, theme_comments
from survey.views.api import board_shown, shown
from survey.views.api.contract import Operation
from survey.views.api.schemas import PAGE, WHICH_COMMENTS
from survey.views.api.shared import Query, board_of, filter_of, study_of
from survey.web import db


def _theme(found: Board, number: int) -> BoardTheme:
    """A theme of the board; one that was merged is found in what it became."""
    theme = found.find(found.merged.get(number))
    if theme is None:
        raise NotFound
    return theme


@Operation(
    method="GET",
    path="/studies/{slug}/themes",
    summary="The board",
    permission="see themes",
    answer="Board",
)
def show_board(slug: str) -> Any:
    study = study_of(slug)
    number = comments.count(db(), study.id)
    return board_shown.board(boards.load(db(), study), boards.run_of_board(db(), study), number)


@Operation(
    method="GET",
    path="/studies/{slug}/themes/{theme_id}",
    summary="One theme; for a merged one, what it became",
    permission="see themes",
    answer="ThemePage",
)
def show_theme(slug: str, theme_id: int) -> Any:
    _study, found = board_of(slug)
    return {"revision": found.revision, "theme": board_shown.theme(_theme(found, theme_id))}


@Operation(
    method="GET",
    path="/studies/{slug}/themes/{theme_id}/comments",
    summary="The comments of a theme",
    permission="see themes",
    query=WHICH_COMMENTS | PAGE,
    answer="PlacedComments",
)
def list_theme_comments(slug: str, theme_id: int, query: Query) -> Any:
    study, found = board_of(slug)
    return _placed(study, found, _theme(found, theme_id), query)


@Operation(
    method="GET",
    path="/studies/{slug}/unplaced",
    summary="The comments in no live theme, and why",
    permission="see themes",
    query=WHICH_COMMENTS | PAGE,
    answer="PlacedComments",
)
def list_unplaced(slug: str, query: Query) -> Any:
    study, found = board_of(slug)
    return _placed(study, found, None, query)


def _placed(study: Study, found: Board, theme: BoardTheme | None, query: Query) -> Any:
    page = theme_comments(db(), study, found, CommentQuery(theme, filter_of(query), query["page"]))
    items = board_shown.placed_comments(page, found, query["page"])
    return shown.page(items, query["page"], page.of, page.total)


@Operation(
    method="GET",
    path="/studies/{slug}/decisions",
    summary="Who decided what",
    permission="see themes",
    query=PAGE,
    answer="Decisions",
)
def list_decisions(slug: str, query: Query) -> Any:
    study = study_of(slug)
    found = boards.load(db(), study)
    lines = history.lines(db(), study, found) if found else []
    size, number = board_shown.PAGE_SIZE, query["page"]
    items = [board_shown.decision(line) for line in lines[(number - 1) * size : number * size]]
    return shown.page(items, number, max(1, -(-len(lines) // size)), len(lines))


@Operation(
    method="GET",
    path="/studies/{slug}/decisions/{number}",
    summary="One decision with its comments",
    permission="see themes",
    answer="DecisionPage",
)
def show_decision(slug: str, number: int) -> Any:
    study, found = board_of(slug)
    line = next((line for line in history.lines(db(), study, found) if line.decision.number == number), None)
    if line is None:
        raise NotFound
    return {"decision": board_shown.decision(line), "comments": board_shown.comments_of(line.decision)}
