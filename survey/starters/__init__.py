"""Surveys to begin with: whole documents in English and Spanish, in our own words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from survey.document import Document, parse
from survey.errors import NotFound
from survey.questions import Words

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Starter:
    """A survey to begin with: what it is good for, whom it asks, and its document."""

    name: str
    order: int
    about: Words
    whom: Words
    mode: str
    raw: Mapping[str, Any]

    @property
    def document(self) -> Document:
        """The survey itself."""
        return parse(dict(self.raw))

    def begun(self, title: str, language: str, layout: str) -> dict[str, Any]:
        """The document of a new survey made of it: this language first, a changed title in that alone."""
        words = self.raw["title"]
        others = [tag for tag in self.raw["languages"] if tag != language]
        named = dict(words) if title == words[language] else {language: title}
        return {**self.raw, "title": named, "languages": [language, *others], "layout": layout}


@cache
def all_of() -> dict[str, Starter]:
    """The starters by name, in the order in which they are offered."""
    found = [_read(path) for path in FOLDER.glob("*.json")]
    return {starter.name: starter for starter in sorted(found, key=lambda starter: starter.order)}


def of_name(name: str) -> Starter:
    """A starter; raise `NotFound` when there is none of that name."""
    if name not in all_of():
        raise NotFound
    return all_of()[name]


def _read(path: Path) -> Starter:
    raw = json.loads(path.read_text("utf-8"))
    return Starter(path.stem, raw["order"], raw["about"], raw["whom"], raw["mode"], raw["document"])
