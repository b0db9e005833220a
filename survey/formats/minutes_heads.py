"""What stands between or before comments in minutes: headings that name a prompt, and who spoke."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from survey.formats.minutes_lines import Line

Why = Literal["prompt", "style", "list", "column"]
LONGEST_HEADING = 200
NEAR, SHARED = 0.85, 0.5
MOST_READ = 600
MOST_COMPARED = 2_000  # lines of one file: nothing has more headings, and comparing costs
WORD = re.compile(r"\w+")
# "Question 2:" or "Prompt:" in front of a heading says nothing about which one it is.
COUNTED = re.compile(r"^(?:prompt|question|topic|q)\s*\d{0,3}\s*[:.)–-]\s*", re.IGNORECASE)
KINDS = {
    "strength": "strength strengths",
    "improvement": "improvement improvements weakness weaknesses challenge challenges problems",
    "aspiration": "aspiration aspirations hopes vision wishes",
}
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}
PERSON = re.compile(
    r"[\[(]?(?:p|participant|person|speaker)\s?[#.]?\s?([0-9]{1,3})[\])]?(?:\s{0,3}[:–—]|\s{1,3}-)\s{0,3}(?=\S)",
    re.IGNORECASE,
)
ALONE = re.compile(r"(?:p|participant|person|speaker)\s?[#.]?\s?([0-9]{1,3})", re.IGNORECASE)
NAMED = re.compile(r"([^:\n]{1,60}?)\s{0,3}:\s{1,3}(?=\S)")


@dataclass(frozen=True, slots=True)
class KnownPrompt:
    """A prompt of the study."""

    id: int
    text: str
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its text and line, why it is one, and the prompt that it means (None: none of the study)."""

    text: str
    line: int
    why: Why
    prompt: int | None


@dataclass(slots=True)
class Headings:
    """The headings of minutes; `under` says for each line under which it stands, -1 for a heading itself."""

    found: list[Heading] = field(default_factory=list)
    under: list[int | None] = field(default_factory=list)

    @property
    def places(self) -> Iterator[int]:
        """Where the lines are that are headings."""
        return (place for place, under in enumerate(self.under) if under == -1)


def find_headings(lines: Sequence[Line], prompts: Iterable[KnownPrompt]) -> Headings:
    """The headings among lines.

    A heading is a short line that the file calls one, that is (nearly) a prompt of the study, or that stands
    above a list and ends with a colon or question mark, or is a word such as "Strengths". In a table, each
    new prompt of its column is one.
    """
    known, headings = _Known(prompts), Headings()
    asked: str | None = None
    for place, line in enumerate(lines):
        if line.prompt is not None:
            if line.prompt != asked:
                headings.found.append(Heading(line.prompt, line.number, "column", known.meant(line.prompt)))
            asked = line.prompt
        elif why := _why(line, lines[place + 1] if place + 1 < len(lines) else None, known):
            text = line.text.rstrip(": ")
            headings.found.append(Heading(text, line.number, why, known.meant(text)))
            headings.under.append(-1)
            continue
        headings.under.append(len(headings.found) - 1 if headings.found else None)
    return headings


def no_headings(lines: Sequence[Line]) -> Headings:
    """Every line is part of a comment."""
    return Headings([], [None] * len(lines))


def _why(line: Line, below: Line | None, known: _Known) -> Why | None:
    if len(line.text) > LONGEST_HEADING:
        return None
    if line.heading:
        return "style"
    if known.is_prompt(line):
        return "prompt"
    if line.is_item or below is None or not below.is_item:
        return None
    speaks = line.text.endswith((":", "：", "?", "？")) or known.meant(line.text) is not None
    return "list" if speaks else None


class _Known:
    """The prompts of the study, to be found by words that are theirs or nearly so."""

    def __init__(self, prompts: Iterable[KnownPrompt]) -> None:
        self.exact: dict[str, int] = {}
        self.kinds: dict[str, int] = {}
        self.words: list[tuple[str, frozenset[str], int]] = []
        for prompt in prompts:
            key = _key(prompt.text)
            self.exact.setdefault(key, prompt.id)
            self.kinds.setdefault(prompt.kind, prompt.id)
            self.words.append((key, frozenset(key.split()), prompt.id))
        self.left = MOST_COMPARED
        self.every = frozenset[str]().union(*(words for _key, words, _id in self.words))
        self.lengths = {len(words) for _key, words, _id in self.words}

    def meant(self, text: str) -> int | None:
        """The prompt that a heading means."""
        key = _key(text[:MOST_READ])
        return self.exact.get(key) or self._near(key) or self.kinds.get(KIND_OF.get(key, ""))

    def is_prompt(self, line: Line) -> bool:
        """Whether a line is a prompt; an item of a list only if it is one word for word."""
        key = _key(line.text)
        return key in self.exact or (not line.is_item and self._near(key) is not None)

    def _near(self, key: str) -> int | None:
        words = key.split()
        if not any(abs(len(words) - length) <= length / 2 for length in self.lengths):
            return None
        shared = self.every.intersection(words)
        if 2 * len(shared) < len(set(words)) or self.left <= 0:
            return None
        self.left -= 1
        near = [
            (SequenceMatcher(None, key, text, autojunk=False).ratio(), -place, prompt)
            for place, (text, theirs, prompt) in enumerate(self.words)
            if len(shared & theirs) > SHARED * max(len(theirs), len(set(words)))
        ]
        ratio, _place, prompt = max(near, default=(0.0, 0, 0))
        return prompt if ratio >= NEAR else None


def _key(text: str) -> str:
    return " ".join(WORD.findall(COUNTED.sub("", text).casefold()))


def speaker_of(text: str, roles: Mapping[str, str]) -> tuple[str | None, str]:
    """Who said it and what: "P3: …", or "Teacher: …" with a role of the roster (`roles`, in small letters).

    Whatever else stands before a colon may be a name, or belong to the sentence: it stays in the text.
    """
    if person := PERSON.match(text):
        return f"P{int(person[1])}", text[person.end() :]
    named = NAMED.match(text)
    role = roles.get(_tidy(named[1])) if named else None
    return (role, text[named.end() :]) if named and role else (None, text)


def as_speaker(cell: str | None, roles: Mapping[str, str]) -> str | None:
    """Who spoke, from a cell of a table: a number or a role of the roster; never a name."""
    if cell is None:
        return None
    person = ALONE.fullmatch(cell.strip())
    return f"P{int(person[1])}" if person else roles.get(_tidy(cell))


def _tidy(role: str) -> str:
    return " ".join(role.split()).casefold()


def maybe_names(texts: Iterable[str]) -> dict[str, int]:
    """What stands before a colon at the beginning of texts and may be a name, and how often."""
    found: dict[str, int] = {}
    for text in texts:
        before = NAMED.match(text)
        words = before[1].split() if before else []
        if 0 < len(words) <= 3 and all(word[0].isupper() for word in words):
            found[" ".join(words)] = found.get(" ".join(words), 0) + 1
    return found
