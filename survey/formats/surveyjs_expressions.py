"""SurveyJS's formulas: `{q1} = 'a' and ({q2} notempty or {q3} anyof ['x', 'y'])`."""

from __future__ import annotations

import re

from survey.formats.expressions import (
    Array,
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

# Words without quotes are texts there; so "18-24" is one word, and "5" is a number.
PIECES = re.compile(
    r"""
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<name>\{[^{}]*\})
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![\w.\-]))
  | (?P<word>(?:[^\W]|[$\#@])(?:[\w.:$\#@]|-(?=\w))*)
  | (?P<sign>&&|\|\||==|!==?|<=|>=|<>|\*=|[=<>!+\-*/%^(),\[\]&|])
    """,
    re.VERBOSE | re.DOTALL,
)
SAME_AS = {
    "==": "=", "!==": "!=", "<>": "!=", "equal": "=", "notequal": "!=", "less": "<", "greater": ">",
    "lessorequal": "<=", "greaterorequal": ">=", "*=": "contains", "contain": "contains",
    "notcontain": "notcontains", "&&": "and", "&": "and", "||": "or", "|": "or",
}  # fmt: skip
COMPARING = frozenset(
    {"=", "!=", "<", "<=", ">", ">=", "contains", "notcontains", "anyof", "allof", "noneof"}
)
LEVELS = (COMPARING, frozenset("+-"), frozenset("*/%"), frozenset("^"))
TESTS = ("empty", "notempty")
WORDS = COMPARING | SAME_AS.keys() | {"and", "or", *TESTS}
# "not contains" and "none of" are told as what they deny.
DENYING = {"notcontains": "contains", "noneof": "anyof"}
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "undefined": None, "null": None}
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
    if piece.kind not in ("sign", "word"):
        return ""
    return SAME_AS.get(piece.text.lower(), piece.text.lower())


def _chain(reader: Reader, level: int) -> Expression:
    """Operations of one rank, from left to right."""
    if level == len(LEVELS):
        return _unary(reader)
    found, before = _chain(reader, level + 1), reader.depth
    while (op := _operator(reader)) in LEVELS[level] or (level == 0 and op in TESTS):
        reader.next()
        reader.deeper()
        found = _operation(op, found, None if op in TESTS else _chain(reader, level + 1))
    reader.depth = before
    return found


def _operation(op: str, left: Expression, right: Expression | None) -> Expression:
    if right is None:
        empty = Call("is_empty", (left,))
        return empty if op == "empty" else Negation(empty)
    if op in DENYING:
        return Negation(Operation(DENYING[op], left, right))
    return Operation(op, left, right)


def _unary(reader: Reader) -> Expression:
    before = reader.depth
    reader.deeper()
    if reader.skip("!", "negate"):
        found: Expression = Negation(_unary(reader))
    elif reader.skip("-"):
        found = _minus(_unary(reader))
    else:
        found = _primary(reader)
    reader.depth = before
    return found


def _minus(of: Expression) -> Expression:
    if isinstance(of, Literal) and isinstance(of.value, int | float) and not isinstance(of.value, bool):
        return Literal(-of.value)
    return Operation("-", Literal(0), of)


def _primary(reader: Reader) -> Expression:
    if reader.skip("("):
        found = _logic(reader, "or")
        reader.expect(")")
        return found
    if reader.skip("["):
        return Array(_given(reader, "]"))
    piece = reader.next()
    if piece.kind == "text":
        return Literal(ESCAPED.sub(r"\1", piece.text[1:-1]))
    if piece.kind == "name":
        return Name(piece.text[1:-1].strip())
    if piece.kind == "number":
        return Literal(number(piece.text))
    if piece.kind == "word" and piece.text.lower() not in WORDS:
        return _word(reader, piece.text)
    raise unreadable(piece.at)


def _word(reader: Reader, word: str) -> Expression:
    if reader.skip("("):
        return Call(word, _given(reader, ")"))
    return Literal(CONSTANTS.get(word.lower(), word))


def _given(reader: Reader, end: str) -> tuple[Expression, ...]:
    if reader.skip(end):
        return ()
    given = [_logic(reader, "or")]
    while reader.skip(","):
        given.append(_logic(reader, "or"))
    reader.expect(end)
    return tuple(given)
