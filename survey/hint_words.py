"""Words that make a question worse, by language: `hint_words.json` has them, as lists and expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from survey.resources import PACKAGE

# Written in capitals, and known to everybody; and plain words that are written so to stress them.
KNOWN = frozenset(
    {
        "AM",
        "CD",
        "DVD",
        "EE",
        "EEUU",
        "EU",
        "FAQ",
        "GPS",
        "ID",
        "IT",
        "OK",
        "ONU",
        "PC",
        "PDF",
        "PIN",
        "PM",
        "SMS",
    }
    | {"TI", "TV", "UK", "US", "USA", "UU", "ZIP"}
    | {"ALL", "AND", "ANY", "BOTH", "EACH", "MUST", "NO", "NOT", "NOTE", "ONCE", "ONE", "ONLY", "OR", "YES"}
    | {"CADA", "NOTA", "SI", "SOLO", "TODA", "TODAS", "TODO", "TODOS", "UNA", "UNO"}
)
CAPITALS = re.compile(r"(?<![\w-])[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ&]{1,6}s?(?![\w-])")
EXPLAINED = re.compile(r"\(([^()]{2,60})\)")


@dataclass(frozen=True)
class Speech:
    """What to look for in one language."""

    # Joins two things; and pairs that are one thing.
    joined: re.Pattern[str]
    pairs: frozenset[str]
    either: re.Pattern[str]
    # Pushes towards an answer.
    leading: re.Pattern[str]
    agreeing: re.Pattern[str]
    # What a choice says that stands for no opinion.
    way_out: re.Pattern[str]
    # Words of an office; and what people say instead.
    office: re.Pattern[str]
    jargon: Mapping[str, str]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Speech:
        """As the file has it."""
        return cls(
            joined=re.compile(raw["joined"], re.IGNORECASE),
            pairs=frozenset(raw["pairs"]),
            either=_any_of(raw["either"]),
            leading=_any_of(raw["leading"]),
            agreeing=_any_of(raw["agreeing"]),
            way_out=re.compile("|".join(raw["way_out"]), re.IGNORECASE),
            office=_any_of(map(re.escape, raw["jargon"])),
            jargon=raw["jargon"],
        )


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of these, as words of their own."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


def _read() -> dict[str, Speech]:
    raw = json.loads((PACKAGE / "hint_words.json").read_text("utf-8"))
    return {tag: Speech.of(words) for tag, words in raw.items()}


SPEECHES = _read()
