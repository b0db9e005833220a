"""The summary as slides: the study, who was heard, a theme a slide, the closed questions, the method.

Nothing of a comment that nobody cleared is in them. The notes of each slide hold its numbers as a table in
words, and whatever was too long for the slide.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import BinaryIO, TypeVar

from flask_babel import gettext as _

from survey.charts import full_share
from survey.formats import summary_words as words
from survey.formats.docx_out import columns_of
from survey.formats.pptx_charts import Bar
from survey.formats.pptx_parts import Deck, Page
from survey.formats.pptx_text import MORE, SOFT, Box, Look, one_line, unbroken
from survey.formats.summary import Summary, SummaryHeard, SummaryQuestion, SummaryTheme

Row = TypeVar("Row")
ROWS, BARS, QUOTES = 11, 12, 2
LABEL = 40
"""How many letters of a choice stand beside its bar; the notes have them all."""
BODY = Box(0.65, 2.05, 12.0, 4.6)
FOOT = Box(0.65, 6.75, 12.0, 0.5)
SMALL, QUOTE = Look((16, 14, 12), SOFT), Look((24, 22, 20, 18, 16, 14), italic=True)


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the presentation."""
    deck = Deck(words.language())
    _set_properties(deck, summary)
    _front(deck, summary)
    for heard in summary.heard:
        _heard(deck, heard)
    full = full_share([column for theme in summary.themes for column in columns_of(theme, summary)])
    for theme in summary.themes:
        _theme(deck, theme, summary, full)
    for question in summary.questions:
        _question(deck, question)
    _waves(deck, summary)
    _method(deck, summary)
    deck.finish(stream)


def _set_properties(deck: Deck, summary: Summary) -> None:
    properties = deck.presentation.core_properties
    properties.author = properties.last_modified_by = "Throughline"
    properties.title = one_line(summary.study_title)[:255]
    properties.language = words.language()
    properties.created = properties.modified = summary.made_at_utc()


def _front(deck: Deck, summary: Summary) -> None:
    page = deck.slide(summary.study_title)
    if summary.demo:
        page.text(words.demo_notice(), Box(0.65, 1.75, 12.0, 0.5), Look((18, 16), bold=True))
    page.text(summary.description, Box(0.65, 2.3, 12.0, 1.5), Look((20, 18, 16, 14), SOFT))
    facts = words.facts(summary.facts)
    each = 12.0 / len(facts)
    for place, (name, value) in enumerate(facts):
        left = 0.65 + place * each
        page.text(value, Box(left, 4.0, each - 0.1, 0.9), Look((36, 30, 24), bold=True))
        page.text(name, Box(left, 4.9, each - 0.1, 0.9), SMALL)
        page.note(f"{name}: {value}")
    page.text(_made(summary), FOOT, SMALL)


def _made(summary: Summary) -> str:
    return str(_("Made on %(day)s.", day=summary.made_at[:10]))


def _parts(rows: Sequence[Row], length: int) -> Iterator[Sequence[Row]]:
    """The rows in parts that each fit a slide."""
    for start in range(0, max(1, len(rows)), length):
        yield rows[start : start + length]


def _heard(deck: Deck, heard: SummaryHeard) -> None:
    title = words.heard_by(heard)
    for rows in _parts(heard.rows, ROWS):
        page = deck.slide(title)
        cells = [words.heard_row(row, heard) for row in rows]
        page.table(words.heard_header(heard), cells, _table_box(cells), title)
        page.text(" ".join(filter(None, (words.under_heard(heard), heard.note))), FOOT, SMALL)


def _table_box(rows: Sequence[Sequence[str]]) -> Box:
    return Box(BODY.left, BODY.top, BODY.width, min(BODY.height, 0.5 * (len(rows) + 1)))


def _theme(deck: Deck, theme: SummaryTheme, summary: Summary, full: float) -> None:
    page = deck.slide(theme.name)
    _numbers(page, theme)
    columns = columns_of(theme, summary)
    groups = words.groups(theme, summary.audiences)
    page.strip(columns, full, Box(8.9, 3.0, 3.8, 1.0), f"{words.breadth_sentence(theme)} {groups}.")
    page.text(words.breadth_sentence(theme), Box(8.9, 4.15, 3.8, 0.75), Look((16, 14)))
    sure = [
        words.stability(theme),
        _("only one group") if theme.only_one_audience else "",
        words.state(theme),
    ]
    page.text(" · ".join(filter(None, sure)), Box(8.9, 4.95, 3.8, 0.5), Look((16, 14, 12), bold=True))
    if theme.check:
        page.text(words.check(theme.check), Box(8.9, 5.5, 3.8, 1.1), Look((14, 12), SOFT))
    _said(page, theme)
    for name, total in summary.audiences:
        count = words.number(dict(theme.by_audience).get(name, 0))
        page.note(
            _(
                "%(group)s: %(count)s of %(total)s comments",
                group=name,
                count=count,
                total=words.number(total),
            )
        )


def _numbers(page: Page, theme: SummaryTheme) -> None:
    page.text(words.number(theme.size), Box(8.9, 1.7, 3.8, 0.75), Look((40, 32), bold=True))
    page.text(words.size(theme), Box(8.9, 2.45, 3.8, 0.5), Look((16, 14, 12), SOFT))
    for line in (words.size(theme), words.breadth_sentence(theme), words.stability_sentence(theme)):
        page.note(line)


def _said(page: Page, theme: SummaryTheme) -> None:
    """Two quotes, and below them what is planned."""
    planned = theme.planned.strip()
    quotes = theme.quotes[:QUOTES]
    top, bottom = 1.75, 5.0 if planned else 6.7
    for left, quote in enumerate(quotes):
        room = (bottom - top) / (len(quotes) - left)
        end = page.text(f"“{quote.text}”", Box(0.65, top, 7.7, room - 0.6), QUOTE)
        source = ", ".join(filter(None, (quote.audience, quote.prompt)))
        top = page.text(source, Box(0.65, end + 0.08, 7.7, 0.3), SMALL) + 0.3
    if not quotes:
        page.text(words.no_quote(), Box(0.65, top, 7.7, 0.6), SMALL)
    if planned:
        page.text(_("What is planned"), Box(0.65, 5.15, 7.7, 0.35), Look((16,), SOFT, bold=True))
        page.text(planned, Box(0.65, 5.5, 7.7, 1.4), Look((18, 16, 14)))


def _question(deck: Deck, question: SummaryQuestion) -> None:
    for choices in _parts(question.choices, BARS):
        page = deck.slide(question.label)
        page.text(words.answered(question), Box(0.65, 1.65, 12.0, 0.35), SMALL)
        if any(choice.share is not None for choice in choices):
            bars = [
                Bar(_label(words.choice_row(choice, question)), choice.share, choice.low, choice.high)
                for choice in choices
            ]
            page.chart(bars, words.choice_header(question)[2], Box(0.65, 2.05, 12.0, 4.6), _spoken(bars))
            for line in (
                words.choice_header(question),
                *(words.choice_row(one, question) for one in choices),
            ):
                page.note(" | ".join(map(unbroken, line)))
        elif choices:
            rows = [words.choice_row(choice, question) for choice in choices]
            page.table(words.choice_header(question), rows, _table_box(rows), question.label)
        if question.numbers:
            figures = [(words.figure_name(name), words.figure(value)) for name, value in question.numbers]
            page.table((_("Figure"), _("Value")), figures, _table_box(figures), question.label)
        page.text(question.note, FOOT, SMALL)


def _label(row: Sequence[str]) -> str:
    """A choice with its share and interval: "Yes: 66.2% (59.3% to 72.4%)"."""
    whole, _count, share, interval, *_others = row
    name = textwrap.shorten(whole, LABEL, placeholder=MORE) if " " in whole else whole[:LABEL]
    return f"{name}: {share} ({interval})" if interval and interval != share else f"{name}: {share}"


def _spoken(bars: Sequence[Bar]) -> str:
    return "; ".join(bar.label for bar in bars)


def _waves(deck: Deck, summary: Summary) -> None:
    if not summary.waves:
        return
    title = _("Compared with an earlier study")
    for waves in _parts(summary.waves, ROWS):
        page = deck.slide(title)
        rows = [(wave.figure, wave.after_title, wave.before_title, words.wave(wave)) for wave in waves]
        page.table((_("Figure"), _("Now"), _("Before"), _("Value")), rows, _table_box(rows), title)


def _method(deck: Deck, summary: Summary) -> None:
    page = deck.slide(_("How this was made, and its limits"))
    limits = [
        _("Those who took part chose to: they do not stand for everybody."),
        _("Breadth and shares have likely ranges, which are wide where few people were heard."),
        _("A program suggested themes, people decided; what is marked as suggested is undecided."),
        _("%(share)s of the comments are in no theme.", share=words.percent(summary.facts.share_in_no_theme)),
        words.hidden_sentence(summary) if summary.hidden else "",
        _("No text left the machine on which this was computed."),
    ]
    page.text("\n".join(filter(None, limits)), BODY, Look((20, 18, 16, 14), gap=8))
    page.text(_made(summary), FOOT, SMALL)
    for name, value in (*words.made(summary), *summary.method):
        page.note(f"{name}: {value}")
