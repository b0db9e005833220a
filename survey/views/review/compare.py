"""Comparing the themes with those of an earlier run or study; people confirm what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from survey import comparing
from survey.board import Board
from survey.comparing import BOARD, KINDS, Comparison
from survey.errors import NotFound, Refusal
from survey.flow_picture import Heads
from survey.models import Job, Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import applying, comparisons, runs, studies
from survey.services import board as boards
from survey.services.comparisons import EARLIER, RUN
from survey.views.review import bp, compare_words
from survey.views.review.decisions import decide
from survey.views.review.themes import looked_up
from survey.views.working import wake_after_commit, wake_now
from survey.web import db


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides that somebody asks for, with their titles."""

    old: str
    new: str
    old_title: str
    new_title: str

    @property
    def ours(self) -> bool:
        """Whether it is with the board, where people confirm; two runs are only looked at."""
        return self.new == BOARD


@bp.get("/studies/<slug>/compare")
@may("see themes")
def compare(slug: str) -> ResponseReturnValue:
    """What to compare with; when that is said, how far it is, and then what became of each theme."""
    study = studies.for_person(db(), current_person(), slug)
    board = boards.load(db(), study)
    if "old" not in request.args or board is None:
        return _choose(study, board)
    sides = _sides(study, request.args)
    job = comparisons.newest(db(), study, sides.old, sides.new)
    if job is None:
        return _choose(study, board, sides)
    if job.state != "done":
        return _under_way(study, board, sides, job)
    return page("review/compare.html", **_shown(study, board, sides, job))


def _sides(study: Study, asked: Any) -> Sides:
    """The sides in an address or a form; not found where there is none, or not for this person."""
    old, new = asked.get("old", ""), asked.get("new", BOARD)
    if new.startswith(EARLIER):
        raise NotFound
    return Sides(old, new, _title(study, old), _title(study, new))


def _title(study: Study, key: str) -> str:
    home = comparisons.side_study(db(), study, key)
    if home.id != study.id:
        return studies.for_person(db(), current_person(), home.slug).title
    if match := RUN.fullmatch(key):
        run = applying.run_of(db(), study, int(match[1]))
        day = format_date(run.made_at, "medium")
        return str(_("Run %(number)s of %(day)s", number=run.number, day=day))
    return str(_("The board now"))


def _choose(study: Study, board: Board | None, sides: Sides | None = None) -> ResponseReturnValue:
    """What there is to compare with."""
    mine = [other for other in studies.visible_to(db(), current_person()) if other.id != study.id]
    said = Counter(confirmed.against for confirmed in board.confirmed) if board else Counter()
    earlier = next((other for other in mine if other.id == study.earlier_id), None)
    partners = [other for other in mine if other is earlier or said[EARLIER + other.slug]]
    known = {EARLIER + other.slug for other in partners}
    states = comparisons.states(db(), study)
    return page(
        "review/compare_choose.html",
        **_page(study, board),
        sides=sides,
        mine=mine,
        earlier=earlier,
        unseen=study.earlier_id is not None and earlier is None,
        partners=[(other, boards.run_of_board(db(), other) is not None) for other in partners],
        runs=boards.runs_of(db(), study),
        states=states,
        pairs=sorted(pair for pair in states if all(map(RUN.fullmatch, pair))),
        said=said,
        hidden=sum(said[key] for key in said if key.startswith(EARLIER) and key not in known),
    )


def _page(study: Study, board: Board | None) -> dict[str, Any]:
    return {"study": study, "tab": "themes", "board": board}


def _under_way(study: Study, board: Board, sides: Sides, job: Job) -> ResponseReturnValue:
    if job.state in ("waiting", "running"):
        wake_now()
    return page("review/compare_job.html", **_page(study, board), sides=sides, job=job)


def _shown(study: Study, board: Board, sides: Sides, job: Job) -> dict[str, Any]:
    """What the page of a comparison shows."""
    found = comparisons.result(job)
    standings = comparing.standings(found, board)
    heads = Heads(sides.old_title, sides.new_title)
    said = {decision.number: decision for decision in board.log}
    return {
        "study": study,
        "tab": "themes",
        "board": board,
        "sides": sides,
        "job": job,
        "found": found,
        "standings": standings,
        "groups": [(kind, [s for s in standings if s.suggestion.kind == kind]) for kind in KINDS],
        "counts": compare_words.counts(standings),
        "settled": sum(standing.settled for standing in standings),
        "left_over": comparing.left_over(found, board) if sides.ours else (),
        "said": said,
        "named": _names(board, found),
        "quotes": comparisons.quotes(db(), study, found),
        "picture": compare_words.picture(found, heads),
        "ends": compare_words.ends(found),
        "stale": _is_stale(study, board, found),
        "words": compare_words,
    }


def _names(board: Board, found: Comparison) -> Callable[[Iterable[int]], list[str]]:
    """Gives our themes by number their names of now; gone ones keep those that they had."""
    names = {theme.id: theme.name for theme in found.new.themes} if found.new.key == BOARD else {}
    names |= {theme.id: theme.name for theme in board.themes}
    return lambda numbers: [names.get(number, str(number)) for number in numbers]


def _is_stale(study: Study, board: Board, found: Comparison) -> bool:
    """Whether themes were decided about on either side since."""
    if found.new.key == BOARD and comparing.altered(board.log, found.new.revision):
        return True
    home = comparisons.side_study(db(), study, found.old.key)
    if found.old.revision is None:
        return False
    log = board.log if home.id == study.id else boards.decisions_of(db(), home)
    return comparing.altered(log, found.old.revision)


@bp.post("/studies/<slug>/compare")
@may("find themes")
def start_comparison(slug: str) -> ResponseReturnValue:
    """Compare two sides."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    sides = _sides(study, request.form)
    try:
        comparisons.start(db(), study, sides.old, sides.new, current_person().email)
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(url_for(".compare", slug=slug), 303)
    wake_after_commit()
    return redirect(url_for(".compare", slug=slug, old=sides.old, new=sides.new), 303)


@bp.post("/studies/<slug>/compare/<int:job_id>/cancel")
@may("find themes")
def cancel_comparison(slug: str, job_id: int) -> ResponseReturnValue:
    """Stop a comparison."""
    study = studies.for_person(db(), current_person(), slug)
    stopped = runs.cancel(db(), study, job_id, by=current_person().email)
    flash(_("The work was stopped. Nothing was stored.") if stopped else _("It had ended already."))
    return redirect(url_for(".compare", slug=slug), 303)


@bp.post("/studies/<slug>/compare/earlier")
@may("edit themes")
def set_earlier(slug: str) -> ResponseReturnValue:
    """Say which study is the one of an earlier year."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    wanted = request.form.get("earlier", "")
    earlier = studies.for_person(db(), current_person(), wanted) if wanted else None
    try:
        comparisons.set_earlier(db(), study, earlier, current_person().email)
    except Refusal as refusal:
        flash(str(refusal))
    return redirect(url_for(".compare", slug=slug), 303)


@bp.get("/studies/<slug>/compare/other")
@may("edit themes")
def other_change(slug: str) -> ResponseReturnValue:
    """Say that something else became of themes than was suggested."""
    study, board = looked_up(slug)
    if "old" not in request.args:
        return redirect(url_for(".compare", slug=slug))
    sides, found = _result(study, request.args)
    place = request.args.get("place", -1, type=int)
    if not 0 <= place < len(found.suggestions):
        raise NotFound
    about = found.suggestions[place]
    ticked = {t.id for t in about.old}, {t.id for t in about.new}
    return _other_page(study, board, sides, found, (about.kind, *ticked))


def _result(study: Study, asked: Any) -> tuple[Sides, Comparison]:
    """The comparison in which people confirm; not found when it was not made."""
    sides = _sides(study, asked)
    job = comparisons.newest(db(), study, sides.old, BOARD, done=True)
    if job is None or not sides.ours:
        raise NotFound
    return sides, comparisons.result(job)


def _other_page(
    study: Study,
    board: Board,
    sides: Sides,
    found: Comparison,
    chosen: tuple[str, set[int], set[int]],
    error: str = "",
) -> ResponseReturnValue:
    context = {
        "study": study,
        "tab": "themes",
        "board": board,
        "sides": sides,
        "found": found,
        "error": error,
    }
    shown = {"chosen": chosen, "kinds": compare_words.KIND_WORDS}
    return page("review/compare_other.html", 422 if error else 200, **context, **shown)


@bp.post("/studies/<slug>/compare/confirm")
@may("edit themes")
def confirm_change(slug: str) -> ResponseReturnValue:
    """Confirm what became of themes, as suggested or otherwise."""
    study, board = looked_up(slug)
    sides, found = _result(study, request.form)
    kind = request.form.get("change", "")
    old, new = ({*request.form.getlist(name, type=int)} for name in ("before", "after"))
    try:
        change = comparing.confirmation(found, kind, old, new)
    except Refusal as refusal:
        return _other_page(study, board, sides, found, (kind, old, new), str(refusal))
    return decide(slug, change)


@bp.post("/studies/<slug>/compare/take-back")
@may("edit themes")
def take_back(slug: str) -> ResponseReturnValue:
    """Take a confirmation back, by the number of its decision."""
    _study, board = looked_up(slug)
    number = request.form.get("edit", 0, type=int)
    confirmed = next((c for c in board.confirmed if c.edit == number), None)
    if confirmed is None:
        flash(_("That was taken back already."))
        return redirect(url_for(".compare", slug=slug), 303)
    return decide(slug, comparing.taken_back(confirmed))
