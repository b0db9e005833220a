"""Comparing: from the button to the table of what became of each theme, confirmed by people."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import delete, func, select, update
from werkzeug.test import TestResponse

from survey import changes
from survey.board import Board, Change
from survey.db import Database
from survey.jobs import table, worker
from survey.models import AuditRow, Edit, Job, Membership, Person, Study
from survey.services import studies
from survey.views.review.compare_words import STAGES
from tests.boards import add_comments, add_run, decide
from tests.earlier_study import add_earlier
from tests.fixtures import login, post
from tests.people import Cast

PAGE = "/studies/it-plan/compare"


@pytest.fixture
def filled(database: Database, study: Study, cast: Cast) -> Study:
    """The study with its board, and the study "it-2019" that only the planner works on, with another."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, session.merge(study))
        add_earlier(session, session.get_one(Person, cast.planner.id))
    return study


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, filled: Study) -> FlaskClient:
    return login(client, cast.planner)


def address(old: str, new: str = "board") -> str:
    return f"{PAGE}?old={quote(old)}&new={quote(new)}"


def compared(planner: FlaskClient, database: Database, old: str = "run:1", new: str = "board") -> str:
    """Ask for a comparison, let a worker make it; the page of it."""
    reply = post(planner, PAGE, {"old": old, "new": new})
    assert (reply.status_code, reply.location) == (303, address(old, new).replace("%3A", ":"))
    worker.drain(database)
    page = planner.get(reply.location)
    assert page.status_code == 200, page.text
    return str(page.text)


def confirm(
    planner: FlaskClient, change: str, before: list[int], after: list[int], old: str = "run:1", **more: object
) -> TestResponse:
    page = planner.get(address(old)).text
    seen = re.search(r'name="revision" value="(\d+)"', page)
    data = {"old": old, "change": change, "before": before, "after": after, "next": f"{PAGE}?old={old}"}
    return post(planner, f"{PAGE}/confirm", {**data, "revision": seen[1] if seen else "1", **more})


def on_board(database: Database, *wanted: Change) -> Board:
    with database.writing() as session:
        return decide(session, studies.by_slug(session, "it-plan"), *wanted)


def count(database: Database, model: type, *conditions: object) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


def confirmed(database: Database) -> set[tuple[str, str, tuple[str, ...], tuple[int, ...]]]:
    return {(c.against, c.change, c.old, c.new) for c in on_board(database).confirmed}


def test_from_the_button_to_the_table(planner: FlaskClient, database: Database) -> None:
    assert "Run 1" in planner.get(PAGE).text
    reply = post(planner, PAGE, {"old": "run:1", "new": "board"})
    waiting = planner.get(reply.location).text
    assert "Waiting for its turn" in waiting
    assert '<meta http-equiv="refresh"' in waiting
    assert count(database, AuditRow, AuditRow.action == "comparisons.start") == 1
    worker.drain(database)
    page = html.fromstring(planner.get(reply.location).text)
    assert "0 of 3 confirmed" in page.text_content()
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//table/tbody/tr")]
    assert rows[0] == "1 internet; home · 6 (46%) continued 1 internet; home · 6 (46%) not yet"
    assert len(rows) == 3
    assert "6 comments are in both: 100% of the earlier side" in page.text_content()
    assert "Words in common: internet, home" in page.text_content()
    assert "Comment a1 of <b>Academia</b>" in page.text_content(), "people's words, as they typed them"
    assert "3 of 3 groups" in page.text_content()
    assert len(page.xpath("//svg[@class='flow']//path")) == 5, (
        "three that go on, two with comments in both themes"
    )


def test_an_earlier_study_is_chosen_and_compared_by_words(planner: FlaskClient, database: Database) -> None:
    assert post(planner, f"{PAGE}/earlier", {"earlier": "it-2019"}).status_code == 303
    assert count(database, AuditRow, AuditRow.action == "studies.earlier") == 1
    choose = planner.get(PAGE).text
    assert "IT Plan 2019 &lt;i&gt;" in choose
    assert "IT Plan 2019 <i>" not in choose
    page = compared(planner, database, "study:it-2019")
    assert "Compared by the words" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "Said &lt;b&gt;old10&lt;/b&gt;" in page, "quotes of the earlier study, escaped"
    rows = [
        " ".join(row.text_content().split())
        for row in html.fromstring(page).xpath("//table/tbody/tr[contains(., 'internet; home')]")
    ]
    assert rows == ["2 internet; home · 3 (33%) continued 2 internet; home · 6 (46%) not yet"]
    post(planner, f"{PAGE}/earlier", {"earlier": ""})
    with database.reading() as session:
        assert studies.by_slug(session, "it-plan").earlier_id is None


def test_confirming_as_suggested_once_and_undoing_it(planner: FlaskClient, database: Database) -> None:
    compared(planner, database)
    before = count(database, AuditRow)
    assert confirm(planner, "continued", [1], [1]).status_code == 303
    assert count(database, AuditRow) == before + 1
    page = planner.get(address("run:1")).text
    assert "1 of 3 confirmed" in page
    assert "planner, " in page, "who confirmed"
    assert "Themes were decided about since" not in page, "confirming does not age the comparison"
    assert confirmed(database) == {("run:1", "continued", ("internet; home",), (1,))}
    confirm(planner, "continued", [1], [1])
    assert count(database, Edit, Edit.kind == "confirm") == 1, "a double click"
    undo = {"edit": "2", "revision": "2", "next": PAGE}
    assert post(planner, "/studies/it-plan/themes/undo", undo).status_code == 303
    assert "0 of 3 confirmed" in planner.get(address("run:1")).text
    assert confirmed(database) == set()


def test_saying_otherwise_keeps_what_was_ticked(planner: FlaskClient, database: Database) -> None:
    compared(planner, database)
    assert planner.get(f"{PAGE}/other").location == PAGE
    assert planner.get(f"{PAGE}/other?old=run:1&place=3").status_code == 404
    form = html.fromstring(planner.get(f"{PAGE}/other?old=run:1&place=1").text)
    assert form.xpath("//select[@name='change']/option[@selected]/@value") == ["continued"]
    assert form.xpath("//input[@name='before'][@checked]/@value") == ["2"]
    reply = confirm(planner, "merged", [2], [1])
    assert reply.status_code == 422
    assert "tick two or more earlier themes" in reply.text
    ticked = html.fromstring(reply.text)
    assert ticked.xpath("//select[@name='change']/option[@selected]/@value") == ["merged"]
    assert ticked.xpath("//input[@name='after'][@checked]/@value") == ["1"]
    assert confirm(planner, "merged", [2, 1], [1]).status_code == 303
    assert confirmed(database) == {("run:1", "merged", ("internet; home", "phone; services"), (1,))}
    page = " ".join(html.fromstring(planner.get(address("run:1")).text).text_content().split())
    assert "1 of 3 confirmed" in page, "nobody said yet what became of the theme 2 of now"
    assert "“internet; home” and “phone; services” became one theme: “internet; home”." in page


def test_what_can_be_confirmed(planner: FlaskClient, database: Database) -> None:
    compared(planner, database)
    for change, before, after, status in (
        ("continued", [1, 2], [1], 422),
        ("renamed", [1], [], 422),
        ("split", [1], [1], 422),
        ("dropped", [1], [1], 422),
        ("dropped", [], [], 422),
        ("new", [1], [1], 422),
        ("open", [1], [1], 404),
        ("", [1], [1], 404),
        ("continued", [9], [1], 404),
        ("continued", [1], [2**70], 404),
    ):
        assert confirm(planner, change, before, after).status_code == status, (change, before, after)
    assert confirmed(database) == set()
    assert confirm(planner, "split", [1], [1, 2]).status_code == 303
    assert confirm(planner, "new", [], [3]).status_code == 303
    assert confirm(planner, "dropped", [3], []).status_code == 303
    assert {c[1:] for c in confirmed(database)} == {
        ("split", ("internet; home",), (1, 2)),
        ("new", (), (3,)),
        ("dropped", ("pole permits",), ()),
    }
    assert "2 of 3 confirmed" in planner.get(address("run:1")).text


def test_taking_back(planner: FlaskClient, database: Database) -> None:
    compared(planner, database)
    confirm(planner, "continued", [1], [1])
    back = {"edit": "2", "revision": "2", "next": PAGE}
    assert post(planner, f"{PAGE}/take-back", back).status_code == 303
    assert confirmed(database) == set()
    before = count(database, Edit)
    assert post(planner, f"{PAGE}/take-back", back).status_code == 303
    assert count(database, Edit) == before
    assert "taken back already" in planner.get(PAGE).text


def test_a_theme_that_is_gone_since(planner: FlaskClient, database: Database) -> None:
    compared(planner, database)
    confirm(planner, "continued", [2], [2])
    on_board(database, changes.merge(1, [2]), changes.reject(3))
    text = planner.get(address("run:1")).text
    assert "“phone; services” was merged into “internet; home” since" in text
    assert "“pole permits” was rejected since" in text
    assert "Themes were decided about since this was compared" in text
    page = html.fromstring(text)
    buttons = page.xpath("//form[contains(@action, '/compare/confirm')]")
    assert [form.fields["after"] for form in buttons] == ["1"], "only what is still there can be confirmed"
    assert "1 of 3 confirmed" in text, "what was said stays"
    assert confirm(planner, "renamed", [2], [2]).status_code == 409
    again = compared(planner, database)
    assert "Themes were decided about since" not in again
    assert "became one theme: “internet; home”" in " ".join(again.split())


def test_only_decisions_about_themes_age_a_comparison(planner: FlaskClient, database: Database) -> None:
    compared(planner, database)
    compared(planner, database, "study:it-2019")
    stale = "Themes were decided about since"
    on_board(database, changes.accept(1), changes.note("Ask them", theme=1), changes.order(1, [2, 1, 3]))
    on_board(database, changes.undo(3), changes.confirm("run:1", "continued", ["internet; home"], [1]))
    assert stale not in planner.get(address("run:1")).text
    on_board(database, changes.pin("a1"))
    assert stale in planner.get(address("run:1")).text
    compared(planner, database, "study:it-2019")
    with database.writing() as session:
        decide(session, studies.by_slug(session, "it-2019"), changes.rename(1, "Net"))
    assert stale in planner.get(address("study:it-2019")).text, "on the earlier side, too"


def test_two_planners_who_confirm_the_same_theme(planner: FlaskClient, database: Database) -> None:
    compared(planner, database)
    on_board(database, changes.confirm("run:1", "dropped", ["internet; home"], []))
    reply = confirm(planner, "continued", [1], [1], revision="1")
    assert reply.status_code == 409
    assert "Confirmed as dropped: “internet; home”" in reply.text
    assert {c[1] for c in confirmed(database)} == {"dropped"}
    assert confirm(planner, "renamed", [2], [2], revision="1").status_code == 303, "another theme is free"


def test_what_was_confirmed_of_a_theme_that_is_called_otherwise_now(
    planner: FlaskClient, database: Database
) -> None:
    compared(planner, database, "study:it-2019")
    confirm(planner, "dropped", [3], [], "study:it-2019")
    with database.writing() as session:
        decide(session, studies.by_slug(session, "it-2019"), changes.rename(3, "Trees"))
    text = compared(planner, database, "study:it-2019")
    assert "Confirmed before" in text
    assert "0 of 4 confirmed" in text
    form = html.fromstring(text).xpath("//form[contains(@action, '/take-back')]")[0]
    assert post(planner, form.action, dict(form.fields)).status_code == 303
    assert confirmed(database) == set()


def test_two_runs_are_only_looked_at(planner: FlaskClient, database: Database, filled: Study) -> None:
    with database.writing() as session:
        add_run(session, filled, 2)
    page = compared(planner, database, "run:1", "run:2")
    assert "Two runs are only looked at" in page
    assert "/compare/confirm" not in page
    assert "confirmed" not in html.fromstring(page).xpath("string(//table)").lower()
    assert planner.get(f"{PAGE}/other?old=run:1&new=run:2&place=0").status_code == 404
    assert "Run 1 with run 2" in planner.get(PAGE).text


def test_facilitators_read_and_planners_decide(
    planner: FlaskClient, app: Flask, cast: Cast, database: Database
) -> None:
    compared(planner, database)
    compared(planner, database, "study:it-2019")
    post(planner, f"{PAGE}/earlier", {"earlier": "it-2019"})
    facilitator = login(app.test_client(), cast.facilitator)
    page = facilitator.get(address("run:1"))
    assert page.status_code == 200
    assert "<form" not in page.text.split("<main")[1]
    assert "See the comparison" in facilitator.get(PAGE).text
    for path in ("", "/earlier", "/confirm", "/take-back", "/1/cancel"):
        assert post(facilitator, PAGE + path, {"old": "run:1"}).status_code == 403, path
    assert facilitator.get(f"{PAGE}/other?old=run:1&place=0").status_code == 403
    choose = facilitator.get(PAGE).text
    assert "you do not work on it" in choose
    assert "2019" not in choose
    assert facilitator.get(address("study:it-2019")).status_code == 404, "a study of others"


def test_strangers_find_nothing(planner: FlaskClient, app: Flask, cast: Cast, database: Database) -> None:
    compared(planner, database)
    other = login(app.test_client(), cast.other_planner)
    assert [other.get(url).status_code for url in (PAGE, address("run:1"))] == [404, 404]
    for path in ("", "/earlier", "/confirm", "/take-back", "/1/cancel"):
        assert post(other, PAGE + path, {"old": "run:1", "edit": "1"}).status_code == 404, path
    assert post(other, "/studies/other/compare", {"old": "study:it-plan", "new": "board"}).status_code == 404


def test_what_is_not_there(planner: FlaskClient, database: Database) -> None:
    keys = ["run:2", "run:0", "run:01", "run:", "run:-1", "run:9999999999", "run:１", "study:", "study:other"]
    for key in [*keys, "study:no", "study:it-plan\0", "study:IT", "board ", "x", ""]:
        assert planner.get(address(key)).status_code == 404, key
        assert planner.get(address("run:1", key)).status_code == 404, key
        assert post(planner, PAGE, {"old": key, "new": "board"}).status_code == 404, key
    assert confirm(planner, "continued", [1], [1], "study:other").status_code == 404
    assert count(database, Job) == 0


def test_the_same_twice_is_refused_and_a_second_press_starts_nothing(
    planner: FlaskClient, database: Database
) -> None:
    for old, new in (("board", "board"), ("run:1", "run:1"), ("study:it-plan", "board")):
        assert post(planner, PAGE, {"old": old, "new": new}).status_code == 303
        assert "same twice" in planner.get(PAGE).text
    assert count(database, Job) == 0
    post(planner, PAGE, {"old": "run:1", "new": "board"})
    post(planner, PAGE, {"old": "run:1", "new": "board"})
    assert count(database, Job) == 1
    assert post(planner, f"{PAGE}/earlier", {"earlier": "it-plan"}).status_code == 303
    assert "cannot be its own earlier one" in planner.get(PAGE).text
    assert post(planner, f"{PAGE}/earlier", {"earlier": "other"}).status_code == 404


def test_an_earlier_study_that_is_deleted(planner: FlaskClient, database: Database) -> None:
    post(planner, f"{PAGE}/earlier", {"earlier": "it-2019"})
    compared(planner, database, "study:it-2019")
    assert confirm(planner, "continued", [1], [1], "study:it-2019").status_code == 303
    post(planner, PAGE, {"old": "study:it-2019", "new": "board"})
    with database.writing() as session:
        gone = studies.by_slug(session, "it-2019").id
        session.execute(delete(Edit).where(Edit.study_id == gone))
        session.execute(delete(Study).where(Study.id == gone))
    worker.drain(database)
    with database.reading() as session:
        last = session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert last is not None
        assert (last.state, last.attempts) == ("failed", 1)
        assert "not there any more" in last.message
    assert planner.get(address("study:it-2019")).status_code == 404
    choose = planner.get(PAGE).text
    assert "1 more answer was confirmed against a study that is gone" in choose
    assert planner.get("/studies/it-plan/themes/history").status_code == 200


def test_a_study_without_themes_says_what_to_do(client: FlaskClient, cast: Cast, study: Study) -> None:
    page = login(client, cast.planner).get(PAGE).text
    assert "This study has no themes yet" in page
    assert "/studies/it-plan/themes" in page
    assert "<form" not in page.split("<main")[1]


def test_an_earlier_study_without_themes(planner: FlaskClient, database: Database, cast: Cast) -> None:
    with database.writing() as session:
        empty = studies.add(session, "it-2015", "IT Plan 2015", by="tests")
        session.add(Membership(person_id=cast.planner.id, study_id=empty.id))
    post(planner, f"{PAGE}/earlier", {"earlier": "it-2015"})
    assert "It has no themes yet" in planner.get(PAGE).text
    post(planner, PAGE, {"old": "study:it-2015", "new": "board"})
    assert "no themes to compare with yet" in planner.get(PAGE).text
    assert count(database, Job) == 0


def test_stopping_and_failing(planner: FlaskClient, database: Database) -> None:
    assert "Nobody has compared" in planner.get(address("run:1")).text
    reply = post(planner, PAGE, {"old": "run:1", "new": "board"})
    form = html.fromstring(planner.get(reply.location).text).xpath("//form[contains(@action, '/cancel')]")[0]
    assert post(planner, form.action).status_code == 303
    assert "Nothing was stored" in planner.get(PAGE).text
    post(planner, form.action)
    assert "had ended already" in planner.get(PAGE).text
    worker.drain(database)
    assert "Nobody has compared" in planner.get(address("run:1")).text
    post(planner, PAGE, {"old": "run:1", "new": "board"})
    with database.writing() as session:
        session.execute(update(Job).where(Job.state == "waiting").values(state="failed", message="It broke"))
    page = planner.get(address("run:1")).text
    assert "It broke" in page
    assert "Try again" in page


def test_every_stage_a_worker_tells_can_be_translated(planner: FlaskClient, database: Database) -> None:
    post(planner, PAGE, {"old": "run:1", "new": "board"})
    told: list[str] = []
    held = table.claim(database, "worker")
    assert held is not None
    worker.run(database, held, report=lambda share, message: told.append(message))
    with planner.application.test_request_context():
        assert set(told) <= {str(stage) for stage in STAGES}
    assert told
