"""Splitting a theme: the program proposes parts, a person puts them right, then saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey.board import Board, BoardTheme
from survey.errors import NotFound, Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import splits
from survey.services.splits import Proposal
from survey.views.review import bp
from survey.views.review.decisions import decide
from survey.views.review.run_forms import SplitForm
from survey.views.review.runs import under_way
from survey.views.review.themes import context, existing, looked_up
from survey.web import db

QUOTES = 3
NAMES, PART = "name-", "part-"


@bp.route("/studies/<slug>/themes/<int:theme_id>/split", methods=["GET", "POST"])
@may("edit themes")
def split(slug: str, theme_id: int) -> ResponseReturnValue:
    """Say into how many parts; the program then looks for them."""
    study, board = looked_up(slug)
    theme = existing(board, theme_id)
    form = SplitForm()
    if form.validate_on_submit():
        try:
            job = splits.start(db(), study, theme, form.count(), current_person().email)
        except Refusal as refusal:
            db().rollback()
            form.parts.errors = [str(refusal)]
        else:
            return under_way(slug, job)
    status = 422 if form.errors else 200
    return page("review/split.html", status, **context(study, board), theme=theme, form=form)


@bp.get("/studies/<slug>/themes/<int:theme_id>/split/<int:job_id>")
@may("edit themes")
def split_parts(slug: str, theme_id: int, job_id: int) -> ResponseReturnValue:
    """The parts side by side, with every comment, to be put right."""
    study, board = looked_up(slug)
    theme = existing(board, theme_id)
    try:
        found = splits.proposal(db(), study, board, theme, job_id, {})
    except NotFound:
        return redirect(url_for(".split", slug=slug, theme_id=theme.id))
    return _parts(study, board, found, [part.label for part in found.parts])


@bp.post("/studies/<slug>/themes/<int:theme_id>/split/<int:job_id>")
@may("edit themes")
def save_split(slug: str, theme_id: int, job_id: int) -> ResponseReturnValue:
    """Split the theme as it was put right; turning a page keeps what was changed so far."""
    study, board = looked_up(slug)
    theme = existing(board, theme_id)
    found = splits.proposal(db(), study, board, theme, job_id, _moved())
    names = [request.form.get(f"{NAMES}{place}", "") for place in range(len(found.parts))]
    if request.form.get("go", "save") != "save":
        return _parts(study, board, found, names)
    try:
        return decide(slug, found.change(names))
    except Refusal as refusal:
        db().rollback()
        return _parts(study, board, found, names, str(refusal))


def _moved() -> Mapping[str, int]:
    """The part of each comment that was put elsewhere: on other pages, and on this one."""
    pairs = [pair.rsplit(":", 1) for pair in request.form.get("moved", "").split() if ":" in pair]
    here = [(name.removeprefix(PART), v) for name, v in request.form.items() if name.startswith(PART)]
    return {comment: int(place) for comment, place in (*pairs, *here) if place in ("0", "1", "2", "3")}


def _parts(
    study: Study, board: Board, found: Proposal, names: Sequence[str], problem: str = ""
) -> ResponseReturnValue:
    asked = request.form.get("go", "") if request.method == "POST" else ""
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    rows, number, of = splits.page_of(db(), found, wanted)
    here = {comment.id for comment in rows}
    moved = [f"{c}:{place}" for c, place in found.moved.items() if c not in here and c in found.proposed]
    shown = {"found": found, "names": names, "rows": rows, "number": number, "of": of}
    shown |= {"moved": " ".join(moved), "quotes": splits.quotes(db(), found, QUOTES), "problem": problem}
    status = 422 if problem else 200
    return page("review/split_parts.html", status, **_with(study, board, found.theme), **shown)


def _with(study: Study, board: Board, theme: BoardTheme) -> dict[str, object]:
    return {"study": study, "tab": "themes", "board": board, "theme": theme}
