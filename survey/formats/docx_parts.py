"""What a Word report is made of: headings, tables with captions, quotes, pictures with their words."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from flask_babel import gettext as _

from survey.formats.safe_text import for_xml

INK, SOFT, ACCENT, LINE, WASH = "17262E", "47565F", "0A5C66", "DCD8CE", "E3F0F0"
SIZES = {"Title": 26, "Heading 1": 18, "Heading 2": 14, "Heading 3": 11.5}
UNIT = Cm(0.045)
"""How wide a unit of a picture is on paper."""
PAGE, PICTURE = Cm(16.9), Cm(3.1)
AFTER_DIRECTION = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr")
LONG = 80
"""How many letters a title has that is written smaller."""
NARROW, WIDE, SAMPLE = 12, 38, 100
"""How many letters the narrowest and widest columns are sized for, by so many rows."""


def shown(text: str) -> str:
    """Text as the document can hold it."""
    return for_xml(text.replace("\r\n", "\n"))


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: cells of the columns `right` end at the right, all but the first where nothing is said.

    `pictures` stand in a column of their own after the others.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] | None = None
    pictures: Sequence[bytes | None] = ()


class Report:
    """A document while it is written."""

    def __init__(self, language: str) -> None:
        self.document = Document()
        self.tables = 0
        _style(self.document, language)

    def heading(self, text: str, level: int) -> None:
        """Add a heading; level 0 is the title."""
        made = _direct(self.document.add_heading(shown(text), level=level), text)
        if level == 0 and len(text) > LONG:
            made.runs[0].font.size = Pt(SIZES["Heading 1"])

    def paragraph(self, text: str, style: str | None = None) -> Any:
        """Add a paragraph, and nothing where there is no text."""
        if not text:
            return None
        return _direct(self.document.add_paragraph(shown(text), style=style), text)

    def facts(self, found: Sequence[tuple[str, str]]) -> None:
        """Add a line of numbers with their names."""
        paragraph = self.document.add_paragraph()
        for name, value in found:
            paragraph.add_run(f"{shown(name)}: ")
            paragraph.add_run(shown(value)).bold = True
            paragraph.add_run(". ")

    def lead(self, word: str, text: str) -> None:
        """Add paragraphs of which the first begins with a bold word."""
        first, *others = text.split("\n")
        paragraph = self.document.add_paragraph()
        paragraph.add_run(f"{shown(word)} ").bold = True
        paragraph.add_run(shown(first))
        _direct(paragraph, text)
        for line in filter(None, map(str.strip, others)):
            self.paragraph(line)

    def quote(self, text: str, source: str) -> None:
        """Add a quote and whom it is from."""
        paragraph = self.document.add_paragraph(shown(f"“{text}”"), style="Quote")
        if source:
            run = paragraph.add_run(shown(f" — {source}"))
            run.italic, run.font.color.rgb = False, _colour(SOFT)
        _direct(paragraph, text)

    def picture(self, image: bytes, width: float, words: str) -> None:
        """Add a picture and what it shows, for those who do not see it."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        _describe(paragraph.add_run().add_picture(io.BytesIO(image), width=int(UNIT * width)), words)

    def table(self, table: Table) -> None:
        """Add a table under its caption."""
        self.tables += 1
        words = shown(_("Table %(number)s. %(caption)s", number=self.tables, caption=table.caption))
        caption = self.document.add_paragraph(words, style="Caption")
        caption.paragraph_format.keep_with_next = True
        columns = len(table.header) + bool(table.pictures)
        made = self.document.add_table(rows=1 + len(table.rows), cols=columns)
        _describe_table(made, shown(table.caption))
        _fill(made, table)
        gap = self.document.add_paragraph().paragraph_format
        gap.space_after, gap.line_spacing = Pt(0), Pt(8)


def _colour(digits: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(digits))


def _direct(paragraph: Any, text: str) -> Any:
    if runs_right_to_left(text):
        _turn(paragraph._p)
        for run in paragraph.runs:
            run.font.rtl = True
    return paragraph


def _turn(paragraph: Any) -> None:
    """Let a paragraph run from right to left; the file wants its properties in this order."""
    paragraph.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *AFTER_DIRECTION)


def _fill(made: Any, table: Table) -> None:
    widths = _widths(table)
    right = range(1, len(table.header)) if table.right is None else table.right
    # The rows are walked as they lie there: python-docx counts all cells for each one it is asked for.
    for number, (row, found) in enumerate(zip((table.header, *table.rows), made._tbl.tr_lst, strict=True)):
        properties = found.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            # Only so do programs for blind readers take it for a header, and print repeats it.
            properties.append(OxmlElement("w:tblHeader"))
        for column, cell in enumerate(found.tc_lst):
            cell.width = widths[column]
            text = row[column] if column < len(row) else "" if number else _("Picture of the share")
            _write(cell.p_lst[0], text, bold=not (number and column), right=column in right)
            if number == 0:
                _shade(cell)
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for row, image in zip(made.rows[1:] if table.pictures else (), table.pictures, strict=True):
        if image:
            # The numbers beside it say the same.
            run = row.cells[-1].paragraphs[0].add_run()
            _describe(run.add_picture(io.BytesIO(image), width=PICTURE - Cm(0.4)), "")


def _widths(table: Table) -> list[int]:
    """How wide columns are: as their longest words ask for, within reason."""
    longest = [
        max((len(row[column]) for row in (table.header, *table.rows[:SAMPLE])), default=0)
        for column in range(len(table.header))
    ]
    asked = [min(max(length + 3, NARROW), WIDE) for length in longest]
    free = PAGE - (PICTURE if table.pictures else 0)
    widths = [int(free * part / sum(asked)) for part in asked]
    return [*widths, PICTURE] if table.pictures else widths


def _write(paragraph: Any, text: str, *, bold: bool, right: bool) -> None:
    run = paragraph.add_r()
    run.text = shown(text)
    properties = run.get_or_add_rPr()
    properties.sz_val = Pt(10)
    if bold:
        properties.get_or_add_b()
    if runs_right_to_left(text):
        _turn(paragraph)
        properties.get_or_add_rtl()
    elif right:
        paragraph.get_or_add_pPr().jc_val = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", WASH)):
        shade.set(qn(f"w:{name}"), value)
    cell.get_or_add_tcPr().append(shade)


def _describe(picture: Any, words: str) -> None:
    properties = picture._inline.docPr
    properties.set("descr", shown(words))
    properties.set("name", f"Picture {properties.id}")


def _describe_table(made: Any, words: str) -> None:
    properties = made._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for name in ("top", "bottom", "insideH"):
        edge = OxmlElement(f"w:{name}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    description = OxmlElement("w:tblDescription")
    description.set(qn("w:val"), words)
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(borders)
        look.addnext(description)


def _style(document: Any, language: str) -> None:
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2.2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.font.color.rgb = _colour(INK)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.size, style.font.color.rgb = Pt(size), _colour(ACCENT if size > 20 else INK)
        style.paragraph_format.space_after = Pt(5)
    for name in ("Caption", "Quote", "Intense Quote"):
        document.styles[name].font.color.rgb = _colour(SOFT if name == "Caption" else INK)
    document.styles["Caption"].font.size = Pt(9.5)
    document.styles["Quote"].paragraph_format.left_indent = Cm(0.6)
    spoken = document.styles.element.find(".//" + qn("w:rPrDefault")).find(".//" + qn("w:lang"))
    spoken.set(qn("w:val"), language)


def add_page_numbers(document: Any, text: str) -> None:
    """Put the title and the number of the page at the foot of each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(f"{shown(text)[:80]}   ·   ")
    run.font.size, run.font.color.rgb = Pt(9), _colour(SOFT)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    inner = OxmlElement("w:r")
    text_of = OxmlElement("w:t")
    text_of.text = "1"
    inner.append(text_of)
    field.append(inner)
    paragraph._p.append(field)
