"""Mail: messages that mean what was meant, and a server that takes, refuses, breaks off or is not trusted."""

from __future__ import annotations

import smtplib
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import checks, mail
from survey.config import Settings, SettingsError, load
from survey.mail import Away, Mail, NoServer, NotSent, Unsure
from tests.support import smtp

FROM = "City of Example <survey@city.example>"
HELLO = Mail(
    "ana@x.example", "Hello", "Open https://x.example/a?b=1&c=2.\n\nThank you.", "en", "Ana", "https://x/stop"
)


def settings(post: smtp.Post | None = None, **more: Any) -> Settings:
    values = {
        "smtp_host": "127.0.0.1",
        "smtp_port": post.port if post else 9,
        "smtp_from": FROM,
        "smtp_tls": "none",
    }
    return Settings(**{**values, **more})


def send(settings: Settings, one: Mail = HELLO) -> None:
    with mail.line(settings) as line:
        line.send(mail.message(one, settings))


# Messages


TEXT = st.text(max_size=60)


@given(name=TEXT, subject=TEXT, text=st.text(max_size=300), language=st.sampled_from(["en", "ar", "es-MX"]))
def test_whatever_is_written_becomes_one_message_to_one_person(
    name: str, subject: str, text: str, language: str
) -> None:
    made = mail.message(Mail("ana@x.example", subject, text, language, name, "https://x/stop"), settings())
    read = message_from_bytes(made.as_bytes(), policy=policy.default)
    once = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe")
    assert all(len(read.get_all(header, [])) == 1 for header in once)
    assert read.get_all("Bcc") is None
    assert [a.addr_spec for a in read["To"].addresses] == ["ana@x.example"]
    assert str(read["Subject"]) == mail.plain_line(mail._storable(subject))
    plain = read.get_body(("plain",)).get_content()
    same = lambda words: "\n".join(words.replace("\r\n", "\n").replace("\r", "\n").splitlines()).strip("\n")
    assert same(plain) == same(mail._storable(text))


def test_a_line_end_in_a_name_or_subject_makes_no_header() -> None:
    bad = Mail(
        "ana@x.example", "Hi\r\nBcc: all@x.example", "text", "en", "Ana\r\nX-Evil: 1", "https://x/\r\nX: 1"
    )
    lines = mail.message(bad, settings()).as_bytes().decode().split("\r\n")
    assert not [line for line in lines if line.startswith(("Bcc", "X-Evil", "X:"))]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@x.example",
        "a b@x.example",
        "a@x.example, b@x.example",
        "a@x\r\n.example",
        "a@@x",
        "<a@x>",
        "a@[1.2.3.4]",
    ],
)
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(NotSent) as refusal:
        mail.message(Mail(address, "s", "t", "en"), settings())
    assert refusal.value.for_good


def test_html_is_the_text_with_its_links_and_direction() -> None:
    one = Mail("a@x.example", "s", "<b>Hi</b> https://x.example/a?b=1&c=2.\nNext", "ar")
    body = mail.message(one, settings()).get_body(("html",))
    assert body is not None
    html = body.get_content()
    assert '<html lang="ar" dir="rtl">' in html
    assert "&lt;b&gt;Hi&lt;/b&gt;" in html
    assert 'href="https://x.example/a?b=1&amp;c=2"' in html


def test_addresses_in_other_scripts_are_written_as_servers_read_them() -> None:
    made = mail.message(Mail("bob@bücher.example", "s", "t", "en"), settings())
    assert made["To"].addresses[0].addr_spec == "bob@xn--bcher-kva.example"
    with smtp.serving() as post:
        send(settings(post), Mail("jürgen@x.example", "s", "t", "de"))
    assert post.to == ["jürgen@x.example"]


def test_replies_and_bounces_go_where_the_settings_say() -> None:
    with smtp.serving() as post:
        where = {"smtp_reply_to": "help@city.example", "smtp_bounce_to": "bounces@city.example"}
        send(settings(post, **where))
    taken = post.taken[0]
    assert (taken["Reply-To"], post.senders) == ("help@city.example", ["bounces@city.example"])
    assert taken["List-Unsubscribe"] == "<https://x/stop>"
    assert taken["Auto-Submitted"] == "auto-generated"


# The server


def test_a_refused_address_is_refused_for_good_and_the_next_one_goes_out() -> None:
    post = smtp.Post(on_to=lambda to: "550 5.1.1 no such user" if to.startswith("ana") else None)
    with smtp.serving(post), mail.line(settings(post)) as line:
        with pytest.raises(NotSent) as refusal:
            line.send(mail.message(HELLO, settings(post)))
        line.send(mail.message(Mail("bob@x.example", "s", "t", "en"), settings(post)))
    assert refusal.value.for_good
    assert refusal.value.reason == "550 5.1.1 no such user"
    assert post.to == ["bob@x.example"]


@pytest.mark.parametrize("where", ["on_from", "on_to", "on_text"])
def test_not_for_now_is_not_for_good(where: str) -> None:
    post = smtp.Post(**{where: lambda _address: "451 4.7.1 come back later"})  # type: ignore[arg-type]
    with smtp.serving(post), pytest.raises(NotSent) as refusal:
        send(settings(post))
    assert not refusal.value.for_good
    assert post.taken == []


def test_a_refused_text_is_refused_for_good() -> None:
    post = smtp.Post(on_text=lambda _address: "554 5.7.1 looks like spam")
    with smtp.serving(post), pytest.raises(NotSent) as refusal:
        send(settings(post))
    assert refusal.value.for_good


def test_a_refused_sender_is_for_the_operator() -> None:
    post = smtp.Post(on_from=lambda _address: "550 not yours to send from")
    with smtp.serving(post), pytest.raises(NoServer, match="SURVEY_SMTP_FROM"):
        send(settings(post))


def test_a_line_that_breaks_before_the_text_leaves_no_doubt() -> None:
    post = smtp.Post(on_to=lambda _address: smtp.DROP)
    with smtp.serving(post), pytest.raises(Away):
        send(settings(post))
    assert post.taken == []


def test_a_line_that_breaks_after_the_text_leaves_doubt() -> None:
    post = smtp.Post(on_text=lambda _address: smtp.DROP)
    with smtp.serving(post), pytest.raises(Unsure):
        send(settings(post))
    assert len(post.taken) == 1


def test_a_server_that_takes_its_time_over_the_text_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    with smtp.serving(smtp.Post(delay=1.0)) as post, pytest.raises(Unsure):
        send(settings(post))


def test_a_server_that_is_not_there_is_away() -> None:
    with pytest.raises(Away):
        send(settings())
    with pytest.raises(NoServer, match="No mail server is set"):
        send(Settings())


# Encryption


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_a_certificate_that_nobody_knows_is_not_trusted(tls: str) -> None:
    with smtp.serving(tls=tls) as post, pytest.raises(NoServer, match="not trusted"):
        send(settings(post, smtp_tls=tls))
    assert post.taken == []


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_a_certificate_that_the_settings_name_is_trusted(tls: str) -> None:
    with smtp.serving(tls=tls) as post:
        send(settings(post, smtp_tls=tls, smtp_ca_file=post.ca_file))
    assert post.encrypted == [True]


def test_a_server_without_starttls_gets_no_mail_when_the_settings_want_it() -> None:
    with smtp.serving() as post, pytest.raises(NoServer, match="offers no starttls"):
        send(settings(post, smtp_tls="starttls"))
    assert post.taken == []


def test_a_name_for_another_host_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp.serving(tls="starttls") as post:
        elsewhere = settings(post, smtp_tls="starttls", smtp_ca_file=post.ca_file, smtp_host="127.0.0.2")
        monkeypatch.setattr(mail, "_greeted", lambda s, c: _greeted_at("127.0.0.1", s, c))
        with pytest.raises(NoServer, match="not trusted"):
            send(elsewhere)


def _greeted_at(host: str, wanted: Settings, context: Any) -> smtplib.SMTP:
    found = smtplib.SMTP(host, wanted.smtp_port, timeout=5)
    found._host = wanted.smtp_host  # type: ignore[attr-defined]
    return found


def test_signing_in() -> None:
    with smtp.serving(tls="starttls", login=("city", "right")) as post:
        safe = {"smtp_tls": "starttls", "smtp_ca_file": post.ca_file, "smtp_user": "city"}
        send(settings(post, **safe, smtp_password="right"))
        with pytest.raises(NoServer, match="name and password"):
            send(settings(post, **safe, smtp_password="wrong"))
    assert len(post.taken) == 1


def test_a_file_of_certificates_that_cannot_be_read() -> None:
    with pytest.raises(NoServer, match="SURVEY_SMTP_CA_FILE"):
        send(settings(smtp_tls="starttls", smtp_ca_file="/nowhere.pem"))


# Settings and the doctor


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"SURVEY_SMTP_HOST": "mail.x"}, "SURVEY_SMTP_FROM is missing"),
        ({"SURVEY_SMTP_FROM": "nobody"}, "SURVEY_SMTP_FROM"),
        ({"SURVEY_SMTP_REPLY_TO": "a@x.example\r\nBcc: b@x"}, "SURVEY_SMTP_REPLY_TO"),
        ({"SURVEY_SMTP_PORT": "70000"}, "SURVEY_SMTP_PORT"),
        ({"SURVEY_SMTP_TLS": "maybe"}, "starttls, ssl, none"),
        (
            {
                "SURVEY_SMTP_HOST": "m.x",
                "SURVEY_SMTP_FROM": "a@x.example",
                "SURVEY_SMTP_TLS": "none",
                "SURVEY_SMTP_PASSWORD": "p",
            },
            "anybody on the line",
        ),
    ],
)
def test_settings_that_cannot_work_stop_the_start(values: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(values)
    assert words in str(refusal.value)


def test_the_doctor_tries_the_server() -> None:
    with smtp.serving(tls="starttls") as post:
        fine = checks._mail(settings(post, smtp_tls="starttls", smtp_ca_file=post.ca_file))
        wrong = checks._mail(settings(post, smtp_tls="starttls"))
    assert (fine.state, wrong.state) == (checks.FINE, checks.WRONG)
    assert "not trusted" in wrong.words
    assert checks._mail(Settings()).state == checks.FINE
