"""Pages of studies and their audiences: made, changed, kept from strangers, never run."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.dates import now
from survey.db import Database
from survey.models import Audience, Comment, GroupSession, Membership, Study
from survey.services import studies, summaries
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.studio import HOSTILE, audits, make_survey, text_of

HOME = "/studies/it-plan"
AUDIENCES = f"{HOME}/audiences"


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def ids(database: Database, kind: str = "audiences") -> list[int]:
    with database.reading() as session:
        return [one.id for one in getattr(studies.by_slug(session, "it-plan"), kind)]


def test_a_study_is_made_with_what_it_begins_with(facilitator: FlaskClient) -> None:
    form = {"title": "Água 2027", "slug": "", "audiences": "Riders, 12\nWalkers", "prompts": ["strength"]}
    reply = post(facilitator, "/studies/new", form)
    assert (reply.status_code, reply.location) == (303, "/studies/agua-2027")
    assert "This study listens to 2 groups" in text_of(facilitator.get(reply.location))
    page = text_of(facilitator.get(f"{reply.location}/audiences"))
    assert "Riders" in page
    assert "12 people" in page
    assert "What works well today" in page
    assert "Água 2027" in text_of(facilitator.get("/studies"))
    assert post(facilitator, "/studies/new", form).location == "/studies/agua-2027-2"


WRONG = [
    ({"title": ""}, "Give the study a title"),
    ({"title": "x" * 201}, "at most 200"),
    ({"title": "a\x00b"}, "cannot be stored"),
    ({"slug": "it-plan"}, "already"),
    ({"slug": "Not Usable"}, "cannot be used in an address"),
    ({"slug": "new"}, "cannot be used in an address"),
    ({"audiences": "Riders\nriders"}, "There is an audience “riders” already"),
    ({"prompts": "nonsense"}, "nonsense"),
]


def test_a_wrong_study_is_refused_and_what_was_typed_stays(
    facilitator: FlaskClient, database: Database
) -> None:
    before = audits(database)
    for change, words in WRONG:
        typed = {"title": "Fine", "description": "My long words", "audiences": "Riders", **change}
        reply = post(facilitator, "/studies/new", typed)
        assert (reply.status_code, words in text_of(reply)) == (422, True), change
        assert reply.text.count("<title>Error: ") == 1
        assert "My long words" in reply.text
    assert audits(database) == before


def test_hostile_words_are_only_words(facilitator: FlaskClient) -> None:
    made = post(facilitator, "/studies/new", {"title": HOSTILE, "description": HOSTILE, "audiences": HOSTILE})
    for path in ("/studies", made.location, f"{made.location}/audiences", f"{made.location}/edit"):
        page = facilitator.get(path).text
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{ 7*7 }}" in page


def test_two_people_change_a_study(facilitator: FlaskClient, app: Flask, cast: Cast) -> None:
    other = login(app.test_client(), cast.facilitator)
    first = post(facilitator, f"{HOME}/edit", {"title": "First", "description": "", "revision": "1"})
    assert first.status_code == 303
    second = post(other, f"{HOME}/edit", {"title": "Second", "description": "Mine", "revision": "1"})
    assert second.status_code == 409
    assert 'value="Second"' in second.text
    assert "First" in text_of(second)
    assert 'name="revision" value="2"' in second.text
    again = post(other, f"{HOME}/edit", {"title": "Second", "description": "Mine", "revision": "2"})
    assert again.status_code == 303
    assert "Second" in text_of(other.get(HOME))


def test_a_change_that_saw_nothing_is_stale(facilitator: FlaskClient) -> None:
    for revision in ("", "x", "-1", "9" * 40):
        reply = post(facilitator, f"{HOME}/edit", {"title": "Mine", "revision": revision})
        assert reply.status_code == 409, revision


def limits(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        study = studies.by_slug(session, "it-plan")
        return study.fewest_counted, study.fewest_quoted


EDIT = {"title": "IT Strategic Plan", "description": "", "revision": "1"}


def test_how_small_a_group_may_be_is_set_and_changed(facilitator: FlaskClient, database: Database) -> None:
    blank = facilitator.get("/studies/new").text
    assert 'name="fewest_quoted" type="number" class="short" value="10"' in blank
    made = post(facilitator, "/studies/new", {"title": "Fresh", "fewest_counted": "7", "fewest_quoted": "12"})
    page = facilitator.get(f"{made.location}/edit").text
    assert 'name="fewest_counted" type="number" class="short" value="7"' in page
    assert 'value="12"' in page
    assert limits(database) == (5, 10)
    assert post(facilitator, f"{HOME}/edit", {**EDIT, "fewest_counted": "3"}).status_code == 303
    assert limits(database) == (3, 10), "what was not sent stays"


@pytest.mark.parametrize("path", [f"{HOME}/edit", "/studies/new"])
def test_numbers_that_protect_nobody_are_refused(
    facilitator: FlaskClient, database: Database, path: str
) -> None:
    before = audits(database)
    for number in ("2", "0", "-5", "1001", "9" * 40, "five", "5.5", "\x00", "=5"):
        for name in ("fewest_counted", "fewest_quoted"):
            reply = post(facilitator, path, {**EDIT, "title": "My long title", name: number})
            assert (reply.status_code, "My long title" in reply.text) == (422, True), (name, number)
    assert (limits(database), audits(database)) == ((5, 10), before)


def ask(database: Database, study: Study, how: str) -> None:
    """Ask people in one of the ways that fix the numbers."""
    if how == "survey":
        make_survey(database, study, publish=True)
        return
    with database.writing() as session:
        mine = studies.by_slug(session, "it-plan")
        audience = Audience(study=mine, name="Riders", people=12)
        session.add(audience)
        session.flush()
        if how == "session":
            meeting = {"state": "open", "made_by": "tests", "made_at": now()}
            session.add(GroupSession(study_id=mine.id, audience_id=audience.id, **meeting))
        else:
            comment = {"channel": "session", "text": "Hello", "id": secrets.token_hex(16)}
            session.add(Comment(study_id=mine.id, audience_id=audience.id, **comment))
            session.flush()
            summaries.freeze(session, mine, "tests")


@pytest.mark.parametrize("how", ["survey", "session", "summary"])
def test_once_people_were_asked_the_numbers_are_fixed(
    facilitator: FlaskClient, database: Database, study: Study, how: str
) -> None:
    ask(database, study, how)
    page = facilitator.get(f"{HOME}/edit")
    assert "these numbers are fixed" in text_of(page)
    assert 'name="fewest_counted"' not in page.text
    assert "Fewest people behind a number 5" in text_of(page)
    before = audits(database)
    reply = post(facilitator, f"{HOME}/edit", {**EDIT, "title": "Mine", "fewest_counted": "3"})
    assert reply.status_code == 422
    assert "People were asked already" in text_of(reply)
    assert 'value="Mine"' in reply.text
    assert (limits(database), audits(database)) == ((5, 10), before)
    # The rest can still be changed.
    assert post(facilitator, f"{HOME}/edit", {**EDIT, "title": "Mine"}).status_code == 303


def test_a_draft_and_a_planned_session_fix_nothing(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    with database.writing() as session:
        mine = studies.by_slug(session, "it-plan")
        audience = Audience(study=mine, name="Riders")
        session.add(audience)
        session.flush()
        session.add(GroupSession(study_id=mine.id, audience_id=audience.id, made_by="tests", made_at=now()))
    assert post(facilitator, f"{HOME}/edit", {**EDIT, "fewest_counted": "8"}).status_code == 303
    assert limits(database) == (8, 10)


def test_audiences_are_added_changed_moved_and_deleted(facilitator: FlaskClient, database: Database) -> None:
    assert post(facilitator, AUDIENCES, {"audiences": "Riders, 12\nWalkers\nDrivers"}).status_code == 303
    riders, walkers, drivers = ids(database)
    seen = {"seen_name": "Riders", "seen_people": "12"}
    path = f"{AUDIENCES}/{riders}"
    assert f'value="{12}"' in facilitator.get(path).text
    assert post(facilitator, path, {"name": "Bus riders", "people": "", **seen}).status_code == 303
    stale = post(facilitator, path, {"name": "Train riders", "people": "7", **seen})
    assert stale.status_code == 409
    assert "Train riders" in stale.text
    assert "Bus riders" in text_of(stale)
    assert post(facilitator, f"{AUDIENCES}/{drivers}/move", {"to": "up"}).status_code == 303
    assert ids(database) == [riders, drivers, walkers]
    assert post(facilitator, f"{AUDIENCES}/{walkers}/delete").status_code == 303
    assert ids(database) == [riders, drivers]
    for wrong in ({"to": "sideways"}, {}):
        assert post(facilitator, f"{AUDIENCES}/{riders}/move", wrong).status_code == 400


def test_an_audience_with_comments_stays_and_the_page_says_why(
    facilitator: FlaskClient, database: Database
) -> None:
    post(facilitator, AUDIENCES, {"audiences": "Riders"})
    (riders,) = ids(database)
    with database.writing() as session:
        study = studies.by_slug(session, "it-plan")
        comment = {"channel": "session", "text": "Hello", "id": secrets.token_hex(16)}
        session.add(Comment(study_id=study.id, audience_id=riders, **comment))
    before = audits(database)
    reply = post(facilitator, f"{AUDIENCES}/{riders}/delete")
    assert reply.status_code == 422
    assert "“Riders” cannot be deleted: 1 comment belongs to it." in text_of(reply)
    assert (ids(database), audits(database)) == ([riders], before)
    assert "1 comment" in text_of(facilitator.get(AUDIENCES))


def test_prompts_are_added_changed_moved_and_deleted(facilitator: FlaskClient, database: Database) -> None:
    prompts = f"{HOME}/prompts"
    for text in ("What works?", "What not?"):
        assert post(facilitator, prompts, {"text": text, "kind": "strength"}).status_code == 303
    first, second = ids(database, "prompts")
    assert post(facilitator, f"{prompts}/{second}/move", {"to": "up"}).status_code == 303
    assert ids(database, "prompts") == [second, first]
    change = {"text": "What is good?", "kind": "other", "seen_text": "What works?", "seen_kind": "strength"}
    assert post(facilitator, f"{prompts}/{first}", change).status_code == 303
    assert post(facilitator, f"{prompts}/{first}", {**change, "text": "Typed"}).status_code == 409
    assert "What is good?" in text_of(facilitator.get(AUDIENCES))
    assert post(facilitator, f"{prompts}/{first}/delete").status_code == 303
    assert ids(database, "prompts") == [second]
    for wrong in (
        {"text": "", "kind": "other"},
        {"text": "x" * 501, "kind": "other"},
        {"text": "a", "kind": "b"},
    ):
        assert post(facilitator, prompts, wrong).status_code == 422


def test_bad_ids_are_not_found(facilitator: FlaskClient) -> None:
    bad = ("audiences/999999", "audiences/x", "audiences/" + "9" * 40, "prompts/0")
    assert [facilitator.get(f"{HOME}/{path}").status_code for path in bad] == [404] * len(bad)


def test_a_planner_reads_and_changes_nothing(client: FlaskClient, cast: Cast, database: Database) -> None:
    planner = login(client, cast.planner)
    before = audits(database)
    for path in ("/studies", HOME, AUDIENCES, f"{HOME}/surveys"):
        page = planner.get(path)
        assert page.status_code == 200
        assert 'name="csrf_token"' not in page.text, "a form that a planner may not send"
    for path in ("/studies/new", f"{HOME}/edit"):
        assert planner.get(path).status_code == 403
    assert post(planner, AUDIENCES, {"audiences": "Mine"}).status_code == 403
    assert audits(database) == before


def test_people_of_other_studies_and_offices(client: FlaskClient, cast: Cast) -> None:
    for path in (HOME, AUDIENCES, f"{HOME}/surveys"):
        assert login(client, cast.other_planner).get(path).status_code == 404
        assert login(client, cast.administrator).get(path).status_code == 403
    assert "IT Strategic Plan" not in login(client, cast.other_planner).get("/studies").text


def test_an_empty_list_says_what_to_do(
    client: FlaskClient, cast: Cast, database: Database, study: Study
) -> None:
    with database.writing() as session:
        for person in (cast.facilitator, cast.planner):
            session.delete(session.get_one(Membership, (person.id, study.id)))
    assert "Make one to begin" in text_of(login(client, cast.facilitator).get("/studies"))
    assert "Ask an administrator" in text_of(login(client, cast.planner).get("/studies"))
