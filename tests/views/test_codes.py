"""The second way of coding: its codes, the comments that get them, the cross table."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from survey import changes
from survey.db import Database
from survey.models import Study
from survey.services import board as boards
from survey.services import codes, studies
from survey.services.comments import NONE, Filter
from tests.boards import add_comments, add_run, board_of, decide
from tests.fixtures import login, post
from tests.people import Cast

URL = "/studies/it-plan/codes"
SCOPE = {"name": "Scope", "lines": "Our office\nThe city\n\n Departments "}


@pytest.fixture
def planner(client: FlaskClient, database: Database, cast: Cast, study: Study) -> FlaskClient:
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
    return login(client, cast.planner)


def send(client: FlaskClient, url: str, form: dict[str, Any]) -> TestResponse:
    """A form of a page that is up to date."""
    return post(client, url, {"revision": "99", **form})


def rows(page: str) -> dict[str, list[int]]:
    """The cross table: first the numbers of a cell, the percentage left out."""
    tree = html.fromstring(page)
    found = {}
    for row in tree.xpath("//table[contains(@class, 'cross')]//tr[th[@scope='row']]"):
        numbers = [int(re.findall(r"\d+", cell.text_content())[0]) for cell in row.xpath("td")]
        found[row.xpath("string(th)").strip()] = numbers
    return found


def axes_of(database: Database, study: Study) -> list[tuple[str, list[str]]]:
    with database.reading() as session:
        board = board_of(session, studies.by_slug(session, study.slug))
        return [(axis.name, list(axis.codes.values())) for axis in board.axes]


def test_codes_are_defined_given_and_counted_across_themes(planner: FlaskClient) -> None:
    assert "There are no codes yet" in planner.get(URL).text
    assert send(planner, f"{URL}/new", SCOPE).status_code == 303
    ours = {"comment": ["a1", "a2", "n4"], "code": "1"}
    assert send(planner, f"{URL}/1/comments", ours).status_code == 303
    assert send(planner, f"{URL}/1/comments", {"comment": ["t1", "t2"], "code": "2"}).status_code == 303
    # Theme 1 holds a1, a2 and t1; theme 2 a2; theme 3 t2; n4 is in none.
    assert rows(planner.get(URL).text) == {
        "internet; home": [2, 1, 0, 3, 6],
        "phone; services": [1, 0, 0, 1, 4],
        "pole permits": [0, 1, 0, 1, 2],
        "In no theme": [1, 0, 0, 1, 4],
        "All coded comments, each once": [3, 2, 0, 5, 14],
    }


def test_a_code_is_changed_taken_away_and_brought_back_by_undo(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    send(planner, f"{URL}/new", SCOPE)
    send(planner, f"{URL}/1/comments", {"comment": ["a1"], "code": "1"})
    send(planner, f"{URL}/1/comments", {"comment": ["a2"], "code": "2"})
    changed = {"name": "Reach", "code-1": "", "code-2": "City", "code-3": "Departments", "lines": "Region"}
    assert send(planner, f"{URL}/1", changed).status_code == 303
    assert axes_of(database, study) == [("Reach", ["City", "Departments", "Region"])]
    assert rows(planner.get(URL).text)["All coded comments, each once"][-2] == 1
    with database.writing() as session:
        there = studies.by_slug(session, study.slug)
        decide(session, there, changes.undo(board_of(session, there).revision))
    assert axes_of(database, study) == [("Scope", ["Our office", "The city", "Departments"])]
    assert rows(planner.get(URL).text)["All coded comments, each once"][-2] == 2


def test_a_code_that_was_taken_away_never_comes_back_as_another(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    send(planner, f"{URL}/new", SCOPE)
    send(planner, f"{URL}/1/comments", {"comment": ["a1"], "code": "3"})
    send(planner, f"{URL}/1", {"name": "Scope", "code-1": "Our office", "code-2": "The city", "lines": ""})
    send(planner, f"{URL}/1", {"name": "Scope", "code-1": "Our office", "code-2": "The city", "lines": "New"})
    with database.reading() as session:
        (axis,) = board_of(session, studies.by_slug(session, study.slug)).axes
    assert dict(axis.codes) == {1: "Our office", 2: "The city", 4: "New"}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "lines": "a\nb"}, "Give the codes a name together"),
        ({"name": "Scope", "lines": " \n"}, "write one code on each line"),
        ({"name": "Scope", "lines": "a\nA"}, "is there twice"),
        ({"name": "Scope", "lines": "x" * 5_000}, "is too long"),
        ({"name": "Scope", "lines": "\n".join(map(str, range(21)))}, "at most 20 codes"),
    ],
)
def test_codes_that_make_no_sense_are_refused_and_what_was_typed_stays(
    planner: FlaskClient, database: Database, study: Study, form: dict[str, str], words: str
) -> None:
    reply = send(planner, f"{URL}/new", form)
    assert reply.status_code == 422
    assert words in reply.text
    assert (
        html.fromstring(reply.text).xpath("string(//textarea[@id='lines'])").strip() == form["lines"].strip()
    )
    assert axes_of(database, study) == []


def test_the_list_shows_what_is_left_and_markup_is_text(planner: FlaskClient) -> None:
    send(planner, f"{URL}/new", {"name": "<b>Scope</b>", "lines": "<script>x</script>\nCity"})
    page = planner.get(f"{URL}/1/comments").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    listed = html.fromstring(page).xpath("//input[@name='comment']/@value")
    assert len(listed) == 14
    send(planner, f"{URL}/1/comments", {"comment": listed[:4], "code": "2"})
    assert (
        html.fromstring(planner.get(f"{URL}/1/comments").text).xpath("//input[@name='comment']/@value")
        == listed[4:]
    )
    with_code = planner.get(f"{URL}/1/comments?code=2").text
    assert sorted(html.fromstring(with_code).xpath("//input[@name='comment']/@value")) == sorted(listed[:4])
    assert send(planner, f"{URL}/1/comments", {"comment": listed[:1], "code": ""}).status_code == 303
    assert len(html.fromstring(planner.get(f"{URL}/1/comments").text).xpath("//input[@name='comment']")) == 11


def test_unknown_codes_axes_and_comments_are_not_found(planner: FlaskClient) -> None:
    send(planner, f"{URL}/new", SCOPE)
    assert planner.get(f"{URL}/2").status_code == 404
    assert planner.get(f"{URL}/2/comments").status_code == 404
    assert send(planner, f"{URL}/1/comments", {"comment": ["a1"], "code": "9"}).status_code == 404
    assert send(planner, f"{URL}/1/comments", {"comment": ["nobody"], "code": "1"}).status_code == 404


def test_nothing_ticked_says_what_to_do(planner: FlaskClient) -> None:
    send(planner, f"{URL}/new", SCOPE)
    reply = send(planner, f"{URL}/1/comments?theme=1", {"code": "1"})
    assert reply.status_code == 422
    assert "Tick one or more comments first" in reply.text
    assert "Comment a1" in reply.text
    assert "Comment t2" not in reply.text, "the list is the one that was open"


def test_facilitators_read_and_do_not_code(client: FlaskClient, planner: FlaskClient, cast: Cast) -> None:
    send(planner, f"{URL}/new", SCOPE)
    login(client, cast.facilitator)
    assert client.get(URL).status_code == 200
    assert client.get(f"{URL}/1/comments").status_code == 200
    assert client.get(f"{URL}/new").status_code == 403
    assert send(client, f"{URL}/1/comments", {"comment": ["a1"], "code": "1"}).status_code == 403


def test_the_board_can_be_filtered_by_code(planner: FlaskClient, database: Database, study: Study) -> None:
    send(planner, f"{URL}/new", SCOPE)
    send(planner, f"{URL}/1/comments", {"comment": ["a1", "a2", "n4"], "code": "1"})
    with database.reading() as session:
        there = studies.by_slug(session, study.slug)
        coded = boards.load(session, there, Filter(axis=1, code=1))
        rest = boards.load(session, there, Filter(axis=1, code=NONE))
        whole = board_of(session, there)
    assert coded is not None
    assert rest is not None
    assert [(t.name, t.size) for t in coded.themes if t.size] == [
        ("internet; home", 2),
        ("phone; services", 1),
    ]
    assert (coded.comments, coded.unplaced) == (3, 1)
    for theme in whole.themes:
        parts = (board.find(theme.id) for board in (coded, rest))
        assert theme.size == sum(part.size for part in parts if part)
    assert codes.find(whole, 1).name == "Scope"
