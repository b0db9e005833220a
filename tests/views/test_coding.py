"""Coding a sample in a browser: page by page, errors kept, and blind until both have finished."""

# ruff: noqa: F811 (fixtures are named as arguments)
from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from survey.db import Database
from survey.models import AuditRow, Comment, Job, Membership
from survey.services.codings import Given
from tests.boards import COMMENTS
from tests.fixtures import login, post
from tests.people import Cast
from tests.samples import (  # noqa: F401 (fixtures)
    NONE,
    code,
    code_and_compare,
    draw,
    drawn,
    finish,
    get,
    positions,
    study_of,
    themes,
)
from tests.views.sample_pages import (  # noqa: F401 (fixtures)
    CODE,
    SAMPLES,
    SECRET,
    audit_rows,
    codes,
    facilitator,
    planner,
    stored,
    text_of,
)


def test_from_the_first_comment_to_the_end(
    planner: FlaskClient, database: Database, cast: Cast, drawn: list[int]
) -> None:
    assert planner.get(CODE).location == f"{CODE}/1"
    for position in range(1, len(COMMENTS) + 1):
        page = planner.get(f"{CODE}/{position}")
        assert f"Comment {position} of 14" in text_of(page)
        assert page.text.count("<h1") == 1
        before = audit_rows(database)
        reply = post(planner, f"{CODE}/{position}", codes(position, drawn[position % 3]))
        following = f"{CODE}/{position + 1}" if position < 14 else f"{CODE}/check"
        assert (reply.status_code, reply.location) == (303, following)
        assert audit_rows(database) == before + 1
    assert planner.get(CODE).location == f"{CODE}/check"
    assert "All comments are coded" in text_of(planner.get(f"{CODE}/check"))
    reply = post(planner, f"{CODE}/finish")
    assert reply.location == f"{SAMPLES}/1"
    assert "You have finished" in text_of(planner.get(f"{SAMPLES}/1"))
    assert planner.get(f"{CODE}/3").location == f"{CODE}/check"
    assert post(planner, f"{CODE}/3", codes(3)).status_code == 422
    assert stored(database)[1, 3][0] == [drawn[0]]


def test_a_coder_goes_on_where_they_stopped_and_changes_what_they_said(
    planner: FlaskClient, database: Database, drawn: list[int]
) -> None:
    one, two, _three = drawn
    sent = codes(1, one, two, main=two, unsure="1", note="Both,\r\nbut <b>phones</b> more")
    post(planner, f"{CODE}/1", sent)
    assert stored(database) == {(1, 1): ([two, one], True, "Both,\nbut <b>phones</b> more")}
    assert planner.get(CODE).location == f"{CODE}/2"
    page = planner.get(f"{CODE}/1").text
    for theme in (one, two):
        assert re.search(rf'name="themes-1" value="{theme}" checked', page)
    assert f'<option value="{two}" selected>' in page
    assert "but &lt;b&gt;phones&lt;/b&gt; more" in page
    post(planner, f"{CODE}/1", codes(1))
    assert stored(database) == {(1, 1): ([], False, "")}


def test_back_and_skip(planner: FlaskClient, database: Database, drawn: list[int]) -> None:
    assert f'href="{CODE}/3"' in planner.get(f"{CODE}/2").text
    reply = post(planner, f"{CODE}/2", {"position": 2, "go": "back"})
    assert (reply.location, stored(database)) == (f"{CODE}/1", {})
    reply = post(planner, f"{CODE}/2", codes(2, drawn[0]) | {"go": "back"})
    assert (reply.location, list(stored(database))) == (f"{CODE}/1", [(1, 2)])
    assert post(planner, f"{CODE}/1", {"position": 1, "go": "back"}).location == f"{CODE}/1"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Tick at least one theme"),
        ({"themes-3": "999"}, "not in this sample"),
        ({"themes-3": "9" * 5000}, "Tick at least one theme"),
        ({"themes-3": "x"}, "Tick at least one theme"),
        ({"themes-3": "1", "none-3": "1"}, "Keep one or the other"),
        ({"themes-3": "1", "main-3": "2"}, "main theme is not ticked"),
        ({"none-3": "1", "note-3": "x" * 5000}, "5000 characters. Use 2000 or fewer"),
        ({"none-3": "1", "note-3": "a\0b"}, "cannot be stored"),
    ],
)
def test_errors_say_what_to_do_and_keep_what_was_typed(
    planner: FlaskClient, database: Database, drawn: list[int], sent: dict[str, str], words: str
) -> None:
    small = {"1": str(drawn[0]), "2": str(drawn[1])}
    real = {name: small.get(value, value) if "note" not in name else value for name, value in sent.items()}
    if "none-3" in sent:
        real["none-3"] = "1"
    reply = post(planner, f"{CODE}/3", {"position": 3, "go": "on", "unsure-3": "1", **real})
    assert reply.status_code == 422
    assert words in text_of(reply)
    assert "<title>Error: " in reply.text
    assert 'href="#codes-3"' in reply.text
    assert re.search(r'name="unsure-3" value="1" checked', reply.text)
    if "note-3" in sent:
        assert sent["note-3"].replace("\0", "�") in reply.text.replace("\0", "�")
    assert stored(database) == {}


def test_five_on_a_page(planner: FlaskClient, database: Database, cast: Cast, drawn: list[int]) -> None:
    draw(database, cast, size=14, per_page=5)
    page = planner.get(f"{SAMPLES}/2/code/8").text
    assert re.findall(r'name="position" value="(\d+)"', page) == ["6", "7", "8", "9", "10"]
    sent: dict[str, object] = {"go": "on", "position": [6, 7, 8, 9, 10]}
    for position in (6, 7, 8, 9):
        sent[f"themes-{position}"] = [drawn[0]]
    reply = post(planner, f"{SAMPLES}/2/code/6", sent)
    assert reply.status_code == 422
    assert "Comment 10: Tick at least one theme" in re.sub(r"\s+:", ":", text_of(reply))
    assert reply.text.count(f'value="{drawn[0]}" checked') == 4
    assert stored(database) == {}, "all of a page or nothing"
    reply = post(planner, f"{SAMPLES}/2/code/6", sent | {"none-10": "1"})
    assert reply.location == f"{SAMPLES}/2/code/11"
    assert len(stored(database)) == 5
    reply = post(planner, f"{SAMPLES}/2/code/11", {"position": [11], "none-11": "1", "go": "back"})
    assert reply.location == f"{SAMPLES}/2/code/6"


def test_context_is_hidden_where_the_planner_said_so(
    planner: FlaskClient, database: Database, cast: Cast, drawn: list[int]
) -> None:
    position = positions(database)["n1"]
    page = text_of(planner.get(f"{CODE}/{position}"))
    assert "What should we improve?" in page or "What works well?" in page
    assert "Nonprofits ·" in page
    draw(database, cast, size=14, hide_context=True)
    page = text_of(planner.get(f"{SAMPLES}/2/code/{positions(database, 2)['n1']}"))
    assert "Comment n1" in page
    assert "Nonprofits ·" not in page
    assert "What should we improve?" not in page


def test_a_comment_taken_away_while_it_is_coded(
    planner: FlaskClient, database: Database, drawn: list[int]
) -> None:
    position = positions(database)["a1"]
    with database.writing() as session:
        session.execute(delete(Comment).where(Comment.id == "a1"))
    assert planner.get(f"{CODE}/{position}").status_code == 200, "the comment before it is shown"
    reply = post(planner, f"{CODE}/{position}", codes(position, drawn[0]))
    assert reply.status_code == 303
    assert stored(database) == {}
    assert "of 13" in text_of(planner.get(f"{CODE}/check"))
    with database.writing() as session:
        session.execute(delete(Comment))
    for path in ("", "/1", "/check"):
        assert planner.get(CODE + path, follow_redirects=True).status_code == 200


def test_a_form_that_is_sent_twice(planner: FlaskClient, database: Database, drawn: list[int]) -> None:
    for _ in range(2):
        assert post(planner, f"{CODE}/1", codes(1, drawn[0])).status_code == 303
    assert len(stored(database)) == 1


def test_hooks_for_keys(planner: FlaskClient, drawn: list[int]) -> None:
    page = planner.get(f"{CODE}/1").text
    assert "data-code-keys" in page
    keys = re.findall(r'name="(?:themes|none)-1" value="\d+" ?data-key="(\d)"', page)
    assert keys == ["1", "2", "3", "0"]


def everything(client: FlaskClient, start: str = SAMPLES) -> dict[str, str]:
    """Every page of double coding that a person can reach, by links and by guessing addresses."""
    paths = [start, f"{SAMPLES}/1", CODE, f"{CODE}/check", f"{SAMPLES}/1?page=1", f"{SAMPLES}/1?place=1"]
    paths += [f"{CODE}/{position}" for position in range(1, 16)]
    paths += [f"{CODE}/1?place=1", f"{CODE}/1?coder=1", f"{SAMPLES}/1/settle/1", f"{SAMPLES}/1.json"]
    return {path: client.get(path, follow_redirects=True).text for path in paths}


def test_nobody_sees_the_others_codes_before_both_have_finished(
    app: Flask,
    planner: FlaskClient,
    facilitator: FlaskClient,
    database: Database,
    cast: Cast,
    drawn: list[int],
) -> None:
    third = third_planner(app, database, cast)
    before = {"facilitator": everything(facilitator), "third": everything(third)}
    code(database, 1, lambda id: Given((drawn[1], drawn[2]), main=drawn[2], unsure=True, note=SECRET))
    finish(database, 1)
    for name, client in (("facilitator", facilitator), ("third", third)):
        after = everything(client)
        for path, page in after.items():
            assert SECRET not in page, (name, path)
            assert without_progress(page) == without_progress(before[name][path]), (name, path)
    for client in (facilitator, third, planner):
        for how in ("first", "second", "own", "left"):
            assert post(client, f"{SAMPLES}/1/settle/1", {"how": how}).status_code in (403, 404)
    assert SECRET in planner.get(f"{CODE}/check").text, "one's own codes stay there to read"


def third_planner(app: Flask, database: Database, cast: Cast) -> FlaskClient:
    """The planner of another study, who has come to work on this one too, and is no coder."""
    with database.writing() as session:
        study = study_of(session)
        session.add(Membership(person_id=cast.other_planner.id, study_id=study.id))
    return login(app.test_client(), cast.other_planner)


def without_progress(page: str) -> str:
    """A page without what may change: how far each coder is, whether they finished, and the token."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    page = re.sub(r'<progress max="\d+" value="\d+"', "", page)
    page = re.sub(r"\d+ of \d+ coded|\d+/14", "", page)
    page = re.sub(r' ✓<span class="visually-hidden"> finished</span>', "", page)
    return re.sub(r' <span class="chip good">finished</span>', "", page)


def test_a_planner_who_is_no_coder_finds_no_page_to_code_on(
    app: Flask, database: Database, cast: Cast, drawn: list[int]
) -> None:
    third = third_planner(app, database, cast)
    for path in ("", "/1", "/check"):
        assert third.get(CODE + path).status_code == 404
    assert post(third, f"{CODE}/1", codes(1, drawn[0])).status_code == 404
    assert post(third, f"{CODE}/finish").status_code == 404
    assert third.get(f"{SAMPLES}/1").status_code == 200


def test_the_place_of_a_coder_comes_from_who_is_signed_in(
    facilitator: FlaskClient, database: Database, drawn: list[int]
) -> None:
    post(facilitator, f"{CODE}/1", codes(1, drawn[0]) | {"place": "1", "coder": "1", "person_id": "1"})
    assert list(stored(database)) == [(2, 1)]


def test_pages_of_coding_tell_nothing_of_the_machine(
    planner: FlaskClient, database: Database, drawn: list[int]
) -> None:
    """Nothing on a page depends on where the run put its comment, and no id leads to it."""
    for id, position in positions(database).items():
        page = planner.get(f"{CODE}/{position}").text
        assert "checked" not in page
        assert "selected" not in page
        assert not re.search(rf'["/=-]{id}["/ >]', page), "the id of the comment"
        shape = re.sub(
            r"Comment \w+ of|\d+", "", re.sub(r'<p class="pre.*?</p>.*?</div>', "", page, flags=re.S)
        )
        assert "fit " not in shape
    assert "placed by" not in planner.get(f"{SAMPLES}/1").text


def test_the_job_and_the_audit_tell_nothing(database: Database, drawn: list[int]) -> None:
    code_and_compare(database, lambda id: Given((drawn[0],), note=SECRET), lambda id: NONE)
    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "agreement")).one()
        assert job.args == job.result == {"sample": get(session).id, "number": 1}
        for row in session.scalars(select(AuditRow).where(AuditRow.action.startswith("samples."))):
            assert set(row.details) <= {"sample", "size", "seed", "comments", "place"}
            assert SECRET not in str(row.details)
