"""A summary with something of every part, some of it hidden, for tests of reports."""

from __future__ import annotations

from dataclasses import replace

from survey.formats.summary import (
    SMALL_GROUPS,
    SummaryCheck,
    SummaryChoice,
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
from tests.formats.samples import SUMMARY

HOSTILE = '"><svg onload=alert(1)>'
GROUPS = ("Academia", "Tech companies", "Nonprofits", "Civic tech", "City staff", SMALL_GROUPS)


def theme(number: int, name: str = "", **more: object) -> SummaryTheme:
    """One theme whose numbers follow from its number."""
    counts = tuple(
        (group, None if (at + number) % 5 == 4 else (at * number) % 7) for at, group in enumerate(GROUPS)
    )
    made = SummaryTheme(
        id=str(number),
        name=name or f"Theme {number} about the way the city works",
        state="accepted" if number % 2 else "suggested",
        size=10 * number + 1,
        share=(10 * number + 1) / 700,
        audiences_k=4,
        audiences_of=6,
        low=3,
        high=5,
        keywords=("internet", "devices"),
        quotes=tuple(
            SummaryQuote(f"Quote {number}.{n} of somebody.", "Academia", "What to improve?") for n in range(3)
        ),
        by_audience=counts,
        by_channel=(("survey", 7 * number), ("session", None)),
        by_prompt=(("What works?", 3 * number), ("What to improve?", 5)),
        stability=0.93 - number / 20,
        about=f"What theme {number} is about.",
        underway=f"Programme {number} is under way.",
        planned=f"Plan {number} comes next.",
        check=SummaryCheck(yes=12, no=None if number == 2 else 1, asked=13),
    )
    return replace(made, **more)  # type: ignore[arg-type]


CHOICES = (
    SummaryChoice("c1", "Very easy", 41, 0.41, 0.318, 0.508, weighted=0.384, names=(("es", "Muy fácil"),)),
    SummaryChoice("c2", "Hard", 59, 0.59, 0.492, 0.682, weighted=0.616),
    SummaryChoice("c3", "Another", None),
)
WHOLE = replace(
    SUMMARY,
    number=3,
    description="Six focus groups and a survey.\nHeard in spring.",
    demo=True,
    language="en",
    facts=SummaryFacts(
        comments=700, audiences=6, themes=4, share_in_no_theme=0.0914, people=1234, responses=1190
    ),
    themes=(theme(1), theme(2), theme(3, HOSTILE), theme(4, "Only academia", only_one_audience=True)),
    audiences=tuple((group, None if group == "Civic tech" else 120 + at) for at, group in enumerate(GROUPS)),
    heard=(
        SummaryHeard(
            "audience",
            (
                SummaryHeardRow("Academia", 700, 0.567, 0.5, 0.882),
                SummaryHeardRow("Nonprofits", 534, 0.433, 0.5, 1.155, under_heard=True),
                SummaryHeardRow(SMALL_GROUPS, None),
            ),
            "People of no known group are left out.",
        ),
        SummaryHeard("language", (SummaryHeardRow("es", 834, 0.676), SummaryHeardRow("en", 400, 0.324))),
    ),
    questions=(
        SummaryQuestion(
            "s/q1", "s", "How easy is it?", "one_choice", 100, choices=CHOICES, labels=(("es", "¿Es fácil?"),)
        ),
        SummaryQuestion(
            "s/q2",
            "s",
            "How many?",
            "number",
            88,
            numbers=(("mean", 3.25), ("median", None), ("low", 3.0), ("high", 3.5)),
        ),
        SummaryQuestion(
            "s/q3", "s", HOSTILE, "several_choices", None, several=True, note="Too few answered."
        ),
        SummaryQuestion(
            "s/q4", "s", "Order", "rank", 50, choices=(SummaryChoice("a", "Roads", 50, mean=1.25),)
        ),
    ),
    crosses=(
        SummaryCross(
            "x1",
            "s",
            "How easy is it?",
            "Unit",
            ("North", "South", HOSTILE),
            (("Very easy", (21, 20, None)), ("Hard", (29, 30, None))),
            (50, 50, None),
            "South is small.",
        ),
    ),
    waves=(
        SummaryWave(
            "w1", "Answered “Yes” to “Do you have internet?”", 88.2, 96.4, 0.093, "%", "2019", "2024"
        ),
        SummaryWave("w2", "Mean of “How many?”", 0.0, 3.25, None, "", "2019", "2024"),
    ),
    sessions=(SummarySession("Academia", "Tuesday evening", "2024-03-05", 2, 64),),
    appendix=(
        SummarySection("What was asked", (("Survey", "City services"), ("Questions", "4"))),
        SummarySection("What people decided", (("2024-03-05", f"merged {HOSTILE} into Theme 1"),)),
    ),
    hidden=17,
)
