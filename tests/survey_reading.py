"""What may be typed into a survey, and what that means: told a second time, plainly.

Nothing here looks at the code under test. What a text means as a number, a date or a time stands in tables;
the rest is written down from the design, over dictionaries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.test_path import expected

Raw = dict[str, Any]
Fields = Mapping[str, list[str]]

SECRET = "mysecret"
MOST = 30
TEXTS = [
    "",
    "  ",
    SECRET,
    "7",
    "x",
    "1e309",
    "٤٢",
    "<b>&amp;\"'",
    "${q0}",
    "${q1",
    "a\0b",
    "\ud800",
    "ä" * 31,
]
TEXTS += [
    "\u202eturned",
    "\u2069\u202eout",
    "\nfirst",
    "a\r\nb",
    "{{ 7*7 }}",
    "%(name)s %s",
    "x" * 3000,
    "yes",
]
NUMBERS = {"": None, " ": None, "7": 7, "-3": -3, "−4": -4, "٤٢": 42, "1.5": 1.5, "1,25": 1.25, "007": 7}
NO_NUMBERS = [
    "1e309",
    "100",
    "-6",
    "nan",
    "∞",
    "0x10",
    "9" * 400,
    "7\0",
    "1.234",
    "½",
    "seven",
    "--1",
    "²",
    ".",
]
DAYS = {
    ("", "", "", ""): None,
    ("2026-05-31", "", "", ""): "2026-05-31",
    ("", "31", "5", "2026"): "2026-05-31",
}
DAYS |= {("", "٣١", "٥", "٢٠٢٦"): "2026-05-31", ("", "29", "2", "2024"): "2024-02-29"}
NO_DAYS = [("", "30", "2", "2026"), ("", "29", "2", "2023"), ("2026-13-40", "", "", ""), ("", "1", "1", "")]
NO_DAYS += [
    ("", "0", "0", "0000"),
    ("", "1e309", "1", "2026"),
    ("", "1", "<b>", "2026"),
    ("", "1\0", "1", "2026"),
]
TIMES = {"": None, "14:05": "14:05", "2:30 pm": "14:30", "٢٢:٠٠": "22:00", "00:00": "00:00"}
NO_TIMES = ["25:00", "14:60", "1e309", "soon", "14:05\0", "12:00 pm pm", "<b>14:05</b>", "9" * 500]
EMAILS = {"": None, "a@b.example": "a@b.example", " mailto:a@b.example, ": "a@b.example"}
NO_EMAILS = ["a@b", "no", "a b@c.example", "a@b.example\0", "x" * 300 + "@b.example", "@", "<script>"]
CHOICES = ("x", "y", "z")
# A place is found by its name, too.
PLACES = {"": None} | {id: id for id in CHOICES} | {f" name {id.upper()} ": id for id in CHOICES}
TABLES: dict[str, dict[Any, Any]] = {"number": NUMBERS, "date": DAYS, "time": TIMES, "email": EMAILS}
NO: dict[str, list[Any]] = {"number": NO_NUMBERS, "date": NO_DAYS, "time": NO_TIMES, "email": NO_EMAILS}
SAID = {"yes_no": ["yes", "no"], "consent": ["yes"], "scale": ["1", "2", "3", "4", "5"]}
MORE = {"yes_no": "pns", "scale": "dk"}
LISTED = frozenset({"one_choice", "several_choices", "matrix", "ranking", "allocation", "place"})
TOTAL = 10


class Wrong(Exception):
    """What was sent is no answer."""


def fields_of(raw: Raw, offered: list[str] | None = None) -> list[str]:
    """The names of the form fields of a question, as the design says."""
    name, kind = f"q-{raw['id']}", raw["type"]
    parts = {
        "statement": [],
        "date": [name, f"{name}.day", f"{name}.month", f"{name}.year"],
        "matrix": [f"{name}.{row['id']}" for row in raw.get("rows", ())],
    }
    if kind in ("ranking", "allocation"):
        return [f"{name}.{c['id']}" for c in raw["choices"] if offered is None or c["id"] in offered]
    return parts.get(kind, [name, f"{name}.other"] if raw.get("other") else [name])


def arrives(text: str) -> str:
    """A text as it gets through a request: half of a pair of surrogates stays as it was written there."""
    return text.replace("\ud800", "%ED%A0%80")


def _one(values: list[str]) -> str:
    if len(values) > 1 or "\0" in "".join(values):
        raise Wrong
    return values[0] if values else ""


def _looked_up(table: Mapping[Any, Any], key: Any) -> Any:
    if key not in table:
        raise Wrong
    return table[key]


def read(raw: Raw, typed: Fields, offered: list[str]) -> Any:
    """What was typed, as an answer; None for none. Raises `Wrong`."""
    kind = raw["type"]
    value = None if kind == "statement" else _read(raw, typed, offered)
    if value is None and kind != "statement" and not raw["optional"]:
        raise Wrong
    return value


def _read(raw: Raw, typed: Fields, offered: list[str]) -> Any:
    kind, name = raw["type"], f"q-{raw['id']}"
    if kind in ("one_choice", "several_choices"):
        own = _one(typed.get(f"{name}.other", [])).strip() if raw["other"] else ""
        if len(own) > 200:
            raise Wrong
        return (_read_one if kind == "one_choice" else _read_several)(raw, typed.get(name, []), own, offered)
    if kind in ("matrix", "ranking", "allocation"):
        return _read_parts(raw, typed, offered)
    if kind == "date":
        return _looked_up(DAYS, tuple(_one(typed.get(field, [])) for field in fields_of(raw)))
    text = _one(typed.get(name, []))
    if kind in ("short_text", "long_text"):
        return _read_text(text)
    if kind == "place":
        return _looked_up({key: id for key, id in PLACES.items() if id is None or id in offered}, text)
    if kind in TABLES:
        return _looked_up(TABLES[kind], text)
    said = (
        {"": None}
        | {word: word for word in SAID[kind]}
        | ({MORE[kind]: MORE[kind]} if raw.get("no_answer") else {})
    )
    value = _looked_up(said, text)
    return int(value) if kind == "scale" and value not in (None, "dk") else value


def _read_text(text: str) -> str | None:
    text = text.replace("\r\n", "\n")
    if len(text) > MOST:
        raise Wrong
    return text if text.strip() else None


def _read_one(raw: Raw, values: list[str], own: str, offered: list[str]) -> Any:
    value = _one(values)
    if raw["other"] and (value == "other" or (own and not value)):
        if not own:
            raise Wrong
        return {"choice": "other", "text": own}
    if value and (value not in offered or own):
        raise Wrong
    return value or None


def _read_several(raw: Raw, values: list[str], own: str, offered: list[str]) -> Any:
    known = [*offered, "other"] if raw["other"] else offered
    chosen = {value for value in values if value} | ({"other"} if own else set())
    if chosen - set(known) or ("none" in chosen and len(chosen) > 1):
        raise Wrong
    listed = [id for id in known if id in chosen]
    if listed and "none" not in listed and len(listed) > raw["max"]:
        raise Wrong
    if "other" in listed and not own:
        raise Wrong
    return {"choices": listed, "text": own} if "other" in listed else listed or None


def _read_parts(raw: Raw, typed: Fields, offered: list[str]) -> Any:
    kind, name = raw["type"], f"q-{raw['id']}"
    parts = ["r", "s"] if kind == "matrix" else offered
    given = {part: _one(typed.get(f"{name}.{part}", [])).strip() for part in parts}
    filled = {part: text for part, text in given.items() if text}
    if not filled:
        return None
    if kind == "matrix":
        if any(text not in offered for text in filled.values()) or (not raw["optional"] and len(filled) < 2):
            raise Wrong
        return filled
    if not all(text in ("0", "1", "2", "3", "4", "6", "10") for text in filled.values()):
        raise Wrong
    numbers = {part: int(text) for part, text in filled.items()}
    if kind == "allocation":
        if sum(numbers.values()) != TOTAL:
            raise Wrong
        return {part: numbers.get(part, 0) for part in parts}
    last = min(raw["most"] or len(offered), len(offered))
    if sorted(numbers.values()) != list(range(1, len(numbers) + 1)) or len(numbers) > last:
        raise Wrong
    if raw["most"] is None and len(numbers) < len(offered):
        raise Wrong
    return sorted(numbers, key=lambda part: numbers[part])


def seen_as(raw: Raw, value: Any) -> dict[str, Any]:
    """An answer as rules see it: the whole under the id, parts under "id.part"."""
    kind, id = raw["type"], raw["id"]
    if kind == "ranking":
        return {id: value} | {f"{id}.{part}": rank for rank, part in enumerate(value, 1)}
    if kind in ("matrix", "allocation"):
        return {id: [part for part, one in value.items() if one]} | {f"{id}.{p}": v for p, v in value.items()}
    if isinstance(value, dict):
        return {id: value.get("choice", value.get("choices")), f"{id}.other": value["text"]}
    return {id: value}


def flat(rule: Any) -> Any:
    """A rule with parts as names of their own, which the reference of rules knows nothing of."""
    if isinstance(rule, list):
        return [flat(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    plain = {key: flat(value) for key, value in rule.items() if key != "part"}
    return plain | {"question": f"{rule['question']}.{rule['part']}"} if rule.get("part") else plain


@dataclass
class Walk:
    """Which questions are asked, with which choices, given what was typed; answers; what is wrong."""

    document: Raw
    typed: Fields

    def __post_init__(self) -> None:
        self.asked: dict[str, list[str]] = {}
        self.answers: dict[str, Any] = {}
        self.wrong: set[str] = set()
        self.seen: dict[str, Any] = {}
        for page in self.document["pages"]:
            is_on = self._holds(page.get("show_if"))
            for raw in page["questions"]:
                if is_on and self._holds(raw.get("show_if")):
                    self._ask(raw)

    def _holds(self, rule: Any) -> bool:
        return rule is None or expected(flat(rule), self.seen)

    def _ask(self, raw: Raw) -> None:
        offered = [c["id"] for c in raw.get("choices", ()) if self._holds(c.get("show_if"))]
        if raw["type"] in LISTED and not offered:
            return
        self.asked[raw["id"]] = offered
        try:
            value = read(raw, self.typed, offered)
        except Wrong:
            self.wrong.add(raw["id"])
            return
        if value is not None:
            self.answers[raw["id"]] = value
            self.seen |= seen_as(raw, value)
