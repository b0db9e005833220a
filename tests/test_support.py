"""What the tests stand on must itself stand: PostgreSQL, the browser, the check of accessibility."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser
from sqlalchemy.engine import make_url

from tests.support import MissingError, axe, chromium, postgres
from tools.environment import ROOT


@pytest.fixture(scope="module")
def own_server() -> Iterator[postgres.Server]:
    """A server started from the programs of the machine, whether or not another one is running."""
    folder = postgres.programs()
    assert folder is not None, postgres.ADVICE
    return postgres.start(folder)


def databases(server: postgres.Server) -> set[str]:
    with postgres.connect(server.url) as connection:
        return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}


def test_a_fresh_database_is_empty_postgresql_and_speaks_utf_8():
    with postgres.fresh_postgres_database() as address, postgres.connect(make_url(address)) as connection:
        assert address.startswith("postgresql+psycopg://")
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone() is None


def test_each_database_is_new_and_dropped_even_while_in_use(own_server):
    before = databases(own_server)
    with own_server.database() as one, own_server.database() as two:
        assert one != two
        left_open = postgres.connect(make_url(one))
        assert len(databases(own_server) - before) == 2
    assert databases(own_server) == before
    left_open.close()


def test_a_server_of_our_own_is_for_this_machine_and_its_password_only(own_server):
    url = own_server.url
    assert url.host == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password"):
        postgres.connect(url.set(password="guessed"))
    with postgres.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


ENDLESS_RUN = """
import signal, sys, time
from tests.support import postgres
# A shell lets its background jobs ignore this one, and they hand that down.
signal.signal(signal.SIGINT, signal.default_int_handler)
server = postgres.start(postgres.programs())
with postgres.connect(server.url) as connection:
    folder = connection.execute("SHOW data_directory").fetchone()[0]
print(server.url.port, folder, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_server_of_our_own_ends_with_the_run_however_that_ends(end):
    command = [sys.executable, "-c", ENDLESS_RUN]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as run:
        assert run.stdout is not None
        port, folder = run.stdout.readline().split()
        assert is_open(int(port))
        run.send_signal(end)
        run.communicate(timeout=30)
    wait_until(lambda: not is_open(int(port)) and not Path(folder).parent.exists())


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_nobody_listening_is_not_a_server():
    assert postgres.listening(postgres.free_port()) is None


def test_without_postgresql_the_sentence_says_what_to_do(monkeypatch):
    assert postgres.programs(path="", places=[]) is None
    monkeypatch.setattr(postgres, "programs", lambda: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingError, match=r"PostgreSQL is missing: set TEST_DATABASE_URL .* apt-get"):
        postgres.installed_programs()


def test_the_newest_complete_postgresql_is_taken(tmp_path):
    for version, names in (("9", "initdb postgres"), ("15", "initdb postgres"), ("17", "initdb")):
        (tmp_path / version).mkdir()
        for name in names.split():
            (tmp_path / version / name).touch(mode=0o755)
    assert postgres.programs("", [f"{tmp_path}/*"]).name in {"9", "15"}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://somebody@127.0.0.1:1/nothing", "TEST_DATABASE_URL is set, but cannot .*refused"),
        ("sqlite:///file.sqlite", "TEST_DATABASE_URL is not the address of a PostgreSQL server"),
        ("nonsense", "TEST_DATABASE_URL is not the address of a PostgreSQL server"),
    ],
)
def test_a_wrong_address_is_refused_rather_than_passed_over(address, words):
    with pytest.raises(MissingError, match=words):
        postgres.at_address(address)


def test_a_given_address_is_used(own_server):
    address = own_server.url.set(drivername="postgres").render_as_string(hide_password=False)
    with postgres.at_address(address).database() as url:
        assert make_url(url).port == own_server.url.port


def test_a_user_who_may_not_create_databases_is_told_so(own_server):
    with postgres.connect(own_server.url) as connection:
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'reads'")
    address = own_server.url.set(username="reader", password="reads").render_as_string(hide_password=False)
    with pytest.raises(MissingError, match="may not create databases"):
        postgres.at_address(address)


def provision(server: postgres.Server, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run what `make test` runs before the tests."""
    address = server.url.render_as_string(hide_password=False)
    return subprocess.run(
        [sys.executable, "-m", "tools.provision"],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": address} | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_test_says_what_it_uses(own_server):
    done = provision(own_server)
    assert done.returncode == 0, done.stderr
    assert "PostgreSQL: the server of TEST_DATABASE_URL, 127.0.0.1" in done.stdout
    assert f"Chromium: {chromium.program()}" in done.stdout


def test_make_test_stops_where_a_program_is_missing(own_server, tmp_path):
    done = provision(own_server, CHROMIUM=str(tmp_path / "chromium"))
    assert done.returncode == 1
    assert (
        done.stderr == f"The tests cannot run. CHROMIUM is set to {tmp_path}/chromium, which does not run.\n"
    )


def test_without_chromium_or_a_network_the_sentence_says_what_to_do(own_server, tmp_path):
    done = provision(
        own_server,
        PATH=str(tmp_path),
        PLAYWRIGHT_BROWSERS_PATH=str(tmp_path),
        PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:1",
    )
    assert done.returncode == 1
    assert "The tests cannot run. Chromium is missing: install it (Debian: apt-get install" in done.stderr


def test_a_signpost_is_not_a_browser(tmp_path):
    signpost = tmp_path / "chromium-browser"
    signpost.write_text("#!/bin/sh\necho 'use snap'; exit 1\n")
    signpost.chmod(0o755)
    assert chromium.on_machine(str(tmp_path)) is None


POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'"
GOOD = """<!doctype html><html lang="en"><head><title>Parks</title></head>
<body><main><h1>Parks</h1><p>More trees.</p></main></body></html>"""
BAD = """<!doctype html><html><head><title>Parks</title></head><body><main><h1>Parks</h1>
<img src="/tree.png"><button id="small" type="button"><svg width="5" height="5"></svg></button>
<a href="/a" style="font-size:8px">a</a></main></body></html>"""


def violations_of(browser: Browser, body: str) -> list[str]:
    with browser.new_context() as context:
        page = context.new_page()
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
        page.route("http://page.test/**", lambda route: route.fulfill(body=body, headers=headers))
        page.goto("http://page.test/")
        return axe.violations(page)


def test_axe_finds_nothing_on_a_good_page_under_a_strict_policy(browser):
    assert violations_of(browser, GOOD) == []


def test_axe_names_rule_place_and_remedy(browser):
    found = violations_of(browser, BAD)
    rules = {line.split()[0] for line in found}
    assert rules >= {"html-has-lang", "image-alt", "button-name"}
    (image,) = [text for text in found if text.startswith("image-alt")]
    assert 'img: <img src="/tree.png">' in image
    assert "Fix any of the following" in image


def test_axe_looks_for_small_targets_though_it_does_not_by_default(browser):
    links = "".join(f'<a href="/{n}">{n}</a>' for n in range(3))
    body = GOOD.replace("<p>", f"<nav>{links}</nav><p>")
    assert any(text.startswith("target-size") for text in violations_of(browser, body))
