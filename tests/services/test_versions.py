"""Versions: what changed, how many answered which without giving anybody away, and going back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from survey.dates import today
from survey.errors import NotFound, Refusal, Stale
from survey.models import Audience, Study, Survey
from survey.services import drafts, live, studies, surveys, versions
from survey.services.drafts import Keys
from survey.services.response_counts import FEWEST
from survey.services.responses import Identity, Submission, submit_response
from tests.fixtures import SECRET

BY = "facilitator@office.example"
EASE: dict[str, Any] = {
    "id": "ease",
    "type": "one_choice",
    "label": {"en": "How easy is it?"},
    "optional": True,
    "choices": [{"id": "easy", "label": {"en": "Easy"}}, {"id": "hard", "label": {"en": "Hard"}}],
}
GROUP = {
    "id": "group",
    "type": "one_choice",
    "label": {"en": "Who are you?"},
    "audiences": True,
    "optional": True,
}
TEXT = {"id": "better", "type": "long_text", "label": {"en": "What could be better?"}, "optional": True}


def document(*questions: dict[str, Any]) -> dict[str, Any]:
    pages = [{"id": "p1", "title": None, "questions": list(questions)}]
    return {"title": {"en": "Services"}, "languages": ["en"], "pages": pages}


Make = Callable[..., Survey]


@pytest.fixture
def make(session: Session, study: Study) -> Make:
    """Make a survey in that mode, published once for each list of questions."""

    def make(mode: str, *published: tuple[dict[str, Any], ...]) -> Survey:
        home = studies.by_slug(session, "it-plan")
        home.audiences = [Audience(name="Staff", position=0)]
        survey = surveys.add(session, home, "services", "Services", mode, by=BY)
        for questions in published:
            surveys.save_document(session, survey, document(*questions), by=BY)
            surveys.publish(session, survey, by=BY)
        return survey

    return make


def answer(session: Session, survey: Survey, times: int) -> None:
    """Hand in some responses to the version that people see."""
    for _time in range(times):
        found = live.find(session, survey.slug)
        who = None if survey.mode == "anonymous" else Identity("Ada")
        keys = Keys.of(SECRET, survey.id, drafts.new_token())
        submit_response(session, found, Submission(keys, {"ease": "easy"}, "en", today("UTC"), who))


def test_the_history_says_what_changed_and_who_answered(session: Session, make: Make) -> None:
    survey = make("confidential", (EASE,))
    answer(session, survey, 2)
    surveys.save_document(session, survey, document(EASE, TEXT), by=BY)
    surveys.publish(session, survey, by=BY)
    answer(session, survey, 1)
    newest, oldest = versions.history(session, survey)
    assert (newest.version.number, newest.responses, newest.is_latest) == (2, "1 response", True)
    assert newest.changes == ["New: “What could be better?”"]
    assert (oldest.version.number, oldest.responses, oldest.changes) == (1, "2 responses", [])


def test_few_answers_to_an_anonymous_version_are_not_counted(session: Session, make: Make) -> None:
    survey = make("anonymous", (EASE,))
    answer(session, survey, 7)
    surveys.save_document(session, survey, document(EASE, TEXT), by=BY)
    surveys.publish(session, survey, by=BY)
    answer(session, survey, 2)
    told = [one.responses for one in versions.history(session, survey)]
    assert told == ["fewer than 5 responses", "5 responses or more"], "9 in all, less 7, would tell"


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 12), min_size=1))
def test_no_count_below_five_can_be_worked_out(counts: dict[int, int]) -> None:
    told = versions.counts_in_words(counts, anonymous=True)
    shown = {
        number: int(words.split()[0])
        for number, words in told.items()
        if words == f"{counts[number]} responses"
    }
    assert all(count >= FEWEST for count in shown.values())
    assert all(told[number] == "fewer than 5 responses" for number in counts if counts[number] < FEWEST)
    hidden = sum(counts.values()) - sum(shown.values())
    # What can be worked out from the total, which is shown elsewhere, is never a number below five, unless
    # there is nothing else in the survey that could hide it.
    assert hidden >= FEWEST or not shown or len(shown) == len(counts)


def test_a_version_comes_back_as_the_draft_it_was_made_of(session: Session, make: Make) -> None:
    survey = make("anonymous", (EASE, GROUP, TEXT), (EASE,))
    first = surveys.draft(survey)
    number = versions.restore(session, survey, 1, by=BY, seen=survey.revision)
    questions = survey.document["pages"][0]["questions"]
    assert [q["id"] for q in questions] == ["ease", "group", "better"]
    assert questions[1]["choices"] == [], "the audiences of the study are filled in by publishing"
    assert questions[2]["prompt_id"] is None
    assert surveys.unpublished(survey), "people see it once it is published"
    with pytest.raises(NotFound):
        versions.replaced(session, survey, number)  # version 2 still has what was replaced
    versions.restore(session, survey, 2, by=BY, seen=survey.revision)
    assert surveys.draft(survey) == first
    with pytest.raises(Refusal, match="already"):
        versions.restore(session, survey, 2, by=BY, seen=survey.revision)


def test_unpublished_changes_that_were_replaced_come_back(session: Session, make: Make) -> None:
    survey = make("anonymous", (EASE,))
    surveys.save_document(session, survey, document(EASE, TEXT), by=BY)
    mine = surveys.draft(survey)
    number = versions.restore(session, survey, 1, by=BY, seen=survey.revision)
    assert versions.replaced(session, survey, number).number == number
    assert not surveys.unpublished(survey)
    versions.undo(session, survey, number, by=BY, seen=survey.revision)
    assert surveys.draft(survey) == mine


def test_what_is_not_there_or_stale_is_refused(session: Session, make: Make) -> None:
    survey = make("anonymous", (EASE,), (TEXT,))
    with pytest.raises(NotFound):
        versions.restore(session, survey, 3, by=BY, seen=survey.revision)
    with pytest.raises(Stale):
        versions.restore(session, survey, 1, by=BY, seen=survey.revision - 1)
    for wrong in (0, 1, 10**12):
        with pytest.raises(NotFound):
            versions.undo(session, survey, wrong, by=BY, seen=survey.revision)
