"""Webhooks against a real server: signed, tried again, given up; and addresses they must not go to."""

from __future__ import annotations

import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.jobs import worker
from survey.jobs.tasks import webhooks as sending
from survey.models import Job, Study, Webhook, WebhookDelivery
from survey.services import studies, webhooks
from survey.services.responses import Identity
from tests.services.answering import document, publish, submit

BY = "facilitator@office.example"


class Listener(HTTPServer):
    """A system that listens: it keeps what it gets and answers with the next of `statuses`, else 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?from=us"


class Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.send_response(status)
        if status in (301, 307):
            self.send_header("Location", self.server.url.replace("hook", "elsewhere"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def other_study(database: Database, study: Study) -> Study:
    with Session(database.read) as session:
        return studies.by_slug(session, "other")


@pytest.fixture(autouse=True)
def _inner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_WEBHOOKS_INNER", "1")


def hook(
    database: Database, study: Study, url: str, events: tuple[str, ...] = webhooks.EVENTS
) -> tuple[int, str]:
    with database.writing() as session:
        made = webhooks.add(session, session.merge(study), url, events, by=BY, inner=True)
        return made.id, made.secret


def tell(database: Database, study: Study, event: str = "survey.closed", **payload: Any) -> None:
    with database.writing() as session:
        webhooks.tell(session, study.id, event, payload)


def states(database: Database) -> list[tuple[str, int, str]]:
    with database.reading() as session:
        found = session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.made_at))
        return [(one.state, one.attempts, one.last_status) for one in found]


def make_due(database: Database) -> None:
    """The moment of the next try has come."""
    with database.writing() as session:
        for one in session.scalars(select(WebhookDelivery).where(WebhookDelivery.state == "waiting")):
            one.next_at = now() - timedelta(seconds=1)
        for job in session.scalars(select(Job).where(Job.state == "waiting")):
            job.not_before = None


def test_a_message_is_signed_and_sent_once(database: Database, study: Study, listener: Listener) -> None:
    _id, secret = hook(database, study, listener.url)
    tell(database, study, survey="it", responses=12)
    worker.drain(database)
    ((path, headers, body),) = listener.got
    assert path == "/hook?from=us"
    told = json.loads(body)
    assert (told["event"], told["data"]) == ("survey.closed", {"survey": "it", "responses": 12})
    assert headers["Throughline-Delivery"] == told["id"]
    moment, mark = (part.split("=")[1] for part in headers["Throughline-Signature"].split(","))
    assert abs(int(moment) - now().timestamp()) < 60
    assert mark == hmac.new(secret.encode(), f"{moment}.".encode() + body, "sha256").hexdigest()
    assert states(database) == [("sent", 1, "HTTP 200")]
    worker.drain(database)
    assert len(listener.got) == 1


def test_what_is_not_taken_is_tried_again_at_its_moment(
    database: Database, study: Study, listener: Listener
) -> None:
    hook(database, study, listener.url)
    listener.statuses = [500, 301, 200]
    tell(database, study)
    worker.drain(database)
    assert states(database) == [("waiting", 1, "HTTP 500")]
    worker.drain(database)
    assert len(listener.got) == 1, "it is not tried before its moment"
    make_due(database)
    worker.drain(database)
    assert states(database) == [("waiting", 2, "HTTP 301")]
    make_due(database)
    worker.drain(database)
    assert states(database) == [("sent", 3, "HTTP 200")]
    assert {path for path, _headers, _body in listener.got} == {"/hook?from=us"}, (
        "nobody is followed elsewhere"
    )
    assert len({body for _path, _headers, body in listener.got}) == 1


def test_it_is_given_up_in_the_end_and_can_be_sent_again(
    database: Database, study: Study, listener: Listener
) -> None:
    hook_id, _secret = hook(database, study, listener.url)
    listener.statuses = [503] * (len(webhooks.PAUSES) + 1)
    tell(database, study)
    for _try in range(len(webhooks.PAUSES) + 1):
        worker.drain(database)
        make_due(database)
    assert states(database) == [("failed", len(webhooks.PAUSES) + 1, "HTTP 503")]
    with database.writing() as session:
        failed = webhooks.deliveries(session, session.get_one(Webhook, hook_id))[0]
        webhooks.again(session, session.merge(study), failed.id, by=BY)
    worker.drain(database)
    assert states(database) == [("sent", 1, "HTTP 200")]


def test_an_address_where_nobody_listens(database: Database, study: Study) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/hook"
    hook(database, study, url)
    tell(database, study)
    worker.drain(database)
    ((state, attempts, status),) = states(database)
    assert (state, attempts, status) == ("waiting", 1, "ConnectionRefusedError")


def test_only_wanted_events_of_active_hooks_are_told(
    database: Database, study: Study, other_study: Study
) -> None:
    mine, _secret = hook(database, study, "http://127.0.0.1:9/a", ("survey.published",))
    hook(database, other_study, "http://127.0.0.1:9/b")
    tell(database, study, "survey.closed")
    assert states(database) == []
    with database.writing() as session:
        webhooks.switch(session, session.merge(study), mine, on=False, by=BY)
    tell(database, study, "survey.published")
    assert states(database) == []


@pytest.mark.parametrize(("mode", "told"), [("anonymous", 0), ("confidential", 1), ("identified", 1)])
def test_nobody_is_told_when_an_anonymous_answer_comes(
    database: Database, study: Study, mode: str, told: int
) -> None:
    hook(database, study, "http://127.0.0.1:9/a")
    publish(database, study, document(), mode=mode)
    with database.writing() as session:
        person = {} if mode == "anonymous" else {"respondent": Identity("Ada")}
        submit(session, "token", {"ease": "easy", "better": "A secret"}, **person)
    with database.reading() as session:
        sent = list(session.scalars(select(WebhookDelivery)))
        assert len(sent) == told
        assert "secret" not in str([one.payload for one in sent])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "city.example",
        "ftp://city.example/x",
        "http://city.example/x",
        "https://",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://10.0.0.5/x",
        "https://169.254.169.254/latest",
        "https://server/x",
        "https://db.internal/x",
        "https://user:pass@city.example/x",
        "https://city.example/ x",
        "https://city.example:notaport/",
        "https://city.example/" + "x" * 500,
        "https://city.example/\r\nX: y",
    ],
)
def test_addresses_that_messages_must_not_go_to(url: str) -> None:
    with pytest.raises(Refusal):
        webhooks.check_url(url)


def test_a_name_that_leads_inside_is_found_when_it_is_spoken_to(listener: Listener) -> None:
    message = sending.Message(listener.url.replace("127.0.0.1", "localhost"), b"{}", {})
    assert sending.post(message, inner=False) == (False, "InnerAddress")
    assert listener.got == []


def test_hooks_belong_to_their_study(database: Database, study: Study, other_study: Study) -> None:
    mine, _secret = hook(database, study, "http://127.0.0.1:9/a")
    with database.writing() as session, pytest.raises(NotFound):
        webhooks.remove(session, session.merge(other_study), mine, by=BY)
    with database.writing() as session:
        webhooks.remove(session, session.merge(study), mine, by=BY)
    with database.reading() as session:
        assert session.scalar(select(Webhook.id)) is None


def test_there_is_an_end_to_hooks(database: Database, study: Study) -> None:
    for number in range(webhooks.MOST_HOOKS):
        hook(database, study, f"http://127.0.0.1:9/{number}")
    with pytest.raises(Refusal, match="at most"):
        hook(database, study, "http://127.0.0.1:9/more")


def test_old_messages_are_forgotten(database: Database, study: Study, listener: Listener) -> None:
    hook(database, study, listener.url)
    tell(database, study)
    worker.drain(database)
    with database.writing() as session:
        for one in session.scalars(select(WebhookDelivery)):
            one.made_at = now() - timedelta(days=webhooks.KEEP_DAYS + 1)
    tell(database, study)
    worker.drain(database)
    assert len(states(database)) == 1


def test_one_job_is_enough_for_many_messages(session: Session, study: Study) -> None:
    webhooks.add(session, study, "http://127.0.0.1:9/a", ["survey.closed"], by=BY, inner=True)
    for _time in range(5):
        webhooks.tell(session, study.id, "survey.closed", {})
    assert len(list(session.scalars(select(Job).where(Job.kind == webhooks.KIND)))) == 1
