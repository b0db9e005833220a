"""The pages that bring minutes in."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.dates import now
from survey.db import Database
from survey.models import Comment, CommentImport, GroupSession, Study
from survey.services import studies
from tests.boards import add_comments
from tests.fixtures import login, post, token
from tests.people import Cast

HOME = "/studies/it-plan/minutes"
TEXT = """What works well?
- P1: <script>alert(1)</script> parks
- =1+1 library
What should we improve?
- \u202eRoads 🚧
"""


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Waiting files are kept in the test's own folder, also with PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ids(database: Database, study: Study) -> dict[str, int]:
    """The study with audiences, prompts, and a session of the second audience."""
    with database.writing() as session:
        add_comments(session, study)
        own = studies.by_slug(session, study.slug)
        held = GroupSession(study_id=own.id, audience_id=own.audiences[1].id, made_by="me", made_at=now())
        session.add(held)
        session.flush()
        return {"session": held.id, "audience": own.audiences[0].id, "prompt": own.prompts[1].id}


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, ids: dict[str, int]) -> FlaskClient:
    return login(client, cast.facilitator)


def text_of(reply: TestResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.text)))


def upload(client: FlaskClient, data: bytes, name: str, **more: str) -> TestResponse:
    return post(client, f"{HOME}/import", {"file": (io.BytesIO(data), name), **more})


def upload_whole(client: FlaskClient, text: str, name: str) -> TestResponse:
    """The same, for a file so large that the test client would leave one of its own open."""
    fields = [
        f'name="csrf_token"\r\n\r\n{token(client, HOME)}',
        f'name="file"; filename="{name}"\r\n\r\n{text}',
    ]
    fields.append('name="end"\r\n\r\n1')
    body = (
        "".join(f"--cut\r\nContent-Disposition: form-data; {field}\r\n" for field in fields) + "--cut--\r\n"
    )
    kind = "multipart/form-data; boundary=cut"
    return client.post(f"{HOME}/import", data=body.encode(), content_type=kind)


def imported(database: Database) -> list[Comment]:
    with database.reading() as session:
        query = select(Comment).where(Comment.import_id.is_not(None)).order_by(Comment.position)
        return list(session.scalars(query))


def test_from_pasted_text_to_comments(
    facilitator: FlaskClient, database: Database, ids: dict[str, int]
) -> None:
    page = facilitator.get(f"{HOME}?session={ids['session']}")
    assert f'value="session-{ids["session"]}"' in page.text
    reply = post(facilitator, HOME, {"text": TEXT, "whose": f"session-{ids['session']}"})
    assert reply.status_code == 303
    looked = facilitator.get(reply.location)
    assert "&lt;script&gt;alert(1)" in looked.text
    assert "<script>alert" not in looked.text
    assert f'<option value="session-{ids["session"]}" selected>' in looked.text
    assert "Store 3 comments" in text_of(looked)
    assert imported(database) == []
    form = {"whose": f"session-{ids['session']}", "mode": "bullet", "headings": "y", "leave-there": "y"}
    done = post(facilitator, reply.location, {**form, "store": "1"})
    report = text_of(facilitator.get(done.location))
    assert "3 comments are stored." in report
    assert [(c.text, c.speaker, c.prompt.text if c.prompt else "") for c in imported(database)] == [
        ("<script>alert(1)</script> parks", "P1", "What works well?"),
        ("=1+1 library", None, "What works well?"),
        ("\u202eRoads 🚧", None, "What should we improve?"),
    ]


def test_choices_are_shown_before_anything_is_stored(
    facilitator: FlaskClient, database: Database, ids: dict[str, int]
) -> None:
    target = post(facilitator, HOME, {"text": TEXT}).location
    reply = post(facilitator, target, {"show": "1", "mode": "line", "prompt": str(ids["prompt"])})
    assert reply.status_code == 200
    assert "Store 5 comments" in text_of(reply)
    assert re.search(r'value="line" checked', reply.text)
    assert f'<option value="{ids["prompt"]}" selected>' in reply.text
    assert imported(database) == []


def test_without_an_audience_nothing_is_stored_and_the_choices_stay(
    facilitator: FlaskClient, database: Database
) -> None:
    target = post(facilitator, HOME, {"text": TEXT}).location
    reply = post(facilitator, target, {"store": "1", "mode": "sentence", "headings": "y", "under-1": "leave"})
    assert reply.status_code == 422
    assert "Choose the session or the audience" in text_of(reply)
    assert re.search(r'value="sentence" checked', reply.text)
    assert reply.text.count('value="leave" selected') == 1
    assert '<a href="#whose">' in reply.text
    assert '<select id="whose" name="whose" aria-invalid="true" aria-describedby="whose-error">' in reply.text
    assert 'class="field has-error"' in reply.text
    assert '<p class="error" id="whose-error">Choose the session' in reply.text
    assert "whose-error" not in facilitator.get(target).text
    assert imported(database) == []


def test_a_second_click_leads_to_the_same_report(
    facilitator: FlaskClient, database: Database, ids: dict[str, int]
) -> None:
    target = post(facilitator, HOME, {"text": TEXT}).location
    form = {"whose": f"audience-{ids['audience']}", "headings": "y", "store": "1"}
    first, second = (post(facilitator, target, form) for _ in range(2))
    assert first.location == second.location
    again = post(facilitator, post(facilitator, HOME, {"text": TEXT}).location, form)
    assert again.location == first.location
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CommentImport)) == 1


def test_a_word_document_and_a_table(
    facilitator: FlaskClient, database: Database, ids: dict[str, int]
) -> None:
    document, file = Document(), io.BytesIO()
    document.add_paragraph("The parks", style="List Bullet")
    document.add_paragraph("The pool", style="List Bullet")
    document.save(file)
    for data, name in ((file.getvalue(), "a.docx"), (b"no,comment\n1,Roads\n", "a.csv")):
        reply = upload(facilitator, data, name, whose=f"audience-{ids['audience']}")
        assert reply.status_code == 303, text_of(reply)
        done = post(facilitator, reply.location, {"whose": f"audience-{ids['audience']}", "store": "1"})
        assert done.status_code == 303, text_of(done)
        assert facilitator.get(done.location).status_code == 200
    assert sorted(comment.text for comment in imported(database)) == ["Roads", "The parks", "The pool"]


def test_unreadable_bytes_are_said_where_they_are(facilitator: FlaskClient, ids: dict[str, int]) -> None:
    reply = upload(facilitator, "- Año, sí, más, él\n- caf".encode() + b"\xe9 \x00 and more\n", "a.txt")
    page = text_of(facilitator.get(reply.location))
    assert "2 unreadable characters were replaced" in page
    assert "Line 2, byte 28 of the file: e9" in page


def test_a_file_name_that_no_database_stores(
    facilitator: FlaskClient, database: Database, ids: dict[str, int]
) -> None:
    reply = upload_whole(facilitator, "- The parks are green\n", "a\0\x1bb.txt")
    assert reply.status_code == 303, text_of(reply)
    done = post(facilitator, reply.location, {"whose": f"audience-{ids['audience']}", "store": "1"})
    assert done.status_code == 303, text_of(done)
    assert "ab.txt" in text_of(facilitator.get(done.location))
    with database.reading() as session:
        assert session.scalars(select(CommentImport.file_name)).all() == ["ab.txt"]


BAD_FILES = [
    (b"", "a.txt", "no text"),
    (b"", "", "Choose a file"),
    (b"hello", "a.docx", "no Word document"),
    (b"PK\x03\x04xxxx", "a.docx", "damaged"),
    (b"\0" * 5000, "a.txt", "cannot be read as text"),
    (b"%PDF-1", "minutes.pdf", "PDF"),
]


def test_bad_files_are_refused_with_a_sentence(facilitator: FlaskClient) -> None:
    for data, name, said in BAD_FILES:
        reply = upload(facilitator, data, name)
        assert reply.status_code == 422
        assert said in text_of(reply)
        assert "<title>Error: " in reply.text


def test_bad_text_is_refused_and_kept(facilitator: FlaskClient) -> None:
    reply = post(facilitator, HOME, {"text": "\0" * 300 + "<b>"})
    assert reply.status_code == 422
    assert "&lt;b&gt;" in reply.text
    assert post(facilitator, HOME, {}).status_code == 422


def test_five_megabytes_in_one_paragraph(
    facilitator: FlaskClient, database: Database, ids: dict[str, int]
) -> None:
    many = 25_000 if database.is_sqlite else 1_000  # the same code on both; once is slow enough
    words = " ".join(["evenings and mornings"] * 9)
    text = " ".join(f"Bus {number:05} should run later on {words}." for number in range(many))
    assert len(text) > 200 * many
    reply = upload_whole(facilitator, text, "a.txt")
    done = post(facilitator, reply.location, {"whose": f"audience-{ids['audience']}", "store": "1"})
    assert f"{many} comments are stored." in text_of(facilitator.get(done.location))
    assert len(imported(database)) == many


def test_hostile_choices_do_no_harm(
    facilitator: FlaskClient, database: Database, ids: dict[str, int]
) -> None:
    target = post(facilitator, HOME, {"text": TEXT}).location
    odd = {
        "whose": "audience-1'--\0",
        "mode": "<svg>",
        "prompt": "9" * 400,
        "under-0": "9" * 400,
        "under-1": "\0",
        "column": "\0",
        "headings": "x",
    }
    assert post(facilitator, target, {**odd, "show": "1"}).status_code == 200
    assert post(facilitator, target, {**odd, "store": "1"}).status_code == 422
    for whose in ("session-999999999", "audience-999999999"):
        assert post(facilitator, target, {"whose": whose, "show": "1"}).status_code == 404
    assert facilitator.get(f"{HOME}?session=²").status_code == 200
    assert imported(database) == []


def test_minutes_that_wait_are_their_owners(facilitator: FlaskClient, app: Flask, cast: Cast) -> None:
    target = post(facilitator, HOME, {"text": TEXT}).location
    planner = login(app.test_client(), cast.planner)
    for url in (target, f"{HOME}/look?file=forged", f"{HOME}/look"):
        reply = planner.get(url)
        assert (reply.status_code, reply.location) == (303, HOME)
    assert "choose the file again" in planner.get(HOME).text
    other = login(app.test_client(), cast.other_planner)
    assert other.get(target).status_code == 404
