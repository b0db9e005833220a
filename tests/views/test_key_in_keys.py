"""Typing sheets in with the keyboard alone, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from survey.db import Database
from survey.models import Response, Study
from survey.services import studies, surveys
from tests import sheets
from tests.people import PASSWORD, Cast
from tests.support import axe
from tests.support.server import serving
from tests.views.test_key_in import DESK

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

QUESTIONS = [
    {"id": "bus", "type": "yes_no", "label": {"en": "Do you take the bus?"}},
    {
        "id": "why",
        "type": "several_choices",
        "label": {"en": "Why?"},
        "choices": sheets.choices("Price", "Time", "Fun"),
    },
    {
        "id": "judge",
        "type": "matrix",
        "label": {"en": "Judge"},
        "rows": sheets.choices("Stops", "Seats"),
        "choices": sheets.choices("Bad", "Fair", "Good"),
    },
    {"id": "years", "type": "number", "label": {"en": "Years"}},
]


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return str(page.evaluate("document.activeElement.name"))


@contextmanager
def at_the_desk(browser: Browser, database: Database, cast: Cast) -> Iterator[Page]:
    """A facilitator's browser at the page where sheets are typed in."""
    url = database.write.url.render_as_string(hide_password=False)
    with serving(url, SURVEY_WORKER="separate") as address, closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.fill("[name=email]", cast.facilitator.email)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.goto(f"{address}{DESK}")
        yield page


def test_two_sheets_by_keyboard_alone(browser: Browser, cast: Cast, database: Database, study: Study) -> None:
    with database.writing() as session:
        found = sheets.make(session, studies.by_slug(session, study.slug), publish=False)
        pages = [{"id": "p1", "title": None, "questions": QUESTIONS}]
        surveys.save_document(session, found, sheets.document(pages=pages, languages=["en"]), by="tests")
        surveys.publish(session, found, by="tests")
    with at_the_desk(browser, database, cast) as page:
        assert focused(page) == "number"
        page.keyboard.type("41")
        for first, following in (("1", "42"), ("2", "43")):
            type_a_sheet(page, first)
            page.wait_for_url(f"**number={following}*")
            assert (focused(page), page.input_value("#number")) == ("number", following)
        assert axe.violations(page) == []
    with database.reading() as session:
        answers = [row.answers for row in session.scalars(select(Response))]
    assert sorted(one["bus"] for one in answers) == ["no", "yes"]
    for one in answers:
        assert (one["why"], one["judge"], one["years"]) == (["c1", "c3"], {"c1": "c3", "c2": "c2"}, 12)


def test_other_keys_do_what_they_do(browser: Browser, cast: Cast, database: Database, study: Study) -> None:
    with database.writing() as session:
        sheets.make(session, studies.by_slug(session, study.slug))
    with at_the_desk(browser, database, cast) as page:
        page.locator("[name=q-bus]").first.focus()
        page.keyboard.press("9")
        assert page.locator("[name=q-bus]:checked").count() == 0
        page.focus("[name=q-stop]")
        page.keyboard.type("12")
        assert page.input_value("[name=q-stop]") == "12"


def type_a_sheet(page: Page, first: str) -> None:
    """From the number of the sheet to the end, with Tab, digits and Enter."""

    def on_to(name: str) -> None:
        for _step in range(12):
            if focused(page) == name:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {name} from {focused(page)}")

    for name, keys in {
        "q-bus": first,
        "q-why": "13",
        "q-judge.c1": "3",
        "q-judge.c2": "2",
        "q-years": "12",
    }.items():
        on_to(name)
        for key in keys:
            page.keyboard.press(key)
    page.keyboard.press("Enter")
