"""Counting tries: each of many at once is counted, good ones are given back, nobody is named."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from survey import throttle
from survey.db import Database
from survey.models import Attempt
from tests.fixtures import SECRET


def tries(database: Database, count: int, *, forgive: bool = False) -> list[bool]:
    answers = []
    for _ in range(count):
        with database.writing() as session:
            answers.append(throttle.allow(session, SECRET, {"code 198.51.100.7": 3}))
            if forgive:
                throttle.forgive(session, SECRET, "code 198.51.100.7")
    return answers


def test_the_limit_holds_and_good_tries_do_not_count(database: Database) -> None:
    assert tries(database, 20, forgive=True) == [True] * 20
    assert tries(database, 5) == [True, True, True, False, False]


def test_of_many_at_once_each_is_counted(database: Database) -> None:
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda: answers.extend(tries(database, 2))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [False] * 13 + [True] * 3


def test_no_address_is_stored(database: Database) -> None:
    tries(database, 1)
    with database.reading() as session:
        rows = session.execute(select(Attempt.key, func.count()).group_by(Attempt.key)).all()
    assert len(rows) == 1
    assert "198" not in rows[0][0]


def test_a_household_with_many_addresses_is_one() -> None:
    assert throttle.network("2001:db8:1:2::5") == throttle.network("2001:db8:1:2:aaaa::9")
    assert throttle.network("2001:db8:1:2::5") != throttle.network("2001:db8:1:3::5")
    assert throttle.network("::ffff:198.51.100.7") == throttle.network("198.51.100.7") == "198.51.100.7"
    assert throttle.network(None) == throttle.network("nonsense") == "unknown"
