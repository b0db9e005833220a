"""Summaries: the board with all comments, frozen once and written to every format from the same numbers."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import models
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.formats.summary import Summary
from survey.jobs import table as jobs
from survey.models import Job, Response, Study, Survey
from survey.services import audit, comments, gate
from survey.services.summary_maker import Maker

KIND = "freeze"


@dataclass(frozen=True)
class Prepared:
    """A summary that is ready to be stored, and what the gate has to remember of it."""

    summary: Summary
    run_id: int | None
    groups: gate.Groups
    ledger: list[dict[str, Any]]


def preview(session: Session, study: Study, by: str) -> Summary:
    """The themes that a summary frozen now would hold."""
    return Maker(session, study).themes_only(by, now())


def start(session: Session, study: Study, by: str) -> Job:
    """Put freezing a summary to work; one that is under way is not started twice.

    Raises `Refusal` when there is nothing to freeze.
    """
    if not has_anything(session, study):
        raise Refusal(_("There are no comments yet, so there is nothing to freeze. Import comments first."))
    under_way = jobs.unfinished_of(session, study.id, KIND)
    return under_way or jobs.enqueue(session, KIND, {"by": by}, study_id=study.id, by=by)


def has_anything(session: Session, study: Study) -> bool:
    """Whether anybody has said anything yet: a comment, or an answer to a closed question."""
    answered = select(Response.id).join(Survey, Survey.id == Response.survey_id)
    answered = answered.where(Survey.study_id == study.id, Response.apart.is_(None)).limit(1)
    return comments.count(session, study.id) > 0 or session.scalar(answered) is not None


def prepare(session: Session, study: Study, by: str) -> Prepared:
    """Make a summary; nothing is written. Raises `Refusal` when there is nothing to freeze."""
    maker, at = Maker(session, study), now().replace(microsecond=0)
    summary, shown = maker.whole(by, at)
    if not (summary.comments or summary.questions):
        raise Refusal(_("There are no comments yet, so there is nothing to freeze. Import comments first."))
    summary = replace(summary, number=_last(session, study) + 1)
    return Prepared(summary, maker.run.id if maker.run else None, maker.groups, gate.ledger(shown))


def store(session: Session, study: Study, prepared: Prepared) -> models.Summary:
    """Store a summary that was prepared; raise `Refusal` when another one was frozen meanwhile.

    The gate looked at all summaries there were: one that came in between could be subtracted from this one.
    """
    session.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    summary = prepared.summary
    if summary.number != _last(session, study) + 1:
        raise Refusal(_("Another summary was frozen in the meantime. Freeze this one again."))
    document = summary.to_json()
    row = models.Summary(
        study_id=study.id,
        run_id=prepared.run_id,
        number=summary.number,
        board_revision=summary.board_revision,
        sha256=hashlib.sha256(document).hexdigest(),
        document=zlib.compress(document),
        ledger=prepared.ledger,
        made_by=summary.made_by,
        made_at=summary.made_at_moment(),
    )
    session.add(row)
    gate.pool(session, study, prepared.groups)
    session.flush()
    audit.record(
        session, summary.made_by, "summaries.freeze", study.slug, number=row.number, sha256=row.sha256
    )
    return row


def freeze(session: Session, study: Study, by: str) -> models.Summary:
    """Freeze a summary at once; raise `Refusal` when there is nothing to freeze."""
    # Summaries of a study are numbered, so they are made one after the other.
    session.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    return store(session, study, prepare(session, study, by))


def _last(session: Session, study: Study) -> int:
    query = select(func.max(models.Summary.number)).where(models.Summary.study_id == study.id)
    return session.scalar(query) or 0


def frozen(session: Session, study: Study) -> list[models.Summary]:
    """The frozen summaries of a study, newest first, without their documents."""
    query = select(models.Summary).where(models.Summary.study_id == study.id)
    return list(session.scalars(query.order_by(models.Summary.number.desc())))


def get(session: Session, study: Study, number: int) -> models.Summary:
    """One frozen summary; raise `NotFound` when there is none of that number."""
    row = next((row for row in frozen(session, study) if row.number == number), None)
    if row is None:
        raise NotFound
    return row


def read(row: models.Summary) -> Summary:
    """What was frozen; raise `Refusal` when the stored bytes are not those any more."""
    document = zlib.decompress(row.document)
    if hashlib.sha256(document).hexdigest() != row.sha256:
        raise Refusal(
            _(
                "Summary %(number)s was changed after it was frozen. Restore it from a backup.",
                number=row.number,
            )
        )
    return Summary.from_json(document)
