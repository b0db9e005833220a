"""Operations of the API, each declared once: its route, what is checked of a request, what is documented."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from survey.permissions import may, takes_files
from survey.views.api import bp
from survey.views.api.asked import read_body, read_file, read_query
from survey.views.api.limits import count_request, require_scope
from survey.views.api.schemas import PATH_PARAMETERS, Schema

View = Callable[..., Any]
# Every operation may answer with these.
ALWAYS = (401, 403, 404, 405, 422, 429, 503)
WITH_BODY = (400, 413, 415)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that a program can ask for; as a decorator it makes a view of it.

    The view gets what was checked, as `query` and `body`, and gives the members of the answer, with the
    status where it is not the first of `statuses`. `path` is as OpenAPI writes it. Any of `scopes` lets a
    token in. `query` has a schema for each parameter, `must` names those that have to be there; `body` and
    `answer` name components of `schemas`. `takes` are the media types of a file that is the body instead,
    which the view gets as `data`; `files` those of files that it may answer with, as a `Response`. `refused`
    are problems beyond those that follow from the rest, `stale` is the component that tells of a 409.
    """

    method: str
    path: str
    summary: str
    permission: str
    answer: str
    scopes: tuple[str, ...] = ("read",)
    statuses: tuple[int, ...] = (200,)
    query: Mapping[str, Schema] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    body: str = ""
    takes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    refused: tuple[int, ...] = ()
    stale: str = "Overtaken"

    def __call__(self, view: View) -> View:
        """Register the view."""

        @may(self.permission)
        @wraps(view)
        def checked(**arguments: Any) -> ResponseReturnValue:
            count_request()
            require_scope(self.scopes)
            arguments |= self._asked()
            given = view(**arguments)
            return (
                given
                if isinstance(given, Response)
                else _answered(*(given if isinstance(given, tuple) else (given, self.statuses[0])))
            )

        OPERATIONS[view.__name__] = self
        known = takes_files(checked) if self.takes else checked
        bp.add_url_rule(self.rule, view.__name__, known, methods=[self.method])
        return known

    def _asked(self) -> dict[str, Any]:
        """What was sent, once it was checked."""
        query = read_query(self.query, self.must)
        asked: dict[str, Any] = {"query": query} if self.query else {}
        if self.body:
            asked["body"] = read_body(self.body)
        if self.takes:
            asked["data"] = read_file(self.takes)
        return asked

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return re.sub(r"\{(\w+)\}", lambda match: _converter(match[1]), self.path)

    @property
    def parameters(self) -> list[str]:
        """The names in its path."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def problems(self) -> tuple[int, ...]:
        """The statuses of the problem documents it may answer with."""
        return tuple(sorted({*ALWAYS, *(WITH_BODY if self.body or self.takes else ()), *self.refused}))


OPERATIONS: dict[str, Operation] = {}
"""All operations by the name of their view, in the order of the description."""


def _converter(name: str) -> str:
    kind = "int:" if PATH_PARAMETERS[name]["type"] == "integer" else ""
    return f"<{kind}{name}>"


def _answered(given: Any, status: int) -> Response:
    body = current_app.json.dumps(given, sort_keys=False, ensure_ascii=False)
    return current_app.response_class(body, status, mimetype="application/json")
