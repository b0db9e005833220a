"""Conditions: when a question, a page or a choice is shown, as plain data about earlier answers.

A condition sees answers through a `Look`: (question id, part or None) -> what was answered, or None where
nothing was, be it that the question was hidden, left empty, or does not exist. Whoever evaluates decides
which answers can be seen; so a condition can be asked about any survey, and never fails.

What counts as true when nothing was answered: "!=" (it is exactly "not ="), and comparisons of a count or a
length, which see 0. Every other comparison is false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.questions.problems import DocumentError
from survey.questions.settings import ID, UNSTORABLE

# One answer as conditions see it: a text, a number, or the ids that were chosen, in order.
Operand = str | int | float | tuple[str, ...] | None
Look = Callable[[str, str | None], Operand]

MOST_LEAVES = 50
MOST_DEPTH = 10
MOST_TEXT = 1000
OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "includes", "contains")
MEASURES = ("value", "count", "length")


@dataclass(frozen=True)
class Answer:
    """Another answer, to compare with."""

    question: str
    part: str | None = None

    def to_document(self) -> dict[str, Any]:
        """As it stands in a document."""
        return {"question": self.question} | ({"part": self.part} if self.part else {})


Value = str | int | float | Answer


@dataclass(frozen=True)
class Answered:
    """Something was answered."""

    question: str
    part: str | None = None

    def holds(self, look: Look) -> bool:
        """Whether it does, seen through `look`."""
        return look(self.question, self.part) not in (None, "", ())

    def to_document(self) -> dict[str, Any]:
        """As it stands in a document."""
        return {**Answer(self.question, self.part).to_document(), "is": "answered"}

    def leaves(self) -> Iterator[Leaf]:
        """Itself."""
        yield self

    def questions(self) -> frozenset[str]:
        """The ids of the questions it asks about."""
        return frozenset({self.question})


@dataclass(frozen=True)
class Compare:
    """An answer compared with a value or with another answer. `of` says what of it: see `MEASURES`."""

    question: str
    op: str
    value: Value
    part: str | None = None
    of: str = "value"

    def holds(self, look: Look) -> bool:
        """Whether it does, seen through `look`."""
        left = _measured(look(self.question, self.part), self.of)
        right = look(self.value.question, self.value.part) if isinstance(self.value, Answer) else self.value
        if self.op == "!=":
            return not _equal(left, right)
        return left is not None and right is not None and _TESTS[self.op](left, right)

    def to_document(self) -> dict[str, Any]:
        """As it stands in a document."""
        value = self.value.to_document() if isinstance(self.value, Answer) else self.value
        of = {} if self.of == "value" else {"of": self.of}
        return {**Answer(self.question, self.part).to_document(), **of, "op": self.op, "value": value}

    def leaves(self) -> Iterator[Leaf]:
        """Itself."""
        yield self

    def questions(self) -> frozenset[str]:
        """The ids of the questions it asks about."""
        other = {self.value.question} if isinstance(self.value, Answer) else set()
        return frozenset({self.question} | other)


Leaf = Answered | Compare


@dataclass(frozen=True)
class Several:
    """What "all" and "any" have in common."""

    parts: tuple[Condition, ...]

    def leaves(self) -> Iterator[Leaf]:
        """Its leaves, from left to right."""
        for part in self.parts:
            yield from part.leaves()

    def questions(self) -> frozenset[str]:
        """The ids of the questions it asks about."""
        return frozenset().union(*(part.questions() for part in self.parts))


@dataclass(frozen=True)
class All(Several):
    """Every part holds."""

    def holds(self, look: Look) -> bool:
        """Whether it does, seen through `look`."""
        return all(part.holds(look) for part in self.parts)

    def to_document(self) -> dict[str, Any]:
        """As it stands in a document."""
        return {"all": [part.to_document() for part in self.parts]}


@dataclass(frozen=True)
class Any_(Several):  # noqa: N801 - `Any` is taken
    """At least one part holds."""

    def holds(self, look: Look) -> bool:
        """Whether it does, seen through `look`."""
        return any(part.holds(look) for part in self.parts)

    def to_document(self) -> dict[str, Any]:
        """As it stands in a document."""
        return {"any": [part.to_document() for part in self.parts]}


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Condition

    def holds(self, look: Look) -> bool:
        """Whether it does, seen through `look`."""
        return not self.part.holds(look)

    def to_document(self) -> dict[str, Any]:
        """As it stands in a document."""
        return {"not": self.part.to_document()}

    def leaves(self) -> Iterator[Leaf]:
        """The leaves of its part."""
        return self.part.leaves()

    def questions(self) -> frozenset[str]:
        """The ids of the questions it asks about."""
        return self.part.questions()


Condition = All | Any_ | Not | Answered | Compare


def _measured(found: Operand, of: str) -> Operand:
    if of == "count":
        return len(found) if isinstance(found, tuple) else int(found not in (None, ""))
    if of == "length":
        return len(str(found)) if isinstance(found, str | int | float) else 0
    return found


def _number(value: object) -> float | None:
    """A value as a number. Texts count only where they are written as one, in plain digits."""
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or len(value) > 30 or not value.strip().lstrip("+-")[:1].isdecimal():
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _equal(left: Operand, right: Operand) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, tuple) or isinstance(right, tuple):
        return _as_tuple(left) == _as_tuple(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        return _number(left) is not None and _number(left) == _number(right)
    return left.strip().casefold() == right.strip().casefold()


def _as_tuple(value: Operand) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Operand, Operand], bool]:
    """Numbers as numbers; dates and times, which are texts that sort, as texts."""

    def compare(left: Operand, right: Operand) -> bool:
        if isinstance(left, int | float) or isinstance(right, int | float):
            one, other = _number(left), _number(right)
            return one is not None and other is not None and test(one, other)
        return isinstance(left, str) and isinstance(right, str) and test(left, right)

    return compare


def _includes(left: Operand, right: Operand) -> bool:
    return str(right) in _as_tuple(left)


def _contains(left: Operand, right: Operand) -> bool:
    return isinstance(left, str) and str(right).strip().casefold() in left.casefold()


_TESTS: dict[str, Callable[[Operand, Operand], bool]] = {
    "=": _equal,
    "<": _ordered(lambda one, other: one < other),
    "<=": _ordered(lambda one, other: one <= other),
    ">": _ordered(lambda one, other: one > other),
    ">=": _ordered(lambda one, other: one >= other),
    "includes": _includes,
    "contains": _contains,
}


def parse(raw: object) -> Condition:
    """The condition that a document describes; raise `DocumentError` with a sentence when it is none."""
    condition = _parse(raw, 1)
    if sum(1 for _leaf in condition.leaves()) > MOST_LEAVES:
        raise DocumentError(_("A rule can have at most %(most)s comparisons.", most=MOST_LEAVES))
    return condition


def _parse(raw: object, depth: int) -> Condition:
    if depth > MOST_DEPTH:
        raise DocumentError(_("A rule can be nested at most %(most)s deep.", most=MOST_DEPTH))
    if not isinstance(raw, dict):
        raise _unknown()
    if raw.keys() == {"all"} or raw.keys() == {"any"}:
        (kind, parts), *_rest = raw.items()
        return (All if kind == "all" else Any_)(_parse_parts(parts, depth + 1))
    if raw.keys() == {"not"}:
        return Not(_parse(raw["not"], depth + 1))
    return _parse_leaf(raw)


def _parse_parts(raw: object, depth: int) -> tuple[Condition, ...]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_LEAVES:
        raise _unknown()
    return tuple(_parse(part, depth) for part in raw)


def _parse_leaf(raw: Mapping[str, Any]) -> Leaf:
    answer = _parse_answer(raw)
    if raw.keys() - {"question", "part"} == {"is"} and raw["is"] == "answered":
        return Answered(answer.question, answer.part)
    of = raw.get("of", "value")
    if raw.keys() - {"question", "part", "of"} != {"op", "value"} or of not in MEASURES:
        raise _unknown()
    if raw["op"] not in OPERATORS or (of != "value" and raw["op"] in ("includes", "contains")):
        raise _unknown()
    return Compare(answer.question, raw["op"], _parse_value(raw["value"]), answer.part, of)


def _parse_answer(raw: Mapping[str, Any]) -> Answer:
    question, part = raw.get("question"), raw.get("part")
    if not isinstance(question, str) or not ID.fullmatch(question):
        raise DocumentError(_("A rule has to name a question by its id."))
    if part is not None and not (isinstance(part, str) and ID.fullmatch(part)):
        raise DocumentError(_("A rule has to name a part of a question by its id."))
    return Answer(question, part)


def _parse_value(raw: object) -> Value:
    if isinstance(raw, dict) and raw.keys() <= {"question", "part"}:
        return _parse_answer(raw)
    if isinstance(raw, str) and len(raw) <= MOST_TEXT and not UNSTORABLE.search(raw):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) <= 10**15:
        return raw
    raise DocumentError(_("A rule compares an answer with a text, a number or another answer."))


def _unknown() -> DocumentError:
    return DocumentError(
        _("A rule is not written as one: use all, any, not, or a question with an operator and a value.")
    )
