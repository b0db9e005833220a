"""Files that a job wrote: the same bytes in parts, seen when they are finished, gone after a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.db import Database
from survey.errors import NotFound
from survey.models import MadeFile, MadeFilePart, Study
from survey.services import made_files, studies
from survey.services.made_files import PART_BYTES, in_parts

BY = "planner@office.example"


def stored(session: Session, study: Study, *chunks: bytes, name: str = "report.pdf") -> MadeFile:
    return made_files.store(session, study.id, name, "application/pdf", chunks, BY)


def whole(session: Session, file: MadeFile) -> bytes:
    return b"".join(made_files.parts(session, file))


def part_sizes(session: Session, file: MadeFile) -> list[int]:
    query = select(func.length(MadeFilePart.data)).where(MadeFilePart.file_id == file.id)
    return list(session.scalars(query.order_by(MadeFilePart.number)))


def count_parts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(MadeFilePart)) or 0


@given(st.lists(st.binary(max_size=40)), st.integers(1, 17))
def test_parts_are_the_same_bytes_and_all_full_but_the_last(chunks: list[bytes], size: int) -> None:
    parts = list(in_parts(chunks, size))
    assert b"".join(parts) == b"".join(chunks)
    assert all(len(part) == size for part in parts[:-1])
    assert all(0 < len(part) <= size for part in parts[-1:])


def test_a_file_comes_back_as_it_was_and_lies_in_parts(session: Session, study: Study) -> None:
    chunks = [b"%PDF-1.7\0\xff", b"", b"x" * (2 * PART_BYTES), b"end"]
    file = stored(session, study, *chunks)
    session.expire_all()
    found = made_files.get(session, study.id, file.id)
    assert whole(session, found) == b"".join(chunks)
    assert part_sizes(session, found) == [PART_BYTES, PART_BYTES, 13]
    assert found.size == 2 * PART_BYTES + 13
    assert (found.name, found.media_type, found.made_by) == ("report.pdf", "application/pdf", BY)
    assert timedelta(hours=23) < found.expires_at - now() <= timedelta(hours=24)


def test_an_empty_file_is_a_file(session: Session, study: Study) -> None:
    file = stored(session, study)
    assert (made_files.get(session, study.id, file.id).size, whole(session, file)) == (0, b"")


def test_chunks_are_taken_one_by_one(session: Session, study: Study) -> None:
    """What is written is not waited for: a part is stored before the chunk after it is made."""
    seen: list[int] = []

    def chunks() -> Iterator[bytes]:
        for _number in range(4):
            seen.append(count_parts(session))
            yield b"x" * PART_BYTES

    made_files.store(session, study.id, "a.csv", "text/csv", chunks(), BY)
    assert seen == [0, 1, 2, 3]


def test_a_file_is_seen_when_it_is_finished(database: Database, study: Study) -> None:
    with database.writing() as session:
        file_id = made_files.begin(session, study.id, "a.csv", "text/csv", BY).id
    for number, data in enumerate((b"one", b"two")):
        with database.writing() as session:
            made_files.append(session, file_id, number, data)
        with database.reading() as session:
            assert made_files.of_study(session, study.id) == []
            with pytest.raises(NotFound):
                made_files.get(session, study.id, file_id)
    with database.writing() as session:
        made_files.finish(session, file_id)
    with database.reading() as session:
        file = made_files.get(session, study.id, file_id)
        assert (file.size, whole(session, file)) == (6, b"onetwo")


def test_files_of_a_study_newest_first_and_of_no_other(session: Session, study: Study) -> None:
    other = studies.by_slug(session, "other")
    first, second = stored(session, study, b"1", name="1"), stored(session, study, b"2", name="2")
    foreign = stored(session, other, b"3", name="3")
    assert made_files.of_study(session, study.id) == [second, first]
    assert made_files.of_study(session, other.id) == [foreign]
    for number in (foreign.id, 0, -1, 2**31 - 1):
        with pytest.raises(NotFound):
            made_files.get(session, study.id, number)


def test_after_a_day_a_file_is_gone_and_its_parts_with_it(session: Session, study: Study) -> None:
    old, new = stored(session, study, b"old"), stored(session, study, b"new")
    begun = made_files.begin(session, study.id, "never finished", "text/csv", BY)
    made_files.append(session, begun.id, 0, b"half")
    old.expires_at = begun.expires_at = now()
    session.flush()
    assert made_files.of_study(session, study.id) == [new]
    with pytest.raises(NotFound):
        made_files.get(session, study.id, old.id)
    assert count_parts(session) == 3
    assert made_files.drop_expired(session) == 2
    assert made_files.drop_expired(session) == 0
    assert count_parts(session) == 1
    assert whole(session, new) == b"new"


def test_storing_makes_room(session: Session, study: Study) -> None:
    old = stored(session, study, b"old")
    old.expires_at = now() - timedelta(days=1)
    session.flush()
    stored(session, study, b"new")
    assert count_parts(session) == 1


def test_a_study_takes_its_files_with_it(session: Session, study: Study) -> None:
    begun = made_files.begin(session, study.id, "a", "text/csv", BY).id
    stored(session, study, b"x")
    session.execute(delete(Study).where(Study.id == study.id))
    session.expunge_all()
    assert count_parts(session) == 0
    with pytest.raises(NotFound):
        made_files.finish(session, begun)
