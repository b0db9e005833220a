"""Printed pages as a printer gets them: whole, on the right paper, readable, with everything in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from survey.config import Settings
from survey.db import Database
from survey.models import Invitee, Study, Survey
from survey.services import invitees, studies, surveys
from tests import sheets
from tests.fixtures import SECRET, login
from tests.people import Cast
from tests.views.screen import screen_of
from tests.views.studio import HOSTILE, text_of
from tests.views.test_mailings import send, write

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # paper knows no database

PAPER = "/studies/it-plan/surveys/travel/paper"
MM = 72 / 25.4
SHEETS = {"letter": (612, 792), "a4": (595, 842)}


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


@pytest.fixture
def survey(database: Database, study: Study, test_settings: Settings) -> None:
    """The survey with a question of every type."""
    with database.writing() as session:
        sheets.make(session, studies.by_slug(session, study.slug), access="code")


@pytest.fixture
def screen(browser: Browser, facilitator: FlaskClient) -> Iterator[Page]:
    """A page of Chromium that gets everything from the application."""
    with screen_of(browser, facilitator) as page:
        yield page


@dataclass(frozen=True)
class Side:
    """One printed page: its size in points, its words, each letter with its box, how it looks."""

    size: tuple[int, int]
    words: str
    letters: list[tuple[str, tuple[float, float, float, float]]]
    look: np.ndarray[Any, Any]

    def is_inside(self, margin: float = 10 * MM) -> bool:
        """Whether every letter stands within the part of the page that a printer reaches."""
        wide, high = self.size
        boxes = [box for _letter, box in self.letters if box[2] > box[0]]
        return all(b[0] >= margin and b[2] <= wide - margin and b[1] >= 0 and b[3] <= high for b in boxes)

    def is_in_window(self, text: str) -> bool:
        """Whether a text stands 45 to 90 mm from the top and 20 to 105 mm from the left, once at least."""
        whole = "".join(letter for letter, _box in self.letters)
        places = (match.start() for match in re.finditer(re.escape(text), whole))
        return any(self._in_window(self.letters[at : at + len(text)]) for at in places)

    def _in_window(self, letters: list[tuple[str, tuple[float, float, float, float]]]) -> bool:
        high = self.size[1]
        boxes = [box for _letter, box in letters if box[2] > box[0]]
        across = all(b[0] >= 20 * MM and b[2] <= 105 * MM for b in boxes)
        return across and all(high - b[3] >= 45 * MM and high - b[1] <= 90 * MM for b in boxes)


def printed(screen: Page, url: str) -> list[Side]:
    reply = screen.goto(f"http://localhost{url}")
    assert reply is not None
    assert reply.status == 200
    pdf = pypdfium2.PdfDocument(screen.pdf(prefer_css_page_size=True))
    with closing(pdf):
        return [side(pdf[at]) for at in range(len(pdf))]


def side(page: pypdfium2.PdfPage) -> Side:
    with closing(page), closing(page.get_textpage()) as text, closing(page.render(scale=3)) as drawn:
        letters = [(text.get_text_range(at, 1), text.get_charbox(at)) for at in range(text.count_chars())]
        wide, high = (round(one) for one in page.get_size())
        said = " ".join(text.get_text_bounded().split())
        return Side((wide, high), said, letters, np.array(drawn.to_pil().convert("L")))


def cut(screen: Page) -> list[str]:
    """Elements whose content is wider than they are."""
    screen.emulate_media(media="print")
    found: list[str] = screen.evaluate(
        "[...document.querySelectorAll('main *')]"
        ".filter(e => !e.closest('svg') && e.clientWidth && e.scrollWidth > e.clientWidth + 1)"
        ".filter(e => !e.classList.contains('visually-hidden')).map(e => e.tagName + e.className)"
    )
    return found


@pytest.mark.parametrize("size", [12, 18])
@pytest.mark.parametrize("sheet", ["letter", "a4"])
def test_the_whole_survey_is_on_the_sheets(screen: Page, survey: None, size: int, sheet: str) -> None:
    pdf = printed(screen, f"{PAPER}?size={size}&sheet={sheet}")
    assert {page.size for page in pdf} == {SHEETS[sheet]}
    pages = [page.words for page in pdf]
    whole = " ".join(pages)
    for at, question in enumerate(sheets.QUESTIONS[1:], start=1):
        assert f"{at}. {question['label']['en'].partition('$')[0]}".strip() in whole
    for said in (
        "Your answers are anonymous",
        "Call 555 0100",
        "Go to question 5",
        "Together: 100 dollars",
        "Thank you",
    ):
        assert said in whole
    for number, page in enumerate(pages, start=1):
        assert "travel · version 1 · English" in page
        assert f"{number} / {len(pages)}" in page
    assert 3 <= len(pages) <= (5 if size == 12 else 9)
    assert all(page.is_inside() for page in pdf)
    assert cut(screen) == []
    letters = screen.evaluate("getComputedStyle(document.querySelector('.form')).fontSize")
    assert letters == f"{size / 72 * 96:g}px"


def test_a_right_to_left_sheet_runs_from_the_right(screen: Page, survey: None) -> None:
    pdf = printed(screen, f"{PAPER}?language=ar&sheet=a4")
    assert all(page.is_inside() for page in pdf)
    assert cut(screen) == []
    places = screen.evaluate(
        "[...document.querySelectorAll('.ask h3')].map(h => "
        "[h.querySelector('.number'), h.lastElementChild].map(e => e.getBoundingClientRect().left))"
    )
    assert places
    assert all(number > label for number, label in places)
    assert screen.get_attribute("html", "dir") == "rtl"


def test_long_tables_have_their_head_on_every_page_and_long_words_are_broken(
    screen: Page, survey: None, database: Database
) -> None:
    rows = [
        {"id": f"r{at}", "label": {"en": f"Line number {at} " + "of a long table " * 4}} for at in range(40)
    ]
    columns = [{"id": f"c{at}", "label": {"en": f"Head{at}"}} for at in range(7)]
    questions: list[dict[str, Any]] = [
        {
            "id": "m",
            "type": "matrix",
            "label": {"en": "Judge all of these"},
            "rows": rows,
            "choices": columns,
        },
        {"id": "w", "type": "short_text", "label": {"en": "W" * 400}},
        {
            "id": "h",
            "type": "one_choice",
            "label": {"en": HOSTILE},
            "choices": [{"id": "x", "label": {"en": "x" * 300}}],
        },
        {
            "id": "many",
            "type": "several_choices",
            "label": {"en": "Many"},
            "choices": [{"id": f"c{at}", "label": {"en": f"Choice {at}"}} for at in range(60)],
        },
    ]
    with database.writing() as session:
        found = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        pages = [{"id": "p1", "title": None, "questions": questions}]
        surveys.save_document(session, found, sheets.document(pages=pages), by="tests")
    pdf = printed(screen, f"{PAPER}?version=draft&sheet=a4")
    with_lines = [page.words for page in pdf if "Line number" in page.words]
    assert len(with_lines) > 1
    assert all("Head0" in page for page in with_lines)
    assert all("draft, not to be given out" in page.words for page in pdf)
    assert all(page.is_inside() for page in pdf)
    assert cut(screen) == []


def test_each_version_and_the_draft_can_be_printed(
    facilitator: FlaskClient, survey: None, database: Database
) -> None:
    with database.writing() as session:
        found = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        changed = {**sheets.document(), "title": {"en": "Another title"}}
        surveys.save_document(session, found, changed, by="tests")
    assert "Getting around the city" in text_of(facilitator.get(PAPER))
    assert "Another title" in text_of(facilitator.get(f"{PAPER}?version=draft"))
    for odd in ("version=99", "version=x", "size=x", "size=1000000", "language=../", "sheet=%00", "size=-18"):
        assert facilitator.get(f"{PAPER}?{odd}").status_code == 200


def test_modes_that_know_names_have_a_place_for_them(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        sheets.make(session, studies.by_slug(session, study.slug), mode="confidential")
    page = text_of(facilitator.get(PAPER))
    assert "Your answers are confidential" in page
    assert "Your name (optional)" in page
    assert "Your code" not in page


def test_letters_are_one_page_each_with_the_address_in_the_window(
    screen: Page, facilitator: FlaskClient, survey: None, database: Database
) -> None:
    with database.writing() as session:
        found = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        sheets.invite(session, found, "", name="Ana", address="1 Main Street\nPhiladelphia, PA 19103")
        sheets.invite(session, found, "", name="Omar", address="2 Main Street", language="ar")
    one = write(facilitator, "letter", **{"text.ar": "{link}", "subject.ar": "دعوة"})
    send(facilitator, f"{one}/send")
    for sheet, size in SHEETS.items():
        pdf = printed(screen, f"{one}/letters?sheet={sheet}")
        assert {page.size for page in pdf} == {size}
        assert len(pdf) == 2
        with database.reading() as session:
            survey_row = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
            for person in session.scalars(select(Invitee)):
                page = next(page for page in pdf if person.name in page.words)
                link = invitees.link_of(SECRET, survey_row, person, "http://localhost/")
                assert seen_by_a_phone(page) == link
                assert page.is_in_window(person.name)
                assert page.is_in_window(person.address.split("\n")[-1])


def seen_by_a_phone(page: Side) -> str:
    (found,) = zxingcpp.read_barcodes(page.look)
    return str(found.text)
