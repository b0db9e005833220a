"""Freezing a summary and taking it away, in a browser."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

import openpyxl
import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import select

from survey import changes, models
from survey.board import Change
from survey.db import Database
from survey.jobs import worker
from survey.models import Study
from tests.boards import COMMENTS, LABELS, add_comments, add_run, decide
from tests.fixtures import login, post
from tests.people import Cast

SUMMARY, SUMMARIES = "/studies/it-plan/summary", "/studies/it-plan/summaries"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


@pytest.fixture
def themes(database: Database, cast: Cast, study: Study) -> dict[int, int]:
    """The small study: theme 1 accepted, theme 2 merged into it, theme 3 of one group only."""
    with database.writing() as session:
        add_comments(session, study)
        themes = add_run(session, study)
        one, two, _three = themes.values()
        decide(session, study, Change("accept", {"theme": one}), changes.merge(one, [two]))
        decide(session, study, changes.quote("a1", "cleared", [(14, 29)]))
    return themes


def freeze(client: FlaskClient, database: Database, number: int = 1) -> str:
    """Freeze a summary as people do, let the worker work, and give the page of the summary."""
    waiting = post(client, SUMMARIES).location
    assert "Freezing a summary" in client.get(waiting).text
    worker.drain(database)
    reply = client.get(waiting)
    assert (reply.status_code, reply.location) == (303, f"{SUMMARIES}/{number}")
    return client.get(reply.location).text


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def test_who_may_take_summaries_away(
    client: FlaskClient, cast: Cast, database: Database, themes: dict[int, int]
) -> None:
    login(client, cast.planner)
    freeze(client, database)
    pages = (SUMMARY, f"{SUMMARIES}/1", *(f"{SUMMARIES}/1/{name}" for name in TYPES))
    for member, status in [
        (cast.planner, 200),
        (cast.facilitator, 200),
        (cast.other_planner, 404),
        (cast.administrator, 403),
        (cast.auditor, 403),
    ]:
        post(client, "/sign-out")
        login(client, member)
        for page in pages:
            assert client.get(page).status_code == status, (member.email, page)
        if status != 200:
            assert post(client, SUMMARIES).status_code == status


def test_what_would_be_taken_away_is_shown_first(facilitator: FlaskClient, themes: dict[int, int]) -> None:
    page = facilitator.get(SUMMARY).text
    assert LABELS[1] in page
    assert "Raised in 3 of 3 groups" in page
    assert "Frozen summaries" not in page
    assert "Freeze a summary" in page
    assert "1 theme has a cleared quote." in page


def test_freezing_leads_to_a_page_that_does_not_change(
    facilitator: FlaskClient, database: Database, study: Study, themes: dict[int, int]
) -> None:
    page = freeze(facilitator, database)
    for words in (
        "No text left this machine",
        "Seed",
        "in no theme",
        "Only one group",
        LABELS[3],
        "“Comment a1 of […]”",
        "No quote was cleared for this theme.",
        "for the office&#39;s own use",
    ):
        assert words in page, words
    with database.writing() as session:
        decide(session, study, changes.rename(themes[1], "Renamed afterwards"))
    assert facilitator.get(f"{SUMMARIES}/1").text == page
    assert "Renamed afterwards" in facilitator.get(SUMMARY).text
    assert "Summary 1" in facilitator.get(SUMMARY).text


def test_the_labels_of_what_was_frozen_follow_the_language_of_the_page(
    facilitator: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    freeze(facilitator, database)
    page = facilitator.get(f"{SUMMARIES}/1?lang=es").text
    assert "<dt>Decisiones de personas</dt>" in page
    assert "<dt>Decisions by people</dt>" not in page
    frozen = '<dd lang="en" dir="ltr">No text left this machine'
    assert frozen in page, "the frozen words stay, and say their language"


def test_files_are_attachments_with_the_numbers_of_the_page(
    facilitator: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    freeze(facilitator, database)
    page = facilitator.get(f"{SUMMARIES}/1").text
    files = {}
    for name, media_type in TYPES.items():
        reply = facilitator.get(f"{SUMMARIES}/1/{name}")
        assert reply.headers["Content-Type"] == media_type
        assert reply.headers["Content-Disposition"] == f"attachment; filename=it-plan-summary-1.{name}"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store"
        assert f'href="{SUMMARIES}/1/{name}"' in page
        files[name] = reply.data
    summary = json.loads(files["json"])["summary"]
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert sorted(row["comment_id"] for row in rows) == sorted(COMMENTS)
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))["Themes"]
    header, *lines = sheet.iter_rows(values_only=True)
    in_xlsx = {line[header.index("theme")]: line[header.index("comments")] for line in lines}
    tables = [
        table
        for table in Document(io.BytesIO(files["docx"])).tables
        if [cell.text for cell in table.rows[0].cells][:2] == ["Theme", "Comments"]
    ]
    in_docx = {row.cells[0].text: row.cells[1].text for table in tables for row in table.rows}
    on_page = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="n">(\d+)</td>', page))
    for theme in summary["themes"]:
        assert sum(theme["id"] in row["theme_ids"].split("; ") for row in rows) == theme["size"]
        assert in_xlsx[theme["name"]] == theme["size"]
        assert in_docx[theme["name"]] == on_page[theme["name"]] == str(theme["size"])


def test_without_comments_there_is_nothing_to_take(facilitator: FlaskClient, database: Database) -> None:
    assert "There are no comments yet" in facilitator.get(SUMMARY).text
    reply = post(facilitator, SUMMARIES)
    assert reply.status_code == 422
    assert "Import comments first" in reply.text
    with database.reading() as session:
        assert session.scalars(select(models.Summary)).all() == []


def test_without_a_run_the_comments_are_taken(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        add_comments(session, study)
    assert "There are no themes yet" in facilitator.get(SUMMARY).text
    page = freeze(facilitator, database)
    assert "each comment is listed without one" in page
    assert len(facilitator.get(f"{SUMMARIES}/1/csv").data.decode("utf-8-sig").splitlines()) == 1 + len(
        COMMENTS
    )
    for name in TYPES:
        assert facilitator.get(f"{SUMMARIES}/1/{name}").status_code == 200


def test_what_is_not_there(facilitator: FlaskClient, database: Database, themes: dict[int, int]) -> None:
    freeze(facilitator, database)
    for path in ("/2", "/99999999999999999999", "/1/exe", "/1/..%2fcsv", "/2/csv", "/making/99", "/making/0"):
        assert facilitator.get(SUMMARIES + path).status_code == 404, path


def test_an_invented_study_says_so(
    facilitator: FlaskClient, database: Database, study: Study, themes: dict[int, int]
) -> None:
    with database.writing() as session:
        session.get_one(Study, study.id).demo = True
    page = unescape(freeze(facilitator, database))
    assert "Invented for a demonstration" in page


def test_a_second_freezing_waits_for_the_first(
    facilitator: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    first, second = (post(facilitator, SUMMARIES).location for _ in range(2))
    assert first == second
    worker.drain(database)
    with database.reading() as session:
        assert session.scalars(select(models.Summary.number)).all() == [1]


def test_what_could_not_be_frozen_says_why(
    facilitator: FlaskClient, database: Database, study: Study, themes: dict[int, int]
) -> None:
    waiting = post(facilitator, SUMMARIES).location
    with database.writing() as session:
        job = session.scalars(select(models.Job).where(models.Job.kind == "freeze")).one()
        job.state, job.message = (
            "failed",
            "Another summary was frozen in the meantime. Freeze this one again.",
        )
    page = facilitator.get(waiting)
    assert "Freeze this one again." in page.text
    assert "Error:" in page.text
