"""The brief: what matters of a summary on two pages, for people who have five minutes."""

from __future__ import annotations

from typing import BinaryIO

from survey import report_page
from survey.formats.brief_plan import plan
from survey.formats.summary import Summary
from survey.formats.summary_words import STABLE

TEMPLATE = "publish/brief.html"


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the brief as one HTML file that prints on two pages."""
    stream.write(page(summary).encode("utf-8"))


def page(summary: Summary, paper: str = "letter") -> str:
    """The brief as HTML; `paper` is "letter" or "a4"."""
    return report_page.render(TEMPLATE, summary, paper=paper, brief=plan(summary), sure=list(_sure(summary)))


def _sure(summary: Summary) -> list[tuple[str, str]]:
    """How sure we are: what is said of it, and the figure."""
    themes = summary.themes
    known = [theme.stability for theme in themes if theme.stability is not None]
    stable = sum(stability >= STABLE for stability in known)
    decided = sum(theme.state == "accepted" for theme in themes)
    found = [("Comments in no theme", report_page.tenths(summary.facts.share_in_no_theme))]
    if themes:
        found.append(("Themes that people accepted", f"{decided} of {len(themes)}"))
    if known:
        found.append(("Themes that come back when comments are drawn anew", f"{stable} of {len(known)}"))
    found.append(("Numbers hidden, because they stand for too few people", str(summary.hidden)))
    return found
