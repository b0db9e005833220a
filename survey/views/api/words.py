"""What a schema finds wrong, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from jsonschema import ValidationError


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
    words = {
        "string": _("text"),
        "integer": _("a whole number"),
        "number": _("a number"),
        "boolean": _("true or false"),
        "array": _("a list"),
        "object": _("an object"),
        "null": _("null"),
    }
    listed = [wanted] if isinstance(wanted, str) else wanted
    return str(_(" or ")).join(str(words[name]) for name in listed)
