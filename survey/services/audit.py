"""Audit rows: written in the transaction of the change they tell of, chained by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.models import AuditHead, AuditRow

START = "0" * 64


def record(session: Session, by: str, action: str, object: str, **details: Any) -> AuditRow:
    """Add one row to the chain. The head row is locked, so two writers follow one another."""
    head = session.get(AuditHead, 1, with_for_update=True)
    if head is None:
        head = AuditHead(id=1, number=0, hash=START)
        session.add(head)
    row = AuditRow(
        number=head.number + 1, at=now(), by=by, action=action, object=object[:200], details=details
    )
    row.hash = digest(row, head.hash)
    head.number, head.hash = row.number, row.hash
    session.add(row)
    session.flush()
    return row


def digest(row: AuditRow, before: str) -> str:
    """SHA-256 of the hash before and of every column of the row, as canonical JSON."""
    content = [before, row.number, _text(row.at), row.by, row.action, row.object, row.details]
    data = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def verify(session: Session) -> list[str]:
    """Sentences naming every changed or missing row; an empty list when the chain is whole."""
    return list(_faults(session))


def _faults(session: Session) -> Iterator[str]:
    before, expected = START, 1
    for row in session.scalars(select(AuditRow).order_by(AuditRow.number)).yield_per(1000):
        if row.number != expected:
            missing = (
                f"Row {expected} is"
                if row.number == expected + 1
                else f"Rows {expected} to {row.number - 1} are"
            )
            yield f"{missing} missing."
        elif digest(row, before) != row.hash:
            yield f"Row {row.number} was changed: its content does not fit its hash."
        before, expected = row.hash, row.number + 1
    head = session.get(AuditHead, 1)
    last = head.number if head else 0
    if last != expected - 1 or (head and head.hash != before):
        yield f"The chain ends at row {expected - 1}, but row {last} was the last one written."


@dataclass(frozen=True)
class Page:
    """A page of audit rows, newest first."""

    rows: list[AuditRow]
    number: int
    of: int


def page(session: Session, number: int, size: int = 50) -> Page:
    """One page of the audit, newest first; the number is brought into range."""
    total = session.scalar(select(func.count()).select_from(AuditRow)) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    query = select(AuditRow).order_by(AuditRow.number.desc()).limit(size).offset((number - 1) * size)
    return Page(list(session.scalars(query)), number, pages)
