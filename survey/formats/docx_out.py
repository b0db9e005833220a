"""The summary as a Word document: facts, themes with their breadth and quotes, method."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from survey.formats.safe_text import for_xml
from survey.formats.summary import Summary, SummaryQuote, SummaryTheme, percent

LANGUAGE = "en-US"
DEMO_NOTICE = "Invented for a demonstration: nobody said any of this."
NO_QUOTE = "No quote was cleared for this theme."
BREADTH_EXPLAINED = "Breadth is in how many of the audiences a theme came up, and how many are likely."


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the document."""
    document = Document()
    _set_properties(document, summary)
    document.add_heading(_shown(summary.study_title), level=0)
    if summary.demo:
        document.add_paragraph(DEMO_NOTICE, style="Intense Quote")
    document.add_heading("At a glance", level=1)
    document.add_paragraph(_facts(summary))
    _add_themes(document, summary)
    document.add_heading("How this was made", level=1)
    _add_table(document, ("Item", "Value"), _method(summary))
    document.save(stream)


def breadth(theme: SummaryTheme) -> str:
    """Return the breadth of a theme in words: "5 of 6, likely 4 to 6"."""
    return f"{theme.audiences_k} of {theme.audiences_of}, likely {theme.low} to {theme.high}"


def _shown(text: str) -> str:
    return for_xml(text.replace("\r\n", "\n"))


def _set_properties(document: Any, summary: Summary) -> None:
    properties = document.core_properties
    properties.author = properties.last_modified_by = "Throughline"
    properties.comments = ""
    properties.title = _shown(summary.study_title)[:255]
    properties.language = LANGUAGE
    properties.created = properties.modified = summary.made_at_utc()
    language = document.styles.element.find(".//" + qn("w:rPrDefault")).find(".//" + qn("w:lang"))
    language.set(qn("w:val"), LANGUAGE)


def _facts(summary: Summary) -> str:
    facts = summary.facts
    return (
        f"Comments: {facts.comments}. Audiences: {facts.audiences}. Themes: {facts.themes}. "
        f"Comments in no theme: {percent(facts.share_in_no_theme)}."
    )


def _add_themes(document: Any, summary: Summary) -> None:
    common = [theme for theme in summary.themes if not theme.only_one_audience]
    single = [theme for theme in summary.themes if theme.only_one_audience]
    document.add_heading("Themes", level=1)
    if common:
        document.add_paragraph(BREADTH_EXPLAINED)
        _add_theme_table(document, common)
    else:
        document.add_paragraph("There are no themes of more than one audience.")
    if single:
        document.add_heading("Themes of one audience only", level=1)
        _add_theme_table(document, single)


def _add_theme_table(document: Any, themes: list[SummaryTheme]) -> None:
    rows = [_theme_row(theme) for theme in themes]
    _add_table(document, ("Theme", "Comments", "Share", "Breadth", "State"), rows)
    for theme in themes:
        _add_theme(document, theme)


def _theme_row(theme: SummaryTheme) -> tuple[str, ...]:
    return (theme.name, str(theme.size), percent(theme.share), breadth(theme), theme.state)


def _add_theme(document: Any, theme: SummaryTheme) -> None:
    document.add_heading(_shown(theme.name), level=2)
    document.add_paragraph(f"{theme.size} comments ({percent(theme.share)}). Breadth: {breadth(theme)}.")
    if theme.keywords:
        document.add_paragraph(_shown("Words that mark it: " + ", ".join(theme.keywords) + "."))
    for quote in theme.quotes:
        _add_quote(document, quote)
    if not theme.quotes:
        document.add_paragraph(NO_QUOTE)


def _add_quote(document: Any, quote: SummaryQuote) -> None:
    paragraph = document.add_paragraph(_shown(f"“{quote.text}”"), style="Quote")
    if source := ", ".join(filter(None, (quote.audience, quote.prompt))):
        paragraph.add_run(_shown(f" — {source}")).italic = False


def _method(summary: Summary) -> list[tuple[str, str]]:
    made = [
        ("Made at", summary.made_at),
        ("Made by", summary.made_by),
        ("Run", "none" if summary.run is None else str(summary.run)),
        ("Seed", "none" if summary.seed is None else str(summary.seed)),
        ("Revision of the board", str(summary.board_revision)),
    ]
    return made + list(summary.method)


def _add_table(document: Any, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    # Programs for blind readers take a row for a header, and print repeats it, only when it is marked.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _shown(text)
