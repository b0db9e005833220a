"""Formulas of other tools turned into our conditions, as far as conditions can say the same.

What a name in a formula stands for is told by a `Resolve`: which question of ours, which part of it, and
which of our choices the values of the other tool are. What cannot be said exactly is never said nearly: it
raises `CannotSay` with the reason, and whoever called names that in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from survey import conditions
from survey.formats.expressions import Array, Call, Expression, Literal, Logic, Name, Negation, Operation
from survey.formats.expressions_values import (
    FLIPPED,
    LARGEST,
    SUMS,
    TESTS,
    CannotSay,
    Resolve,
    Rule,
    Target,
    Truth,
    as_number,
    code_of,
    constant_test,
    denied,
    joined,
    leaves,
    some_of,
    whole,
    with_choice,
    with_plain,
)
from survey.questions import DocumentError

# Functions, in small letters, that give what they are given, for what can be compared here.
SAME = frozenset({"intval", "floatval", "trim", "strtolower", "strtoupper", "convert_value", "unique"})
LENGTHS = frozenset({"strlen", "mb_strlen", "length"})
COUNTS = frozenset({"count", "countif", "countifop"})
CHOOSING = frozenset({"if", "iif"})
CONTAINING = frozenset({"strpos", "stripos", "strstr", "stristr"})


class Translator:
    """Says formulas of one tool in our rules."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def rule(self, expression: Expression) -> Truth:
        """The rule, checked; or that it always (True) or never (False) holds."""
        found = self.truth(expression)
        if isinstance(found, dict):
            if leaves(found) > conditions.MOST_LEAVES:
                raise CannotSay(_("it has more than %(most)s comparisons", most=conditions.MOST_LEAVES))
            try:
                conditions.parse(found)
            except DocumentError as error:
                raise CannotSay(str(error).rstrip(".")) from error
        return found

    def truth(self, expression: Expression) -> Truth:
        """When the formula counts as true."""
        if isinstance(expression, Logic):
            return joined(expression.op, [self.truth(part) for part in expression.parts])
        if isinstance(expression, Negation):
            return denied(self.truth(expression.of))
        if isinstance(expression, Literal):
            return expression.value not in (None, "", 0, "0", False)
        if isinstance(expression, Name):
            return self._set(self.resolve(expression.path))
        if isinstance(expression, Call):
            return self._call(expression)
        if isinstance(expression, Operation):
            return self._operation(expression)
        raise CannotSay(_("a list is neither true nor false"))

    def _set(self, target: Target) -> Truth:
        """Whether an answer counts as true: there is one, and a number is not 0."""
        if "true" in target.codes:
            return {**target.look(), "op": "=", "value": target.codes["true"]}
        answered = self.answered(target)
        if target.numeric:
            return joined("and", [answered, {**target.look(), "op": "!=", "value": 0}])
        return answered

    def answered(self, target: Target) -> Truth:
        """Whether there is an answer."""
        if target.kind == "tick":
            return {"question": target.question, "op": "includes", "value": target.choice}
        if target.kind == "rank":
            return {"question": target.question, "of": "count", "op": ">=", "value": target.rank}
        if target.kind == "all":
            return joined("or", [self.answered(part) for part in target.parts])
        return {**target.look(), "is": "answered"}

    def _call(self, call: Call) -> Truth:
        name = call.name.lower()
        if name in ("is_empty", "empty") and len(call.given) == 1:
            return denied(self.answered(self._target(call.given[0])))
        if name == "not" and len(call.given) == 1:
            return denied(self.truth(call.given[0]))
        if name in CHOOSING and len(call.given) == 3:
            return self._choose(*map(self.truth, call.given))
        if name in CONTAINING and len(call.given) == 2:
            return self._compare("contains", call.given[0], call.given[1])
        if name in COUNTS | LENGTHS:
            return self._compare(">", call, Literal(0))
        if name in SAME and len(call.given) == 1:
            return self.truth(call.given[0])
        raise CannotSay(_("it uses “%(name)s()”, which rules here do not have", name=call.name[:40]))

    def _choose(self, test: Truth, then: Truth, other: Truth) -> Truth:
        return joined("or", [joined("and", [test, then]), joined("and", [denied(test), other])])

    def _operation(self, operation: Operation) -> Truth:
        if operation.op in SUMS:
            return bool(self._constant(operation))
        if operation.op in ("anyof", "allof"):
            return self._any_or_all(operation)
        return self._compare(operation.op, operation.left, operation.right)

    def _any_or_all(self, operation: Operation) -> Truth:
        right = operation.right
        items = right.items if isinstance(right, Array) else (right,)
        join = "or" if operation.op == "anyof" else "and"
        return joined(
            join, [self._compare(self._has(operation.left), operation.left, item) for item in items]
        )

    def _has(self, expression: Expression) -> str:
        """How one value is found in an answer: among several, or as the only one."""
        several = self._target(expression).kind in ("choices", "all")
        return "contains" if several else "="

    def _compare(self, op: str, left: Expression, right: Expression) -> Truth:
        left, right = self._folded(left), self._folded(right)
        if isinstance(left, Literal) and not isinstance(right, Literal) and op in FLIPPED:
            left, right, op = right, left, FLIPPED[op]
        if isinstance(left, Literal) and isinstance(right, Literal):
            return constant_test(op, left.value, right.value)
        if isinstance(left, Call):
            return self._measure(op, left, right)
        target = self._target(left)
        if isinstance(right, Name):
            return self._two(op, target, self.resolve(right.path))
        if isinstance(right, Array):
            return self._list(op, target, right)
        if isinstance(right, Literal):
            return self.with_value(op, target, right.value)
        raise CannotSay(_("it compares an answer with a formula"))

    def _folded(self, expression: Expression) -> Expression:
        """Without what makes no difference here: functions that give the same, sums of plain numbers."""
        if isinstance(expression, Call) and expression.name.lower() in SAME and len(expression.given) == 1:
            return self._folded(expression.given[0])
        if isinstance(expression, Operation) and expression.op in SUMS:
            return self._sum(expression)
        return expression

    def _sum(self, expression: Operation) -> Expression:
        left, right = self._folded(expression.left), self._folded(expression.right)
        # LimeSurvey's authors write "Q1 + 0" and "Q1 * 1" to have a number.
        if isinstance(right, Literal) and (expression.op, right.value) in (("+", 0), ("-", 0), ("*", 1)):
            return left
        return Literal(self._constant(Operation(expression.op, left, right)))

    def _constant(self, expression: Expression) -> int | float:
        if isinstance(expression, Literal) and isinstance(expression.value, int | float):
            return expression.value
        if not isinstance(expression, Operation) or expression.op not in SUMS:
            raise CannotSay(_("it calculates with answers"))
        left, right = self._constant(expression.left), self._constant(expression.right)
        if (expression.op == "/" and not right) or max(abs(left), abs(right)) > LARGEST:
            raise CannotSay(_("it calculates with numbers that are too large"))
        return SUMS[expression.op](left, right)

    def _target(self, expression: Expression) -> Target:
        expression = self._folded(expression)
        if isinstance(expression, Name):
            return self.resolve(expression.path)
        raise CannotSay(_("it asks about a formula, not about an answer"))

    def _two(self, op: str, left: Target, right: Target) -> Truth:
        """Two answers compared."""
        comparable = left.kind == right.kind and left.kind in ("value", "choice")
        if not comparable or dict(left.codes) != dict(right.codes):
            raise CannotSay(_("it compares two answers that are not of the same kind"))
        if left.kind == "choice" and op not in ("=", "!="):
            raise CannotSay(_("it asks which of two choices is larger"))
        if op == "contains":
            raise CannotSay(_("it looks for one answer in another"))
        return {**left.look(), "op": op, "value": right.look()}

    def _list(self, op: str, target: Target, array: Array) -> Truth:
        """Exactly these choices, in any order."""
        if op == "contains" and target.kind == "choices":
            values = [item.value if isinstance(item, Literal) else None for item in array.items]
            return joined("and", [self._includes(target, value) for value in values])
        if target.kind != "choices" or op not in ("=", "!=") or not array.items:
            raise CannotSay(_("it compares an answer with a list"))
        values = [item.value if isinstance(item, Literal) else None for item in array.items]
        rules: list[Truth] = [self._includes(target, value) for value in values]
        count = {**target.look(), "of": "count", "op": "=", "value": len(rules)}
        found = joined("and", [*rules, count])
        return found if op == "=" else denied(found)

    def with_value(self, op: str, target: Target, value: Any) -> Truth:
        """An answer compared with a value of the other tool."""
        if value in (None, "") and op in ("=", "!="):
            return self.answered(target) if op == "!=" else denied(self.answered(target))
        if target.kind == "value":
            return with_plain(op, target, value)
        if target.kind == "choice":
            return with_choice(op, target, value)
        if target.kind == "choices":
            return self._with_choices(op, target, value)
        if target.kind == "tick" and str(value) in ("Y", "y") and op in ("=", "!="):
            return self.answered(target) if op == "=" else denied(self.answered(target))
        if target.kind == "rank" and op in ("=", "!="):
            rule = {
                "question": target.question,
                "part": code_of(target, value),
                "op": "=",
                "value": target.rank,
            }
            return rule if op == "=" else denied(rule)
        raise CannotSay(_("it compares “%(name)s” in a way that rules here cannot", name=target.question))

    def _with_choices(self, op: str, target: Target, value: Any) -> Truth:
        if op == "contains":
            return self._includes(target, value)
        if op not in ("=", "!="):
            raise CannotSay(_("it asks which of several choices is larger"))
        return self._list(op, target, Array((Literal(value),)))

    def _includes(self, target: Target, value: Any) -> Rule:
        return {**target.look(), "op": "includes", "value": code_of(target, value)}

    def _measure(self, op: str, call: Call, right: Expression) -> Truth:
        """A count or a length compared with a number."""
        name = call.name.lower()
        if not isinstance(right, Literal):
            raise CannotSay(_("it compares an answer with a formula"))
        most = as_number(right.value)
        if name in CHOOSING | CONTAINING or most is None or op not in TESTS:
            raise CannotSay(_("it uses “%(name)s()”, which rules here do not have", name=call.name[:40]))
        if name in LENGTHS and len(call.given) == 1:
            target = self._target(call.given[0])
            if target.kind == "value":
                return {**target.look(), "of": "length", "op": op, "value": most}
        if name == "count":
            return self._count(op, [self._target(given) for given in call.given], most)
        if name == "countif" and len(call.given) > 1:
            return self._count_if(op, call, most)
        raise CannotSay(_("it uses “%(name)s()”, which rules here do not have", name=call.name[:40]))

    def _count(self, op: str, targets: Sequence[Target], most: float) -> Truth:
        targets = [part for target in targets for part in (target.parts or (target,))]
        question = whole(targets)
        if question:
            return {"question": question, "of": "count", "op": op, "value": most}
        return some_of([self.answered(target) for target in targets], op, most)

    def _count_if(self, op: str, call: Call, most: float) -> Truth:
        value, *rest = call.given
        targets = [self._target(given) for given in rest]
        targets = [part for target in targets for part in (target.parts or (target,))]
        return some_of([self._compare_target("=", target, value) for target in targets], op, most)

    def _compare_target(self, op: str, target: Target, value: Expression) -> Truth:
        if not isinstance(value, Literal):
            raise CannotSay(_("it compares an answer with a formula"))
        return self.with_value(op, target, value.value)
