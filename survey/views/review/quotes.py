"""Quotes: clearing them, with parts blacked out where that is needed, or refusing them."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from survey import changes
from survey.errors import Refusal
from survey.models import Comment, Study
from survey.pages import page
from survey.permissions import may
from survey.redaction import Span, pieces
from survey.security import current_person, local
from survey.services import board as boards
from survey.services import quotes as service
from survey.services import studies
from survey.views.review import bp
from survey.views.review.decisions import decide
from survey.views.review.themes import context, existing
from survey.web import db

EACH, OF_ONE = 3, 12
KINDS = {
    "email": _l("e-mail address"),
    "phone": _l("telephone number"),
    "address": _l("address"),
    "ssn": _l("social security number"),
    "card": _l("card number"),
    "url": _l("web address"),
    "handle": _l("name on the web"),
    "name": _l("name"),
}


@bp.get("/studies/<slug>/quotes")
@may("see themes")
def quotes(slug: str) -> ResponseReturnValue:
    """Comments that could be quoted, for each theme or for one."""
    study = studies.for_person(db(), current_person(), slug)
    found = boards.load(db(), study)
    if found is None:
        return redirect(url_for(".board", slug=slug))
    number = request.args.get("theme", type=int)
    one = existing(found, number) if number is not None else None
    themes = [one] if one else list(found.top)
    proposed = service.propose(db(), found, themes, OF_ONE if one else EACH, refused=one is not None)
    shown = {"themes": themes, "one": one, "proposed": proposed, "kinds": KINDS}
    return page("review/quotes.html", **context(study, found), **shown)


@bp.route("/studies/<slug>/quotes/<comment_id>", methods=["GET", "POST"])
@may("edit themes")
def quote(slug: str, comment_id: str) -> ResponseReturnValue:
    """Black parts of one comment out, look at what is left, and clear it; or refuse it."""
    study = studies.for_person(db(), current_person(), slug)
    comment = service.comment_of(db(), study, comment_id)
    if request.method == "GET":
        return _page(study, comment)
    wish = request.form.get("do")
    if wish in ("refused", "open"):
        return decide(slug, changes.quote(comment.id, wish))
    if wish not in ("preview", "cleared"):
        abort(400)
    try:
        ticked = request.form.getlist("span")
        spans = service.chosen(comment.text, ticked, request.form.get("words", ""))
        change = service.clear(comment, spans)
    except Refusal as refusal:
        return _page(study, comment, refusal=str(refusal))
    return _page(study, comment, preview=spans) if wish == "preview" else decide(slug, change)


def _page(
    study: Study, comment: Comment, *, preview: tuple[Span, ...] | None = None, refusal: str = ""
) -> ResponseReturnValue:
    found = boards.load(db(), study)
    if found is None:
        return redirect(url_for(".board", slug=study.slug))
    proposal = service.proposal(found, comment)
    return page(
        "review/quote.html",
        422 if refusal else 200,
        **context(study, found),
        proposal=proposal,
        choices=_choices(proposal, preview or ()),
        ticked=_ticked(proposal, preview),
        preview=None if preview is None else list(pieces(comment.text, preview)),
        spans=preview or (),
        refusal=refusal,
        next=local(request.values.get("next") or url_for(".quotes", slug=study.slug)),
    )


def _choices(proposal: service.Proposal, preview: tuple[Span, ...]) -> list[tuple[str, str, str]]:
    """What can be ticked: the value of each, its words, and what it probably is."""
    kinds = {(one.start, one.end): (one.kind, one.certain) for one in proposal.personal}
    spans = sorted({*kinds, *preview, *(proposal.state.spans if proposal.state.mark == "cleared" else ())})
    text = proposal.comment.text
    return [(f"{start}-{end}", text[start:end], _kind(kinds.get((start, end)))) for start, end in spans]


def _kind(found: tuple[str, bool] | None) -> str:
    if found is None:
        return ""
    kind, certain = found
    return str(KINDS[kind]) if certain else str(_l("perhaps: %(kind)s", kind=KINDS[kind]))


def _ticked(proposal: service.Proposal, preview: tuple[Span, ...] | None) -> set[str]:
    if request.method == "POST" and preview is None:
        return set(request.form.getlist("span"))
    return {f"{start}-{end}" for start, end in (proposal.spans if preview is None else preview)}
