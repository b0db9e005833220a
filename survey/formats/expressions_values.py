"""What names in formulas of other tools stand for, and how their values are said in our rules."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

Rule = dict[str, Any]
# A rule, or that it always or never holds.
Truth = Rule | bool
Code = str | int | float


class CannotSay(Exception):
    """The formula says something that conditions cannot; the message is the reason, without a full stop."""


@dataclass(frozen=True)
class Target:
    """What a name stands for.

    `kind` is "value" (a text, number, date), "choice" (one of `codes`), "choices" (several of `codes`),
    "tick" (whether `choice` is among several), "rank" (which choice has place `rank`) or "all" (every one of
    `parts`).
    """

    question: str
    kind: str = "value"
    part: str | None = None
    codes: Mapping[str, Code] = field(default_factory=dict)
    choice: str = ""
    rank: int = 0
    parts: tuple[Target, ...] = ()
    numeric: bool = False

    def look(self) -> Rule:
        """The answer as a rule names it."""
        return {"question": self.question} | ({"part": self.part} if self.part else {})


Resolve = Callable[[str], Target]

FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
SUMS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
LARGEST = 10**15


def whole(targets: Sequence[Target]) -> str:
    """The question, when what is counted are all of its choices, or the question itself."""
    if len(targets) == 1 and targets[0].kind == "choices":
        return targets[0].question
    ids = {target.question for target in targets}
    ticked = {target.choice for target in targets if target.kind == "tick"}
    if len(ids) == 1 and ticked and ticked == set(map(str, targets[0].codes.values())):
        return ids.pop()
    return ""


def some_of(rules: list[Truth], op: str, most: float) -> Truth:
    """How many of these hold, where "any", "none" and "all" can say it."""
    counts = {number for number in range(len(rules) + 1) if TESTS[op](number, most)}
    everything = set(range(len(rules) + 1))
    if counts in (everything, set()):
        return bool(counts)
    if counts in (everything - {0}, {0}):
        return joined("or", rules) if 0 not in counts else denied(joined("or", rules))
    if counts in (everything - {len(rules)}, {len(rules)}):
        return joined("and", rules) if len(rules) in counts else denied(joined("and", rules))
    raise CannotSay(_("it counts some of the answers of a question, not all"))


def with_plain(op: str, target: Target, value: Any) -> Truth:
    """An answer that is a text or a number compared with a value."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if target.numeric and isinstance(value, str):
        value = value if as_number(value) is None else as_number(value)
    if not isinstance(value, str | int | float) or abs(as_number(value) or 0) > LARGEST:
        raise CannotSay(_("it compares an answer with something that is no text and no number"))
    return {**target.look(), "op": op, "value": str(value) if op == "contains" else value}


def with_choice(op: str, target: Target, value: Any) -> Truth:
    """A choice compared with a value: those of our choices that fit."""
    if op in ("=", "!="):
        return {**target.look(), "op": op, "value": code_of(target, value)}
    fitting = [ours for theirs, ours in target.codes.items() if _fits(op, theirs, value)]
    return joined("or", [{**target.look(), "op": "=", "value": ours} for ours in dict.fromkeys(fitting)])


def _fits(op: str, theirs: str, value: Any) -> bool:
    if op == "contains":
        return _text(value).lower() in theirs.lower()
    left, right = as_number(theirs), as_number(value)
    if left is None and right is None:
        return TESTS[op](theirs, _text(value))
    # A word is neither larger nor smaller than a number.
    return left is not None and right is not None and TESTS[op](left, right)


def code_of(target: Target, value: Any) -> Code:
    """Our choice for a value of the other tool."""
    text = _text(value)
    if text in target.codes:
        return target.codes[text]
    raise CannotSay(
        _("it asks for “%(value)s”, which “%(name)s” does not offer", value=text[:60], name=target.question)
    )


def _text(value: Any) -> str:
    """A value as the other tool keeps it: 1.0 is "1", and true is "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def as_number(value: Any) -> int | float | None:
    """A value as a number; None when it is not written as one."""
    if isinstance(value, int | float):
        return value
    try:
        number = float(value) if isinstance(value, str) and len(value) <= 30 else None
    except ValueError:
        return None
    if number is None or not abs(number) <= LARGEST:
        return None
    return int(number) if number.is_integer() else number


def constant_test(op: str, left: Any, right: Any) -> bool:
    """Two values compared, with no answer in it."""
    one, other = as_number(left), as_number(right)
    if op not in TESTS:
        return _text(right).lower() in _text(left).lower()
    if one is None or other is None:
        return TESTS[op](_text(left), _text(right))
    return TESTS[op](one, other)


def joined(op: str, parts: Sequence[Truth]) -> Truth:
    """Rules joined by "and" or by "or", without those that change nothing."""
    decides = op == "or"
    rules: list[Rule] = []
    for part in parts:
        if part is decides:
            return decides
        if isinstance(part, dict):
            rules += _inside(op, part)
    if not rules:
        return not decides
    return rules[0] if len(rules) == 1 else {"all" if op == "and" else "any": rules}


def _inside(op: str, rule: Rule) -> list[Rule]:
    """The parts of a rule of the same kind, so that "a and (b and c)" is no deeper than it has to be."""
    parts: list[Rule] = rule.get("all" if op == "and" else "any", [rule])
    return parts


def denied(truth: Truth) -> Truth:
    """The rule that holds when this one does not."""
    if isinstance(truth, bool):
        return not truth
    inner = truth.get("not")
    return inner if isinstance(inner, dict) else {"not": truth}


def leaves(rule: Rule) -> int:
    """How many comparisons a rule has."""
    if "not" in rule:
        return leaves(rule["not"])
    parts = rule.get("all") or rule.get("any")
    return sum(map(leaves, parts)) if parts else 1
