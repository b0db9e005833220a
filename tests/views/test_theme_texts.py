"""The pages where planners write about themes: nothing typed is lost, whatever happens."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey import changes
from survey.db import Database
from survey.models import Study, Survey, ThemeText
from survey.services import studies
from tests.boards import LABELS, add_comments, add_run, decide
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.answering import document
from tests.views.studio import audits, text_of

LIST = "/studies/it-plan/report-words"
ONE = f"{LIST}/1"
SPANISH = f"{ONE}/es"
HOSTILE = '"><svg onload=alert(1)> =1+1 مرحبا 😀\x07\u202e'


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, plan: Study) -> FlaskClient:
    return login(client, cast.facilitator)


@pytest.fixture
def plan(database: Database, cast: Cast, study: Study) -> Study:
    """The small study with its board, and a survey in English and Spanish."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
        session.add(Survey(study_id=study.id, slug="it-survey", document=document()))
    return study


def stored(database: Database) -> list[tuple[int, str, str, str]]:
    with database.reading() as session:
        rows = session.scalars(select(ThemeText).order_by(ThemeText.theme, ThemeText.language))
        return [(row.theme, row.language, row.name, row.about) for row in rows]


def test_a_theme_is_written_about_in_two_languages(facilitator: FlaskClient, database: Database) -> None:
    assert text_of(facilitator.get(LIST)).count("Nothing is written about it yet.") == len(LABELS)
    before = audits(database)
    reply = post(facilitator, ONE, {"revision": 0, "about": "Getting online", "planned": "Fibre"}, page=ONE)
    assert (reply.status_code, reply.location) == (303, f"{LIST}#theme-1")
    reply = post(facilitator, SPANISH, {"revision": 0, "name": "Internet", "about": "En línea"}, page=SPANISH)
    assert reply.status_code == 303
    assert stored(database) == [(1, "", "", "Getting online"), (1, "es", "Internet", "En línea")]
    assert audits(database) == before + 2
    words = text_of(facilitator.get(LIST))
    for there in ("1 of 3 themes have words", "Getting online", "Fibre", "incomplete"):
        assert there in words, there
    page = facilitator.get(SPANISH).text
    for there in ('lang="es"', "Getting online", "En línea", 'value="Internet"', 'name="revision" value="1"'):
        assert there in page, there


def test_attack_hostile_words_are_words(facilitator: FlaskClient, database: Database) -> None:
    form = {
        "revision": 0,
        "name": HOSTILE,
        "about": HOSTILE,
        "underway": "\0\ud800".encode("utf-8", "replace"),
    }
    assert post(facilitator, SPANISH, form, page=SPANISH).status_code == 303
    assert post(facilitator, ONE, {"revision": 0, "about": HOSTILE}, page=ONE).status_code == 303
    for path in (LIST, ONE, SPANISH):
        page = facilitator.get(path).text
        assert "<svg onload" not in page
        assert HOSTILE.replace("\x07", " ") in html.unescape(page)


def test_what_is_too_long_stays_on_the_page(facilitator: FlaskClient, database: Database) -> None:
    form = {"revision": 0, "about": "é" * 5_001, "underway": "kept <i>too</i>", "planned": "x" * 6_000}
    reply = post(facilitator, ONE, form, page=ONE)
    assert reply.status_code == 422
    page = reply.text
    for there in ("<title>Error: ", '<a href="#about">', '<a href="#planned">', 'aria-invalid="true"'):
        assert there in page, there
    for typed in ("é" * 5_001, html.escape("kept <i>too</i>"), "x" * 6_000):
        assert typed in page
    assert stored(database) == []
    large = post(facilitator, ONE, {"revision": 0, "about": "x" * 1_000_000}, page=ONE)
    assert large.status_code == 413


def test_the_slower_one_sees_both_and_decides(facilitator: FlaskClient, database: Database) -> None:
    assert post(facilitator, ONE, {"revision": 0, "about": "theirs"}, page=ONE).status_code == 303
    reply = post(facilitator, ONE, {"revision": 0, "about": "mine"}, page=ONE)
    assert reply.status_code == 409
    assert "theirs" in reply.text
    assert "mine</textarea>" in reply.text
    assert 'name="revision" value="1"' in reply.text
    assert stored(database)[0][3] == "theirs"
    assert post(facilitator, ONE, {"revision": 1, "about": "mine"}, page=ONE).status_code == 303
    assert stored(database)[0][3] == "mine"
    for wrong in ("", "-1", "x", "9" * 30, "²"):
        assert post(facilitator, ONE, {"revision": wrong, "about": "other"}, page=ONE).status_code == 409
    assert stored(database)[0][3] == "mine"


def test_pages_that_there_are_not(facilitator: FlaskClient) -> None:
    for path in (f"{LIST}/99", f"{LIST}/{2**70}", f"{ONE}/fr", f"{ONE}/en", f"{ONE}/%00", f"{LIST}/-1"):
        assert facilitator.get(path).status_code == 404, path
        assert post(facilitator, path, {"revision": 0}).status_code in (404, 405), path


def test_only_people_of_the_study_write(app: Flask, cast: Cast, plan: Study, database: Database) -> None:
    for member, status in ((cast.other_planner, 404), (cast.administrator, 403)):
        client = login(app.test_client(), member)
        for path in (LIST, ONE, SPANISH):
            assert client.get(path).status_code == status, (member.email, path)
        assert post(client, ONE, {"revision": 0, "about": "x"}).status_code == status
    assert stored(database) == []
    assert login(app.test_client(), cast.planner).get(LIST).status_code == 200


def test_without_themes_the_page_says_what_to_do(client: FlaskClient, cast: Cast, study: Study) -> None:
    page = login(client, cast.planner).get(LIST)
    assert "There are no themes yet. Find themes first" in text_of(page)


def test_words_of_themes_that_went_are_shown_beside(facilitator: FlaskClient, database: Database) -> None:
    assert (
        post(
            facilitator, f"{LIST}/2", {"revision": 0, "about": "Written before"}, page=f"{LIST}/2"
        ).status_code
        == 303
    )
    with database.writing() as session:
        decide(session, studies.by_slug(session, "it-plan"), changes.merge(1, [2]))
    assert "Kept, but in no report" in text_of(facilitator.get(LIST))
    assert "Written before" in facilitator.get(ONE).text
    assert facilitator.get(f"{LIST}/2").status_code == 404


def test_a_get_writes_nothing(facilitator: FlaskClient, database: Database) -> None:
    before = audits(database)
    for path in (LIST, ONE, SPANISH):
        assert facilitator.get(path).status_code == 200
    assert audits(database) == before
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ThemeText)) == 0
