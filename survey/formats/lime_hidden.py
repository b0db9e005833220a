"""What a rule of LimeSurvey makes of questions that are hidden.

There a rule is false as a whole while a question it names is hidden, unless the name ends in ".NAOK". Our
rules see a hidden question as one without answer, so "is not" and "is empty" would hold. Where that could
happen, the rule of the question that may be hidden is put before the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.formats.expressions import Expression, Name, replaced
from survey.formats.expressions_values import TESTS, Rule, Truth, joined, leaves
from survey.formats.lime_names import Names

MOST_LEAVES = 50


def guarded(found: Truth, expression: Expression, names: Names, shown: Mapping[str, Rule]) -> Truth:
    """The rule, with the rules of the questions in it that may be hidden, where they make a difference."""
    if found is False:
        return found
    asked = dict.fromkeys(_strict_names(expression, names))
    needed = [shown[one] for one in asked if one in shown and (found is True or not fails_hidden(found, one))]
    both = joined("and", [*needed, found])
    return both if not isinstance(both, dict) or leaves(both) <= MOST_LEAVES else found


def _strict_names(expression: Expression, names: Names) -> Iterator[str]:
    """The questions of ours that are named without ".NAOK"."""
    found: list[str] = []

    def note(name: Name) -> Expression:
        base, ends = names.parted(name.path)
        target = names.targets.get(base)
        if target and "naok" not in ends:
            found.append(target.question)
        return name

    replaced(expression, note)
    yield from found


def fails_hidden(rule: Rule, question: str) -> bool:
    """Whether a rule cannot hold while a question is hidden."""
    if "all" in rule:
        return any(fails_hidden(part, question) for part in rule["all"])
    if "any" in rule:
        return all(fails_hidden(part, question) for part in rule["any"])
    if "not" in rule:
        return False
    value = rule.get("value")
    named = question in (rule["question"], value.get("question") if isinstance(value, dict) else "")
    if not named or rule.get("op") == "!=":
        return False
    if rule.get("of") in ("count", "length"):
        return not TESTS[rule["op"]](0, value)
    return True
