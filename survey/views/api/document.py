"""The OpenAPI document, made from the operations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from survey.problems import MEDIA_TYPE
from survey.views.api.contract import OPERATIONS, Operation
from survey.views.api.schemas import COMPONENTS, PATH_PARAMETERS, of

JSON = "application/json"
ABOUT = (
    "Studies, comments and the board of themes, for programs of people who work here. "
    "Make a token on your account and send it in the header Authorization. "
    "A token never gives more than its owner may do at that moment."
)
WHY = {
    400: "The body cannot be read.",
    401: "No token, or one that does not work (any more).",
    403: "The token or its owner may not do this.",
    404: "There is no such thing, or it is not theirs to see.",
    405: "Another method is needed.",
    409: "Somebody else decided about the same thing since `seen_revision`.",
    413: "The body is too large.",
    415: "The body has another content type.",
    422: "What was sent does not fit, or cannot be done.",
    429: "Too many requests; wait as long as Retry-After says.",
    503: "The database does not answer; nothing was stored.",
}


def document(version: str) -> dict[str, Any]:
    """The description of the whole API."""
    paths: dict[str, dict[str, Any]] = {}
    for name, operation in OPERATIONS.items():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(name, operation)
    scheme = {"type": "http", "scheme": "bearer", "description": "A token from the page of your account."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Throughline", "version": version, "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": COMPONENTS, "securitySchemes": {"token": scheme}},
    }


def _described(name: str, operation: Operation) -> dict[str, Any]:
    answer = {
        "description": COMPONENTS[operation.answer]["description"],
        "content": _content(operation.answer) | _files(operation.files),
    }
    problems = {str(status): _problem(status, operation) for status in operation.problems}
    described = {
        "operationId": name,
        "summary": operation.summary,
        "description": f"Scope: {' or '.join(operation.scopes)}. Permission: {operation.permission}.",
        "parameters": _parameters(operation),
        "responses": {**{str(status): answer for status in operation.statuses}, **problems},
    }
    if operation.body:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
    if operation.takes:
        described["requestBody"] = {"required": True, "content": _files(operation.takes)}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    of_path = [
        {"name": name, "in": "path", "required": True, "schema": PATH_PARAMETERS[name]}
        for name in operation.parameters
    ]
    of_query = [
        {"name": name, "in": "query", "required": name in operation.must, "schema": schema}
        for name, schema in operation.query.items()
    ]
    return of_path + of_query


def _content(name: str) -> dict[str, Any]:
    return {JSON: {"schema": of(name)}}


def _files(media_types: Iterable[str]) -> dict[str, Any]:
    return {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}


def _problem(status: int, operation: Operation) -> dict[str, Any]:
    shape = of(operation.stale if status == 409 else "Problem")
    return {"description": WHY[status], "content": {MEDIA_TYPE: {"schema": shape}}}
