"""Places: a ZIP code or a neighborhood from a list, chosen or typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.questions.base import Typed, only_text
from survey.questions.choices import Choosing
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import Sentence, Setting

MOST_PLACES = 5000
MOST_OPTIONS = 60  # more would be tiresome to go through
MOST_SUGGESTED = 250  # more would make the page too heavy for a slow line
MOST_TYPED = 100
MOST_CLOSE = 3


@dataclass(frozen=True, kw_only=True)
class Place(Choosing):
    """One place of a list. Stored as the id of the choice."""

    TYPE: ClassVar[str] = "place"
    NAME: ClassVar[Sentence] = _l("Place from a list")
    MISSING: ClassVar[Sentence] = _l("Choose or type a place.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "choices",
            "choices",
            _l("Places"),
            _l("ZIP codes or neighborhoods, one a line. The last line may be “Somewhere else”."),
            default=(),
            most=MOST_PLACES,
        ),
    )

    def check(self) -> None:
        super().check()
        twice = next((name for name, found in self._by_name.items() if len(found) > 1), None)
        if twice:
            raise DocumentError(
                _("Two of its places are called “%(name)s”. Give each a name of its own.", name=twice)
            )

    @property
    def is_select(self) -> bool:
        """Whether the places stand in a list to open."""
        return len(self.choices) <= MOST_OPTIONS

    @property
    def suggests(self) -> bool:
        """Whether the browser is given the list to suggest from while one types."""
        return len(self.choices) <= MOST_SUGGESTED

    def bounds(self) -> str:
        return (
            ""
            if self.is_select
            else str(_("Type the name or the ZIP code as you would write it in an address."))
        )

    @cached_property
    def _by_name(self) -> dict[str, set[str]]:
        """The ids of places by their names in all languages."""
        found: dict[str, set[str]] = {}
        for choice in self.choices:
            for text in choice.label.values():
                found.setdefault(_same(text), set()).add(choice.id)
        return found

    @cached_property
    def _by_sound(self) -> dict[str, set[str]]:
        """The same without accents, and by id."""
        found: dict[str, set[str]] = {}
        for name, ids in self._by_name.items():
            found.setdefault(_bare(name), set()).update(ids)
        for choice in self.choices:
            found.setdefault(_bare(_same(choice.id)), set()).add(choice.id)
        return found

    def understand(self, typed: Typed) -> str | None:
        text = only_text(typed, self.field).strip()
        if not text or text in self.labels:
            return text or None
        name = _same(text[: MOST_TYPED + 1])
        found = self._by_name.get(name) or self._by_sound.get(_bare(name), set())
        if len(text) > MOST_TYPED or len(found) != 1:
            raise self._unknown(text, _bare(name), found)
        return next(iter(found))

    def _unknown(self, text: str, name: str, found: set[str]) -> Problem:
        close = [f"“{self.in_page(self.labels[place])}”" for place in sorted(found) or self._close(name)]
        said = text if len(text) <= 40 else text[:39] + "…"
        if not close:
            return Problem(_("“%(text)s” is not on our list. Check how it is written.", text=said))
        names = f"{_(', ').join(close[:-1])}{_(' or ')}{close[-1]}" if len(close) > 1 else close[0]
        return Problem(_("“%(text)s” is not on our list. Do you mean %(names)s?", text=said, names=names))

    def _close(self, name: str) -> list[str]:
        """The ids of places that are written alike, the most like first."""
        alike = [
            *(other for other in self._by_sound if other.startswith(name) or name.startswith(other)),
            *(other for other in self._by_sound if name in other),
            *get_close_matches(name, self._by_sound, MOST_CLOSE),
        ]
        ids = (place for other in alike for place in sorted(self._by_sound[other]))
        return list(dict.fromkeys(ids))[:MOST_CLOSE]

    def shown(self, value: Any, language: str) -> str:
        return self.word(value, language)

    def written(self, text: str, language: str) -> str:
        """What to show in a text field: the name, where a list or a program gave the id."""
        return self.say(self.labels[text], language) if text in self.labels else text

    def names(self, language: str) -> Iterator[str]:
        """The names to suggest."""
        return (self.say(choice.label, language) for choice in self.choices)


def _same(text: str) -> str:
    """What ways to write a name have in common: case, blanks and the script of digits do not count."""
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text))
    return re.sub(r"\s+", " ", plain).strip().casefold()


def _bare(name: str) -> str:
    """A name without accents and marks."""
    letters = (c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", "".join(letters)).strip() or name
