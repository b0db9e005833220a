"""Preparing, approving and withdrawing what the public sees."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.dates import now
from survey.errors import Refusal, Stale
from survey.formats import open_data
from survey.formats.release import PublicRelease
from survey.formats.release_differences import differences
from survey.formats.release_parts import sections
from survey.languages import language_name
from survey.models import Release, Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import authors, release_checks, release_content, release_public, studies, summaries
from survey.services import releases as service
from survey.services.release_checks import Clock
from survey.views.publish import bp, release_forms
from survey.views.publish.release_forms import Typed
from survey.views.results.routes import csv_reply
from survey.views.results.shown import release_page
from survey.web import db, settings

SHOWN = {"tab": "summary", "here": "releases"}
CALLED = {
    "themes": _l("Themes"),
    "quotes": _l("Quotes"),
    "questions": _l("Questions"),
    "crosses": _l("Cross tables"),
    "heard": _l("Who was heard"),
    "waves": _l("Against the earlier study"),
    "method": _l("How it was made"),
    "data": _l("Open data"),
}


def clock() -> Clock:
    """Now, in the zone of the office."""
    return Clock(now(), settings().timezone)


def zone() -> ZoneInfo:
    """The time zone of the office."""
    return ZoneInfo(settings().timezone)


def find(slug: str, number: int, *, lock: bool = False) -> tuple[Study, Release]:
    """A study and its release; NotFound for other people's."""
    study = studies.for_person(db(), current_person(), slug, lock=lock)
    return study, service.get(db(), study, number)


@bp.get("/studies/<slug>/releases")
@may("prepare releases")
def releases(slug: str) -> ResponseReturnValue:
    """The releases of a study, and preparing another one."""
    study = studies.for_person(db(), current_person(), slug)
    at = now()
    return page(
        "publish/releases.html",
        study=study,
        rows=service.of_study(db(), study),
        frozen=summaries.frozen(db(), study),
        public=service.latest_public(db(), study, at),
        at=at,
        names=authors.names(db()),
        **SHOWN,
    )


@bp.post("/studies/<slug>/releases")
@may("prepare releases")
def prepare_release(slug: str) -> ResponseReturnValue:
    """Begin a release of a frozen summary."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    row = summaries.get(db(), study, request.form.get("summary", -1, type=int))
    made = service.prepare(db(), study, row, current_person().email)
    flash(_("Release %(number)s is a draft. Choose what it shows.", number=made.number))
    return redirect(url_for(".edit_release", slug=slug, number=made.number), 303)


@bp.get("/studies/<slug>/releases/<int:number>")
@may("prepare releases")
def release(slug: str, number: int) -> ResponseReturnValue:
    """Where a release stands, and what can be done with it."""
    study, row = find(slug, number)
    return release_shown(study, row)


def release_shown(study: Study, row: Release, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """The page of a release; with what is wrong, if something is."""
    at = now()
    latest = service.latest_public(db(), study, at)
    try:
        found = _findings(row, latest)
    except Refusal as refusal:  # what was tampered with can still be withdrawn
        found, problem, status = {}, problem or str(refusal), 422
    return page(
        "publish/release.html",
        status,
        study=study,
        row=row,
        latest=latest,
        at=at,
        problem=problem,
        note=request.form.get("note", ""),
        own=not service.may_approve(row, current_person().email),
        names=authors.names(db()),
        **found,
        **SHOWN,
    )


def _findings(row: Release, latest: Release | None) -> dict[str, Any]:
    """What a release shows, what stands in its way, and what it would change."""
    if row.state in service.CHANGEABLE:
        drawn = release_content.drawn(db(), row)
        changes = differences(_readable(latest), drawn.document)
        return {
            "drawn": drawn.document,
            "outdated": service.is_outdated(row, drawn.document),
            "faults": release_checks.faults(db(), drawn, clock()),
            "changes": changes,
        }
    document = release_content.read(row)
    watched = row.state == "approved" and not document.interim
    faults = release_checks.unfinished(db(), row.study, row.summary.made_at, clock()) if watched else []
    return {"drawn": document, "faults": faults}


def _readable(release: Release | None) -> PublicRelease | None:
    found = release_public.readable([release] if release else [])
    return next((document for _release, document in found), None)


def drawn_up(row: Release) -> PublicRelease:
    """What was approved; what would become public, while it was not."""
    if row.state in service.CHANGEABLE:
        return release_content.drawn(db(), row).document
    return release_content.read(row)


@bp.get("/studies/<slug>/releases/<int:number>/edit")
@may("prepare releases")
def edit_release(slug: str, number: int) -> ResponseReturnValue:
    """Choosing what a release shows."""
    study, row = find(slug, number)
    if row.state not in service.CHANGEABLE:
        return redirect(url_for(".release", slug=slug, number=number), 303)
    return _edit_page(study, row, release_forms.of_release(row, zone()))


def _edit_page(
    study: Study, row: Release, typed: Typed, problem: Refusal | None = None
) -> ResponseReturnValue:
    summary = release_content.summary_of(row)
    status = 200 if problem is None else 409 if isinstance(problem, Stale) else 422
    stored = release_forms.of_release(row, zone()) if status == 409 else None
    return page(
        "publish/release_edit.html",
        status,
        study=study,
        row=row,
        summary=summary,
        languages=release_content.languages(summary),
        typed=typed,
        stored=stored is not None,
        stored_lines=_lines(stored) if stored else [],
        sections=sections(summary),
        problem=str(problem or ""),
        open_surveys=release_checks.unfinished(db(), study, row.summary.made_at, clock()),
        **SHOWN,
    )


def _lines(stored: Typed) -> list[tuple[str, str]]:
    """What somebody else stored, to look at beside what was typed."""
    words = [(language_name(tag), "\n".join(by_name.values())) for tag, by_name in stored.words.items()]
    chosen = [
        (str(CALLED[name]), ", ".join(ids)) for name, ids in stored.parts.to_dict().items() if name in CALLED
    ]
    return [*words, *chosen, (_("Release time"), f"{stored.day} {stored.time}".strip())]


@bp.post("/studies/<slug>/releases/<int:number>/edit")
@may("prepare releases")
def save_release(slug: str, number: int) -> ResponseReturnValue:
    """Store the choices."""
    study, row = find(slug, number, lock=True)
    languages = release_content.languages(release_content.summary_of(row))
    typed = release_forms.of_form(request.form, languages)
    was_asked = row.state == "asked"
    try:
        service.change(db(), row, typed.wanted(zone()), seen())
    except Refusal as refusal:
        db().rollback()
        study, row = find(slug, number)
        return _edit_page(study, row, typed, refusal)
    flash(_("Stored. Approval has to be asked for again.") if was_asked else _("Stored."))
    return redirect(url_for(".release", slug=slug, number=number), 303)


def seen() -> service.Seen:
    """Who sends a form, and what was on the page that it stands on."""
    revision = request.form.get("revision", -1, type=int)
    return service.Seen(current_person().email, revision, request.form.get("sha256", ""))


@bp.get("/studies/<slug>/releases/<int:number>/preview")
@may("prepare releases")
def preview_release(slug: str, number: int) -> ResponseReturnValue:
    """The page of a release as the public would see it, or sees it."""
    study, row = find(slug, number)
    return release_page(drawn_up(row), row=row, study=study, preview=True)


@bp.get("/studies/<slug>/releases/<int:number>/preview/data.csv")
@may("prepare releases")
def preview_data(slug: str, number: int) -> Response:
    """The open data as the public would get it."""
    _study, row = find(slug, number)
    return csv_reply(open_data.data_csv(drawn_up(row)), f"{slug}-{number}-data-preview.csv")


@bp.get("/studies/<slug>/releases/<int:number>/preview/dictionary.csv")
@may("prepare releases")
def preview_dictionary(slug: str, number: int) -> Response:
    """Its dictionary as the public would get it."""
    _study, row = find(slug, number)
    return csv_reply(open_data.dictionary_csv(drawn_up(row)), f"{slug}-{number}-dictionary-preview.csv")


from survey.views.publish import release_steps  # noqa: E402, F401  (its routes register themselves)
