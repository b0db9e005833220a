"""What names in LimeSurvey's formulas and texts stand for, as far as the survey has been read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask_babel import gettext as _

from survey.formats.expressions_values import CannotSay, Target
from survey.formats.lime_model import LimeSurvey

BY_NUMBERS = re.compile(r"(?:INSERTANS:)?([0-9]+)X([0-9]+)X([0-9]\w*(?:\#[01])?)", re.ASCII)
# Ends of names that mean the answer itself.
PLAIN = frozenset({"naok", "value", "valuenaok", "code"})
MOST_TRIED = 12  # digits of a number in front of a sub-question's code


@dataclass(slots=True)
class Names:
    """The questions so far by what formulas call them; questions that come later are not yet in it."""

    targets: dict[str, Target] = field(default_factory=dict)
    # Questions that were left out, and why; all questions of the survey; the code by the question's number.
    gone: dict[str, str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    numbers: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, survey: LimeSurvey) -> Names:
        """No question yet, but their codes are known."""
        questions = [question for group in survey.groups for question in group.questions]
        numbers = {question.id: question.code for question in questions if question.id}
        return cls(codes=frozenset(question.code for question in questions), numbers=numbers)

    def define(self, name: str, target: Target) -> None:
        """From here on a name stands for something."""
        self.targets[name] = target

    def resolve(self, path: str) -> Target:
        """What a name stands for; raise `CannotSay` when that is nothing a rule can ask about."""
        base, ends = self.parted(path)
        if any(end not in PLAIN for end in ends) and not self._is_shown(base, ends):
            raise CannotSay(_("it asks about “%(name)s”", name=path[:80]))
        target = self.targets.get(base)
        if target is None:
            raise CannotSay(self._why_not(base))
        return target

    def parted(self, path: str) -> tuple[str, list[str]]:
        """The name of a question or a part of it, and what is asked of it: ("Q1_SQ1", ["naok"])."""
        path = path.removeprefix("that.")
        base, *ends = path.split(".")
        match = BY_NUMBERS.fullmatch(base)
        return (self._by_numbers(match.group(3)) if match else base), [end.lower() for end in ends]

    def _is_shown(self, base: str, ends: list[str]) -> bool:
        """Whether the words of an answer are the answer: so it is with texts and numbers."""
        target = self.targets.get(base)
        return target is not None and target.kind == "value" and ends == ["shown"]

    def _by_numbers(self, rest: str) -> str:
        """A name such as 123X4X5SQ1: the question's number, then the code of a part, with nothing between."""
        digits = len(rest) - len(rest.lstrip("0123456789"))
        for end in range(min(digits, MOST_TRIED), 0, -1):
            code, part = self.numbers.get(rest[:end]), rest[end:].replace("#", "_")
            name = f"{code}_{part}" if part else code
            if code and name and (not part or name in self.targets):
                return name
            if code and part and f"{code}{part}" in self.targets:
                return f"{code}{part}"
        return rest

    def _why_not(self, base: str) -> str:
        for code in (base, base.rpartition("_")[0], base.split("_")[0]):
            if code in self.gone:
                return str(_("it asks about “%(name)s”, which is left out", name=code[:80]))
            if code in self.codes:
                break
        else:
            return str(_("it asks about “%(name)s”, which is no question of the survey", name=base[:80]))
        if code in self.targets:
            return str(_("it asks about “%(name)s”, which is no part of a question here", name=base[:80]))
        return str(_("it asks about “%(name)s”, which comes later or is asked here", name=base[:80]))
