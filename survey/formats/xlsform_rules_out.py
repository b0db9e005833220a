"""Conditions of a survey as rules of an XLSForm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.formats import xlsform_xpath as xpath
from survey.formats.xlsform_rules import ACKNOWLEDGED, CHOOSING, Rule, plain
from survey.formats.xlsform_xpath import Call, Expr, Number, Op, Ref, Text


@dataclass(frozen=True)
class Written:
    """How an answer is named in the form: the name, what kind it is of, the names of its choices by id."""

    name: str
    kind: str
    choices: Mapping[str, str] = field(default_factory=dict)


Find = Callable[[str, str | None], Written]


def expression(rule: Rule, find: Find) -> Expr:
    """The expression that says the same as a condition; `find` may raise `NotUnderstood`."""
    if "all" in rule or "any" in rule:
        sign = "and" if "all" in rule else "or"
        return xpath.joined(sign, [expression(part, find) for part in rule.get("all") or rule["any"]])
    if "not" in rule:
        inner = rule["not"]
        return _leaf(inner, find, denied=True) if "is" in inner else Call("not", (expression(inner, find),))
    return _leaf(rule, find)


def _leaf(rule: Rule, find: Find, denied: bool = False) -> Expr:
    written = find(rule["question"], rule.get("part"))
    ref: Expr = Ref(written.name)
    if "is" in rule:
        value, sign = (ACKNOWLEDGED, "=") if written.kind == "consent" else ("", "!=")
        return Op({"=": "!=", "!=": "="}[sign] if denied else sign, ref, Text(value))
    if rule["op"] == "includes":
        return Call("selected", (ref, Text(written.choices.get(rule["value"], rule["value"]))))
    if rule["op"] == "contains":
        return Call("contains", (ref, Text(rule["value"])))
    function = {"count": "count-selected", "length": "string-length"}.get(rule.get("of", "value"))
    return Op(rule["op"], Call(function, (ref,)) if function else ref, _value(rule["value"], written, find))


def _value(value: Any, written: Written, find: Find) -> Expr:
    if isinstance(value, dict):
        return Ref(find(value["question"], value.get("part")).name)
    if not isinstance(value, str):
        return Number(plain(value))
    if written.kind in CHOOSING:
        return Text(written.choices.get(value, value))
    return Call("date", (Text(value),)) if written.kind == "date" else Text(value)
