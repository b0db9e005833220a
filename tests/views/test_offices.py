"""The pages of offices: planners name them, their people see their own page and nothing else."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey import changes, permissions
from survey.db import Database
from survey.models import Membership, Office, Person, Study
from survey.services import offices, studies
from tests.boards import LABELS, board_of, decide
from tests.factories import World
from tests.fixtures import login, post
from tests.people import Cast, Member, password_hash
from tests.views.studio import audits, text_of

OFFICES = "/studies/it-plan/offices"
CAO = f"{OFFICES}/chief-administrator"
THEME = "/studies/it-plan/themes/1"


@pytest.fixture
def mary(database: Database, world: World) -> Member:
    """The world has the office "Chief Administrator"; Mary belongs to it, and "Parks" answers for theme 2."""
    with database.writing() as session:
        person = Person(
            email="mary@office.example", name="Mary", roles=["office"], password_hash=password_hash()
        )
        session.add(person)
        session.flush()
        plan = studies.by_slug(session, "it-plan")
        cao, parks = (
            offices.get(session, plan, "chief-administrator"),
            offices.add(session, plan, "Parks", by="t"),
        )
        offices.add_person(session, plan, cao, person.email, by="tests")
        decide(
            session,
            plan,
            changes.office(1, cao.id, cao.name),
            changes.office(2, parks.id, parks.name),
            changes.describe(1, {"definition": "Getting <b>online</b>"}),
            changes.quote("a1", "cleared", [(8, 10)]),
            changes.quote("n1", "refused"),
            changes.note("a secret note", theme=1),
        )
        return Member(person.id, person.email, ("office",))


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, world: World) -> FlaskClient:
    return login(client, cast.planner)


def listed(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Office.name)))


def test_an_office_is_added_renamed_and_taken_away(planner: FlaskClient, database: Database) -> None:
    name = "Parks <script>alert(1)</script>"
    before = audits(database)
    assert post(planner, OFFICES, {"name": name}).status_code == 303
    page = planner.get(OFFICES).text
    assert html.escape(name) in page
    assert "<script>alert" not in page
    path = f"{OFFICES}/parks-script-alert-1-script"
    assert post(planner, f"{path}/rename", {"name": "Parks"}).status_code == 303
    assert listed(database) == ["Chief Administrator", "Parks"]
    assert post(planner, f"{path}/remove").status_code == 303
    assert listed(database) == ["Chief Administrator"]
    assert audits(database) == before + 3


@pytest.mark.parametrize("name", ["", "x" * 5000, "CHIEF administrator", "\0"])
def test_names_that_cannot_be_stay_on_the_page(planner: FlaskClient, database: Database, name: str) -> None:
    reply = post(planner, OFFICES, {"name": name})
    assert reply.status_code == 422
    assert '<a href="#new-office">' in reply.text
    assert "<title>Error: " in reply.text
    assert name.replace("\0", "") in html.unescape(reply.text)
    assert listed(database) == ["Chief Administrator"]


def test_an_office_with_themes_cannot_go(planner: FlaskClient, mary: Member, database: Database) -> None:
    reply = post(planner, f"{CAO}/remove")
    assert reply.status_code == 422
    assert "Give that theme to another office first" in reply.text
    assert len(listed(database)) == 2


def test_people_are_added_and_removed(planner: FlaskClient, mary: Member, database: Database) -> None:
    path = f"{OFFICES}/parks/people"
    reply = post(planner, path, {"email": "nobody@office.example"})
    assert (reply.status_code, "nobody@office.example" in reply.text) == (422, True)
    assert post(planner, path, {"email": mary.email}).status_code == 303
    assert text_of(planner.get(OFFICES)).count(mary.email) >= 2
    assert post(planner, f"{path}/{mary.id}/remove").status_code == 303
    assert post(planner, f"{path}/{mary.id}/remove").status_code == 404


def test_a_theme_is_given_to_an_office_and_back(
    planner: FlaskClient, database: Database, study: Study, world: World
) -> None:
    with database.reading() as session:
        office = session.scalars(select(Office)).one()
    form = {"revision": 1, "office": office.id, "next": THEME}
    assert post(planner, f"{THEME}/office", form).status_code == 303
    page = planner.get(THEME).text
    assert f'<a href="{CAO}">Chief Administrator</a>' in page
    assert "Chief Administrator answers for" in page
    with database.writing() as session:
        assert board_of(session, study).find(1).office == office.id  # type: ignore[union-attr]
    # Somebody else decided meanwhile: both versions are shown.
    assert post(planner, f"{THEME}/office", {**form, "office": ""}).status_code == 409
    assert post(planner, f"{THEME}/office", {"revision": 3, "office": ""}).status_code == 303
    for wrong in (office.id + 1, -1, 2**40):
        assert post(planner, f"{THEME}/office", {"revision": 4, "office": wrong}).status_code == 404


def test_without_a_board_offices_can_be_named(client: FlaskClient, cast: Cast, study: Study) -> None:
    login(client, cast.planner)
    assert "There are no offices yet" in client.get(OFFICES).text
    assert post(client, OFFICES, {"name": "Parks"}).status_code == 303
    assert client.get(f"{OFFICES}/parks").status_code == 200


def test_signing_in_leads_an_office_to_its_themes(client: FlaskClient, mary: Member) -> None:
    reply = post(client, "/sign-in", {"email": mary.email, "password": "correct horse battery"})
    assert (reply.status_code, reply.location) == (303, "/offices")
    page = client.get("/offices").text
    assert f'href="{CAO}"' in page
    assert "Parks" not in page
    assert 'href="/studies"' not in page
    assert client.get("/account").status_code == 200


def test_the_page_of_an_office_says_what_it_should_and_nothing_else(
    client: FlaskClient, mary: Member
) -> None:
    page = login(client, mary).get(CAO).text
    words = text_of(client.get(CAO))
    for there in (LABELS[1], "Getting <b>online</b>", "6 comments", "3 of 3 groups", "Suggested", "“Comment"):
        assert there in words, there
    assert "of <b>Academia</b>" in words, "the cleared quote, as text"
    assert "Comment a1" not in words, "what was blacked out is not there"
    for hidden in (
        LABELS[2],
        LABELS[3],
        "Comment n1",
        "Comment a2",
        "secret note",
        "planner@",
        "/themes",
        "/quotes",
    ):
        assert hidden not in page, hidden
    assert "<b>online</b>" not in page


def test_an_office_without_themes_says_so(client: FlaskClient, mary: Member, database: Database) -> None:
    with database.writing() as session:
        decide(session, studies.by_slug(session, "it-plan"), changes.office(1, None))
    page = login(client, mary).get(CAO).text
    assert "answers for no theme yet" in page
    assert LABELS[1] not in page


def test_sub_themes_are_named(client: FlaskClient, mary: Member, database: Database) -> None:
    with database.writing() as session:
        decide(session, studies.by_slug(session, "it-plan"), changes.nest(3, 1))
    assert LABELS[3] in text_of(login(client, mary).get(CAO))


def test_attack_every_route_but_its_own_is_closed_to_an_office(
    app: Flask, mary: Member, world: World, database: Database
) -> None:
    with database.writing() as session:
        # Even with a place in the study and all studies, the role opens nothing.
        person = session.get_one(Person, mary.id)
        person.all_studies = True
        session.add(Membership(person_id=mary.id, study_id=studies.by_slug(session, "it-plan").id))
    client = login(app.test_client(), mary)
    before, tried = audits(database), 0
    open_to_all = {"anyone", "office"}
    with app.test_request_context():
        rules = list(app.url_map.iter_rules())
        addresses = [
            (rule, app.url_for(rule.endpoint, **{a: world.values.get(a, 1) for a in rule.arguments}))
            for rule in rules
        ]
    for rule, url in addresses:
        needed = permissions.needed(app, rule.endpoint)
        assert needed is not None
        if needed.roles & open_to_all:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            data = {"end": "1"} if method == "GET" or url.startswith("/api/") else None
            reply = client.open(url, method=method, data=data) if data else post(client, url, {})
            # The API asks for a token, which an office cannot make; pages refuse.
            assert reply.status_code == (401 if url.startswith("/api/") else 403), (method, url)
            tried += 1
    assert tried > 60
    assert audits(database) == before


def test_attack_other_offices_are_not_found(app: Flask, mary: Member, cast: Cast) -> None:
    client = login(app.test_client(), mary)
    for path in (
        f"{OFFICES}/parks",
        f"{OFFICES}/no-such",
        "/studies/other/offices/chief-administrator",
        f"{CAO}%00",
        f"{OFFICES}/{'x' * 3000}",
    ):
        assert client.get(path).status_code == 404, path
    stranger = login(app.test_client(), cast.other_planner)
    assert stranger.get(CAO).status_code == 404
    assert login(app.test_client(), cast.administrator).get(CAO).status_code == 403


def test_attack_a_person_who_was_removed_sees_nothing(app: Flask, mary: Member, cast: Cast) -> None:
    client = login(app.test_client(), mary)
    assert client.get(CAO).status_code == 200
    boss = login(app.test_client(), cast.planner)
    assert post(boss, f"{CAO}/people/{mary.id}/remove").status_code == 303
    assert client.get(CAO).status_code == 404
    assert "You belong to no office yet" in client.get("/offices").text


def test_administrators_can_make_an_account_of_an_office(
    client: FlaskClient, cast: Cast, database: Database
) -> None:
    login(client, cast.administrator)
    assert "Office: sees the themes that its office answers for" in client.get("/people/new").text
    form = {
        "email": "new@office.example",
        "name": "New",
        "roles": "office",
        "password": "correct horse battery",
    }
    assert post(client, "/people/new", form).status_code == 303
    with database.reading() as session:
        made = session.scalars(select(Person).where(Person.email == "new@office.example")).one()
        assert (made.roles, made.all_studies) == (["office"], False)
