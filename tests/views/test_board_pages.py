"""The board and the page of a theme: reading, deciding by form, order, sub-themes, notes, undo and redo."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from survey import changes
from survey.db import Database
from survey.models import Comment, Person, Study
from survey.services import board as boards
from tests.boards import LABELS, add_run
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.board_pages import BOARD, audited, board, decide, planner, text, words

__all__ = ["planner"]


def names(client: FlaskClient, path: str = "") -> list[str]:
    """The names on the cards, from top to bottom."""
    page = html.fromstring(client.get(BOARD + path).text)
    return [card.text_content() for card in page.xpath("//article//h3")]


def card(client: FlaskClient, theme: int) -> html.HtmlElement:
    return html.fromstring(client.get(BOARD).text).get_element_by_id(f"theme-{theme}")


@pytest.mark.parametrize(
    ("action", "state", "shown"),
    [
        ("accept", "accepted", "accepted by"),
        ("park", "parked", "parked by"),
        ("reject", "rejected", "rejected by"),
    ],
)
def test_a_decision_says_who_and_when_and_goes_on_at_the_next_card(
    planner: FlaskClient, database: Database, action: str, state: str, shown: str
) -> None:
    reply = decide(planner, f"/1/{action}", {"next": f"{BOARD}?page=1#theme", "then": "2"})
    assert (reply.status_code, reply.location) == (303, f"{BOARD}?page=1#theme-2")
    assert board(database).find(1).state == state  # type: ignore[union-attr]
    assert f"{shown} planner, " in card(planner, 1).text_content()
    assert audited(database) == 1
    assert decide(planner, "/1/reopen", {"next": f"{BOARD}#theme"}).location == f"{BOARD}#theme-1"
    assert board(database).find(1).state == "new"  # type: ignore[union-attr]


def test_the_buttons_of_a_card_lead_to_routes_that_decide(planner: FlaskClient) -> None:
    page = html.fromstring(planner.get(BOARD).text)
    assert page.get_element_by_id("d").method == "POST"
    actions = {button.get("formaction") for button in page.xpath("//button[@form='d']")}
    # Relative to the address of the board.
    assert {"themes/1/accept", "themes/1/reject", "themes/1/park", "themes/1/place"} <= actions
    assert page.xpath("//form[@id='d']//input")[-1].get("name") == "end"


def test_the_order_is_the_planners(planner: FlaskClient, database: Database) -> None:
    assert names(planner) == [LABELS[1], LABELS[2], LABELS[3]]
    assert "Move up" not in card(planner, 1).text_content()
    assert "Move down" not in card(planner, 2).text_content(), "the next card is in another list"
    decide(planner, "/2/place", {"place": "up"})
    assert names(planner)[:2] == [LABELS[2], LABELS[1]]
    decide(planner, "/2/place", {"place": "2"})
    assert names(planner)[:2] == [LABELS[1], LABELS[2]]
    decide(planner, "/1/place", {"place": "99"})
    assert names(planner)[:2] == [LABELS[2], LABELS[1]]
    before = audited(database)
    decide(planner, "/2/place", {"place": "up"})
    assert audited(database) == before, "it is the first already"
    assert "It is so already" in text(planner, "")
    for nonsense in ("", "x", "9" * 30, "²"):
        assert decide(planner, "/2/place", {"place": nonsense}).status_code == 404
    assert decide(planner, "/999/place", {"place": "1"}).status_code == 404


def test_accepted_themes_stand_first_and_keep_their_own_order(planner: FlaskClient) -> None:
    for theme in (2, 1):
        decide(planner, f"/{theme}/accept")
    decide(planner, "/2/place", {"place": "up"})
    assert names(planner) == [LABELS[2], LABELS[1], LABELS[3]]
    decide(planner, "/2/reopen")
    assert names(planner) == [LABELS[1], LABELS[2], LABELS[3]]


def test_sub_themes_stand_in_their_parent(planner: FlaskClient, database: Database) -> None:
    decide(planner, "/2/nest", {"under": "1"})
    assert names(planner) == [LABELS[1], LABELS[3]]
    assert LABELS[2] in card(planner, 1).text_content()
    assert "Sub-theme of" in text(planner, "/2")
    assert "one level only" in text(planner, "/1")
    for theme, under, said in [
        (1, "3", "sub-themes of its own"),
        (3, "2", "sub-theme itself"),
        (3, "3", "its own"),
    ]:
        reply = decide(planner, f"/{theme}/nest", {"under": under})
        assert reply.status_code == 422
        assert said in words(reply)
    decide(planner, "/2/nest", {"under": ""})
    assert board(database).find(2).parent is None  # type: ignore[union-attr]


def test_name_and_meaning_are_one_form(planner: FlaskClient, database: Database) -> None:
    seen = {"was": LABELS[1], "meant": ""}
    decide(planner, "/1/rename", {**seen, "name": "Home internet", "definition": ""})
    assert board(database).log[-1].kind == "rename"
    seen = {"was": "Home internet", "meant": ""}
    decide(planner, "/1/rename", {**seen, "name": "Home internet", "definition": "Lines\r\nto homes."})
    last = board(database).log[-1]
    assert (last.kind, last.details) == ("describe", {"theme": 1, "definition": "Lines\nto homes."})
    assert "Lines\nto homes." in text(planner, "/1")
    page = html.fromstring(planner.get(f"{BOARD}/1").text)
    assert page.get_element_by_id("name").value == "Home internet"
    sent = {"was": "Home internet", "meant": "Lines\nto homes.", "name": "Internet", "definition": "All."}
    decide(planner, "/1/rename", sent)
    assert board(database).log[-1].details == {"theme": 1, "definition": "All.", "name": "Internet"}
    reply = decide(planner, "/1/rename", {**sent, "name": "", "definition": "Kept as typed"})
    assert reply.status_code == 422
    assert "Kept as typed" in reply.text
    assert "Use 5000 characters" in decide(planner, "/1/rename", {**sent, "definition": "x" * 5001}).text


def test_notes_are_written_listed_and_taken_away(planner: FlaskClient, database: Database) -> None:
    decide(planner, "/note", {"theme": "1", "text": "Ask the <library>\0 office"})
    decide(planner, "/note", {"comment": "a1", "text": "A good quote"})
    assert "Ask the <library> office" in text(planner, "/1")
    assert "1 note" in card(planner, 1).text_content()
    assert "A good quote" in text(planner, "/comments/a1")
    written = board(database).find(1).notes[0].edit  # type: ignore[union-attr]
    decide(planner, "/unnote", {"edit": written})
    assert board(database).find(1).notes == ()  # type: ignore[union-attr]
    assert decide(planner, "/unnote", {"edit": written}).status_code == 303, "a double click"
    reply = decide(planner, "/note", {"theme": "1", "text": "x" * 5001})
    assert reply.status_code == 422
    assert "x" * 5001 in reply.text
    assert "Write something first" in decide(planner, "/note", {"theme": "1", "text": " "}).text
    for about in ({}, {"theme": "99"}, {"comment": "none"}, {"comment": "\0"}):
        assert decide(planner, "/note", {"text": "x", **about}).status_code == 404, about


def test_undo_and_redo(planner: FlaskClient, database: Database) -> None:
    decide(planner, "/1/accept", {"next": BOARD})
    assert "Accepted “internet; home”." in text(planner, "")
    number = board(database).revision
    decide(planner, "/undo", {"edit": number, "next": f"{BOARD}#theme", "then": "1"})
    page = text(planner, "")
    assert "Undid: Accepted “internet; home”." in page
    assert "Do again" in page
    assert board(database).find(1).state == "new"  # type: ignore[union-attr]
    history = html.fromstring(planner.get(f"{BOARD}/history").text)
    buttons = [b for b in history.xpath("//button[@form='turn']") if b.get("formaction").endswith("/redo")]
    assert [button.get("value") for button in buttons] == [str(number)]
    decide(planner, "/redo", {"edit": number})
    assert "Did again: Accepted" in text(planner, "")
    assert board(database).find(1).state == "accepted"  # type: ignore[union-attr]
    decide(planner, "/1/park")
    reply = decide(planner, "/undo", {"edit": number})
    assert (reply.status_code, "Undo those first" in words(reply)) == (422, True)


def test_the_list_of_decisions_is_for_a_theme_or_a_person(planner: FlaskClient, database: Database) -> None:
    decide(planner, "/1/accept")
    decide(planner, "/2/park")
    decide(planner, "/1/accept")
    page = text(planner, "/history")
    assert page.count('form="turn"') == 2
    assert "Accepted" in text(planner, "/history?theme=1")
    assert "Parked" not in text(planner, "/history?theme=1").split("<tbody>")[1]
    assert "No decision fits" in text(planner, "/history?by=nobody@office.example")
    assert "came onto the board" in text(planner, "/history?by=planner")
    assert text(planner, "/history?page=x&theme=99999999999999999999").count("<tr") == 4


def test_filters_are_said_and_sizes_follow(planner: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Comment, "a1").language = "es"
        for id in ("a2", "n1", "n2"):
            session.get_one(Comment, id).language = "en"
    page = text(planner, "")
    assert 'name="language"' in page
    assert 'name="wave"' not in page, "there is no choice"
    assert "You see a part" not in page
    page = text(planner, "?language=es")
    assert "You see a part of the comments only: Language: Español." in page
    assert f'href="{BOARD}">Show all' in page
    assert names(planner, "?language=es") == [LABELS[1]]
    assert "Comment a1" in page
    assert "Comment n1" not in page, "quotes are of the part, too"
    assert "Move up" not in page
    for nonsense in ("audience=x", "audience=99999999999", "code=1.2", "code=x", "language=%00", "prompt=-3"):
        assert planner.get(f"{BOARD}?{nonsense}").status_code == 200, nonsense


def test_codes_are_a_filter_and_offices_are_named(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    wanted = [
        changes.axis(1, "Scope", [(1, "Our office"), (2, "The city")]),
        changes.code(1, 2, ["a1", "t4"], "The city"),
        changes.office(1, 7, "Library & Parks"),
    ]
    for change in wanted:
        with database.writing() as session:
            boards.decide(session, session.merge(study), change, 99, "planner@office.example")
    page = text(planner, "?code=1.2")
    assert "You see a part of the comments only: Code: Scope: The city." in page
    assert names(planner, "?code=1.2") == [LABELS[1], LABELS[2]]
    assert text(planner, "/comments?code=1.2").count('<li class="comment') == 2
    assert text(planner, "/comments?code=1.0").count('<li class="comment') == 12
    assert "office: Library & Parks" in card(planner, 1).text_content()


def test_a_card_is_light(planner: FlaskClient) -> None:
    page = planner.get(BOARD).text
    assert page.index("</article>") - page.index("<article") < 3000, "forty of these are 120 kB"


def test_a_theme_that_the_run_lost_says_so(planner: FlaskClient, database: Database, study: Study) -> None:
    decide(planner, "/2/accept")
    with database.writing() as session:
        add_run(session, session.merge(study), number=2)
        fresh = {number: f"Fresh {number}" for number in (51, 52, 53)}
        change = changes.apply(2, {1: 51, 2: 52, 3: 53}, fresh)
        boards.decide(session, session.merge(study), change, 99, "planner@office.example")
    assert "not found in run 2" in card(planner, 2).text_content()
    assert "not found" not in card(planner, 51).text_content()


def test_names_are_text_everywhere(planner: FlaskClient, cast: Cast, database: Database) -> None:
    hostile = "<script>alert('x')</script>{{ 7777*7777 }}"
    with database.writing() as session:
        session.get_one(Person, cast.planner.id).name = hostile
        session.get_one(Comment, "a1").text = hostile
    decide(planner, "/1/rename", {"name": hostile})
    decide(planner, "/1/rename", {"name": hostile, "was": hostile, "meant": "", "definition": hostile})
    decide(planner, "/1/accept")
    decide(planner, "/note", {"theme": "1", "text": hostile})
    decide(planner, "/note", {"comment": "a1", "text": hostile})
    decide(planner, "/2/nest", {"under": "1"})
    for path in (
        "",
        "/1",
        "/2",
        "/none",
        "/comments",
        "/comments/a1",
        "/history",
        "/1/rename",
        "/1/merge",
        "/1/merge?with=3",
    ):
        page = planner.get(BOARD + path).text
        assert "<script>alert" not in page, path
        assert hostile in text(planner, path), path
        assert "60481729" not in page, path


def test_facilitators_read_and_do_not_decide(
    client: FlaskClient, planner: FlaskClient, cast: Cast, database: Database
) -> None:
    decide(planner, "/1/accept")
    post(client, "/sign-out")
    login(client, cast.facilitator)
    for path in ("", "/1", "/none", "/comments", "/comments/a1", "/history", "/revision"):
        page = client.get(BOARD + path)
        assert page.status_code == 200, path
        assert 'method="post"' not in page.text.replace('id="keys"', ""), path
        assert "formaction" not in page.text, path
    before = audited(database)
    for path in (
        "/1/place",
        "/1/nest",
        "/1/park",
        "/note",
        "/unnote",
        "/comments/decide",
        "/comments/a1/themes",
        "/undo",
        "/redo",
    ):
        assert post(client, BOARD + path, {"revision": 9}).status_code == 403, path
    assert audited(database) == before


def test_people_of_other_studies_find_nothing(client: FlaskClient, planner: FlaskClient, cast: Cast) -> None:
    post(client, "/sign-out")
    login(client, cast.other_planner)
    for path in ("", "/1", "/comments", "/comments/a1", "/history", "/revision"):
        assert client.get(BOARD + path).status_code == 404, path
    for path in ("/1/place", "/1/nest", "/note", "/comments/decide", "/comments/a1/themes"):
        sent = {"revision": 1, "place": "up", "comment": "a1", "do": "pin", "text": "x"}
        assert post(client, BOARD + path, sent).status_code == 404, path


def test_reading_writes_nothing(planner: FlaskClient, database: Database) -> None:
    with Session(database.read) as session:
        before = session.query(Comment).count()
    decided = audited(database)
    for path in ("", "/1", "/comments", "/comments/a1", "/none", "/history", "/revision", "/1/merge?with=2"):
        planner.get(BOARD + path)
    assert audited(database) == decided
    with Session(database.read) as session:
        assert session.query(Comment).count() == before
