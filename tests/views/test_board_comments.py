"""Comments on the board: search, filters, where each stands, and deciding about those that are ticked."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from survey.db import Database
from survey.models import Comment, Study
from tests.boards import COMMENTS, LABELS
from tests.views.board_pages import BOARD, audited, board, decide, planner, text, words

__all__ = ["planner"]
IN_ONE = "/comments/decide?of=1"
IN_ALL = "/comments/decide?of=all"
IN_NONE = "/comments/decide?of=none"


def themes_of(database: Database, *comments: str) -> list[set[int]]:
    """The themes that people gave to comments."""
    moved = board(database).moved
    return [set(moved[comment]) if comment in moved else {-1} for comment in comments]


@pytest.mark.parametrize(
    ("path", "sent", "after"),
    [
        (IN_ONE, {"do": "move", "comment": ["a1", "n1"], "to": "2"}, {"a1": {2}, "n1": {2}}),
        (IN_ONE, {"do": "move", "comment": ["a2"], "to": "3"}, {"a2": {2, 3}}),
        (IN_ONE, {"do": "add", "comment": ["a1", "n1"], "to": "3"}, {"a1": {1, 3}, "n1": {1, 3}}),
        (IN_ONE, {"do": "out", "comment": ["a2", "t1"]}, {"a2": {2}, "t1": set()}),
        (IN_ONE, {"do": "split", "comment": ["a1", "a2"], "name": "Fiber"}, {"a1": {4}, "a2": {2, 4}}),
        (IN_ONE, {"do": "new", "comment": ["a1"], "name": "Fiber"}, {"a1": {1, 4}}),
        (IN_ONE, {"do": "pin", "comment": ["a2", "n3"]}, {"a2": {1, 2}, "n3": {1, 2}}),
        (IN_ALL, {"do": "add", "comment": ["late", "x1"], "to": "1"}, {"late": {1}, "x1": {1}}),
        (IN_ALL, {"do": "only", "comment": ["n3", "a1"], "to": "3"}, {"n3": {3}, "a1": {3}}),
        (IN_ALL, {"do": "new", "comment": ["x1"], "name": "Fiber"}, {"x1": {4}}),
        (IN_NONE, {"do": "add", "comment": ["a4"], "to": "2"}, {"a4": {2}}),
    ],
)
def test_ticked_comments_go_where_the_form_says(
    planner: FlaskClient, database: Database, path: str, sent: dict[str, Any], after: dict[str, set[int]]
) -> None:
    reply = decide(planner, path, {**sent, "next": f"{BOARD}/comments#listed"})
    assert (reply.status_code, reply.location) == (303, f"{BOARD}/comments#listed")
    assert themes_of(database, *after) == list(after.values())
    assert audited(database) == 1
    number = board(database).revision
    assert 'data-do="undo"' in text(planner, "/comments")
    decide(planner, "/undo", {"edit": number})
    assert themes_of(database, *after) == [{-1}] * len(after)


def test_pinned_and_placed_comments_say_who_did_that(planner: FlaskClient, database: Database) -> None:
    decide(planner, IN_ONE, {"do": "pin", "comment": "a1"})
    decide(planner, IN_ONE, {"do": "add", "comment": "n1", "to": "2"})
    page = html.fromstring(planner.get(f"{BOARD}/1").text)
    assert "pinned by planner, " in page.get_element_by_id("comment-a1").text_content()
    assert "placed by planner, " in page.get_element_by_id("comment-n1").text_content()
    assert f"also in {LABELS[2]}" in page.get_element_by_id("comment-n1").text_content()
    assert "fit 0.90" in page.get_element_by_id("comment-t1").text_content()
    decide(planner, IN_ONE, {"do": "release", "comment": ["a1", "n1"]})
    assert (
        "by planner, " not in html.fromstring(planner.get(f"{BOARD}/1").text).xpath("//ol")[0].text_content()
    )


def test_off_topic_and_back(planner: FlaskClient, database: Database) -> None:
    decide(planner, IN_ONE, {"do": "off", "comment": ["a1", "n1"]})
    assert board(database).off_topic == {"a1", "n1"}
    assert text(planner, "/none").count("off the topic") >= 2
    assert "Put back on the topic" in text(planner, "/comments/a1")
    decide(planner, IN_NONE, {"do": "on", "comment": ["a1"]})
    assert board(database).off_topic == {"n1"}


def test_one_comment_has_a_page_of_its_own(planner: FlaskClient, database: Database) -> None:
    page = html.fromstring(planner.get(f"{BOARD}/comments/a2").text)
    ticked = page.xpath("//input[@name='theme'][@checked]/@value")
    assert ticked == ["1", "2"]
    decide(planner, "/comments/a2/themes", {"theme": ["3", "2"]})
    assert themes_of(database, "a2") == [{2, 3}]
    assert "Said in which themes a comment is" in text(planner, "/comments/a2")
    decide(planner, "/comments/a2/themes")
    assert themes_of(database, "a2") == [set()]
    assert "taken out by a person" in text(planner, "/comments/a2")
    for path in ("/comments/nothing", "/comments/%00", "/comments/" + "9" * 200):
        assert planner.get(BOARD + path).status_code == 404, path
        assert decide(planner, f"{path}/themes", {"theme": "1"}).status_code == 404, path
    assert decide(planner, "/comments/a1/themes", {"theme": "99"}).status_code == 404
    decide(planner, "/3/reject")
    assert decide(planner, "/comments/a1/themes", {"theme": "3"}).status_code == 422


def test_a_comment_of_another_study_is_not_found(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        other = session.query(Study).filter_by(slug="other").one()
        session.add(Comment(id="foreign", study_id=other.id, channel="import", text="Not yours"))
    assert planner.get(f"{BOARD}/comments/foreign").status_code == 404
    assert "Not yours" not in text(planner, "/comments")
    for sent in ({"do": "pin"}, {"do": "add", "to": "1"}, {"do": "off"}):
        assert decide(planner, IN_ALL, {**sent, "comment": ["a1", "foreign"]}).status_code == 404
    assert audited(database) == 0


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        (IN_ONE, {"do": "move", "to": "2"}, "Choose one or more comments first."),
        (IN_ONE, {"do": "move", "comment": ["a1"]}, "Choose the theme to put them into."),
        (IN_ONE, {"do": "move", "comment": ["a1"], "to": "1"}, "The comment is there already."),
        (IN_ONE, {"do": "move", "comment": ["a3"], "to": "2"}, "The comment is not in that theme any more."),
        (IN_ONE, {"do": "split", "comment": ["a1"], "name": "  "}, "A theme needs a name."),
        (IN_ONE, {"do": "split", "comment": ["a1"], "name": LABELS[2].upper()}, "Another theme is called"),
        (IN_ALL, {"do": "new", "comment": ["a1"], "name": "x" * 5000}, "The name has 5000 characters."),
        (IN_ALL, {"do": "nothing", "comment": ["a1"]}, "Choose what to do with the comments."),
        (IN_NONE, {"comment": ["x1"]}, "Choose what to do with the comments."),
    ],
)
def test_what_cannot_be_is_said_on_the_same_page_with_all_that_was_ticked(
    planner: FlaskClient, database: Database, path: str, sent: dict[str, Any], said: str
) -> None:
    reply = decide(planner, f"{path}&text=Comment", {"next": f"{BOARD}/1", **sent})
    assert reply.status_code == 422
    assert "<title>Error: " in reply.text
    assert said in words(reply)
    page = html.fromstring(reply.text)
    there = [box.get("value") for box in page.xpath("//input[@name='comment']")]
    wanted = [comment for comment in sent.get("comment", ()) if comment in there]
    assert sorted(page.xpath("//input[@name='comment'][@checked]/@value")) == sorted(wanted)
    assert page.get_element_by_id("new-name").value == sent.get("name", "")
    assert page.get_element_by_id("text").value == "Comment", "the filter stays"
    assert audited(database) == 0


def test_ten_thousand_comments_at_once_are_refused_with_a_sentence(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    ids = [f"m{number}" for number in range(10_000)]
    with database.writing() as session:
        rows = [{"id": id, "study_id": study.id, "channel": "import", "text": "More"} for id in ids]
        session.bulk_insert_mappings(Comment, rows)  # type: ignore[arg-type]
    reply = decide(planner, IN_ALL, {"do": "add", "to": "1", "comment": ids})
    assert reply.status_code == 422
    assert "10,000 comments. At most 2,000" in words(reply)
    reply = decide(planner, IN_ALL, {"do": "add", "to": "1", "comment": [id * 8 for id in ids]})
    assert reply.status_code == 413
    assert "Make it shorter" in words(reply)
    assert audited(database) == 0


def test_all_comments_can_be_searched_and_filtered(planner: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Comment, "n1").language = "es"
        session.get_one(Comment, "a1").language = "en"
    page = text(planner, "/comments")
    assert page.count('<li class="comment') == len(COMMENTS)
    assert f"{len(COMMENTS)} comments" in page
    assert text(planner, "/comments?text=n1").count('<li class="comment') == 1
    assert text(planner, "/comments?language=es").count('<li class="comment') == 1
    assert text(planner, "/comments?audience=0").count('<li class="comment') == 1
    page = text(planner, "/comments?text=nothing+like+it")
    assert "No comment fits" in page
    assert "with the words “nothing like it”" in page
    decide(planner, "/comments/decide?of=all&text=n1", {"do": "add", "comment": "n1", "to": "2"})
    assert themes_of(database, "n1") == [{1, 2}]


def test_long_lists_are_paged_and_decisions_come_back_to_their_page(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        session.add_all(
            Comment(id=f"more{n}", study_id=study.id, channel="import", text=f"Later {n}") for n in range(60)
        )
    page = html.fromstring(planner.get(f"{BOARD}/none?text=Later&page=2").text)
    assert len(page.xpath("//li[@class='comment placed']")) == 10
    form = next(form for form in page.forms if "decide" in (form.action or ""))
    assert form.action == f"{BOARD}/comments/decide?of=none&page=2&text=Later"
    assert form.fields["next"] == f"{BOARD}/none?page=2&text=Later#listed"


def test_the_list_has_buttons_to_undo_and_knows_its_actions(planner: FlaskClient) -> None:
    of_theme = html.fromstring(planner.get(f"{BOARD}/1").text).xpath("//select[@name='do']/option/@value")
    assert of_theme == ["move", "add", "out", "split", "new", "pin", "release", "off", "on"]
    of_all = html.fromstring(planner.get(f"{BOARD}/comments").text).xpath(
        "//select[@name='do']/option/@value"
    )
    assert of_all == ["add", "only", "new", "pin", "release", "off", "on"]
    for action in ("move", "out", "split"):
        reply = decide(planner, IN_ALL, {"do": action, "comment": "a1", "to": "2", "name": "x"})
        assert reply.status_code in (303, 404, 422), action
