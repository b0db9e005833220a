"""Offices: named once, answering for themes, seen by the people who were added."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import changes
from survey.errors import NotFound, Refusal
from survey.models import AuditRow, Membership, Office, Person, Study
from survey.services import offices, people, studies
from tests.boards import add_comments, add_run, board_of, decide
from tests.people import Cast, password_hash

BY = "planner@office.example"


@pytest.fixture
def plan(session: Session, cast: Cast, study: Study) -> Study:
    add_comments(session, study)
    add_run(session, study)
    return studies.by_slug(session, study.slug)


@pytest.fixture
def cao(session: Session, plan: Study) -> Office:
    return offices.add(session, plan, "Chief  Administrator\n", by=BY)


def person(session: Session, name: str, *roles: str, active: bool = True) -> Person:
    made = Person(email=f"{name}@office.example", name=name, roles=list(roles), password_hash=password_hash())
    made.active = active
    session.add(made)
    session.flush()
    return made


def audits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_an_office_has_a_name_and_an_address(session: Session, plan: Study, cao: Office) -> None:
    assert (cao.name, cao.slug) == ("Chief Administrator", "chief-administrator")
    assert offices.add(session, plan, "Chief Administrator!", by=BY).slug == "chief-administrator-2"
    assert offices.add(session, plan, "New", by=BY).slug == "new-2"
    assert [office.name for office in offices.of_study(session, plan)] == [
        "Chief Administrator",
        "Chief Administrator!",
        "New",
    ]


@pytest.mark.parametrize("name", ["", "  \n", "\0", "x" * 201, "x" * 5000, "chief administrator"])
def test_names_that_cannot_be(session: Session, plan: Study, cao: Office, name: str) -> None:
    before = audits(session)
    with pytest.raises(Refusal):
        offices.add(session, plan, name, by=BY)
    other = offices.add(session, plan, "Parks", by=BY)
    with pytest.raises(Refusal):
        offices.rename(session, plan, other, name, by=BY)
    assert (other.name, audits(session)) == ("Parks", before + 1)


def test_a_name_may_be_spelled_anew(session: Session, plan: Study, cao: Office) -> None:
    offices.rename(session, plan, cao, "CHIEF <b>Administrator</b>", by=BY)
    assert (cao.name, cao.slug) == ("CHIEF <b>Administrator</b>", "chief-administrator")


def test_it_answers_for_themes_and_cannot_go_then(session: Session, plan: Study, cao: Office) -> None:
    board = decide(session, plan, changes.office(2, cao.id, cao.name))
    assert [theme.id for theme in offices.themes_of(cao, board)] == [2]
    with pytest.raises(Refusal, match="Give that theme to another office first"):
        offices.remove(session, plan, cao, board, by=BY)
    board = decide(session, plan, changes.undo(board.revision))
    offices.remove(session, plan, cao, board, by=BY)
    assert offices.of_study(session, plan) == []


def test_its_page_has_its_open_themes_and_sub_themes_once(session: Session, plan: Study, cao: Office) -> None:
    decide(session, plan, *(changes.office(theme, cao.id, cao.name) for theme in (1, 2, 3)))
    board = decide(session, plan, changes.reject(3), changes.nest(2, 1))
    assert [theme.id for theme in offices.shown_to(cao, board)] == [1]
    board = decide(session, plan, changes.office(1, None))
    assert [theme.id for theme in offices.shown_to(cao, board)] == [2]


def test_offices_of_other_studies_are_not_found(session: Session, plan: Study, cao: Office) -> None:
    other = studies.by_slug(session, "other")
    theirs = offices.add(session, other, "Theirs", by=BY)
    for slug in ("theirs", "no-such", "new", "a\0", "x" * 3000):
        with pytest.raises(NotFound):
            offices.get(session, plan, slug)
    for id in (theirs.id, 2**40, -1):
        with pytest.raises(NotFound):
            offices.with_id(session, plan, id)
    assert offices.with_id(session, plan, None) is None
    assert offices.with_id(session, plan, cao.id) is cao


def test_people_are_added_by_e_mail_and_taken_away(session: Session, plan: Study, cao: Office) -> None:
    mary = person(session, "mary", "office")
    offices.add_person(session, plan, cao, " Mary@Office.Example ", by=BY)
    assert offices.mine(session, mary) == [(plan, cao)]
    with pytest.raises(Refusal, match="already"):
        offices.add_person(session, plan, cao, "mary@office.example", by=BY)
    offices.remove_person(session, plan, cao, mary.id, by=BY)
    assert offices.mine(session, mary) == []
    with pytest.raises(NotFound):
        offices.remove_person(session, plan, cao, mary.id, by=BY)


@pytest.mark.parametrize("email", ["", "nobody@office.example", "gone@office.example", "\0", "x" * 5000])
def test_who_cannot_sign_in_cannot_be_added(session: Session, plan: Study, cao: Office, email: str) -> None:
    person(session, "gone", "office", active=False)
    with pytest.raises(Refusal, match="Ask an administrator"):
        offices.add_person(session, plan, cao, email, by=BY)


def test_who_lacks_the_role_cannot_be_added(session: Session, plan: Study, cao: Office, cast: Cast) -> None:
    with pytest.raises(Refusal, match="lacks the role Office"):
        offices.add_person(session, plan, cao, cast.auditor.email, by=BY)
    offices.add_person(session, plan, cao, cast.facilitator.email, by=BY)


def test_a_person_sees_their_own_office_only(session: Session, plan: Study, cao: Office, cast: Cast) -> None:
    mary = person(session, "mary", "office")
    parks = offices.add(session, plan, "Parks", by=BY)
    offices.add_person(session, plan, cao, mary.email, by=BY)
    assert offices.for_person(session, mary, "it-plan", cao.slug) == (plan, cao)
    # Neither all studies nor a membership opens anything to somebody who only has an office.
    mary.all_studies = True
    session.add(Membership(person_id=mary.id, study_id=plan.id))
    session.flush()
    for slug, office in (("it-plan", parks.slug), ("other", cao.slug), ("it-plan", "x"), ("a\0", cao.slug)):
        with pytest.raises(NotFound):
            offices.for_person(session, mary, slug, office)
    planner, stranger = (session.get_one(Person, who.id) for who in (cast.planner, cast.other_planner))
    assert offices.for_person(session, planner, "it-plan", parks.slug) == (plan, parks)
    with pytest.raises(NotFound):
        offices.for_person(session, stranger, "it-plan", cao.slug)


def test_an_account_of_an_office_works_on_no_study(session: Session, plan: Study) -> None:
    mary = person(session, "mary", "office")
    people.give_studies(session, mary, [])
    assert not mary.all_studies
    both = person(session, "both", "office", "planner")
    people.give_studies(session, both, [])
    assert both.all_studies


def test_each_change_is_written_down_once(session: Session, plan: Study) -> None:
    before = audits(session)
    cao = offices.add(session, plan, "CAO", by=BY)
    mary = person(session, "mary", "office")
    offices.add_person(session, plan, cao, mary.email, by=BY)
    offices.rename(session, plan, cao, "Administrator", by=BY)
    offices.remove_person(session, plan, cao, mary.id, by=BY)
    offices.remove(session, plan, cao, board_of(session, plan), by=BY)
    rows = session.scalars(select(AuditRow).order_by(AuditRow.number)).all()[before:]
    assert [row.action for row in rows] == [
        "offices.add",
        "offices.add-person",
        "offices.rename",
        "offices.remove-person",
        "offices.remove",
    ]
