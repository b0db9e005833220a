"""The chain of audit rows: whole when untouched, and any change or loss is named."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from survey.db import Database
from survey.models import AuditHead, AuditRow
from survey.services import audit


@pytest.fixture
def chain(database: Database) -> Database:
    """A database with ten audit rows."""
    with database.writing() as session:
        for number in range(10):
            audit.record(
                session, "a@office.example", "themes.rename", f"theme {number}", name="Wi‑Fi “é”", n=number
            )
    return database


def faults(database: Database) -> list[str]:
    with database.reading() as session:
        return audit.verify(session)


def test_an_untouched_chain_is_whole(chain: Database) -> None:
    assert faults(chain) == []


def test_no_rows_are_a_whole_chain(database: Database) -> None:
    assert faults(database) == []


@pytest.mark.parametrize(
    "change", [{"by": "b@x"}, {"action": "x"}, {"object": "x"}, {"details": {}}, {"hash": "0" * 64}]
)
def test_a_changed_row_is_named(chain: Database, change: dict[str, object]) -> None:
    with chain.writing() as session:
        session.execute(update(AuditRow).where(AuditRow.number == 4).values(**change))
    assert any("Row 4 was changed" in fault for fault in faults(chain))


def test_a_missing_row_is_named(chain: Database) -> None:
    with chain.writing() as session:
        session.execute(delete(AuditRow).where(AuditRow.number.in_([5, 6])))
    assert "Rows 5 to 6 are missing." in faults(chain)


def test_rows_cut_off_at_the_end_are_noticed(chain: Database) -> None:
    with chain.writing() as session:
        session.execute(delete(AuditRow).where(AuditRow.number > 8))
    assert faults(chain) == ["The chain ends at row 8, but row 10 was the last one written."]


def test_a_missing_head_is_noticed(chain: Database) -> None:
    with chain.writing() as session:
        session.execute(delete(AuditHead))
    assert faults(chain)


def test_a_rolled_back_change_leaves_no_row(chain: Database) -> None:
    with Session(chain.write) as session:
        audit.record(session, "a", "b", "c")
    assert faults(chain) == []
    with chain.reading() as session:
        assert audit.page(session, 1).rows[0].number == 10


def test_writers_at_once_make_one_chain(chain: Database) -> None:
    def write() -> None:
        for _ in range(5):
            with chain.writing() as session:
                audit.record(session, "t", "x", "y")

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults(chain) == []
    with chain.reading() as session:
        assert audit.page(session, 1).rows[0].number == 40
