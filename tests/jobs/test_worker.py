"""Workers: results whole or not at all, whatever happens to the worker."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey.config import Settings
from survey.dates import now
from survey.db import Database
from survey.errors import Refusal
from survey.formats.comments_in import ColumnChoice
from survey.jobs import heartbeat, spawn, table, tasks, worker
from survey.jobs.table import Held
from survey.models import AuditRow, Job, Run, Study
from survey.services import audit, imports, runs
from tests.jobs.test_table import enqueue, job, let_lease_run_out

Progress = Callable[[float, str], None]


def store_a_row(session: Session) -> dict[str, Any]:
    """A result that can be counted."""
    audit.record(session, "tests", "job.result", "row")
    return {"stored": 1}


def results(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Callable[[tasks.Task], None]:
    """Puts a task in place under the kind "test"."""
    return lambda function: monkeypatch.setitem(tasks.TASKS, "test", function)


def test_draining_does_all_that_waits(database: Database, task: Callable[..., None]) -> None:
    task(lambda database, held, progress: store_a_row)
    jobs = [enqueue(database) for _ in range(3)]
    worker.drain(database)
    assert [job(database, number).state for number in jobs] == ["done"] * 3
    assert job(database, jobs[0]).result == {"stored": 1}
    assert results(database) == 3


def test_what_cannot_be_done_is_failed_at_once_with_its_sentence(
    database: Database, task: Callable[..., None]
) -> None:
    def refuse(database: Database, held: Held, progress: Progress) -> tasks.Store:
        raise Refusal("12 comments are too few: 20 are needed")

    task(refuse)
    number = enqueue(database)
    worker.drain(database)
    ended = job(database, number)
    assert (ended.state, ended.message) == ("failed", "12 comments are too few: 20 are needed")
    assert ended.attempts == 1


def test_a_fault_is_tried_three_times_and_told_without_its_text(
    database: Database, task: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(database: Database, held: Held, progress: Progress) -> tasks.Store:
        raise ValueError("what a person wrote")

    task(break_down)
    number = enqueue(database)
    worker.drain(database)
    ended = job(database, number)
    assert (ended.state, ended.message, ended.attempts) == ("failed", table.GAVE_UP, 3)
    assert "ValueError" in caplog.text
    assert "what a person wrote" not in caplog.text


def test_a_result_that_breaks_half_way_leaves_nothing(database: Database, task: Callable[..., None]) -> None:
    def store_and_break(session: Session) -> dict[str, Any]:
        store_a_row(session)
        raise ValueError

    task(lambda database, held, progress: store_and_break)
    number = enqueue(database)
    worker.drain(database)
    assert (results(database), job(database, number).state) == (0, "failed")


def test_a_cancelled_job_stops_at_its_next_step_and_stores_nothing(
    database: Database, task: Callable[..., None]
) -> None:
    steps = []

    def cancelled_meanwhile(database: Database, held: Held, progress: Progress) -> tasks.Store:
        with database.writing() as session:
            table.cancel(session, held.id)
        for step in range(200):
            steps.append(step)
            progress(step / 200, "Working")
            time.sleep(0.05)
        return store_a_row

    task(cancelled_meanwhile)
    number = enqueue(database)
    worker.drain(database)
    assert (job(database, number).state, results(database)) == ("cancelled", 0)
    assert len(steps) < 100


def test_a_job_cancelled_after_its_last_step_stores_nothing(
    database: Database, task: Callable[..., None]
) -> None:
    def cancelled_at_the_end(database: Database, held: Held, progress: Progress) -> tasks.Store:
        with database.writing() as session:
            table.cancel(session, held.id)
        return store_a_row

    task(cancelled_at_the_end)
    number = enqueue(database)
    worker.drain(database)
    assert (job(database, number).state, results(database)) == ("cancelled", 0)


def test_a_worker_that_was_too_slow_stores_nothing(database: Database, task: Callable[..., None]) -> None:
    def too_slow(database: Database, held: Held, progress: Progress) -> tasks.Store:
        if held.id in overtaken:
            return store_a_row
        overtaken.add(held.id)
        let_lease_run_out(database, held.id)
        worker.drain(database)
        return store_a_row

    overtaken: set[int] = set()
    task(too_slow)
    number = enqueue(database)
    worker.drain(database)
    assert (job(database, number).state, job(database, number).attempts, results(database)) == ("done", 2, 1)


def test_the_lease_is_kept_while_a_long_step_says_nothing(
    database: Database, task: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "LEASE_SECONDS", 2)
    monkeypatch.setattr(table, "RENEW_SECONDS", 0)

    def long_step(database: Database, held: Held, progress: Progress) -> tasks.Store:
        time.sleep(3)
        assert table.claim(database, "thief") is None
        return store_a_row

    task(long_step)
    number = enqueue(database)
    worker.drain(database)
    assert (job(database, number).state, job(database, number).attempts) == ("done", 1)


def test_progress_is_seen_from_outside(database: Database, task: Callable[..., None]) -> None:
    seen = []

    def slow(database: Database, held: Held, progress: Progress) -> tasks.Store:
        progress(0.4, "Counting")
        time.sleep(1.5)
        with database.reading() as session:
            found = session.get_one(Job, held.id)
            seen.append((found.progress, found.message))
        return store_a_row

    task(slow)
    enqueue(database)
    worker.drain(database)
    assert seen == [(0.4, "Counting")]


def test_a_worker_asked_to_stop_hands_its_job_back(database: Database, task: Callable[..., None]) -> None:
    stop = threading.Event()

    def endless(database: Database, held: Held, progress: Progress) -> tasks.Store:
        while True:
            stop.set()
            progress(0.5, "Working")

    task(endless)
    number = enqueue(database)
    worker.run_forever(database, stop)
    handed_back = job(database, number)
    assert (handed_back.state, handed_back.attempts, results(database)) == ("waiting", 0, 0)


def test_a_worker_outlives_a_database_that_is_away(
    database: Database, task: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, answers = threading.Event(), iter(["away", "away", "back"])
    claim = table.claim

    def sometimes(database: Database, name: str) -> Held | None:
        if next(answers, "back") == "away":
            raise OperationalError("SELECT", {}, Exception("gone"))
        return claim(database, name)

    def do(database: Database, held: Held, progress: Progress) -> tasks.Store:
        stop.set()
        return store_a_row

    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(table, "claim", sometimes)
    task(do)
    number = enqueue(database)
    worker.run_forever(database, stop)
    assert job(database, number).state == "done"


def test_the_heartbeat_survives_a_busy_database(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue(database)
    held = table.claim(database, "one")
    assert held is not None
    failing = [True]
    renew = table.renew

    def sometimes(session: Session, held: Held, progress: tuple[float, str] | None = None) -> None:
        if failing and failing.pop():
            raise OperationalError("UPDATE", {}, Exception("locked"))
        renew(session, held, progress)

    monkeypatch.setattr(table, "renew", sometimes)
    with heartbeat.Heartbeat(database, held) as beat:
        beat.progress(0.1, "one")
        time.sleep(1.2)
        beat.progress(0.2, "two")
        time.sleep(1.2)
    assert not failing
    assert (job(database, held.id).progress, job(database, held.id).message) == (0.2, "two")


# With real processes.


SLEEPER = """
import sys, time
from survey.db import connect
from survey.jobs import table, tasks, worker
tasks.TASKS["test"] = lambda database, held, progress: time.sleep(60)
print("ready", flush=True)
worker.drain(connect(sys.argv[1]))
"""


@pytest.fixture
def doomed(test_settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """A worker that holds a job and would hold it for a minute."""
    command = [sys.executable, "-c", SLEEPER, test_settings.database_url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_killed_workers_job_is_done_by_the_next(
    database: Database, task: Callable[..., None], doomed: subprocess.Popen[str]
) -> None:
    number = enqueue(database)
    wait_until(lambda: job(database, number).state == "running")
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    left = job(database, number)
    assert left.lease_until is not None
    assert (left.lease_until - now()).total_seconds() <= table.LEASE_SECONDS
    let_lease_run_out(database, number)  # instead of waiting for it
    task(lambda database, held, progress: store_a_row)
    worker.drain(database)
    assert (job(database, number).state, job(database, number).attempts, results(database)) == ("done", 2, 1)


def on_demand(settings: Settings) -> Settings:
    return Settings(database_url=settings.database_url, secret_key=settings.secret_key, worker="on_demand")


def test_waking_starts_one_process_that_does_the_work_and_leaves_no_zombie(
    database: Database, test_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = spawn.start
    monkeypatch.setattr(spawn, "start", lambda settings: started.append(start(settings)) or started[-1])
    with database.writing() as session:
        number = table.enqueue(session, "near_duplicates", {"import_id": 0}, study_id=None, by="tests").id
    spawn.wake(on_demand(test_settings), database)
    spawn.wake(on_demand(test_settings), database)
    wait_until(lambda: job(database, number).state == "done", 60)
    wait_until(lambda: spawn._keeper is None)
    assert job(database, number).attempts == 1
    assert [process.returncode for process in started] == [0]  # known only once it has been waited for


def test_a_worker_that_is_killed_is_followed_by_another(
    database: Database, test_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = enqueue(database)
    started = []
    end = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]

    def start(settings: Settings) -> subprocess.Popen[bytes]:
        started.append(settings)
        if len(started) == 1:
            return subprocess.Popen(end)
        with database.writing() as session:
            session.execute(update(Job).where(Job.id == number).values(state="done"))
        return subprocess.Popen([sys.executable, "-c", ""])

    monkeypatch.setattr(spawn, "start", start)
    spawn.wake(on_demand(test_settings), database)
    wait_until(lambda: spawn._keeper is None)
    assert len(started) == 2


def test_a_search_survives_the_death_of_its_worker(
    database: Database, test_settings: Settings, study: Study
) -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices("bdfgklmnprstaeiou", k=6)) for _ in range(600)]
    rows = "".join(" ".join(chance.choices(words[n % 6 * 100 :][:100], k=9)) + "\n" for n in range(9_000))
    with database.writing() as session:
        found = session.get_one(Study, study.id)
        imports.import_comments(session, found, f"text\n{rows}".encode(), "f.csv", ColumnChoice("text"), "t")
        number = runs.start(session, found, None, 0, "planner").id
    began = time.monotonic()
    spawn.wake(on_demand(test_settings), database)
    wait_until(lambda: job(database, number).progress > 0, 60)
    held_by = job(database, number).worker
    assert held_by is not None
    pid = int(held_by.split(":")[1].split("-")[0])
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: job(database, number).worker != held_by, 60)
    wait_until(lambda: job(database, number).state == "done", 60)
    wait_until(lambda: spawn._keeper is None)
    assert time.monotonic() - began < 90
    assert job(database, number).attempts == 2
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 1


def test_a_worker_that_never_starts_is_not_tried_for_ever(
    database: Database, test_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue(database)
    started = []
    monkeypatch.setattr(spawn, "RESTARTS", 1)
    monkeypatch.setattr(spawn, "start", lambda _: (started.append(1), subprocess.Popen(["false"]))[1])
    spawn.wake(on_demand(test_settings), database)
    wait_until(lambda: spawn._keeper is None)
    assert len(started) == 2


@pytest.mark.parametrize("reason", ["nothing waits", "separate workers", "enough run elsewhere"])
def test_no_worker_is_started_without_need(
    database: Database, test_settings: Settings, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    monkeypatch.setattr(spawn, "start", lambda settings: pytest.fail("a worker was started"))
    settings = on_demand(test_settings)
    if reason == "separate workers":
        enqueue(database)
        settings = test_settings
    if reason == "enough run elsewhere":
        for _ in range(spawn.MOST_WORKERS + 1):
            enqueue(database)
        for _ in range(spawn.MOST_WORKERS):
            table.claim(database, "elsewhere")
    spawn.wake(settings, database)
    assert spawn._keeper is None
