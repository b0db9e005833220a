"""The guard, the headers and sign-in, attacked from outside."""

from __future__ import annotations

import gzip
import re
import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from survey import permissions
from survey.config import Settings
from survey.db import Database
from survey.models import Attempt, AuditRow, SignIn
from survey.security import local
from survey.services import people
from tests.fixtures import PASSWORD, login, post
from tests.people import Cast

PAGES = ["/", "/sign-in", "/healthz", "/no-such-page", "/studies"]


@pytest.mark.parametrize("path", PAGES)
def test_every_reply_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_static_files_are_hashed_and_kept(client: FlaskClient) -> None:
    url = re.search(r'href="(/static/survey\.[0-9a-f]{12}\.css)"', client.get("/sign-in").text)
    assert url
    with client.get(url[1]) as reply:
        assert reply.status_code == 200
        assert "immutable" in reply.headers["Cache-Control"]
        plain = reply.data
    packed = client.get(url[1], headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == "text/css"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain
    assert len(packed.data) < len(plain) / 3
    page = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in page.headers, "pages hold secrets that compression could give away"
    for other in (
        "/static/survey.css",
        "/static/survey.000000000000.css",
        "/static/..%2fconfig.py",
        "/static/x",
    ):
        assert client.get(other).status_code == 404


def test_every_route_has_a_permission(app: Flask) -> None:
    missing = [
        rule.rule for rule in app.url_map.iter_rules() if permissions.needed(app, rule.endpoint) is None
    ]
    assert missing == []


# Ids that are words.
WORDS = (
    "page_id",
    "question_id",
    "comment_id",
    "invitee_id",
    "delivery_id",
    "sheet_id",
    "bounced_id",
    "note_id",
)


def test_urls_are_kebab_case_and_every_id_has_a_type(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), rule.rule
        for argument in re.findall(r"<([^>]+)>", rule.rule):
            assert argument in WORDS or not argument.endswith("_id") or ":" in argument, rule.rule


def test_a_stranger_is_sent_to_sign_in_and_back(client: FlaskClient, cast: Cast) -> None:
    reply = client.get("/studies/it-plan/themes?state=new")
    assert reply.status_code == 302
    assert reply.location == "/sign-in?next=/studies/it-plan/themes?state%3Dnew"
    data = {"email": cast.planner.email, "password": PASSWORD, "next": "/studies/it-plan/themes"}
    assert post(client, "/sign-in", data).location == "/studies/it-plan/themes"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\evil", ""],
)
def test_sign_in_never_leads_off_the_site(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert local(target) == "/studies"


@pytest.mark.parametrize(
    ("email", "password"), [("planner@office.example", "wrong"), ("nobody@x.example", PASSWORD), ("'--", "x")]
)
def test_a_wrong_sign_in_says_the_same_for_known_and_unknown(
    client: FlaskClient, cast: Cast, email: str, password: str
) -> None:
    reply = post(client, "/sign-in", {"email": email, "password": password})
    assert reply.status_code == 422
    assert "E-mail or password is not right" in reply.text
    assert "staff=" not in str(reply.headers.getlist("Set-Cookie"))


def test_unknown_accounts_take_as_long_as_known_ones(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        people.add(session, "known@office.example", ["planner"], PASSWORD, by="tests")

    def seconds(email: str) -> float:
        start = time.process_time()
        post(client, "/sign-in", {"email": email, "password": "wrong"})
        return time.process_time() - start

    known = min(seconds("known@office.example") for _ in range(3))
    unknown = min(seconds("nobody@office.example") for _ in range(3))
    assert 0.5 < unknown / known < 2


def test_ten_tries_an_account_then_even_the_right_password_waits(client: FlaskClient, cast: Cast) -> None:
    for _ in range(10):
        assert post(client, "/sign-in", {"email": cast.planner.email, "password": "wrong"}).status_code == 422
    reply = post(client, "/sign-in", {"email": cast.planner.email, "password": PASSWORD})
    assert reply.status_code == 429
    assert "15 minutes" in reply.text
    login(client, cast.facilitator)  # others are not locked out


def test_tries_are_counted_without_names_or_addresses(
    client: FlaskClient, cast: Cast, database: Database
) -> None:
    post(client, "/sign-in", {"email": cast.planner.email, "password": "wrong"})
    with database.reading() as session:
        keys = session.scalars(select(Attempt.key)).all()
    assert len(keys) == 2
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in keys)


def test_the_cookie_is_for_this_site_only_and_out_of_reach_of_scripts(
    client: FlaskClient, cast: Cast
) -> None:
    reply = post(client, "/sign-in", {"email": cast.planner.email, "password": PASSWORD})
    cookie = next(c for c in reply.headers.getlist("Set-Cookie") if c.startswith("staff="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_ends_the_sign_in_on_the_server(client: FlaskClient, cast: Cast, app: Flask) -> None:
    login(client, cast.planner)
    stolen = client.get_cookie("staff")
    assert stolen is not None
    assert post(client, "/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("staff", stolen.value)
    assert thief.get("/studies").status_code == 302


def test_a_sign_in_ends_after_its_hours(client: FlaskClient, cast: Cast, database: Database) -> None:
    login(client, cast.planner)
    with database.writing() as session:
        row = session.scalars(select(SignIn)).one()
        session.execute(update(SignIn).values(started_at=row.started_at - timedelta(hours=12, minutes=1)))
    assert client.get("/studies").status_code == 302


def test_an_idle_browser_is_signed_out(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(client, cast.planner)
    assert client.get("/studies").status_code == 200
    later = time.time() + 31 * 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert client.get("/studies").status_code == 302


def test_a_forged_cookie_is_nobody(client: FlaskClient, cast: Cast) -> None:
    for value in ("x", "a.b.c", "0" * 200):
        client.set_cookie("staff", value)
        assert client.get("/studies").status_code == 302


def test_the_wrong_role_is_refused_in_words(client: FlaskClient, cast: Cast) -> None:
    reply = login(client, cast.administrator).get("/studies")
    assert reply.status_code == 403
    assert "role" in reply.text


def test_a_form_without_token_is_not_taken_but_kept(client: FlaskClient, cast: Cast) -> None:
    login(client, cast.administrator)
    reply = client.post("/people/new", data={"email": "somebody with a long name", "end": "1"})
    assert reply.status_code == 400
    assert "somebody with a long name" in reply.text
    assert "Send it again" in reply.text


def test_a_form_cut_short_is_not_taken_but_kept(client: FlaskClient, cast: Cast, database: Database) -> None:
    login(client, cast.administrator)
    page = client.get("/people/new").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    reply = client.post(
        "/people/new", data={"csrf_token": token[1], "email": "cut@office.example", "name": "half a na"}
    )
    assert reply.status_code == 400
    assert "did not arrive whole" in reply.text
    assert "half a na" in reply.text


def test_a_form_sent_after_signing_out_survives_the_sign_in(client: FlaskClient, cast: Cast) -> None:
    typed = {
        "email": "new@office.example",
        "name": "A name typed for long",
        "roles": "auditor",
        "password": "twelve letters at least",
    }
    late = post(client, "/people/new", typed, page="/sign-in")
    assert late.status_code == 401
    kept = {f"kept.{name}": value for name, value in typed.items()}
    assert all(f'name="{name}"' in late.text for name in kept)
    again = post(
        client,
        "/sign-in",
        {"email": cast.administrator.email, "password": PASSWORD, "next": "/people/new", **kept},
    )
    assert again.status_code == 200
    assert "A name typed for long" in again.text
    assert post(client, "/people/new", typed, page="/people/new").status_code == 303


def test_a_form_too_large_is_refused_with_its_text(client: FlaskClient, cast: Cast) -> None:
    login(client, cast.administrator)
    reply = post(client, "/people/new", {"name": "start of a long text " + "x" * 300_000})
    assert reply.status_code == 413
    assert "start of a long text" in reply.text
    assert "256 kB" in reply.text
    huge = post(client, "/people/new", {"name": "x" * 3_000_000})
    assert huge.status_code == 413
    assert len(huge.text) < 10_000


@pytest.mark.parametrize("path", ["/people", "/audit", "/studies", "/account"])
def test_staff_pages_need_a_sign_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 302


def test_on_https_cookies_are_host_only_and_secure(
    database: Database, test_settings: Settings, cast: Cast
) -> None:
    from dataclasses import replace

    from survey import create_app

    client = create_app(replace(test_settings, https=True), database).test_client()
    base = "https://localhost"
    page = client.get("/sign-in", base_url=base)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token
    data = {"csrf_token": token[1], "email": cast.planner.email, "password": PASSWORD, "end": "1"}
    reply = client.post("/sign-in", data=data, base_url=base)
    cookies = reply.headers.getlist("Set-Cookie")
    assert any(c.startswith("__Host-staff=") and "Secure" in c and "Path=/" in c for c in cookies)


def test_sign_ins_are_audited(client: FlaskClient, cast: Cast, database: Database) -> None:
    login(client, cast.planner)
    with database.reading() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(1)).one()
    assert (row.action, row.by) == ("sign-in", cast.planner.email)
