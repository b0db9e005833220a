"""What slides are made of: titles that fit and differ, text, tables, charts, the breadth strip, notes.

Slides are read aloud too: every slide has a title of its own, every picture and table its words, and the
notes hold the numbers and whatever was too long to be shown whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from survey.charts import Column
from survey.formats.docx_parts import runs_right_to_left
from survey.formats.pptx_charts import Bar, add_chart
from survey.formats.pptx_text import (
    ACCENT,
    INK,
    MORE,
    PAPER,
    WASH,
    Box,
    Look,
    colour,
    fitted,
    height_of,
    one_line,
    shown,
    unbroken,
)

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
TITLE_ONLY = 5
TITLE_BOX, TITLE_SIZES = Box(0.65, 0.4, 12.0, 1.2), (34, 28, 24, 20, 16)
PLAIN = Look()
MOST_COLUMNS = 40
BAND = (
    '<p:sp {namespaces}><p:nvSpPr><p:cNvPr id="90" name="Band"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
    '<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="137160"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
)


class Deck:
    """A presentation while it is written."""

    def __init__(self, language: str) -> None:
        self.presentation = Presentation()
        self.language = language
        self.titles: set[str] = set()
        self.presentation.slide_width, self.presentation.slide_height = WIDTH, HEIGHT
        _background(self.presentation.slide_master)

    def slide(self, title: str) -> Page:
        """Add a slide whose title no other slide has."""
        page = Page(self.presentation.slides.add_slide(self.presentation.slide_layouts[TITLE_ONLY]))
        whole = one_line(title) or MORE
        name, number = whole, 1
        while name.casefold() in self.titles:
            number += 1
            name = f"{whole} ({number})"
        self.titles.add(name.casefold())
        page.title(name)
        return page

    def finish(self, stream: Any) -> None:
        """Say in which language the text is, and write the file."""
        for slide in self.presentation.slides:
            for part in (slide, slide.notes_slide):
                for properties in part.element.iter(qn("a:rPr"), qn("a:endParaRPr")):
                    properties.set("lang", self.language)
        self.presentation.save(stream)


class Page:
    """A slide while it is written."""

    def __init__(self, slide: Any) -> None:
        self.made = slide
        self.said: list[str] = []

    def title(self, text: str) -> None:
        """Write the title, as large as it fits."""
        place = self.made.shapes.title
        place.left, place.top, place.width, place.height = TITLE_BOX.emu()
        self._write(place, text, TITLE_BOX, Look(TITLE_SIZES, ACCENT, bold=True))
        place.text_frame.vertical_anchor = MSO_ANCHOR.TOP

    def text(self, text: str, box: Box, look: Look = PLAIN) -> float:
        """Write text into a box, as large as it fits; what does not fit is in the notes.

        Returns about where it ends, in inches from the top.
        """
        if not text:
            return box.top
        return box.top + self._write(self.made.shapes.add_textbox(*box.emu()), shown(text), box, look)

    def _write(self, place: Any, text: str, box: Box, look: Look) -> float:
        short, size = fitted(text, box, look.sizes)
        if short != text:
            self._note(text)
        frame = place.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.text = short
        for paragraph in frame.paragraphs:
            paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(look.gap)
            _direct(paragraph)
            for run in paragraph.runs:
                font = run.font
                font.size, font.bold, font.italic = Pt(size), look.bold, look.italic
                font.color.rgb = colour(look.colour)
        return height_of(short, box.width, size)

    def note(self, text: str) -> None:
        """Add a line to the notes."""
        if text:
            self._note(shown(text))

    def _note(self, text: str) -> None:
        self.said.append(text)
        self.made.notes_slide.notes_text_frame.text = "\n".join(self.said)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], box: Box, words: str) -> None:
        """Add a table with its words; its lines are in the notes as well."""
        made = self.made.shapes.add_table(len(rows) + 1, len(header), *box.emu())
        _describe(made._element.nvGraphicFramePr.cNvPr, words)
        size = 16 if len(rows) < 9 and len(header) < 6 else 12
        each = box.width / len(header)
        for number, row in enumerate((header, *rows)):
            made.table.rows[number].height = Inches(box.height / (len(rows) + 1))
            for column, text in enumerate(row):
                short, _size = fitted(one_line(text), Box(0, 0, each - 0.2, size * 2.6 / 72), (size,))
                _cell(made.table.cell(number, column), short, size, head=number == 0)
            self.note(" | ".join(map(unbroken, row)))

    def strip(self, columns: Sequence[Column], full: float, box: Box, words: str) -> None:
        """Draw the breadth strip: one column a group, filled to its share, hatched where it is hidden."""
        columns = columns[:MOST_COLUMNS]
        if not columns:
            return
        group = self.made.shapes.add_group_shape()
        _describe(group._element.nvGrpSpPr.cNvPr, words)
        step = min(0.5, box.width / len(columns))
        for number, column in enumerate(columns):
            track = Box(box.left + number * step, box.top, step * 0.82, box.height)
            _rectangle(group, track, WASH)
            if column.share is None:
                _hatch(_rectangle(group, track, WASH))
            elif column.share:
                height = max(0.04, box.height * min(1.0, column.share / full))
                _rectangle(group, Box(track.left, box.top + box.height - height, track.width, height), ACCENT)

    def chart(self, bars: Sequence[Bar], series: str, box: Box, words: str) -> None:
        """Add a bar chart of shares with its words."""
        frame = add_chart(self.made.shapes, bars, series, box)
        _describe(frame._element.nvGraphicFramePr.cNvPr, words)


def _background(master: Any) -> None:
    fill = master.background.fill
    fill.solid()
    fill.fore_color.rgb = colour(PAPER)
    # On the master it is the same on every slide, and is not read aloud on each of them.
    master.shapes._spTree.append(
        parse_xml(BAND.format(namespaces=nsdecls("p", "a"), width=WIDTH, colour=ACCENT))
    )


def _direct(paragraph: Any) -> None:
    if runs_right_to_left(paragraph.text):
        paragraph._p.get_or_add_pPr().set("rtl", "1")
        paragraph._p.get_or_add_pPr().set("algn", "r")


def _cell(cell: Any, text: str, size: int, *, head: bool) -> None:
    cell.text_frame.text = text
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour(ACCENT if head else PAPER)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    for paragraph in cell.text_frame.paragraphs:
        _direct(paragraph)
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), head
            run.font.color.rgb = colour("FFFFFF" if head else INK)


def _rectangle(group: Any, box: Box, fill: str) -> Any:
    made = group.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu())
    made.fill.solid()
    made.fill.fore_color.rgb = colour(fill)
    made.line.fill.background()
    made.shadow.inherit = False
    return made


def _hatch(made: Any) -> None:
    made.fill.patterned()
    made.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    made.fill.fore_color.rgb = colour(ACCENT)
    made.fill.back_color.rgb = colour(WASH)


def _describe(properties: Any, words: str) -> None:
    properties.set("descr", shown(words))
