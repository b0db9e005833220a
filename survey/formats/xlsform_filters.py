"""Filters of choices (choice_filter): for each choice, whether it is offered, or the rule that decides."""

from __future__ import annotations

from collections.abc import Mapping

from survey.formats import xlsform_xpath as xpath
from survey.formats.xlsform_rules import COMPARISONS, Names, Rule, condition, literal, numeric
from survey.formats.xlsform_xpath import Call, Column, Expr, Number, Op, Text


def filtered(expr: Expr, columns: Mapping[str, str], names: Names) -> Rule | bool:
    """For one choice with these columns: whether it is offered, or the condition that decides."""
    match expr:
        case Op("and" | "or" as sign):
            return _folded(sign, [filtered(part, columns, names) for part in xpath.parts_of(expr, sign)])
        case Call("not", (inner,)):
            found = filtered(inner, columns, names)
            return not found if isinstance(found, bool) else {"not": found}
        case Call("true" | "false" as name, ()):
            return name == "true"
    known = _put_in(expr, columns)
    constant = _constant(known)
    return condition(known, names) if constant is None else constant


def _folded(sign: str, parts: list[Rule | bool]) -> Rule | bool:
    decided = sign == "or"
    if any(part is decided for part in parts):
        return decided
    rules = [part for part in parts if not isinstance(part, bool)]
    if not rules:
        return not decided
    return rules[0] if len(rules) == 1 else {"any" if decided else "all": rules}


def _put_in(expr: Expr, columns: Mapping[str, str]) -> Expr:
    match expr:
        case Column(name):
            return Text(columns.get(name, ""))
        case Op(sign, left, right):
            return Op(sign, _put_in(left, columns), _put_in(right, columns))
        case Call(name, args):
            return Call(name, tuple(_put_in(arg, columns) for arg in args))
    return expr


def _constant(expr: Expr) -> bool | None:
    match expr:
        case Op(sign, Text() | Number() as left, Text() | Number() as right) if sign in COMPARISONS:
            return _compare(sign, literal(left), literal(right))
        case Call("selected", (Text(many), Text() | Number() as one)):
            return literal(one) in many.split()
    return None


def _compare(sign: str, left: str, right: str) -> bool:
    one, other = numeric(left), numeric(right)
    if sign in ("=", "!="):
        return ((left == right) or (one is not None and one == other)) == (sign == "=")
    if one is None or other is None:
        return False
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]
