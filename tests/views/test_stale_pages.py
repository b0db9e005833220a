"""Two planners at once: both versions side by side, nothing typed is lost, others' decisions are told."""

from __future__ import annotations

from flask.testing import FlaskClient
from lxml import html

from survey import changes
from survey.board import Change
from survey.db import Database
from survey.models import Study
from survey.services import board as boards
from tests.boards import LABELS
from tests.fixtures import post
from tests.views.board_pages import BOARD, audited, board, decide, planner, text, words

__all__ = ["planner"]
ANA = "ana@office.example"


def ana_decides(database: Database, study: Study, change: Change) -> None:
    """The other planner decides, on the newest board."""
    revision = board(database).revision
    with database.writing() as session:
        boards.decide(session, session.merge(study), change, revision, ANA)


def kept_fields(page: str) -> list[tuple[str, str]]:
    """What the form of the page sends again."""
    form = html.fromstring(page).forms[0]
    ours = {"csrf_token", "end", "revision"}
    return [(name, value.removeprefix("\n")) for name, value in form.form_values() if name not in ours]


def test_what_was_typed_stands_beside_what_was_decided_and_can_be_done_all_the_same(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    typed = "Two lines\nabout <b>wires</b>"
    ana_decides(database, study, changes.describe(1, {"definition": "Ana's own words"}, "Ana's name"))
    sent = {"name": "My name", "was": LABELS[1], "meant": "", "definition": typed, "next": f"{BOARD}/1"}
    reply = decide(planner, "/1/rename", sent, seen=1)
    assert reply.status_code == 409
    page = html.fromstring(reply.text)
    mine, theirs = page.xpath("//section[contains(@class, 'panel')]")
    assert "My name" in mine.text_content()
    assert typed in mine.text_content()
    assert "Ana's own words" in theirs.text_content()
    assert ANA in theirs.text_content()
    assert "<b>wires" not in reply.text
    again = dict(kept_fields(reply.text))
    assert again == sent
    assert audited(database) == 1
    assert decide(planner, "/1/rename", again).status_code == 303
    theme = board(database).find(1)
    assert theme
    assert (theme.name, theme.entry["definition"]) == ("My name", typed)


def test_all_ticked_comments_are_kept(planner: FlaskClient, database: Database, study: Study) -> None:
    ana_decides(database, study, changes.move("a1", 1, 3))
    path = "/comments/decide?of=1&text=Comment"
    sent = {"do": "add", "comment": ["a1", "n1", "t1"], "to": "2", "name": "kept, too"}
    reply = decide(planner, path, sent, seen=1)
    assert reply.status_code == 409
    assert "3 comments are still chosen" in words(reply)
    form = html.fromstring(reply.text).forms[0]
    assert form.action == BOARD + path
    fields = kept_fields(reply.text)
    assert [value for name, value in fields if name == "comment"] == ["a1", "n1", "t1"]
    assert ("name", "kept, too") in fields
    held: dict[str, list[str]] = {}
    for name, value in fields:
        held.setdefault(name, []).append(value)
    assert decide(planner, path, held).status_code == 303
    assert board(database).moved == {"a1": {2, 3}, "n1": {1, 2}, "t1": {1, 2}}


def test_order_and_sub_themes_meet_the_decisions_of_others(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    ana_decides(database, study, changes.order(1, [3, 2, 1]))
    assert decide(planner, "/2/place", {"place": "2"}, seen=1).status_code == 409
    ana_decides(database, study, changes.nest(2, 3))
    assert decide(planner, "/2/nest", {"under": "1"}, seen=1).status_code == 409
    assert decide(planner, "/1/accept", seen=1).status_code == 303, "nobody decided about this one"


def test_notes_of_two_planners_are_two_notes(planner: FlaskClient, database: Database, study: Study) -> None:
    ana_decides(database, study, changes.note("Ana's note", theme=1))
    assert decide(planner, "/note", {"theme": "1", "text": "Mine"}, seen=1).status_code == 303
    assert [note.text for note in board(database).find(1).notes] == ["Ana's note", "Mine"]  # type: ignore[union-attr]


def test_what_cannot_be_done_any_more_says_so_and_shows_the_text(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    ana_decides(database, study, changes.merge(1, [2]))
    sent = {"name": "Too late", "was": LABELS[2], "meant": "", "definition": "A long thought"}
    reply = decide(planner, "/2/rename", sent, seen=1)
    assert reply.status_code == 409
    assert "Do it all the same" not in reply.text
    assert "cannot be done any more" in words(reply)
    assert "A long thought" in reply.text
    assert decide(planner, "/undo", {"edit": 2}, seen=1).status_code == 303


def test_undoing_what_others_built_on_shows_their_decisions(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    decide(planner, "/1/accept")
    ana_decides(database, study, changes.rename(1, "Ana's name"))
    reply = decide(planner, "/undo", {"edit": 2}, seen=2)
    assert reply.status_code == 409
    assert "Ana's name" in words(reply)


def test_pages_learn_that_others_decided(planner: FlaskClient, database: Database, study: Study) -> None:
    page = html.fromstring(planner.get(BOARD).text)
    ask = page.xpath("//@data-watch")[0]
    assert planner.get(ask).get_json() == {"revision": 1}
    ana_decides(database, study, changes.rename(1, "Ana's <b>name</b>"))
    told = planner.get(ask).get_json()
    assert told == {"revision": 2, "who": ANA, "told": f"Renamed “{LABELS[1]}” to “Ana's <b>name</b>”"}
    for path in ("/1", "/none", "/comments", "/comments/a1", "/history"):
        assert "revision?seen=2" in text(planner, path), path
    assert planner.get(f"{BOARD}/revision?seen=x").get_json()["revision"] == 2
    post(planner, "/sign-out")
    assert planner.get(ask).status_code == 302


def test_asking_by_itself_keeps_nobody_signed_in(planner: FlaskClient) -> None:
    assert "Set-Cookie" not in planner.get(f"{BOARD}/revision").headers
