"""Reading what a program asks: parameters of the address and a JSON body, checked against their schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from flask import request
from flask_babel import gettext as _
from jsonschema import Draft202012Validator, ValidationError
from werkzeug.exceptions import ClientDisconnected

from survey.problems import Problem
from survey.questions.settings import UNSTORABLE
from survey.views.api.schemas import COMPONENTS, Schema
from survey.views.api.words import problem_at

WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
MOST_SHOWN = 10
MOST_LOOKED_AT = 100


def read_query(schemas: Mapping[str, Schema], must: Collection[str] = ()) -> dict[str, Any]:
    """The parameters of the address, with their defaults; raise a `Problem` for one that is not right."""
    unknown = sorted(set(request.args) - set(schemas))
    if unknown:
        raise Problem(422, _("There is no parameter “%(name)s” here.", name=unknown[0][:80]))
    twice = next((name for name, values in request.args.lists() if len(values) > 1), None)
    if twice:
        raise Problem(422, _("Give the parameter “%(name)s” once.", name=twice))
    given = {name: _typed(text, schemas[name]) for name, text in request.args.items()}
    missing = next((name for name in must if name not in given), None)
    if missing:
        raise Problem(422, _("Say with the parameter “%(name)s” what is wanted.", name=missing))
    for name, value in given.items():
        _require_fit(value, schemas[name], f"/{name}")
    defaults = {name: schema["default"] for name, schema in schemas.items() if "default" in schema}
    return defaults | given


def _typed(text: str, schema: Schema) -> Any:
    if schema["type"] == "integer" and WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if schema["type"] == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def read_body(name: str) -> Any:
    """The JSON that was sent, as the component of that name; raise a `Problem` for anything else."""
    if request.mimetype != "application/json":
        raise Problem(415, _("Send the body as JSON, with the header “Content-Type: application/json”."))
    body = _parsed(_whole())
    _require_fit(body, {"$ref": f"#/components/schemas/{name}"}, "")
    return body


def read_file(media_types: Collection[str]) -> bytes:
    """The file that is the body; raise a `Problem` for another content type."""
    if request.mimetype not in media_types:
        types = ", ".join(media_types)
        raise Problem(
            415, _("Send the file as it is, with one of these content types: %(types)s.", types=types)
        )
    if not request.content_length:
        raise Problem(422, _("Send the file as the body, with the header Content-Length. It is empty."))
    return _whole()


def _whole() -> bytes:
    """All bytes of the body: as many as the header says, so that none that was cut is taken for whole."""
    try:
        data = request.get_data()
    except ClientDisconnected:
        data = b""
    if not data or request.content_length != len(data):
        raise Problem(400, _("The body did not arrive whole, or the header Content-Length is missing."))
    return data


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise Problem(400, _("The body is not JSON. Check its commas, quotes and brackets.")) from error


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are not JSON


def _number(written: str) -> int | float:
    """1.0 is a whole number, in JSON Schema as in life."""
    value = float(written)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _require_fit(value: Any, schema: Schema, place: str) -> None:
    faults = sorted(_faults(value, schema, place), key=lambda fault: fault["at"])
    if not faults:
        return
    sentence = _("What was sent does not fit: %(first)s", first=faults[0]["detail"])
    raise Problem(422, sentence, errors=faults[:MOST_SHOWN])


def _faults(value: Any, schema: Schema, place: str) -> Iterator[dict[str, str]]:
    for error in islice(_validator(_of_its_kind(value, schema)).iter_errors(value), MOST_LOOKED_AT):
        yield _fault(error, place)
    for path, text in _texts(value, place):
        if UNSTORABLE.search(text):
            yield {"at": path, "detail": str(_("It holds a character that cannot be stored."))}


def _of_its_kind(value: Any, schema: Schema) -> str:
    """The schema as JSON; of alternatives, the one that the value names, so that its faults can be told."""
    component = COMPONENTS.get(schema.get("$ref", "").rpartition("/")[2], {})
    if "discriminator" in component:
        name, kinds = component["discriminator"]["propertyName"], component["discriminator"]["mapping"]
        kind = value.get(name) if isinstance(value, dict) else None
        schema = {"type": "object", "required": [name], "properties": {name: {"enum": list(kinds)}}}
        if isinstance(kind, str) and kind in kinds:
            schema = {"$ref": kinds[kind]}
    return json.dumps(schema)


@cache
def _validator(schema: str) -> Draft202012Validator:
    """The validator of a schema, made once."""
    return Draft202012Validator({**json.loads(schema), "components": {"schemas": COMPONENTS}})


def _fault(error: ValidationError, place: str) -> dict[str, str]:
    path = place + "".join(f"/{part}" for part in error.absolute_path)
    return {"at": path or "/", "detail": problem_at(error)}


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text within a JSON value, and where it stands."""
    if isinstance(value, str):
        yield place or "/", value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}/{number}")
