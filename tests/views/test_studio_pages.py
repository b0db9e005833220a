"""The builder's pages around a survey: its own pages moved and undone, hints, library, versions, starters."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey import starters
from survey.db import Database
from survey.models import Study
from survey.services import studies, surveys
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.studio import HOSTILE, SURVEY, audits, draft, make_survey, questions, revision, send, text_of

NEW = "/studies/it-plan/surveys/new"


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, database: Database, study: Study) -> FlaskClient:
    make_survey(database, study)
    return login(client, cast.facilitator)


def undo(client: FlaskClient, page: str, action: str, **data: Any) -> int:
    """Press the undo of a page: its form goes to `action`."""
    found = re.search(
        rf'action="{re.escape(SURVEY)}{action}".*?name="(removed|replaced)" value="(\d+)"', page, re.S
    )
    assert found, "no undo is offered"
    return post(client, f"{SURVEY}{action}", {found[1]: found[2], **data}).status_code


def test_pages_move_and_are_copied(facilitator: FlaskClient, database: Database) -> None:
    before = audits(database)
    assert send(facilitator, database, "/pages/p1/move", {"to": "down"}).status_code == 303
    assert questions(database) == [["better"], ["ease"]]
    assert send(facilitator, database, "/pages/p1/move", {"to": "down"}).status_code == 422
    assert send(facilitator, database, "/pages/p1/move", {"to": "up"}).status_code == 303
    reply = send(facilitator, database, "/pages/p1/copy")
    assert [len(page) for page in questions(database)] == [1, 1, 1]
    assert "The copy is page 2." in text_of(facilitator.get(reply.location))
    assert audits(database) == before + 3


@pytest.mark.parametrize(("choice", "left"), [("keep", [["ease", "better"]]), ("delete", [["better"]])])
def test_a_deleted_page_comes_back(
    facilitator: FlaskClient, database: Database, choice: str, left: Any
) -> None:
    before = draft(database)["pages"]
    reply = send(facilitator, database, "/pages/p1/delete", {"questions": choice})
    assert questions(database) == left
    page = facilitator.get(reply.location)
    assert ("with its questions" in text_of(page)) == (choice == "delete")
    assert undo(facilitator, page.text, "/pages/restore") == 303
    assert draft(database)["pages"] == before
    assert "/pages/restore" not in facilitator.get(reply.location).text, "it is offered once"
    number = re.search(r"removed_page=(\d+)", reply.location)
    assert number
    assert post(facilitator, f"{SURVEY}/pages/restore", {"removed": number[1]}).status_code == 422
    for wrong in ("0", "1", "x", "9" * 40):
        assert post(facilitator, f"{SURVEY}/pages/restore", {"removed": wrong}).status_code == 404


def test_a_stale_press_on_a_page_changes_nothing(facilitator: FlaskClient, database: Database) -> None:
    old = revision(database)
    send(facilitator, database, "/questions/better/copy")
    before = (draft(database), audits(database))
    for path in ("/pages/p1/move", "/pages/p1/copy", "/pages/p1/delete"):
        reply = post(facilitator, f"{SURVEY}{path}", {"to": "down", "revision": old})
        assert reply.status_code == 409, path
        assert post(facilitator, f"{SURVEY}{path}", {"to": "down"}).status_code == 400, path
    assert (draft(database), audits(database)) == before
    for path in ("/pages/none/move", "/pages/none/copy", "/pages/none/delete"):
        assert send(facilitator, database, path, {"to": "up"}).status_code == 404


def test_hints_stand_beside_the_question_and_never_stop_publishing(
    facilitator: FlaskClient, database: Database
) -> None:
    label = "Don’t you agree that the OIT should utilize faster and friendlier staff?"
    send(facilitator, database, "/pages/p2/add/yes_no", {"label.en": label})
    page = text_of(facilitator.get(SURVEY))
    for words in (
        "pushes people",
        "“utilize” is a word of offices",
        "“OIT”",
        "two things at once",
        "Offer “Don’t know”",
    ):
        assert words in page, words
    assert "school year" in page
    assert send(facilitator, database, "/publish").status_code == 303


def test_a_question_goes_through_the_library_into_another_survey(
    facilitator: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        surveys.add(session, studies.by_slug(session, "it-plan"), "second", "Second", by="tests")
    assert "library is empty" in text_of(facilitator.get(f"{SURVEY}/library"))
    reply = send(facilitator, database, "/questions/ease/library")
    assert reply.status_code == 303
    assert "is in the library now" in text_of(facilitator.get(SURVEY))
    assert send(facilitator, database, "/questions/ease/library").status_code == 422
    second = "/studies/it-plan/surveys/second"
    page = facilitator.get(f"{second}/library?q=EASY")
    put = re.search(rf'action="({second}/library/\d+)"', page.text)
    seen = re.search(r'name="revision" value="(\d+)"', page.text)
    assert put
    assert seen
    assert post(facilitator, put[1], {"revision": seen[1]}).status_code == 303
    assert post(facilitator, put[1], {"revision": seen[1]}).status_code == 409
    assert "How easy is it?" in text_of(facilitator.get(second))
    assert "No question has “tram”" in text_of(facilitator.get(f"{second}/library?q=tram"))
    assert "<script>alert" not in facilitator.get(f"{second}/library", query_string={"q": HOSTILE}).text


def test_a_question_taken_out_of_the_library_comes_back(facilitator: FlaskClient, database: Database) -> None:
    send(facilitator, database, "/questions/better/library")
    page = facilitator.get(f"{SURVEY}/library")
    kept = re.search(rf'action="{SURVEY}(/library/\d+)"', page.text)
    assert kept
    reply = post(facilitator, f"{SURVEY}{kept[1]}/delete")
    page = facilitator.get(reply.location)
    assert "was taken out of the library" in text_of(page)
    assert "What could be better?" not in text_of(facilitator.get(f"{SURVEY}/library"))
    assert undo(facilitator, page.text, "/library/restore") == 303
    assert "What could be better?" in text_of(facilitator.get(f"{SURVEY}/library"))
    assert post(facilitator, f"{SURVEY}{kept[1]}9/delete").status_code == 404
    assert post(facilitator, f"{SURVEY}/library/restore", {"removed": "x"}).status_code == 404


def test_a_question_that_cannot_be_put_in_is_told_on_the_page(
    facilitator: FlaskClient, database: Database
) -> None:
    send(facilitator, database, "/questions/better/library")
    with database.writing() as session:
        surveys.add(session, studies.by_slug(session, "it-plan"), "fr", "Une", language="fr", by="tests")
    page = facilitator.get("/studies/it-plan/surveys/fr/library")
    assert "It has no words in Français" in text_of(page)
    found = re.search(r"/library/(\d+)/delete", page.text)
    assert found
    reply = post(facilitator, f"/studies/it-plan/surveys/fr/library/{found[1]}", {"revision": "1"})
    assert reply.status_code in (409, 422)


def test_versions_are_listed_and_one_comes_back(facilitator: FlaskClient, database: Database) -> None:
    assert "No version yet" in text_of(facilitator.get(f"{SURVEY}/versions"))
    send(facilitator, database, "/publish")
    send(facilitator, database, "/questions/ease/delete")
    send(facilitator, database, "/publish")
    page = text_of(facilitator.get(f"{SURVEY}/versions"))
    assert "Taken out: “How easy is it?”" in page
    assert page.count("fewer than 5 responses") == 2
    send(
        facilitator,
        database,
        "/questions/better",
        {"label.en": "Mine", "max_length": "9", "prompt_kind": "other"},
    )
    mine = draft(database)
    reply = send(facilitator, database, "/versions/1/restore")
    assert reply.status_code == 303
    assert questions(database) == [["ease"], ["better"]]
    page_after = facilitator.get(reply.location)
    assert "Changes that were not published were replaced." in text_of(page_after)
    assert undo(facilitator, page_after.text, "/versions/undo", revision=revision(database)) == 303
    assert draft(database) == mine
    send(facilitator, database, "/versions/1/restore")
    assert send(facilitator, database, "/versions/1/restore").status_code == 422
    assert send(facilitator, database, "/versions/9/restore").status_code == 404
    assert post(facilitator, f"{SURVEY}/versions/2/restore", {"revision": 1}).status_code == 409
    assert post(facilitator, f"{SURVEY}/versions/undo", {"revision": 1, "replaced": "1"}).status_code == 404


def test_starters_are_offered_looked_into_and_taken(facilitator: FlaskClient, database: Database) -> None:
    page = text_of(facilitator.get(NEW))
    for starter in starters.all_of().values():
        assert starter.about["en"] in page
        inside = facilitator.get(f"/studies/it-plan/starters/{starter.name}?language=es")
        assert starter.document.questions[-1].label["es"] in text_of(inside)
        form = facilitator.get(f"{NEW}?starter={starter.name}")
        assert f'value="{starter.raw["title"]["en"]}"' in form.text.replace("’", "’")
    assert facilitator.get("/studies/it-plan/starters/none").status_code == 404
    assert facilitator.get(f"{NEW}?starter=none").status_code == 200


@pytest.mark.parametrize("name", list(starters.all_of()))
def test_every_starter_becomes_a_survey_that_can_be_published_and_answered(
    facilitator: FlaskClient, database: Database, name: str
) -> None:
    starter, before = starters.of_name(name), audits(database)
    data = {"title": starter.raw["title"]["es"], "mode": starter.mode, "layout": "page", "language": "es"}
    reply = post(facilitator, f"{NEW}?starter={name}", data)
    assert reply.status_code == 303, text_of(reply)
    assert audits(database) == before + 1
    assert facilitator.get(reply.location).status_code == 200
    seen = re.search(r'name="revision" value="(\d+)"', facilitator.get(f"{reply.location}/publish").text)
    assert seen, "publishing is offered at once"
    assert post(facilitator, f"{reply.location}/publish", {"revision": seen[1]}).status_code == 303
    public = facilitator.get(f"/answer/{reply.location.rpartition('/')[2]}?lang=es")
    assert starter.raw["title"]["es"] in text_of(public)


def test_a_refused_new_survey_keeps_its_starter(facilitator: FlaskClient) -> None:
    data = {"title": " ", "mode": "anonymous", "layout": "page", "language": "fr"}
    reply = post(facilitator, f"{NEW}?starter=staff-pulse", data)
    assert reply.status_code == 422
    assert "You begin with:" in text_of(reply)
