"""A survey of four questions, one a page, and a browser."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from survey.db import Database
from survey.models import Study
from tests.services.answering import document, publish
from tests.views.respond.browsing import Browser


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


@pytest.fixture
def survey_id(database: Database, study: Study) -> int:
    return publish(database, study, document())
