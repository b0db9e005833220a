"""What every part of reading SurveyJS shares: its texts, its rules, its choices, the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from survey.formats import surveyjs_expressions
from survey.formats.expressions import Call, Expression, ExpressionError, Literal, Name, replaced
from survey.formats.expressions_rules import Translator
from survey.formats.expressions_values import CannotSay, Rule, Target, joined
from survey.formats.plain_words import ELLIPSIS, plain, shortened
from survey.formats.survey_files import SurveyFileError
from survey.formats.survey_maker import MOST_CHOICE, ChoiceIds, Maker, Place, ended, on_one_line, unpiped
from survey.formats.surveyjs_read import DEFAULT, is_text, tag_of

Words = dict[str, str]
Doc = dict[str, Any]
BRACES = re.compile(r"\{([^{}\n]{1,200})\}")
LENGTH = ".length"
MOST_QUOTED = 200
MOST_NAMED = 3
MOST_PLACES = 5000
SPECIAL_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
LOST = {
    "long": lambda: _("more than 100,000 characters"),
    "scripts": lambda: _("scripts"),
    "pictures": lambda: _("pictures"),
    "embedded pages": lambda: _("embedded pages"),
    "videos": lambda: _("videos"),
    "sounds": lambda: _("sounds"),
    "form fields": lambda: _("form fields"),
}


@dataclass(frozen=True)
class Scope:
    """What surrounds a question: the rules of panels around it, what names in them mean, its place."""

    sheet: str
    rule: Rule | None = None
    prefix: str = ""
    inner: str = ""
    labels: tuple[Words, ...] = ()


@dataclass(slots=True)
class Context:
    """A SurveyJS survey on its way to one of ours; `targets` are the questions so far, by name."""

    maker: Maker
    count: int = 0
    targets: dict[str, Target] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    choices: dict[str, list[tuple[str, Words]]] = field(default_factory=dict)
    looks: set[str] = field(default_factory=set)
    bold: bool = False

    @property
    def first(self) -> str:
        """The first language."""
        return self.maker.languages[0]

    # Texts -----------------------------------------------------------------------------------------------

    def raw(self, value: Any) -> Words:
        """A text by language, as it stands in the file."""
        if isinstance(value, str):
            return {self.first: value}
        if isinstance(value, dict) and is_text(value):
            return {self.first if key == DEFAULT else tag_of(key): text for key, text in value.items()}
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {self.first: str(value)}
        return {}

    def text(self, value: Any, name: str, place: Place) -> Words:
        """A text as plain words, with earlier answers put in; what is lost is told."""
        lost: set[str] = set()
        formulas: dict[str, None] = {}
        found = {}
        for tag, raw in self.raw(value).items():
            told = plain(raw)
            lost |= told.lost
            found[tag] = BRACES.sub(lambda match: self._pipe(match.group(1), formulas), unpiped(told.text))
        self._tell_lost(lost, formulas, name, place)
        return {tag: text for tag, text in found.items() if text.strip()}

    def _tell_lost(self, lost: set[str], formulas: dict[str, None], name: str, place: Place) -> None:
        self.bold = self.bold or "looks" in lost
        for what in sorted(lost - {"looks"}):
            sentence = _("Its text had %(what)s; they are left out.", what=LOST[what]())
            self.maker.say("changed", name, sentence, place)
        if formulas:
            first = ", ".join(list(formulas)[:MOST_NAMED]) + (", …" if len(formulas) > MOST_NAMED else "")
            sentence = _(
                "Its text had values (%(first)s) that are not known here; “…” stands there now.", first=first
            )
            self.maker.say("changed", name, sentence, place)

    def _pipe(self, inner: str, formulas: dict[str, None]) -> str:
        target = self.targets.get(inner.strip())
        if (
            target
            and target.part is None
            and target.kind in ("value", "choice", "choices")
            and target.question
        ):
            return f"${{{target.question}}}"
        formulas["{" + inner + "}"] = None
        return ELLIPSIS

    # Rules -----------------------------------------------------------------------------------------------

    def parsed(self, text: str) -> Expression:
        """A rule as a tree, with lengths of answers as counts."""
        return replaced(surveyjs_expressions.parse(text), _counted)

    def rule(self, text: Any, name: str, place: Place, scope: Scope, what: str) -> tuple[Rule | bool, str]:
        """A rule and, where it cannot be said here, its text: it is then told, and nothing hangs on it."""
        if not isinstance(text, str) or not text.strip():
            return True, ""
        try:
            return self.said(self.parsed(text), scope), ""
        except (ExpressionError, CannotSay) as error:
            rule = shortened(text, MOST_QUOTED)
            sentence = _(
                "The rule %(what)s “%(rule)s” is left out: %(why)s.", what=what, rule=rule, why=error
            )
            self.maker.say("left out", name, sentence, place)
            return True, text

    def said(self, expression: Expression, scope: Scope) -> Rule | bool:
        """A rule of ours; raise `CannotSay` when it cannot be one."""
        return Translator(lambda path: self.resolve(path, scope)).rule(expression)

    def resolve(self, path: str, scope: Scope) -> Target:
        """What a name in a rule stands for."""
        for name in (*self._scoped(path, scope), path):
            target = self.targets.get(name)
            if target is not None:
                return target
        raise CannotSay(self._why_not(path))

    def _scoped(self, path: str, scope: Scope) -> Iterable[str]:
        """Inside of panels and rows that repeat, names begin with "panel." or "row."."""
        for start in ("panel.", "row."):
            if path.startswith(start) and scope.inner:
                yield f"{scope.inner}.{path.removeprefix(start)}"

    def _why_not(self, path: str) -> str:
        base = re.split(r"[.\[]|-Comment$", path)[0]
        known = self.gone.keys() & {path, base}
        if known:
            return str(_("it asks about “%(name)s”, which is left out", name=known.pop()[:80]))
        if path in self.names:
            return str(_("it asks about “%(name)s”, which comes later or is asked here", name=path[:80]))
        if base in self.targets:
            return str(_("it asks about “%(name)s”, which is no part of a question here", name=path[:80]))
        return str(_("it asks about “%(name)s”, which is no question of the survey", name=path[:80]))

    def define(self, name: str, target: Target) -> None:
        """From here on a name stands for something; not when the question was left out."""
        if target.question:
            self.targets[name] = target
        else:
            self.gone[name] = "left out"


def _counted(name: Name) -> Expression:
    if name.path.endswith(LENGTH):
        return Call("count", (Name(name.path.removesuffix(LENGTH)),))
    return name


@dataclass(frozen=True)
class Item:
    """One choice, row or column: its value there, its words, and its own rule."""

    value: Any
    words: Words
    node: Mapping[str, Any]

    @property
    def code(self) -> str:
        """The value as rules compare it."""
        return value_text(self.value)


def value_text(value: Any) -> str:
    """A value as text: 1.0 is "1", true is "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def items(context: Context, raw: Any, name: str, place: Place) -> list[Item]:
    """Choices, rows or columns as a list; each is a value, or an object with value and text."""
    found = []
    if isinstance(raw, list) and len(raw) > MOST_PLACES:
        words = _("“%(name)s” has more than %(most)s choices or rows.", name=name, most=MOST_PLACES)
        raise SurveyFileError(words, place.sheet, place.row)
    for one in raw if isinstance(raw, list) else []:
        node = one if isinstance(one, dict) else {"value": one}
        value = node.get("value", node.get("name"))
        if value is None or isinstance(value, dict | list):
            sentence = _("A choice without a plain value is left out.")
            context.maker.say("left out", name, sentence, place)
            continue
        title = node.get("text", node.get("title"))
        said = on_one_line(context.text(title if title not in (None, "") else value, name, place))
        found.append(Item(value, said or {context.first: value_text(value)}, node))
    return found


class Choices:
    """Choices of one question as ours: made from items, with ids, words and rules."""

    def __init__(self, context: Context, name: str, place: Place, has_other: bool = False) -> None:
        self.context, self.name, self.place = context, name, place
        self.ids = ChoiceIds(has_other)
        self.changes: list[str] = []
        self.made: list[Doc] = []

    def add(self, code: str, words: Words, rule: Rule | bool = True, exclusive: bool = False) -> None:
        """One more."""
        repeated = code in self.ids.codes
        choice_id = self.ids.new(code)
        if repeated:
            self.changes.append(_("Two choices are called “%(code)s”; rules mean the first.", code=code[:60]))
        elif choice_id != code:
            self.changes.append(
                _("The choice “%(code)s” is called “%(id)s” here.", code=code[:60], id=choice_id)
            )
        choice: Doc = {"id": choice_id, "label": self._label(words)}
        if isinstance(rule, dict):
            choice["show_if"] = rule
        self.made.append({**choice, "exclusive": True} if exclusive else choice)

    def _label(self, words: Words) -> Words:
        kept = self.context.maker.words(words, 10**9, self.name, self.place) or {self.context.first: ELLIPSIS}
        if any(len(text) > MOST_CHOICE for text in kept.values()):
            self.changes.append(_("A choice has a text that is too long; it ends after %(most)s characters.",
                                  most=MOST_CHOICE))  # fmt: skip
        return {tag: ended(text, MOST_CHOICE) for tag, text in kept.items()}


def with_item(expression: Expression, value: Any) -> Expression:
    """A rule for all choices as the rule of one: {item} is its value."""
    return replaced(expression, lambda name: Literal(value) if name.path in ("item", "choice") else name)


def both(*rules: Rule | bool | None) -> Rule | bool:
    """Rules that all have to hold."""
    return joined("and", [True if rule is None else rule for rule in rules])
