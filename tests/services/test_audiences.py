"""Audiences and prompts: read as typed, kept in order, never taken from under comments."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import AgendaItem, Comment, GroupSession, MemberCheck, Note, Study
from survey.services import audiences, audit, studies, surveys
from survey.services.audiences import Asked, Group, read_groups

BY = "facilitator@office.example"


@pytest.fixture
def mine(session: Session) -> Study:
    groups = [Group("Academia", 5), Group("Staff"), Group("The public")]
    setup = studies.Setup(groups, [Asked("What works?", "strength"), Asked("What not?", "improvement")])
    return studies.add(session, "mine", "Mine", by=BY, setup=setup)


def names(session: Session, study: Study) -> list[str]:
    session.expire_all()
    return [audience.name for audience in study.audiences]


@pytest.mark.parametrize(
    ("line", "group"),
    [
        ("City staff, 30", Group("City staff", 30)),
        ("  City \t staff ,30 ", Group("City staff", 30)),
        ("Parks, Recreation", Group("Parks, Recreation")),
        ("Parks, Recreation, 12", Group("Parks, Recreation", 12)),
        ("12", Group("12")),
        (", 12", Group(", 12")),
        ("Room ٣, ٣", Group("Room ٣, ٣")),
    ],
)
def test_a_line_is_a_name_and_perhaps_a_number(line: str, group: Group) -> None:
    assert read_groups(f"\n{line}\r\n\n") == [group]


@given(st.text())
def test_any_text_is_read_line_by_line_or_refused(text: str) -> None:
    try:
        groups = read_groups(text)
    except Refusal:
        return
    assert all(group.name == " ".join(group.name.split()) and len(group.name) <= 200 for group in groups)
    assert len(groups) == len([line for line in text.splitlines() if line.split()])


@pytest.mark.parametrize("line", ["x" * 201, "bad \x00 name", "Staff, 99999999999999999999"])
def test_a_line_that_cannot_be_kept_is_refused(line: str) -> None:
    with pytest.raises(Refusal):
        read_groups(line)


def test_adding_keeps_the_order_and_refuses_a_name_twice(session: Session, mine: Study) -> None:
    audiences.add(session, mine, [Group("Parks"), Group("Libraries")], by=BY)
    assert names(session, mine) == ["Academia", "Staff", "The public", "Parks", "Libraries"]
    for again in (Group("ACADEMIA"), Group("Academia")):
        with pytest.raises(Refusal, match="There is an audience .* already"):
            audiences.add(session, mine, [again], by=BY)


def test_moving_swaps_neighbours(session: Session, mine: Study) -> None:
    audiences.move(session, mine.audiences[2], -1, by=BY)
    assert names(session, mine) == ["Academia", "The public", "Staff"]
    audiences.move(session, mine.prompts[0], 1, by=BY)
    session.expire_all()
    assert [prompt.kind for prompt in mine.prompts] == ["improvement", "strength"]
    with pytest.raises(Refusal):
        audiences.move(session, mine.audiences[0], -1, by=BY)


def test_a_change_over_somebody_elses_is_stale(session: Session, mine: Study) -> None:
    academia, seen = mine.audiences[0], Group("Academia", 5)
    audiences.update(session, academia, Group("Universities", 6), seen=seen, by=BY)
    with pytest.raises(Stale):
        audiences.update(session, academia, Group("Colleges"), seen=seen, by=BY)
    assert (academia.name, academia.people) == ("Universities", 6)
    with pytest.raises(Refusal, match="There is an audience .* already"):
        audiences.update(session, academia, Group("staff"), seen=Group("Universities", 6), by=BY)
    prompt, asked = mine.prompts[0], Asked("What works?", "strength")
    audiences.update_prompt(session, prompt, Asked("What is good?", "other"), seen=asked, by=BY)
    with pytest.raises(Stale):
        audiences.update_prompt(session, prompt, Asked("Again"), seen=asked, by=BY)


def test_nothing_is_deleted_from_under_comments(session: Session, mine: Study) -> None:
    academia, prompt = mine.audiences[0], mine.prompts[0]
    session.add(
        Comment(
            id=secrets.token_hex(16),
            study_id=mine.id,
            audience_id=academia.id,
            prompt_id=prompt.id,
            channel="session",
            text="Hello",
        )
    )
    session.flush()
    for one in (academia, prompt):
        with pytest.raises(Refusal, match="1 comment belongs to it"):
            audiences.delete(session, one, by=BY)
    audiences.delete(session, mine.audiences[1], by=BY)
    audiences.delete(session, mine.prompts[1], by=BY)
    assert names(session, mine) == ["Academia", "The public"]
    assert len(mine.prompts) == 1


def test_what_later_answers_belong_to_is_not_deleted(session: Session, mine: Study) -> None:
    survey = surveys.add(session, mine, "s", "S", by=BY, audience_id=mine.audiences[1].id)
    questions = [
        {"id": "t", "type": "long_text", "label": {"en": "What works?"}},
        {
            "id": "g",
            "type": "one_choice",
            "label": {"en": "You?"},
            "audiences": True,
            "choices": [{"id": "c", "label": {"en": "Academia"}}],
        },
    ]
    page = {"id": "p", "title": None, "questions": questions}
    surveys.save_document(session, survey, {**survey.document, "pages": [page]}, by=BY)
    surveys.publish(session, survey, by=BY)
    for one in (mine.audiences[0], mine.audiences[1], mine.prompts[0]):
        with pytest.raises(Refusal, match="a survey of the study uses it"):
            audiences.delete(session, one, by=BY)
    audiences.delete(session, mine.audiences[2], by=BY)


def test_ids_of_other_studies_and_absurd_ids_are_not_found(session: Session, mine: Study) -> None:
    other = studies.add(session, "other", "Other", by=BY, setup=studies.Setup([Group("Academia")]))
    for number in (other.audiences[0].id, 0, -1, 10**30):
        with pytest.raises(NotFound):
            audiences.audience_of(mine, number)


def test_each_change_is_written_down_once(session: Session, mine: Study) -> None:
    before = audit.page(session, 1).rows[0].number
    audiences.add(session, mine, [Group("Parks"), Group("Libraries")], by=BY)
    audiences.move(session, mine.audiences[0], 1, by=BY)
    audiences.delete(session, mine.audiences[0], by=BY)
    rows = audit.page(session, 1).rows
    assert [row.action for row in rows[:3]] == ["audiences.delete", "audiences.move", "audiences.add"]
    assert rows[0].number == before + 3
    assert audit.verify(session) == []


@pytest.mark.parametrize("what", ["session", "check"])
def test_an_audience_is_not_deleted_with_what_was_noted_of_it(
    session: Session, mine: Study, what: str
) -> None:
    group, made = mine.audiences[0], {"made_by": BY, "made_at": now()}
    if what == "session":
        session.add(GroupSession(study_id=mine.id, audience_id=group.id, **made))
    else:
        session.add(
            MemberCheck(study_id=mine.id, audience_id=group.id, number=1, code="c" * 22, themes=[], **made)
        )
    session.flush()
    with pytest.raises(Refusal, match="a session or a member check uses it"):
        audiences.delete(session, group, by=BY)
    assert names(session, mine) == ["Academia", "Staff", "The public"]


@pytest.mark.parametrize("what", ["agenda", "note"])
def test_a_prompt_is_not_deleted_from_under_notes(session: Session, mine: Study, what: str) -> None:
    made = {"made_by": BY, "made_at": now()}
    meeting = GroupSession(study_id=mine.id, audience_id=mine.audiences[0].id, **made)
    if what == "agenda":
        meeting.agenda = [AgendaItem(prompt_id=mine.prompts[0].id)]
    session.add(meeting)
    session.flush()
    if what == "note":
        note = Note(id="ab" * 16, session_id=meeting.id, position=1, text="Wi-Fi", **made)
        note.prompt_id = mine.prompts[0].id
        session.add(note)
        session.flush()
    with pytest.raises(Refusal, match="a session or a member check uses it"):
        audiences.delete(session, mine.prompts[0], by=BY)
    audiences.delete(session, mine.prompts[1], by=BY)
