"""The staff pages of releases: choosing, asking, approving with four eyes, withdrawing; hostile forms."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import fromstring
from sqlalchemy import func, select

from survey.db import Database
from survey.formats.release_parts import Parts
from survey.models import AuditRow, Release, Study
from survey.services import releases, studies
from tests.fixtures import login, post
from tests.people import Cast
from tests.services import answering
from tests.services.releasing import (
    MAKER,
    MARKUP,
    SECRET_COMMENTS,
    a_summary,
    change,
    prepared,
    released,
    store,
)

LIST = "/studies/it-plan/releases"
ONE = f"{LIST}/1"


@pytest.fixture
def maker(app: Flask, cast: Cast) -> FlaskClient:
    return login(app.test_client(), cast.facilitator)


@pytest.fixture
def approver(app: Flask, cast: Cast) -> FlaskClient:
    return login(app.test_client(), cast.planner)


@pytest.fixture
def draft(app: Flask, database: Database, cast: Cast) -> None:
    """A draft made of the sample."""
    with app.test_request_context(), database.writing() as session:
        change(session, prepared(session))


def row(database: Database, number: int = 1) -> Release:
    with database.reading() as session:
        found = session.scalars(select(Release).where(Release.number == number)).one()
        session.expunge(found)
        return found


def audits(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def form_of(client: FlaskClient, page: str, action: str) -> dict[str, list[str]]:
    """What a browser would send of the form that goes to `action`."""
    found = next(form for form in fromstring(client.get(page).text).forms if form.action == action)
    sent: dict[str, list[str]] = {}
    for name, value in found.form_values():
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    return sent


def send(client: FlaskClient, page: str, action: str, **more: object):  # type: ignore[no-untyped-def]
    return client.post(action, data={**form_of(client, page, action), **more})


def test_from_summary_to_public_page_and_back(
    app: Flask, maker: FlaskClient, approver: FlaskClient, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        store(session, studies.by_slug(session, "it-plan"), a_summary())
    before = audits(database)
    made = send(maker, LIST, LIST, summary="1")
    assert (made.status_code, made.location) == (303, f"{ONE}/edit")
    assert send(maker, f"{ONE}/edit", f"{ONE}/edit", **{"title-es": "Lo que oímos"}).status_code == 303
    assert send(maker, ONE, f"{ONE}/ask").status_code == 303
    assert "another person has to approve it" in maker.get(ONE).text
    assert f'action="{ONE}/approve"' not in maker.get(ONE).text
    assert "Nothing was released before" in approver.get(ONE).text
    assert app.test_client().get("/results/it-plan").status_code == 404
    assert send(approver, ONE, f"{ONE}/approve").status_code == 303
    assert app.test_client().get("/results/it-plan").status_code == 200
    assert "The public sees release 1 now" in approver.get(LIST).text
    assert send(approver, ONE, f"{ONE}/withdraw", note="A number was wrong.").status_code == 303
    assert app.test_client().get("/results/it-plan").status_code == 410
    assert audits(database) == before + 5


def test_what_would_become_public_is_said_in_words(maker: FlaskClient, draft: None) -> None:
    page = fromstring(maker.get(ONE).text)
    names = [" ".join(cell.text_content().split()) for cell in page.xpath("//tbody//th[@scope='row']")]
    assert all(names)
    assert "By group" in names
    assert "audience" not in names
    # A cell that is empty says nothing on a phone, not even what it would hold.
    cells = page.xpath("//tbody//td[not(normalize-space())]")
    assert cells
    assert not any(cell.get("data-label") for cell in cells)


def test_without_a_summary_the_page_says_what_to_do(maker: FlaskClient) -> None:
    page = maker.get(LIST).text
    assert "Freeze one first" in page
    assert 'href="/studies/it-plan/summary"' in page
    for number in ("7", "", "x", "-1", str(2**70)):
        assert post(maker, LIST, {"summary": number}).status_code == 404


def test_what_is_ticked_is_what_is_stored(maker: FlaskClient, draft: None, database: Database) -> None:
    chosen = {
        "themes": ["2"],
        "quotes": ["2", "1"],
        "questions": ["services/age"],
        "data": ["theme:2", "theme:1"],
        "crosses": ["services/ease@unit"],
        "heard": [],
        "waves": [],
        "method": [],
    }
    sent = {**form_of(maker, f"{ONE}/edit", f"{ONE}/edit"), **chosen}
    sent.pop("sessions")
    assert maker.post(f"{ONE}/edit", data=sent).status_code == 303
    parts = Parts.from_dict(row(database).parts)
    assert parts == Parts(themes=("2",), quotes=("2",), questions=("services/age",), data=("theme:2",))
    page = fromstring(maker.get(f"{ONE}/edit").text)
    assert page.xpath("//input[@name='themes' and @checked]/@value") == ["2"]


def test_the_form_stores_what_it_shows(maker: FlaskClient, draft: None, database: Database) -> None:
    before = row(database)
    assert send(maker, f"{ONE}/edit", f"{ONE}/edit").status_code == 303
    after = row(database)
    assert (after.parts, after.release_at) == (before.parts, before.release_at)
    assert {tag: words for tag, words in after.words.items() if any(words.values())} == before.words


def test_a_time_is_in_the_zone_of_the_office(
    app: Flask, maker: FlaskClient, draft: None, database: Database
) -> None:
    app.survey_settings = replace(app.survey_settings, timezone="America/New_York")  # type: ignore[attr-defined]
    sent = {"when": "later", "day": "2027-07-01", "time": "09:00"}
    assert send(maker, f"{ONE}/edit", f"{ONE}/edit", **sent).status_code == 303
    assert row(database).release_at.isoformat() == "2027-07-01T13:00:00+00:00"  # type: ignore[union-attr]
    page = maker.get(f"{ONE}/edit").text
    assert 'value="2027-07-01"' in page
    assert 'value="09:00"' in page
    assert "Time (America/New_York)" in page


def test_days_and_times_that_cannot_be_keep_what_was_typed(
    maker: FlaskClient, draft: None, database: Database
) -> None:
    fields = form_of(maker, f"{ONE}/edit", f"{ONE}/edit")
    for day, time in (
        ("", ""),
        ("2027-02-30", "09:00"),
        ("2027-07-01", "25:00"),
        ("0001-01-01", "00:00"),
        ("9999-12-31", "23:59"),
        ("2027-07-01", "09:00+14:00"),
        ("x" * 5000, "\0"),
        ("٢٠٢٧-٠٧-٠١", "٠٩:٠٠"),
    ):
        reply = maker.post(
            f"{ONE}/edit",
            data={**fields, "when": "later", "day": day, "time": time, "introduction-en": "Typed for long"},
        )
        assert reply.status_code == 422, (day, time)
        assert "Typed for long" in reply.text
        assert "<title>Error: " in reply.text
    assert row(database).release_at is None


def test_attack_hostile_forms_are_refused_with_all_that_was_typed(
    maker: FlaskClient, draft: None, database: Database
) -> None:
    fields = form_of(maker, f"{ONE}/edit", f"{ONE}/edit")
    for bad in ({"title-en": "x" * 201}, {"introduction-es": "y" * 5001}, {"title-en": "a\0b"}):
        reply = maker.post(f"{ONE}/edit", data={**fields, **bad, "title-ar": MARKUP})
        assert reply.status_code == 422, bad
        assert html.escape(MARKUP).replace("&#x27;", "'") in reply.text.replace("&#34;", "&quot;")
        assert "<svg onload" not in reply.text
    fine = maker.post(
        f"{ONE}/edit",
        data={**fields, "themes": ["1"] * 400 + ["\0", "9" * 900], "data": ["😀"], "method": MARKUP},
    )
    assert fine.status_code == 303
    assert row(database).parts["themes"] == ["1"]


def test_two_people_at_once_see_both_versions(
    maker: FlaskClient, approver: FlaskClient, draft: None, database: Database
) -> None:
    fields = form_of(maker, f"{ONE}/edit", f"{ONE}/edit")
    assert send(approver, f"{ONE}/edit", f"{ONE}/edit", **{"title-en": "Theirs"}).status_code == 303
    reply = maker.post(f"{ONE}/edit", data={**fields, "title-en": "Mine"})
    assert reply.status_code == 409
    assert "Somebody else changed this first" in reply.text
    assert "Theirs" in reply.text
    assert 'value="Mine"' in reply.text
    again = {
        **fields,
        "title-en": "Mine",
        "revision": fromstring(reply.text).xpath("//input[@name='revision']/@value"),
    }
    assert maker.post(f"{ONE}/edit", data=again).status_code == 303
    assert row(database).words["en"]["title"] == "Mine"


def test_attack_the_maker_cannot_approve_by_a_form_of_her_own(
    maker: FlaskClient, approver: FlaskClient, draft: None, database: Database
) -> None:
    assert send(maker, ONE, f"{ONE}/ask").status_code == 303
    sent = form_of(approver, ONE, f"{ONE}/approve")
    reply = post(maker, f"{ONE}/approve", {**sent, "csrf_token": None})
    assert reply.status_code == 400
    own = {name: value for name, value in sent.items() if name != "csrf_token"}
    reply = post(maker, f"{ONE}/approve", own)
    assert (reply.status_code, "another person has to approve" in reply.text) == (422, True)
    assert post(approver, f"{ONE}/approve", {**own, "sha256": "0" * 64}).status_code == 409
    assert post(approver, f"{ONE}/approve", {**own, "revision": "0"}).status_code == 409
    assert row(database).state == "asked"


def test_steps_out_of_turn_say_so(maker: FlaskClient, draft: None, database: Database) -> None:
    revision = {"revision": str(row(database).revision)}
    for step in ("approve", "withdraw"):
        assert post(maker, f"{ONE}/{step}", {**revision, "note": "x"}).status_code == 422
    for step in ("ask", "approve", "withdraw", "discard", "edit"):
        assert post(maker, f"{LIST}/9/{step}", revision).status_code == 404
        assert post(maker, f"{ONE}/{step}", {"revision": "x"}).status_code == 409
    assert row(database).state == "draft"


def test_a_draft_can_be_thrown_away(maker: FlaskClient, draft: None, database: Database) -> None:
    assert send(maker, ONE, f"{ONE}/discard").status_code == 303
    assert maker.get(ONE).status_code == 404


def test_what_is_missing_or_open_is_said_before_asking(
    app: Flask, maker: FlaskClient, draft: None, study: Study, database: Database
) -> None:
    answering.publish(database, study, answering.document(), mode="confidential")
    page = maker.get(ONE).text
    assert "“IT plan survey” takes answers now" in page
    assert f'action="{ONE}/ask"' not in page
    reply = post(maker, f"{ONE}/ask", {"revision": str(row(database).revision)})
    assert (reply.status_code, "mark the release as interim" in reply.text) == (422, True)
    assert send(maker, f"{ONE}/edit", f"{ONE}/edit", interim="y").status_code == 303
    assert send(maker, ONE, f"{ONE}/ask").status_code == 303


def test_the_preview_is_the_public_page(
    app: Flask, maker: FlaskClient, approver: FlaskClient, draft: None, database: Database
) -> None:
    preview = fromstring(maker.get(f"{ONE}/preview").text)
    files = [maker.get(f"{ONE}/preview/{name}").data for name in ("data.csv", "dictionary.csv")]
    assert "nobody outside the office can see this yet" in preview.text_content()
    assert send(maker, ONE, f"{ONE}/ask").status_code == 303
    assert send(approver, ONE, f"{ONE}/approve").status_code == 303
    public = fromstring(app.test_client().get("/results/it-plan/1").text)

    def sections(page) -> list[str]:  # type: ignore[no-untyped-def]
        return [" ".join(section.text_content().split()) for section in page.xpath("//main//section")]

    assert sections(preview) == sections(public)
    assert [
        app.test_client().get(f"/results/it-plan/1/{name}").data for name in ("data.csv", "dictionary.csv")
    ] == files


def test_attack_names_and_comments_on_staff_pages_stay_text_and_inside(
    maker: FlaskClient, draft: None
) -> None:
    for path in (LIST, ONE, f"{ONE}/edit", f"{ONE}/preview"):
        page = maker.get(path).text
        assert "<svg onload" not in page
        assert not any(secret in page for secret in SECRET_COMMENTS)


def test_other_people_find_nothing(app: Flask, cast: Cast, draft: None, database: Database) -> None:
    stranger = login(app.test_client(), cast.other_planner)
    auditor = login(app.test_client(), cast.auditor)
    paths = ("", "/1", "/1/edit", "/1/preview", "/1/preview/data.csv", "/1/preview/dictionary.csv")
    for path in paths:
        assert stranger.get(LIST + path).status_code == 404, path
        assert auditor.get(LIST + path).status_code == 403, path
        assert app.test_client().get(LIST + path).status_code == 302, path
    for step in ("ask", "approve", "withdraw", "discard", "edit"):
        assert post(stranger, f"{ONE}/{step}").status_code == 404
    assert row(database).state == "draft"


def test_a_release_of_another_study_is_not_this_ones(app: Flask, cast: Cast, draft: None) -> None:
    assert login(app.test_client(), cast.other_planner).get("/studies/other/releases/1").status_code == 404


def test_a_reopened_survey_is_told_of_after_approval_too(
    app: Flask, maker: FlaskClient, study: Study, cast: Cast, database: Database
) -> None:
    with app.test_request_context(), database.writing() as session:
        released(session)
    assert "takes answers now" not in maker.get(ONE).text
    answering.publish(database, study, answering.document(), mode="confidential")
    assert "takes answers now" in maker.get(ONE).text
    assert maker.get(f"{ONE}/edit").status_code == 303


def test_a_tampered_release_can_be_withdrawn_and_followed_by_another(
    app: Flask, maker: FlaskClient, approver: FlaskClient, database: Database
) -> None:
    with app.test_request_context(), database.writing() as session:
        release = released(session)
        release.document = b"junk"
        releases.prepare(session, release.study, release.summary, MAKER)
    reply = maker.get(ONE)
    assert (reply.status_code, "was changed after it was approved" in reply.text) == (422, True)
    assert maker.get(f"{ONE}/preview").status_code == 422
    assert "What would become public" in maker.get(f"{LIST}/2").text
    assert send(approver, ONE, f"{ONE}/withdraw", note="It was changed.").status_code == 303
    assert maker.get(ONE).status_code == 422
    assert app.test_client().get("/results/it-plan/1").status_code == 410
