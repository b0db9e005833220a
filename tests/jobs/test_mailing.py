"""Sending a mailing: everybody once, whatever the server says and whenever the worker dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from survey import mail
from survey.db import Database
from survey.jobs import spawn, table, worker
from survey.jobs.tasks import mail as task
from survey.models import AuditRow, Delivery, Invitee, Job, Mailing, Study, Survey
from survey.services import deliveries, mailings, studies
from survey.services.mailings import Around, Draft
from tests import sheets
from tests.fixtures import SECRET
from tests.jobs.test_table import let_lease_run_out
from tests.support import smtp

DAY = date(2026, 5, 1)
TEXT = {"en": "Hello {name},\n\n{link}\n{code}\n", "ar": "مرحبا {name}\n{link}\n{code}"}


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[smtp.Post]:
    """A mail server that the settings of the worker name."""
    with smtp.serving() as post:
        for name, value in settings_of(post).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(task, "PAUSES", (0, 0, 0))
        monkeypatch.setattr(task, "BROKEN_PAUSE", 0)
        yield post


def settings_of(post: smtp.Post) -> dict[str, str]:
    return {
        "SURVEY_SECRET_KEY": SECRET,
        "SURVEY_SMTP_HOST": "127.0.0.1",
        "SURVEY_SMTP_PORT": str(post.port),
        "SURVEY_SMTP_TLS": "none",
        "SURVEY_SMTP_FROM": "City <survey@city.example>",
        "SURVEY_SMTP_PER_MINUTE": "100000",
    }


def start(
    database: Database, study: Study, people: list[str], kind: str = "invitation", **columns: Any
) -> int:
    """Put a mailing to that many new people to work; returns its id."""
    with database.writing() as session:
        survey = sheets.make(session, studies.by_slug(session, study.slug), access="code", **columns)
        state = "sent" if kind == "reminder" else "listed"
        sheets.invite(session, survey, *people, state=state, mailings=int(kind == "reminder"))
        return begin(session, survey, kind)


def begin(session: Any, survey: Survey, kind: str = "invitation") -> int:
    draft = Draft(kind, {"en": "Please: {title}", "ar": "{title}"}, TEXT)
    made = mailings.save(session, survey, draft, by="planner")
    around = Around(
        "https://survey.city.example/", ("en", "ar"), sheets.document()["title"], {}, {"en": "Stop: {stop}"}
    )
    mailings.start(session, survey, made, around, DAY, by="planner")
    return made.id


def names(count: int) -> list[str]:
    return [f"person{at}@x.example" for at in range(count)]


def states(database: Database, mailing: int) -> dict[str, int]:
    with database.reading() as session:
        return deliveries.totals(session, mailing)


def person(database: Database, email: str) -> Invitee:
    with database.reading() as session:
        return session.scalars(select(Invitee).where(Invitee.email == email)).one()


def job(database: Database, mailing: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, session.get_one(Mailing, mailing).counts["job"])


def go_on(database: Database, mailing: int) -> None:
    with database.writing() as session:
        found = session.get_one(Mailing, mailing)
        mailings.go_on(session, session.get_one(Survey, found.survey_id), found, by="planner")


def test_everybody_gets_it_once_in_their_own_words(database: Database, study: Study, post: smtp.Post) -> None:
    mailing = start(database, study, names(60))
    with database.writing() as session:
        session.scalars(select(Invitee).where(Invitee.email == names(1)[0])).one().language = "ar"
    worker.drain(database)
    assert sorted(post.to) == sorted(names(60))
    assert states(database, mailing) == {"sent": 60}
    assert job(database, mailing).state == "done"
    codes = {taken.get_body(("plain",)).get_content().split()[-6] for taken in post.taken}  # type: ignore[union-attr]
    assert len(codes) > 1
    mine = next(taken for taken, to in zip(post.taken, post.to, strict=True) if to == names(1)[0])
    assert mine["Subject"] == "التنقل في المدينة"
    found = person(database, names(1)[0])
    assert (found.state, found.mailings, found.note) == ("sent", 1, "")
    assert found.last_day is not None


def test_what_is_sent_leads_to_the_persons_own_code(
    database: Database, study: Study, post: smtp.Post
) -> None:
    from survey.services import invitees

    start(database, study, ["ana@x.example"])
    worker.drain(database)
    with database.reading() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        link = invitees.link_of(
            SECRET, survey, person(database, "ana@x.example"), "https://survey.city.example/"
        )
    body = post.taken[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert link in text
    assert "https://survey.city.example/stop/" in text


def test_people_who_said_stop_or_are_not_reached_get_nothing(
    database: Database, study: Study, post: smtp.Post
) -> None:
    mailing = start(database, study, names(4))
    with database.writing() as session:
        rows = list(session.scalars(select(Invitee).order_by(Invitee.email)))
        rows[0].state, rows[1].state = "stopped", "bounced"
    worker.drain(database)
    assert sorted(post.to) == names(4)[2:]
    assert states(database, mailing) == {"sent": 2, "skipped": 2}


def test_a_reminder_of_an_anonymous_survey_goes_to_all_and_others_to_those_without_an_answer(
    database: Database, study: Study, post: smtp.Post
) -> None:
    start(database, study, names(3), "reminder", mode="confidential")
    with database.writing() as session:
        session.scalars(select(Invitee).where(Invitee.email == names(1)[0])).one().answered = True
    worker.drain(database)
    assert sorted(post.to) == names(3)[1:]


def test_an_address_that_does_not_exist_is_a_bounce_with_its_reason(
    database: Database, study: Study, post: smtp.Post
) -> None:
    post.on_to = lambda to: "550 5.1.1 no such user here" if to == names(1)[0] else None
    mailing = start(database, study, names(3))
    worker.drain(database)
    gone = person(database, names(1)[0])
    assert (gone.state, gone.note, gone.mailings) == ("bounced", "550 5.1.1 no such user here", 0)
    assert states(database, mailing) == {"sent": 2, "refused": 1}


def test_what_a_server_does_not_take_for_now_is_tried_again(
    database: Database, study: Study, post: smtp.Post
) -> None:
    seen: list[str] = []

    def greylist(to: str) -> str | None:
        seen.append(to)
        return "451 4.7.1 come back later" if seen.count(to) < 2 else None

    post.on_to = greylist
    mailing = start(database, study, names(3))
    worker.drain(database)
    assert sorted(post.to) == names(3)
    assert states(database, mailing) == {"sent": 3}


def test_what_a_server_never_takes_for_now_is_left_for_later(
    database: Database, study: Study, post: smtp.Post
) -> None:
    tried: list[str] = []
    post.on_to = lambda to: tried.append(to) or "452 4.2.2 mailbox full"
    mailing = start(database, study, names(2))
    worker.drain(database)
    assert states(database, mailing) == {"later": 2}
    assert len(tried) == 6
    assert person(database, names(1)[0]).state == "listed"


def test_a_line_that_breaks_before_the_text_is_opened_again(
    database: Database, study: Study, post: smtp.Post
) -> None:
    broken: list[str] = []

    def once(to: str) -> str | None:
        if to in names(2) and to not in broken:
            broken.append(to)
            return smtp.DROP
        return None

    post.on_to = once
    mailing = start(database, study, names(5))
    worker.drain(database)
    assert sorted(post.to) == names(5)
    assert states(database, mailing) == {"sent": 5}


def test_a_line_that_breaks_after_the_text_leaves_one_person_unsure_and_sends_nobody_two(
    database: Database, study: Study, post: smtp.Post
) -> None:
    post.on_text = lambda to: smtp.DROP if to == names(3)[1] else None
    mailing = start(database, study, names(3))
    worker.drain(database)
    assert sorted(post.to) == names(3)
    assert states(database, mailing) == {"sent": 2, "unsure": 1}


def test_a_server_that_is_away_ends_the_work_and_the_rest_waits(
    database: Database, study: Study, post: smtp.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = start(database, study, names(3))
    monkeypatch.setenv("SURVEY_SMTP_PORT", "9")
    worker.drain(database)
    ended = job(database, mailing)
    assert (ended.state, ended.message) == ("failed", str(mail.AWAY))
    assert states(database, mailing) == {"waiting": 3}
    monkeypatch.setenv("SURVEY_SMTP_PORT", str(post.port))
    go_on(database, mailing)
    worker.drain(database)
    assert sorted(post.to) == names(3)


def test_a_server_that_refuses_everybody_is_not_believed_for_ever(
    database: Database, study: Study, post: smtp.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "MOST_REFUSED", 5)
    post.on_text = lambda _to: "554 5.7.1 we take nothing from you"
    mailing = start(database, study, names(12))
    worker.drain(database)
    assert job(database, mailing).message == str(mailings.MANY_REFUSED)
    assert states(database, mailing) == {"refused": 5, "waiting": 7}


def test_a_mailing_that_is_stopped_stops_between_two_people(
    database: Database, study: Study, post: smtp.Post
) -> None:
    mailing = start(database, study, names(40))
    post.delay = 0.1

    def stop_at_third(to: str) -> None:
        if len(post.to) == 3:
            with database.writing() as session:
                table.cancel(session, session.get_one(Mailing, mailing).counts["job"])

    post.on_to = stop_at_third
    worker.drain(database)
    stopped = states(database, mailing)
    assert job(database, mailing).state == "cancelled"
    assert stopped["sent"] == len(post.to) < 30
    assert "sending" not in stopped
    go_on(database, mailing)
    post.delay, post.on_to = 0, lambda _to: None
    worker.drain(database)
    assert sorted(post.to) == sorted(names(40))


def test_nothing_of_a_person_is_in_the_job_the_audit_or_the_log(
    database: Database, study: Study, post: smtp.Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    post.on_to = lambda to: "550 no" if "person1" in to else None
    mailing = start(database, study, names(3))
    worker.drain(database)
    with database.reading() as session:
        rows = [[row.object, row.details] for row in session.scalars(select(AuditRow))]
        found = job(database, mailing)
        told = json.dumps([rows, found.args, found.result, found.message], default=str)
        ids = list(session.scalars(select(Invitee.id)))
    ours = [record for record in caplog.records if record.name != "mail.log"]  # that is the server's
    for secret in (*ids, "person", "x.example", "Person"):
        assert secret not in told
        assert not [record for record in ours if secret in record.getMessage()]


# With a real worker that dies.


def start_worker(database: Database, post: smtp.Post) -> subprocess.Popen[bytes]:
    url = database.write.url.render_as_string(hide_password=False)
    environment = {n: v for n, v in os.environ.items() if not n.startswith("SURVEY_")}
    settings = {"SURVEY_DATABASE_URL": url, **settings_of(post)}
    return subprocess.Popen(spawn.COMMAND, env=environment | settings, stderr=subprocess.DEVNULL)


def test_nobody_gets_it_twice_when_workers_are_killed(
    database: Database, study: Study, post: smtp.Post
) -> None:
    people = names(60)
    mailing = start(database, study, people)
    post.delay = 0.02
    for target in (8, 25):
        process = start_worker(database, post)
        end = time.monotonic() + 60
        while len(post.to) < target and time.monotonic() < end:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        let_lease_run_out(database, job(database, mailing).id)
    post.delay = 0
    assert start_worker(database, post).wait(90) == 0
    found = states(database, mailing)
    assert len(post.to) == len(set(post.to))
    assert found.get("waiting", 0) == found.get("sending", 0) == 0
    # Of whoever was in hand when a worker died nobody knows; everybody else has it, once.
    assert found.get("unsure", 0) <= 2
    assert found["sent"] + found.get("unsure", 0) == len(people)
    with database.reading() as session:
        sent = select(Invitee.email).join(Delivery, Delivery.invitee_id == Invitee.id)
        told = set(session.scalars(sent.where(Delivery.state == "sent")))
    assert told <= set(post.to)
    assert set(people) - told >= set(people) - set(post.to)
