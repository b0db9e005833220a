"""Surveys of all kinds of questions with rules, and what may be sent for them: strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.rules import documents_of_rules
from tests.survey_reading import (
    CHOICES,
    DAYS,
    LISTED,
    MOST,
    NO,
    NO_DAYS,
    PLACES,
    SAID,
    SECRET,
    TABLES,
    TEXTS,
    TOTAL,
    Raw,
    fields_of,
)

LANGUAGES = ["es", "ar", "zh-Hans", "ht", "fa", "qq-Zzzz", "vi"]


def rules(ids: list[str]) -> st.SearchStrategy[Any]:
    """A rule about questions of these ids and their parts, or none."""
    whole = st.fixed_dictionaries({"question": st.sampled_from(ids)})
    part = st.sampled_from(["x", "y", "r", "other"])
    named = whole | whole | whole | st.builds(lambda name, part: name | {"part": part}, whole, part)
    # Few values, so that they often are what somebody answers.
    values = (
        st.sampled_from(["x", "x", "yes", 7, 2, 1.5, "7", SECRET, "14:05", "2026-05-31", "dk", ""]) | named
    )
    compared = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    plain = st.fixed_dictionaries(
        {"op": compared | st.sampled_from(["includes", "contains"]), "value": values}
    )
    measured = st.fixed_dictionaries(
        {"of": st.sampled_from(["count", "length"]), "op": compared, "value": st.integers(0, 3)}
    )
    told = st.just({"is": "answered"}) | plain | measured
    leaves = st.builds(lambda name, what: name | what, named, told)
    return leaves | documents_of_rules(ids, leaves)


@st.composite
def questions(draw: st.DrawFn, id: str, kind: str, ids: list[str], languages: list[str]) -> Raw:
    """A question of a type, with a rule perhaps."""
    words = draw(
        st.sampled_from(["Well?", "Well?", "So ${q0}?", "${q1} ${nobody} ${q2}", "${code}?", "<i>?</i>"])
    )
    tags = draw(st.sampled_from([languages, languages[:1]]))
    raw = {"id": id, "type": kind, "label": dict.fromkeys(tags, f"[{id}] {words}")}
    before = ids[: ids.index(id)]
    # Most rules ask about what comes before, as those of people do.
    asked = before if draw(st.integers(0, 4)) and before else ids
    maybe = {"show_if": draw(rules(asked))} if draw(st.booleans()) else {}
    return raw | {"optional": draw(st.booleans())} | draw(settings(kind, asked)) | maybe


@st.composite
def settings(draw: st.DrawFn, kind: str, ids: list[str]) -> Raw:
    """Settings of a type."""
    more: Raw = {}
    if kind in LISTED:
        more["choices"] = [{"id": id, "label": {"en": f"Name {id.upper()}"}} for id in CHOICES]
        for choice in more["choices"] if draw(st.integers(0, 3)) == 3 else ():
            choice |= {"show_if": draw(rules(ids))} if draw(st.booleans()) else {}
    if kind in ("yes_no", "scale"):
        more["no_answer"] = draw(st.booleans())
    if kind in ("one_choice", "several_choices"):
        more["other"] = draw(st.booleans())
    if kind == "several_choices":
        more["max"] = 2
        more["choices"].append({"id": "none", "label": {"en": "None"}, "exclusive": True})
    if kind == "ranking":
        more["most"] = draw(st.sampled_from([None, 2]))
    fixed: dict[str, Raw] = {
        "one_choice": {"look": draw(st.sampled_from(["auto", "select"]))},
        "short_text": {"max_length": MOST},
        "long_text": {"max_length": MOST},
        "number": {"min": -5, "max": 99, "decimals": 2, "unit": {"en": "miles"}},
        "scale": {"low": {"en": "Bad"}, "high": {"en": "Good ${q0}"}},
        "matrix": {"rows": [{"id": id, "label": {"en": f"Row {id}"}} for id in "rs"]},
        "allocation": {"total": TOTAL, "unit": {"en": "points"}},
        "consent": {"text": {"en": "We keep ${q0}."}},
    }
    return more | fixed.get(kind, {})


@st.composite
def surveys(draw: st.DrawFn) -> Raw:
    """A survey of some pages in some languages and one of the layouts."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=7))
    ids = [f"q{n}" for n in range(len(kinds))]
    languages = ["en", *draw(st.lists(st.sampled_from(LANGUAGES), unique=True, max_size=2))]
    asked = [draw(questions(id, kind, ids, languages)) for id, kind in zip(ids, kinds, strict=True)]
    asked[0]["code"] = "code"
    cut = draw(st.integers(0, len(asked)))
    pages: list[Raw] = [{"id": "p0", "title": None, "questions": asked[:cut]}]
    title = draw(st.sampled_from([None, "Part ${q0}", "Part two"]))
    pages.append({"id": "p1", "title": title and {"en": title}, "questions": asked[cut:]})
    if draw(st.integers(0, 3)) == 3:
        pages[1]["show_if"] = draw(rules(ids))
    words = {name: {"en": f"{name} ${{q0}}"} for name in ("title", "what", "thanks", "contact")}
    layout = draw(st.sampled_from(["question", "pages", "page"]))
    return {**words, "languages": languages, "layout": layout, "pages": pages}


KINDS = [
    "statement",
    "consent",
    "short_text",
    "long_text",
    "one_choice",
    "several_choices",
    "yes_no",
    "scale",
]
KINDS += ["matrix", "ranking", "allocation", "number", "date", "time", "place", "email"]


def _values(raw: Raw) -> st.SearchStrategy[list[str]]:
    """What may come in a field that takes one value: seldom twice, seldom nothing."""
    kind = raw["type"]
    known = [*SAID.get(kind, []), *TABLES.get(kind, {}), *NO.get(kind, [])]
    known += {"place": [*PLACES, "Nowhere", "x\0"], "short_text": TEXTS, "long_text": TEXTS}.get(kind, [])
    if kind in ("yes_no", "consent", "scale"):
        known += ["", "pns", "dk", "99", "٣", "1e309", "\0", "x" * 999]
    one = st.sampled_from(known)
    return st.lists(one, min_size=1, max_size=1) | st.lists(one, max_size=2)


def sendings(raw: Raw) -> st.SearchStrategy[dict[str, list[str]]]:
    """What may be sent for a question, right or wrong, by field."""
    kind, name = raw["type"], f"q-{raw['id']}"
    choices = st.sampled_from([*CHOICES, "", "none", "other", "nobody", "\0", "<b>"])
    own = st.sampled_from([[], [""], ["my own"], ["x" * 201], ["<b>own</b>"], ["a\0"], ["a", "b"]])
    if kind == "date":
        days = st.sampled_from([*DAYS, *NO_DAYS])
        return days.map(lambda day: {field: [text] for field, text in zip(fields_of(raw), day, strict=True)})
    if kind in ("one_choice", "several_choices"):
        most = 1 if kind == "one_choice" else 4
        chosen = st.lists(choices, max_size=most) | st.lists(choices, max_size=2)
        return st.fixed_dictionaries({name: chosen} | ({f"{name}.other": own} if raw["other"] else {}))
    if kind in ("matrix", "ranking", "allocation"):
        numbers = {"ranking": ["1", "2", "3"], "allocation": ["4", "6", "10"], "matrix": list(CHOICES)}[kind]
        part = st.sampled_from([[number] for number in numbers]) | st.sampled_from(
            [[], [""], ["0"], ["nobody"], ["1e309"], ["1", "1"], ["\0"], ["-1"], ["9" * 300]]
        )
        return st.fixed_dictionaries(dict.fromkeys(fields_of(raw), part))
    return st.fixed_dictionaries({field: _values(raw) for field in fields_of(raw)})


def right(raw: Raw, offered: list[str], n: int) -> dict[str, list[str]]:
    """An answer that will do, one of several by number."""
    kind, name = raw["type"], f"q-{raw['id']}"
    if kind == "date":
        day = [day for day, value in DAYS.items() if value][n % 4]
        return {field: [text] for field, text in zip(fields_of(raw), day, strict=True)}
    if kind in ("matrix", "ranking", "allocation"):
        fields = fields_of(raw, offered)
        last = raw.get("most") or len(fields)
        shares = [str(TOTAL), *["0"] * len(fields)]
        ranks = [str(rank) if rank <= last else "" for rank in range(1, len(fields) + 1)]
        texts = {"matrix": [offered[n % len(offered)]] * 2, "ranking": ranks, "allocation": shares}[kind]
        return {field: [text] for field, text in zip(fields, texts, strict=False)}
    if kind in LISTED:
        plain = {name: [offered[n % len(offered)]]}
        return plain | ({f"{name}.other": [""]} if raw.get("other") else {})
    good = [key for key, value in TABLES.get(kind, {}).items() if value is not None]
    good = good or SAID.get(kind) or [SECRET, "7", "${q0}"]
    return {field: [good[n % len(good)]] for field in fields_of(raw)}
