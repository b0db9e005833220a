"""Rules made to break the path checker or to keep it busy for hours, and rules that go round in a circle."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask

from survey.db import Database
from survey.document import parse
from survey.models import Study
from survey.path_check import findings
from tests.people import Cast
from tests.services.answering import CHOICES, document, publish, text
from tests.views.respond.browsing import Browser
from tests.views.test_api import Program, token_of
from tests.views.test_api_surveys import SURVEYS
from tests.whole.test_bad_survey_input import LOOP

SOON = 10.0  # seconds, on a busy machine; each of these takes less than two
TEXT: dict[str, Any] = {"type": "long_text", "label": text("What works well?"), "optional": True}


def yes_no(n: int, *before: int) -> dict[str, Any]:
    """A question asked when one of these was answered with yes."""
    parts = [{"question": f"q{other}", "op": "=", "value": "yes"} for other in before]
    rule = {"show_if": {"any": parts}} if parts else {}
    return {"id": f"q{n}", "type": "yes_no", "label": text("Is it?"), "optional": True, **rule}


def compared(kind: str, value: str, of: str = "value") -> list[dict[str, Any]]:
    rule = {"question": "one", "of": of, "op": "=", "value": value}
    one = {"id": "one", "type": kind, "label": text("How much?"), "optional": True}
    return [one, {**TEXT, "id": "two", "show_if": rule}]


def amounts(value: str) -> list[dict[str, Any]]:
    one, two = compared("allocation", value)
    return [{**one, "choices": CHOICES}, {**two, "show_if": {**two["show_if"], "part": "easy"}}]


RULES: dict[str, list[dict[str, Any]]] = {
    "a thousand in a row": [yes_no(n, *([n - 1] if n else [])) for n in range(1000)],
    "twenty each, of a thousand": [yes_no(n, *range(max(0, n - 20), n)) for n in range(1000)],
    "a number beyond numbers": compared("number", "1e309"),
    "not a number": compared("number", "nan"),
    "a length beyond numbers": compared("short_text", "-1e309", "length"),
    "points beyond numbers": amounts("inf"),
    "a time that is none": compared("time", "ab:cd"),
    "a date that is none": compared("date", "2026-02-30"),
    "Arabic digits": compared("number", "٤٢"),
}


@pytest.mark.parametrize("name", RULES)
def test_no_rule_breaks_the_path_checker_or_keeps_it_long(name: str) -> None:
    checked = parse(document("pages", RULES[name]))
    started = time.perf_counter()
    assert not [one for one in findings(checked) if one.must]
    assert time.perf_counter() - started < SOON


def test_a_loop_in_the_logic_is_told_and_not_published_and_answered_without_harm(
    app: Flask, cast: Cast, study: Study, database: Database
) -> None:
    program = Program(app.test_client(), token_of(database, cast.facilitator))
    looped = {**document(), "pages": [LOOP]}
    made = program.post(SURVEYS, {"document": looped, "mode": "anonymous", "slug": "loop"})
    assert made.status_code == 201
    revision = made.get_json()["survey"]["revision"]
    refused = program.post(f"{SURVEYS}/loop/publish", {"revision": revision})
    assert refused.status_code == 422
    assert "goes round in a circle" in refused.text
    publish(database, study, looped)  # as if an earlier release had let it through
    respondent = Browser(app.test_client()).get().post()
    assert respondent.reply.status_code == 200
    assert respondent.get("/pages/1").reply.status_code == 200
