"""The pages of quotes: what is marked, what is blacked out, what leaves."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from survey import changes
from survey.board import QuoteState
from survey.db import Database
from survey.models import Comment, Study
from tests.boards import add_comments, add_run, board_of, decide
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.studio import HOSTILE, audits, text_of

QUOTES = "/studies/it-plan/quotes"
ONE = f"{QUOTES}/a1"
JANE = f"I'm Jane Doe, call 215-555-0123. {HOSTILE}"


@pytest.fixture
def themes(database: Database, cast: Cast, study: Study) -> dict[int, int]:
    with database.writing() as session:
        add_comments(session, study)
        themes = add_run(session, study)
        session.execute(update(Comment).where(Comment.id == "a1").values(text=JANE))
    return themes


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, themes: dict[int, int]) -> FlaskClient:
    return login(client, cast.planner)


def send(client: FlaskClient, do: str, **data: object) -> TestResponse:
    """Send the form of the page of a quote."""
    return post(client, ONE, {"do": do, "revision": 1, "next": QUOTES, **data})


def state(database: Database, study: Study, comment: str = "a1") -> QuoteState:
    with database.writing() as session:
        return board_of(session, study).quote_states.get(comment, QuoteState("open"))


def values(page: str) -> list[str]:
    return re.findall(r'name="span" value="([0-9-]+)"', page)


def test_what_points_to_a_person_is_marked_and_not_cleared_by_one_click(planner: FlaskClient) -> None:
    page = planner.get(QUOTES).text
    assert "<mark>Jane Doe</mark>" in page
    assert "<mark>215-555-0123</mark>" in page
    one = page[page.index('id="quote-1-a1"') :]
    one = one[: one.index("</li>")]
    assert "Black out and clear…" in one
    assert 'value="cleared"' not in one
    assert "<script>alert" not in page
    assert html.escape("<script>alert(1)</script>") in page


def test_from_the_list_to_a_cleared_quote(planner: FlaskClient, database: Database, study: Study) -> None:
    form = planner.get(ONE).text
    ticked = values(form)
    assert ticked == ["4-12", "19-31"]
    assert form.count(" checked>") == 2
    before = audits(database)
    preview = send(planner, "preview", span=ticked[:1], words="ALERT")
    assert preview.status_code == 200
    assert state(database, study).mark == "open", "a preview stores nothing"
    assert audits(database) == before
    shown = preview.text[preview.text.index("How it will read") : preview.text.index("original-title")]
    assert "Jane" not in shown
    assert "215-555-0123" in shown, "what was not ticked stays"
    assert shown.count('<span aria-hidden="true">[…]</span>') == 2
    assert shown.count("(blacked out)") == 2, "said in words to those who hear the page"
    spans = values(shown)
    reply = send(planner, "cleared", span=spans)
    assert (reply.status_code, reply.location) == (303, QUOTES)
    assert audits(database) == before + 1
    assert state(database, study).mark == "cleared"
    listed = planner.get(QUOTES).text
    assert "Cleared a quote with parts blacked out" in listed
    assert (
        "Jane"
        not in listed[listed.index('id="quote-1-a1"') :].split("</li>")[0].split("<form")[0].split("<a ")[0]
    )
    with database.reading() as session:
        assert session.get_one(Comment, "a1").text == JANE


def test_one_click_clears_or_refuses_or_takes_back(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    for do, mark in (("cleared", "cleared"), ("open", "open"), ("refused", "refused")):
        reply = post(planner, f"{QUOTES}/n1", {"do": do, "revision": 99, "next": QUOTES})
        assert (reply.status_code, state(database, study, "n1").mark) == (303, mark)
    assert "Refused" in text_of(planner.get(f"{QUOTES}?theme=1"))
    assert "Refused" not in text_of(planner.get(QUOTES))


def test_words_that_are_not_there_are_refused_and_kept(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    reply = send(planner, "cleared", span=["4-12"], words="Mary <b>Doe</b>")
    assert reply.status_code == 422
    assert "“Mary <b>Doe</b>” is not in the comment" in html.unescape(reply.text)
    assert "Mary &lt;b&gt;Doe&lt;/b&gt;</textarea>" in reply.text
    assert 'value="4-12" checked' in reply.text
    assert 'value="19-31" checked' not in reply.text
    assert reply.text.count("<title>Error: ") == 1
    assert state(database, study).mark == "open"


@pytest.mark.parametrize("span", ["0-99999", "5-2", "x", "1-2-3", "\0", "4-12" * 2000])
def test_spans_outside_the_text_are_refused(planner: FlaskClient, span: str) -> None:
    assert send(planner, "cleared", span=span).status_code == 422


def test_all_of_it_blacked_out_is_refused(planner: FlaskClient) -> None:
    reply = send(planner, "cleared", span=f"0-{len(JANE)}")
    assert (reply.status_code, "Refuse it instead" in reply.text) == (422, True)


def test_a_stale_decision_shows_both(planner: FlaskClient, database: Database, study: Study) -> None:
    with database.writing() as session:
        decide(session, study, changes.quote("a1", "refused"), by="other@office.example")
    reply = send(planner, "cleared", span="4-12")
    assert reply.status_code == 409
    assert "Cleared a quote with parts blacked out" in reply.text
    assert "Refused a quote" in reply.text
    assert "4-12</textarea>" in reply.text, "what was chosen is kept"


@pytest.mark.parametrize("do", ["", "delete", "x" * 5000])
def test_an_unknown_wish(planner: FlaskClient, do: str) -> None:
    assert send(planner, do).status_code == 400


def test_the_way_back_stays_on_this_site(planner: FlaskClient) -> None:
    for target in ("javascript:alert(1)", "https://evil.example/", "//evil.example"):
        page = planner.get(ONE, query_string={"next": target}).text
        assert "evil" not in page
        assert "javascript:" not in page


def test_before_themes_are_found_the_board_says_what_to_do(
    client: FlaskClient, cast: Cast, study: Study
) -> None:
    reply = login(client, cast.planner).get(QUOTES)
    assert (reply.status_code, reply.location) == (302, "/studies/it-plan/themes")


def test_who_may(app: Flask, cast: Cast, themes: dict[int, int]) -> None:
    for member, reads, decides in (
        (cast.planner, 200, 303),
        (cast.facilitator, 200, 403),
        (cast.other_planner, 404, 404),
        (cast.administrator, 403, 403),
    ):
        client = login(app.test_client(), member)
        assert client.get(QUOTES).status_code == reads
        assert post(client, f"{QUOTES}/n1", {"do": "cleared", "revision": 9}).status_code == decides
    assert 'name="do"' not in login(app.test_client(), cast.facilitator).get(QUOTES).text


@pytest.mark.parametrize(
    "path", ["?theme=999", "?theme=99999999999999999999", "/no-such", "/a1%00", f"/{'x' * 3000}"]
)
def test_what_is_not_there(planner: FlaskClient, path: str) -> None:
    assert planner.get(QUOTES + path).status_code == 404
