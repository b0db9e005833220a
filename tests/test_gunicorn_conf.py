"""The settings under which gunicorn serves, with a real gunicorn."""

import ast
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.config import Config

from survey import gunicorn_conf
from tests.support.postgres import free_port

APPLICATION = """
def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/crash"):
        raise LookupError("the cause")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"served"]
"""
COMMAND = [sys.executable, "-m", "gunicorn", "--config", "python:survey.gunicorn_conf"]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Path]]:
    """The port of a server with one worker, and its log."""
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    (tmp_path / "tiny.py").write_text(APPLICATION)
    port, log = free_port(), tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*COMMAND, "--chdir", tmp_path, "--bind", f"127.0.0.1:{port}", "tiny:application"],
            stdout=output,
            stderr=output,
        )
        try:
            wait_for(port)
            yield port, log
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not start")


def exchange(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_pages_are_served_and_the_log_says_nothing_of_visitors(served):
    port, log = served
    assert b"served" in exchange(
        port, b"GET /parks?answer=trees HTTP/1.1\r\nHost: a\r\nUser-Agent: me\r\n\r\n"
    )
    assert b"400" in exchange(port, b"what is this secret\r\n\r\n")
    assert b"500" in exchange(port, b"GET /crash?answer=trees HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"431" in exchange(port, b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 9_000 + b"\r\n\r\n")
    text = log.read_text()
    assert "A request that is not HTTP was refused." in text
    assert "A request could not be answered." in text
    assert "LookupError: the cause" in text
    started = text.index("Booting worker")
    for said in ("127.0.0.1", "crash?", "trees", "secret", "parks"):
        assert said not in text[started:]


def test_every_setting_is_one_that_gunicorn_knows():
    tree = ast.parse(Path(gunicorn_conf.__file__).read_text())
    names = [node.targets[0] for node in tree.body if isinstance(node, ast.Assign)]
    assert {name.id for name in names} <= set(Config().settings)
