"""Drafts: found by their token only, kept a while, and no clue to the response that came of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from survey.dates import now
from survey.db import Database
from survey.errors import Refusal
from survey.models import Draft, Study
from survey.services import drafts, live
from survey.services.drafts import Keys
from survey.services.live import LiveSurvey
from tests.fixtures import SECRET
from tests.services.answering import document, publish

TYPED = {"q-better": ["=1+1\r\n\x07 \u202eabc"], "q-ease": []}


@pytest.fixture
def survey(database: Database, study: Study) -> LiveSurvey:
    publish(database, study, document())
    with database.reading() as session:
        return live.find(session, "it-survey")


@pytest.fixture
def keys(survey: LiveSurvey) -> Keys:
    return Keys.of(SECRET, survey.id, drafts.new_token())


def test_what_was_typed_comes_back_as_it_was(database: Database, survey: LiveSurvey, keys: Keys) -> None:
    with database.writing() as session:
        drafts.save(session, survey, keys, TYPED, 24)
    with database.reading() as session:
        assert drafts.find(session, survey, keys) == TYPED
        assert drafts.find(session, survey, Keys.of(SECRET, survey.id, drafts.new_token())) is None


def test_even_a_nul_is_kept_until_the_question_refuses_it(
    database: Database, survey: LiveSurvey, keys: Keys
) -> None:
    with database.writing() as session:
        drafts.save(session, survey, keys, {"q-better": ["a\0b"]}, 24)
    with database.reading() as session:
        assert drafts.find(session, survey, keys) == {"q-better": ["a\0b"]}


@pytest.mark.parametrize("text", ["\ud800", "x" * 1_000_001])
def test_what_cannot_be_kept_is_refused(
    database: Database, survey: LiveSurvey, keys: Keys, text: str
) -> None:
    with pytest.raises(Refusal), database.writing() as session:
        drafts.save(session, survey, keys, {"q-better": [text]}, 24)


def test_pages_add_up_and_the_newer_text_wins(database: Database, survey: LiveSurvey, keys: Keys) -> None:
    with database.writing() as session:
        drafts.add(session, survey, keys, {"q-a": ["1"], "q-b": ["2"]}, 24)
    with database.writing() as session:
        assert drafts.add(session, survey, keys, {"q-b": [], "q-c": ["3"]}, 24) == {
            "q-a": ["1"],
            "q-b": [],
            "q-c": ["3"],
        }


def test_a_draft_is_taken_once(database: Database, survey: LiveSurvey, keys: Keys) -> None:
    with database.writing() as session:
        drafts.save(session, survey, keys, TYPED, 24)
    with database.writing() as session:
        assert drafts.take(session, survey, keys) == TYPED
        assert drafts.take(session, survey, keys) is None


def test_a_draft_serves_its_own_survey_only(
    database: Database, study: Study, survey: LiveSurvey, keys: Keys
) -> None:
    publish(database, study, document(), slug="second")
    with database.writing() as session:
        drafts.save(session, survey, keys, TYPED, 24)
        assert drafts.find(session, live.find(session, "second"), keys) is None


def test_an_expired_draft_is_not_found_and_is_deleted_in_passing(
    database: Database, survey: LiveSurvey, keys: Keys
) -> None:
    other = Keys.of(SECRET, survey.id, drafts.new_token())
    with database.writing() as session:
        drafts.save(session, survey, keys, TYPED, 24)
        drafts.save(session, survey, other, TYPED, 24)
        session.execute(update(Draft).where(Draft.id == keys.draft).values(expires_at=now() - timedelta(1)))
    with database.writing() as session:
        assert drafts.find(session, survey, keys) is None
        assert drafts.take(session, survey, keys) is None
        drafts.drop_expired(session)
        assert session.scalars(select(Draft.id)).all() == [other.draft]


def test_a_draft_does_not_tell_the_minute_somebody_came(
    database: Database, survey: LiveSurvey, keys: Keys
) -> None:
    with database.writing() as session:
        drafts.save(session, survey, keys, TYPED, 24)
        expires = session.scalars(select(Draft.expires_at)).one()
    assert (expires.minute, expires.second, expires.microsecond) == (0, 0, 0)
    assert timedelta(hours=24) <= expires - now() + timedelta(seconds=5) <= timedelta(hours=25, seconds=5)


def test_times_are_rounded_up() -> None:
    assert drafts.round_up(datetime(2026, 5, 1, 10, 0, 0, 1, UTC)) == datetime(2026, 5, 1, 11, tzinfo=UTC)
    assert drafts.round_up(datetime(2026, 5, 1, 10, tzinfo=UTC)) == datetime(2026, 5, 1, 10, tzinfo=UTC)


def test_keys_depend_on_secret_survey_and_token_and_not_on_one_another() -> None:
    keys = {Keys.of(secret, n, token) for secret in "ab" for n in (1, 2) for token in "xy"}
    names = {name for k in keys for name in (k.draft, k.response)}
    assert len(names) == 16
    assert all(len(name) == 32 for name in names)
