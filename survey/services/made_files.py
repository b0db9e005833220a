"""Files that a job wrote: kept in parts, so that none is ever held whole, and gone after a day.

`store` writes a file in one transaction. A job that writes for long uses `begin`, `append` and `finish`, each
in a transaction of its own: nobody who answers waits for it, and nobody sees a file that is not finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Select, delete, func, insert, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound
from survey.models import MadeFile, MadeFilePart

PART_BYTES = 256 * 1024
HOURS = 24
UNFINISHED = -1
"""The size of a file that is still being written."""


def store(
    session: Session, study_id: int, name: str, media_type: str, chunks: Iterable[bytes], by: str
) -> MadeFile:
    """Store a file whole; files whose time is over make room for it."""
    drop_expired(session)
    file = begin(session, study_id, name, media_type, by)
    for number, part in enumerate(in_parts(chunks)):
        append(session, file.id, number, part)
    return finish(session, file.id)


def begin(session: Session, study_id: int, name: str, media_type: str, by: str) -> MadeFile:
    """Begin a file; nobody sees it before `finish`."""
    made_at = now()
    file = MadeFile(
        study_id=study_id,
        name=name,
        media_type=media_type,
        size=UNFINISHED,
        made_by=by,
        made_at=made_at,
        expires_at=made_at + timedelta(hours=HOURS),
    )
    session.add(file)
    session.flush()
    return file


def append(session: Session, file_id: int, number: int, data: bytes) -> None:
    """Write the part of that number, from 0; see `in_parts` for its size."""
    # Not as an object: the session would keep the bytes until it ends.
    session.execute(insert(MadeFilePart).values(file_id=file_id, number=number, data=data))


def finish(session: Session, file_id: int) -> MadeFile:
    """Let a file be seen. Raises `NotFound` where its study was deleted meanwhile."""
    file = session.get(MadeFile, file_id)
    if file is None:
        raise NotFound
    sizes = select(func.sum(func.length(MadeFilePart.data))).where(MadeFilePart.file_id == file_id)
    file.size = session.scalar(sizes) or 0
    session.flush()
    return file


def in_parts(chunks: Iterable[bytes], size: int = PART_BYTES) -> Iterator[bytes]:
    """The same bytes in parts of `size`, the last one shorter."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        whole = len(waiting) - len(waiting) % size
        yield from (bytes(waiting[at : at + size]) for at in range(0, whole, size))
        del waiting[:whole]
    if waiting:
        yield bytes(waiting)


def parts(session: Session, file: MadeFile) -> Iterator[bytes]:
    """The bytes of a file, one part after the other; each is read when it is asked for."""
    number = 0
    query = select(MadeFilePart.data).where(MadeFilePart.file_id == file.id)
    while (data := session.scalar(query.where(MadeFilePart.number == number))) is not None:
        yield data
        number += 1


def of_study(session: Session, study_id: int) -> list[MadeFile]:
    """The files of a study that can be fetched, newest first."""
    query = _there(now()).where(MadeFile.study_id == study_id)
    return list(session.scalars(query.order_by(MadeFile.made_at.desc(), MadeFile.id.desc())))


def get(session: Session, study_id: int, file_id: int) -> MadeFile:
    """A file of a study; raise `NotFound` when there is none, it is not finished, or its time is over."""
    query = _there(now()).where(MadeFile.study_id == study_id, MadeFile.id == file_id)
    file = session.scalar(query)
    if file is None:
        raise NotFound
    return file


def drop_expired(session: Session) -> int:
    """Delete the files whose time is over, of all studies; returns how many."""
    dropped = delete(MadeFile).where(MadeFile.expires_at <= now())
    return cast("CursorResult[Any]", session.execute(dropped)).rowcount


def _there(moment: datetime) -> Select[MadeFile]:
    return select(MadeFile).where(MadeFile.expires_at > moment, MadeFile.size >= 0)
