"""What a schema finds wrong, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from jsonschema import ValidationError

TYPES = {
    "string": _l("text"),
    "integer": _l("a whole number"),
    "number": _l("a number"),
    "boolean": _l("true or false"),
    "array": _l("a list"),
    "object": _l("an object"),
    "null": _l("null"),
}


def problem_at(error: ValidationError) -> str:
    """One fault as a sentence that says what would be right."""
    wanted: Any = error.validator_value
    given: Any = error.instance
    match error.validator:
        case "type":
            return str(_("It must be %(types)s.", types=_types(wanted)))
        case "required":
            missing = next(name for name in wanted if name not in given)
            return str(_("“%(name)s” is missing.", name=missing))
        case "additionalProperties":
            extra = next(name for name in given if name not in _properties(error))
            return str(_("There is no “%(name)s” here.", name=extra[:80]))
        case "enum":
            return str(_("Use one of these: %(words)s.", words=", ".join(map(str, wanted))))
        case "minimum" | "minLength" | "minItems":
            return str(_("The least is %(least)s.", least=wanted))
        case "maximum" | "maxLength" | "maxItems":
            return str(_("The most is %(most)s.", most=wanted))
    return str(_("It does not have the form that the description of the API asks for."))


def _properties(error: ValidationError) -> Any:
    return error.schema["properties"] if isinstance(error.schema, Mapping) else ()


def _types(wanted: str | list[str]) -> str:
    listed = [wanted] if isinstance(wanted, str) else wanted
    return str(_(" or ")).join(str(TYPES[name]) for name in listed)
