"""Storing minutes that were looked at, as one import that can be taken back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import Refusal
from survey.formats.rows import Problem
from survey.jobs import table as jobs
from survey.models import Comment, CommentImport, Study
from survey.services import audit, import_reports, imports
from survey.services.import_reports import Report
from survey.services.minutes_drafts import Draft

BATCH = 5_000


def store(session: Session, study: Study, draft: Draft, *, by: str) -> CommentImport:
    """Store the comments as one import, all or none; the study's row must be locked.

    Raises `Refusal` when it is not said whose they are, when some cannot be comments and the rest was not
    asked for, when nothing is left, or when the very same was stored already (`ImportedAlready`).
    """
    _refuse(draft)
    _refuse_again(session, study, draft)
    made = CommentImport(study_id=study.id, file_name=draft.name, made_by=by, made_at=now(), report={})
    session.add(made)
    session.flush()
    made.report = {**replace(_report(draft), import_id=made.id).as_dict(), "minutes": chosen(draft)}
    rows = list(_rows(draft, made))
    for start in range(0, len(rows), BATCH):
        session.execute(insert(Comment), rows[start : start + BATCH])
    jobs.enqueue(session, "near_duplicates", {"import_id": made.id}, study_id=study.id, by=by)
    audit.record(session, by, "minutes.add", study.slug, file=draft.name, stored=len(rows), number=made.id)
    return made


def _refuse(draft: Draft) -> None:
    if draft.whose is None:
        raise Refusal(_("Choose the session or the audience whose minutes these are."))
    if draft.problems and not draft.choices.partial:
        raise Refusal(
            ngettext(
                "One part is too long to be a comment. Split the minutes in another way, or leave it out.",
                "%(num)s parts are too long to be comments. Split the minutes in another way, or leave them "
                "out.",
                len(draft.problems),
            )
        )
    if not draft.stored:
        raise Refusal(_("Nothing is left to store. Look at what is left out."))


def chosen(draft: Draft) -> dict[str, Any]:
    """The choices as JSON: the same file with the same ones is the same import."""
    choices = draft.choices
    return {
        "whose": choices.whose,
        "mode": draft.mode,
        "prompt": choices.prompt,
        "headings": choices.headings,
        "under": {str(number): value for number, value in sorted(choices.under.items()) if value},
        "leave": sorted(choices.leave),
        "column": draft.minutes.column,
    }


def stored_already(session: Session, study: Study, draft: Draft) -> CommentImport | None:
    """The import that stored the very same."""
    same = (made for made in imports.of_study(session, study.id) if made.report.get("sha256") == draft.sha256)
    return next((made for made in same if made.report.get("minutes") == chosen(draft)), None)


def _refuse_again(session: Session, study: Study, draft: Draft) -> None:
    earlier = stored_already(session, study, draft)
    if earlier is not None:
        raise imports.ImportedAlready(earlier)


def _rows(draft: Draft, made: CommentImport) -> Iterator[dict[str, object]]:
    where = draft.whose
    assert where
    for line in draft.stored:
        yield {
            "id": secrets.token_hex(16),
            "study_id": made.study_id,
            "audience_id": where.audience,
            "prompt_id": line.prompt,
            "import_id": made.id,
            "session_id": where.session,
            "channel": "session" if where.session else "import",
            "day": where.day,
            "position": line.line,
            "speaker": line.speaker[:120] if line.speaker else None,
            "text": line.text,
        }


def _report(draft: Draft) -> Report:
    minutes, refused = draft.minutes, [Problem(line.line, line.problem) for line in draft.problems]
    nothing = dict.fromkeys(("text", "id", "audience", "prompt", "channel", "language", "wave"))
    return Report(
        file_name=draft.name,
        kind=minutes.kind,
        encoding=minutes.encoding,
        delimiter=None,
        sha256=draft.sha256,
        columns={**nothing, "text": minutes.column or None},
        read=len(draft.lines),
        stored=len(draft.stored),
        exact_duplicates=imports.count_exact_duplicates(line.text for line in draft.stored),
        refused=len(refused),
        refused_rows=import_reports.listed(refused),
        replaced=len(minutes.replaced),
        replaced_places=import_reports.places(minutes.replaced),
        notes=(*minutes.notes, *_notes(draft)),
        row_notes=(),
    )


def _notes(draft: Draft) -> Iterator[str]:
    left = len(draft.lines) - len(draft.stored) - len(draft.problems)
    if left:
        yield ngettext("One line was left out by choice.", "%(num)s lines were left out by choice.", left)
