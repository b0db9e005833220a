"""Whom mailings go to, what may be written, mail that came back."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import mail_words
from survey.errors import NotFound, Refusal, Stale
from survey.models import AuditRow, Delivery, Invitee, Job, Mailing, Study, Survey
from survey.services import addressed, bounces, deliveries, mailings
from survey.services.mailings import Around, Draft
from tests import sheets
from tests.fixtures import SECRET

DAY = date(2026, 5, 1)
TEXT = {"en": "Hello {name}, open {link}."}
AROUND = Around("https://s.example/", ("en", "ar"), {"en": "Getting around"}, {}, {"en": "{stop}"})


@pytest.fixture
def survey(session: Session, study: Study) -> Survey:
    """A survey that anybody may answer who has a code."""
    return sheets.make(session, session.merge(study), access="code")


def write(
    session: Session, survey: Survey, kind: str = "invitation", whom: str = "new", **more: str
) -> Mailing:
    draft = Draft(kind, {"en": "Please"}, more or TEXT, whom)
    return mailings.save(session, survey, draft, by="me")


def start(session: Session, survey: Survey, mailing: Mailing) -> Job | None:
    return mailings.start(session, survey, mailing, AROUND, DAY, by="me")


def got(session: Session, mailing: Mailing) -> set[str]:
    query = select(Invitee.name).join(Delivery, Delivery.invitee_id == Invitee.id)
    return set(session.scalars(query.where(Delivery.mailing_id == mailing.id)))


def people(session: Session, survey: Survey) -> None:
    """One of each kind; the name says which."""
    for name, columns in {
        "new": {},
        "sent": {"state": "sent", "mailings": 1},
        "answered": {"state": "sent", "mailings": 1, "answered": True},
        "bounced": {"state": "bounced", "mailings": 1},
        "stopped": {"state": "stopped", "mailings": 1},
    }.items():
        sheets.invite(session, survey, f"{name}@x.example", **columns)
        sheets.invite(session, survey, "", name=f"{name} by post", **columns)


@pytest.mark.parametrize(
    ("kind", "whom", "mode", "wanted"),
    [
        ("invitation", "new", "anonymous", "New"),
        ("invitation", "all", "anonymous", "New Sent Answered"),
        ("reminder", "new", "anonymous", "Sent Answered"),
        ("reminder", "new", "confidential", "Sent"),
        ("reminder", "new", "identified", "Sent"),
        ("letter", "no_email", "anonymous", "new_by_post sent_by_post answered_by_post bounced_by_post"),
    ],
)
def test_whom_a_mailing_goes_to(
    session: Session, study: Study, kind: str, whom: str, mode: str, wanted: str
) -> None:
    survey = sheets.make(session, session.merge(study), access="code", mode=mode)
    people(session, survey)
    mailing = write(session, survey, kind, whom)
    count = mailings.count(session, survey, kind, whom)
    start(session, survey, mailing)
    assert {name.replace(" ", "_") for name in got(session, mailing)} == set(wanted.split())
    assert count == len(wanted.split())


def test_letters_are_done_at_once_and_count_as_written_to(session: Session, survey: Survey) -> None:
    sheets.invite(session, survey, "", name="Ana", address="1 Main Street")
    mailing = write(session, survey, "letter", "all")
    assert start(session, survey, mailing) is None
    session.expire_all()
    person = session.scalars(select(Invitee)).one()
    assert (person.state, person.mailings, person.last_day) == ("sent", 1, DAY)
    assert (mailing.state, deliveries.totals(session, mailing.id)) == ("done", {"sent": 1})


def test_the_job_knows_the_mailing_and_no_person(session: Session, survey: Survey) -> None:
    sheets.invite(session, survey, "ana@x.example")
    mailing = write(session, survey)
    job = start(session, survey, mailing)
    assert job is not None
    assert (job.kind, job.args) == ("mailing", {"mailing": mailing.id})
    last = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert last is not None
    assert (last.action, last.details) == ("mailings.send", {"mailing": mailing.id, "people": 1})


def test_nothing_is_sent_twice_by_pressing_twice(session: Session, survey: Survey) -> None:
    sheets.invite(session, survey, "ana@x.example")
    mailing = write(session, survey)
    start(session, survey, mailing)
    with pytest.raises(Refusal, match="sent already"):
        start(session, survey, mailing)


def test_a_survey_that_is_not_open_is_not_written_about(session: Session, study: Study) -> None:
    survey = sheets.make(session, session.merge(study), publish=False)
    sheets.invite(session, survey, "ana@x.example")
    with pytest.raises(Refusal, match="Publish it first"):
        start(session, survey, write(session, survey))


def test_a_mailing_to_nobody_is_refused(session: Session, survey: Survey) -> None:
    with pytest.raises(Refusal, match="nobody on the list"):
        start(session, survey, write(session, survey))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello {name}", "Put {link} into the text"),
        ("{link} {email}", "{email} cannot be filled in"),
        ("{link} {0.__class__}", ""),
        ("{link} {}", ""),
    ],
)
def test_what_cannot_be_filled_in_is_said(session: Session, survey: Survey, text: str, words: str) -> None:
    if not words:
        write(session, survey, en=text)
        return
    with pytest.raises(Refusal) as refusal:
        write(session, survey, en=text)
    assert words in str(refusal.value)


def test_what_somebody_else_changed_is_not_overwritten(session: Session, survey: Survey) -> None:
    mailing = write(session, survey)
    seen = mailings.fingerprint(mailing)
    other = Draft("invitation", {"en": "Other"}, TEXT)
    mailings.change(session, survey, mailing, other, by="one", seen=seen)
    with pytest.raises(Stale):
        mailings.change(
            session, survey, mailing, Draft("invitation", {"en": "Mine"}, TEXT), by="two", seen=seen
        )
    assert mailing.words["subject"] == {"en": "Other"}


def test_only_what_was_never_sent_is_thrown_away(session: Session, survey: Survey) -> None:
    sheets.invite(session, survey, "ana@x.example")
    mailing = write(session, survey)
    start(session, survey, mailing)
    with pytest.raises(Refusal, match="stays in the list"):
        mailings.remove(session, survey, mailing, by="me")


def test_places_are_filled_in_and_braces_of_people_stay() -> None:
    values = {"name": "A {link} B", "link": "https://x"}
    assert mail_words.fill("Hello {name}: {link} {other}", values) == "Hello A {link} B: https://x {other}"
    assert mail_words.fill("Hello {name}, go", {"name": ""}) == "Hello, go"


def test_a_persons_language_decides_and_the_first_stands_in(session: Session, survey: Survey) -> None:
    words = {
        **Draft("invitation", {"en": "Hi", "ar": "أهلا"}, {"en": "E {link}", "ar": "A {link}"}).words(),
        **AROUND.words(),
    }
    for spoken, wanted in {"ar": "ar", "en": "en", "fr": "en", "": "en", "ar-EG": "ar"}.items():
        person = Invitee(id="a" * 32, survey_id=survey.id, name="", email="", address="", language=spoken)
        assert addressed.letter_to(words, survey, person, SECRET).language == wanted, spoken


def test_stop_links_cannot_be_made_up(session: Session, survey: Survey) -> None:
    (one, other) = sheets.invite(session, survey, "a@x.example", "b@x.example")
    token = addressed.stop_token(SECRET, one)
    assert addressed.person_of(session, SECRET, token).id == one
    forged = addressed.stop_token("another secret", other)
    for bad in (forged, token[:-1], "", other, token + "x", "\0", "é"):
        with pytest.raises(NotFound):
            addressed.person_of(session, SECRET, bad)


# Mail that came back


def came_back(session: Session, survey: Survey) -> tuple[Mailing, Invitee]:
    (person_id,) = sheets.invite(session, survey, "anna@x.example")
    mailing = write(session, survey)
    start(session, survey, mailing)
    deliveries.claim(session, mailing, survey, person_id)
    deliveries.settle_refused(session, mailing.id, person_id, "550 no such user")
    session.expire_all()
    return mailing, session.get_one(Invitee, person_id)


def test_an_address_that_is_put_right_gets_the_mailing_again(session: Session, survey: Survey) -> None:
    mailing, person = came_back(session, survey)
    assert [(p.id, p.note) for p in bounces.of_survey(session, survey)] == [(person.id, "550 no such user")]
    assert bounces.put_right(session, survey, person, " ana@x.example ", by="me") is mailing
    assert (person.email, person.state, person.note) == ("ana@x.example", "listed", "")
    assert deliveries.totals(session, mailing.id) == {"waiting": 1}
    assert mailings.is_under_way(session, mailing)


@pytest.mark.parametrize(
    "email", ["", "ana", "a b@x.example", "a@x.example\r\nBcc: b@x.example", "a@" + "x" * 300]
)
def test_an_address_that_is_none_is_refused(session: Session, survey: Survey, email: str) -> None:
    _mailing, person = came_back(session, survey)
    with pytest.raises(Refusal, match="in full"):
        bounces.put_right(session, survey, person, email, by="me")


def test_an_address_of_somebody_else_is_refused(session: Session, survey: Survey) -> None:
    _mailing, person = came_back(session, survey)
    sheets.invite(session, survey, "Ana@x.example")
    with pytest.raises(Refusal, match="Somebody else"):
        bounces.put_right(session, survey, person, "ana@X.example", by="me")


def test_only_bounced_people_of_this_survey_are_put_right(session: Session, survey: Survey) -> None:
    (well,) = sheets.invite(session, survey, "ana@x.example")
    for wrong in (well, "0" * 32, "x"):
        with pytest.raises(NotFound):
            bounces.person_of(session, survey, wrong)


def report(*addresses: str, action: str = "failed") -> bytes:
    """A message as servers send it when they could not deliver (RFC 3464)."""
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole["Subject"] = "Undelivered mail"
    whole.attach(MIMEText("It could not be delivered."))
    status = EmailMessage()
    status["Content-Type"] = "message/delivery-status"
    blocks = [Message()]
    blocks[0]["Reporting-MTA"] = "dns; mail.x.example"
    for address in addresses:
        block = Message()
        block["Final-Recipient"] = f"rfc822; {address}"
        block["Action"] = action
        block["Status"] = "5.1.1"
        block["Diagnostic-Code"] = "smtp; 550 5.1.1 no such\n user here"
        blocks.append(block)
    status.set_payload(blocks)
    whole.attach(status)
    return whole.as_bytes()


def test_a_report_of_a_server_marks_whom_it_names(session: Session, survey: Survey) -> None:
    sheets.invite(session, survey, "ana@x.example", "bob@x.example", state="sent", mailings=1)
    reports = bounces.read_report(report("ANA@x.example", "nobody@x.example"))
    assert [one.reason for one in reports] == ["550 5.1.1 no such user here"] * 2
    assert bounces.take_in(session, reports, by="me") == 1
    session.expire_all()
    assert [(p.email, p.note) for p in bounces.of_survey(session, survey)] == [
        ("ana@x.example", "550 5.1.1 no such user here")
    ]
    row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert row is not None
    assert "ana" not in str(row.details)


def test_a_delay_is_no_bounce() -> None:
    assert bounces.read_report(report("ana@x.example", action="delayed")) == []


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"Subject: hello\n\nno report", b"\xff" * 50])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match="no report"):
        bounces.read_report(data)
    with pytest.raises(Refusal, match="too large"):
        bounces.read_report(b"x" * (bounces.MOST_BYTES + 1))
