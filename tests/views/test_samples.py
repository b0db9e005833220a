"""Double coding in a browser: drawing, who may, the agreement, settling."""

# ruff: noqa: F811 (fixtures are named as arguments)
from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from survey.jobs import worker
from survey.models import Edit, Person, Sample
from survey.services import codings, samples
from survey.services.codings import Given
from survey.views.review.sample_words import STAGES, reading
from tests.boards import LABELS
from tests.fixtures import login, post
from tests.people import Cast
from tests.samples import (  # noqa: F401 (fixtures)
    NONE,
    code,
    code_and_compare,
    draw,
    drawn,
    finish,
    get,
    positions,
    study_of,
    themes,
)
from tests.views.sample_pages import (  # noqa: F401 (fixtures)
    CODE,
    SAMPLES,
    SECRET,
    audit_rows,
    codes,
    facilitator,
    planner,
    stored,
    text_of,
)


def wish(cast: Cast, **more: object) -> dict[str, object]:
    """The form that draws a sample, filled in."""
    usual = {"size": "12", "first": cast.planner.id, "second": cast.facilitator.id, "per_page": "1"}
    return {**usual, "by_audience": "y", "by_theme": "y", "seed": "5", **more}


def test_before_there_are_themes(planner: FlaskClient, facilitator: FlaskClient) -> None:
    page = planner.get(SAMPLES)
    assert "no themes on the board" in text_of(page)
    assert "<form" not in page.text.split("<main")[1]
    assert "No sample was drawn yet" in text_of(facilitator.get(SAMPLES))


def test_a_planner_draws(planner: FlaskClient, database: Database, cast: Cast, themes: list[int]) -> None:
    page = planner.get(SAMPLES).text
    assert 'value="14"' in page, "fifty are more than there are"
    before = audit_rows(database)
    reply = post(planner, SAMPLES, wish(cast, hide_context="y", per_page="5"))
    assert (reply.status_code, reply.location) == (303, f"{SAMPLES}/1")
    assert audit_rows(database) == before + 1
    with database.reading() as session:
        sample = get(session)
        assert (sample.size, sample.seed, sample.hide_context, sample.per_page) == (12, 5, True, 5)
        assert [coder.person_id for coder in sample.coders] == [cast.planner.id, cast.facilitator.id]
    for client in (planner, login(planner.application.test_client(), cast.facilitator)):
        assert "Code" in text_of(client.get(SAMPLES))
        assert "You are one of the two coders" in text_of(client.get(f"{SAMPLES}/1"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"size": ""}, "Type how many comments to draw"),
        ({"size": "0"}, "from 10 to 500"),
        ({"size": "5000"}, "from 10 to 500"),
        ({"size": "many"}, "whole number"),
        ({"size": "15"}, "There are 14 comments to draw from"),
        ({"size": "9" * 400}, "smaller number"),
        ({"seed": "-1"}, "from 0 to 2,147,483,647"),
        ({"seed": "2147483648"}, "from 0 to 2,147,483,647"),
        ({"first": "x"}, "who work on this study"),
        ({"first": ""}, "who work on this study"),
        ({"first": "9" * 30}, "who work on this study"),
        ({"per_page": "3"}, "Choose how many comments a page shows"),
    ],
)
def test_wrong_wishes_are_told_and_kept(
    planner: FlaskClient, database: Database, cast: Cast, themes: list[int], wrong: dict[str, str], words: str
) -> None:
    before = audit_rows(database)
    reply = post(planner, SAMPLES, wish(cast, **wrong))
    assert reply.status_code == 422
    assert words in text_of(reply)
    assert "<title>Error: " in reply.text
    assert audit_rows(database) == before
    size = wrong.get("size", "12")
    assert f'value="{size}"' in reply.text or len(size) > 100
    with database.reading() as session:
        assert session.scalars(select(Sample)).all() == []


def test_the_same_person_twice_and_a_person_of_another_study(
    planner: FlaskClient, cast: Cast, themes: list[int]
) -> None:
    for person, words in ((cast.planner, "two different people"), (cast.other_planner, "who work on this")):
        reply = post(planner, SAMPLES, wish(cast, second=person.id))
        assert (reply.status_code, words in text_of(reply)) == (422, True)
    assert cast.other_planner.email not in planner.get(SAMPLES).text


def test_who_may(app: Flask, database: Database, cast: Cast, drawn: list[int]) -> None:
    reads = ("", "/1", "/1/code", "/1/code/1", "/1/code/check")
    for member, may_read, may_settle in (
        (cast.planner, True, True),
        (cast.facilitator, True, False),
        (cast.other_planner, False, False),
        (cast.administrator, False, False),
        (cast.auditor, False, False),
    ):
        client = login(app.test_client(), member)
        refused = 404 if member is cast.other_planner else 403
        for path in reads:
            found = client.get(SAMPLES + path).status_code
            assert found in (200, 302) if may_read else found == refused, (member.email, path)
        for path in ("", "/1/settle/1", "/1/compare"):
            found = post(client, SAMPLES + path, {"how": "left"}).status_code
            wanted = refused if not may_read else 403
            assert found != 403 if may_settle else found == wanted, (member.email, path)
    assert app.test_client().get(SAMPLES).status_code == 302


def test_what_is_not_there_is_not_found(planner: FlaskClient, drawn: list[int]) -> None:
    for path in ("/2", "/0", "/x", "/2/code", "/2/code/1", "/2/code/check", f"/{2**40}"):
        assert planner.get(SAMPLES + path).status_code == 404, path
    for path in ("/2/code/1", "/2/code/finish", "/2/settle/1", "/1/settle/1", "/2/compare"):
        assert post(planner, SAMPLES + path, {"how": "first"}).status_code == 404, path


@pytest.fixture
def compared(database: Database, drawn: list[int]) -> list[int]:
    """Both finished: on a1 the first says theme 2, the second themes 1 and 3; else both say none."""
    one, two, three = drawn
    first = {"a1": Given((two,), note="Phones <only>")}
    second = {"a1": Given((one, three), unsure=True)}
    code_and_compare(database, lambda id: first.get(id, NONE), lambda id: second.get(id, NONE))
    return drawn


def test_both_finish_and_the_figures_come(
    planner: FlaskClient, facilitator: FlaskClient, database: Database, drawn: list[int]
) -> None:
    for client, place in ((planner, 1), (facilitator, 2)):
        code(database, place, lambda id: Given((drawn[0],)) if id < "n" else NONE)
        assert post(client, f"{CODE}/finish").status_code == 303
    page = planner.get(f"{SAMPLES}/1")
    assert "Both have finished" in text_of(page)
    assert "data-live" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "To compare" in text_of(planner.get(SAMPLES))
    worker.drain(database)
    page = planner.get(f"{SAMPLES}/1")
    assert "The two agree well" in text_of(page)
    assert "Nothing: both put every comment into the same themes." in text_of(page)
    assert "refresh" not in page.text
    assert "Compared" in text_of(facilitator.get(SAMPLES))


def test_the_page_of_agreement(planner: FlaskClient, database: Database, compared: list[int]) -> None:
    page = planner.get(f"{SAMPLES}/1")
    words = text_of(page)
    assert page.text.count("<h1") == 1
    assert "The two hardly agree" in words
    assert "93% of 14 comments" in words
    with database.reading() as session:
        found = get(session).agreement or {}
    assert f"<b>{found['main']['kappa']['value']:.2f}</b>" in page.text
    for theme in found["themes"][:-1]:
        row = re.search(rf'<th scope="row">{re.escape(theme["name"])}</th>(.*?)</tr>', page.text, re.S)
        assert row
        numbers = re.findall(r'<td class="n"[^>]*>(\d+)</td>', row[1])
        assert numbers == [str(theme[key]) for key in ("first", "second", "both")]
    listed = words[words.index("What they disagree on") :]
    assert "1 comment, 0 of it settled." in listed
    assert "planner " + LABELS[2] + " Phones <only>" in listed
    assert f"facilitator {LABELS[1]} · {LABELS[3]} not sure" in listed
    assert f"On the board now {LABELS[1]} by the machine" in listed


def test_settling_from_the_page(
    planner: FlaskClient, facilitator: FlaskClient, database: Database, compared: list[int]
) -> None:
    position = positions(database)["a1"]
    page = planner.get(f"{SAMPLES}/1").text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    assert "/settle/" not in facilitator.get(f"{SAMPLES}/1").text
    sent = {"how": "second", "revision": revision[1], "page": "1"}
    before = audit_rows(database)
    reply = post(planner, f"{SAMPLES}/1/settle/{position}", sent)
    assert (reply.status_code, reply.location) == (303, f"{SAMPLES}/1?page=1#comment-{position}")
    assert audit_rows(database) == before + 1
    words = text_of(planner.get(f"{SAMPLES}/1"))
    assert "Settled, and decided on the board." in words
    assert f"Settled by {planner_email(database)}: {LABELS[1]} · {LABELS[3]}" in words
    assert f"On the board now {LABELS[1]} · {LABELS[3]} by a person" in words
    stale = post(planner, f"{SAMPLES}/1/settle/{position}", sent | {"how": "first"})
    assert stale.status_code == 409, "this page had not seen the decision"
    assert "Nothing was stored" in text_of(stale)
    history = text_of(planner.get("/studies/it-plan/themes/history"))
    assert "Said in which themes a comment is" in history


def planner_email(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(Person.email).where(Person.name == "planner")).one()


def test_leaving_one_and_bad_ways_to_settle(
    planner: FlaskClient, database: Database, compared: list[int]
) -> None:
    position = positions(database)["a1"]
    with database.reading() as session:
        edits = len(session.scalars(select(Edit)).all())
    for sent in ({}, {"how": "x"}, {"how": "own", "themes": "999"}):
        reply = post(planner, f"{SAMPLES}/1/settle/{position}", sent)
        assert reply.status_code == 422
    before = audit_rows(database)
    reply = post(planner, f"{SAMPLES}/1/settle/{position}", {"how": "left"}, follow_redirects=True)
    assert audit_rows(database) == before + 1
    assert "The comment was left as it is." in text_of(reply)
    assert "Left as it is, by planner@office.example." in text_of(reply)
    with database.reading() as session:
        assert len(session.scalars(select(Edit)).all()) == edits


def test_a_failed_comparison_says_why_and_can_be_tried_again(
    planner: FlaskClient, facilitator: FlaskClient, database: Database, drawn: list[int]
) -> None:
    for place in (1, 2):
        code(database, place, lambda id: NONE)
        finish(database, place)
    with database.writing() as session:
        job = codings.last_job(session, get(session))
        assert job is not None
        job.state, job.message = "failed", "The work stopped three times before its end."
    assert "stopped three times" in text_of(planner.get(f"{SAMPLES}/1"))
    assert "/compare" not in facilitator.get(f"{SAMPLES}/1").text
    assert post(planner, f"{SAMPLES}/1/compare").status_code == 303
    worker.drain(database)
    assert "how far the two agree" in text_of(planner.get(f"{SAMPLES}/1"))


def test_many_disagreements_come_in_pages(planner: FlaskClient, database: Database, drawn: list[int]) -> None:
    code_and_compare(database, lambda id: NONE, lambda id: Given((drawn[0],)))
    first, second = (planner.get(f"{SAMPLES}/1?page={number}").text for number in (1, 2))
    listed = [re.findall(r'id="comment-(\d+)"', page) for page in (first, second)]
    assert [len(page) for page in listed] == [10, 4]
    assert len({*listed[0], *listed[1]}) == 14
    for odd in ("0", "-1", "x", "99999999999"):
        assert planner.get(f"{SAMPLES}/1?page={odd}").status_code == 200


def test_readings_in_plain_words(app: Flask) -> None:
    def read(value: float | None, low: float | None = None, high: float | None = None) -> str:
        return reading({"value": value, "low": low, "high": high}, 50)

    with app.test_request_context():
        assert read(0.9, 0.8, 0.95).startswith("The two agree well")
        assert read(0.7, 0.5, 0.9).startswith("The two agree fairly")
        assert read(0.5, 0.2, 0.7).startswith("The two hardly agree")
        assert "With 50 comments the interval is wide" in read(0.5, 0.2, 0.7)
        assert "With 50 comments the interval is narrow" in read(0.9, 0.85, 0.95)
        assert read(None).startswith("Both said the same")
        assert read(0.9) == "The two agree well: others would likely code as they do."


def test_every_stage_a_worker_tells_can_be_translated(
    app: Flask, database: Database, drawn: list[int]
) -> None:
    from survey.jobs import table

    for place in (1, 2):
        code(database, place, lambda id: NONE)
        finish(database, place)
    told: list[str] = []
    held = table.claim(database, "worker")
    assert held is not None
    worker.run(database, held, report=lambda share, message: told.append(message))
    with app.test_request_context():
        assert set(told) == {str(stage) for stage in STAGES}


def test_progress_counts_what_is_there(database: Database, drawn: list[int]) -> None:
    with database.reading() as session:
        assert samples.progress(session, []) == {}
