"""Ranking: each thing gets a number, 1 for the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from survey.conditions import Operand
from survey.questions.numbers import plain_digits
from survey.questions.parts import MOST_PARTS, InParts
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import Sentence, Setting

MOST_DIGITS = 5
# Lists of numbers to open, one a thing; of more things the numbers are typed.
MOST_LISTS = 12


@dataclass(frozen=True, kw_only=True)
class Ranking(InParts):
    """All of a list, or the best of it, in an order. Stored as [ids], the best first."""

    TYPE: ClassVar[str] = "ranking"
    NAME: ClassVar[Sentence] = _l("Ranking")
    MISSING: ClassVar[Sentence] = _l("Give numbers, 1 for the one you put first.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("choices", "choices", _l("What people rank"), _l("One a line."), default=(), most=MOST_PARTS),
        Setting(
            "most",
            "whole",
            _l("How many they rank at most"),
            _l("For example 3. Leave it empty to have all of them ranked."),
            least=1,
            most=MOST_PARTS,
        ),
    )

    most: int | None = None

    def check(self) -> None:
        super().check()
        if self.most is not None and self.most > len(self.choices):
            raise DocumentError(_("There are fewer choices than people may rank. Make that number smaller."))

    @property
    def last(self) -> int:
        """The largest number that can be given."""
        return min(self.most or len(self.choices), len(self.choices))

    @property
    def has_lists(self) -> bool:
        """Whether numbers are chosen from lists."""
        return len(self.choices) <= MOST_LISTS

    def bounds(self) -> str:
        if self.last == len(self.choices):
            return str(
                _("Give each one a number from 1 to %(last)s. 1 is the one you put first.", last=self.last)
            )
        return str(
            ngettext(
                "Choose the one you put first, and give it the number 1.",
                "Choose up to %(num)s and give them the numbers from 1 on. 1 is the one you put first.",
                self.last,
            )
        )

    def read_parts(self, given: Mapping[str, str]) -> list[str] | None:
        ranks = {key: self._rank(text) for key, text in given.items() if text}
        wrong = [key for key, rank in ranks.items() if not rank]
        if wrong:
            sentence = _("Use a whole number from 1 to %(last)s.", last=self.last)
            raise self.wrong(dict.fromkeys(wrong, str(sentence)))
        if not ranks:
            return None
        self._check_repeated(ranks)
        self._check_left_out(ranks)
        return sorted(ranks, key=lambda key: ranks[key])

    def _rank(self, text: str) -> int:
        """A number that can be given; 0 for anything else."""
        digits = plain_digits(text[: MOST_DIGITS + 1]).removesuffix(".")
        is_number = digits.isascii() and digits.isdigit() and len(text) <= MOST_DIGITS
        return int(digits) if is_number and int(digits) <= self.last else 0

    def _check_repeated(self, ranks: Mapping[str, int]) -> None:
        given = list(ranks.values())
        twice = next((rank for rank in sorted(set(given)) if given.count(rank) > 1), None)
        if twice:
            same = [key for key, rank in ranks.items() if rank == twice]
            sentence = _(
                "You gave the number %(rank)s to %(names)s. Give each number once.",
                rank=twice,
                names=self.named(same),
            )
            raise Problem(sentence, tuple(map(self.control, same)))

    def _check_left_out(self, ranks: Mapping[str, int]) -> None:
        left = [choice.id for choice in self.choices if choice.id not in ranks]
        if left and self.most is None:
            raise self.wrong(dict.fromkeys(left, str(_("Give a number here, too."))))
        gap = next((rank for rank in range(1, len(ranks) + 1) if rank not in ranks.values()), None)
        if gap:
            controls = tuple(self.control(key) for key, rank in ranks.items() if rank > gap)
            raise Problem(
                _("The number %(rank)s is missing. Begin with 1 and leave no number out.", rank=gap), controls
            )

    def shown(self, value: Any, language: str) -> str:
        order = value if isinstance(value, list) else []
        names = filter(None, (self.word(one, language) for one in order))
        return "\n".join(f"{rank}. {name}" for rank, name in enumerate(names, start=1))

    def operand(self, value: Any, part: str | None = None) -> Operand:
        order = value if isinstance(value, list) else []
        return tuple(order) or None if part is None else order.index(part) + 1 if part in order else None

    def as_typed(self, value: Any) -> dict[str, list[str]]:
        if not isinstance(value, list) or len(set(map(str, value))) < len(value):
            raise Problem(_("Give the answer as a list of ids, each once, the best first."))
        return super().as_typed({str(key): rank for rank, key in enumerate(value, start=1)})
