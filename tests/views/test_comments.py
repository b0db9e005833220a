"""The pages of comments: reading, bringing a file in, its report, taking it back."""

from __future__ import annotations

import html
import io
import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.config import Settings
from survey.db import Database
from survey.jobs import worker
from survey.models import AuditRow, Comment, CommentImport, Study
from tests.bad_files import CASES, Case, table
from tests.fixtures import login, post
from tests.people import Cast

HOME = "/studies/it-plan/comments"
IMPORT = f"{HOME}/import"
GOOD = b"no,words,group\n1,<script>alert(1)</script> buses,Riders\n2,=1+1 trees,Walkers\n"


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Waiting files are kept in the test's own folder, also with PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def choose(client: FlaskClient, data: bytes, name: str = "notes.csv") -> TestResponse:
    return post(client, IMPORT, {"file": (io.BytesIO(data), name)})


def columns(client: FlaskClient, data: bytes, **chosen: str) -> TestResponse:
    """Choose a file, then its columns."""
    reply = choose(client, data)
    assert reply.status_code == 303, reply.text
    return post(client, reply.location, {"text": "words", **chosen})


def text_of(reply: TestResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.text)))


def stored(database: Database, model: type = Comment) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_empty_study_says_what_to_do(facilitator: FlaskClient) -> None:
    page = facilitator.get(HOME)
    assert page.status_code == 200
    assert f'href="{IMPORT}"' in page.text
    assert "/studies/it-plan/surveys" in page.text


def test_from_file_to_comments(facilitator: FlaskClient, database: Database) -> None:
    reply = choose(facilitator, GOOD)
    page = facilitator.get(reply.location)
    assert "&lt;script&gt;alert(1)" in page.text
    assert '<option value="group" selected>' in page.text
    assert stored(database) == 0
    reply = post(facilitator, reply.location, {"text": "words", "audience": "group", "id": "no"})
    assert reply.status_code == 303
    report = text_of(facilitator.get(reply.location))
    assert "2 comments are stored." in report
    assert "Riders, Walkers" in report
    listed = facilitator.get(HOME)
    assert "&lt;script&gt;alert(1)" in listed.text
    assert "=1+1 trees" in listed.text
    assert "<script>alert" not in listed.text


def test_the_waiting_file_is_its_owners_and_goes_when_used(
    facilitator: FlaskClient, test_settings: Settings, tmp_path: Path
) -> None:
    reply = choose(facilitator, GOOD)
    (waiting,) = [path for path in tmp_path.rglob("uploads/*") if path.is_file()]
    assert stat.S_IMODE(waiting.stat().st_mode) == 0o600
    assert waiting.name not in reply.location
    post(facilitator, reply.location, {"text": "words"})
    assert not waiting.exists()


def test_a_file_name_that_no_database_stores(facilitator: FlaskClient, database: Database) -> None:
    reply = choose(facilitator, GOOD, "a\0b.csv")
    assert reply.status_code == 303, text_of(reply)
    done = post(facilitator, reply.location, {"text": "words"})
    assert done.status_code == 303, text_of(done)
    assert "ab.csv" in text_of(facilitator.get(done.location))
    with database.reading() as session:
        assert session.scalars(select(CommentImport.file_name)).all() == ["ab.csv"]


def test_a_file_is_found_by_who_chose_it_only(facilitator: FlaskClient, app: Flask, cast: Cast) -> None:
    target = choose(facilitator, GOOD).location
    planner = login(app.test_client(), cast.planner)
    for url in (target, f"{IMPORT}/columns?file=forged", f"{IMPORT}/columns"):
        reply = planner.get(url)
        assert (reply.status_code, reply.location) == (303, IMPORT)
    assert "Choose it again" in planner.get(IMPORT).text
    other = login(app.test_client(), cast.other_planner)
    assert other.get(target.replace("it-plan", "other")).location == "/studies/other/comments/import"


def test_a_second_click_leads_to_the_same_report(facilitator: FlaskClient, database: Database) -> None:
    target = choose(facilitator, GOOD).location
    first, second = (post(facilitator, target, {"text": "words"}) for _ in range(2))
    assert first.location == second.location
    assert (stored(database), stored(database, CommentImport)) == (2, 1)
    third = columns(facilitator, GOOD)
    assert third.location == first.location
    assert "imported on" in text_of(facilitator.get(third.location))
    assert stored(database) == 2


def test_refused_rows_are_named_and_what_was_chosen_stays(
    facilitator: FlaskClient, database: Database
) -> None:
    data = GOOD + b"3,,Riders\n"
    target = choose(facilitator, data).location
    reply = post(facilitator, target, {"text": "words", "audience": "group"})
    assert reply.status_code == 422
    assert "Nothing was stored" in text_of(reply)
    assert "Line 4 has no text" in text_of(reply)
    assert '<option value="group" selected>' in reply.text
    assert (stored(database), stored(database, AuditRow)) == (0, stored(database, AuditRow))
    again = post(facilitator, target, {"text": "words", "audience": "group", "partial": "y"})
    assert again.status_code == 303
    report = text_of(facilitator.get(again.location))
    assert "1 row was refused Line 4 has no text" in report
    assert stored(database) == 2


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"text": ""}, "Choose the column that holds the comments."),
        ({"text": "no such column"}, "Not a valid choice"),
        ({"text": "words", "audience": "words"}, ""),
    ],
)
def test_a_wrong_column(
    facilitator: FlaskClient, database: Database, chosen: dict[str, str], words: str
) -> None:
    reply = columns(facilitator, GOOD, **chosen)
    assert reply.status_code == (422 if words else 303)
    assert words in reply.text


def test_the_wave_is_offered_stored_and_told(facilitator: FlaskClient, database: Database) -> None:
    target = choose(facilitator, b"words,round\nMore buses,2025\n").location
    assert '<option value="round" selected>' in facilitator.get(target).text
    report = columns(facilitator, b"words,round\nMore buses,2025\n", wave="round").location
    assert "Wave column “round”" in text_of(facilitator.get(report))
    with database.reading() as session:
        assert session.scalars(select(Comment.wave)).all() == ["2025"]


def test_no_file(facilitator: FlaskClient) -> None:
    reply = post(facilitator, IMPORT)
    assert reply.status_code == 422
    assert "Choose a file." in reply.text
    assert "<title>Error" in reply.text


def test_a_file_that_is_too_large(facilitator: FlaskClient, database: Database) -> None:
    body, kind = b"x" * 11_000_000, "multipart/form-data; boundary=x"
    reply = facilitator.post(IMPORT, data=body, content_type=kind)
    assert reply.status_code == 413
    assert "That is too long" in reply.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_files_as_they_come(facilitator: FlaskClient, database: Database, case: Case) -> None:
    reply = choose(facilitator, case.data, case.file)
    if reply.status_code == 303:
        page = facilitator.get(reply.location)
        assert page.status_code == 200
        chosen = re.findall(
            r'<select[^>]*name="(\w+)"[^>]*>.*?<option value="([^"]*)" selected', page.text, re.S
        )
        assert ("text", "comment") in chosen
        reply = post(facilitator, reply.location, dict(chosen))
    if case.refused:
        assert reply.status_code == 422
        assert case.refused in text_of(reply)
    else:
        assert reply.status_code == 303, text_of(reply)
    assert stored(database) == case.stored


@pytest.mark.parametrize("case", [case for case in CASES if case.found], ids=lambda case: case.name)
def test_files_in_which_there_are_no_themes(
    facilitator: FlaskClient, app: Flask, cast: Cast, database: Database, case: Case
) -> None:
    post(facilitator, choose(facilitator, case.data).location, {"text": "comment"})
    planner = login(app.test_client(), cast.planner)
    reply = post(planner, "/studies/it-plan/themes/find", {})
    if reply.status_code == 303:
        worker.drain(database)
        reply = planner.get(reply.location)
    assert case.found in text_of(reply)


def test_near_duplicates_follow(facilitator: FlaskClient, database: Database) -> None:
    report = columns(facilitator, table(("Fix the road",) * 3).replace("comment", "words").encode()).location
    page = facilitator.get(report)
    assert "Looking for near duplicates" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "2 say the same as an earlier row" in text_of(page)
    worker.drain(database)
    page = facilitator.get(report)
    assert "0 say nearly the same" in text_of(page)
    assert "refresh" not in page.text


def test_taking_an_import_back(facilitator: FlaskClient, database: Database) -> None:
    report = columns(facilitator, GOOD).location
    assert "Take this import back" in facilitator.get(report).text
    reply = post(facilitator, f"{report}/take-back")
    assert (reply.status_code, reply.location, stored(database)) == (303, HOME, 0)
    assert "is taken back" in text_of(facilitator.get(HOME))
    assert facilitator.get(report).status_code == 404
    assert post(facilitator, f"{report}/take-back").status_code == 404


def test_filters_and_pages(facilitator: FlaskClient, database: Database) -> None:
    rows = "".join(
        f"{n},Word{n} of {'Riders' if n % 2 else 'Walkers'},{'Riders' if n % 2 else 'W & <b>'}\n"
        for n in range(120)
    )
    columns(facilitator, f"no,words,group\n{rows}".encode(), audience="group")
    with database.reading() as session:
        study = session.scalars(select(Study).where(Study.slug == "it-plan")).one()
        riders = next(audience.id for audience in study.audiences if audience.name == "Riders")
    assert "Page 1 of 3" in facilitator.get(HOME).text
    page = facilitator.get(f"{HOME}?audience={riders}&text=of+Riders")
    assert "60 comments" in text_of(page)
    assert "W &amp; &lt;b&gt; (60)" in page.text
    (after,) = re.findall(r'rel="next" href="([^"]+)"', page.text)
    follows = facilitator.get(html.unescape(after))
    assert "Page 2 of 2" in follows.text
    assert "Word119 of" in follows.text
    assert "Word118 of" not in follows.text


@pytest.mark.parametrize(
    "query",
    [
        "audience=x&prompt=x&page=x&import_id=x",
        "audience=99999999999999999999&prompt=-1&import_id=99999999999999999999&page=99999999999999999999",
        "text=%00%F0%9F&channel=%00",
        "slug=other&endpoint=x&number=1&of=2&args=3",
        "text=" + "%25" * 3000,
    ],
)
def test_strange_addresses_show_a_page(facilitator: FlaskClient, query: str) -> None:
    columns(facilitator, GOOD)
    assert facilitator.get(f"{HOME}?{query}").status_code == 200


@pytest.mark.parametrize("path", [HOME, IMPORT, f"{IMPORT}/columns", "/studies/it-plan/imports/1"])
def test_who_may_see(app: Flask, client: FlaskClient, cast: Cast, path: str) -> None:
    assert client.get(path).status_code == 302
    assert login(app.test_client(), cast.other_planner).get(path).status_code == 404
    for member in (cast.administrator, cast.auditor):
        assert login(app.test_client(), member).get(path).status_code == 403


def test_impossible_ids_are_not_found(facilitator: FlaskClient) -> None:
    for number in ("0", "99999", "99999999999999999999", "x", "-1"):
        assert facilitator.get(f"/studies/it-plan/imports/{number}").status_code == 404
        assert facilitator.get(f"/studies/it-plan/jobs/{number}").status_code == 404
