"""The summary as a Word report: facts, who was heard, themes with quotes, closed questions, method.

Nothing of a comment that nobody cleared is in it. Every picture has its words, every table its caption and a
marked header, so that it can be read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from flask_babel import gettext as _

from survey.charts import Column, full_share
from survey.formats import report_pictures as pictures
from survey.formats import summary_words as words
from survey.formats.docx_parts import Report, Table, add_page_numbers, shown
from survey.formats.summary import Summary, SummaryQuestion, SummaryTheme


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the document."""
    report = Report(words.language())
    _set_properties(report, summary)
    _front(report, summary)
    _heard(report, summary)
    _themes(report, summary)
    _questions(report, summary)
    _crosses(report, summary)
    _waves(report, summary)
    _sessions(report, summary)
    _method(report, summary)
    report.document.save(stream)


def _set_properties(report: Report, summary: Summary) -> None:
    properties = report.document.core_properties
    properties.author = properties.last_modified_by = "Throughline"
    properties.comments = ""
    properties.title = shown(summary.study_title)[:255]
    properties.language = words.language()
    properties.created = properties.modified = summary.made_at_utc()
    add_page_numbers(report.document, summary.study_title)


def _front(report: Report, summary: Summary) -> None:
    report.heading(summary.study_title, 0)
    if summary.demo:
        report.paragraph(words.demo_notice(), "Intense Quote")
    for line in filter(None, map(str.strip, summary.description.split("\n"))):
        report.paragraph(line)
    report.heading(_("At a glance"), 1)
    report.facts(words.facts(summary.facts))
    if summary.themes:
        report.table(_overview(summary.themes))
    if summary.hidden:
        report.paragraph(words.hidden_sentence(summary))


def _overview(themes: Sequence[SummaryTheme]) -> Table:
    caption = _("Themes in the order of the board, with their size and breadth")
    header = (_("Theme"), _("Comments"), _("Share"), _("Breadth"), _("State"))
    return Table(caption, header, [_theme_row(theme) for theme in themes], right=(1, 2))


def _theme_row(theme: SummaryTheme) -> tuple[str, ...]:
    share = words.share_of(theme.share, theme.size)
    return (theme.name, words.number(theme.size), share, words.breadth(theme), words.state(theme))


def _heard(report: Report, summary: Summary) -> None:
    if not summary.heard:
        return
    report.heading(_("Who was heard"), 1)
    for heard in summary.heard:
        report.paragraph(words.under_heard(heard))
        rows = [words.heard_row(row, heard) for row in heard.rows]
        report.table(Table(words.heard_by(heard), words.heard_header(heard), rows))
        report.paragraph(heard.note)


def _themes(report: Report, summary: Summary) -> None:
    common = [theme for theme in summary.themes if not theme.only_one_audience]
    single = [theme for theme in summary.themes if theme.only_one_audience]
    columns = {theme.id: columns_of(theme, summary) for theme in summary.themes}
    full = full_share([column for found in columns.values() for column in found])
    report.heading(_("Themes"), 1)
    if common:
        report.paragraph(_how_to_read(full))
    else:
        report.paragraph(_("There are no themes of more than one group."))
    for theme in common:
        _theme(report, theme, columns[theme.id], full)
    if single:
        report.heading(_("Themes of one group only"), 1)
        report.paragraph(_("A single group raised these."))
    for theme in single:
        _theme(report, theme, columns[theme.id], full)


def columns_of(theme: SummaryTheme, summary: Summary) -> list[Column]:
    """The columns of the breadth strip of a theme; a group without a number was silent."""
    counts = dict(theme.by_audience)
    return [Column(name, counts.get(name, 0), total) for name, total in summary.audiences]


def _how_to_read(full: float) -> str:
    breadth = _("Breadth is in how many of the groups a theme came up, and how many are likely.")
    columns = _(
        "One column a group. A full column is %(share)s of what the group said; an empty one means that it "
        "said nothing about this.",
        share=words.percent(full),
    )
    return f"{breadth} {columns}"


def _theme(report: Report, theme: SummaryTheme, columns: list[Column], full: float) -> None:
    report.heading(theme.name, 2)
    facts = [words.size(theme), words.breadth_sentence(theme), words.stability_sentence(theme)]
    if theme.state != "accepted":
        facts.append(_("The program suggested this theme; nobody has decided about it yet."))
    if columns:
        image, width = pictures.breadth_strip([column.share for column in columns], full)
        groups = words.groups(theme, [(column.name, column.total) for column in columns])
        report.picture(image, width, f"{words.breadth_sentence(theme)} {groups}.")
    report.paragraph(" ".join(filter(None, facts)))
    if theme.check:
        report.paragraph(words.check(theme.check))
    for quote in theme.quotes:
        report.quote(quote.text, ", ".join(filter(None, (quote.audience, quote.prompt))))
    if not theme.quotes:
        report.paragraph(words.no_quote())
    if theme.keywords:
        report.lead(_("Words that mark it:"), ", ".join(theme.keywords) + ".")
    for title, text in _written(theme):
        report.lead(title, text)


def _written(theme: SummaryTheme) -> list[tuple[str, str]]:
    """What a planner wrote about a theme."""
    parts = (
        (_("What it is about:"), theme.about),
        (_("What is under way:"), theme.underway),
        (_("What is planned:"), theme.planned),
    )
    return [(title, text.strip()) for title, text in parts if text.strip()]


def _questions(report: Report, summary: Summary) -> None:
    if not summary.questions:
        return
    report.heading(_("Closed questions"), 1)
    for question in summary.questions:
        report.heading(question.label, 2)
        report.paragraph(words.answered(question))
        if question.choices:
            report.table(_choices(question))
        if question.numbers:
            rows = [(words.figure_name(name), words.figure(value)) for name, value in question.numbers]
            report.table(Table(question.label, (_("Figure"), _("Value")), rows))
        report.paragraph(question.note)


def _choices(question: SummaryQuestion) -> Table:
    rows = [words.choice_row(choice, question) for choice in question.choices]
    bars = [
        None if choice.share is None else pictures.bar(choice.share, choice.low, choice.high)
        for choice in question.choices
    ]
    return Table(question.label, words.choice_header(question), rows, pictures=bars if any(bars) else ())


def _crosses(report: Report, summary: Summary) -> None:
    if not summary.crosses:
        return
    report.heading(_("Cross tables"), 1)
    for cross in summary.crosses:
        caption = _("%(down)s by %(across)s", down=cross.down, across=cross.across)
        rows = [(name, *map(words.number, counts)) for name, counts in cross.rows]
        if cross.totals:
            rows.append((_("All"), *map(words.number, cross.totals)))
        report.table(Table(caption, (cross.down, *cross.columns), rows))
        report.paragraph(cross.note)


def _waves(report: Report, summary: Summary) -> None:
    if not summary.waves:
        return
    report.heading(_("Compared with an earlier study"), 1)
    rows = [(wave.figure, wave.after_title, wave.before_title, words.wave(wave)) for wave in summary.waves]
    header = (_("Figure"), _("Now"), _("Before"), _("Value"))
    report.table(Table(_("Figures now against earlier ones"), header, rows, right=(3,)))


def _sessions(report: Report, summary: Summary) -> None:
    if not summary.sessions:
        return
    report.heading(_("Sessions"), 1)
    rows = [
        (one.audience, one.title, one.day or "", str(one.tables), words.number(one.notes))
        for one in summary.sessions
    ]
    header = (_("Group"), _("Session"), _("Day"), _("Tables"), _("Notes"))
    report.table(Table(_("Meetings that were held"), header, rows, right=(3, 4)))


def _method(report: Report, summary: Summary) -> None:
    report.heading(_("How this was made"), 1)
    lines = [*words.made(summary), *summary.method]
    header = (_("Item"), _("Value"))
    report.table(Table(_("How this summary was made"), header, lines, right=()))
    if summary.appendix:
        report.heading(_("Method appendix"), 1)
    for section in summary.appendix:
        report.heading(section.title, 2)
        report.table(Table(section.title, header, section.lines, right=()))
