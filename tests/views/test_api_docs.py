"""What `docs/api.md` says of the API is so."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from survey import problems
from survey.db import Database
from survey.models.token import SCOPES
from survey.services import tokens
from survey.views.api import board_shown, limits
from survey.views.api.contract import OPERATIONS
from survey.views.api.document import document
from tests.factories import World
from tests.people import Cast
from tests.views.test_api import Program, token_of

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_operation_is_listed_and_no_other() -> None:
    listed = re.findall(r"^\| (GET|POST|PUT|DELETE) `([^`]+)`", TEXT, re.M)
    assert sorted(listed) == sorted((one.method, one.path) for one in OPERATIONS.values())


def test_every_kind_of_problem_is_listed_and_no_other() -> None:
    listed = {int(status): name for status, name in re.findall(r"^\| (\d{3}) \| ([a-z-]+) \|", TEXT, re.M)}
    assert listed == problems.NAMES
    described = {status for one in OPERATIONS.values() for status in one.problems}
    assert described | {500} == set(problems.NAMES)


def test_its_numbers_are_those_of_the_code() -> None:
    assert (
        f"A token may make {limits.MOST_REQUESTS} requests in {limits.WINDOW_SECONDS // 60} minutes" in TEXT
    )
    assert f"pages of {board_shown.PAGE_SIZE}" in TEXT
    assert f"{tokens.DEFAULT_DAYS} days\nunless" in TEXT
    assert re.findall(r"^\| (read|decide|run|build|answer) \|", TEXT, re.M) == list(SCOPES)


def commands() -> list[list[str]]:
    found = re.findall(r"^curl (?:.*\\\n)*.*$", TEXT, re.M)
    return [shlex.split(command.replace("\\\n", " ")) for command in found]


def test_its_commands_work(client: FlaskClient, database: Database, world: World, cast: Cast) -> None:
    program = Program(client, token_of(database, cast.planner))
    kept = b""
    for words in commands():
        address = next(word for word in words if word.startswith("https://"))
        path = address.removeprefix("https://surveys.example")
        if "--data-binary" in words:
            assert program.send(path, kept).status_code == 200
        elif "-X" in words:
            assert program.put(path, json.loads(words[words.index("-d") + 1])).status_code == 200
        elif "-d" in words:
            body: dict[str, Any] = json.loads(words[words.index("-d") + 1])
            assert program.post(path, body).status_code in (201, 202), path
        else:
            kept = program.get(path).data
            assert kept[:1] in (b"{", b"\xef"), path
    assert len(commands()) == 9


def test_the_description_names_components_that_exist_and_uses_each() -> None:
    whole = json.dumps(document("1"))
    named = set(re.findall(r'"#/components/schemas/(\w+)"', whole))
    assert named == set(document("1")["components"]["schemas"])
