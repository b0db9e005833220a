"""Double coding, for planners: drawing a sample, watching it, reading the agreement, settling."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.board import Board
from survey.errors import Refusal
from survey.models import Sample, Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import codings, samples, settlements, studies, theme_comments
from survey.services.settlements import Choice, How
from survey.views.review import bp, sample_words
from survey.views.review.sample_forms import DrawForm
from survey.views.working import wake_after_commit, wake_now
from survey.web import db

bp.add_app_template_global(sample_words.level, "agreement_level")
bp.add_app_template_global(sample_words.level_words, "agreement_level_words")
bp.add_app_template_global(sample_words.reading, "agreement_reading")

HOWS = ("first", "second", "own", "left")


@bp.get("/studies/<slug>/samples")
@may("code samples")
def all_samples(slug: str) -> ResponseReturnValue:
    """The samples of a study, and the form that draws one."""
    study = studies.for_person(db(), current_person(), slug)
    return _all_page(study, DrawForm())


@bp.post("/studies/<slug>/samples")
@may("edit themes")
def draw_sample(slug: str) -> ResponseReturnValue:
    """Draw a sample and give it to two people."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    form = DrawForm()
    if not form.validate():
        return _all_page(study, form)
    try:
        drawn = samples.draw(db(), study, form.wanted(), current_person().email)
    except Refusal as refused:
        field = form.second if isinstance(refused, samples.WrongCoders) else form.size
        field.errors = [str(refused)]
        return _all_page(study, form)
    return redirect(url_for(".sample", slug=slug, number=drawn.number), 303)


def _all_page(study: Study, form: DrawForm) -> ResponseReturnValue:
    board = boards.load(db(), study)
    listed = samples.of_study(db(), study)
    people = samples.possible_coders(db(), study)
    available = samples.count_drawable(db(), study, board) if board else 0
    form.offer(people, available)
    return page(
        "review/samples.html",
        422 if form.errors else 200,
        study=study,
        board=board,
        form=form,
        samples=listed,
        progress=samples.progress(db(), listed),
        places={sample.id: samples.place_of(sample, current_person()) for sample in listed},
        can_draw=bool(board and board.live and len(people) > 1 and available >= samples.FEWEST),
        people=people,
        available=available,
        needed=samples.FEWEST,
    )


@bp.get("/studies/<slug>/samples/<int:number>")
@may("code samples")
def sample(slug: str, number: int) -> ResponseReturnValue:
    """One sample: how far its coders are; once both have finished, how far they agree."""
    study = studies.for_person(db(), current_person(), slug)
    found = samples.get(db(), study, number)
    place = samples.place_of(found, current_person())
    shown = {"study": study, "sample": found, "place": place}
    if found.state == "coding":
        return page("review/sample_coding.html", **shown, progress=samples.progress(db(), [found])[found.id])
    if found.agreement is None:
        job = codings.last_job(db(), found)
        wake_now()
        return page("review/sample_comparing.html", **shown, job=job)
    return _agreement_page(study, found, place)


def _agreement_page(study: Study, found: Sample, place: int | None) -> ResponseReturnValue:
    listed = settlements.disagreements(db(), found, request.args.get("page", 1, type=int))
    board = cast(Board, boards.load(db(), study))
    ids = [pair.item.comment_id for pair in listed.pairs]
    placed = theme_comments.placements(db(), board, ids)
    return page(
        "review/sample_agreement.html",
        study=study,
        sample=found,
        place=place,
        board=board,
        listed=listed,
        names={theme["id"]: theme["name"] for theme in found.themes},
        standing={id: theme_comments.standing(board, id, placed) for id in ids},
        undone=settlements.undone(board, listed.pairs),
    )


@bp.post("/studies/<slug>/samples/<int:number>/compare")
@may("edit themes")
def compare_sample(slug: str, number: int) -> ResponseReturnValue:
    """Compare the coders once more, where that has failed."""
    study = studies.for_person(db(), current_person(), slug)
    found = samples.get(db(), study, number, lock=True)
    codings.compare_again(db(), found, current_person().email)
    wake_after_commit()
    return redirect(url_for(".sample", slug=slug, number=number), 303)


@bp.post("/studies/<slug>/samples/<int:number>/settle/<int:position>")
@may("edit themes")
def settle(slug: str, number: int, position: int) -> ResponseReturnValue:
    """Settle what the two disagree on: as one of them said, otherwise, or not at all."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    found = samples.get(db(), study, number)
    how = request.form.get("how", "")
    if how not in HOWS:
        raise Refusal(_("Choose one of the ways to settle this comment."))
    choice = Choice(cast(How, how), tuple(request.form.getlist("themes", type=int)))
    seen = request.form.get("revision", 0, type=int)
    after = settlements.settle(db(), study, found, position, choice, seen=seen, by=current_person().email)
    said = _("The comment was left as it is.") if after is None else _("Settled, and decided on the board.")
    flash(said)
    shown = request.form.get("page", 1, type=int)
    to = url_for(".sample", slug=slug, number=number, page=shown, _anchor=f"comment-{position}")
    return redirect(to, 303)
