"""The pages of member checks: for staff, and for people with the address."""

from __future__ import annotations

import html
import re
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.board import Change
from survey.db import Database
from survey.models import AuditRow, Comment, MemberCheck, MemberCheckAnswer, Study
from survey.services import studies
from survey.services.suspicion import Tally
from survey.views.meet import check as public
from tests.boards import add_comments, add_run, decide
from tests.fixtures import login, post
from tests.people import Cast

HOME = "/studies/it-plan/checks"
NASTY = '"><svg onload=alert(1)> =1+1 \u202e🚧'


@pytest.fixture(autouse=True)
def _fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "tally", Tally())


@pytest.fixture
def audience(database: Database, study: Study) -> int:
    """The first audience of the study, which has a board now."""
    with database.writing() as session:
        add_comments(session, study)
        own = studies.by_slug(session, study.slug)
        add_run(session, own)
        return own.audiences[0].id


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, audience: int) -> FlaskClient:
    return login(client, cast.planner)


@pytest.fixture
def code(planner: FlaskClient, database: Database, audience: int) -> str:
    """The address of a check with two themes."""
    form = {
        "audience": str(audience),
        "theme": ["1", "2"],
        "name-1": NASTY,
        "about-1": "a\nb",
        "name-2": "Phone",
    }
    reply = post(planner, f"{HOME}/new", form)
    assert reply.location == f"{HOME}/1", text_of(reply)
    with database.reading() as session:
        return session.scalars(select(MemberCheck.code)).one()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser that takes no part in anything else."""
    return app.test_client()


def text_of(reply: TestResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.text)))


def opened(client: FlaskClient, code: str) -> str:
    """The address of a new answer."""
    reply = client.get(f"/check/{code}")
    assert reply.status_code == 302
    return reply.location


def stored(database: Database) -> list[MemberCheckAnswer]:
    with database.reading() as session:
        return list(session.scalars(select(MemberCheckAnswer).order_by(MemberCheckAnswer.id)))


def test_from_themes_to_a_page_for_a_group(planner: FlaskClient, audience: int) -> None:
    assert "No group was asked yet" in planner.get(HOME).text
    assert f'<option value="{audience}">Academia' in planner.get(f"{HOME}/new").text
    page = planner.get(f"{HOME}/new?audience={audience}")
    assert 'value="internet; home"' in page.text
    assert "pole permits" not in page.text
    refused = post(planner, f"{HOME}/new", {"audience": str(audience), "name-1": "Kept words"})
    assert refused.status_code == 422
    assert "Choose at least one theme." in refused.text
    assert 'value="Kept words"' in refused.text


def ticked(page: str) -> list[str]:
    return re.findall(r'name="theme" value="(\d+)" checked', page)


def test_only_themes_that_people_named_are_ticked(
    planner: FlaskClient, database: Database, audience: int
) -> None:
    url, note = f"{HOME}/new?audience={audience}", "Nobody accepted or renamed this theme yet."
    page = planner.get(url).text
    assert (ticked(page), page.count(note)) == ([], 2)
    assert 'value="1" aria-describedby="unnamed-1"' in page
    with database.writing() as session:
        own = studies.by_slug(session, "it-plan")
        decide(session, own, Change("accept", {"theme": 2}))
    page = planner.get(url).text
    assert (ticked(page), page.count(note)) == (["2"], 1)
    with database.writing() as session:
        own = studies.by_slug(session, "it-plan")
        decide(session, own, Change("rename", {"theme": 1, "name": "Internet at home"}))
        decide(session, own, Change("reopen", {"theme": 2}))
    page = planner.get(url).text
    assert (ticked(page), page.count(note)) == (["1"], 1)


def test_a_small_group_is_warned_of(planner: FlaskClient, database: Database, audience: int) -> None:
    with database.writing() as session:
        own = studies.by_slug(session, "it-plan")
        own.audiences[0].people = 3
        own.audiences[1].people = None
        other = own.audiences[1].id
    assert "This group has 3 people." in text_of(planner.get(f"{HOME}/new?audience={audience}"))
    assert "Nobody typed in how many" in planner.get(f"{HOME}/new?audience={other}").text


def test_the_page_of_a_check_has_its_address_to_point_at(planner: FlaskClient, code: str) -> None:
    for url in (f"{HOME}/1", f"{HOME}/1/sheet", f"{HOME}/1/sheet?sheet=a4"):
        page = planner.get(url)
        assert f"/check/{code}" in page.text
        assert 'role="img"' in page.text
        assert "<svg onload" not in page.text


def test_people_answer_without_cookie_or_name(visitor: FlaskClient, database: Database, code: str) -> None:
    target = opened(visitor, code)
    page = visitor.get(target)
    assert page.status_code == 200
    assert html.escape(NASTY, quote=False).split(" ")[0] in page.text.replace("&#34;", '"')
    assert "<svg onload" not in page.text
    assert "Set-Cookie" not in page.headers
    reply = visitor.post(target, data={"theme-0": "yes", "theme-1": "no", "missing": NASTY, "end": "1"})
    assert (reply.status_code, reply.location) == (303, target)
    after = visitor.get(target)
    assert "Your answer is sent" in after.text
    for one in (page, reply, after, visitor.get(f"{target}&lang=es")):
        assert "Set-Cookie" not in one.headers
        assert one.headers["Cache-Control"] == "no-store"
    (answer,) = stored(database)
    assert (answer.marks, answer.missing) == ({"1": "yes", "2": "no"}, NASTY)
    assert code not in answer.id
    assert answer.id not in target


def test_a_second_click_stores_nothing_twice_and_going_back_says_so(
    visitor: FlaskClient, database: Database, code: str
) -> None:
    target = opened(visitor, code)
    for _ in range(3):
        assert visitor.post(target, data={"theme-0": "yes", "end": "1"}).location == target
    assert "nothing more to do" in visitor.get(target).text
    assert "Let another person answer" in visitor.get(target).text
    assert len(stored(database)) == 1


def test_ten_clicks_at_once(app: Flask, visitor: FlaskClient, database: Database, code: str) -> None:
    target, barrier, seen = opened(visitor, code), Barrier(6), []

    def click() -> None:
        barrier.wait()
        seen.append(app.test_client().post(target, data={"theme-0": "yes", "end": "1"}).status_code)

    threads = [Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [303] * 6
    assert len(stored(database)) == 1


def test_a_cut_request_stores_nothing_and_keeps_the_text(
    visitor: FlaskClient, database: Database, code: str
) -> None:
    target = opened(visitor, code)
    reply = visitor.post(target, data={"theme-0": "yes", "missing": "More benches in the park, please"})
    assert reply.status_code == 400
    assert "More benches in the park" in reply.text
    assert "Set-Cookie" not in reply.headers
    assert stored(database) == []


def test_another_person_with_the_same_address_loses_nothing(
    visitor: FlaskClient, database: Database, code: str
) -> None:
    target = opened(visitor, code)
    visitor.post(target, data={"theme-0": "yes", "end": "1"})
    reply = visitor.post(target, data={"theme-0": "no", "missing": "Mine", "end": "1"})
    assert reply.status_code == 409
    assert ">\nMine</textarea>" in reply.text
    assert re.search(r'name="theme-0" value="no" checked', reply.text)
    found = re.search(r'<form id="answers" method="post" action="([^"]+)"', reply.text)
    assert found
    again = html.unescape(found[1])
    assert again != target
    assert visitor.post(again, data={"theme-0": "no", "missing": "Mine", "end": "1"}).status_code == 303
    assert len(stored(database)) == 2


def test_nothing_and_too_much_come_back_with_what_was_typed(
    visitor: FlaskClient, database: Database, code: str
) -> None:
    target = opened(visitor, code)
    assert "Mark at least one point" in visitor.post(target, data={"end": "1"}).text
    long = visitor.post(target, data={"missing": "x" * 5001, "end": "1"})
    assert (long.status_code, "5001 characters" in long.text, "x" * 5001 in long.text) == (422, True, True)
    assert "<title>Error: " in long.text
    assert visitor.post(target, data={"missing": "x" * 400_000, "end": "1"}).status_code == 413
    assert stored(database) == []


def test_the_language_goes_along_in_the_address(visitor: FlaskClient, code: str) -> None:
    target = visitor.get(f"/check/{code}?lang=es").location
    page = visitor.get(target)
    assert '<html lang="es"' in page.text
    assert "lang=es" in visitor.post(target, data={"theme-0": "yes", "end": "1"}).location


def test_a_closed_check_says_so_kindly(
    planner: FlaskClient, visitor: FlaskClient, database: Database, code: str
) -> None:
    early, late = opened(visitor, code), opened(visitor, code)
    visitor.post(early, data={"theme-0": "yes", "end": "1"})
    assert post(planner, f"{HOME}/1/close").status_code == 303
    assert "This page is closed" in visitor.get(late).text
    reply = visitor.post(late, data={"missing": "<b>Late</b>", "end": "1"})
    assert reply.status_code == 410
    assert "&lt;b&gt;Late" in reply.text
    assert "Your answer is sent" in visitor.get(early).text
    assert visitor.post(early, data={"theme-0": "yes", "end": "1"}).status_code == 303
    post(planner, f"{HOME}/1/open")
    assert "Did we understand you?" in visitor.get(late).text
    assert len(stored(database)) == 1


def test_wrong_codes_are_not_found(visitor: FlaskClient, code: str) -> None:
    for wrong in [
        "x",
        "a" * 22,
        "%00" * 22,
        "%C3%A9" * 22,
        "' or 1=1 --",
        "a" * 3000,
        "..%2f..",
        "%F0%9F%9A%A7",
    ]:
        assert visitor.get(f"/check/{wrong}").status_code == 404
        assert visitor.post(f"/check/{wrong}", data={"end": "1"}).status_code == 404


def test_a_key_that_is_none_stores_nothing(visitor: FlaskClient, database: Database, code: str) -> None:
    for key in ["", "x", "%00", "a" * 23, "é" * 22]:
        assert visitor.get(f"/check/{code}?key={key}").status_code == 302
        reply = visitor.post(f"/check/{code}?key={key}", data={"theme-0": "yes", "end": "1"})
        assert reply.status_code == 422
        assert re.search(r'name="theme-0" value="yes" checked', reply.text)
    assert stored(database) == []


def test_machines_are_slowed_down(
    visitor: FlaskClient, database: Database, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_WRONG", 3)
    monkeypatch.setattr(public, "MOST_SENT", 3)
    wrong = [visitor.get("/check/wrong").status_code for _ in range(5)]
    assert wrong == [404, 404, 404, 429, 429]
    replies = [visitor.post(opened(visitor, code), data={"missing": "Kept", "end": "1"}) for _ in range(4)]
    assert [reply.status_code for reply in replies] == [303, 303, 303, 429]
    assert ">\nKept</textarea>" in replies[-1].text
    assert len(stored(database)) == 3


def test_hostile_marks_are_no_marks(visitor: FlaskClient, database: Database, code: str) -> None:
    target = opened(visitor, code)
    odd = {"theme-0": "perhaps\0", "theme-1": "yes", "theme-77": "yes", "theme-x": "no", "end": "1"}
    assert visitor.post(target, data=odd).status_code == 303
    assert stored(database)[0].marks == {"2": "yes"}


def test_what_people_said_and_miss(
    planner: FlaskClient, visitor: FlaskClient, database: Database, code: str
) -> None:
    for number in range(5):
        if number == 4:
            assert "4 people have answered. Numbers are shown from 5 on." in text_of(planner.get(HOME))
        data = {"theme-0": "yes", "theme-1": "no" if number else "", "missing": NASTY if not number else ""}
        visitor.post(opened(visitor, code), data={**data, "end": "1"})
    page = text_of(planner.get(HOME))
    assert "All groups together: 5 answers" in page
    assert "Phone 0 4 1" in page
    shown = planner.get(f"{HOME}/1")
    assert "<svg onload" not in shown.text
    (id,) = re.findall(r'name="answer" value="([0-9a-f]{32})"', shown.text)
    for said in ("It is a comment of this study now", "It is a comment of this study already"):
        done = post(planner, f"{HOME}/1/add", {"answer": id})
        assert said in planner.get(done.location).text
    assert "added to the comments" in planner.get(f"{HOME}/1").text
    with database.reading() as session:
        assert session.scalars(select(Comment.channel).where(Comment.text == NASTY)).all() == ["session"]
    assert post(planner, f"{HOME}/1/add", {"answer": "\0"}).status_code == 404
    assert post(planner, f"{HOME}/1/add").status_code == 404


def test_deleting_a_check(planner: FlaskClient, visitor: FlaskClient, database: Database, code: str) -> None:
    visitor.post(opened(visitor, code), data={"theme-0": "yes", "end": "1"})
    assert post(planner, f"{HOME}/1/delete").location == HOME
    assert visitor.get(f"/check/{code}").status_code == 404
    assert planner.get(f"{HOME}/1").status_code == 404
    assert stored(database) == []
    with database.reading() as session:
        actions = session.scalars(select(AuditRow.action).order_by(AuditRow.number)).all()
    assert actions[-2:] == ["checks.make", "checks.delete"]


def test_others_do_not_get_in(app: Flask, cast: Cast, code: str, audience: int) -> None:
    other = login(app.test_client(), cast.other_planner)
    assert other.get(f"{HOME}/1").status_code == 404
    assert other.get("/studies/other/checks/1").status_code == 404
    assert other.get(f"/studies/other/checks/new?audience={audience}").status_code == 404
    assert post(other, f"{HOME}/1/delete").status_code == 404
    admin = login(app.test_client(), cast.administrator)
    assert admin.get(HOME).status_code == 403
    assert app.test_client().get(HOME).status_code == 302


def test_a_group_that_is_none(planner: FlaskClient, audience: int) -> None:
    for asked in ["x", "999999", "9" * 40, "-1", "%00", ""]:
        assert planner.get(f"{HOME}/new?audience={asked}").status_code in (200, 404)
        assert post(planner, f"{HOME}/new", {"audience": asked, "theme": "9" * 30}).status_code == 404
