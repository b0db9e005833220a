"""The code to come back: it finds its draft and no other, and the database alone tells nothing of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from survey.dates import now
from survey.db import Database
from survey.models import Draft, Response, Study
from survey.services import drafts, live, returning
from survey.services.drafts import Keys
from survey.services.live import LiveSurvey
from tests.fixtures import SECRET
from tests.services.answering import document, publish, submit

TYPED = {"q-better": ["More buses"]}


@pytest.fixture
def survey(database: Database, study: Study) -> LiveSurvey:
    publish(database, study, document())
    with database.reading() as session:
        return live.find(session, "it-survey")


@pytest.fixture
def token() -> str:
    return drafts.new_token()


def stopped(database: Database, survey: LiveSurvey, token: str, hours: int = 24) -> str:
    """A draft with a code; returns the code."""
    keys = Keys.of(SECRET, survey.id, token)
    with database.writing() as session:
        drafts.save(session, survey, keys, TYPED, 24)
        assert returning.give_code(session, survey, keys, token, SECRET, hours) is not None
    return returning.code_of(SECRET, survey, token)


def found(database: Database, survey: LiveSurvey, code: str, secret: str = SECRET) -> str | None:
    with database.reading() as session:
        return returning.find_token(session, survey, code, secret)


def test_the_code_leads_another_device_to_the_same_draft(
    database: Database, survey: LiveSurvey, token: str
) -> None:
    code = stopped(database, survey, token)
    for _ in range(3):
        stopped(database, survey, drafts.new_token())
    assert found(database, survey, code) == token
    assert code == returning.code_of(SECRET, survey, token), "it can be shown again"


def test_saving_goes_on_under_the_same_code(database: Database, survey: LiveSurvey, token: str) -> None:
    code = stopped(database, survey, token)
    with database.writing() as session:
        drafts.save(session, survey, Keys.of(SECRET, survey.id, token), {"q-better": ["Trains"]}, 24)
    assert found(database, survey, code) == token


def test_it_is_kept_as_long_as_the_author_says(database: Database, survey: LiveSurvey, token: str) -> None:
    stopped(database, survey, token, hours=14 * 24)
    with database.reading() as session:
        until, coded = returning.until(session, survey, Keys.of(SECRET, survey.id, token)) or (now(), False)
    assert coded
    assert timedelta(days=14) <= until - now() + timedelta(seconds=9) <= timedelta(days=14, hours=2)
    assert (until.minute, until.second) == (0, 0), "the row does not tell the minute"


def test_no_other_code_survey_or_secret_finds_it(
    database: Database, study: Study, survey: LiveSurvey, token: str
) -> None:
    code = stopped(database, survey, token)
    publish(database, study, document(), slug="second")
    with database.reading() as session:
        second = live.find(session, "second")
    assert found(database, second, code) is None
    assert found(database, survey, returning.code_of(SECRET, survey, drafts.new_token())) is None
    assert found(database, survey, code, secret=SECRET[::-1]) is None
    for wild in ("%", "_" * 12, "' OR 1=1 --", "\\"):
        assert found(database, survey, wild) is None


@pytest.mark.parametrize("end", ["sent", "deleted", "over"])
def test_the_code_goes_with_the_draft(database: Database, survey: LiveSurvey, token: str, end: str) -> None:
    code, keys = stopped(database, survey, token), Keys.of(SECRET, survey.id, token)
    with database.writing() as session:
        if end == "sent":
            drafts.take(session, survey, keys)
        elif end == "deleted":
            drafts.drop(session, keys)
        else:
            session.execute(update(Draft).values(expires_at=now() - timedelta(hours=1)))
    assert found(database, survey, code) is None
    with database.writing() as session:
        drafts.drop_expired(session)
        assert session.scalars(select(Draft.code)).all() == []


def test_a_draft_that_is_gone_gets_no_code(database: Database, survey: LiveSurvey, token: str) -> None:
    keys = Keys.of(SECRET, survey.id, token)
    with database.writing() as session:
        assert returning.give_code(session, survey, keys, token, SECRET, 24) is None
        assert returning.until(session, survey, keys) is None


def everything(database: Database, *models: Any) -> str:
    """All that the tables say."""
    with database.reading() as session:
        return repr([session.execute(select(model.__table__)).all() for model in models])


def test_the_database_tells_neither_code_nor_token_nor_response(
    database: Database, survey: LiveSurvey, token: str
) -> None:
    code = stopped(database, survey, token)
    kept = everything(database, Draft)
    assert code not in kept
    assert token not in kept
    with database.writing() as session:
        submit(session, token, {"ease": "easy"})
        drafts.drop(session, Keys.of(SECRET, survey.id, token))
    sent = everything(database, Response, Draft)
    with database.reading() as session:
        names = session.scalars(select(Response.id)).all()
    assert not any(name in kept for name in names)
    assert code not in sent
    # Who holds database, secret and the slip of paper makes every hash we make of it: none is there any more.
    assert returning._name(SECRET, survey, code) in kept
    assert returning._name(SECRET, survey, code) not in sent
    assert found(database, survey, code) is None


SEEN = {"q-a": ["1"], "q-b": ["2"]}


@pytest.mark.parametrize(
    ("stored", "typed", "collides"),
    [
        (SEEN, {"q-a": ["9"], "q-b": ["2"]}, False),  # nobody else was here
        ({"q-a": ["1"], "q-b": ["7"]}, SEEN, True),  # somebody else wrote something
        ({"q-a": ["9"], "q-b": ["2"]}, {"q-a": ["9"], "q-b": ["2"]}, False),  # both wrote the same
        ({}, SEEN, False),  # nothing can be lost
        ({"q-a": ["1"], "q-b": ["2"], "q-z": ["3"]}, SEEN, False),  # another page changed
        ({"q-a": [""], "q-b": []}, SEEN, False),
    ],
)
def test_two_devices_collide_only_when_a_text_would_be_lost(
    stored: dict[str, list[str]], typed: dict[str, list[str]], collides: bool
) -> None:
    seen = returning.seal_of(SEEN, SEEN)
    assert returning.collides(stored, typed, seen) is collides
