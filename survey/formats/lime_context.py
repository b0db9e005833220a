"""What every part of reading LimeSurvey shares: texts as plain words, rules as conditions, the report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask_babel import gettext as _

from survey.formats import lime_expressions
from survey.formats.expressions import Expression, ExpressionError, Literal, Name
from survey.formats.expressions_rules import Translator
from survey.formats.expressions_values import CannotSay, Rule, Target, Truth, denied, joined
from survey.formats.lime_hidden import guarded
from survey.formats.lime_model import LimeSurvey, OldCondition, Texts
from survey.formats.lime_names import Names
from survey.formats.plain_words import ELLIPSIS, plain, shortened
from survey.formats.survey_maker import NOWHERE, Maker, Place, unpiped

# A formula in a text; LimeSurvey takes braces with a blank inside of them for plain braces.
BRACES = re.compile(r"\{(?=\S)([^{}\n]{1,2000}?)(?<=\S)\}")
PIPED = re.compile(r"[^{}\s]{1,200}")
ALWAYS = frozenset({"", "1"})
COMPARED = re.compile(r"@[0-9]+X[0-9]+X\w+@")
OPERATORS = {"==": "=", "=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MOST_QUOTED = 200
MOST_NAMED = 3


@dataclass(slots=True)
class Context:
    """A survey of LimeSurvey on its way to one of ours. `tags` are our languages by LimeSurvey's."""

    survey: LimeSurvey
    maker: Maker
    tags: dict[str, str]
    names: Names
    facts: dict[str, str] = field(default_factory=dict)
    # When the questions so far are shown, by their ids here; the others always are.
    shown: dict[str, Rule] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Our languages."""
        return self.maker.languages

    @property
    def base(self) -> str:
        """The first language, as LimeSurvey names it."""
        return next(iter(self.tags))

    # Texts -----------------------------------------------------------------------------------------------

    def text(self, texts: Texts, name: str, place: Place = NOWHERE) -> dict[str, str]:
        """Texts as plain words, with earlier answers put in; what is lost is told once."""
        lost: set[str] = set()
        formulas: dict[str, None] = {}
        found = {}
        for lime, tag in self.tags.items():
            raw = texts.get(lime) or texts.get("", "")
            told = plain(raw)
            lost |= told.lost
            found[tag] = self._piped(unpiped(told.text), formulas)
        self._tell_lost(lost, formulas, name, place)
        return {tag: text for tag, text in found.items() if text.strip()}

    def quiet(self, texts: Texts) -> dict[str, str]:
        """Texts as plain words, for a use that is not told."""
        found = {
            tag: unpiped(plain(texts.get(lime) or texts.get("", "")).text) for lime, tag in self.tags.items()
        }
        return {tag: text for tag, text in found.items() if text.strip()}

    def _tell_lost(self, lost: set[str], formulas: dict[str, None], name: str, place: Place) -> None:
        if "looks" in lost:
            self.facts["looks"] = str(int(self.facts.get("looks", "0")) + 1)
        for what in sorted(lost - {"looks"}):
            self.maker.say(
                "changed", name, _("Its text had %(what)s; they are left out.", what=LOST[what]()), place
            )
        if formulas:
            first = ", ".join(list(formulas)[:MOST_NAMED]) + (", …" if len(formulas) > MOST_NAMED else "")
            words = _(
                "Its text had formulas (%(count)s: %(first)s); “…” stands there now.",
                count=len(formulas),
                first=first,
            )
            self.maker.say("changed", name, words, place)

    def _piped(self, text: str, formulas: dict[str, None]) -> str:
        if "{" not in text:
            return text
        return BRACES.sub(lambda match: self._pipe(match.group(1), formulas), text)

    def _pipe(self, inner: str, formulas: dict[str, None]) -> str:
        """What stands in a text for a formula in braces."""
        try:
            found = lime_expressions.parse(inner)
        except ExpressionError:
            return "{" + inner + "}"
        said = self._said(found)
        if said is None:
            formulas["{" + shortened(inner, MOST_QUOTED) + "}"] = None
            return ELLIPSIS
        return said

    def _said(self, expression: Expression) -> str | None:
        if isinstance(expression, Literal) and expression.value is not None:
            return str(expression.value)
        if not isinstance(expression, Name):
            return None
        if expression.path in self.facts:
            return self.facts[expression.path]
        base, ends = self.names.parted(expression.path)
        if ends == ["question"] and base in self.names.labels:
            return next(iter(self.names.labels[base].values()), None)
        return self._answer(base, ends)

    def _answer(self, base: str, ends: list[str]) -> str | None:
        target = self.names.targets.get(base)
        whole = target is not None and target.part is None and target.kind in ("value", "choice", "choices")
        if not whole or not set(ends) <= {"naok", "shown", "value", "valuenaok", "code"}:
            return None
        return f"${{{target.question}}}" if target else None

    # Rules -----------------------------------------------------------------------------------------------

    def rule(self, text: str, name: str, place: Place, what: str = "") -> tuple[Rule | bool, str]:
        """A rule and, where it cannot be said here, its text: it is then told, and everybody is shown it."""
        if text.strip() in ALWAYS:
            return True, ""
        try:
            expression = parsed(text)
            found = Translator(self.names.resolve).rule(expression)
            return guarded(found, expression, self.names, self.shown), ""
        except (ExpressionError, CannotSay) as error:
            self._tell_rule(text, name, place, str(error), what)
            return True, text

    def _tell_rule(self, text: str, name: str, place: Place, why: str, what: str) -> None:
        rule = shortened(text, MOST_QUOTED)
        if what:
            words = _("The rule “%(rule)s” of %(what)s is left out: %(why)s.", rule=rule, what=what, why=why)
        else:
            words = _("The rule “%(rule)s” is left out: %(why)s. Everybody is shown it.", rule=rule, why=why)
        self.maker.say("left out", name, words, place)

    def old_rule(self, conditions: list[OldCondition], name: str) -> tuple[Truth, str]:
        """The rule of a table of conditions: one scenario is enough, and in it every question has to fit."""
        scenarios: dict[str, dict[tuple[str, str], list[OldCondition]]] = {}
        for condition in conditions:
            # Of one question, several "equal to" are alternatives.
            key = (
                condition.field if condition.method in ("==", "") else str(id(condition)),
                condition.method,
            )
            scenarios.setdefault(condition.scenario, {}).setdefault(key, []).append(condition)
        try:
            found = joined("or", [self._scenario(list(parts.values())) for parts in scenarios.values()])
            return found, ""
        except CannotSay as error:
            text = "; ".join(f"{c.field} {c.method} {c.value}" for c in conditions)
            self._tell_rule(text, name, conditions[0].place, str(error), "")
            return True, text

    def _scenario(self, parts: list[list[OldCondition]]) -> Truth:
        return joined("and", [joined("or", [self._old(one) for one in part]) for part in parts])

    def _old(self, condition: OldCondition) -> Truth:
        field_name = condition.field.lstrip("+")
        if condition.method not in OPERATORS:
            raise CannotSay(_("it looks for a pattern"))
        if COMPARED.fullmatch(condition.value):
            raise CannotSay(_("it compares two answers"))
        op, value = OPERATORS[condition.method], condition.value.strip()
        target = self._old_target(field_name, value)
        translator = Translator(self.names.resolve)
        if target.kind != "choices" or not value:
            return translator.with_value(op, target, value)
        # A field without sub-question means: this choice is among them.
        found = translator.with_value("contains", target, value)
        return denied(found) if op == "!=" else found

    def _old_target(self, field_name: str, value: str) -> Target:
        try:
            return self.names.resolve(field_name)
        except CannotSay:
            # Where a question has parts, the value may be the code of one.
            return self.names.resolve(f"{self.names.parted(field_name)[0]}_{value}")

    def tell(self, name: str, place: Place, changes: Iterable[str], type_name: Any) -> None:
        """The line, or lines, about a question that works."""
        changes = list(changes)
        if not changes:
            self.maker.say("taken", name, _("Taken as “%(type)s”.", type=str(type_name)), place)
        for words in changes:
            self.maker.say("changed", name, words, place)


def parsed(text: str) -> Expression:
    """A rule as a tree; some editors write “&gt;” for “>”."""
    try:
        return lime_expressions.parse(text)
    except ExpressionError:
        if "&" not in text:
            raise
        return lime_expressions.parse(unescape(text))


LOST = {
    "long": lambda: _("more than 100,000 characters"),
    "scripts": lambda: _("scripts"),
    "pictures": lambda: _("pictures"),
    "embedded pages": lambda: _("embedded pages"),
    "videos": lambda: _("videos"),
    "sounds": lambda: _("sounds"),
    "form fields": lambda: _("form fields"),
}
