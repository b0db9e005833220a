"""Questions with a field for each of their parts: lines of a matrix, things to rank, shares to give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.questions.base import Typed, only_text
from survey.questions.choices import Choice, Choosing
from survey.questions.problems import Problem

MOST_PARTS = 100
MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class InParts(Choosing):
    """What they have in common."""

    @property
    def parts(self) -> tuple[Choice, ...]:
        """What each has a field of its own."""
        return self.choices

    def field_of(self, part_id: str) -> str:
        """The name of the field of one part."""
        return f"{self.field}.{part_id}"

    def fields(self) -> tuple[str, ...]:
        return tuple(self.field_of(part.id) for part in self.parts)

    def control(self, part_id: str) -> str:
        """The id of the first control of one part; the first of all has that of the question."""
        return self.field if self.parts and part_id == self.parts[0].id else self.field_of(part_id)

    def read(self, typed: Typed) -> Any:
        # A rule can hide every part: then there is nothing to answer.
        return super().read(typed) if self.parts else None

    def understand(self, typed: Typed) -> Any:
        return self.read_parts(self.given(typed))

    def read_parts(self, given: Mapping[str, str]) -> Any:
        """The answer, from what was typed at each part; what a type defines."""
        raise NotImplementedError

    def given(self, typed: Typed) -> dict[str, str]:
        """What was typed at each part, without blanks around it."""
        return {part.id: self._only_text(typed, part) for part in self.parts}

    def _only_text(self, typed: Typed, part: Choice) -> str:
        try:
            return only_text(typed, self.field_of(part.id)).strip()
        except Problem as problem:
            raise self.wrong({part.id: str(problem)}) from None

    def wrong(self, sentences: Mapping[str, str]) -> Problem:
        """What has to be put right, by part: those that have the same to put right are named together."""
        same: dict[str, list[str]] = {}
        for part_id, sentence in sentences.items():
            same.setdefault(sentence, []).append(part_id)
        said = (f"{self.named(ids)}: {sentence}" for sentence, ids in list(same.items())[:MOST_NAMED])
        return Problem(" ".join(said), tuple(map(self.control, sentences)))

    def named(self, part_ids: Iterable[str]) -> str:
        """Parts by name, the first few of them."""
        labels = {part.id: part.label for part in self.parts}
        names = [f"“{self.in_page(labels[part_id])}”" for part_id in part_ids]
        first, more = _(", ").join(names[:MOST_NAMED]), len(names) - MOST_NAMED
        return str(_("%(names)s and %(count)s more", names=first, count=more)) if more > 0 else first

    def as_typed(self, value: Any) -> dict[str, list[str]]:
        if not isinstance(value, Mapping):
            raise Problem(_("Give the answer as an object with a value for each part."))
        known = {part.id for part in self.parts}
        if value.keys() - known:
            raise Problem(_("One of the parts is not in this question. Take it out."))
        return {self.field_of(key): [str(one)] for key, one in value.items()}

    def lines(self, value: Any, language: str) -> Iterator[tuple[str, Any]]:
        """The answered parts with their names, in the order of the question."""
        given = value if isinstance(value, Mapping) else {}
        return ((self.say(p.label, language), given[p.id]) for p in self.parts if p.id in given)
