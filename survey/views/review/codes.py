"""The second way of coding: defining its codes, giving them to comments, seeing them across the themes."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import changes
from survey.board import Axis, Board
from survey.errors import Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.services import codes as coding
from survey.services.comments import NONE, Filter
from survey.services.theme_comments import CommentQuery, theme_comments
from survey.views.review import bp
from survey.views.review.code_forms import AxisForm
from survey.views.review.decisions import decide
from survey.views.review.themes import looked_up
from survey.web import db


@bp.get("/studies/<slug>/codes")
@may("see themes")
def codes(slug: str) -> ResponseReturnValue:
    """All axes with their cross tables."""
    study, board = looked_up(slug)
    tables = [coding.cross_table(db(), board, axis) for axis in board.axes]
    return page("review/codes.html", study=study, tab="themes", board=board, tables=tables)


@bp.route("/studies/<slug>/codes/new", methods=["GET", "POST"])
@may("edit themes")
def new_axis(slug: str) -> ResponseReturnValue:
    """Define codes."""
    study, board = looked_up(slug)
    form = AxisForm()
    if request.method == "POST":
        try:
            return decide(slug, coding.new_axis(board, form.name.data or "", form.lines.data or ""))
        except Refusal as refusal:
            form.name.errors = [str(refusal)]
    return _axis_page(study, board, form, None)


@bp.route("/studies/<slug>/codes/<int:number>", methods=["GET", "POST"])
@may("edit themes")
def edit_axis(slug: str, number: int) -> ResponseReturnValue:
    """Change the names of codes, add some, take some away."""
    study, board = looked_up(slug)
    axis = coding.find(board, number)
    form = AxisForm()
    if request.method == "POST":
        names = {code: request.form.get(f"code-{code}", "").replace("\0", "") for code in axis.codes}
        try:
            change = coding.changed_axis(board, axis, form.name.data or "", names, form.lines.data or "")
            return decide(slug, change)
        except Refusal as refusal:
            form.name.errors = [str(refusal)]
    else:
        form.name.data = axis.name
    return _axis_page(study, board, form, axis)


def _axis_page(study: Study, board: Board, form: AxisForm, axis: Axis | None) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    typed = (
        {code: request.form.get(f"code-{code}", name) for code, name in axis.codes.items()} if axis else {}
    )
    counts = list(board.codes.get(axis.id, {}).values()) if axis else []
    shown = {"study": study, "tab": "themes", "board": board, "axis": axis}
    return page("review/axis.html", status, **shown, form=form, typed=typed, counts=counts)


@bp.get("/studies/<slug>/codes/<int:number>/comments")
@may("see themes")
def coded_comments(slug: str, number: int) -> ResponseReturnValue:
    """The comments, those without a code first to hand, to be coded."""
    return _coded_page(*looked_up(slug), number)


def _coded_page(study: Study, board: Board, number: int, problem: str = "") -> ResponseReturnValue:
    axis = coding.find(board, number)
    theme = board.find(request.args.get("theme", type=int))
    code = request.args.get("code", type=int) if "code" in request.args else NONE
    chosen = Filter(request.args.get("text", "").replace("\0", "")[:200])
    if code is not None:
        chosen = Filter(chosen.text, axis=axis.id, code=code)
    query = CommentQuery(theme, chosen, request.args.get("page", 1, type=int), all=theme is None)
    listed = theme_comments(db(), study, board, query)
    shown = {"study": study, "tab": "themes", "board": board, "axis": axis, "theme": theme}
    shown |= {"listed": listed, "code": code, "filter": chosen, "problem": problem}
    return page("review/coded_comments.html", 422 if problem else 200, **shown)


@bp.post("/studies/<slug>/codes/<int:number>/comments")
@may("edit themes")
def code_comments(slug: str, number: int) -> ResponseReturnValue:
    """Give the ticked comments a code."""
    study, board = looked_up(slug)
    axis = coding.find(board, number)
    ticked = [comment.replace("\0", "") for comment in request.form.getlist("comment")]
    if not ticked:
        problem = _("Tick one or more comments first, then choose the code.")
        return _coded_page(study, board, number, problem)
    code = request.form.get("code", type=int)
    return decide(slug, coding.coded(axis, code, ticked) if code else changes.code(axis.id, None, ticked))
