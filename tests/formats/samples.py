"""A summary for tests, and readers that take the exports back."""

import csv
import io
import re
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import openpyxl

from survey.formats.summary import (
    Summary,
    SummaryComment,
    SummaryFacts,
    SummaryQuote,
    SummaryTheme,
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
