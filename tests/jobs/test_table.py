"""The job table: one worker a job, results by the holder of the lease only, three attempts, cancel."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from survey.dates import now
from survey.db import Database
from survey.jobs import table
from survey.jobs.table import Held, Lost
from survey.models import Job


def enqueue(database: Database, kind: str = "test") -> int:
    with database.writing() as session:
        return table.enqueue(session, kind, {"n": 1}, study_id=None, by="tests").id


def job(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        found = session.get_one(Job, job_id)
        session.expunge(found)
        return found


def claim(database: Database, worker: str = "one") -> Held:
    held = table.claim(database, worker)
    assert held is not None
    return held


def let_lease_run_out(database: Database, job_id: int) -> None:
    with database.writing() as session:
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=now() - timedelta(seconds=1)))


def test_work_is_done_once_in_the_order_it_came(database: Database) -> None:
    first, second = enqueue(database), enqueue(database)
    assert [claim(database).id, claim(database, "two").id] == [first, second]
    assert table.claim(database, "three") is None


def test_a_job_that_is_rolled_back_was_never_there(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        table.enqueue(session, "test", {}, study_id=None, by="tests")
        raise ZeroDivisionError
    assert table.claim(database, "one") is None


def test_many_workers_never_share_a_job(database: Database) -> None:
    jobs = [enqueue(database) for _ in range(12)]
    taken: list[int] = []

    def work(name: str) -> None:
        while (held := table.claim(database, name)) is not None:
            taken.append(held.id)

    workers = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(taken) == jobs


def test_only_the_holder_of_the_lease_ends_a_job(database: Database) -> None:
    enqueue(database)
    slow = claim(database, "slow")
    let_lease_run_out(database, slow.id)
    quick = claim(database, "slow")  # even a worker of the same name holds another token
    for act in (table.renew, lambda s, h: table.finish(s, h, {}), lambda s, h: table.fail(s, h, "no")):
        with pytest.raises(Lost), database.writing() as session:
            act(session, slow)
    with database.writing() as session:
        table.finish(session, quick, {"by": "quick"})
    ended = job(database, quick.id)
    assert (ended.state, ended.result, ended.progress, ended.attempts) == ("done", {"by": "quick"}, 1.0, 2)


def test_renewing_moves_the_lease_and_notes_progress(database: Database) -> None:
    enqueue(database)
    held = claim(database)
    let_lease_run_out(database, held.id)
    with database.writing() as session:
        table.renew(session, held, (1.5, "Counting"))
    seen = job(database, held.id)
    assert (seen.progress, seen.message) == (1.0, "Counting")
    assert seen.lease_until is not None
    assert seen.lease_until > now() + timedelta(seconds=table.LEASE_SECONDS - 5)
    assert table.claim(database, "two") is None


def test_work_goes_on_within_a_minute_after_a_worker_died() -> None:
    assert table.LEASE_SECONDS <= 50
    assert table.RENEW_SECONDS * 3 < table.LEASE_SECONDS


def test_after_three_attempts_the_job_is_failed_with_a_sentence(database: Database) -> None:
    job_id = enqueue(database)
    for _ in range(table.MOST_ATTEMPTS):
        claim(database)
        let_lease_run_out(database, job_id)
    assert table.claim(database, "one") is None
    ended = job(database, job_id)
    assert (ended.state, ended.message) == ("failed", table.GAVE_UP)


def test_a_hopeless_job_does_not_stand_in_the_way_of_the_next(database: Database) -> None:
    hopeless, next_one = enqueue(database), enqueue(database)
    with database.writing() as session:
        session.execute(update(Job).where(Job.id == hopeless).values(attempts=table.MOST_ATTEMPTS))
    assert claim(database).id == next_one


@pytest.mark.parametrize(("counted", "attempts"), [(True, 1), (False, 0)])
def test_a_job_put_back_waits_again(database: Database, counted: bool, attempts: int) -> None:
    held = claim_new(database)
    with database.writing() as session:
        table.put_back(session, held, counted=counted)
    waiting = job(database, held.id)
    assert (waiting.state, waiting.attempts, waiting.lease_until) == ("waiting", attempts, None)


def claim_new(database: Database) -> Held:
    enqueue(database)
    return claim(database)


def test_a_third_attempt_that_breaks_fails_the_job(database: Database) -> None:
    job_id = enqueue(database)
    for _ in range(table.MOST_ATTEMPTS):
        held = claim(database)
        with database.writing() as session:
            table.put_back(session, held, counted=True)
    assert (job(database, job_id).state, job(database, job_id).message) == ("failed", table.GAVE_UP)


def test_a_cancelled_job_is_nobodys(database: Database) -> None:
    held = claim_new(database)
    with database.writing() as session:
        assert table.cancel(session, held.id)
        assert not table.cancel(session, held.id)
    with pytest.raises(Lost), database.writing() as session:
        table.renew(session, held)
    assert job(database, held.id).state == "cancelled"
    assert table.claim(database, "two") is None


def test_a_job_that_ended_cannot_be_cancelled(database: Database) -> None:
    held = claim_new(database)
    with database.writing() as session:
        table.finish(session, held, {})
    with database.writing() as session:
        assert not table.cancel(session, held.id)
    assert job(database, held.id).state == "done"


def test_counts_tell_waiting_running_and_left_behind_apart(database: Database) -> None:
    held = claim_new(database)
    with database.reading() as session:
        assert (table.has_claimable(session), table.count_running(session)) == (False, 1)
        assert table.has_unfinished(session)
    let_lease_run_out(database, held.id)
    with database.reading() as session:
        assert (table.has_claimable(session), table.count_running(session)) == (True, 0)
