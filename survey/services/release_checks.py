"""What has to be in order before results become public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.errors import Refusal
from survey.formats.release import PublicRelease
from survey.formats.summary import Summary
from survey.models import AuditRow, Study, Survey
from survey.services import release_content, surveys
from survey.services.release_content import Drawn
from survey.services.response_rates import CLOSED


@dataclass(frozen=True)
class Clock:
    """Now, and the time zone of the office."""

    now: datetime
    timezone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def faults(session: Session, drawn: Drawn, clock: Clock) -> list[str]:
    """Sentences that say what stands in the way of asking for approval and of approving."""
    found = list(_faults(drawn.document, drawn.summary))
    if not drawn.document.interim:
        found += unfinished(session, drawn.release.study, drawn.release.summary.made_at, clock)
    return found


def _faults(document: PublicRelease, summary: Summary) -> Iterator[str]:
    shown = document.summary
    if not document.words or not document.words[0].title.strip():
        yield _("Give the release a title in the study's own language.")
    if not (shown.themes or shown.questions or shown.crosses or shown.heard or shown.waves):
        yield _("Nothing is chosen yet. Choose at least one theme, question or table.")
    words = release_content.copied(document, summary)
    if words:
        yield _(
            "These words come from a comment that nobody cleared: “%(words)s”. Clear the comment as a quote "
            "and freeze a new summary, or say it in other words.",
            words=words,
        )


def unfinished(session: Session, study: Study, frozen_at: datetime, clock: Clock) -> list[str]:
    """A sentence for each survey that took answers, or may have, after the summary was frozen."""
    found = surveys.of_studies(session, [study.id])
    return [said for survey in found if (said := _unfinished(session, survey, frozen_at, clock))]


def _unfinished(session: Session, survey: Survey, frozen_at: datetime, clock: Clock) -> str:
    today, last = clock.now.astimezone(clock.zone).date(), survey.closes_on
    status, name = surveys.status(survey, today), surveys.title(survey)
    if status == "open":
        return str(
            _(
                "“%(survey)s” takes answers now. Close it and freeze a new summary, or mark the release as "
                "interim.",
                survey=name,
            )
        )
    frozen_on = frozen_at.astimezone(clock.zone).date()
    ended_later = status == "ended" and last is not None and last >= frozen_on
    if ended_later or (status == "closed" and _closed_after(session, survey, frozen_at)):
        return str(
            _(
                "“%(survey)s” took answers after this summary was frozen. Freeze a new summary, or mark the "
                "release as interim.",
                survey=name,
            )
        )
    return ""


def _closed_after(session: Session, survey: Survey, moment: datetime) -> bool:
    # Reopened and closed again, or closed only after the summary: in both cases the last closing came later.
    # A summary knows its time to the second, so a closing within that second counts as before it.
    query = select(AuditRow.number).where(
        AuditRow.action == CLOSED,
        AuditRow.object == survey.slug,
        AuditRow.at >= moment + timedelta(seconds=1),
    )
    return session.scalar(query.order_by(AuditRow.number).limit(1)) is not None


def require(session: Session, drawn: Drawn, clock: Clock) -> None:
    """Raise `Refusal` with every sentence when something stands in the way."""
    found = faults(session, drawn, clock)
    if found:
        raise Refusal(" ".join(found))
