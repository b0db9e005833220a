"""Writing to the people on the list: invitations, reminders and letters, and mail that came back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import mail
from survey.errors import Refusal
from survey.models import Mailing, Survey
from survey.permissions import may
from survey.services import addressed, audit, bounces, deliveries
from survey.services import mailings as service
from survey.services.mailings import Draft
from survey.views.studio import bp
from survey.views.studio.mailing_words import (
    KINDS,
    around,
    first_values,
    sample,
    samples,
    settings_of,
)
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import fill_in, me, settings_form, survey_of, survey_page, this_day
from survey.views.working import wake_after_commit, wake_now
from survey.web import db, settings

MAILINGS = BUILDER + "/mailings"
ONE = MAILINGS + "/<int:mailing_id>"
# What stands with people whom a mailing may not have reached, and a person may try again.
OPEN_ENDED = ("unsure", "later")


@bp.get(MAILINGS)
@may("send invitations")
def mailings(slug: str, survey_slug: str) -> ResponseReturnValue:
    """What was sent, what came back, and what can be printed."""
    survey = survey_of(slug, survey_slug)
    return _list_page(survey)


def _list_page(survey: Survey, status: int = 200, **more: Any) -> ResponseReturnValue:
    rows = [(one, deliveries.totals(db(), one.id)) for one in service.of_survey(db(), survey)]
    people = {kind: service.count(db(), survey, kind, "all") for kind in service.KINDS}
    new = service.count(db(), survey, "invitation", "new")
    context: dict[str, Any] = {"rows": rows, "kinds": KINDS, "people": people, "new": new}
    context |= {"bounced": bounces.of_survey(db(), survey), "has_server": bool(settings().smtp_host)}
    return survey_page("studio/mailings.html", survey, status, **{**context, **more})


@bp.route(MAILINGS + "/new", methods=["GET", "POST"])
@may("send invitations")
def new_mailing(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Write one; it is looked at before anything is sent."""
    survey = survey_of(slug, survey_slug)
    kind = request.args.get("kind", "invitation")
    if kind not in KINDS:
        abort(404)

    def store(raw: dict[str, Any]) -> ResponseReturnValue:
        return _to(survey, service.save(db(), survey, _draft(kind, raw), by=me()))

    return _write(survey, kind, first_values(survey, kind), store, None)


@bp.route(ONE + "/edit", methods=["GET", "POST"])
@may("send invitations")
def edit_mailing(slug: str, survey_slug: str, mailing_id: int) -> ResponseReturnValue:
    """Change one that was not sent yet."""
    survey = survey_of(slug, survey_slug)
    mailing = service.mailing_of(db(), survey, mailing_id)

    def store(raw: dict[str, Any]) -> ResponseReturnValue:
        seen = request.form.get("seen", "")
        service.change(db(), survey, mailing, _draft(mailing.kind, raw), by=me(), seen=seen)
        return _to(survey, mailing)

    return _write(survey, mailing.kind, mailing.words, store, mailing)


def _write(
    survey: Survey, kind: str, values: dict[str, Any], store: Any, mailing: Mailing | None
) -> ResponseReturnValue:
    form = settings_form(survey, settings_of(kind), values)
    people = service.count(db(), survey, kind, values["whom"])
    more = {"kind": kind, "kinds": KINDS, "people": people, "mailing": mailing}
    return fill_in(
        "studio/mailing_write.html", survey, form, store, seen=service.fingerprint(mailing), **more
    )


def _draft(kind: str, raw: dict[str, Any]) -> Draft:
    return Draft(kind, raw["subject"], raw["text"], raw.get("whom") or "new")


def _to(survey: Survey, mailing: Mailing) -> ResponseReturnValue:
    slug, survey_slug = survey.study.slug, survey.slug
    return redirect(url_for(".mailing", slug=slug, survey_slug=survey_slug, mailing_id=mailing.id), 303)


@bp.get(ONE)
@may("send invitations")
def mailing(slug: str, survey_slug: str, mailing_id: int) -> ResponseReturnValue:
    """One mailing: how people would get it, then how far it is and whom it did not reach."""
    survey = survey_of(slug, survey_slug)
    found = service.mailing_of(db(), survey, mailing_id)
    if service.is_under_way(db(), found):
        wake_now()
    return _page(survey, found)


def _page(survey: Survey, found: Mailing, status: int = 200, refused: str = "") -> ResponseReturnValue:
    job = service.job_of(db(), found)
    draft = found.state == service.DRAFT
    context: dict[str, Any] = {"mailing": found, "job": job, "refused": refused, "kinds": KINDS}
    context |= {"going": service.is_under_way(db(), found), "totals": deliveries.totals(db(), found.id)}
    context["samples"] = samples(survey, found) if draft else []
    context["people"] = service.count(db(), survey, found.kind, found.words["whom"]) if draft else 0
    context["missed"] = [] if draft else service.standing(db(), found, ("refused", *OPEN_ENDED))
    return survey_page("studio/mailing.html", survey, status, **context)


@bp.post(ONE + "/send")
@may("send invitations")
def send_mailing(slug: str, survey_slug: str, mailing_id: int) -> ResponseReturnValue:
    """Send it, or go on with the rest; letters are put together to be printed."""
    survey = survey_of(slug, survey_slug)
    found = service.mailing_of(db(), survey, mailing_id, lock=True)
    try:
        if found.state == service.DRAFT:
            service.start(db(), survey, found, around(survey, found.kind), this_day(), by=me())
        else:
            service.again(db(), survey, found, _chosen_states(), by=me())
    except Refusal as refusal:
        db().rollback()
        survey = survey_of(slug, survey_slug)
        return _page(survey, service.mailing_of(db(), survey, mailing_id), 422, str(refusal))
    wake_after_commit()
    return _to(survey, found)


def _chosen_states() -> tuple[str, ...]:
    return tuple(state for state in request.form.getlist("again") if state in OPEN_ENDED)


@bp.post(ONE + "/stop")
@may("send invitations")
def stop_mailing(slug: str, survey_slug: str, mailing_id: int) -> ResponseReturnValue:
    """Send no more of it."""
    survey = survey_of(slug, survey_slug)
    found = service.mailing_of(db(), survey, mailing_id, lock=True)
    stopped = service.stop(db(), survey, found, by=me())
    flash(_("Stopped. Who has it already keeps it.") if stopped else _("It had ended already."))
    return _to(survey, found)


@bp.post(ONE + "/test")
@may("send invitations")
def test_mailing(slug: str, survey_slug: str, mailing_id: int) -> ResponseReturnValue:
    """Send it to oneself. Nothing is locked while the mail server takes its time."""
    survey = survey_of(slug, survey_slug)
    found = service.mailing_of(db(), survey, mailing_id)
    reply = _to(survey, found)
    words = {**found.words, **around(survey, found.kind).words()}
    wanted = [
        addressed.mail_to(words, survey, sample(survey, tag, me()), settings().secret_key)
        for tag in found.words["text"]
    ]
    audit.record(db(), me(), "mailings.test", survey.slug, mailing=found.id)
    db().commit()
    _send_test(wanted)
    return reply


def _send_test(wanted: list[mail.Mail]) -> None:
    try:
        made = [mail.message(one, settings()) for one in wanted]
        with mail.line(settings()) as line:
            for one in made:
                line.send(one)
    except mail.NotSent as error:
        flash(_("The mail server did not take it: %(reason)s", reason=error.reason), "error")
    except mail.Unsure:
        flash(_("The line to the mail server broke. Look whether the mail came."), "error")
    except mail.NoServer as error:
        flash(str(error), "error")
    else:
        flash(_("Sent to %(address)s. The code in it is made up and opens nothing.", address=wanted[0].to))


@bp.post(ONE + "/delete")
@may("send invitations")
def delete_mailing(slug: str, survey_slug: str, mailing_id: int) -> ResponseReturnValue:
    """Throw away what was never sent."""
    survey = survey_of(slug, survey_slug)
    service.remove(db(), survey, service.mailing_of(db(), survey, mailing_id, lock=True), by=me())
    flash(_("Deleted."))
    return redirect(url_for(".mailings", slug=slug, survey_slug=survey_slug), 303)


@bp.post(MAILINGS + "/came-back/<bounced_id>")
@may("send invitations")
def put_address_right(slug: str, survey_slug: str, bounced_id: str) -> ResponseReturnValue:
    """Give somebody whom mail does not reach another address, and send it again."""
    survey = survey_of(slug, survey_slug)
    person = bounces.person_of(db(), survey, bounced_id)
    typed = request.form.get("email", "")
    try:
        sent = bounces.put_right(db(), survey, person, typed, by=me())
    except Refusal as refusal:
        db().rollback()
        wrong = {"id": bounced_id, "typed": typed, "words": str(refusal)}
        return _list_page(survey_of(slug, survey_slug), 422, wrong=wrong)
    wake_after_commit()
    again = _("It is sent again to the new address.") if sent else _("The next invitation goes there.")
    flash(_("The address is put right.") + " " + again)
    return redirect(url_for(".mailings", slug=slug, survey_slug=survey_slug), 303)
