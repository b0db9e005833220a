"""Checks that LimeSurvey writes as formulas or patterns, as far as they are bounds of ours."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.formats.expressions import Call, Expression, ExpressionError, Literal, Logic, Name, Operation
from survey.formats.expressions_values import FLIPPED
from survey.formats.lime_context import parsed
from survey.formats.lime_making import Making
from survey.formats.plain_words import shortened

# Which bound a comparison with the answer is, of a number and of a day.
BOUNDS = {"number": {">=": "min", "<=": "max"}, "day": {">=": "earliest", "<=": "latest"}}
LENGTHS = ("strlen", "mb_strlen")


def bounds(making: Making, kind: str) -> dict[str, Any]:
    """The bounds that the check of a number, day or text sets; what else it asks is told and left out."""
    _pattern(making)
    text = making.setting("em_validation_q")
    if not text:
        return {}
    try:
        parts = _parts(parsed(text))
    except ExpressionError:
        parts = [Literal(None)]
    found = [_bound(making, kind, part) for part in parts]
    if all(one is not None for one in found):
        return dict(one for one in found if one is not None)
    making.used.discard("em_validation_q")  # told with the settings that were not used
    return dict(one for one in found if one is not None)


def _parts(expression: Expression) -> list[Expression]:
    if isinstance(expression, Logic) and expression.op == "and":
        return [part for one in expression.parts for part in _parts(one)]
    return [expression]


def _bound(making: Making, kind: str, expression: Expression) -> tuple[str, Any] | None:
    """One bound: its name and value."""
    if not isinstance(expression, Operation) or expression.op not in FLIPPED:
        return None
    left, right, op = expression.left, expression.right, expression.op
    if isinstance(left, Literal):
        left, right, op = right, left, FLIPPED[op]
    if not isinstance(right, Literal):
        return None
    if kind == "text" and _is_length(left) and op in ("<=", "<") and isinstance(right.value, int):
        return ("max_length", right.value - (op == "<"))
    if not _is_self(making, left):
        return None
    return _bound_of(making, kind, op, right.value)


def _bound_of(making: Making, kind: str, op: str, value: Any) -> tuple[str, Any] | None:
    step = {">": 1, "<": -1}.get(op, 0)
    if step and kind == "number" and isinstance(value, int) and making.yes("num_value_int_only"):
        value, op = value + step, op + "="
    fits = isinstance(value, str) if kind == "day" else isinstance(value, int | float)
    name = BOUNDS.get(kind, {}).get(op)
    return (name, value) if name and fits else None


def _is_length(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.name.lower() in LENGTHS


def _is_self(making: Making, expression: Expression) -> bool:
    own = ("self", "this", making.code)
    return isinstance(expression, Name) and expression.path.split(".")[0] in own


def _pattern(making: Making) -> None:
    """A check by a pattern has no place here."""
    pattern = making.question.validation.strip()
    if pattern:
        words = _(
            "Its check by the pattern %(pattern)s is left out. Say in the help what you expect.",
            pattern=shortened(pattern, 120),
        )
        making.context.maker.say("left out", making.code, words, making.place)
        making.notes["limesurvey.validation"] = pattern
