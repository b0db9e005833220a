"""LimeSurvey's formulas (ExpressionScript): `((Q1.NAOK == "A1")) && !is_empty(Q2) or count(that.Q3) > 2`."""

from __future__ import annotations

import re

from survey.formats.expressions import (
    Call,
    Expression,
    Literal,
    Logic,
    Name,
    Negation,
    Operation,
    Reader,
    number,
    unreadable,
)

# A name may be that of a question with a sub-question and a suffix (Q1_SQ001.NAOK), one by numbers
# (123X4X5SQ001), or something of LimeSurvey's own (TOKEN:FIRSTNAME).
PIECES = re.compile(
    r"""
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<name>(?:INSERTANS:)?[0-9]+X[0-9]+X[0-9]+\w*(?:[.#]\w+)*|[^\W\d]\w*(?:[.:\#]\w+)*)
  | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<sign>&&|\|\||==|!=|<=|>=|<>|[=<>!+\-*/(),])
    """,
    re.VERBOSE | re.DOTALL,
)
SAME_AS = {
    "==": "=", "<>": "!=", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "&&": "and", "||": "or",
}  # fmt: skip
LEVELS = (frozenset({"=", "!="}), frozenset({"<", "<=", ">", ">="}), frozenset("+-"), frozenset("*/"))
WORDS = frozenset({"and", "or", "eq", "ne", "lt", "le", "gt", "ge"})
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse(text: str) -> Expression:
    """The tree of a formula; raise `ExpressionError` when it is none."""
    reader = Reader(text, PIECES)
    found = _logic(reader, "or")
    if reader.now.kind != "end":
        raise unreadable(reader.now.at)
    return found


def _logic(reader: Reader, op: str) -> Expression:
    """Parts joined by "or", whose parts are joined by "and"."""
    parts = [_part(reader, op)]
    while _operator(reader) == op:
        reader.next()
        parts.append(_part(reader, op))
    return parts[0] if len(parts) == 1 else Logic(op, tuple(parts))


def _part(reader: Reader, op: str) -> Expression:
    return _logic(reader, "and") if op == "or" else _chain(reader, 0)


def _operator(reader: Reader) -> str:
    piece = reader.now
    word = piece.text.lower()
    if piece.kind == "sign" or (piece.kind == "name" and word in WORDS):
        return SAME_AS.get(word, word)
    return ""


def _chain(reader: Reader, level: int) -> Expression:
    """Operations of one rank, from left to right."""
    if level == len(LEVELS):
        return _unary(reader)
    found, before = _chain(reader, level + 1), reader.depth
    while (op := _operator(reader)) in LEVELS[level]:
        reader.next()
        reader.deeper()
        found = Operation(op, found, _chain(reader, level + 1))
    reader.depth = before
    return found


def _unary(reader: Reader) -> Expression:
    before = reader.depth
    reader.deeper()
    if reader.skip("!"):
        found: Expression = Negation(_unary(reader))
    elif reader.skip("-"):
        found = _minus(_unary(reader))
    elif reader.skip("+"):
        found = _unary(reader)
    else:
        found = _primary(reader)
    reader.depth = before
    return found


def _minus(of: Expression) -> Expression:
    if isinstance(of, Literal) and isinstance(of.value, int | float):
        return Literal(-of.value)
    return Operation("-", Literal(0), of)


def _primary(reader: Reader) -> Expression:
    if reader.skip("("):
        found = _logic(reader, "or")
        reader.expect(")")
        return found
    piece = reader.next()
    if piece.kind == "text":
        return Literal(ESCAPED.sub(r"\1", piece.text[1:-1]))
    if piece.kind == "number":
        return Literal(number(piece.text))
    if piece.kind == "name" and piece.text.lower() not in WORDS:
        return Call(piece.text, _given(reader)) if reader.skip("(") else Name(piece.text)
    raise unreadable(piece.at)


def _given(reader: Reader) -> tuple[Expression, ...]:
    if reader.skip(")"):
        return ()
    given = [_logic(reader, "or")]
    while reader.skip(","):
        given.append(_logic(reader, "or"))
    reader.expect(")")
    return tuple(given)
