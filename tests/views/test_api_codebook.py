"""The codebook through the API: read as JSON and as a file, brought in from a file, all or nothing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey import changes
from survey.db import Database
from survey.models import Study
from survey.services import studies
from survey.views.api.codebook import NAMES
from tests.boards import LABELS, add_comments, add_run
from tests.boards import decide as decided
from tests.people import Cast
from tests.services.test_codebooks import BOMB
from tests.views.test_api import HOME, Program, check_problem, token_of
from tests.views.test_api_decisions import decide, revision, rows

BOOK = f"{HOME}/codebook"
FILE = f"name,parent,definition\nStreets,,<b>\nPotholes,Streets,\n{LABELS[1]},,Online\n{LABELS[2]},,\n,,x\n"
DATA = FILE.encode()


@pytest.fixture
def planner(client: FlaskClient, database: Database, study: Study, cast: Cast) -> Program:
    """A program of the planner, over the small study with its board."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, session.merge(study))
    return Program(client, token_of(database, cast.planner))


def book(program: Program) -> dict[str, dict[str, Any]]:
    reply = program.get(BOOK)
    assert reply.status_code == 200, reply.text
    return {entry["name"]: entry for entry in reply.json["entries"]}  # type: ignore[index]


def test_it_is_read_as_json_and_as_files(planner: Program) -> None:
    decide(planner, "describe", theme=1, definition="At home")
    decide(planner, "nest", theme=3, under=1)
    assert list(book(planner)) == [LABELS[1], LABELS[3], LABELS[2]]
    assert book(planner)[LABELS[1]]["definition"] == "At home"
    assert book(planner)[LABELS[3]]["parent"] == 1
    for format, media_type, start in (
        ("csv", "text/csv", b'\xef\xbb\xbf"number","name"'),
        ("qdc", "application/xml", b"<?xml"),
        ("qdpx", "application/zip", b"PK"),
    ):
        reply = planner.get(BOOK, format=format)
        assert reply.status_code == 200
        assert (reply.mimetype, reply.data[: len(start)]) == (media_type, start)
        assert reply.headers["Content-Disposition"] == f"attachment; filename=it-plan.{format}"
    assert planner.get(BOOK, format="pdf").status_code == 422


def test_a_board_without_live_themes_has_no_file(planner: Program) -> None:
    for theme in (1, 2, 3):
        decide(planner, "reject", theme=theme)
    assert book(planner) == {}
    reply = planner.get(BOOK, format="csv")
    assert reply.status_code == 422
    assert "There are no themes yet" in reply.text


def test_what_goes_out_comes_in_and_changes_nothing(planner: Program, database: Database) -> None:
    decide(planner, "describe", theme=1, definition="At home", example="“Slow.”")
    before = rows(database)
    for format, media_type in (("csv", "text/csv"), ("qdc", "application/xml"), ("qdpx", "application/zip")):
        data = planner.get(BOOK, format=format).data
        reply = planner.send(f"{BOOK}?dry_run=true", data, media_type)
        assert reply.status_code == 200, reply.text
        assert (reply.json["made"], reply.json["changed"]) == ([], [])  # type: ignore[index]
        assert len(reply.json["same"]) == 3  # type: ignore[index]
        refused = planner.send(f"{BOOK}?seen_revision={revision(planner)}", data, media_type)
        assert refused.status_code == 422
        assert "nothing in the file" in refused.text
    assert rows(database) == before


def test_a_file_says_what_it_would_do_then_does_it_and_is_undone(
    planner: Program, database: Database
) -> None:
    before = rows(database)
    dry = planner.send(f"{BOOK}?dry_run=true", DATA)
    assert dry.status_code == 200, dry.text
    assert (dry.json["dry_run"], dry.json["revision"]) == (True, 1)  # type: ignore[index]
    assert rows(database) == before, "nothing is stored yet"
    done = planner.send(f"{BOOK}?seen_revision=1", DATA)
    assert done.status_code == 201, done.text
    parts = ("made", "changed", "same", "remarks")
    assert [done.json[part] for part in parts] == [dry.json[part] for part in parts]  # type: ignore[index]
    assert [(one["name"], one["under"]) for one in done.json["made"]] == [  # type: ignore[index]
        ("Streets", None),
        ("Potholes", "Streets"),
    ]
    assert [one["definition"] for one in done.json["changed"]] == ["Online"]  # type: ignore[index]
    assert any("has no name" in remark for remark in done.json["remarks"])  # type: ignore[index]
    now = book(planner)
    assert now["Potholes"]["parent"] == now["Streets"]["theme"]
    assert rows(database) == (before[0] + 5, before[1] + 5), "an audit row for each decision"
    for number in range(done.json["revision"], 1, -1):  # type: ignore[index]
        decide(planner, "undo", edit=number)
    assert set(book(planner)) == set(LABELS.values())
    assert not any(entry["definition"] for entry in book(planner).values())


def test_a_board_that_has_changed_is_not_overridden(planner: Program, database: Database) -> None:
    with database.writing() as session:
        decided(session, studies.by_slug(session, "it-plan"), changes.rename(2, "Streets"))
    before = rows(database)
    reply = planner.send(f"{BOOK}?seen_revision=1", DATA)
    assert reply.status_code == 409
    problem = check_problem(reply)
    assert ([one["kind"] for one in problem["since"]], problem["revision"]) == (["rename"], 2)
    assert rows(database) == before
    assert planner.send(f"{BOOK}?seen_revision=2", DATA).status_code == 201


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b"<Project>" + b" " * 200_000_000)
    return stream.getvalue()


def test_what_is_no_codebook_is_refused_in_words(planner: Program, database: Database) -> None:
    before = rows(database)
    for data, media_type, status in (
        (b"", "text/csv", 422),
        (b"a,b\n1,2\n", "text/csv", 422),
        (b"\x00\xff" * 50, "text/csv", 422),
        (b"\x00\xff" * 50, "application/xml", 422),
        (BOMB, "application/xml", 422),
        (b"<a/>", "application/xml", 422),
        (b"PK\x03\x04", "application/zip", 422),
        (bomb(), "application/zip", 422),
        (DATA, "application/json", 415),
        (DATA, "multipart/form-data", 415),
        (b"x" * 11_000_000, "text/csv", 413),
    ):
        reply = planner.send(f"{BOOK}?seen_revision=1", data, media_type)
        assert reply.status_code == status, (data[:20], media_type, reply.text)
    for query in ("", "?dry_run=yes", "?dry_run=false", "?seen_revision=-1", "?dry_run=1"):
        assert planner.send(f"{BOOK}{query}", DATA).status_code == 422, query
    assert rows(database) == before
    assert set(book(planner)) == set(LABELS.values())


def test_characters_that_cannot_be_stored_are_not(planner: Program, database: Database) -> None:
    reply = planner.send(f"{BOOK}?seen_revision=1", b"name,definition\nStre\x00ets,a\x00b\n")
    assert reply.status_code in (201, 422), reply.text
    assert "\x00" not in "".join(book(planner))


def test_who_may(client: FlaskClient, planner: Program, database: Database, cast: Cast) -> None:
    for member, scopes, reads, writes in (
        (cast.planner, ("read",), 200, 403),
        (cast.planner, ("decide",), 403, 200),
        (cast.facilitator, ("read", "decide", "run"), 200, 403),
        (cast.other_planner, ("read", "decide", "run"), 404, 404),
        (cast.auditor, ("read", "decide", "run"), 403, 403),
    ):
        program = Program(client, token_of(database, member, scopes))
        assert program.get(BOOK).status_code == reads
        assert program.get(BOOK, format="qdpx").status_code == reads
        for media_type in NAMES:
            assert program.send(f"{BOOK}?dry_run=true", DATA, media_type).status_code in (writes, 422)
        assert program.send(f"{BOOK}?dry_run=true", DATA).status_code == writes
