"""A summary for tests, and readers that take the exports back."""

import csv
import io
import re
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import openpyxl

from survey.formats.summary import (
    SMALL_GROUPS,
    Summary,
    SummaryCheck,
    SummaryChoice,
    SummaryComment,
    SummaryCross,
    SummaryFacts,
    SummaryHeard,
    SummaryHeardRow,
    SummaryQuestion,
    SummaryQuote,
    SummarySection,
    SummarySession,
    SummaryTheme,
    SummaryWave,
)
from survey.formats.summary_formats import SUMMARY_FORMATS

WIFI = SummaryTheme(
    id="t1",
    name="Wi-Fi in parks; libraries",
    state="accepted",
    size=2,
    share=0.5,
    audiences_k=2,
    audiences_of=3,
    low=1,
    high=3,
    keywords=("wifi", "parks"),
    quotes=(SummaryQuote("Wi-Fi in every park", "academia", "What to improve?"),),
    by_audience=(("academia", 1), ("nonprofits", 1)),
)
FORMS = replace(
    WIFI,
    id="t2",
    name="=Paper forms",
    size=1,
    share=0.25,
    audiences_k=1,
    low=1,
    high=2,
    only_one_audience=True,
    keywords=(),
    quotes=(SummaryQuote("Too many\nforms"),),
    by_audience=(("the public", 1),),
)
SUMMARY = Summary(
    study_title="IT Strategic Plan",
    study_slug="it-plan",
    demo=False,
    made_at="2024-05-06T07:08:09+02:00",
    made_by="planner@example.org",
    run=3,
    seed=0,
    board_revision=12,
    facts=SummaryFacts(comments=4, audiences=3, themes=2, share_in_no_theme=0.25),
    themes=(WIFI, FORMS),
    comments=(
        SummaryComment(
            "c1", "Wi-Fi in every park", "7", "academia", "session", "Improve?", "en", "2024-05-01",
            themes=("t1",), placed_by="machine",
        ),
        SummaryComment(
            "c2", "Wi-Fi and\nforms", audience="nonprofits", channel="survey", language="en",
            themes=("t1", "t2"), placed_by="person", reason="both",
        ),
        SummaryComment("c3", "=1+1", "8", "the public", "import"),
        SummaryComment("c4", "", audience="the public"),
    ),
    audiences=(("academia", 1), ("nonprofits", 1), ("the public", 2)),
    method=(("Weighting", "none"), ("=Limits", "-small")),
)  # fmt: skip

UNCLEARED = "Nobody cleared this sentence about the lady in room 12"
"""Words of a comment that must be in no report."""


def whole() -> Summary:
    """A summary with everything that one can hold, hidden numbers included."""
    groups = ("Academia", "Tech companies", "Nonprofits", "Civic tech", SMALL_GROUPS)
    totals = (41, 37, 29, 53, None)
    wifi = replace(
        WIFI,
        state="accepted",
        size=61,
        share=61 / 187,
        audiences_k=5,
        audiences_of=6,
        low=4,
        high=6,
        stability=0.914,
        by_audience=tuple(zip(groups, (11, 7, 3, 19, None), strict=True)),
        by_channel=(("session", 38), ("survey", 23)),
        by_prompt=(("What works well?", 17), ("What to improve?", 44)),
        about="People want to be online\nwherever they are.",
        underway="Twelve parks have it.",
        planned="Forty more parks by 2026.",
        check=SummaryCheck(13, 2, 16),
    )
    forms = replace(
        FORMS,
        state="suggested",
        size=23,
        share=23 / 187,
        audiences_of=6,
        stability=0.52,
        by_audience=(("Nonprofits", 23),),
        by_channel=(("session", 14), ("survey", 9)),
        by_prompt=(("What to improve?", 23),),
        check=SummaryCheck(None, None, None),
    )
    few = replace(
        FORMS, id="t3", name="Lifts", size=None, share=None, by_audience=(), quotes=(), stability=0.7
    )
    comments = (
        *SUMMARY.comments,
        SummaryComment(
            "c5", UNCLEARED, "9", "Civic tech", "session", speaker="Clerk",
            themes=("t1",), placed_by="person",
        ),
    )  # fmt: skip
    return replace(
        SUMMARY,
        facts=SummaryFacts(187, 6, 3, 0.127, people=231, responses=204),
        themes=(wifi, forms, few),
        comments=comments,
        audiences=tuple(zip(groups, totals, strict=True)),
        number=4,
        description="How the city should use technology.",
        languages=("en", "ar"),
        heard=_heard(),
        questions=_questions(),
        crosses=_crosses(),
        waves=_waves(),
        sessions=(
            SummarySession("Academia", "At the university", "2024-04-11", 2, 46),
            SummarySession(SMALL_GROUPS, "In the library", None, 1, 31),
        ),
        appendix=(
            SummarySection("Of whom", (("Invited", "612"), ("Answered", "33.3%"))),
            SummarySection("Parameters", (("themes", "automatic"), ("=seed", "-7"))),
        ),
        hidden=9,
    )


def _heard() -> tuple[SummaryHeard, ...]:
    people = (
        SummaryHeardRow("Academia", 97, 97 / 231, 0.3, 0.714),
        SummaryHeardRow("Nonprofits", 24, 24 / 231, 0.25, 2.406, under_heard=True),
        SummaryHeardRow(SMALL_GROUPS, None),
    )
    channels = (SummaryHeardRow("session", 88, 88 / 231), SummaryHeardRow("survey", 143, 143 / 231))
    return (
        SummaryHeard("audience", people, "People may have come to several meetings."),
        SummaryHeard("channel", channels),
    )


def _questions() -> tuple[SummaryQuestion, ...]:
    online = (
        SummaryChoice("yes", "Yes", 131, 131 / 198, 0.593, 0.724, weighted=0.641),
        SummaryChoice("no", "No, not at all", 67, 67 / 198, 0.276, 0.407, weighted=0.359),
        SummaryChoice("dk", "Don't know", None),
    )
    wishes = (
        SummaryChoice("parks", "Parks", 118, 118 / 176, 0.598, 0.735, mean=1.84),
        SummaryChoice("buses", "Buses", 93, 93 / 176, 0.455, 0.601, mean=2.47),
    )
    return (
        SummaryQuestion("city/online", "city", "Are you online at home?", "choice", 198, choices=online),
        SummaryQuestion(
            "city/wishes", "city", "What do you wish for?", "rank", 176, True, wishes, note="Ranks."
        ),
        SummaryQuestion(
            "city/age", "city", "How old are you?", "number", 163,
            numbers=(("mean", 43.27), ("median", 41.0), ("low", 40.81), ("high", None)),
        ),
        SummaryQuestion(
            "city/few", "city", "Do you fly?", "choice", None, choices=(SummaryChoice("y", "Yes", None),)
        ),
    )  # fmt: skip


def _crosses() -> tuple[SummaryCross, ...]:
    rows: tuple[tuple[str, tuple[int | None, ...]], ...] = (("Yes", (71, 60)), ("No, not at all", (34, None)))
    note = "A number is hidden because the group is too small."
    return (
        SummaryCross(
            "city/online by @unit",
            "city",
            "Are you online at home?",
            "Unit",
            ("North", "South"),
            rows,
            (105, None),
            note,
        ),
    )


def _waves() -> tuple[SummaryWave, ...]:
    return (
        SummaryWave(
            "city/online/yes",
            "Online at home",
            88.2,
            96.4,
            96.4 / 88.2 - 1,
            "%",
            "IT Plan 2019",
            "IT Plan 2024",
        ),
        SummaryWave("city/age/mean", "Mean age", 0.0, 43.27, None, "", "IT Plan 2019", "IT Plan 2024"),
    )


def with_texts(texts: list[str]) -> Summary:
    """Return a summary with a comment, a theme name, an audience and a prompt for each text."""
    comments = tuple(
        SummaryComment(str(n), text, text, text, prompt=text, reason=text, themes=("t1",))
        for n, text in enumerate(texts)
    )
    themes = tuple(replace(WIFI, id=f"t{n + 1}", name=text) for n, text in enumerate(texts))
    audiences = tuple((text, 1) for text in texts)
    return replace(SUMMARY, comments=comments, themes=themes or (WIFI,), audiences=audiences)


def exported(summary: Summary, name: str) -> bytes:
    return SUMMARY_FORMATS[name].to_bytes(summary)


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """Read as the documentation says: one leading apostrophe off each field."""
    rows = [
        [field.removeprefix("'") for field in row]
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def xlsx_rows(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """Read a sheet, with continued columns joined and what was shown as escapes put back."""
    rows = list(openpyxl.load_workbook(io.BytesIO(data), read_only=True)[sheet].iter_rows(values_only=True))
    found = []
    for row in rows[1:]:
        values: dict[str, Any] = {}
        for name, value in zip_longest(map(text_back, rows[0]), row):
            base = re.sub(r" \(continued( \d+)?\)$", "", name)
            value = text_back(value) if isinstance(value, str) else value
            values[base] = values[base] + (value or "") if base in values else value
        found.append(
            {name: escapes_back(value) if isinstance(value, str) else value for name, value in values.items()}
        )
    return found


def text_back(value: Any) -> str:
    """Undo the escapes that Excel itself reads in a cell."""
    return re.sub("_x005F_", "_", value or "")


def escapes_back(text: str) -> str:
    return re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))", lambda m: chr(int(m.group(1) or m.group(2), 16)), text
    )
