"""A participant's phone: no sign-in, no cookie to send; dots; what is refused keeps its text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import Attempt, NoteVote, Study
from survey.services import notes, notes_end, session_live, sessions, studies
from survey.services.notes import new_key
from survey.views.meet import phone
from tests.fixtures import login, post
from tests.services.meeting import BY, begin
from tests.views.meetings import let_phones_in, make_open, meeting_of, notes_of
from tests.views.studio import audits, text_of


@pytest.fixture
def number(database: Database, study: Study) -> int:
    return make_open(database, study)


@pytest.fixture
def bare(app: Flask) -> FlaskClient:
    """A phone that keeps no cookies."""
    return app.test_client(use_cookies=False)


def send(client: FlaskClient, code: str, **fields: Any) -> TestResponse:
    """Send a note without any token."""
    return client.post(f"/j/{code}", data={"key": new_key(), **fields, "end": "1"})


def switch_phones_off(database: Database, number: int) -> None:
    with database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        session_live.set_phones(session, plan, sessions.get(session, plan, number), on=False, by=BY)


def test_a_note_needs_neither_sign_in_nor_cookie(bare: FlaskClient, database: Database, number: int) -> None:
    code = let_phones_in(database, number)
    page = bare.get(f"/j/{code.upper()}")
    assert "What works well?" in text_of(page)
    form = {
        name: html.fromstring(page.text).xpath("//*[@name=$n]/@value", n=name)[0]
        for name in ("key", "prompt")
    }
    before = audits(database)
    for _turn in range(2):
        reply = send(bare, code, **form, text="A note\r\nof two lines <b>")
        assert (reply.status_code, reply.location) == (303, f"/j/{code}?sent=1")
    assert "Your note is on the list" in bare.get(reply.location).text
    (note,) = notes_of(database)
    assert (note.text, note.source, note.made_by) == ("A note\nof two lines <b>", "phone", "")
    assert str(note.prompt_id) == form["prompt"]
    assert audits(database) == before


def test_the_note_belongs_to_the_question_that_was_read(
    bare: FlaskClient, database: Database, number: int
) -> None:
    code = let_phones_in(database, number)
    first, second, _third = [item.prompt_id for item in meeting_of(database, number).agenda]
    with database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        session_live.discuss(session, plan, sessions.get(session, plan, number), second, by=BY)
    send(bare, code, text="To the first", prompt=first)
    for bad in ("", "x", "9" * 30, "-1"):
        assert send(bare, code, text=f"To {bad}", prompt=bad).status_code == 303
    assert [note.prompt_id for note in notes_of(database)] == [first, second, second, second, second]


def test_what_is_refused_comes_back(bare: FlaskClient, database: Database, number: int) -> None:
    code = let_phones_in(database, number)
    for text in ("", " \n ", "a\0b", "x" * 2001):
        reply = send(bare, code, text=text)
        assert reply.status_code == 422
        assert "<title>Error:" in reply.text
        kept = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", reply.text, re.S)
        assert kept is not None
        assert kept[1].strip() == text.strip()
    assert notes_of(database) == []


def test_another_text_under_a_used_key_is_not_lost(
    bare: FlaskClient, database: Database, number: int
) -> None:
    code, key = let_phones_in(database, number), new_key()
    assert send(bare, code, key=key, text="First").status_code == 303
    reply = send(bare, code, key=key, text="Second")
    assert reply.status_code == 422
    assert "Second" in reply.text
    fresh = html.fromstring(reply.text).xpath("//*[@name='key']/@value")[0]
    assert send(bare, code, key=fresh, text="Second").status_code == 303
    assert [note.text for note in notes_of(database)] == ["First", "Second"]


def test_codes_that_open_nothing(bare: FlaskClient, database: Database, number: int) -> None:
    for code in ("abcd-efgh", "%00", "x" * 3000, "..", "a b", "<script>"):
        assert bare.get(f"/j/{code}").status_code == 404
        assert send(bare, code, text="x").status_code == 404
    code = let_phones_in(database, number)
    switch_phones_off(database, number)
    assert bare.get(f"/j/{code}").status_code == 404


@pytest.mark.parametrize("text", ["Parks", "More <b>buses</b> & trains in the evening\r\nand at night"])
def test_a_note_typed_while_phones_are_switched_off_is_there_to_copy(
    bare: FlaskClient, database: Database, number: int, text: str
) -> None:
    code, key = let_phones_in(database, number), new_key()
    switch_phones_off(database, number)
    reply = send(bare, code, key=key, text=text)
    assert reply.status_code == 404
    kept = html.fromstring(reply.text).xpath("//p[contains(@class, 'panel')]")
    assert [shown.text for shown in kept] == [text.replace("\r\n", "\n")]
    assert "<b>" not in reply.text
    assert "Your text was not stored" in reply.text
    assert key not in reply.text  # nobody typed it
    assert "<form" not in html.tostring(html.fromstring(reply.text).find(".//main")).decode()
    assert notes_of(database) == []


def test_without_a_text_there_is_only_nothing_at_the_address(
    bare: FlaskClient, database: Database, number: int
) -> None:
    code = let_phones_in(database, number)
    switch_phones_off(database, number)
    for reply in (bare.get(f"/j/{code}"), send(bare, code, text=" \n")):
        assert reply.status_code == 404
        assert "There is nothing at this address" in text_of(reply)
        assert "not stored" not in reply.text
        assert "What you typed" not in reply.text


def test_a_note_under_the_key_of_another_meeting_is_there_to_copy(
    bare: FlaskClient, database: Database, study: Study, number: int
) -> None:
    code, key = let_phones_in(database, number), new_key()
    send(bare, code, key=key, text="First")
    with database.writing() as session:
        other = begin(session, studies.by_slug(session, "it-plan"), group=1).id
    reply = send(bare, let_phones_in(database, other), key=key, text="Second")
    assert reply.status_code == 404
    assert "Second" in reply.text
    assert "First" not in reply.text


def test_after_the_end_the_text_is_there_to_copy(bare: FlaskClient, database: Database, number: int) -> None:
    code = let_phones_in(database, number)
    with database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        notes_end.end(session, plan, sessions.get(session, plan, number), "UTC", by=BY)
    assert "The meeting is over" in bare.get(f"/j/{code}").text
    reply = send(bare, code, text="Too late, but long")
    assert reply.status_code == 422
    assert "Too late, but long" in reply.text
    assert "Your text was not stored" in reply.text
    assert "Reopen" not in reply.text


def test_a_cut_form_is_kept(bare: FlaskClient, database: Database, number: int) -> None:
    code = let_phones_in(database, number)
    reply = bare.post(f"/j/{code}", data={"key": new_key(), "text": "Half of a longer text"})
    assert reply.status_code == 400
    assert "Half of a longer text" in reply.text
    assert notes_of(database) == []


def test_a_flood_is_stopped_without_keeping_who_sent_it(
    bare: FlaskClient, database: Database, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = let_phones_in(database, number)
    monkeypatch.setattr(phone, "MOST_OF_ADDRESS", 3)
    replies = [send(bare, code, text=f"Note {turn}") for turn in range(5)]
    assert [reply.status_code for reply in replies] == [303, 303, 303, 429, 429]
    assert "Note 4" in replies[-1].text
    assert replies[-1].headers["Retry-After"]
    elsewhere = bare.post(
        f"/j/{code}",
        data={"key": new_key(), "text": "From elsewhere", "end": "1"},
        environ_base={"REMOTE_ADDR": "10.9.8.7"},
    )
    assert elsewhere.status_code == 303
    with database.reading() as session:
        kept = session.scalars(select(Attempt.key)).all()
    assert kept
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in kept)


def dotting(
    app: Flask, database: Database, number: int, texts: int = 4
) -> tuple[FlaskClient, str, list[str]]:
    """A phone that keeps cookies, a session where dots are open, and some notes."""
    code = let_phones_in(database, number, dots=True)
    client = app.test_client()
    for turn in range(texts):
        send(client, code, text=f"Note {turn}")
    client.get(f"/j/{code}")
    return client, code, [note.id for note in notes_of(database)]


def dot(client: FlaskClient, code: str, note: str) -> TestResponse:
    return client.post(f"/j/{code}/dots", data={"note": note, "end": "1"})


def test_three_dots_and_no_more(app: Flask, database: Database, number: int) -> None:
    client, code, ids = dotting(app, database, number)
    assert [dot(client, code, one).status_code for one in ids] == [303, 303, 303, 422]
    page = client.get(f"/j/{code}").text
    assert page.count('aria-pressed="true"') == 3
    assert "Left: 0" in page
    assert dot(client, code, ids[0]).status_code == 303
    assert dot(client, code, ids[3]).status_code == 303
    assert [note.votes for note in notes_of(database)] == [0, 1, 1, 1]
    # A second phone has dots of its own, and does not see whose the others are.
    other = app.test_client()
    assert 'aria-pressed="true"' not in other.get(f"/j/{code}").text
    assert dot(other, code, ids[1]).status_code == 303
    assert [note.votes for note in notes_of(database)] == [0, 2, 1, 1]


def test_after_a_dot_the_phone_is_where_it_was(app: Flask, database: Database, number: int) -> None:
    client, code, ids = dotting(app, database, number)
    reply = dot(client, code, ids[2])
    assert reply.location == f"/j/{code}#n{ids[2]}"
    page = html.fromstring(client.get(reply.location).text)
    assert page.get_element_by_id(f"n{ids[2]}").text_content() == "Note 2"


def test_a_struck_note_gives_its_dots_back(app: Flask, database: Database, number: int) -> None:
    client, code, ids = dotting(app, database, number)
    for one in ids[:3]:
        dot(client, code, one)
    with database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        meeting = sessions.get(session, plan, number)
        notes.strike(session, plan, meeting, notes.get(session, meeting, ids[0]), struck=True, by=BY)
    assert "Left: 1" in client.get(f"/j/{code}").text
    assert dot(client, code, ids[3]).status_code == 303
    assert "Left: 0" in client.get(f"/j/{code}").text


def test_dots_need_the_cookie_and_the_switch(
    app: Flask, bare: FlaskClient, database: Database, number: int
) -> None:
    client, code, ids = dotting(app, database, number)
    reply = dot(bare, code, ids[0])
    assert reply.status_code == 400
    assert "keeps no cookies" in reply.text
    for wrong in ("", "\0", "x" * 5000, "0" * 32):
        assert dot(client, code, wrong).status_code == 404
    let_phones_in(database, number)
    assert "Put a dot" not in client.get(f"/j/{code}").text
    assert dot(client, code, ids[0]).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(NoteVote.note_id)).all() == []


def test_the_stored_voter_leads_to_no_cookie(app: Flask, database: Database, number: int) -> None:
    client, code, ids = dotting(app, database, number)
    dot(client, code, ids[0])
    cookie = client.get_cookie("dots", path="/j")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    with database.reading() as session:
        (voter,) = session.scalars(select(NoteVote.voter)).all()
    assert re.fullmatch(r"[0-9a-f]{64}", voter)
    assert cookie.value not in voter


def test_notes_of_phones_reach_the_screen_of_the_note_taker(
    app: Flask, database: Database, number: int, cast: Any
) -> None:
    code = let_phones_in(database, number)
    send(app.test_client(), code, text="=HYPERLINK(<b>)")
    staff = login(app.test_client(), cast.facilitator)
    page = text_of(staff.get(f"/studies/it-plan/sessions/{number}/live"))
    assert "Phone · Strength" in page
    assert "=HYPERLINK(" in page
    assert post(staff, f"/studies/it-plan/sessions/{number}/end").status_code == 303
