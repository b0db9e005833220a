"""Pages of sessions: planning, the note screen with and without script, the wall; what is wrong in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event

from survey.db import Database
from survey.models import Study
from survey.services import audiences, notes, session_roster, sessions, studies
from survey.services.notes import new_key
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.meeting import GROUPS, prepare, typed
from tests.views.meetings import (
    SESSIONS,
    Sender,
    comments_of,
    let_phones_in,
    make_open,
    meeting_of,
    notes_of,
    send_json,
)
from tests.views.studio import HOSTILE, audits, text_of
from tests.views.test_mailings import read_square

BAD = ("", "\0", "x" * 20_000, "\ud800", "<b>", "=1+1", "\u202eabc", "9" * 40, "-1", "NaN", "٣")


@pytest.fixture
def staff(client: FlaskClient, cast: Cast, study: Study) -> FlaskClient:
    return login(client, cast.facilitator)


@pytest.fixture
def number(database: Database, study: Study) -> int:
    return make_open(database, study)


@pytest.fixture
def at(number: int) -> str:
    return f"{SESSIONS}/{number}"


def value(page: str, name: str) -> str:
    """What a field of a page holds."""
    return str(html.fromstring(page).xpath("//*[@name=$name]/@value", name=name)[0])


def test_an_empty_list_says_what_to_do(staff: FlaskClient) -> None:
    page = text_of(staff.get(SESSIONS))
    assert "No session yet" in page
    assert "First name the groups" in page


def test_a_session_from_plan_to_comments(staff: FlaskClient, database: Database, study: Study) -> None:
    with database.writing() as session:
        group = prepare(session, study).audiences[2].id
    fields = {"audience": group, "title": "Evening", "place": "Library", "day": "2027-03-14"}
    before = audits(database)
    reply = post(staff, f"{SESSIONS}/new", {**fields, "clock": "18:30", "tables": "2"})
    assert reply.status_code == 303
    one = reply.location
    page = text_of(staff.get(one))
    for words in ("Nonprofits, Evening", "Sunday 14 March 2027, 18:30", "Library", "2 tables", "5 people"):
        assert words in page
    assert post(staff, f"{one}/open").status_code == 303
    sent = {
        "key": new_key(),
        "text": "3: Buses are late",
        "prompt": value(staff.get(f"{one}/live").text, "prompt"),
    }
    reply = post(staff, f"{one}/live?table=2", sent)
    assert (reply.status_code, reply.location) == (303, f"{one}/live?table=2")
    assert "Buses are late" in staff.get(reply.location).text
    assert "Buses are late" not in staff.get(f"{one}/live?table=1").text
    reply = post(staff, f"{one}/end", follow_redirects=True)
    assert "1 note is a comment now" in reply.text
    (comment,) = comments_of(database)
    assert (comment.text, comment.speaker, comment.channel) == ("Buses are late", "P3", "session")
    assert str(comment.day) == "2027-03-14"
    assert audits(database) - before == 4
    shown = text_of(staff.get("/studies/it-plan/comments"))
    assert re.search(r"Buses are late Nonprofits · What works well\? · session · Mar 14, 2027", shown)
    assert "Reopen the session" in text_of(staff.get(f"{one}/live"))


WRONG_PLANS = (
    ({"day": "14.3.2027", "clock": "18:00"}, "Type the day as year-month-day"),
    ({"day": "2027-03-14"}, "Type the time, too."),
    ({"clock": "18:00"}, "Type the day, too."),
    ({"day": "2027-03-14", "clock": "25:00"}, "Type the time as hours"),
    ({"day": "1200-03-14", "clock": "18:00"}, "Give a year from 2000 to 2200."),
    ({"day": "0001-01-01", "clock": "00:00"}, "Give a year from 2000 to 2200."),
    ({"tables": "51"}, "Type a whole number from 1 to 50."),
    ({"title": "x" * 201}, "Use at most 200 characters."),
    ({"title": "\0"}, "cannot be stored"),
)


def test_a_wrong_plan_comes_back_with_what_was_typed(
    staff: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        group = prepare(session, study).audiences[0].id
    before, send = audits(database), Sender(staff)
    for wrong, words in WRONG_PLANS:
        kept = {"audience": group, "place": "Our “place” <b>", "tables": "2", **wrong}
        reply = send(f"{SESSIONS}/new", kept)
        assert reply.status_code == 422
        assert words in text_of(reply)
        assert value(reply.text, "place") == "Our “place” <b>"
        assert reply.text.count("<title>Error:") == 1
    assert audits(database) == before


def test_two_people_changing_one_session(
    staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    page = staff.get(f"{at}/change").text
    fields = {name: value(page, name) for name in ("tables", "revision")}
    fields["audience"] = str(meeting_of(database, number).audience_id)
    assert post(staff, f"{at}/change", {**fields, "title": "Theirs"}).status_code == 303
    reply = post(staff, f"{at}/change", {**fields, "title": "Mine"})
    assert reply.status_code == 409
    assert "Theirs" in text_of(reply)
    assert value(reply.text, "title") == "Mine"
    again = {**fields, "title": "Mine", "revision": value(reply.text, "revision")}
    assert post(staff, f"{at}/change", again).status_code == 303
    assert meeting_of(database, number).title == "Mine"


def test_the_agenda_is_ordered_with_buttons(
    staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    send = Sender(staff)
    ids = [str(item.prompt_id) for item in meeting_of(database, number).agenda]
    form = {"row": ids, "on": ids[:2], f"minutes-{ids[1]}": "25"}
    seen = value(staff.get(f"{at}/agenda").text, "revision")
    reply = send(f"{at}/agenda", {**form, "revision": seen, "move": f"{ids[1]}:up"})
    assert reply.status_code == 303
    found = [(str(item.prompt_id), item.minutes) for item in meeting_of(database, number).agenda]
    assert found == [(ids[1], 25), (ids[0], None)]
    stale = send(f"{at}/agenda", {**form, "revision": seen, "on": ids})
    assert stale.status_code == 409
    assert "25 minutes" in text_of(stale)
    seen = value(stale.text, "revision")
    for minutes in BAD[1:]:
        reply = send(f"{at}/agenda", {**form, "revision": seen, f"minutes-{ids[0]}": minutes})
        assert reply.status_code == 422, minutes
        assert f'href="#minutes-{ids[0]}"' in reply.text
    for bad in BAD:
        reply = send(f"{at}/agenda", {"row": bad, "on": bad, "revision": bad, "move": f"{bad}:up"})
        assert reply.status_code in (303, 409), bad


def test_starting_as_usual_needs_the_right_to_add_prompts(
    app: Flask, cast: Cast, database: Database, study: Study
) -> None:
    with database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        audiences.put_in(plan, [audiences.Group("One")])
        session.flush()
        number = sessions.add(session, plan, sessions.Plan(plan.audiences[0].id), by="x").id
    at = f"{SESSIONS}/{number}/agenda"
    planner = login(app.test_client(), cast.planner)
    assert "Start from these three" not in planner.get(at).text
    assert post(planner, f"{at}/usual").status_code == 403
    staff = login(app.test_client(), cast.facilitator)
    assert "Start from these three" in staff.get(at).text
    assert post(staff, f"{at}/usual").status_code == 303
    assert [item.prompt.kind for item in meeting_of(database, number).agenda] == list(sessions.USUAL)
    # It is there once: what was saved since is not put back.
    assert "Start from these three" not in planner.get(at).text
    chosen = meeting_of(database, number).agenda[0].prompt_id
    page = staff.get(at).text
    form = {"revision": value(page, "revision"), "row": chosen, "on": chosen, f"minutes-{chosen}": "45"}
    assert post(staff, at, form).status_code == 303
    assert "Start from these three" not in staff.get(at).text
    assert post(staff, f"{at}/usual").status_code == 303
    assert [item.minutes for item in meeting_of(database, number).agenda] == [45, 20, 20]
    assert post(staff, at, {"revision": value(staff.get(at).text, "revision")}).status_code == 303
    assert "Start from these three" in planner.get(at).text


def test_the_roster_and_the_names(staff: FlaskClient, database: Database, number: int, at: str) -> None:
    send = Sender(staff)
    seen = value(staff.get(f"{at}/roster").text, "revision")
    for bad in BAD:
        reply = send(f"{at}/roster", {"revision": seen, "people": bad, "role-1": "kept"})
        assert reply.status_code == 422, bad
        assert 'href="#people"' in reply.text
        assert value(reply.text, "role-1") == "kept"
    sent = {"revision": seen, "people": "7", "role-1": "parent <i>", "role-7": HOSTILE}
    assert send(f"{at}/roster", sent).location == f"{at}/roster"
    assert "parent &lt;i&gt;" in staff.get(at).text
    reply = send(f"{at}/roster", {"revision": seen, "role-1": "mine"})
    assert reply.status_code == 409
    assert value(reply.text, "role-1") == "mine"
    seen = value(reply.text, "revision")
    for role, table, status in (("x" * 101, "1", 422), ("\0", "1", 422), ("", "2", 422), ("", "x", 303)):
        reply = send(f"{at}/roster", {"revision": seen, "role-2": role, "table-2": table})
        assert reply.status_code == status, (role, table)
    assert send(f"{at}/names", {"name-2": "Ana-Maria Lopez"}).status_code == 303
    assert send(f"{at}/names", {"name-1": "x" * 201}).status_code == 422
    elsewhere = [at, f"{at}/roster", f"{at}/live", f"{at}/projector", f"{at}/phones", SESSIONS]
    assert "Ana-Maria" in staff.get(f"{at}/names").text
    assert not any("Ana-Maria" in staff.get(page).text for page in elsewhere)
    assert send(f"{at}/names/delete").status_code == 303
    assert "Ana-Maria" not in staff.get(f"{at}/names").text


def roles_of(database: Database, number: int) -> list[str]:
    with database.reading() as session:
        meeting = sessions.get(session, studies.by_slug(session, "it-plan"), number)
        return [entry.role for entry in meeting.roster]


def roster_form(page: str) -> dict[str, str]:
    """What a browser sends of the page of the roster."""
    (form,) = html.fromstring(page).xpath("//form[.//input[@name='people']]")
    return dict(form.form_values())


def test_no_role_is_lost_by_changing_the_number(
    staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    form = roster_form(staff.get(f"{at}/roster").text)
    before = roles_of(database, number)
    assert len(before) == 5
    reply = post(staff, f"{at}/roster", {**form, "people": "4", "role-1": "cook", "role-5": "nurse"})
    assert reply.status_code == 422
    assert "these roles would be lost: P5." in text_of(reply)
    assert (value(reply.text, "people"), value(reply.text, "role-5")) == ("4", "nurse")
    assert roles_of(database, number) == before
    grown = {**form, "people": "6", "role-1": "cook", "role-5": "nurse"}
    assert post(staff, f"{at}/roster", grown).status_code == 303
    assert roles_of(database, number) == ["cook", *before[1:4], "nurse", ""]
    assert post(staff, f"{at}/names", {"name-6": "Eva"}).status_code == 303
    form = roster_form(staff.get(f"{at}/roster").text)
    assert "these names would be lost: P6." in text_of(post(staff, f"{at}/roster", {**form, "people": "5"}))
    assert post(staff, f"{at}/names", {"name-6": ""}).status_code == 303
    form = roster_form(staff.get(f"{at}/roster").text)
    assert post(staff, f"{at}/roster", {**form, "people": "4", "role-5": ""}).location == at
    assert roles_of(database, number) == ["cook", *before[1:4]]
    # Somebody who still types on the longer page finds that role on the page again.
    stale = post(staff, f"{at}/roster", {**form, "people": "6", "role-5": "mine"})
    assert stale.status_code == 409
    assert value(stale.text, "role-5") == "mine"
    assert post(staff, f"{at}/roster", roster_form(stale.text)).status_code == 303
    assert roles_of(database, number) == ["cook", *before[1:4], "mine", ""]


def test_the_first_number_makes_the_roster(staff: FlaskClient, database: Database, study: Study) -> None:
    with database.writing() as session:
        plan = prepare(session, study, people=None)
        number = sessions.add(session, plan, sessions.Plan(plan.audiences[0].id), by="x").id
    at = f"{SESSIONS}/{number}"
    form = roster_form(staff.get(f"{at}/roster").text)
    assert post(staff, f"{at}/people", {**form, "people": "two"}).status_code == 422
    assert post(staff, f"{at}/people", {**form, "people": "2"}).location == f"{at}/roster"
    assert roles_of(database, number) == ["", ""]


def test_names_are_deleted_after_a_step(staff: FlaskClient, at: str) -> None:
    assert "names/delete" not in staff.get(f"{at}/names").text
    post(staff, f"{at}/names", {"name-1": "Eva"})
    page = html.fromstring(staff.get(f"{at}/names").text)
    assert len(page.xpath("//form[contains(@action, 'names/delete')]")) == 1
    assert len(page.xpath("//details[not(@open)]/div/form[contains(@action, 'names/delete')]")) == 1


def test_a_line_without_script(staff: FlaskClient, database: Database, at: str) -> None:
    page = staff.get(f"{at}/live").text
    form = {name: value(page, name) for name in ("key", "prompt")}
    assert len(html.fromstring(page).xpath("//input[@autofocus]")) == 1
    assert post(staff, f"{at}/live", {**form, "text": "p1 Good", "speaker": "2"}).status_code == 303
    # A double click sends the same; a page from the history sends another text with the key of the first.
    assert post(staff, f"{at}/live", {**form, "text": "p1 Good", "speaker": "2"}).status_code == 303
    reply = post(staff, f"{at}/live", {**form, "text": "Another <i>"})
    assert reply.status_code == 422
    assert value(reply.text, "text") == "Another <i>"
    again = {**form, "key": value(reply.text, "key"), "text": "Another <i>", "park": "1"}
    assert post(staff, f"{at}/live", again).status_code == 303
    found = [(note.text, note.speaker, note.prompt_id is None) for note in notes_of(database)]
    assert found == [("Good", 1, False), ("Another <i>", None, True)]


def test_a_refused_line_keeps_everything(
    staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    send = Sender(staff)
    for bad in ("", "  ", "a\0b", "x" * 5001):
        reply = send(f"{at}/live", {"key": new_key(), "text": bad, "speaker": "4"})
        assert reply.status_code == 422
        page = html.fromstring(reply.text.replace("\0", "�"))
        assert page.xpath("//select[@id='speaker']/option[@selected]/@value") == ["4"]
        assert str(page.xpath("//input[@id='text']/@value")[0]).strip() == bad.replace("\0", "�").strip()
    for field in ("key", "prompt", "speaker", "table"):
        for bad in BAD:
            reply = send(f"{at}/live", {"key": new_key(), "text": "Kept", field: bad})
            assert reply.status_code in (303, 422), (field, bad)
            assert send(f"{at}/live", {"text": "x", field: bad}, json=True).status_code == 422
    assert all(note.text == "Kept" for note in notes_of(database))


def test_the_script_sends_and_asks(staff: FlaskClient, database: Database, number: int, at: str) -> None:
    prompt = meeting_of(database, number).agenda[1].prompt_id
    sent = {"key": new_key(), "text": "3: word for word", "speaker": "", "prompt": prompt}
    first = send_json(staff, f"{at}/live", sent)
    again = send_json(staff, f"{at}/live", sent)
    assert first.status_code == 200
    assert (
        {**first.json, "row": ""}
        == {**again.json, "row": ""}
        == {  # type: ignore[dict-item]
            "id": sent["key"],
            "position": 1,
            "row": "",
        }
    )
    # The script has read who speaks already: what it sends is the text.
    assert [note.text for note in notes_of(database)] == ["3: word for word"]
    told: dict[str, Any] = staff.get(f"{at}/live/news?after=0&seen=x").json or {}
    assert [place for place, _row in told["rows"]] == [1]
    assert told["marks"] == [[1, 1, 0]]
    quiet = staff.get(f"{at}/live/news?after=1&seen={told['mark']}").json or {}
    assert set(quiet) == {"left", "mark", "token"}
    assert send_json(staff, f"{at}/notes/{sent['key']}/vote", {"step": "1"}).json == {"done": True}
    told = staff.get(f"{at}/live/news?after=1&seen={told['mark']}").json or {}
    assert (told["rows"], told["marks"]) == ([], [[1, 1, 1]])
    (row,) = (staff.get(f"{at}/live/news?after=99999999999999999999&rows=1,x,,{'9' * 30}").json or {})["rows"]
    assert "▲ 1" in row[1]
    for bad in BAD[:3] + BAD[4:]:
        query = {"after": bad[:500], "rows": bad[:500], "table": bad[:500]}
        assert staff.get(f"{at}/live/news", query_string=query).status_code == 200


def test_the_news_cost_few_queries(staff: FlaskClient, database: Database, at: str) -> None:
    for turn in range(5):
        post(staff, f"{at}/live", {"key": new_key(), "text": f"{turn}"})
    mark = (staff.get(f"{at}/live/news").json or {})["mark"]
    asked: list[str] = []
    listen = lambda conn, cursor, statement, *rest: asked.append(statement)  # noqa: E731
    event.listen(database.read, "before_cursor_execute", listen)
    staff.get(f"{at}/live/news?seen={mark}&after=5")
    event.remove(database.read, "before_cursor_execute", listen)
    assert len([one for one in asked if one.startswith("SELECT")]) <= 7, asked


def test_a_signed_out_script_is_told_so(app: Flask, staff: FlaskClient, at: str) -> None:
    away = app.test_client()
    assert send_json(away, f"{at}/live", {"key": new_key(), "text": "Typed"}).status_code == 401
    assert away.get(f"{at}/live/news").location.startswith("/sign-in")


def test_one_note_changed_by_two(staff: FlaskClient, database: Database, number: int, at: str) -> None:
    send = Sender(staff)
    send(f"{at}/live", {"key": new_key(), "text": "First"})
    (note,) = notes_of(database)
    url = f"{at}/notes/{note.id}"
    fields = {"revision": value(staff.get(url).text, "revision"), "speaker": "2", "prompt": ""}
    assert send(url, {**fields, "text": "Theirs <b>"}).status_code == 303
    reply = send(url, {**fields, "text": "Mine"})
    assert reply.status_code == 409
    assert "Theirs &lt;b&gt;" in reply.text
    assert html.fromstring(reply.text).xpath("//textarea/text()")[0].strip() == "Mine"
    told = send_json(staff, url, {**fields, "text": "Mine"})
    assert (told.status_code, (told.json or {})["text"]) == (409, "Theirs <b>")
    fields["revision"] = value(reply.text, "revision")
    for bad in BAD[:3]:
        assert send(url, {**fields, "text": bad}).status_code == 422
    for name in ("speaker", "prompt", "revision"):
        for bad in BAD[1:-1]:
            assert send(url, {**fields, "text": "Mine", name: bad}).status_code in (409, 422)
    assert send(url, {**fields, "text": "Mine"}).status_code == 303
    assert [(note.text, note.speaker) for note in notes_of(database)] == [("Mine", 2)]


def test_striking_and_voting_without_script(staff: FlaskClient, database: Database, at: str) -> None:
    post(staff, f"{at}/live", {"key": new_key(), "text": "First"})
    url = f"{at}/notes/{notes_of(database)[0].id}"
    before = audits(database)
    for path, data in (
        ("strike", {"struck": "1"}),
        ("strike", {"struck": "0"}),
        ("vote", {}),
        ("vote", {"step": "-1"}),
    ):
        assert post(staff, f"{url}/{path}", data).status_code == 303
    assert audits(database) - before == 4
    (note,) = notes_of(database)
    assert (note.struck, note.votes) == (False, 0)
    post(staff, f"{at}/end")
    for path in ("", "/strike", "/vote"):
        assert post(staff, url + path, {"text": "x", "revision": note.revision}).status_code in (409, 422)
    assert "comments do not change" in text_of(staff.get(url))


def test_what_is_on_now_is_shared(
    app: Flask, staff: FlaskClient, cast: Cast, database: Database, number: int, at: str
) -> None:
    send = Sender(staff)
    second = meeting_of(database, number).agenda[1].prompt_id
    assert send(f"{at}/live/prompt", {"prompt": second}).status_code == 303
    assert send(f"{at}/live/timer", {"minutes": "7"}).status_code == 303
    other = login(app.test_client(), cast.planner)
    page = html.fromstring(other.get(f"{at}/live").text)
    assert page.xpath("//button[@aria-pressed='true']/@value") == [str(second)]
    assert re.fullmatch(r"(7:00|6:5\d) left", page.xpath("//*[@role='timer']/text()")[0])
    wall = other.get(f"{at}/projector").text
    assert "What should we improve?" in wall
    assert re.search(r">(7:00|6:5\d)</p>", wall)
    for bad in BAD:
        assert send(f"{at}/live/prompt", {"prompt": bad}).status_code == 404
        assert send(f"{at}/live/timer", {"minutes": bad}).status_code in (303, 422)


def test_the_wall_shows_notes_by_time_or_votes(
    staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    prompt = meeting_of(database, number).agenda[0].prompt_id
    for text in ("<i>first</i>", "second", "third"):
        post(staff, f"{at}/live", {"key": new_key(), "text": text, "prompt": prompt})
    made = notes_of(database)
    post(staff, f"{at}/notes/{made[0].id}/vote", {"step": "1"})
    post(staff, f"{at}/notes/{made[2].id}/strike", {"struck": "1"})

    def wall(order: str) -> list[str]:
        page = html.fromstring(staff.get(f"{at}/projector?order={order}").text)
        assert page.xpath("//button | //form | //input") == []
        return [str(one) for one in page.xpath("//ul[contains(@class, 'wall')]/li/span[last()]/text()")]

    assert wall("time") == ["second", "<i>first</i>"]
    assert wall("votes") == ["<i>first</i>", "second"]
    code = let_phones_in(database, number)
    page = staff.get(f"{at}/projector").text
    assert code in page
    assert 'role="img"' in page


def test_phones_are_switched_on_and_off(staff: FlaskClient, at: str) -> None:
    assert "Phones are off" in staff.get(f"{at}/phones").text
    for choice, words in (
        ("notes", "/j/"),
        ("dots", "Close the dots"),
        ("off", "Phones are off"),
        ("\0", "Phones are off"),
    ):
        assert post(staff, f"{at}/phones", {"phones": choice}).status_code == 303
        assert words in staff.get(f"{at}/phones").text


def test_the_square_leads_to_the_address(
    app: Flask, staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    code = let_phones_in(database, number)
    for path in ("/phones", "/projector"):
        page = html.fromstring(staff.get(at + path).text)
        square = page.xpath("//svg[@class='qr']")[0]
        address = read_square(square.get("viewbox"), square.xpath("./path/@d")[0])
        assert address == f"http://localhost/j/{code}"
        assert app.test_client().get(address.removeprefix("http://localhost")).status_code == 200


def test_hostile_words_are_text_on_every_page(
    staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    evil = '"><svg onload=alert(1)>'
    with database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        plan.audiences[0].name, plan.prompts[0].text, plan.prompts[0].kind = evil, evil + "p" * 300, "other"
        meeting = sessions.get(session, plan, number)
        meeting.title = meeting.place = evil
        seats = {1: session_roster.Seat(evil)}
        session.flush()
        session_roster.set_roster(session, plan, meeting, seats, seen=meeting.revision, by="x")
        session_roster.set_names(session, plan, meeting, {1: evil}, by="x")
        note, _new = notes.add(session, plan, meeting, typed(evil, plan.prompts[0].id, 1), by="x")
        note_id = note.id
    let_phones_in(database, number, dots=True)
    pages = (
        "",
        "/change",
        "/agenda",
        "/roster",
        "/names",
        "/phones",
        "/live",
        "/projector",
        f"/notes/{note_id}",
    )
    for page in (SESSIONS, *(at + path for path in pages)):
        reply = staff.get(page)
        assert reply.status_code == 200, page
        assert "<svg onload" not in reply.text, page
        assert "&lt;svg onload" in reply.text, page


def test_empty_sessions_are_deleted_and_others_are_not(
    staff: FlaskClient, database: Database, number: int, at: str
) -> None:
    post(staff, f"{at}/live", {"key": new_key(), "text": "First"})
    reply = post(staff, f"{at}/delete")
    assert reply.status_code == 422
    assert "This session has notes" in text_of(reply)
    group = meeting_of(database, number).audience_id
    other = post(staff, f"{SESSIONS}/new", {"audience": group, "tables": "1"}).location
    assert post(staff, f"{other}/delete").status_code == 303
    assert staff.get(other).status_code == 404
    assert GROUPS[0] in staff.get(at).text


def test_people_of_other_studies_find_nothing(app: Flask, cast: Cast, at: str) -> None:
    other = login(app.test_client(), cast.other_planner)
    for path in ("", "/live", "/live/news", "/projector", "/names"):
        assert other.get(at + path).status_code == 404
    assert send_json(other, f"{at}/live", {"key": new_key(), "text": "x"}).status_code == 404
