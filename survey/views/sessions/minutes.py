"""Bringing minutes in: paste or choose a file, look at what would become of it, store it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.errors import Refusal
from survey.formats.minutes_split import MODES
from survey.models import Study
from survey.pages import page
from survey.permissions import may, takes_files
from survey.security import current_person
from survey.services import import_files, imports, studies
from survey.services import minutes as service
from survey.services import minutes_drafts as drafts
from survey.services.minutes_drafts import Choices, Draft
from survey.uploads import Upload
from survey.views.sessions import bp
from survey.views.uploading import kept_files, owner, study_of
from survey.views.working import wake_after_commit
from survey.web import app, db, settings

FIRST, LAST = 50, 5
MOST_HEADINGS = 50
"""Headings with a choice of their own; the lines under further ones are treated as was guessed."""
PASTED = "Pasted minutes.txt"
CHOICES = ("whose", "mode", "prompt", "column")


@bp.get("/studies/<slug>/minutes")
@may("run sessions")
def minutes(slug: str) -> ResponseReturnValue:
    """Paste minutes, or choose a file."""
    return _start(study_of(slug))


def _start(study: Study, problem: str = "", field: str = "", text: str = "") -> ResponseReturnValue:
    shown = {"study": study, "problem": problem, "field": field, "text": text, "whose": _whose_asked()}
    return page("sessions/minutes.html", 422 if problem else 200, **shown)


def _whose_asked() -> str:
    """The session that the page was opened for, or what a form says."""
    number = request.args.get("session", "")
    return request.form.get("whose") or (f"session-{number}" if number.isascii() and number.isdigit() else "")


@bp.post("/studies/<slug>/minutes")
@may("run sessions")
def paste_minutes(slug: str) -> ResponseReturnValue:
    """Take pasted text. It is read before anything is asked of the database that others wait for."""
    study, text = study_of(slug), request.form.get("text", "")
    try:
        return _keep(study, text.encode("utf-8", "surrogatepass"), PASTED)
    except Refusal as refusal:
        return _start(study, str(refusal), "text", text)


@bp.post("/studies/<slug>/minutes/import")
@may("run sessions")
@takes_files
def upload_minutes(slug: str) -> ResponseReturnValue:
    """Take a file."""
    study, file = study_of(slug), request.files.get("file")
    if file is None or not file.filename:
        return _start(study, _("Choose a file."), "file")
    try:
        return _keep(study, file.read(), file.filename)
    except Refusal as refusal:
        return _start(study, str(refusal), "file")
    finally:
        file.close()


def _keep(study: Study, data: bytes, name: str) -> ResponseReturnValue:
    drafts.read(data, name, import_files.limits(settings()))
    token = kept_files().keep(data, name, owner(study))
    return redirect(
        url_for(".look_at_minutes", slug=study.slug, file=token, whose=_whose_asked() or None), 303
    )


@bp.route("/studies/<slug>/minutes/look", methods=["GET", "POST"])
@may("run sessions")
def look_at_minutes(slug: str) -> ResponseReturnValue:
    """What would be stored, with choices to change; then it is stored, or the page says why not."""
    study = study_of(slug)
    upload = kept_files().find(request.args.get("file", ""), owner(study))
    data = kept_files().read(upload) if upload else None
    if upload is None or data is None:
        return _file_is_gone(study, upload)
    draft = _draft(slug, data, upload.file_name)
    if request.method == "GET" or "show" in request.form:
        return _page(study, draft)
    try:
        return _store(slug, draft, upload)
    except imports.ImportedAlready as already:
        flash(str(already), "error")
        return redirect(url_for("studio.import_report", slug=slug, import_id=already.import_id), 303)
    except Refusal as refusal:
        db().rollback()
        return _page(study, draft, str(refusal))


def _draft(slug: str, data: bytes, name: str) -> Draft:
    """The minutes with the choices of the form; no lock is held meanwhile."""
    choices = _choices()
    given = drafts.given(data, name, import_files.limits(settings()), choices.column)
    with app().database.reading() as session:
        study = studies.for_person(session, current_person(), slug)
        return drafts.draft(session, study, given, choices, settings().timezone)


def _choices() -> Choices:
    if request.method == "GET":
        return Choices(whose=request.args.get("whose", "")[:40])
    form = request.form
    return Choices(
        whose=form.get("whose", "")[:40],
        mode=next((mode for mode in MODES if mode == form.get("mode")), None),
        prompt=form.get("prompt", type=int),
        headings="headings" in form,
        under={n: form[f"under-{n}"] for n in range(MOST_HEADINGS) if form.get(f"under-{n}")},
        leave=frozenset(kind for kind in drafts.REPEATS if f"leave-{kind}" in form),
        column=form.get("column", ""),
        partial="partial" in form,
    )


def _store(slug: str, draft: Draft, upload: Upload) -> ResponseReturnValue:
    study = studies.for_person(db(), current_person(), slug, lock=True)
    made = service.store(db(), study, draft, by=current_person().email)
    kept_files().forget(upload)
    wake_after_commit()
    stored = len(draft.stored)
    flash(ngettext("%(num)s comment is stored.", "%(num)s comments are stored.", stored))
    return redirect(url_for("studio.import_report", slug=slug, import_id=made.id), 303)


def _page(study: Study, draft: Draft, problem: str = "") -> ResponseReturnValue:
    with app().database.reading() as session:
        study = studies.for_person(session, current_person(), study.slug)
        shown = {
            "study": study,
            "draft": draft,
            "sessions": drafts.sessions_of(session, study),
            "modes": drafts.modes(),
            "first": draft.lines[:FIRST],
            "last": draft.lines[max(FIRST, len(draft.lines) - LAST) :],
            "headings": list(enumerate(draft.headings))[:MOST_HEADINGS],
            "prompts": {prompt.id: prompt.text for prompt in study.prompts},
            "problem": problem,
            # Without a group nothing else is looked at: see `survey.services.minutes.store`.
            "field": ("choices" if draft.whose else "whose") if problem else "",
        }
        return page("sessions/minutes_look.html", 422 if problem else 200, **shown)


def _file_is_gone(study: Study, upload: Upload | None) -> ResponseReturnValue:
    """After a second click, show what the first one stored; else ask for the minutes again."""
    with app().database.reading() as session:
        stored = imports.with_content(session, study.id, upload.sha256) if upload else None
    if stored is not None:
        return redirect(url_for("studio.import_report", slug=study.slug, import_id=stored.id), 303)
    flash(_("The minutes are not here any more. Paste them or choose the file again."), "error")
    return redirect(url_for(".minutes", slug=study.slug), 303)
