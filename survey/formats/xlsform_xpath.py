"""The expressions of XLSForms, as a tree: enough of XPath for rules, constraints and filters of choices.

What is not in this grammar (paths, arithmetic on paths, functions with predicates) raises `XPathError`; such
an expression is kept as text and never understood in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_DEPTH = 40
MOST_TOKENS = 800
MOST_LENGTH = 10_000
TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<ref>\$\{\s*(?:last-saved\#)?[^\s{}$]+\s*\})"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>\d+(?:\.\d*)?|\.\d+)"
    r"|(?P<sign><=|>=|!=|[=<>(),+*/\[\]|@-]|\.\.|\.|::)"
    r"|(?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)"
    r")"
)
QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
# From the loosest to the tightest.
LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
BINDING = {sign: level for level, signs in enumerate(LEVELS) for sign in signs}


class XPathError(ValueError):
    """The expression is not one that is understood here."""


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number, as it was written."""

    digits: str


@dataclass(frozen=True)
class Ref:
    """The answer of a question: ${name}."""

    name: str


@dataclass(frozen=True)
class Dot:
    """The answer of the question that the expression belongs to."""


@dataclass(frozen=True)
class Column:
    """A bare name: in filters of choices a column of the sheet of choices."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function."""

    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True)
class Op:
    """Two things and what is between them."""

    sign: str
    left: Expr
    right: Expr


Expr = Text | Number | Ref | Dot | Column | Call | Op


def parse(text: str) -> Expr:
    """The tree of an expression; raise `XPathError` when it is not one that is understood."""
    reader = _Reader(_tokens(text.translate(QUOTES)))
    expr = reader.level(0)
    reader.end()
    return expr


def _tokens(text: str) -> list[tuple[str, str]]:
    if len(text) > MOST_LENGTH:
        raise XPathError
    tokens: list[tuple[str, str]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None or len(tokens) > MOST_TOKENS:
            raise XPathError
        tokens.append((str(found.lastgroup), found.group(str(found.lastgroup))))
        at = found.end()
    return tokens


class _Reader:
    """Reads tokens from the loosest operator down to single things."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def end(self) -> None:
        """Everything has been read."""
        if self.at < len(self.tokens):
            raise XPathError

    def level(self, level: int) -> Expr:
        """What stands between looser operators."""
        if level == len(LEVELS):
            return self._negative()
        left = self.level(level + 1)
        while (sign := self._peek()) in LEVELS[level]:
            self.at += 1
            left = Op(sign, left, self.level(level + 1))
        return left

    def _peek(self) -> str:
        kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return token if kind in ("sign", "name") else ""

    def _take(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise XPathError
        self.at += 1
        return self.tokens[self.at - 1]

    def _need(self, sign: str) -> None:
        if self._take() != ("sign", sign):
            raise XPathError

    def _negative(self) -> Expr:
        if self._peek() != "-":
            return self._single()
        self.at += 1
        number = self._single()
        if not isinstance(number, Number) or number.digits.startswith("-"):
            raise XPathError
        return Number(f"-{number.digits}")

    def _single(self) -> Expr:
        kind, token = self._take()
        match kind, token:
            case "text", _:
                return Text(token[1:-1])
            case "number", _:
                return Number(token)
            case "ref", _:
                return Ref(token[2:-1].strip())
            case "sign", "(":
                return self._nested()
            case "sign", ".":
                return Dot()
            case "name", _:
                return self._named(token)
        raise XPathError

    def _nested(self) -> Expr:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise XPathError
        inner = self.level(0)
        self._need(")")
        self.depth -= 1
        return inner

    def _named(self, name: str) -> Expr:
        if self._peek() != "(":
            return Column(name)
        self.at += 1
        args: list[Expr] = []
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise XPathError
        while self._peek() != ")":
            if args:
                self._need(",")
            args.append(self.level(0))
        self._need(")")
        self.depth -= 1
        return Call(name, tuple(args))


def write(expr: Expr, outer: int = 0) -> str:
    """An expression with no more parentheses than it needs."""
    match expr:
        case Text(text):
            return quoted(text)
        case Number(digits):
            return digits
        case Ref(name):
            return f"${{{name}}}"
        case Dot():
            return "."
        case Column(name):
            return name
        case Call(name, args):
            return f"{name}({', '.join(map(write, args))})"
        case Op(sign, left, right):
            level = BINDING[sign]
            inner = f"{write(left, level)} {sign} {write(right, level + 1)}"
            return f"({inner})" if level < outer else inner


def quoted(text: str) -> str:
    """A text in quotes; XPath has no way to write both kinds of quotes in one."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = [f"'{part}'" for part in text.split("'")]
    return "concat(" + ', "\'", '.join(parts) + ")"


def joined(sign: str, parts: list[Expr]) -> Expr:
    """Several expressions with "and" or "or" between them."""
    whole = parts[0]
    for part in parts[1:]:
        whole = Op(sign, whole, part)
    return whole


def parts_of(expr: Expr, sign: str) -> Iterator[Expr]:
    """The expressions between which "and" or "or" stands, however they are nested; not by recursion alone."""
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Op) and one.sign == sign:
            waiting += [one.right, one.left]
        else:
            yield one


def refs(text: str) -> set[str]:
    """The names of the questions that a text or an expression refers to."""
    return {name.rpartition("#")[2] for name in re.findall(r"\$\{\s*([^\s{}$]+)\s*\}", text)}


def same(one: str, other: str) -> bool:
    """Whether two expressions differ in white space, quotes and needless parentheses at most."""
    try:
        return write(parse(one)) == write(parse(other))
    except XPathError:
        return "".join(one.split()) == "".join(other.split())
