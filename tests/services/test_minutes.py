"""Minutes become comments of a session or an audience, once, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.formats.rows import Limits
from survey.models import AuditRow, Comment, CommentImport, GroupSession, Job, RosterEntry, Study
from survey.services import imports, minutes, studies
from survey.services.imports import ImportedAlready
from survey.services.minutes_drafts import Choices, Draft, draft, given
from tests.boards import add_comments

TEXT = """What works well?
- P1: The parks
- teacher: The library
- Maria: The pool
What should we improve?
- Roads
- Roads
Apologies:
- Jo
"""


@pytest.fixture
def own(session: Session, study: Study) -> Study:
    """The study with audiences and prompts."""
    add_comments(session, study)
    return studies.by_slug(session, study.slug)


@pytest.fixture
def meeting(session: Session, own: Study) -> GroupSession:
    held = GroupSession(study_id=own.id, audience_id=own.audiences[1].id, made_by="me", made_at=now())
    held.starts_at = datetime(2026, 3, 4, 18, tzinfo=UTC)
    held.roster = [RosterEntry(number=1), RosterEntry(number=2, role="Teacher")]
    session.add(held)
    session.flush()
    return held


def look(session: Session, study: Study, choices: Choices, text: str = TEXT) -> Draft:
    return draft(session, study, given(text.encode(), "minutes.txt", Limits()), choices)


def stored(session: Session, made: CommentImport) -> list[Comment]:
    query = select(Comment).where(Comment.import_id == made.id).order_by(Comment.position)
    return list(session.scalars(query))


def test_minutes_of_a_session(session: Session, own: Study, meeting: GroupSession) -> None:
    looked = look(
        session, own, Choices(f"session-{meeting.id}", under={2: "leave"}, leave=frozenset({"here"}))
    )
    assert (looked.mode, looked.left_under_headings, looked.maybe_names) == ("bullet", 1, ["Maria"])
    made = minutes.store(session, own, looked, by="me@office.example")
    good, better = own.prompts[0].id, own.prompts[1].id
    found = stored(session, made)
    assert [(c.position, c.text, c.speaker, c.prompt_id) for c in found] == [
        (2, "The parks", "P1", good),
        (3, "The library", "Teacher", good),
        (4, "Maria: The pool", None, good),
        (6, "Roads", None, better),
    ]
    assert {(c.channel, c.session_id, c.audience_id, str(c.day)) for c in found} == {
        ("session", meeting.id, meeting.audience_id, "2026-03-04")
    }
    assert session.scalars(select(Job.kind)).all() == ["near_duplicates"]
    row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert row
    assert (row.action, row.details["stored"]) == ("minutes.add", 4)


def test_minutes_of_an_audience_and_taking_them_back(session: Session, own: Study) -> None:
    audience = own.audiences[0]
    choices = Choices(f"audience-{audience.id}", headings=False, prompt=own.prompts[1].id, mode="line")
    looked = look(session, own, choices)
    made = minutes.store(session, own, looked, by="me")
    found = stored(session, made)
    assert len(found) == 9
    assert {(c.channel, c.session_id, c.audience_id, c.prompt_id, c.day) for c in found} == {
        ("import", None, audience.id, own.prompts[1].id, None)
    }
    imports.take_back(session, own, made.id, by="me")
    assert session.scalars(select(Comment.id).where(Comment.import_id == made.id)).all() == []
    assert len(own.audiences) == 3


def test_the_same_minutes_are_stored_once(session: Session, own: Study) -> None:
    looked = look(session, own, Choices(f"audience-{own.audiences[0].id}"))
    made = minutes.store(session, own, looked, by="me")
    with pytest.raises(ImportedAlready) as already:
        minutes.store(session, own, looked, by="me")
    assert already.value.import_id == made.id
    again = look(session, own, looked.choices)
    assert again.stored == ()
    assert again.repeated["there"] == len(again.lines) == 6
    other = look(session, own, replace(looked.choices, leave=frozenset()))
    assert len(minutes.store(session, own, other, by="me").report["minutes"]) == 7


def test_choices_that_are_missing_are_asked_for(session: Session, own: Study) -> None:
    with pytest.raises(Refusal, match="Choose the session or the audience"):
        minutes.store(session, own, look(session, own, Choices()), by="me")
    own_choice = Choices(f"audience-{own.audiences[0].id}", under={0: "leave", 1: "leave", 2: "leave"})
    with pytest.raises(Refusal, match="Nothing is left"):
        minutes.store(session, own, look(session, own, own_choice), by="me")
    assert session.scalars(select(CommentImport)).all() == []


def test_long_parts_are_refused_and_never_cut(session: Session, own: Study) -> None:
    choices = Choices(f"audience-{own.audiences[0].id}", mode="line")
    text = f"short\n{'x' * 20_000}\n{'y' * 20_001}\n"
    looked = look(session, own, choices, text)
    assert [len(line.text) for line in looked.problems] == [20_001]
    with pytest.raises(Refusal, match="One part is too long"):
        minutes.store(session, own, looked, by="me")
    partial = look(session, own, replace(choices, partial=True), text)
    made = minutes.store(session, own, partial, by="me")
    assert [len(comment.text) for comment in stored(session, made)] == [5, 20_000]
    (refused,) = made.report["refused_rows"]
    assert refused == {"line": 3, "reason": "has a text of 20,001 characters; the most is 20,000"}


@pytest.mark.parametrize("chosen", ["session-999999", "audience-999999"])
def test_what_belongs_to_nobody_is_not_found(session: Session, own: Study, chosen: str) -> None:
    with pytest.raises(NotFound):
        look(session, own, Choices(chosen))


def test_sessions_audiences_and_prompts_of_another_study_are_not_taken(
    session: Session, own: Study, meeting: GroupSession
) -> None:
    other = studies.by_slug(session, "other")
    for chosen in (f"session-{meeting.id}", f"audience-{own.audiences[0].id}"):
        with pytest.raises(NotFound):
            look(session, other, Choices(chosen))
    foreign = own.prompts[0].id
    looked = look(session, other, Choices(prompt=foreign, under={0: str(foreign)}), "Buses:\n- one\n- two")
    assert [line.prompt for line in looked.lines] == [None, None]


@pytest.mark.parametrize("chosen", ["", "session-", "audience-x", "session-²", "audience-99999999999", "\0"])
def test_nonsense_is_no_choice(session: Session, own: Study, chosen: str) -> None:
    assert look(session, own, Choices(chosen)).whose is None


def test_repeats_of_what_the_study_has_are_marked(session: Session, own: Study) -> None:
    text = "Comment a1 of <b>Academia</b>\nnew\nnew\nComment a1 of <b>academia</b>!"
    looked = look(session, own, Choices(f"audience-{own.audiences[0].id}", mode="line"), text)
    assert [(line.repeat, line.left) for line in looked.lines] == [
        ("there", True),
        ("", False),
        ("here", False),
        ("near", False),
    ]
