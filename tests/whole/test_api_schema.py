"""Schemathesis over the served description: what fits is taken, what does not is refused, in words."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.db import Database
from survey.models import Person
from survey.views.api import limits
from survey.views.api.contract import OPERATIONS
from tests.factories import World
from tests.people import Cast
from tests.support.fuzz import Plan, fuzz
from tests.views.test_api import token_of

CHECKS = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "allow_header_conformance",
}


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REQUESTS", 10**9)


def test_the_api_keeps_its_word(app: Flask, database: Database, world: World, cast: Cast) -> None:
    with database.writing() as session:  # somebody who may do all that a program may
        session.get_one(Person, cast.planner.id).roles = ["planner", "facilitator"]
    # The description is the same on both databases: its edges are tried on one.
    known = {name: world.values[name] for name in ("survey_slug", "webhook_id", "delivery_id")}
    secret = token_of(database, cast.planner)
    plan = Plan(secret, "it-plan", examples=1, edges=database.is_sqlite, once=True, known=known)
    outcome = fuzz(app, plan)
    assert outcome.faults == []
    assert len(outcome.statuses) == len(OPERATIONS)
    if plan.edges:
        assert {name for name in CHECKS if not outcome.checks[name]} == set()
        for label, counts in outcome.statuses.items():
            assert sum(counts[status] for status in (200, 201, 202, 422)) > 0, (label, counts)
        assert outcome.statuses["POST /studies/{slug}/decisions"][201] > 0
