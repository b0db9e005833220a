"""The page of webhooks: added, paused, removed; its secret is shown once."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from survey.models import Study, Webhook
from survey.services import webhooks
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.studio import HOSTILE, audits, text_of

PAGE = "/studies/it-plan/webhooks"
URL = "https://city.example/hook"


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def test_an_address_is_added_paused_and_removed(facilitator: FlaskClient, database: Database) -> None:
    reply = post(facilitator, PAGE, {"url": URL, "events": ["survey.closed", "survey.published"]})
    with database.reading() as session:
        hook = session.scalars(select(Webhook)).one()
    assert hook.events == ["survey.published", "survey.closed"]
    assert hook.secret in reply.text
    page = facilitator.get(PAGE).text
    assert URL in page
    assert hook.secret not in page
    before = audits(database)
    for do, words in (("pause", "Paused"), ("resume", "On"), ("remove", "No other system")):
        reply = post(facilitator, f"{PAGE}/{hook.id}", {"do": do}, follow_redirects=True)
        assert words in text_of(reply)
    assert audits(database) == before + 3


@pytest.mark.parametrize("url", ["", "http://city.example", "https://localhost/x", HOSTILE, "x" * 600])
def test_an_address_that_cannot_be_one_stays_typed(
    facilitator: FlaskClient, database: Database, url: str
) -> None:
    before = audits(database)
    reply = post(facilitator, PAGE, {"url": url, "events": ["survey.closed"]})
    assert (reply.status_code, audits(database)) == (422, before)
    assert "There is a problem" in reply.text
    assert re.search(r"<script>alert", reply.text) is None
    nothing = post(facilitator, PAGE, {"url": URL})
    assert nothing.status_code == 422
    assert URL in nothing.text


def test_a_message_that_was_given_up_is_tried_again(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        hook = webhooks.add(session, session.merge(study), URL, ["survey.closed"], by="tests")
        webhooks.tell(session, study.id, "survey.closed", {})
        session.flush()
        one = webhooks.deliveries(session, hook)[0]
        one.state, one.attempts, one.last_status = "failed", 7, "HTTP 503"
        delivery_id = one.id
    assert "Given up" in text_of(facilitator.get(PAGE))
    reply = post(facilitator, f"{PAGE}/deliveries/{delivery_id}", follow_redirects=True)
    assert "It is tried again now." in text_of(reply)
    assert "Given up" not in text_of(reply)
    assert post(facilitator, f"{PAGE}/deliveries/{delivery_id}").status_code == 404
