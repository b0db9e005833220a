"""Schemathesis over our own description of the API: thousands of requests that fit it and that do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

ADDRESS = "/api/v1/openapi.json"
# A decision that fits the description may still be one that cannot be made: that is 422 in plain words.
POSSIBLE = ["2xx", "401", "403", "404", "409", "422"]
# These need links between operations, a second account or a server of its own; other tests look at that.
LEFT_OUT = ("ignored_auth", "object_level_authorization", "use_after_free", "ensure_resource_availability")


@dataclass(frozen=True)
class Plan:
    """What to send: as whom, to which study, how many random examples an operation gets.

    With `edges` each limit and each rule of the description is tried, too: a thousand requests more.
    """

    secret: str
    slug: str
    examples: int
    seed: int = 1
    edges: bool = True


@dataclass
class Outcome:
    """What came back: statuses by operation, checks that held by name, and everything that was not right."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    checks: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(counts.total() for counts in self.statuses.values())


def fuzz(app: Flask, plan: Plan) -> Outcome:
    """Send all kinds of requests to the application in this process, and judge each answer."""
    outcome = Outcome()
    for event in from_schema(_schema(app, plan)).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(outcome, event.recorder)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            outcome.faults.append(f"schemathesis itself failed: {_reason(event)}")
    return outcome


def _schema(app: Flask, plan: Plan) -> Any:
    """The served description, where the study of a path is one that exists: else all would end in 404."""
    document = app.test_client().get(ADDRESS).get_json()
    parameters = (p for path in document["paths"].values() for o in path.values() for p in o["parameters"])
    for parameter in parameters:
        if parameter["name"] == "slug":
            parameter["schema"]["enum"] = [plan.slug]
    schema = schemathesis.openapi.from_dict(document, config=_config(plan))
    schema.app = app
    return schema


def _config(plan: Plan) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": plan.seed,
            "headers": {"Authorization": f"Bearer {plan.secret}"},
            "continue-on-failure": True,
            "workers": 1,
            "generation": {"max-examples": plan.examples, "deterministic": True, "database": "none"},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": POSSIBLE},
                **{name: {"enabled": False} for name in LEFT_OUT},
            },
            "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": plan.edges}},
        }
    )


def _note(outcome: Outcome, recorder: Any) -> None:
    counts = outcome.statuses.setdefault(recorder.label, Counter())
    for sent in recorder.interactions.values():
        if sent.response is not None:
            counts[sent.response.status_code] += 1
    for check in (check for checks in recorder.checks.values() for check in checks):
        outcome.checks[check.name] += check.status == "success"
        if check.status != "success":
            outcome.faults.append(f"{recorder.label}: {check.name}: {_words(check)}")


def _words(check: Any) -> str:
    info = check.failure_info
    return f"{info.failure.message}\n{info.code_sample}" if info else str(check.status)


def _reason(event: Any) -> str:
    info = getattr(event, "info", None) or event
    return repr(getattr(info, "_error", None) or getattr(event, "exception", event))
