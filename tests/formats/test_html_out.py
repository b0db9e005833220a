"""Report and brief as one HTML file: whole in itself, for everybody to read, and the same numbers."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from survey.formats import brief_out, html_out
from survey.formats.brief_plan import lines, plan, shorten, width
from survey.formats.summary import Summary, SummaryComment, percent
from survey.report_page import tenths
from tests.formats.samples import SUMMARY, with_texts
from tests.formats.whole_summary import HOSTILE, WHOLE, theme

PAGES = {"report": html_out.page, "brief": brief_out.page}
ELSEWHERE = re.compile(r"https?:|//[a-z]|url\(|@import|<script|<link|<img|<iframe|\son\w+=\"", re.I)
CASES = [
    HOSTILE,
    "مرحبا \u202e abc",
    "👩‍👩‍👧 🚲",
    "x" * 300,
    "a\x00b\x1b",
    "\ud800",
    "{{ x }}",
    "%s %(a)s",
    "&lt;b&gt;",
]


def read(page: str) -> html.HtmlElement:
    return html.document_fromstring(page.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))


def cells(table: html.HtmlElement) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.iter("th", "td")] for row in table.iter("tr")
    ]


def table_after(page: html.HtmlElement, heading: str) -> list[list[str]]:
    found = next(h for h in page.iter("h2", "h3") if " ".join(h.text_content().split()) == heading)
    return cells(found.xpath("following::table")[0])


@pytest.mark.parametrize("which", PAGES)
@pytest.mark.parametrize("summary", [WHOLE, SUMMARY, replace(SUMMARY, themes=(), audiences=(), method=())])
def test_a_page_is_whole_in_itself_and_well_built(which: str, summary: Summary) -> None:
    text = PAGES[which](summary)
    assert ELSEWHERE.findall(text.replace("http://www.w3.org", "")) == []
    page = read(text)
    assert page.get("lang") == "en"
    assert page.findtext("head/title").startswith(summary.study_title)
    assert len(list(page.iter("h1"))) == len(list(page.iter("main"))) == 1
    assert not list(page.iter("script", "link", "form", "img"))
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.xpath("//a/@href")} <= set(ids)
    for table in page.iter("table"):
        assert table.xpath(".//th[@scope='col']")
        assert table.xpath(".//tbody/tr/th[@scope='row']")


def test_every_picture_has_a_name_and_its_numbers_beside_it() -> None:
    page = read(html_out.page(WHOLE))
    pictures = page.xpath("//*[local-name()='svg']")
    assert len(pictures) > 20
    for picture in pictures:
        assert picture.get("role") == "img"
        assert picture.xpath("./*[local-name()='title']")[0].text
        row = picture.xpath("ancestor::tr | ancestor::article")[-1]
        assert re.search(r"\d|hidden", row.text_content())


def test_the_numbers_are_those_of_the_summary() -> None:
    page = read(html_out.page(WHOLE))
    themes = table_after(page, "The themes in numbers")
    assert [(row[0], row[1], row[2]) for row in themes[1:]] == [
        (t.name, str(t.size), percent(t.share)) for t in WHOLE.themes
    ]
    by_group = cells(page.get_element_by_id("breadth"))
    for shown, wanted in zip(by_group[1:-1], WHOLE.themes, strict=True):
        counts = ["hidden" if n is None else str(n) for _group, n in wanted.by_audience]
        assert [cell.split(" ")[0] for cell in shown[1:-1]] == counts
    assert by_group[-1][1:-1] == ["120", "121", "122", "hidden", "124", "125"]
    heard = table_after(page, "By group")
    assert heard[1][2:] == ["700", "56.7%", "50.0%", "0.88"]
    assert heard[2][0] == "Nonprofits under-heard"
    assert heard[3][2:] == ["hidden", "hidden", "–", "–"]
    question = table_after(page, "How easy is it?")
    assert question[1] == ["Very easy", "41.0%", "41", "41.0%", "31.8% to 50.8%", "38.4%"]
    assert question[3] == ["Another", "too few to show", "hidden", "hidden", "–", "–"]
    cross = table_after(page, "How easy is it? by Unit")
    assert cross[1] == ["Very easy", "21 42.0%", "20 40.0%", "hidden"]
    assert cross[-1] == ["All of the column", "50", "50", "hidden"]
    wave = table_after(page, "Then and now")
    assert wave[1][1:3] + wave[1][-1:] == ["88.2%", "96.4%", "+9.3%"]
    assert wave[2][1:3] + wave[2][-1:] == ["0", "3.25", "–"]
    assert table_after(page, "Meetings")[1] == [
        "Tuesday evening",
        "Academia",
        "2024-03-05",
        "2",
        "64",
    ]


def test_the_order_is_what_a_reader_needs() -> None:
    page = read(html_out.page(WHOLE))
    article = page.get_element_by_id("theme-1")
    text = " ".join(article.text_content().split())
    places = [
        text.index(words)
        for words in ("Theme 1", "11 comments", "4 of 6", "“Quote 1.0", "Programme 1", "Plan 1")
    ]
    assert places == sorted(places), "theme, count and breadth, quotes, what is under way, what is planned"
    assert text.index("stable 0.88") > text.index("“Quote 1.1"), "two quotes before any other figure"
    apart = page.get_element_by_id("theme-4")
    assert "Only one group" in apart.xpath("preceding::h3")[-1].text_content()
    headings = [h.text_content() for h in page.iter("h2")]
    assert headings == [words for _id, words in html_out._contents(WHOLE)]


def test_one_group_alone_stands_apart_and_never_under_other() -> None:
    page = read(html_out.page(replace(WHOLE, themes=(theme(1, only_one_audience=True),))))
    assert page.get_element_by_id("theme-1").xpath("ancestor::section")[-1].get("class") == "stack apart"


def test_nothing_of_uncleared_comments() -> None:
    said = SummaryComment("c9", "The secret sentence of Maria", themes=("1",), speaker="Maria")
    summary = replace(WHOLE, comments=(*WHOLE.comments, said))
    for page in PAGES.values():
        text = page(summary)
        assert "secret sentence" not in text
        assert "Maria" not in text
        assert "Too many" not in text


@pytest.mark.parametrize("text", CASES, ids=range(len(CASES)))
@pytest.mark.parametrize("which", PAGES)
def test_hostile_text_is_text(which: str, text: str) -> None:
    summary = with_texts([text])
    summary = replace(summary, study_title=text, description=text, heard=WHOLE.heard, demo=True)
    made = PAGES[which](summary)
    page = read(made)
    usual = read(
        PAGES[which](
            replace(
                with_texts(["plain"]), study_title="plain", description="plain", heard=WHOLE.heard, demo=True
            )
        )
    )
    assert [element.tag for element in page.iter("h1", "h3", "script", "svg", "b")] == [
        element.tag for element in usual.iter("h1", "h3", "script", "svg", "b")
    ]
    assert not page.xpath("//@onload | //@onerror | //@style")
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", made)


def test_files_are_utf_8_and_the_same_each_time() -> None:
    for module in (html_out, brief_out):
        first, second = io.BytesIO(), io.BytesIO()
        module.write(WHOLE, first)
        module.write(WHOLE, second)
        assert first.getvalue() == second.getvalue()
        assert first.getvalue().decode("utf-8").lstrip().startswith("<!doctype html>")


def test_documents_of_earlier_releases_still_make_a_report() -> None:
    document = SUMMARY.to_json().replace(b"throughline-summary-2", b"throughline-summary-1")
    for page in PAGES.values():
        assert "IT Strategic Plan" in page(Summary.from_json(document))


@given(st.floats(0, 2, allow_nan=False))
def test_a_share_is_rounded_as_in_the_other_formats(share: float) -> None:
    assert tenths(share).replace(",", "") == percent(share)


@given(st.text(max_size=400), st.integers(2, 300))
def test_shortened_text_is_short_and_says_so(text: str, most: int) -> None:
    short = shorten(text, most)
    whole = " ".join(text.split())
    assert width(short) <= most + 1
    assert short == whole or (short.endswith("…") and whole.startswith(short[:-1].rstrip()))


@given(st.text(max_size=300), st.integers(4, 90))
def test_lines_hold_the_text(text: str, letters: int) -> None:
    assert lines(text, letters) * letters >= width("".join(text.split())) - 1e-6


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 40), st.text(max_size=200), st.integers(0, 30))
def test_the_brief_shows_or_counts_every_theme(number: int, name: str, groups: int) -> None:
    rows = tuple(replace(WHOLE.heard[0].rows[0], name=f"{n} {name}") for n in range(groups))
    heard = (replace(WHOLE.heard[0], rows=rows),)
    summary = replace(WHOLE, heard=heard, themes=tuple(theme(n + 1, f"{n} {name}") for n in range(number)))
    brief = plan(summary)
    shown = [block.theme.theme.id for page in brief.pages for block in page if block.theme]
    assert shown == [t.id for t in summary.themes][: len(shown)], "in order, and the first ones"
    left_out = " ".join(brief.left_out)
    if number > len(shown):
        assert f"{number - len(shown)} theme" in left_out
    assert len(shown) >= min(number, 12)
    assert [block.kind for block in brief.pages[1]][-1] == "sure"
    if groups:
        assert brief.heard is not None
        assert len(brief.heard.rows) == groups or f"{groups - len(brief.heard.rows)} group" in left_out


def test_style_sheets_of_files_have_what_their_templates_use() -> None:
    folder = Path(__file__).parents[2] / "templates" / "publish"
    text = html_out.page(WHOLE)
    style = text[text.index("<style>") : text.index("</style>")]
    used = set(" ".join(re.findall(r'class="([^"]+)"', text.split("</style>")[1])).split())
    plain = {"on-letter", "question-block", "heard-themes", "plan", "good", "n"}
    assert {name for name in used - plain if f".{name}" not in style} == set()
    assert (folder / "file.css.txt").is_file()
