"""The surveys that the benchmarks answer, as documents."""

from __future__ import annotations

from typing import Any

CITIES = ("Library", "Parks", "Streets", "Health", "Permits")
TEN_ANSWERS = [
    (
        "q-improve",
        "The permit portal asks for the same address on four pages. One would do.",
    ),
    (
        "q-keep",
        "The people at the counter are kind, quick and know the rules. Keep them.",
    ),
    ("q-name", "A neighbour of the library"),
    ("q-street", "Elm Street, between 4th and 5th"),
    ("q-service", "parks"),
    ("q-often", "streets"),
    ("q-channels", "library"),
    ("q-channels", "health"),
    ("q-easy", "4"),
    ("q-fair", "dk"),
    ("q-visits", "12"),
]


def words(text: str) -> dict[str, str]:
    """A text of a document, in English."""
    return {"en": text}


def question(kind: str, name: str, text: str, **settings: Any) -> dict[str, Any]:
    """A question of a document."""
    return {"id": name, "type": kind, "label": words(text), **settings}


def choices() -> list[dict[str, Any]]:
    """Five choices."""
    return [{"id": name.lower(), "label": words(name)} for name in CITIES]


def ten_questions() -> list[dict[str, Any]]:
    """Two long texts, two short ones, three lists, two scales and a number."""
    ends = {"low": words("Not at all"), "high": words("Very much")}
    return [
        question("long_text", "improve", "What should we improve?", prompt_kind="improvement"),
        question("long_text", "keep", "What works well?", prompt_kind="strength"),
        question("short_text", "name", "How would you describe yourself?"),
        question("short_text", "street", "Which street do you live on?"),
        question("one_choice", "service", "Which service matters most to you?", choices=choices()),
        question("one_choice", "often", "Which one do you use most often?", choices=choices()),
        question("several_choices", "channels", "Which have you used this year?", choices=choices()),
        question("scale", "easy", "How easy was it?", **ends),
        question("scale", "fair", "How fair was it?", **ends),
        question("number", "visits", "How many visits did it take?"),
    ]


def document(layout: str, *pages: list[dict[str, Any]]) -> dict[str, Any]:
    """A survey of these pages of questions."""
    return {
        "title": words("City services"),
        "languages": ["en"],
        "layout": layout,
        "pages": [{"id": f"p{n}", "questions": page} for n, page in enumerate(pages, start=1)],
    }


def two_pages() -> dict[str, Any]:
    """Two comments, a choice and a number, on two pages."""
    ten = {one["id"]: one for one in ten_questions()}
    return document("pages", [ten["improve"], ten["service"]], [ten["keep"], ten["visits"]])


def all_on_one_page() -> dict[str, Any]:
    """The ten questions on one page."""
    return document("page", ten_questions())


def one_a_page() -> dict[str, Any]:
    """The ten questions, each on a page of its own."""
    return document("question", ten_questions())


def ruled() -> dict[str, Any]:
    """The ten questions, each on a page of its own, four of them with rules and one with an earlier answer.

    All rules hold for `TEN_ANSWERS`, so that the road is as long as without them.
    """
    asked = ten_questions()
    rules = {
        "name": {"question": "keep", "is": "answered"},
        "often": {"question": "service", "op": "!=", "value": "none"},
        "easy": {"any": [{"question": "channels", "of": "count", "op": ">=", "value": 1}, {"not": is_odd()}]},
        "fair": {"all": [{"question": "easy", "op": ">=", "value": 2}, {"not": is_odd()}]},
    }
    for one in asked:
        one["show_if"] = rules.get(one["id"])
    asked[3]["label"] = words("You said “${name}”. Which street do you live on?")
    return document("question", *[[one] for one in asked])


def is_odd() -> dict[str, Any]:
    """A rule that does not hold."""
    return {"question": "improve", "op": "contains", "value": "nothing of the kind"}
