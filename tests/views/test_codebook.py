"""The pages of the codebook: writing entries, taking it away, bringing one in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey import changes
from survey.board import BoardTheme
from survey.db import Database
from survey.models import Study
from tests.boards import LABELS, add_comments, add_run, board_of, decide
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.test_codebooks import BOMB
from tests.views.studio import HOSTILE, audits, text_of

BOOK = "/studies/it-plan/codebook"
IMPORT = f"{BOOK}/import"


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Waiting files are kept in the test's own folder, also with PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def themes(database: Database, cast: Cast, study: Study) -> dict[int, int]:
    with database.writing() as session:
        add_comments(session, study)
        return add_run(session, study)


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, themes: dict[int, int]) -> FlaskClient:
    return login(client, cast.planner)


def choose(client: FlaskClient, data: bytes, name: str = "codes.csv") -> TestResponse:
    return post(client, IMPORT, {"file": (io.BytesIO(data), name)})


def found(database: Database, study: Study) -> dict[str, BoardTheme]:
    with database.writing() as session:
        return {theme.name: theme for theme in board_of(session, study).themes}


def test_an_entry_is_written_and_undone(planner: FlaskClient, database: Database, study: Study) -> None:
    assert "Nothing is written down yet" in planner.get(BOOK).text
    form = {"revision": 1, "definition": HOSTILE, "include": "a\r\nb", "exclude": "\0", "example": ""}
    form["next"] = f"{BOOK}#theme-1"
    before = audits(database)
    reply = post(planner, f"{BOOK}/1", form)
    assert (reply.status_code, reply.location) == (303, f"{BOOK}#theme-1")
    assert audits(database) == before + 1
    page = planner.get(BOOK)
    assert "Described “internet; home”" in page.text
    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" in text_of(page)
    assert found(database, study)[LABELS[1]].entry["include"] == "a\nb"
    assert "a\nb</textarea>" in planner.get(f"{BOOK}/1").text
    assert post(planner, "/studies/it-plan/themes/undo", {"edit": 2, "revision": 2}).status_code == 303
    assert not any(found(database, study)[LABELS[1]].entry.values())


def test_what_is_too_long_is_kept_on_the_page(planner: FlaskClient, database: Database) -> None:
    before = audits(database)
    reply = post(planner, f"{BOOK}/1", {"revision": 1, "definition": "x" * 5001, "include": "kept"})
    assert reply.status_code == 422
    assert "x" * 5001 in reply.text
    assert "kept</textarea>" in reply.text
    assert audits(database) == before


def test_a_stale_entry_shows_both(planner: FlaskClient, database: Database, study: Study) -> None:
    with database.writing() as session:
        decide(session, study, changes.describe(1, {"definition": "Theirs"}))
    reply = post(planner, f"{BOOK}/1", {"revision": 1, "definition": "Mine, typed for an hour"})
    assert reply.status_code == 409
    assert "Mine, typed for an hour" in reply.text
    assert found(database, study)[LABELS[1]].entry["definition"] == "Theirs"


@pytest.mark.parametrize(
    ("path", "name", "media_type", "start"),
    [
        ("files/csv", "it-plan-codebook.csv", "text/csv; charset=utf-8", b'\xef\xbb\xbf"number","name"'),
        ("files/qdc", "it-plan-codebook.qdc", "application/xml", b"<?xml"),
        ("project", "it-plan-coded.qdpx", "application/zip", b"PK"),
    ],
)
def test_files(planner: FlaskClient, path: str, name: str, media_type: str, start: bytes) -> None:
    assert f'href="{BOOK}/{path}"' in planner.get(BOOK).text
    reply = planner.get(f"{BOOK}/{path}")
    assert reply.data.startswith(start)
    assert reply.headers["Content-Type"].startswith(media_type.partition(";")[0])
    assert reply.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_file_shows_what_it_would_do_and_then_does_it(
    planner: FlaskClient, database: Database, study: Study, uploads: Path
) -> None:
    data = (
        f"name,parent,definition\nStreets,,<script>alert(1)</script>\nPotholes,Streets,\n{LABELS[1]},,Online\n{LABELS[2]},,\n,,x\n"
    ).encode()
    before = audits(database)
    target = choose(planner, data).location
    page = planner.get(target)
    assert page.status_code == 200
    words = text_of(page)
    for there in (
        "2 new themes",
        "1 theme changed",
        "1 as it is already",
        "Sub-theme of “Streets”",
        "has no name",
    ):
        assert there in words, there
    assert "<script>alert" not in page.text
    assert audits(database) == before, "nothing is stored yet"
    assert set(found(database, study)) == set(LABELS.values())
    assert post(planner, target, {"revision": 1}).status_code == 303
    now = found(database, study)
    assert now["Potholes"].parent == now["Streets"].id
    assert now[LABELS[1]].entry["definition"] == "Online"
    assert audits(database) == before + 5, "one for each decision"
    # A second click finds no file any more, and does nothing.
    again = post(planner, target, {"revision": 1})
    assert (again.status_code, again.location) == (303, IMPORT)
    assert audits(database) == before + 5
    assert list((uploads / "var").rglob("*")) == [] or all(
        path.is_dir() for path in (uploads / "var").rglob("*")
    )


def test_a_board_that_changed_meanwhile_is_shown_again(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    target = choose(planner, b"name\nStreets\n").location
    with database.writing() as session:
        decide(session, study, changes.rename(2, "Streets"))
    reply = post(planner, target, {"revision": 1})
    assert reply.status_code == 409
    assert "The board has changed since you looked at it" in reply.text
    assert "1 as it is already" in text_of(reply)
    assert len(found(database, study)) == 3


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"\x00\xff" * 50, "a.qdc"),
        (b"PK\x03\x04", "a.qdpx"),
        (BOMB, "a.qdc"),
        (b"<a/>", "a.xml"),
    ],
)
def test_what_is_no_codebook_is_refused_in_words(planner: FlaskClient, data: bytes, name: str) -> None:
    reply = choose(planner, data, name)
    assert reply.status_code == 422
    assert '<a href="#file">' in reply.text


def test_a_bomb_in_a_project_is_refused(planner: FlaskClient) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b"<Project>" + b" " * 200_000_000)
    assert choose(planner, stream.getvalue(), "a.qdpx").status_code == 422


def test_no_file_and_a_forged_one(planner: FlaskClient) -> None:
    assert "Choose a file." in post(planner, IMPORT, {}).text
    for query in ("", "?file=forged", "?file=%00"):
        reply = planner.get(f"{IMPORT}/check{query}")
        assert (reply.status_code, reply.location) == (303, IMPORT)


def test_a_file_is_found_by_who_chose_it_only(app: Flask, planner: FlaskClient, cast: Cast) -> None:
    target = choose(planner, b"name\nStreets\n").location
    assert login(app.test_client(), cast.other_planner).get(target).status_code == 404
    assert login(app.test_client(), cast.facilitator).get(target).status_code == 403


def test_who_may(app: Flask, cast: Cast, themes: dict[int, int]) -> None:
    for member, reads, writes in (
        (cast.planner, 200, 200),
        (cast.facilitator, 200, 403),
        (cast.other_planner, 404, 404),
        (cast.auditor, 403, 403),
    ):
        client = login(app.test_client(), member)
        for path in (BOOK, f"{BOOK}/files/csv", f"{BOOK}/files/qdc", f"{BOOK}/project"):
            assert client.get(path).status_code == reads, (member.email, path)
        for path in (IMPORT, f"{BOOK}/1"):
            assert client.get(path).status_code == writes, (member.email, path)


@pytest.mark.parametrize("path", ["/999", f"/{2**40}", "/x", "/files/pdf", "/files/qdpx", "/files/%00"])
def test_what_is_not_there(planner: FlaskClient, path: str) -> None:
    assert planner.get(BOOK + path).status_code == 404


def test_before_themes_are_found(client: FlaskClient, cast: Cast, study: Study) -> None:
    login(client, cast.planner)
    assert client.get(BOOK).location == "/studies/it-plan/themes"
    assert client.get(IMPORT).status_code == 404
    assert client.get(f"{BOOK}/files/csv").status_code == 422
