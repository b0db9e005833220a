"""Schemathesis over our own description of the API: thousands of requests that fit it and that do not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

ADDRESS = "/api/v1/openapi.json"
STUDY = "/studies/{slug}"
# A decision that fits the description may still be one that cannot be made: that is 422 in plain words.
POSSIBLE = ["2xx", "401", "403", "404", "409", "422"]
# These need links between operations, a second account or a server of its own; other tests look at that.
LEFT_OUT = ("ignored_auth", "object_level_authorization", "use_after_free", "ensure_resource_availability")


@dataclass(frozen=True)
class Plan:
    """What to send: as whom, to which study, how many random examples an operation gets.

    With `edges` each limit and each rule of the description is tried, too: two thousand requests more. With
    `once` what looks alike is tried once: kinds of decisions with the same members, the same parameters.
    `known` are values for parameters of paths that name something there is.
    """

    secret: str
    slug: str
    examples: int
    seed: int = 1
    edges: bool = True
    once: bool = False
    known: Mapping[str, Any] = field(default_factory=dict)


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
            _note(outcome, event.recorder, plan)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            outcome.faults.append(f"schemathesis itself failed: {_reason(event)}")
    return outcome


def _schema(app: Flask, plan: Plan) -> Any:
    """The served description, where the study of a path is one that exists: else all would end in 404.

    Whether a study is found is the same for all paths, so only one of them is tried with wrong studies.
    """
    document = app.test_client().get(ADDRESS).get_json()
    document["paths"] = {
        _known(path.replace(STUDY + "/", f"/studies/{plan.slug}/"), plan): _in_study(path, operations, plan)
        for path, operations in document["paths"].items()
    }
    if plan.once:
        _drop_alike_kinds(document["components"]["schemas"])
        _drop_alike_parameters(document["paths"])
    schema = schemathesis.openapi.from_dict(document, config=_config(plan))
    schema.app = app
    return schema


def _drop_alike_kinds(schemas: dict[str, Any]) -> None:
    """Of the kinds of decisions that have the same members, leave one."""
    shapes: dict[str, str] = {}
    for kind, target in schemas["NewDecision"]["discriminator"]["mapping"].items():
        members = schemas[target.rpartition("/")[2]]["properties"]
        shapes.setdefault(json.dumps({name: members[name] for name in members if name != "kind"}), kind)
    kept = {kind: schemas["NewDecision"]["discriminator"]["mapping"][kind] for kind in shapes.values()}
    schemas["NewDecision"]["oneOf"] = [{"$ref": target} for target in kept.values()]
    schemas["NewDecision"]["discriminator"]["mapping"] = kept


def _drop_alike_parameters(paths: dict[str, Any]) -> None:
    """Of operations with the same parameters, leave them to one."""
    seen = set()
    for operation in (operation for path in paths.values() for operation in path.values()):
        query = [one for one in operation["parameters"] if one["in"] == "query"]
        if len(query) > 1 and json.dumps(query) in seen:
            operation["parameters"] = [one for one in operation["parameters"] if one["in"] != "query"]
        seen.add(json.dumps(query))


def _known(path: str, plan: Plan) -> str:
    for name, value in plan.known.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


def _in_study(path: str, operations: dict[str, Any], plan: Plan) -> dict[str, Any]:
    for operation in operations.values():
        for parameter in [one for one in operation["parameters"] if one["name"] == "slug"]:
            parameter["schema"]["enum"] = [plan.slug]
            if path != STUDY:
                operation["parameters"].remove(parameter)
        for parameter in [one for one in operation["parameters"] if one["name"] in plan.known]:
            operation["parameters"].remove(parameter)
    return operations


def _config(plan: Plan) -> SchemathesisConfig:
    coverage = {"enabled": plan.edges, "unexpected-methods": ["DELETE"]}
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
            "phases": {"stateful": {"enabled": False}, "coverage": coverage},
        }
    )


def _note(outcome: Outcome, recorder: Any, plan: Plan) -> None:
    label = recorder.label.replace(f"/studies/{plan.slug}", STUDY)
    for name, value in plan.known.items():
        label = label.replace(f"/{value}", f"/{{{name}}}")
    counts = outcome.statuses.setdefault(label, Counter())
    for sent in recorder.interactions.values():
        if sent.response is not None:
            counts[sent.response.status_code] += 1
    for check in (check for checks in recorder.checks.values() for check in checks):
        outcome.checks[check.name] += check.status == "success"
        if check.status != "success":
            outcome.faults.append(f"{label}: {check.name}: {_words(check)}")


def _words(check: Any) -> str:
    info = check.failure_info
    return f"{info.failure.message}\n{info.code_sample}" if info else str(check.status)


def _reason(event: Any) -> str:
    info = getattr(event, "info", None) or event
    return repr(getattr(info, "_error", None) or getattr(event, "exception", event))
