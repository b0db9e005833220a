"""A matrix: the same answers to choose from in several lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.conditions import Operand
from survey.questions.choices import Choice
from survey.questions.parts import MOST_PARTS, InParts
from survey.questions.problems import DocumentError
from survey.questions.settings import Sentence, Setting, Words

MOST_ANSWERS = 20
# More answers, or longer ones, would be narrow columns: then each line has its answers below it.
MOST_COLUMNS = 7
MOST_IN_HEAD = 30


@dataclass(frozen=True, kw_only=True)
class Matrix(InParts):
    """One answer a line. Stored as {line: choice}; lines left out of an optional matrix are not in it."""

    TYPE: ClassVar[str] = "matrix"
    NAME: ClassVar[Sentence] = _l("Table of choices")
    MISSING: ClassVar[Sentence] = _l("Choose one answer in each line.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "rows", "rows", _l("Lines"), _l("What people judge, one a line."), default=(), most=MOST_PARTS
        ),
        Setting(
            "choices",
            "choices",
            _l("Answers"),
            _l("One a line; the same for every line of the table. For example Bad, Fair, Good, Don’t know."),
            default=(),
            most=MOST_ANSWERS,
        ),
    )

    rows: tuple[Choice, ...] = ()

    @property
    def parts(self) -> tuple[Choice, ...]:
        return self.rows

    def check(self) -> None:
        super().check()
        if not self.rows:
            raise DocumentError(_("Give it at least one line."))
        if any(row.show_if for row in self.rows):
            raise DocumentError(_("A line of a table cannot have a rule. Put it into a table of its own."))

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *(row.label for row in self.rows))

    @property
    def is_wide(self) -> bool:
        """Whether its answers fit side by side on a wide screen."""
        words = [text for choice in self.choices for text in choice.label.values()]
        return len(self.choices) <= MOST_COLUMNS and max(map(len, words), default=0) <= MOST_IN_HEAD

    def read_parts(self, given: Mapping[str, str]) -> dict[str, str] | None:
        answers = {row_id: value for row_id, value in given.items() if value}
        unknown = [row_id for row_id, value in answers.items() if value not in self.labels]
        if unknown:
            raise self.wrong(dict.fromkeys(unknown, str(_("Choose one of the answers on the list."))))
        open_lines = [row_id for row_id in given if row_id not in answers]
        if answers and open_lines and not self.optional:
            raise self.wrong(dict.fromkeys(open_lines, str(_("Choose an answer here, too."))))
        return answers or None

    def shown(self, value: Any, language: str) -> str:
        lines = self.lines(value, language)
        return "\n".join(f"{name}: {self.word(one, language)}" for name, one in lines)

    def operand(self, value: Any, part: str | None = None) -> Operand:
        given = value if isinstance(value, Mapping) else {}
        return tuple(given) or None if part is None else given.get(part)
