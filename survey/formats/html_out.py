"""The summary as a report in one HTML file: it opens in any browser, prints well, and fetches nothing."""

from __future__ import annotations

from typing import BinaryIO

from survey import report_page
from survey.formats.summary import Summary

TEMPLATE = "publish/report.html"


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the report."""
    stream.write(page(summary).encode("utf-8"))


def page(summary: Summary, paper: str = "") -> str:
    """The report as HTML; `paper` is "letter" or "a4" where it will be printed, else the printer decides."""
    return report_page.render(TEMPLATE, summary, paper=paper, contents=_contents(summary))


def _contents(summary: Summary) -> list[tuple[str, str]]:
    """The sections that there are, each with the id of its heading."""
    sections = (
        ("themes", "What we heard", True),
        ("numbers", "The themes in numbers", summary.themes),
        ("heard", "Who was heard", summary.heard),
        ("sessions", "Meetings", summary.sessions),
        ("questions", "Answers to closed questions", summary.questions),
        ("crosses", "Answers by group", summary.crosses),
        ("waves", "Then and now", summary.waves),
        ("method", "How this was made", True),
    )
    return [(id, words) for id, words, is_there in sections if is_there]
