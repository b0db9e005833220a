"""Who was heard, against the targets that were typed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from survey.errors import Refusal, Stale
from survey.formats.summary import Summary, SummaryHeard, SummaryHeardRow
from survey.heard_picture import full_share, heard_bar
from survey.models import Study
from survey.models.report import HEARD_BY
from survey.pages import page, percent
from survey.permissions import may
from survey.security import current_person
from survey.services import studies, summaries
from survey.services import targets as service
from survey.services.targets import ProblemWith, Typed
from survey.views.publish import bp
from survey.web import db

TITLES = {
    "audience": _l("By audience"),
    "channel": _l("By channel"),
    "language": _l("By language"),
    "unit": _l("By unit"),
}
# Groups that nobody has told us of can be typed in here.
OWN_NAMES = ("unit",)


@dataclass(frozen=True)
class Problem:
    """What is wrong with what was typed, and the id of the field to put right."""

    sentence: str
    field: str


@bp.get("/studies/<slug>/heard")
@may("write reports")
def heard(slug: str) -> ResponseReturnValue:
    """Who was heard as the newest summary has it, and the targets."""
    study = studies.for_person(db(), current_person(), slug)
    return _page(study, _offered(study))


@bp.post("/studies/<slug>/heard")
@may("write reports")
def save_targets(slug: str) -> ResponseReturnValue:
    """Put targets in the place of the old ones."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    typed = _typed(study)
    try:
        service.save(db(), study, typed, was=request.form.get("seen", ""), who=current_person().email)
    except Stale as stale:
        return _page(study, typed, 409, stale=str(stale))
    except Refusal as refusal:
        db().rollback()
        place = refusal.place if isinstance(refusal, ProblemWith) else 0
        study = studies.for_person(db(), current_person(), slug)
        return _page(study, typed, 422, problem=Problem(str(refusal), f"share-{place}"))
    flash(_("The targets are saved. The next summary is compared with them."))
    return redirect(url_for(".heard", slug=slug), 303)


@bp.post("/studies/<slug>/heard/weights")
@may("write reports")
def save_weights(slug: str) -> ResponseReturnValue:
    """Choose by which groups shares are weighted, or that they are not."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    try:
        service.weight(db(), study, request.form.get("by", ""), who=current_person().email)
    except Refusal as refusal:
        db().rollback()
        study = studies.for_person(db(), current_person(), slug)
        return _page(study, _offered(study), 422, problem=Problem(str(refusal), "weights-0"))
    flash(_("Saved. It holds from the next summary on."))
    return redirect(url_for(".heard", slug=slug, _anchor="weights"), 303)


def _page(study: Study, typed: list[Typed], status: int = 200, **more: Any) -> ResponseReturnValue:
    row = next(iter(summaries.frozen(db(), study)), None)
    summary = summaries.read(row) if row else None
    stored = service.of_study(db(), study)
    fields = list(enumerate(typed))
    context = {
        "summary": summary,
        "under": [(TITLES[part.by], _under(part)) for part in _parts(summary) if _under(part)],
        "has_targets": any(row.target for part in _parts(summary) for row in part.rows),
        "pictures": {part.by: _pictures(part) for part in _parts(summary)},
        "fields": {by: [(place, one) for place, one in fields if one.by == by] for by in HEARD_BY},
        "titles": TITLES,
        "seen": service.seen(stored),
        "stored": _in_words(study, stored) if status == 409 else [],
        "weights": service.weights_by(db(), study) or "",
        "can_weight": [by for by in service.WEIGHT_BY if stored[by]],
    }
    return page("publish/heard.html", status, study=study, tab="summary", **context, **more)


def _parts(summary: Summary | None) -> tuple[SummaryHeard, ...]:
    return summary.heard if summary else ()


def _under(part: SummaryHeard) -> list[SummaryHeardRow]:
    return [row for row in part.rows if row.under_heard]


def _pictures(part: SummaryHeard) -> list[Markup]:
    """The bar of each row, all to one scale."""
    full = full_share([*(row.share for row in part.rows), *(row.target for row in part.rows)])
    return [heard_bar(row.share, row.target, full, _title(row)) for row in part.rows]


def _title(row: SummaryHeardRow) -> str:
    share = _("hidden") if row.people is None else "–" if row.share is None else percent(row.share)
    if row.target is None:
        return f"{row.name}: {share}"
    return str(
        _("%(name)s: %(share)s, target %(target)s", name=row.name, share=share, target=percent(row.target))
    )


def _offered(study: Study) -> list[Typed]:
    """The fields of the page: the groups there are, and an empty one where a name can be typed."""
    return [*service.fields(db(), study), *(Typed(by, "", "", new=True) for by in OWN_NAMES)]


def _typed(study: Study) -> list[Typed]:
    """What was typed, with the names of the groups."""
    labels = {(one.by, one.name): one.label for one in service.fields(db(), study)}
    columns = [request.form.getlist(name) for name in ("by", "group", "share", "new")]
    if len({len(column) for column in columns}) > 1:
        abort(400)
    return [
        Typed(by, name, share, labels.get((by, name), name), new == "1")
        for by, name, share, new in zip(*columns, strict=True)
    ]


def _in_words(study: Study, stored: service.Targets) -> Iterator[tuple[str, str]]:
    """What is stored now, for those who were slower."""
    labels = {(one.by, one.name): one.label for one in service.fields(db(), study)}
    for by, groups in stored.items():
        said = (
            f"{labels.get((by, name), name)}: {service.in_field(share)} %" for name, share in groups.items()
        )
        yield str(TITLES[by]), "\n".join(said) or str(_("none"))
