"""The job table: put work in, take it out under a lease, end it.

A worker holds a job by a token that no other worker has and by a lease that it keeps renewing. Whatever it
writes, it writes in a transaction that first shows that the token still stands in the row: a worker that was
too slow, or whose job was cancelled, changes nothing.
"""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, and_, func, or_, select, update
from sqlalchemy.orm import Session

from survey.dates import now
from survey.db import Database
from survey.errors import NotFound
from survey.models import Job

# Renewed every RENEW_SECONDS: work whose worker was killed goes on within a minute.
LEASE_SECONDS = 45
RENEW_SECONDS = 10
MOST_ATTEMPTS = 3
GAVE_UP = "The work stopped three times before its end. Try again, or tell whoever runs this server."


class Lost(Exception):
    """The job is not this worker's any more: it was cancelled, or another has it since the lease ran out."""


@dataclass(frozen=True)
class Held:
    """A job as the worker that holds it sees it; `token` proves that it does."""

    id: int
    kind: str
    args: dict[str, Any]
    study_id: int | None
    made_by: str
    token: str


def enqueue(
    session: Session,
    kind: str,
    args: dict[str, Any],
    *,
    study_id: int | None,
    by: str,
    not_before: datetime | None = None,
) -> Job:
    """Put work into the table, in the transaction of what it is about."""
    job = Job(kind=kind, args=args, state="waiting", study_id=study_id, made_by=by, made_at=now())
    job.not_before = not_before
    session.add(job)
    session.flush()
    return job


def claim(database: Database, worker: str) -> Held | None:
    """Take the oldest job that nobody works on, or None; those tried too often are failed on the way."""
    with database.reading() as session:
        if not has_claimable(session):
            return None
    with database.writing() as session:
        query = select(Job).where(_claimable()).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
        while (job := session.scalar(query)) is not None:
            if job.attempts < MOST_ATTEMPTS:
                return take(job, worker)
            job.state, job.message = "failed", GAVE_UP
            session.flush()
    return None


def take(job: Job, worker: str) -> Held:
    """Give a waiting job to a worker, in the caller's transaction."""
    job.state, job.worker = "running", f"{worker[:60]}-{secrets.token_hex(8)}"
    job.attempts = (job.attempts or 0) + 1
    job.lease_until = _lease()
    return Held(job.id, job.kind, job.args, job.study_id, job.made_by, job.worker)


def worker_name(pid: int) -> str:
    """What the worker in that process of this machine is called in the table."""
    return f"{socket.gethostname()[:40]}:{pid}"


def let_go(session: Session, worker: str) -> None:
    """Let the leases of a worker that is known to be dead run out now."""
    held = Job.worker.startswith(f"{worker}-", autoescape=True)
    session.execute(update(Job).where(Job.state == "running", held).values(lease_until=now()))


def renew(session: Session, held: Held, progress: tuple[float, str] | None = None) -> None:
    """Renew the lease and note share done and what is being done; raise `Lost` without the lease."""
    values: dict[str, Any] = {"lease_until": _lease()}
    if progress is not None:
        values |= {"progress": min(max(progress[0], 0.0), 1.0), "message": progress[1]}
    _update(session, held, **values)


def finish(session: Session, held: Held, result: dict[str, Any]) -> None:
    """End a job well, in the transaction that stores what it made; raise `Lost` without the lease."""
    _update(session, held, state="done", progress=1.0, message="", result=result, lease_until=None)


def fail(session: Session, held: Held, sentence: str) -> None:
    """End a job that cannot be done, with a sentence for the person who asked for it."""
    _update(session, held, state="failed", message=sentence, lease_until=None)


def put_back(session: Session, held: Held, *, counted: bool) -> None:
    """Let another worker try. `counted` is False when the worker was asked to stop: not the job's fault."""
    job = session.get_one(Job, held.id)
    if counted and job.attempts >= MOST_ATTEMPTS:
        fail(session, held, GAVE_UP)
    else:
        attempts = job.attempts - (not counted)
        _update(session, held, state="waiting", attempts=attempts, progress=0.0, message="", lease_until=None)


def cancel(session: Session, job_id: int) -> bool:
    """Cancel a job; its worker notices soon and stores nothing. False when it had ended before."""
    query = update(Job).where(Job.id == job_id, _unfinished())
    values = {"state": "cancelled", "message": "", "lease_until": None}
    return _changed(session, query.values(**values)) == 1


def has_claimable(session: Session) -> bool:
    """Whether some job waits, or was left behind by its worker."""
    return session.scalar(select(Job.id).where(_claimable()).limit(1)) is not None


def has_unfinished(session: Session) -> bool:
    """Whether some job runs, or waits for a worker; one that waits for its moment does not count."""
    query = select(Job.id).where(or_(Job.state == "running", _is_due())).limit(1)
    return session.scalar(query) is not None


def unfinished_of(session: Session, study_id: int, kind: str) -> Job | None:
    """The job of that kind which waits or runs for a study."""
    query = select(Job).where(Job.study_id == study_id, Job.kind == kind, _unfinished())
    return session.scalar(query.order_by(Job.id).limit(1))


def of_study(session: Session, study_id: int, kind: str, job_id: int) -> Job:
    """A job of a kind of a study; raise `NotFound` when there is none of that id."""
    job = session.get(Job, job_id)
    if job is None or (job.study_id, job.kind) != (study_id, kind):
        raise NotFound
    return job


def count_running(session: Session) -> int:
    """How many jobs are being worked on, on all machines."""
    query = select(func.count()).select_from(Job).where(Job.state == "running", Job.lease_until >= now())
    return session.scalar(query) or 0


def _update(session: Session, held: Held, **values: Any) -> None:
    query = update(Job).where(Job.id == held.id, Job.state == "running", Job.worker == held.token)
    if _changed(session, query.values(**values)) != 1:
        raise Lost


def _lease() -> Any:
    return now() + timedelta(seconds=LEASE_SECONDS)


def _claimable() -> ColumnElement[bool]:
    return or_(_is_due(), and_(Job.state == "running", Job.lease_until < now()))


def _is_due() -> ColumnElement[bool]:
    return and_(Job.state == "waiting", or_(Job.not_before.is_(None), Job.not_before <= now()))


def _unfinished() -> ColumnElement[bool]:
    return Job.state.in_(("waiting", "running"))


def _changed(session: Session, query: Update) -> int:
    """Run an UPDATE; return how many rows it changed."""
    return cast("CursorResult[Any]", session.execute(query)).rowcount
