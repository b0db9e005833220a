"""Showing a group its draft themes, and reading what it said of them."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import Refusal
from survey.models import Audience, MemberCheck, Study
from survey.pages import page
from survey.permissions import may
from survey.qr import qr_of
from survey.security import current_person
from survey.services import board as boards
from survey.services import member_checks as service
from survey.services import member_marks, studies
from survey.services.member_marks import ShownTheme
from survey.views.sessions import bp
from survey.web import db

PLACE = "/studies/<slug>/checks"


@bp.get(PLACE)
@may("check with members")
def checks(slug: str) -> ResponseReturnValue:
    """The checks of a study, and what people said of their themes."""
    study = studies.for_person(db(), current_person(), slug)
    listed = service.of_study(db(), study)
    whole, groups = member_marks.results(db(), study)
    found = boards.load(db(), study) if listed else None
    shown = {"checks": listed, "names": _names(study), "whole": whole, "groups": groups}
    live = {theme.id for theme in found.live} if found else set()
    return page("sessions/checks.html", study=study, live=live, **shown)


def _names(study: Study) -> dict[int, str]:
    return {audience.id: audience.name for audience in study.audiences}


@bp.get(f"{PLACE}/new")
@may("check with members")
def new_check(slug: str) -> ResponseReturnValue:
    """Choose what to show a group, and put it into words that it understands."""
    return _new_page(studies.for_person(db(), current_person(), slug))


def _new_page(study: Study, problem: str = "") -> ResponseReturnValue:
    number = request.values.get("audience", type=int)
    audience = service.audience_of(study, number) if number is not None else None
    found = boards.load(db(), study)
    offered = service.offered(db(), study, audience, found) if audience else []
    shown = {"audience": audience, "offered": offered, "has_board": found is not None}
    typed = request.form if problem else None
    return page(
        "sessions/check_new.html", 422 if problem else 200, study=study, problem=problem, typed=typed, **shown
    )


@bp.post(f"{PLACE}/new")
@may("check with members")
def make_check(slug: str) -> ResponseReturnValue:
    """Freeze what a group is shown."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    audience = service.audience_of(study, request.form.get("audience", type=int))
    try:
        check = service.make(db(), study, audience, _chosen(), by=current_person().email)
    except Refusal as refusal:
        db().rollback()
        return _new_page(studies.for_person(db(), current_person(), slug), str(refusal))
    flash(_("The page for “%(group)s” is ready. Give its address to the group.", group=audience.name))
    return redirect(url_for(".check", slug=slug, check_number=check.number), 303)


def _chosen() -> list[ShownTheme]:
    form = request.form
    ids = [int(id) for id in form.getlist("theme") if id.isascii() and id.isdigit() and len(id) < 10]
    return [
        ShownTheme(id, form.get(f"name-{id}", ""), form.get(f"about-{id}", "")) for id in dict.fromkeys(ids)
    ]


@bp.get(f"{PLACE}/<int:check_number>")
@may("check with members")
def check(slug: str, check_number: int) -> ResponseReturnValue:
    """One check: its address, what is shown, what is missing."""
    study, found, audience = _found(slug, check_number)
    return page(
        "sessions/check.html",
        study=study,
        check=found,
        audience=audience,
        themes=ShownTheme.of(found),
        missing=service.missing(db(), found),
        answers=service.count_answers(db(), found),
        link=_link(found),
        qr=qr_of(_link(found)),
    )


def _found(slug: str, number: int, *, lock: bool = False) -> tuple[Study, MemberCheck, Audience]:
    study = studies.for_person(db(), current_person(), slug, lock=lock)
    found = service.get(db(), study, number)
    return study, found, service.audience_of(study, found.audience_id)


def _link(check: MemberCheck) -> str:
    return url_for("meet.check", check_code=check.code, _external=True)


@bp.get(f"{PLACE}/<int:check_number>/sheet")
@may("check with members")
def check_sheet(slug: str, check_number: int) -> ResponseReturnValue:
    """The address as a sheet of paper, to hang up or hand out."""
    study, found, audience = _found(slug, check_number)
    link = _link(found)
    shown = {"check": found, "audience": audience, "link": link, "qr": qr_of(link)}
    sheet = "a4" if request.args.get("sheet") == "a4" else "letter"
    return page("sessions/check_sheet.html", study=study, sheet=sheet, themes=ShownTheme.of(found), **shown)


def _change(slug: str, number: int, act: Callable[[Study, MemberCheck], str]) -> ResponseReturnValue:
    study, found, _audience = _found(slug, number, lock=True)
    flash(act(study, found))
    return redirect(url_for(".check", slug=slug, check_number=number), 303)


@bp.post(f"{PLACE}/<int:check_number>/close")
@may("check with members")
def close_check(slug: str, check_number: int) -> ResponseReturnValue:
    """Take no more answers."""

    def act(study: Study, found: MemberCheck) -> str:
        service.set_open(db(), study, found, False, by=current_person().email)
        return str(_("The page takes no more answers."))

    return _change(slug, check_number, act)


@bp.post(f"{PLACE}/<int:check_number>/open")
@may("check with members")
def open_check(slug: str, check_number: int) -> ResponseReturnValue:
    """Take answers again."""

    def act(study: Study, found: MemberCheck) -> str:
        service.set_open(db(), study, found, True, by=current_person().email)
        return str(_("The page takes answers again."))

    return _change(slug, check_number, act)


@bp.post(f"{PLACE}/<int:check_number>/delete")
@may("check with members")
def delete_check(slug: str, check_number: int) -> ResponseReturnValue:
    """Delete the page and its answers."""
    study, found, audience = _found(slug, check_number, lock=True)
    service.remove(db(), study, found, by=current_person().email)
    flash(_("The page for “%(group)s” and its answers are deleted.", group=audience.name))
    return redirect(url_for(".checks", slug=slug), 303)


@bp.post(f"{PLACE}/<int:check_number>/add")
@may("check with members")
def add_missing(slug: str, check_number: int) -> ResponseReturnValue:
    """Make a comment of what somebody misses."""

    def act(study: Study, found: MemberCheck) -> str:
        answer = request.form.get("answer", "")[:40]
        if service.add_comment(db(), study, found, answer, by=current_person().email):
            return str(_("It is a comment of this study now. The next run finds its theme."))
        return str(_("It is a comment of this study already."))

    return _change(slug, check_number, act)
