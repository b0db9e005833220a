"""Constraints of XLSForms as bounds of our questions: what is understood of them, and what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from survey.formats import xlsform_xpath as xpath
from survey.formats.xlsform_rules import COMPARISONS, is_dot, numeric, plain
from survey.formats.xlsform_xpath import Call, Expr, Number, Op, Text
from survey.questions.settings import LARGEST_NUMBER

Bound = int | float | date | str
TURNED = COMPARISONS


@dataclass
class Bounds:
    """What a constraint says: settings of the question, choices that exclude the others, and the rest."""

    settings: dict[str, Any] = field(default_factory=dict)
    exclusive: set[str] = field(default_factory=set)
    email: bool = False
    left: list[str] = field(default_factory=list)

    def at_least(self, name: str, value: Any) -> None:
        """The larger of two lower bounds counts."""
        self.settings[name] = max(value, self.settings.get(name, value))

    def at_most(self, name: str, value: Any) -> None:
        """The smaller of two upper bounds counts."""
        self.settings[name] = min(value, self.settings.get(name, value))


def understand(text: str, kind: str) -> Bounds:
    """The bounds that a constraint sets for a question of this kind."""
    bounds = Bounds()
    if not text.strip():
        return bounds
    try:
        parts = list(xpath.parts_of(xpath.parse(text), "and"))
    except xpath.XPathError:
        bounds.left.append(text.strip())
        return bounds
    for part in parts:
        if not _take(part, kind, bounds):
            bounds.left.append(xpath.write(part))
    return bounds


def _take(part: Expr, kind: str, bounds: Bounds) -> bool:
    match part:
        case Call("regex", (dot, Text(pattern))) if kind == "text" and is_dot(dot) and "@" in pattern:
            bounds.email = True
            return True
        case Call("not", (Op("and", left, right),)) if kind == "several":
            return _exclusive(left, right, bounds) or _exclusive(right, left, bounds)
        case Op(sign, left, right) if sign in COMPARISONS and sign != "!=":
            if _measures(right):
                left, right, sign = right, left, TURNED[sign]
            return _compared(sign, left, right, kind, bounds)
    return False


def _measures(expr: Expr) -> bool:
    return is_dot(expr) or (isinstance(expr, Call) and expr.name in ("string-length", "count-selected"))


def _exclusive(selected: Expr, count: Expr, bounds: Bounds) -> bool:
    """not(selected(., 'none') and count-selected(.) > 1): nothing else with "none of these"."""
    match selected, count:
        case Call("selected", (dot, Text(name))), Op(
            ">" | ">=" as sign, Call("count-selected", _), Number(n)
        ):
            if is_dot(dot) and (sign, n) in ((">", "1"), (">=", "2")):
                bounds.exclusive.add(name)
                return True
    return False


def _compared(sign: str, left: Expr, right: Expr, kind: str, bounds: Bounds) -> bool:
    match left, kind:
        case Call("string-length", (inner,)), "text" | "long" if is_dot(inner):
            return _longest(sign, _number(right), bounds)
        case Call("count-selected", (inner,)), "several" if is_dot(inner):
            return _range(sign, _number(right), ("min", "max"), bounds, lambda number, step: number + step)
    if not is_dot(left):
        return False
    if kind in ("integer", "decimal"):
        return _numbers(sign, _number(right), kind, bounds)
    if kind == "date":
        return _range(
            sign, _day(right), ("earliest", "latest"), bounds, lambda day, s: day + timedelta(days=s)
        )
    return False


def _numbers(sign: str, number: Any, kind: str, bounds: Bounds) -> bool:
    if number is None or abs(number) > LARGEST_NUMBER:
        return False
    if kind == "integer" and not isinstance(number, int):
        number, sign = (int(number // 1), "<=") if sign in ("<", "<=") else (int(-(-number // 1)), ">=")
    if kind == "decimal" and sign in ("<", ">"):
        # The bound itself would be allowed here: it is set, and what is left of the rule is told.
        _range(f"{sign}=", number, ("min", "max"), bounds, lambda value, step: value)
        return False
    return _range(sign, number, ("min", "max"), bounds, lambda value, step: value + step)


def _range(
    sign: str, value: Any, names: tuple[str, str], bounds: Bounds, beyond: Callable[[Any, int], Any]
) -> bool:
    if value is None:
        return False
    low, high = names
    if sign in (">", ">=", "="):
        bounds.at_least(low, beyond(value, 1) if sign == ">" else value)
    if sign in ("<", "<=", "="):
        bounds.at_most(high, beyond(value, -1) if sign == "<" else value)
    return True


def _longest(sign: str, number: Any, bounds: Bounds) -> bool:
    if not isinstance(number, int) or sign not in ("<", "<="):
        return False
    bounds.at_most("max_length", number - (sign == "<"))
    return True


def _number(expr: Expr) -> int | float | None:
    match expr:
        case Number(digits) | Text(digits):
            return numeric(digits)
        case Call("number" | "int", (inner,)):
            return _number(inner)
    return None


def _day(expr: Expr) -> date | None:
    match expr:
        case Call("date", (inner,)):
            return _day(inner)
        case Text(text) if len(text) == 10:
            try:
                return date.fromisoformat(text)
            except ValueError:
                return None
    return None


# And back


def number_bounds(low: float | None, high: float | None) -> list[str]:
    """The constraint of a number."""
    found = [f". >= {plain(low)}"] if low is not None else []
    return found + ([f". <= {plain(high)}"] if high is not None else [])


def day_bounds(earliest: str | None, latest: str | None) -> list[str]:
    """The constraint of a date."""
    found = [f". >= date('{earliest}')"] if earliest else []
    return found + ([f". <= date('{latest}')"] if latest else [])


def count_bounds(low: int | None, high: int | None, exclusive: list[str]) -> list[str]:
    """The constraint of several choices."""
    found = [f"count-selected(.) >= {low}"] if low else []
    found += [f"count-selected(.) <= {high}"] if high else []
    return found + [f"not(selected(., {xpath.quoted(name)}) and count-selected(.) > 1)" for name in exclusive]
