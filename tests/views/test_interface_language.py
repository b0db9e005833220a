"""The language of pages that are no survey: the first page, errors, staff pages, the office's setting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from survey import create_app, i18n
from survey.config import Settings
from survey.db import Database
from survey.languages import LANGUAGES
from survey.models import Study
from survey.permissions import PERMISSIONS, needed
from tests.fixtures import login
from tests.people import Cast
from tests.services.answering import document, publish

ARABIC = {"Accept-Language": "ar-EG,ar;q=0.9"}


@pytest.fixture
def world(database: Database, study: Study) -> int:
    """The survey of four questions in English, Spanish, Arabic and simplified Chinese."""
    raw = document(languages=["en", "es", "ar", "zh-Hans", "so"])
    for tag in ("ar", "zh-Hans", "so"):
        raw["title"] = {**raw["title"], tag: f"title in {tag}"}
    return publish(database, study, raw)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_first_page_and_its_errors_speak_every_language(
    client: FlaskClient, tag: str, world: int
) -> None:
    page = html.fromstring(client.get(f"/?lang={tag}").text)
    assert page.get("lang") == {"zh": "zh-Hans"}.get(tag, tag)
    offered = {a.get("hreflang"): a.get("dir") for a in page.xpath("//header//a[@hreflang]")}
    assert offered.keys() == LANGUAGES.keys() - {tag}
    assert offered.get("ar", "rtl") == "rtl"
    missing = html.fromstring(client.get("/nothing/here").text)
    assert missing.get("lang") == page.get("lang")
    heading = missing.xpath("//h1")[0].text_content()
    assert (heading == "Page not found") == (tag == "en")


def test_titles_on_the_first_page_say_their_language(client: FlaskClient, world: int) -> None:
    link = html.fromstring(client.get("/", headers=ARABIC).text).xpath("//main//h2/a")[0]
    assert (link.text_content(), link.get("lang")) == ("title in ar", None)
    link = html.fromstring(client.get("/?lang=fr").text).xpath("//main//h2/a")[0]
    assert (link.get("lang"), link.get("dir"), link.text_content()) == ("en", "ltr", "IT plan survey")
    link = html.fromstring(client.get("/?lang=zh").text).xpath("//main//h2/a")[0]
    assert link.text_content() == "title in zh-Hans"


def test_the_offices_language_is_spoken_when_the_browser_asks_for_none(
    test_settings: Settings, database: Database, study: Study
) -> None:
    app = create_app(replace(test_settings, language="ar"), database)
    assert html.fromstring(app.test_client().get("/").text).get("lang") == "ar"
    assert html.fromstring(app.test_client().get("/sign-in").text).get("lang") == "en"


def test_staff_pages_speak_english_and_spanish_only(client: FlaskClient, app: Flask, cast: Cast) -> None:
    person = login(client, cast.facilitator)
    person.get("/?lang=ar")
    page = html.fromstring(person.get("/studies", headers=ARABIC).text)
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert html.fromstring(person.get("/account?lang=ar").text).get("lang") == "en"
    links = html.fromstring(person.get("/account").text).xpath("//a[@hreflang]/@hreflang")
    assert list(map(str, links)) == ["en", "es"]
    signing_in = html.fromstring(app.test_client().get("/sign-in", headers=ARABIC).text)
    assert signing_in.get("lang") == "en"
    assert set(map(str, signing_in.xpath("//a[@hreflang]/@hreflang"))) <= {"es"}
    refused = app.test_client().get("/api/v1/nothing", headers=ARABIC)
    assert "Not found" in refused.get_json()["title"]


def test_every_page_for_anyone_speaks_all_languages(app: Flask) -> None:
    """A page that anyone may see is in a blueprint that speaks them all; signing in is for staff."""
    open_to_all = {
        rule.endpoint.split(".")[0]
        for rule in app.url_map.iter_rules()
        if (permission := needed(app, rule.endpoint)) and "anyone" in permission.roles
    }
    assert open_to_all - {"account", "api"} == i18n.PUBLIC - {None}
    assert PERMISSIONS["answer surveys"].roles == {"anyone"}
