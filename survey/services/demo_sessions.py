"""The six focus groups of the demo, as sessions that were held: agenda, roster, the notes typed there."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.models import AgendaItem, GroupSession, Note, RosterEntry, Study

FIRST, EVERY = 21, 2
"""How many days ago the first group met, and after how many days the next one did."""
MINUTES = 20


def hold(session: Session, study: Study, today: date, by: str) -> dict[str, GroupSession]:
    """A session for each group, by the name of its audience."""
    first = datetime.combine(today - timedelta(days=FIRST), time(18), UTC)
    held = {}
    for number, audience in enumerate(one for one in study.audiences if one.people):
        meeting = GroupSession(
            study_id=study.id,
            audience_id=audience.id,
            title="",
            place="Central Library",
            starts_at=first + timedelta(days=EVERY * number),
            state="ended",
            made_by=by,
            made_at=first - timedelta(days=EVERY),
        )
        meeting.agenda = [
            AgendaItem(prompt_id=prompt.id, minutes=MINUTES, position=place)
            for place, prompt in enumerate(study.prompts)
        ]
        meeting.roster = [RosterEntry(number=place) for place in range(1, (audience.people or 0) + 1)]
        session.add(meeting)
        held[audience.name] = meeting
    session.flush()
    return held


def as_comments(rows: Iterable[Mapping[str, str]], held: Mapping[str, GroupSession]) -> list[dict[str, Any]]:
    """The notes of all groups, each with its session, its day and who said it."""
    return [
        {
            **row,
            "channel": "session",
            "session_id": held[row["audience"]].id,
            "day": _starts(held[row["audience"]]).date().isoformat(),
        }
        for row in rows
    ]


def note(session: Session, held: Mapping[str, GroupSession], comments: Sequence[Mapping[str, Any]]) -> None:
    """Write each comment down as the note that it was."""
    by_id = {meeting.id: meeting for meeting in held.values()}
    values = [
        {
            "id": secrets.token_hex(16),
            "session_id": row["session_id"],
            "prompt_id": row["prompt_id"],
            "speaker": int(row["speaker"][1:]),
            "position": row["position"],
            "text": row["text"],
            "comment_id": row["id"],
            "made_by": meeting.made_by,
            "made_at": _starts(meeting) + timedelta(minutes=place % 60),
            "revision": 1,
        }
        for place, row in enumerate(comments)
        if (meeting := by_id[row["session_id"]])
    ]
    session.execute(insert(Note), values)


def _starts(meeting: GroupSession) -> datetime:
    assert meeting.starts_at
    return meeting.starts_at
