"""Rules of XLSForms (relevant, choice_filter) as conditions of a survey.

A rule is understood whole or not at all. What is understood is exact, but for one thing that files of forms
leave open: how a text compares with a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from survey.conditions import MOST_DEPTH, MOST_LEAVES
from survey.formats import xlsform_xpath as xpath
from survey.formats.xlsform_xpath import Call, Dot, Expr, Number, Op, Ref, Text

Rule = dict[str, Any]
COMPARISONS = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
# Functions that change nothing for the answers of a survey.
PLAIN = ("string", "number", "int", "date", "once", "boolean-from-string")
CHOOSING = ("one", "several", "rank", "place")
ACKNOWLEDGED = "OK"


class NotUnderstood(ValueError):
    """The rule has no counterpart; the message says which part of it."""


@dataclass(frozen=True)
class Target:
    """Where the answer to a question of the form is found: the question, its part, what kind it is of.

    `choices` gives the ids that the names of its choices became; None where they are the names themselves.
    """

    id: str
    kind: str
    part: str | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def answer(self) -> Rule:
        """The beginning of every condition about it."""
        return {"question": self.id} | ({"part": self.part} if self.part else {})


Names = Mapping[str, Target]


def condition(expr: Expr, names: Names) -> Rule:
    """The condition that an expression is; raise `NotUnderstood` when it has none."""
    match expr:
        case Op("and" | "or" as sign):
            parts = [condition(part, names) for part in xpath.parts_of(expr, sign)]
            return {"all" if sign == "and" else "any": parts}
        case Op(sign, left, right) if sign in COMPARISONS:
            return _comparison(sign, left, right, names)
        case Call("not", (inner,)):
            return {"not": condition(inner, names)}
        case Call("selected", (Ref(name), value)):
            return _selected(_target(name, names), literal(value))
        case Call("contains", (Ref(name), value)) if literal(value):
            return {**_target(name, names).answer(), "op": "contains", "value": literal(value)}
        case Call("boolean", (inner,)):
            return condition(inner, names)
    raise NotUnderstood(_told(expr))


def understood(text: str, names: Names) -> Rule:
    """The condition that the text of a rule is; raise `NotUnderstood` where there is none."""
    try:
        rule = condition(xpath.parse(text), names)
    except xpath.XPathError:
        raise NotUnderstood(text.strip()[:80]) from None
    if not fits(rule):
        raise NotUnderstood(_("it has more comparisons than a rule can have here"))
    return rule


def fits(rule: Rule) -> bool:
    """Whether a condition is as short as a rule has to be."""
    return leaves(rule) <= MOST_LEAVES and depth(rule) <= MOST_DEPTH


def leaves(rule: Rule) -> int:
    """How many comparisons a condition has."""
    parts = _inner(rule)
    return sum(map(leaves, parts)) if parts else 1


def depth(rule: Rule) -> int:
    """How deep a condition is nested."""
    return 1 + max(map(depth, _inner(rule)), default=0)


def both(one: Rule | None, other: Rule | None) -> Rule | None:
    """The condition that holds when both hold."""
    if not one or not other:
        return one or other
    parts = [part for rule in (one, other) for part in (rule["all"] if rule.keys() == {"all"} else [rule])]
    return {"all": parts}


def _inner(rule: Rule) -> list[Rule]:
    return rule.get("all") or rule.get("any") or ([rule["not"]] if "not" in rule else [])


def _told(expr: Expr) -> str:
    return xpath.write(expr)[:80]


def _target(name: str, names: Names) -> Target:
    if name not in names:
        raise NotUnderstood(_("“%(name)s” is no question here", name=name[:60]))
    return names[name]


def literal(expr: Expr) -> str:
    """The text of an expression that is one."""
    match expr:
        case Text(text):
            return text
        case Number(digits):
            return digits
        case Call("concat", args) if all(isinstance(arg, Text) for arg in args):
            return "".join(arg.text for arg in args if isinstance(arg, Text))
    raise NotUnderstood(_told(expr))


def _selected(target: Target, name: str) -> Rule:
    if target.kind not in CHOOSING:
        raise NotUnderstood(_("“%(name)s” has no choices here", name=target.id))
    return _any([{**target.answer(), "op": "includes", "value": id} for id in _ids(target, name)])


def _ids(target: Target, name: str) -> tuple[str, ...]:
    return target.choices.get(name, (name,)) if target.kind in CHOOSING else (name,)


def _any(rules: list[Rule]) -> Rule:
    return rules[0] if len(rules) == 1 else {"any": rules}


def _comparison(sign: str, left: Expr, right: Expr, names: Names) -> Rule:
    left, right = _bare(left), _bare(right)
    if not _asks(left) and _asks(right):
        sign, left, right = COMPARISONS[sign], right, left
    match left, right:
        case Ref(name), Ref(other):
            return {**_target(name, names).answer(), "op": sign, "value": _target(other, names).answer()}
        case Ref(name), _:
            return _with_value(_target(name, names), sign, right)
        case Call("count-selected" | "string-length" as function, (inner,)), _:
            return _measure(function, _bare(inner), sign, literal(right), names)
    raise NotUnderstood(_told(Op(sign, left, right)))


def _bare(expr: Expr) -> Expr:
    """Without the functions that change nothing."""
    match expr:
        case Call(name, (inner,)) if name in PLAIN:
            return _bare(inner)
        case Call("coalesce", (inner, Text(""))):
            return _bare(inner)
    return expr


def _asks(expr: Expr) -> bool:
    return isinstance(expr, Ref) or (
        isinstance(expr, Call) and expr.name in ("count-selected", "string-length")
    )


def _measure(function: str, inner: Expr, sign: str, digits: str, names: Names) -> Rule:
    number = numeric(digits)
    if not isinstance(inner, Ref) or number is None:
        raise NotUnderstood(_told(inner))
    target = _target(inner.name, names)
    chosen = target.kind in CHOOSING
    if function == "string-length" and chosen:
        return _is_empty(target, sign, number)
    if function == "count-selected" and not chosen:
        raise NotUnderstood(_("“%(name)s” has no choices here", name=target.id))
    of = "count" if function == "count-selected" else "length"
    return {**target.answer(), "of": of, "op": sign, "value": number}


def _is_empty(target: Target, sign: str, number: float) -> Rule:
    """The length of what was chosen: only whether there is any means something here."""
    answered: Rule = {**target.answer(), "is": "answered"}
    if (sign, number) in ((">", 0), ("!=", 0), (">=", 1)):
        return answered
    if (sign, number) in (("=", 0), ("<", 1), ("<=", 0)):
        return {"not": answered}
    raise NotUnderstood(_("“%(name)s” has no length here", name=target.id))


def _with_value(target: Target, sign: str, right: Expr) -> Rule:
    text = literal(right)
    if sign in ("=", "!=") and (text == "" or (target.kind == "consent" and text == ACKNOWLEDGED)):
        answered: Rule = {**target.answer(), "is": "answered"}
        return answered if (sign == "!=") == (text == "") else {"not": answered}
    if target.kind in ("several", "rank") and (sign not in ("=", "!=") or " " in text.strip()):
        raise NotUnderstood(text[:80])
    if sign == "!=" and len(ids := _ids(target, text)) > 1:
        return {"all": [{**target.answer(), "op": "!=", "value": id} for id in ids]}
    return _any(
        [{**target.answer(), "op": sign, "value": value} for value in _values(target, sign, text, right)]
    )


def _values(target: Target, sign: str, text: str, right: Expr) -> list[str | int | float]:
    number = numeric(text)
    if target.kind in CHOOSING and sign in ("=", "!="):
        return list(_ids(target, text))
    if (
        target.kind == "number"
        or isinstance(right, Number)
        or (sign not in ("=", "!=") and number is not None)
    ):
        if number is None:
            raise NotUnderstood(text[:80])
        return [number]
    if sign not in ("=", "!=") and target.kind not in ("date", "time"):
        raise NotUnderstood(text[:80])
    return [text]


def numeric(digits: str) -> int | float | None:
    """A text as a number, if it is one."""
    try:
        number = float(digits)
    except ValueError:
        return None
    if not abs(number) < 1e15:
        return None
    return int(number) if number.is_integer() else number


def plain(number: float) -> str:
    """A number in plain digits."""
    if isinstance(number, int) or float(number).is_integer():
        return str(int(number))
    return f"{number:.15f}".rstrip("0")


def normal(rule: Rule) -> Rule:
    """A condition with "all" in "all" and "any" in "any" laid flat: two that mean the same are then equal."""
    for key in ("all", "any"):
        if key in rule:
            parts = [normal(part) for part in rule[key]]
            flat = [one for part in parts for one in (part[key] if part.keys() == {key} else [part])]
            return flat[0] if len(flat) == 1 else {key: flat}
    return {"not": normal(rule["not"])} if "not" in rule else rule


def is_dot(expr: Expr) -> bool:
    """Whether an expression is the answer of the question itself."""
    return isinstance(_bare(expr), Dot)
