"""Formulas of other survey tools as one tree, and what their parsers have in common.

LimeSurvey and SurveyJS write rules in languages of their own. Each has its parser; both give this tree, which
`expressions_rules` turns into our conditions. "and" and "or" join any number of parts, so a long chain is not
deep; everything else that nests counts, and ends at `MOST_DEPTH`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

MOST_DEPTH = 40
MOST_TOKENS = 1_000
MOST_CHARACTERS = 10_000
MOST_DIGITS = 15  # of a number that is kept exactly


class ExpressionError(ValueError):
    """The text is no formula of that language; the message says from which character on."""


@dataclass(frozen=True)
class Literal:
    """A text, a number, or true and false; None for "no value"."""

    value: str | int | float | bool | None


@dataclass(frozen=True)
class Name:
    """What is asked about: a question, a part of one, or something of that tool's own."""

    path: str


@dataclass(frozen=True)
class Array:
    """Several values."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Call:
    """A function and what it is given."""

    name: str
    given: tuple[Expression, ...]


@dataclass(frozen=True)
class Operation:
    """Two values and what stands between: =, !=, <, <=, >, >=, contains, anyof, allof, +, -, *, /, % or ^."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Logic:
    """Parts joined by "and" or by "or"."""

    op: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Negation:
    """Not."""

    of: Expression


Expression = Literal | Name | Array | Call | Operation | Logic | Negation


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: what it is, its text, and the character at which it begins."""

    kind: str
    text: str
    at: int


def tokens(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """The pieces of a formula, as the named groups of `pattern` say; blanks between them are skipped."""
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(_("it is longer than %(most)s characters", most=f"{MOST_CHARACTERS:,}"))
    at, end, count = 0, len(text), 0
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        match = pattern.match(text, at)
        count += 1
        if not match or match.end() == at:
            raise unreadable(at)
        if count > MOST_TOKENS:
            raise ExpressionError(_("it has more than %(most)s parts", most=f"{MOST_TOKENS:,}"))
        yield Token(match.lastgroup or "", match.group(), at)
        at = match.end()


def unreadable(at: int) -> ExpressionError:
    """The error that names a place."""
    return ExpressionError(_("it cannot be read from character %(at)s on", at=at + 1))


class Reader:
    """Goes through the pieces of a formula from left to right; `depth` counts what is open."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self.pieces = [*tokens(text, pattern), Token("end", "", len(text))]
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        """The piece at which it stands."""
        return self.pieces[self.at]

    def next(self) -> Token:
        """The piece at which it stands; go on to the one after it."""
        piece = self.pieces[self.at]
        self.at = min(self.at + 1, len(self.pieces) - 1)
        return piece

    def skip(self, *texts: str) -> bool:
        """Go past the piece when it is one of these."""
        found = self.now.kind != "text" and self.now.text.lower() in texts
        if found:
            self.next()
        return found

    def expect(self, text: str) -> None:
        """Go past a piece that has to be there."""
        if not self.skip(text):
            raise unreadable(self.now.at)

    def deeper(self) -> None:
        """One level more; `depth` is taken back by whoever called."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise ExpressionError(_("it is nested more than %(most)s deep", most=MOST_DEPTH))


def number(text: str) -> int | float:
    """A number as it is written; one with more digits than can be kept stays near."""
    if text.isdecimal() and len(text) <= MOST_DIGITS:
        return int(text)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ExpressionError(_("it has a number that is too large"))
    return value


def _parts(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, Operation):
        return (expression.left, expression.right)
    if isinstance(expression, Negation):
        return (expression.of,)
    if isinstance(expression, Logic):
        return expression.parts
    if isinstance(expression, Call):
        return expression.given
    return expression.items if isinstance(expression, Array) else ()


def replaced(expression: Expression, change: Callable[[Name], Expression]) -> Expression:
    """The same formula with something else in place of each name."""
    if isinstance(expression, Name):
        return change(expression)
    if isinstance(expression, Operation):
        left, right = replaced(expression.left, change), replaced(expression.right, change)
        return Operation(expression.op, left, right)
    if isinstance(expression, Negation):
        return Negation(replaced(expression.of, change))
    parts = tuple(replaced(part, change) for part in _parts(expression))
    if isinstance(expression, Logic):
        return Logic(expression.op, parts)
    if isinstance(expression, Call):
        return Call(expression.name, parts)
    return Array(parts) if isinstance(expression, Array) else expression
