"""Answers that LimeSurvey does not keep in its files, because it says them in each language itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

WORDS: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("lime_words.json").read_text(encoding="utf-8")
)


def words(key: str, languages: Iterable[str]) -> dict[str, str]:
    """A word in these languages; English where it is not known in the first, nothing where in another."""
    known = WORDS[key]
    found = {tag: known[tag.split("-")[0]] for tag in languages if tag.split("-")[0] in known}
    first = next(iter(languages))
    return found if first in found else {first: known["en"], **found}


def missing(key: str, languages: Iterable[str]) -> list[str]:
    """The languages in which a word is not known."""
    return [tag for tag in languages if tag.split("-")[0] not in WORDS[key]]
