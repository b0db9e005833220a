"""The Word report: its parts in order, readable aloud, with nothing that nobody cleared."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from survey.formats.summary import SummarySection
from tests.formats.samples import SUMMARY, UNCLEARED, WIFI, exported, whole


def document_of(summary: Any) -> Any:
    return docx.Document(io.BytesIO(exported(summary, "docx")))


def words_of(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def headings(document: Any) -> list[tuple[int, str]]:
    found = [(p.style.name, p.text) for p in document.paragraphs]
    return [
        (0 if style == "Title" else int(style[-1]), text)
        for style, text in found
        if style.startswith(("Title", "Heading"))
    ]


def test_the_parts_are_in_order() -> None:
    assert headings(document_of(whole())) == [
        (0, "IT Strategic Plan"),
        (1, "At a glance"),
        (1, "Who was heard"),
        (1, "Themes"),
        (2, "Wi-Fi in parks; libraries"),
        (1, "Themes of one group only"),
        (2, "=Paper forms"),
        (2, "Lifts"),
        (1, "Closed questions"),
        (2, "Are you online at home?"),
        (2, "What do you wish for?"),
        (2, "How old are you?"),
        (2, "Do you fly?"),
        (1, "Cross tables"),
        (1, "Compared with an earlier study"),
        (1, "Sessions"),
        (1, "How this was made"),
        (1, "Method appendix"),
        (2, "Of whom"),
        (2, "Parameters"),
    ]


def test_parts_without_content_are_left_out() -> None:
    assert headings(document_of(SUMMARY)) == [
        (0, "IT Strategic Plan"),
        (1, "At a glance"),
        (1, "Themes"),
        (2, "Wi-Fi in parks; libraries"),
        (1, "Themes of one group only"),
        (2, "=Paper forms"),
        (1, "How this was made"),
    ]


def test_a_theme_says_how_sure_we_are_and_what_comes_next() -> None:
    words = words_of(document_of(whole()))
    for sentence in (
        "61 comments (32.6%). Raised in 5 of 6 groups, likely 4 to 6. "
        "When the comments are drawn again, the theme comes back: stable 0.91.",
        "Asked whether we understood them, 13 of 16 participants said yes, 2 said no.",
        "“Wi-Fi in every park” — academia, What to improve?",
        "What is under way: Twelve parks have it.",
        "What is planned: Forty more parks by 2026.",
        "Heard clearly less than planned: Nonprofits.",
        "The number of comments is hidden: they are of too few people.",
    ):
        assert sentence in words
    assert "wherever they are." in words


def test_quotes_are_quotes() -> None:
    quotes = [p.text for p in document_of(SUMMARY).paragraphs if p.style.name == "Quote"]
    assert quotes == ["“Wi-Fi in every park” — academia, What to improve?", "“Too many\nforms”"]


def test_it_can_be_read_aloud() -> None:
    document = document_of(whole())
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert len(document.tables) == len(captions) == 13
    for number, (table, caption) in enumerate(zip(document.tables, captions, strict=True), start=1):
        assert caption.startswith(f"Table {number}. ")
        marked = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert marked == [True] + [False] * (len(table.rows) - 1)
        assert all(cell.text for cell in table.rows[0].cells)
    language = document.styles.element.find(".//" + qn("w:lang"))
    assert language.get(qn("w:val")) == document.core_properties.language == "en-US"
    assert document.core_properties.title == "IT Strategic Plan"
    assert document.core_properties.author == "Throughline"
    assert document.core_properties.created.isoformat().startswith("2024-05-06T05:08:09")


def test_pictures_have_their_words() -> None:
    described = [properties.get("descr") for properties in document_of(whole()).element.iter(qn("wp:docPr"))]
    assert described[0] == (
        "Raised in 5 of 6 groups, likely 4 to 6. Academia: 11; Tech companies: 7; Nonprofits: 3; "
        "Civic tech: 19; Smaller groups together: hidden."
    )
    strips, bars = [words for words in described if words], [words for words in described if words == ""]
    assert (len(strips), len(bars)) == (3, 4)


def test_nothing_of_a_comment_that_nobody_cleared_is_in_it() -> None:
    for name in ("docx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(exported(whole(), name))) as package:
            parts = b"".join(package.read(part) for part in package.namelist())
        for secret in (UNCLEARED, "lady in room", "Wi-Fi and", "Clerk"):
            assert secret.encode() not in parts


def test_text_that_runs_from_right_to_left_does() -> None:
    arabic = "مرحبا بالعالم"
    document = document_of(replace(SUMMARY, themes=(replace(WIFI, name=arabic, about=arabic),)))
    (heading,) = [p for p in document.paragraphs if p.text == arabic]
    assert heading._p.pPr.find(qn("w:bidi")) is not None
    assert heading.runs[0].font.rtl
    (english,) = [p for p in document.paragraphs if p.text == "Themes"]
    assert english._p.pPr.find(qn("w:bidi")) is None


def test_properties_stand_in_the_order_that_word_wants() -> None:
    """Word calls a file damaged in which, say, "bold" comes after "size"."""
    arabic = "مرحبا"
    summary = replace(whole(), themes=(replace(WIFI, name=arabic, quotes=(), planned=arabic),))
    with zipfile.ZipFile(io.BytesIO(exported(summary, "docx"))) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    runs = ["rFonts", "b", "bCs", "i", "color", "sz", "szCs", "rtl", "lang"]
    paragraphs = ["pStyle", "keepNext", "bidi", "spacing", "ind", "jc", "rPr"]
    for tag, order in (("w:rPr", runs), ("w:pPr", paragraphs)):
        for properties in root.iter(qn(tag)):
            places = [order.index(etree.QName(one).localname) for one in properties]
            assert places == sorted(places)


def test_a_long_method_is_written_in_time_and_whole() -> None:
    lines = tuple((f"Edit {number}", "=merged 'a' into 'b'") for number in range(2000))
    document = document_of(replace(SUMMARY, appendix=(SummarySection("Decisions", lines),)))
    table = document.tables[-1]._tbl
    assert len(table.tr_lst) == 2001
    assert table.tr_lst[-1].tc_lst[0].p_lst[0].r_lst[0].text == "Edit 1999"
