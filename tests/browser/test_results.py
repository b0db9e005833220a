"""The public page of results as people see it: no fault of accessibility, every picture with its table."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from survey import create_app, db
from survey.config import Settings
from survey.models import ThemeText
from survey.services import releases, studies
from tests.browser.look import faults, spaced_out
from tests.fixtures import SECRET, login
from tests.people import Cast, make_cast
from tests.services.releasing import CLEARED, MAKER, approve, change, prepared
from tests.views.screen import HOST, screen_of

PAGE = f"{HOST}/results/it-plan"
STAFF = "/studies/it-plan/releases"
PICTURES_WITHOUT_TABLE = """() => [...document.querySelectorAll('main svg[role=img]')].filter(picture =>
  !picture.closest('table') && !document.querySelector('.heats')).length"""


@pytest.fixture(scope="module")
def served(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Cast]]:
    """The application with a public release, and a draft after it."""
    path = tmp_path_factory.mktemp("results") / "results.sqlite"
    shutil.copy(migrated_sqlite, path)
    database = db.connect(f"sqlite:///{path}")
    settings = Settings(
        database_url=f"sqlite:///{path}", secret_key=SECRET, worker="separate", office="City of Example"
    )
    app = create_app(settings, database)
    with app.test_request_context(), database.writing() as session:
        study = studies.add(session, "it-plan", "IT Strategic Plan", by="tests")
        cast = make_cast(session, study, studies.add(session, "other", "Another study", by="tests"))
        release = prepared(session)
        name = "خدمات المدينة على الهاتف"
        session.add(ThemeText(study_id=study.id, theme=2, language="ar", name=name, planned="قريبا"))
        change(session, release, themes=("1", "2", "3"))
        approve(session, release)
        releases.prepare(session, study, release.summary, MAKER)
    yield app, cast
    database.dispose()


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_page_has_no_fault(browser: Browser, served: tuple[Flask, Cast], tag: str) -> None:
    with screen_of(browser, served[0].test_client()) as page:
        page.goto(f"{PAGE}?lang={tag}")
        for summary in page.locator("main details > summary").all():
            summary.click()
        assert faults(page, tag) == []
        assert spaced_out(page) == []
        assert page.locator("h1").count() == 1
        assert page.evaluate(PICTURES_WITHOUT_TABLE) == 0
        assert page.evaluate("document.documentElement.dir") == ("rtl" if tag == "ar" else "ltr")


@pytest.mark.parametrize("path", ["/results", *(f"{STAFF}{tail}" for tail in ("", "/1", "/2", "/2/edit"))])
def test_the_other_pages_have_no_fault(browser: Browser, served: tuple[Flask, Cast], path: str) -> None:
    app, cast = served
    client = app.test_client()
    with screen_of(browser, login(client, cast.planner)) as page:
        page.goto(HOST + path)
        assert page.locator("h1").count() == 1
        assert faults(page, path) == []


def test_without_script_all_is_there_and_links_lead_to_their_places(
    browser: Browser, served: tuple[Flask, Cast]
) -> None:
    reply = served[0].test_client().get("/results/it-plan").text
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(reply)
    assert page.get_by_text(CLEARED).is_visible()
    page.get_by_text("What the city does about it").first.click()
    assert page.get_by_text("A pilot in two libraries.").first.is_visible()
    targets = [link.get_attribute("href") or "" for link in page.locator(".links a[href^='#']").all()]
    assert targets
    for target in targets:
        assert page.locator(target).count() == 1
    context.close()


def test_on_paper_the_words_stay_and_the_bar_goes(browser: Browser, served: tuple[Flask, Cast]) -> None:
    with screen_of(browser, served[0].test_client()) as page:
        page.goto(PAGE)
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        assert page.get_by_text(CLEARED).is_visible()
        assert not page.locator("header.bar").is_visible()
        assert not page.locator(".links").is_visible()
