"""Surveys: built, published and frozen, opened and closed; what responses tell, and what they must not."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import building
from survey.document import parse
from survey.errors import NotFound, Refusal, Stale
from survey.models import AuditRow, Comment, Person, Prompt, Response, Study, Survey
from survey.questions import DocumentError, LongText, OneChoice, from_document
from survey.services import removed_questions, response_counts, studies, surveys
from survey.services.audiences import Asked, Group
from survey.services.response_counts import FEWEST, MOST_BARS
from survey.services.responses import Identity
from survey.services.survey_facts import Facts
from tests.people import Cast
from tests.services.answering import DAY, submit

BY = "facilitator@office.example"
IMPROVE = {
    "id": "improve",
    "type": "long_text",
    "label": {"en": "What should we improve?"},
    "prompt_kind": "improvement",
    "optional": True,
}
GROUP = {
    "id": "group",
    "type": "one_choice",
    "label": {"en": "Your group"},
    "audiences": True,
    "optional": True,
}
NAMED = [{"id": "a", "label": {"en": "academia"}}, {"id": "t", "label": {"en": "Tech"}}]


@pytest.fixture
def mine(session: Session) -> Study:
    setup = studies.Setup([Group("Academia"), Group("Staff")], [Asked("What works?", "strength")])
    return studies.add(session, "mine", "Mine", by=BY, setup=setup)


def build(
    session: Session, study: Study, *questions: dict[str, Any], slug: str = "s", mode: str = "anonymous"
) -> Survey:
    survey = surveys.add(session, study, slug, "City services", mode, by=BY)
    write(session, survey, *questions)
    return survey


def write(session: Session, survey: Survey, *questions: dict[str, Any]) -> None:
    page = {"id": "p1", "title": None, "questions": list(questions)}
    surveys.save_document(session, survey, {**survey.document, "pages": [page]}, by=BY)


def frozen(survey: Survey, question_id: str) -> Any:
    return building.question_of(parse(survey.versions[-1].document), question_id)


def test_short_names_are_unique_over_all_studies(session: Session, mine: Study) -> None:
    other = studies.add(session, "other", "Other", by=BY)
    assert [surveys.add(session, one, "", "New", by=BY).slug for one in (mine, other, mine)] == [
        "new-2",
        "new-3",
        "new-4",
    ]
    with pytest.raises(Refusal, match="already"):
        surveys.add(session, other, "new-2", "Another", by=BY)


@pytest.mark.parametrize("wrong", [{"mode": "secret"}, {"layout": "x"}, {"language": "../"}, {"title": " "}])
def test_a_survey_that_cannot_be_is_refused(session: Session, mine: Study, wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        surveys.add(session, mine, "s", **{"title": "T", **wrong}, by=BY)
    assert session.scalar(select(Survey)) is None


def test_an_audience_of_another_study_is_not_found(session: Session, mine: Study) -> None:
    other = studies.add(session, "other", "Other", by=BY)
    with pytest.raises(NotFound):
        surveys.add(session, other, "s", "T", by=BY, audience_id=mine.audiences[0].id)


def test_publishing_freezes_the_draft(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE)
    first = surveys.publish(session, survey, by=BY)
    kept = copy.deepcopy(first.document)
    assert (first.number, survey.state) == (1, "open")
    write(session, survey, {**IMPROVE, "label": {"en": "What else?"}})
    session.expire_all()
    assert first.document == kept
    assert surveys.unpublished(survey) == ["Changed: “What else?”"]
    second = surveys.publish(session, survey, by=BY)
    session.expire_all()
    assert second.number == 2
    assert first.document == kept
    assert frozen(survey, "improve").label == {"en": "What else?"}
    with pytest.raises(Refusal, match="Nothing has changed"):
        surveys.publish(session, survey, by=BY)


def test_a_survey_without_questions_cannot_be_published(session: Session, mine: Study) -> None:
    survey = build(session, mine)
    with pytest.raises(Refusal, match="no question yet"):
        surveys.publish(session, survey, by=BY)
    assert (survey.state, survey.versions) == ("draft", [])


def test_text_questions_become_prompts_and_keep_them(session: Session, mine: Study) -> None:
    works = {**IMPROVE, "id": "works", "label": {"en": "what  WORKS?"}}
    quiet = {**IMPROVE, "id": "quiet", "label": {"en": "Anything else?"}, "comments": False}
    survey = build(session, mine, IMPROVE, works, quiet)
    surveys.publish(session, survey, by=BY)
    assert [(p.text, p.kind) for p in mine.prompts] == [
        ("What works?", "strength"),
        ("What should we improve?", "improvement"),
    ]
    assert frozen(survey, "works").prompt_id == mine.prompts[0].id
    assert frozen(survey, "improve").prompt_id == mine.prompts[1].id
    assert frozen(survey, "quiet").prompt_id is None
    # A facilitator gives the prompt better words; the question, unchanged, still belongs to it.
    mine.prompts[1].text = "Improvements"
    write(session, survey, IMPROVE, works)
    surveys.publish(session, survey, by=BY)
    assert frozen(survey, "improve").prompt_id == mine.prompts[1].id
    assert len(session.scalars(select(Prompt).where(Prompt.study_id == mine.id)).all()) == 2


def test_choices_become_audiences(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE, {**GROUP, "choices": NAMED})
    surveys.publish(session, survey, by=BY)
    assert [audience.name for audience in mine.audiences] == ["Academia", "Staff", "Tech"]
    group = frozen(survey, "group")
    assert isinstance(group, OneChoice)
    assert [group.audience_of(key) for key in ("a", "t")] == [mine.audiences[0].id, mine.audiences[2].id]
    assert all(
        "audience_id" not in choice for choice in survey.document["pages"][0]["questions"][1]["choices"]
    )


def test_a_question_for_the_audience_takes_those_of_the_study(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE, GROUP)
    surveys.publish(session, survey, by=BY)
    assert [choice.label["en"] for choice in frozen(survey, "group").choices] == ["Academia", "Staff"]
    assert surveys.unpublished(survey) == []
    mine.audiences[0].name = "Universities"
    session.flush()
    assert surveys.unpublished(survey) == ["Changed: “Your group”"]


def test_comments_go_where_publishing_tied_them(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE, {**GROUP, "choices": NAMED})
    surveys.publish(session, survey, by=BY)
    submit(session, "token", {"improve": "Buses", "group": "t"}, slug="s")
    comment = session.scalars(select(Comment)).one()
    assert (comment.prompt.text, comment.audience.name) == ("What should we improve?", "Tech")  # type: ignore[union-attr]


def test_the_mode_is_fixed_by_publishing(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE)
    draft = surveys.draft(survey)
    surveys.update(session, survey, draft, Facts("identified"), by=BY, seen=survey.revision)
    surveys.publish(session, survey, by=BY)
    with pytest.raises(Refusal, match="cannot change"):
        surveys.update(session, survey, draft, Facts("anonymous"), by=BY, seen=survey.revision)
    assert survey.mode == "identified"


def test_dates_are_whole_days_of_the_office(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE)
    day = date(2027, 3, 10)
    facts = Facts("anonymous", None, day, day + timedelta(2))
    surveys.update(session, survey, surveys.draft(survey), facts, by=BY, seen=survey.revision)
    assert surveys.status(survey, day) == "draft"
    surveys.publish(session, survey, by=BY)
    found = [surveys.status(survey, day + timedelta(n)) for n in (-1, 0, 2, 3)]
    assert found == ["waiting", "open", "open", "ended"]
    wrong = Facts("anonymous", None, day, day - timedelta(1))
    with pytest.raises(Refusal, match="last day is before"):
        surveys.update(session, survey, surveys.draft(survey), wrong, by=BY, seen=survey.revision)


def test_a_closed_confidential_survey_opens_again_an_anonymous_one_is_sealed(
    session: Session, mine: Study
) -> None:
    named, nameless = (
        build(session, mine, IMPROVE, slug="n", mode="confidential"),
        build(session, mine, IMPROVE),
    )
    for survey in (named, nameless):
        surveys.publish(session, survey, by=BY)
        submit(session, f"token-{survey.slug}", {"improve": "x"}, slug=survey.slug)
        named_before = session.scalars(select(Response.id).where(Response.survey_id == survey.id)).one()
        assert surveys.close(session, survey, by=BY) is (survey is nameless)
        assert surveys.status(survey, DAY) == "closed"
        after = session.scalars(select(Response.id).where(Response.survey_id == survey.id)).one()
        assert (after != named_before) is (survey is nameless)
    named.closes_on = DAY - timedelta(1)
    surveys.reopen(session, named, DAY, by=BY)
    assert surveys.takes_answers(named, DAY)
    with pytest.raises(Refusal, match="sealed"):
        surveys.reopen(session, nameless, DAY, by=BY)
    with pytest.raises(Refusal):
        surveys.close(session, nameless, by=BY)
    with pytest.raises(Refusal, match="closed"):
        surveys.publish(session, nameless, by=BY)


def test_a_stale_edit_changes_nothing(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE)
    seen = survey.revision
    write(session, survey, {**IMPROVE, "optional": False})
    now = copy.deepcopy(survey.document)
    with pytest.raises(Stale):
        surveys.save_document(session, survey, {**now, "minutes": 9}, by=BY, seen=seen)
    with pytest.raises(Stale):
        removed_questions.remove(session, survey, "improve", by=BY, seen=seen)
    with pytest.raises(Stale):
        surveys.publish(session, survey, by=BY, seen=seen)
    assert survey.document == now


def test_an_impossible_draft_is_refused(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE)
    before = copy.deepcopy(survey.document)
    with pytest.raises(DocumentError):
        write(session, survey, IMPROVE, IMPROVE)
    with pytest.raises(DocumentError):
        surveys.save_document(session, survey, {"title": 1}, by=BY)
    assert survey.document == before


def test_a_question_taken_out_can_be_put_back_from_what_was_written_down(
    session: Session, mine: Study
) -> None:
    survey, other = build(session, mine, IMPROVE, GROUP), build(session, mine, IMPROVE, slug="other")
    before = copy.deepcopy(survey.document)
    number = removed_questions.remove(session, survey, "improve", by=BY, seen=survey.revision)
    assert len(surveys.draft(survey).questions) == 1
    for wrong in (number - 1, 0, -1, 10**20):
        with pytest.raises(NotFound):
            removed_questions.restore(session, survey, wrong, by=BY)
    with pytest.raises(NotFound):
        removed_questions.restore(session, other, number, by=BY)
    removed_questions.restore(session, survey, number, by=BY)
    assert survey.document == before


def test_other_studies_surveys_are_not_found(session: Session, cast: Cast, mine: Study) -> None:
    build(session, mine, IMPROVE)
    person = session.get_one(Person, cast.facilitator.id)
    with pytest.raises(NotFound):
        surveys.for_person(session, person, "mine", "s")
    with pytest.raises(NotFound):
        surveys.for_person(session, person, "it-plan", "s")
    for slug in ("S", "\x00", "new", "no-such"):
        with pytest.raises(NotFound):
            surveys.for_person(session, person, "it-plan", slug)


def test_open_surveys_are_those_of_today_with_their_published_words(session: Session, mine: Study) -> None:
    assert surveys.open_ones(session, "UTC") == []
    survey = build(session, mine, IMPROVE)
    surveys.publish(session, survey, by=BY)
    build(session, mine, IMPROVE, slug="draft")
    late = build(session, mine, IMPROVE, slug="late")
    late.opens_on = DAY + timedelta(3)
    surveys.publish(session, late, by=BY)
    surveys.save_document(session, survey, {**survey.document, "title": {"en": "Changed"}}, by=BY)
    found = surveys.open_ones(session, "UTC")
    assert [(one.slug, one.title, one.what, one.demo) for one in found] == [("s", "City services", "", False)]


def test_each_change_is_written_down_once_in_the_same_transaction(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE)
    surveys.publish(session, survey, by=BY)
    surveys.close(session, survey, by=BY)
    actions = session.scalars(select(AuditRow.action).where(AuditRow.object == "s").order_by(AuditRow.number))
    assert list(actions) == ["surveys.add", "surveys.save", "surveys.publish", "surveys.close"]


def test_named_respondents_are_listed_and_nameless_ones_never(session: Session, mine: Study) -> None:
    named, nameless = (
        build(session, mine, IMPROVE, slug="n", mode="identified"),
        build(session, mine, IMPROVE),
    )
    for survey in (named, nameless):
        surveys.publish(session, survey, by=BY)
    submit(session, "one", {}, slug="n", respondent=Identity("Ana <b>", "ana@city.example"))
    submit(session, "two", {}, slug="s")
    assert [(who.name, who.email) for who in response_counts.respondents(session, named)] == [
        ("Ana <b>", "ana@city.example")
    ]
    assert response_counts.respondents(session, nameless) == []
    assert response_counts.totals(session, [named.id, nameless.id]) == {named.id: 1, nameless.id: 1}


DAYS = st.dictionaries(st.integers(0, 90), st.integers(1, 12), max_size=40)


@given(DAYS, st.integers(0, 90))
def test_no_span_of_an_anonymous_survey_is_small(by_day: dict[int, int], length: int) -> None:
    first = date(2027, 1, 1)
    days = {first + timedelta(n): count for n, count in by_day.items()}
    last = max([first + timedelta(length), *days])
    found = response_counts.spans(days, first, last, FEWEST)
    total = sum(days.values())
    assert all(span.responses >= FEWEST for span in found)
    assert sum(span.responses for span in found) == (total if total >= FEWEST else 0)
    assert len(found) <= MOST_BARS
    if found:
        assert (found[0].first, found[-1].last) == (first, last)
        assert all(b.first == a.last + timedelta(1) for a, b in zip(found, found[1:], strict=False))
    named = response_counts.spans(days, first, last, 0)
    assert Counter({span.first: span.responses for span in named}).total() == total


def test_days_are_counted_from_the_first_to_the_last(session: Session, mine: Study) -> None:
    survey = build(session, mine, IMPROVE)
    surveys.publish(session, survey, by=BY)
    for number in range(4):
        submit(session, f"token{number}", {}, slug="s")
    assert response_counts.by_day(session, survey, DAY - timedelta(3), DAY) == []
    submit(session, "fifth", {}, slug="s")
    (span,) = response_counts.by_day(session, survey, DAY - timedelta(3), DAY)
    assert (span.first, span.last, span.responses) == (DAY - timedelta(3), DAY, 5)


def test_ids_of_new_questions_are_never_those_of_a_taken_one(session: Session, mine: Study) -> None:
    """An id that came back would mix the answers of two questions up."""
    survey = build(session, mine, IMPROVE)
    surveys.publish(session, survey, by=BY)
    seen = {"improve"}
    for _ in range(20):
        document = surveys.draft(survey)
        document, _removed = building.remove(document, document.questions[0].id)
        fresh = from_document({**IMPROVE, "id": building.new_id("q")})
        assert isinstance(fresh, LongText)
        assert fresh.id not in seen
        seen.add(fresh.id)
        surveys.save_document(session, survey, building.add(document, "p1", fresh), by=BY)
