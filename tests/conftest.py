"""What every test may ask for: a PostgreSQL database and a browser."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.support import chromium, postgres

# A busy machine is no fault of the code; what must be quick has a test or a benchmark of its own.
settings.register_profile("throughline", deadline=None)
settings.load_profile("throughline")

pytest_plugins = ["tests.fixtures", "tests.factories"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database of this run; more with `fresh_postgres_database()`."""
    with postgres.fresh_postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for the run; each test opens a context of its own."""
    with chromium.open_browser() as opened:
        yield opened
