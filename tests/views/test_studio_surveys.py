"""Pages of surveys: made, set up, published, closed, and what their responses show to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from survey.models import Study, Survey, Version
from survey.services import live, studies
from survey.services.audiences import Group, add
from survey.services.responses import Identity
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.answering import DAY, submit
from tests.views.studio import HOSTILE, SURVEY, audits, draft, make_survey, revision, send, text_of

LIST = "/studies/it-plan/surveys"
NEW = {"title": "City services", "mode": "anonymous", "layout": "question", "language": "en", "audience": ""}
SETTINGS = {"title.en": "City services", "layout": "question", "mode": "anonymous", "audience": ""}


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def row(database: Database) -> Survey:
    with database.reading() as session:
        return session.scalars(select(Survey).where(Survey.slug == "services")).one()


def versions(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Version.id)).all())


def test_a_survey_is_made_and_listed(facilitator: FlaskClient, database: Database, study: Study) -> None:
    assert "No survey yet" in facilitator.get(LIST).text
    with database.writing() as session:
        mine = studies.by_slug(session, "it-plan")
        add(session, mine, [Group("Riders")], by="tests")
        riders = mine.audiences[0].id
    reply = post(facilitator, f"{LIST}/new", {**NEW, "audience": riders, "mode": "confidential"})
    assert (reply.status_code, reply.location) == (303, f"{LIST}/city-services")
    page = text_of(facilitator.get(LIST))
    assert "City services" in page
    assert "Confidential, Riders" in page
    assert "Draft" in page
    assert post(facilitator, f"{LIST}/new", NEW).location == f"{LIST}/city-services-2"


WRONG = [
    {"title": ""},
    {"title": "a\x00"},
    {"mode": "x"},
    {"layout": "x"},
    {"language": "xx"},
    {"audience": "999"},
]


def test_a_wrong_survey_is_refused(facilitator: FlaskClient, database: Database) -> None:
    before = audits(database)
    for change in WRONG:
        reply = post(facilitator, f"{LIST}/new", {**NEW, **change})
        assert (reply.status_code, "There is a problem" in reply.text) == (422, True), change
    assert audits(database) == before


def test_hostile_words_are_only_words(facilitator: FlaskClient) -> None:
    made = post(facilitator, f"{LIST}/new", {**NEW, "title": HOSTILE}).location
    post(facilitator, f"{made}/pages/none/add/short_text", {})
    for path in (LIST, made, f"{made}/settings", f"{made}/publish", f"{made}/responses", f"{made}/preview/1"):
        page = facilitator.get(path)
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_settings_are_kept_words_in_the_draft_dates_at_once(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    days = {"opens_on": "2027-03-01", "closes_on": "2027-03-31", "minutes": "5", "what.en": "About\r\nbuses"}
    assert send(facilitator, database, "/settings", {**SETTINGS, **days}).status_code == 303
    assert draft(database)["what"] == {"en": "About\nbuses"}
    assert draft(database)["minutes"] == 5
    assert (str(row(database).opens_on), str(row(database).closes_on)) == ("2027-03-01", "2027-03-31")
    page = facilitator.get(f"{SURVEY}/settings").text
    assert 'value="2027-03-01"' in page
    assert send(facilitator, database, "/settings", SETTINGS).status_code == 303
    assert (row(database).opens_on, draft(database)["minutes"]) == (None, None)


WRONG_SETTINGS = [
    ({"title.en": ""}, "Give the survey a title"),
    ({"minutes": "soon"}, "Minutes it takes: Type a number in digits."),
    ({"minutes": "0"}, "from 1 to 600"),
    ({"opens_on": "tomorrow"}, "2026-05-31"),
    ({"opens_on": "2027-03-02", "closes_on": "2027-03-01"}, "last day is before the first"),
    ({"what.en": "a\x00"}, "cannot be stored"),
    ({"audience": "999999"}, "Whom it asks"),
    ({"mode": "secret"}, "Mode"),
]


def test_wrong_settings_are_refused_and_stay_typed(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    before = (draft(database), audits(database))
    for change, words in WRONG_SETTINGS:
        reply = send(facilitator, database, "/settings", {**SETTINGS, "why.en": "My long reason", **change})
        assert (reply.status_code, words in text_of(reply)) == (422, True), change
        assert "My long reason" in reply.text
        assert "<title>Error: " in reply.text
    assert (draft(database), audits(database)) == before


def test_stale_settings_show_both_and_can_be_sent_again(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    old = revision(database)
    send(facilitator, database, "/settings", {**SETTINGS, "why.en": "Theirs"})
    mine = {**SETTINGS, "why.en": "Mine"}
    reply = post(facilitator, f"{SURVEY}/settings", {**mine, "revision": old})
    assert reply.status_code == 409
    assert "Mine" in reply.text
    assert "Theirs" in text_of(reply)
    assert draft(database)["why"] == {"en": "Theirs"}
    assert f'name="revision" value="{revision(database)}"' in reply.text
    assert send(facilitator, database, "/settings", mine).status_code == 303


def test_publishing_opens_the_survey_and_shows_its_address(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    page = facilitator.get(f"{SURVEY}/publish")
    assert "Publish and open" in page.text
    assert "http://localhost/answer/services" not in page.text
    assert send(facilitator, database, "/publish").status_code == 303
    page = facilitator.get(f"{SURVEY}/publish").text
    assert 'value="http://localhost/answer/services"' in page
    assert facilitator.get("/answer/services").status_code == 200
    send(facilitator, database, "/questions/better/move", {"page": "p1"})
    assert "People do not see your latest changes yet" in facilitator.get(SURVEY).text
    assert "The pages" in text_of(facilitator.get(f"{SURVEY}/publish"))
    assert send(facilitator, database, "/publish").status_code == 303
    assert versions(database) == 2
    assert send(facilitator, database, "/publish").status_code == 422
    assert post(facilitator, f"{SURVEY}/publish", {"revision": 1}).status_code == 409
    assert post(facilitator, f"{SURVEY}/publish", {}).status_code == 400
    assert versions(database) == 2


def test_what_is_missing_leads_to_its_place(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    send(facilitator, database, "/questions/ease/delete")
    send(facilitator, database, "/questions/better/delete")
    page = facilitator.get(f"{SURVEY}/publish").text
    assert f'<a href="{SURVEY}">The survey has no question yet. Add one.</a>' in page
    assert f'href="{SURVEY}/settings">Say what the survey is about.' in page
    assert "Publish and open" not in page
    reply = send(facilitator, database, "/publish")
    assert reply.status_code == 422
    assert versions(database) == 0


def test_the_mode_is_locked_once_published(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study, publish=True)
    assert 'name="mode"' not in facilitator.get(f"{SURVEY}/settings").text
    assert send(facilitator, database, "/settings", {**SETTINGS, "mode": "identified"}).status_code == 303
    assert row(database).mode == "anonymous"


def test_closing_seals_an_anonymous_survey(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study, publish=True)
    assert "It cannot be opened again" in facilitator.get(f"{SURVEY}/publish").text
    with database.writing() as session:
        submit(session, "token", {"ease": "easy"}, slug="services")
    assert post(facilitator, f"{SURVEY}/close").status_code == 303
    assert (row(database).state, row(database).sealed) == ("closed", True)
    before = audits(database)
    assert post(facilitator, f"{SURVEY}/reopen").status_code == 422
    assert post(facilitator, f"{SURVEY}/close").status_code == 422
    assert audits(database) == before
    assert "is sealed" in facilitator.get(f"{SURVEY}/publish").text


def test_a_confidential_survey_opens_again(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study, mode="confidential", publish=True)
    assert post(facilitator, f"{SURVEY}/close").status_code == 303
    assert post(facilitator, f"{SURVEY}/reopen").status_code == 303
    assert (row(database).state, row(database).sealed) == ("open", False)


def test_days_of_an_anonymous_survey_never_stand_alone(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study, publish=True)
    assert "No response yet" in facilitator.get(f"{SURVEY}/responses").text
    with database.writing() as session:
        for number in range(4):
            submit(session, f"token{number}", {"ease": "easy"}, slug="services")
    page = facilitator.get(f"{SURVEY}/responses").text
    assert "<b>4</b> responses" in page
    assert "<svg class" not in page
    with database.writing() as session:
        submit(session, "fifth", {"ease": "easy"}, slug="services")
    page = facilitator.get(f"{SURVEY}/responses")
    assert "<svg class" in page.text
    assert '<td class="n">5</td>' in page.text


def test_names_are_for_facilitators_only(
    client: FlaskClient, cast: Cast, database: Database, study: Study
) -> None:
    make_survey(database, study, mode="confidential", publish=True)
    live.forget_all()
    with database.writing() as session:
        submit(session, "one", {"ease": "easy"}, slug="services", respondent=Identity(f"Ana {HOSTILE}"))
    login(client, cast.facilitator)
    page = client.get(f"{SURVEY}/respondents")
    assert "Ana &lt;script&gt;" in page.text
    assert "confidential" in page.text
    assert "Ana" not in client.get(f"{SURVEY}/responses").text
    login(client, cast.planner)
    assert client.get(f"{SURVEY}/responses").status_code == 200
    assert "respondents" not in client.get(f"{SURVEY}/responses").text
    assert client.get(f"{SURVEY}/respondents").status_code == 403


def test_an_anonymous_survey_has_no_list_of_people(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study, publish=True)
    assert "nobody can see who answered" in facilitator.get(f"{SURVEY}/respondents").text


def test_dates_open_and_end_a_survey(facilitator: FlaskClient, database: Database, study: Study) -> None:
    make_survey(database, study, publish=True)
    later = {"opens_on": str(DAY + timedelta(2))}
    assert send(facilitator, database, "/settings", {**SETTINGS, **later}).status_code == 303
    assert "It opens on" in facilitator.get(f"{SURVEY}/publish").text
    over = {"closes_on": str(DAY - timedelta(1))}
    assert send(facilitator, database, "/settings", {**SETTINGS, **over}).status_code == 303
    assert "Its last day was" in facilitator.get(f"{SURVEY}/publish").text
    assert facilitator.get(f"{SURVEY}/responses").status_code == 200


def test_each_role_at_each_page(client: FlaskClient, cast: Cast, database: Database, study: Study) -> None:
    make_survey(database, study)
    pages = ("", "/settings", "/publish", "/preview/1", "/respondents", "/questions/ease", "/pages/p1/add")
    for member, status in ((cast.facilitator, 200), (cast.planner, 403), (cast.administrator, 403)):
        login(client, member)
        assert [client.get(SURVEY + path).status_code for path in pages] == [status] * len(pages)
    assert login(client, cast.other_planner).get(f"{SURVEY}/responses").status_code == 404


def test_bad_short_names_are_not_found(facilitator: FlaskClient) -> None:
    for slug in ("no-such", "%00", "A", "9" * 200):
        assert facilitator.get(f"{LIST}/{slug}").status_code == 404, slug
        assert facilitator.get(f"/studies/{slug}/surveys").status_code == 404, slug
