"""The bundle of a summary is for the people of its study."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey import changes
from survey.db import Database
from survey.formats import bundle
from survey.models import Study
from survey.services import studies, summaries
from tests.boards import LABELS, add_comments, add_run, decide
from tests.fixtures import login
from tests.people import Cast
from tests.views.studio import audits

PATH = "/studies/it-plan/summaries/1/bundle.zip"


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, frozen: Study) -> FlaskClient:
    return login(client, cast.planner)


@pytest.fixture
def frozen(database: Database, cast: Cast, study: Study) -> Study:
    """The small study with its board, and summary 1."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
        summaries.freeze(session, studies.by_slug(session, study.slug), "x")
    return study


def test_the_bundle_is_of_the_board_as_it_was(planner: FlaskClient, database: Database) -> None:
    before = audits(database)
    reply = planner.get(PATH)
    assert (reply.status_code, reply.mimetype) == (200, "application/zip")
    assert reply.headers["Content-Disposition"] == "attachment; filename=it-plan-summary-1-bundle.zip"
    assert reply.headers["Cache-Control"] == "no-store"
    assert audits(database) == before
    files, manifest = bundle.read(reply.data)
    assert manifest["summary"]["number"] == 1
    assert LABELS[1] in files[bundle.THEMES].decode()
    with database.writing() as session:
        decide(
            session, studies.by_slug(session, "it-plan"), changes.rename(1, "Another name"), changes.reject(2)
        )
    assert planner.get(PATH).data == reply.data
    # Whoever reads Spanish gets the same bytes.
    assert planner.get(PATH, headers={"Accept-Language": "es"}).data == reply.data


def test_the_page_of_the_summary_leads_to_it(planner: FlaskClient) -> None:
    assert f'href="{PATH}"' in planner.get("/studies/it-plan/summaries/1").text


def test_what_there_is_not(planner: FlaskClient) -> None:
    for number in ("0", "99", str(2**40), "x", "-1"):
        assert planner.get(f"/studies/it-plan/summaries/{number}/bundle.zip").status_code == 404
    assert planner.get("/studies/other/summaries/1/bundle.zip").status_code == 404


def test_only_people_of_the_study_get_it(app: Flask, cast: Cast, frozen: Study) -> None:
    for member, status in ((cast.other_planner, 404), (cast.administrator, 403)):
        assert login(app.test_client(), member).get(PATH).status_code == status
    assert app.test_client().get(PATH).status_code in (302, 303)


def test_a_summary_without_themes_says_why(
    client: FlaskClient, cast: Cast, study: Study, database: Database
) -> None:
    with database.writing() as session:
        plan = studies.by_slug(session, study.slug)
        add_comments(session, plan)
        number = summaries.freeze(session, plan, "x").number
    reply = login(client, cast.planner).get(f"/studies/it-plan/summaries/{number}/bundle.zip")
    assert reply.status_code == 422
    assert "before themes were looked for" in reply.text


def test_a_run_without_a_manifest_is_said_not_to_be_exact(planner: FlaskClient) -> None:
    # The run of the tests was made by hand: it has no hashes.
    files, manifest = bundle.read(planner.get(PATH).data)
    assert manifest["exact"] is False
    told = manifest["files"][bundle.COMMENTS]["sha256"]
    assert told == hashlib.sha256(files[bundle.COMMENTS]).hexdigest()
