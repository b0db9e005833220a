"""Responses set apart: counted separately, never dropped, taken in with their comments or kept apart."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from survey.dates import now
from survey.db import Database
from survey.errors import Stale
from survey.models import AuditRow, Comment, Response, Study, Survey, Version
from survey.services import apart, drafts, live, response_counts
from survey.services.apart import Totals
from tests.services.answering import DAY, QUESTIONS, audience_and_prompt, document, publish, submit

ANSWERS = {"ease": "easy", "better": "More buses at night"}
BY = "fay@city.example"


@pytest.fixture
def survey_id(database: Database, study: Study) -> int:
    audience, prompt = audience_and_prompt(database, study)
    tied = [{**q, "prompt_id": prompt} if q["id"] == "better" else q for q in QUESTIONS]
    number = publish(database, study, document(questions=tied), audience_id=audience)
    with database.writing() as session:
        submit(session, drafts.new_token(), ANSWERS)
        for why in ("quick", "quick", "many"):
            submit(session, drafts.new_token(), ANSWERS, apart=why)
    return number


def ids(database: Database, *, waiting: bool = True) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Response.id).where(Response.apart.is_not(None) == waiting)))


def comments(database: Database) -> list[Comment]:
    with database.reading() as session:
        return list(session.scalars(select(Comment)))


def test_they_are_stored_whole_and_counted_separately(database: Database, survey_id: int) -> None:
    with database.reading() as session:
        survey = session.get_one(Survey, survey_id)
        assert session.scalar(select(func.count()).select_from(Response)) == 4
        assert response_counts.totals(session, [survey_id]) == {survey_id: 1}
        assert apart.totals(session, [survey_id]) == {survey_id: Totals(waiting=3)}
        assert sum(span.responses for span in response_counts.by_day(session, survey, DAY, DAY)) in (0, 1)
        assert {tuple(row.answers.items()) for row in session.scalars(select(Response))} == {
            tuple(ANSWERS.items())
        }
    assert len(comments(database)) == 1


def test_the_page_says_why_and_what_and_neither_who_nor_when(database: Database, survey_id: int) -> None:
    with database.reading() as session:
        page = apart.page(session, session.get_one(Survey, survey_id), 9, kept=False)
        assert (page.found, page.number, page.of) == (3, 1, 1)
        assert {told.reason for told in page.responses} == {
            str(apart.REASONS["quick"]),
            str(apart.REASONS["many"]),
        }
        assert [line.answer for line in page.responses[0].lines] == ["Easy", "More buses at night"]
        assert [told.id for told in page.responses] == sorted(told.id for told in page.responses)
        assert set(vars(page.responses[0])) == {"id", "reason", "lines"}


def test_taking_in_makes_the_comments_that_sending_makes(database: Database, survey_id: int) -> None:
    chosen = ids(database)
    with database.writing() as session:
        assert apart.take_in(session, session.get_one(Survey, survey_id), chosen, by=BY) == 3
    found = comments(database)
    told = {(c.study_id, c.audience_id, c.prompt_id, c.channel, c.language, c.day, c.text) for c in found}
    assert len(found) == 4
    assert len(told) == 1, "those taken in are like the one that was never apart"
    assert len({c.response_id for c in found}) == 4
    with database.reading() as session:
        assert response_counts.totals(session, [survey_id]) == {survey_id: 4}
        row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
        assert row is not None
        assert (row.action, row.object, row.by) == ("responses.take-in", "it-survey", BY)
        assert row.details == {"number": 3, "reasons": {"quick": 2, "many": 1}}


def test_kept_apart_is_still_there_and_can_be_taken_in_later(database: Database, survey_id: int) -> None:
    one = ids(database)[:1]
    with database.writing() as session:
        assert apart.keep(session, session.get_one(Survey, survey_id), one, by=BY) == 1
    with database.reading() as session:
        assert apart.totals(session, [survey_id]) == {survey_id: Totals(waiting=2, kept=1)}
        kept = apart.page(session, session.get_one(Survey, survey_id), 1, kept=True)
        assert [told.id for told in kept.responses] == one
        assert kept.responses[0].reason in map(str, apart.REASONS.values())
    with pytest.raises(Stale), database.writing() as session:
        apart.keep(session, session.get_one(Survey, survey_id), one, by=BY)
    with database.writing() as session:
        assert apart.take_in(session, session.get_one(Survey, survey_id), one, by=BY) == 1
    assert len(comments(database)) == 2


def test_deciding_twice_makes_no_second_comment(database: Database, survey_id: int) -> None:
    chosen = ids(database)
    with database.writing() as session:
        apart.take_in(session, session.get_one(Survey, survey_id), chosen, by=BY)
    with pytest.raises(Stale), database.writing() as session:
        apart.take_in(session, session.get_one(Survey, survey_id), chosen, by=BY)
    assert len(comments(database)) == 4


def test_responses_of_another_survey_are_out_of_reach(
    database: Database, study: Study, survey_id: int
) -> None:
    other = publish(database, study, document(), slug="second")
    with pytest.raises(Stale), database.writing() as session:
        apart.take_in(session, session.get_one(Survey, other), ids(database), by=BY)
    with pytest.raises(Stale), database.writing() as session:
        apart.keep(session, session.get_one(Survey, survey_id), ids(database, waiting=False), by=BY)


def test_an_older_version_is_read_in_its_own_words(database: Database, study: Study, survey_id: int) -> None:

    with database.writing() as session:
        later = document(questions=[QUESTIONS[2]])
        session.add(Version(survey_id=survey_id, number=2, document=later, published_at=now()))
    live.forget("it-survey")
    with database.writing() as session:
        survey = session.get_one(Survey, survey_id)
        page = apart.page(session, survey, 1, kept=False)
        assert [line.answer for line in page.responses[0].lines] == ["Easy", "More buses at night"]
        apart.take_in(session, survey, ids(database), by=BY)
    assert len(comments(database)) == 4
