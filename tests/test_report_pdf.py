"""PDF files, read back by a program that had no part in making them: pages, headings, language, numbers."""

from __future__ import annotations

import ctypes
import re
import socket
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from pypdfium2 import raw

from survey.errors import Refusal
from survey.formats import brief_out, html_out
from survey.formats.summary import Summary, SummaryQuote
from survey.jobs.tasks.pdf import coloured, library, to_pdf
from tests.formats.samples import SUMMARY
from tests.formats.whole_summary import HOSTILE, WHOLE, theme
from tests.support import chromium

LETTER, A4 = (612, 792), (595, 842)
NAMES = {
    "long": "The way in which the city answers letters, calls and mails of the people who live here. " * 4,
    "capitals": "WHY IS IT SO HARD TO GET AN ANSWER FROM WWW MMM? " * 6,
    "wide": "公共交通和互联网接入以及数字服务" * 20,
    "one word": "x" * 300,
    "right to left": "الوصول إلى الإنترنت في كل بيت وحي من أحياء المدينة " * 6,
}


@pytest.fixture(scope="module", autouse=True)
def pango() -> None:
    """Chromium stands on the libraries that WeasyPrint needs."""
    chromium.program()


@pytest.fixture(scope="module")
def report() -> bytes:
    return to_pdf(html_out.page(WHOLE, "letter"))


def text_of(data: bytes) -> str:
    with closing(pypdfium2.PdfDocument(data)) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(texts).split())


def sizes(data: bytes) -> list[tuple[int, int]]:
    with closing(pypdfium2.PdfDocument(data)) as document:
        return [(round(page.get_width()), round(page.get_height())) for page in document]


def tags(data: bytes) -> list[str]:
    """The types of all elements of the structure tree, in reading order."""
    found: list[str] = []
    with closing(pypdfium2.PdfDocument(data)) as document:
        for page in document:
            tree = raw.FPDF_StructTree_GetForPage(page.raw)
            count = raw.FPDF_StructTree_CountChildren(tree)
            for at in range(count):
                found += below(raw.FPDF_StructTree_GetChildAtIndex(tree, at))
            raw.FPDF_StructTree_Close(tree)
    return found


def below(element: Any) -> Iterator[str]:
    length = raw.FPDF_StructElement_GetType(element, None, 0)
    text = ctypes.create_string_buffer(length)
    raw.FPDF_StructElement_GetType(element, text, length)
    yield text.raw.decode("utf-16-le").rstrip("\0")
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if child:
            yield from below(child)


def streams(data: bytes) -> Iterator[bytes]:
    """What the file holds, uncompressed where it can be."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S):
        with suppress(zlib.error):
            yield zlib.decompress(found[1])


def test_it_has_a_language_a_title_and_says_that_it_is_for_everybody(report: bytes) -> None:
    with closing(pypdfium2.PdfDocument(report)) as document:
        assert raw.FPDFCatalog_IsTagged(document.raw)
        language = (ctypes.c_ushort * raw.FPDFCatalog_GetLanguage(document.raw, None, 0))()
        raw.FPDFCatalog_GetLanguage(document.raw, language, len(language))
        assert bytes(language).decode("utf-16-le").startswith("en\0")
        assert document.get_metadata_value("Title") == "IT Strategic Plan: what we heard"
        bookmarks = [bookmark.get_title() for bookmark in document.get_toc()]
    assert bookmarks[0] == "IT Strategic Plan"
    assert {"What we heard", "Who was heard", "How this was made"} <= set(bookmarks)
    assert HOSTILE in bookmarks
    assert any(b"pdfuaid:part" in stream for stream in streams(report))


def test_headings_and_tables_are_tagged(report: bytes) -> None:
    found = tags(report)
    assert found.count("H1") == 1
    assert found.count("H2") == len(html_out._contents(WHOLE))
    assert {"H3", "Table", "TR", "TH", "TD", "Figure", "L", "LI"} <= set(found)


def test_the_text_has_the_numbers_of_the_summary(report: bytes) -> None:
    text = text_of(report)
    for words in (
        "1,234 people heard",
        "11 comments · 1.6%",
        "4 of 6 groups",
        "“Quote 1.0 of somebody.”",
        "31.8% to 50.8%",
        "700 56.7% 50.0% 0.88",
        "88.2% 96.4%",
        "+9.3%",
        "17 numbers are hidden",
        HOSTILE,
    ):
        assert words in text, words
    assert "Wi-Fi and" not in text, "no comment that nobody cleared"


@pytest.mark.parametrize(("paper", "size"), [("letter", LETTER), ("a4", A4)])
def test_the_paper_is_the_one_asked_for(paper: str, size: tuple[int, int]) -> None:
    assert set(sizes(to_pdf(html_out.page(SUMMARY, paper)))) == {size}
    assert sizes(to_pdf(brief_out.page(SUMMARY, paper))) == [size, size]


def full(number: int, name: str) -> Summary:
    """A summary in which everything is as long as it can be."""
    long = (name * 3)[:500]
    themes = tuple(
        theme(n + 1, f"{n + 1} {name}"[:300], quotes=(SummaryQuote(long, name[:150]),), planned=long)
        for n in range(number)
    )
    rows = tuple(replace(WHOLE.heard[0].rows[1], name=f"{n} {name}"[:200]) for n in range(20))
    return replace(
        WHOLE,
        themes=themes,
        study_title=name[:200],
        description=long,
        heard=(replace(WHOLE.heard[0], rows=rows),),
    )


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0, "long"),
        (4, "long"),
        (4, "wide"),
        (6, "one word"),
        (8, "capitals"),
        (10, "right to left"),
        (12, "wide"),
    ]
    + [(15, name) for name in NAMES],
)
def test_the_brief_has_two_pages_whatever_there_is_to_say(number: int, name: str) -> None:
    assert len(sizes(to_pdf(brief_out.page(full(number, NAMES[name]), "letter")))) == 2


def test_the_brief_of_a_usual_study_shows_each_theme_with_a_quote() -> None:
    text = text_of(to_pdf(brief_out.page(WHOLE)))
    for number in range(1, 5):
        assert f"Quote {number}.0 of somebody." in text
        assert f"{10 * number + 1} comments" in text
    assert "Left out here" not in text
    assert "Heard less than was meant: Nonprofits." in text
    assert "Comments in no theme 9.1%" in text


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_more: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", connect)
    page = html_out.page(SUMMARY).replace(
        "<main>", '<main><img src="http://192.0.2.1/x.png" alt=""><img src="file:///etc/hostname" alt="">'
    )
    assert b"/Image" not in to_pdf(page)


def test_colours_are_put_into_pictures_only() -> None:
    summary = replace(SUMMARY, study_title="<svg onload=alert(1)>")
    page = html_out.page(summary)
    assert coloured(page).count("<style>") == page.count("<svg ") + 1


@pytest.mark.parametrize("missing", ["weasyprint", "weasyprint.pdf"])
def test_without_the_library_it_says_what_to_do(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(Refusal, match=r"docs/reports\.md.*open the HTML file and print it"):
        library()
