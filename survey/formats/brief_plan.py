"""What goes on the two pages of the brief: as much as fits, and in words what had to be left out.

Nobody wants to read a third page, so heights are estimated before anything is drawn: how many lines each text
takes in its column, at a width of letters that is rather too large. Of several ways to be brief, each shorter
than the one before it, the first that fits is taken.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from survey.formats.summary import Summary, SummaryHeard, SummaryHeardRow, SummaryQuote, SummaryTheme

PAGE = 248.0  # what is left of Letter paper, the lower of the two, between the margins, in millimetres
HEADER, DEMO, TITLE_LINE, LEAD_LINE = 43.0, 11.0, 8.5, 6.0
HEADING, LINE, ROW, THEME_GAP, LEAST_THEME = 11.5, 4.75, 6.3, 4.6, 9.5
NAME_LINE, SIZE_LINE, SURE, LEFT_OUT = 5.1, 4.4, 50.0, 20.0
# How many letters of usual width a line takes.
NARROW, NAME, WIDE, TITLE, LEAD = 52, 45, 84, 42, 70
MOST_TITLE, MOST_SAID_BY = 120, 40
WIDEST = "WM@%mwQ&"

Kind = Literal["theme", "heard", "planned", "sure"]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to be brief: at most so many characters of each text, and so many of each thing."""

    name: int
    quote: int
    planned: int
    quotes: int = 99
    themes: int = 99
    plans: int = 99
    groups: int = 12
    lead: int = 200


WAYS = (
    Way(name=200, quote=300, planned=260),
    Way(name=160, quote=200, planned=160),
    Way(name=120, quote=145, planned=130, groups=8),
    Way(name=100, quote=95, planned=110, groups=8, plans=8),
    *(Way(name=85, quote=95, planned=90, groups=6, plans=6, quotes=most) for most in (12, 10, 8, 6, 4, 2)),
    *(Way(name=60, quote=95, planned=60, groups=5, plans=4, quotes=most, lead=0) for most in (12, 9, 6, 3)),
    Way(name=80, quote=0, planned=90, groups=6, quotes=0, plans=6),
    Way(name=44, quote=0, planned=80, groups=5, quotes=0, plans=4, lead=0),
    Way(name=44, quote=0, planned=80, groups=4, quotes=0, plans=3, themes=15, lead=0),
    Way(name=44, quote=0, planned=80, groups=4, quotes=0, plans=3, themes=12, lead=0),
)


@dataclass(frozen=True, slots=True)
class BriefTheme:
    """A theme with the one quote that is shown of it."""

    theme: SummaryTheme
    name: str
    quote: str = ""
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned, or else under way, for a theme."""

    name: str
    text: str
    underway: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page with the height it may take."""

    kind: Kind
    height: float
    theme: BriefTheme | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """Both pages: their blocks, what the blocks show, and what is not shown."""

    title: str
    lead: str
    pages: tuple[tuple[Block, ...], tuple[Block, ...]]
    heard: SummaryHeard | None
    plans: tuple[Plan, ...]
    left_out: tuple[str, ...] = field(default=())


def plan(summary: Summary) -> Brief:
    """Choose what is shown of a summary."""
    for way in WAYS:
        draft = _Draft(summary, way)
        pages = draft.pages(("theme",)) or draft.pages(("theme", "heard", "planned"))
        if pages is not None:
            break
    else:
        # Never reached by the heights above; pages are then as full as they can be.
        pages = draft.cut()
    return Brief(draft.title, draft.lead, pages, draft.heard, draft.plans, tuple(draft.left_out(pages)))


class _Draft:
    """A summary told in one of the ways."""

    def __init__(self, summary: Summary, way: Way) -> None:
        self.summary, self.way = summary, way
        self.title = shorten(summary.study_title, MOST_TITLE)
        self.lead = shorten(summary.description, way.lead)
        self.themes = [
            _theme(theme, way, number) for number, theme in enumerate(summary.themes[: way.themes])
        ]
        self.heard = _heard(summary, way.groups)
        planned = [theme for theme in summary.themes if theme.planned or theme.underway]
        self.plans = tuple(_plan(theme, way) for theme in planned[: way.plans])
        self.more_plans = max(0, len(planned) - way.plans)

    def pages(self, first: Sequence[Kind]) -> tuple[tuple[Block, ...], tuple[Block, ...]] | None:
        """The blocks of both pages, the first with these kinds only; None where they do not fit."""
        room = [PAGE - self._top(), PAGE - LEFT_OUT]
        pages: list[list[Block]] = [[], []]
        at = 0
        for block in self._blocks():
            if at == 0 and (block.height > room[0] or block.kind not in first):
                at = 1
                room[1] -= HEADING if block.kind == "theme" else 0.0
            room[at] -= block.height
            pages[at].append(block)
        return (tuple(pages[0]), tuple(pages[1])) if min(room) >= 0 else None

    def cut(self) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
        """What fits of the themes on the first page, and how sure we are on the second."""
        room, first = PAGE - self._top(), []
        for block in self._blocks():
            room -= block.height
            if block.kind == "theme" and room >= 0:
                first.append(block)
        return tuple(first), (Block("sure", SURE),)

    def _top(self) -> float:
        demo = DEMO if self.summary.demo else 0.0
        title, lead = lines(self.title, TITLE) * TITLE_LINE, lines(self.lead, LEAD) * LEAD_LINE
        return HEADER + demo + title + lead

    def _blocks(self) -> Iterator[Block]:
        yield from (Block("theme", _theme_height(theme), theme) for theme in self.themes)
        if self.heard:
            yield Block("heard", HEADING + ROW * (len(self.heard.rows) + 1) + LINE * 2)
        if self.plans:
            texts = sum(
                lines(f"{plan.name}: {plan.text} (under way)", WIDE) * LINE + 1.2 for plan in self.plans
            )
            yield Block("planned", HEADING + texts)
        yield Block("sure", SURE)

    def left_out(self, pages: tuple[tuple[Block, ...], ...]) -> Iterator[str]:
        """What is not shown, in sentences."""
        shown = [block for page in pages for block in page if block.theme]
        quoted = sum(bool(theme.quotes) for theme in self.summary.themes)
        more = (
            (len(self.summary.themes) - len(shown), "theme", "themes"),
            (quoted - sum(bool(b.theme and b.theme.quote) for b in shown), "quote", "quotes"),
            (len(_rows(self.summary)) - len(self.heard.rows if self.heard else ()), "group", "groups"),
            (self.more_plans, "plan", "plans"),
        )
        found = [f"{number} {one if number == 1 else several}" for number, one, several in more if number > 0]
        if found:
            yield f"Left out here: {', '.join(found)}."
        if any(text.endswith("…") for text in self._texts()):
            yield "A text that ends in “…” goes on in the report."

    def _texts(self) -> Iterator[str]:
        yield from (self.title, self.lead)
        for theme in self.themes:
            yield from (theme.name, theme.quote)
        yield from (plan.text for plan in self.plans)
        yield from (row.name for row in (self.heard.rows if self.heard else ()))


def _theme(theme: SummaryTheme, way: Way, number: int) -> BriefTheme:
    quote: SummaryQuote | None = next(iter(theme.quotes), None) if number < way.quotes else None
    text = shorten(quote.text, way.quote) if quote else ""
    said_by = shorten(quote.audience, MOST_SAID_BY) if quote and quote.audience and text else None
    return BriefTheme(theme, shorten(theme.name, way.name), text, said_by)


def _theme_height(theme: BriefTheme) -> float:
    text = lines(theme.name, NAME) * NAME_LINE + SIZE_LINE
    if theme.quote:
        text += lines(f"“{theme.quote}” {theme.said_by or ''}", NARROW) * LINE + 0.8
    return max(LEAST_THEME, text) + THEME_GAP


def _plan(theme: SummaryTheme, way: Way) -> Plan:
    text = theme.planned or theme.underway
    return Plan(shorten(theme.name, min(way.name, 100)), shorten(text, way.planned), not theme.planned)


def _rows(summary: Summary) -> tuple[SummaryHeardRow, ...]:
    return summary.heard[0].rows if summary.heard else ()


def _heard(summary: Summary, most: int) -> SummaryHeard | None:
    """The first way of telling who was heard, with the groups that fit."""
    rows = tuple(
        SummaryHeardRow(shorten(row.name, 34), row.people, row.share, row.target, None, row.under_heard)
        for row in _rows(summary)[:most]
    )
    return SummaryHeard(summary.heard[0].by, rows) if rows else None


def shorten(text: str, most: int) -> str:
    """A text on one line, with at most so many letters of usual width; “…” says that it goes on."""
    whole = " ".join(text.split())
    if width(whole) <= most:
        return whole
    kept, room = [], most - 1.0
    for letter in whole:
        room -= width(letter)
        if room < 0:
            break
        kept.append(letter)
    words = "".join(kept)
    # At a blank, where that does not cost much.
    at = words.rfind(" ")
    return f"{words[:at] if at > len(words) * 0.7 else words}…" if most > 1 else ""


def lines(text: str, letters: int) -> int:
    """How many lines of so many letters a text takes; a word that is longer than a line is broken."""
    count, room = (1 if text else 0), float(letters)
    for word in text.split():
        wide = width(word)
        if wide > room:
            count, room = count + 1, float(letters)
        if wide > letters:
            count, wide = count + int(wide // letters), wide % letters
        room -= wide + 1
    return count


def width(text: str) -> float:
    """How many letters of usual width a text is as wide as."""
    return sum(map(_width, text))


def _width(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return 2.0
    if letter in WIDEST or ord(letter) > 0x0900:
        return 1.7
    return 1.25 if letter.isupper() else 1.0
