"""The one write path: once, whole, only while the survey is open, and without a trace of who it was."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from survey.dates import now
from survey.db import Database
from survey.errors import Closed, NotFound, Refusal
from survey.models import Comment, Respondent, Response, Study, Survey
from survey.services import live
from survey.services.responses import AlreadySent, Identity, receipt
from tests.fixtures import SECRET
from tests.services import answering
from tests.services.answering import DAY, document, publish, statements, submission, submit

ANSWERS = {"ease": "easy", "better": "=1+1 بل\u202e \x07", "people": 3, "well": "Libraries"}


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def survey_id(database: Database, study: Study) -> int:
    return publish(database, study, document())


def test_a_response_is_stored_word_for_word_with_its_comments(database: Database, survey_id: int) -> None:
    with database.writing() as session:
        key = submit(session, "t", ANSWERS)
    with database.reading() as session:
        row = session.get_one(Response, key)
        assert row.answers == ANSWERS
        assert (row.mode, row.day, row.language) == ("anonymous", DAY, "en")
        assert (row.received_at, row.respondent_id) == (None, None)
        comments = session.scalars(select(Comment)).all()
        assert sorted(c.text for c in comments) == sorted([ANSWERS["better"], "Libraries"])
        assert {(c.response_id, c.channel, c.day, c.position) for c in comments} == {
            (key, "survey", DAY, None)
        }


def test_comments_carry_audience_and_prompt(database: Database, study: Study) -> None:
    audience, prompt = answering.audience_and_prompt(database, study)
    residents = {"id": "r", "label": {"en": "Resident"}, "audience_id": audience}
    groups = {
        "id": "group",
        "type": "one_choice",
        "label": {"en": "Who?"},
        "optional": True,
        "audiences": True,
    }
    groups |= {"choices": [residents]}
    well = {"id": "well", "type": "long_text", "label": {"en": "Well?"}, "prompt_id": prompt}
    private = {"id": "private", "type": "long_text", "label": {"en": "Private?"}, "comments": False}
    publish(database, study, document(questions=[groups, well, private]))
    with database.writing() as session:
        submit(session, "named", {"group": "r", "well": "one", "private": "not a comment"})
        submit(session, "silent", {"well": "two"})
    with database.reading() as session:
        found = {c.text: (c.audience_id, c.prompt_id) for c in session.scalars(select(Comment))}
    assert found == {"one": (audience, prompt), "two": (None, prompt)}


def test_the_audience_of_the_survey_stands_in(database: Database, study: Study) -> None:
    audience, _prompt = answering.audience_and_prompt(database, study)
    publish(database, study, document(), audience_id=audience)
    with database.writing() as session:
        submit(session, "t", {"well": "x"})
        assert session.scalars(select(Comment.audience_id)).all() == [audience]


def test_the_same_key_is_stored_once(database: Database, survey_id: int) -> None:
    with database.writing() as session:
        submit(session, "t", ANSWERS)
    with pytest.raises(AlreadySent), database.writing() as session:
        submit(session, "t", {"ease": "hard", "well": "again"})
    assert (count(database, Response), count(database, Comment)) == (1, 2)


def test_one_key_serves_each_survey_on_its_own(database: Database, study: Study, survey_id: int) -> None:
    publish(database, study, document(), slug="second")
    with database.writing() as session:
        assert submit(session, "t", ANSWERS) != submit(session, "t", ANSWERS, slug="second")
    assert count(database, Response) == 2


def together(tasks: list[Callable[[], object]]) -> list[object]:
    """Run all at once; returns results and exceptions in order."""
    results: list[object] = [None] * len(tasks)
    barrier = threading.Barrier(len(tasks))

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = tasks[number]()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def send(database: Database, token: str, **more: object) -> Callable[[], str]:
    def task() -> str:
        with database.writing() as session:
            return submit(session, token, ANSWERS, **more)

    return task


def test_ten_at_once_with_one_key_make_one_row(database: Database, survey_id: int) -> None:
    results = together([send(database, "t")] * 10)
    assert sorted(type(r).__name__ for r in results) == ["AlreadySent"] * 9 + ["str"]
    assert (count(database, Response), count(database, Comment)) == (1, 2)


def test_sixteen_at_once_with_their_own_keys_are_all_stored(database: Database, survey_id: int) -> None:
    results = together([send(database, f"t{n}") for n in range(16)])
    assert [r for r in results if isinstance(r, Exception)] == []
    assert count(database, Response) == 16


@pytest.mark.parametrize(
    "columns",
    [{"state": "closed"}, {"closes_on": DAY - timedelta(1)}, {"opens_on": DAY + timedelta(1)}],
)
def test_a_survey_that_is_not_open_takes_nothing_even_from_a_stale_view(
    database: Database, survey_id: int, columns: dict[str, object]
) -> None:
    with database.reading() as session:
        stale = live.find(session, "it-survey")
    with database.writing() as session:
        for name, value in columns.items():
            setattr(session.get_one(Survey, survey_id), name, value)
    with pytest.raises(Closed), database.writing() as session:
        assert live.find(session, "it-survey") is stale
        submit(session, "t", ANSWERS)
    assert (count(database, Response), count(database, Comment)) == (0, 0)


def test_closing_waits_for_responses_under_way(database: Database, survey_id: int) -> None:
    """What was accepted is there for whoever closes; nothing comes after."""
    stored = threading.Event()

    def answer() -> None:
        with database.writing() as session:
            submit(session, "t", ANSWERS)
            stored.set()
            threading.Event().wait(0.3)

    def close() -> int:
        stored.wait(10)
        with database.writing() as session:
            session.get_one(Survey, survey_id).state = "closed"
            session.flush()
            return session.scalar(select(func.count()).select_from(Response)) or 0

    assert together([answer, close]) == [None, 1]


def test_open_on_its_first_and_last_day(database: Database, study: Study) -> None:
    publish(database, study, document(), opens_on=DAY, closes_on=DAY)
    with database.writing() as session:
        submit(session, "t", ANSWERS)
    assert count(database, Response) == 1


def test_anonymous_refuses_a_person(database: Database, survey_id: int) -> None:
    with pytest.raises(Refusal, match="anonymous"), database.writing() as session:
        submit(session, "t", ANSWERS, respondent=Identity("Ana"))
    assert (count(database, Response), count(database, Respondent)) == (0, 0)


def test_the_database_itself_keeps_people_out_of_anonymous_rows(database: Database, survey_id: int) -> None:
    with database.reading() as session:
        version = live.find(session, "it-survey").version_id
    row = {
        "id": "x", "survey_id": survey_id, "version_id": version, "mode": "anonymous",
        "day": DAY, "language": "en", "answers": {}, "received_at": now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(Response), row)


def test_confidential_keeps_the_person_apart(database: Database, study: Study) -> None:
    publish(database, study, document(), mode="confidential")
    with database.writing() as session:
        named = submit(session, "t", ANSWERS, respondent=Identity("Ana", "ana@home.example"))
        unnamed = submit(session, "u", ANSWERS)
    with database.reading() as session:
        person = session.scalars(select(Respondent)).one()
        assert (person.name, person.email) == ("Ana", "ana@home.example")
        assert session.get_one(Response, named).respondent_id == person.id
        assert session.get_one(Response, unnamed).respondent_id is None
        assert session.get_one(Response, named).received_at is not None


def test_a_person_is_not_stored_twice(database: Database, study: Study) -> None:
    publish(database, study, document(), mode="identified")
    results = together([send(database, "t", respondent=Identity("Ana"))] * 5)
    assert sorted(type(r).__name__ for r in results) == ["AlreadySent"] * 4 + ["str"]
    assert (count(database, Response), count(database, Respondent)) == (1, 1)


def test_identified_needs_a_name(database: Database, study: Study) -> None:
    publish(database, study, document(), mode="identified")
    for respondent in (None, Identity("  ")):
        with pytest.raises(Refusal, match="name"), database.writing() as session:
            submit(session, "t", ANSWERS, respondent=respondent)
    assert count(database, Response) == 0


def test_a_response_costs_two_statements(database: Database, survey_id: int) -> None:
    with database.writing() as session:
        live.find(session, "it-survey")
        with statements(database) as seen:
            submit(session, "t", ANSWERS)
    assert len([s for s in seen if not s.startswith(("BEGIN", "COMMIT"))]) == 2


def test_unknown_and_unpublished_surveys_are_not_found(database: Database, study: Study) -> None:
    publish(database, study, document(), slug="unpublished", state="draft")
    with database.reading() as session:
        for slug in ("unpublished", "never-was"):
            with pytest.raises(NotFound):
                live.find(session, slug)


def test_the_cache_is_forgotten_on_request_and_reads_a_version_once(
    database: Database, survey_id: int
) -> None:
    with database.reading() as session:
        first = live.find(session, "it-survey")
        with statements(database) as seen:
            assert live.find(session, "it-survey") is first
        assert seen == []
        live.forget("it-survey")
        with statements(database) as seen:
            again = live.find(session, "it-survey")
        assert len([s for s in seen if "SELECT" in s]) == 1
        assert again.document is first.document


def test_a_receipt_tells_nothing_without_the_secret(survey_id: int) -> None:
    keys = submission("t", {}, survey_id).keys
    code = receipt(SECRET, keys)
    assert code == receipt(SECRET, keys)
    assert code != receipt("another secret", keys)
    assert code.replace("-", "").lower() not in keys.response
    assert keys.response != keys.draft
