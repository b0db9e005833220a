"""A demo that is built once and served for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import states
from tests.support import server


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that `survey demo` builds."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    done = server.run(["demo", "--no-serve"], f"sqlite:///{path}")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="session")
def demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo, served by gunicorn; tests that only look share it."""
    url = server.copy_sqlite(demo_file, tmp_path_factory.mktemp("shared") / "demo.sqlite")
    with server.serving(url, SURVEY_DEMO="1") as address:
        yield address


@pytest.fixture(scope="session")
def prepared_file(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, states.Made]:
    """The demo's database in many states at once, and where to find them."""
    path = tmp_path_factory.mktemp("prepared") / "demo.sqlite"
    return path, states.prepare(server.copy_sqlite(demo_file, path))


@pytest.fixture(scope="session")
def made(prepared_file: tuple[Path, states.Made]) -> states.Made:
    """Where the states of the prepared demo are found."""
    return prepared_file[1]


@pytest.fixture(scope="session")
def prepared(
    prepared_file: tuple[Path, states.Made], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the prepared demo; nobody does its long work, so that what goes on goes on."""
    url = server.copy_sqlite(prepared_file[0], tmp_path_factory.mktemp("served") / "demo.sqlite")
    with server.serving(url, SURVEY_DEMO="1", SURVEY_WORKER="separate") as address:
        yield address


@pytest.fixture
def own_prepared(prepared_file: tuple[Path, states.Made], tmp_path: Path) -> Iterator[str]:
    """A prepared demo of a test's own, to change."""
    url = server.copy_sqlite(prepared_file[0], tmp_path / "prepared.sqlite")
    with server.serving(url, SURVEY_DEMO="1", SURVEY_WORKER="separate") as address:
        yield address


@pytest.fixture
def own_demo(demo_file: Path, tmp_path: Path) -> Iterator[str]:
    """A demo of a test's own, to change."""
    url = server.copy_sqlite(demo_file, tmp_path / "demo.sqlite")
    with server.serving(url, SURVEY_DEMO="1") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser window that fails the test on any error a visitor's console would show."""
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    # Chromium writes the status of a refused form (422, 404 ...) to the console; that is no fault.
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []
