"""Slides: one a theme, titles that differ and fit, charts that hold no formula, notes with the numbers."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

from survey.formats.pptx_text import Box, fitted, height_of
from survey.formats.summary import Summary, SummaryChoice, SummaryQuestion, SummaryQuote
from tests.formats.samples import SUMMARY, WIFI, exported, whole

LONG = "A theme about everything that the city does for its people, "
EVIL = [
    '"><svg onload=alert(1)>', "=cmd|' /C calc'!A0", "\x00\x07 control \x1b", "🚲👩‍👩‍👧 bicycles",
    "مرحبا بالعالم",
    (LONG * 6)[:300], (LONG * 6)[:300], "<r><c><f>1+1</f></c></r>", "W" * 300, "", "two\nlines",
]  # fmt: skip


def slides_of(summary: Summary) -> list[Any]:
    return list(Presentation(io.BytesIO(exported(summary, "pptx"))).slides)


def text_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def notes_of(slide: Any) -> list[str]:
    return list(slide.notes_slide.notes_text_frame.text.split("\n"))


def titled(summary: Summary, title: str) -> Any:
    (slide,) = [slide for slide in slides_of(summary) if slide.shapes.title.text == title]
    return slide


def test_the_slides_are_in_order() -> None:
    assert [slide.shapes.title.text for slide in slides_of(whole())] == [
        "IT Strategic Plan",
        "People heard by group",
        "People heard by channel",
        "Wi-Fi in parks; libraries",
        "=Paper forms",
        "Lifts",
        "Are you online at home?",
        "What do you wish for?",
        "How old are you?",
        "Do you fly?",
        "Compared with an earlier study",
        "How this was made, and its limits",
    ]


def test_a_theme_is_told_in_words_picture_and_notes() -> None:
    slide = titled(whole(), "Wi-Fi in parks; libraries")
    words = text_of(slide)
    for sentence in (
        "61 comments (32.6%).",
        "Raised in 5 of 6 groups, likely 4 to 6.",
        "stable 0.91 · Accepted",
        "“Wi-Fi in every park”",
        "academia, What to improve?",
        "Forty more parks by 2026.",
        "Asked whether we understood them, 13 of 16 participants said yes, 2 said no.",
    ):
        assert sentence in words
    (strip,) = [shape for shape in slide.shapes if shape.shape_type == 6]
    assert "Civic tech: 19" in strip._element.nvGrpSpPr.cNvPr.get("descr")
    # Five tracks, four marks in them, and one hatched.
    assert len(strip.shapes) == 5 + 4 + 1
    assert "Civic tech: 19 of 53 comments" in notes_of(slide)
    assert "Smaller groups together: hidden of hidden comments" in notes_of(slide)


def test_marks_of_the_strip_are_as_high_as_their_shares() -> None:
    summary = replace(SUMMARY, themes=(replace(WIFI, by_audience=(("a", 5), ("b", 10), ("c", 0))),))
    summary = replace(summary, audiences=(("a", 20), ("b", 20), ("c", 20)))
    (strip,) = [one for one in titled(summary, WIFI.name).shapes if one.shape_type == 6]
    first, mark_a, second, mark_b, third = strip.shapes
    # The largest share is 50 %, so a column is full at 50 %.
    assert mark_b.height == pytest.approx(second.height, abs=2)
    assert mark_a.height == pytest.approx(first.height / 2, abs=2)
    assert mark_a.top + mark_a.height == pytest.approx(first.top + first.height, abs=2)
    assert third.height == first.height


def test_a_chart_has_the_shares_and_a_workbook_without_formulas() -> None:
    choices = tuple(
        SummaryChoice(str(at), name, 5 + at, at / 20, max(0, at / 20 - 0.1), at / 20 + 0.1)
        for at, name in enumerate(EVIL[:9])
    )
    question = SummaryQuestion("s/q", "s", "=1+1", "choice", 90, choices=choices)
    slide = titled(replace(SUMMARY, questions=(question,)), "=1+1")
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    assert list(chart.plots[0].series[0].values) == [choice.share for choice in choices]
    assert chart.plots[0].categories[1] == "=cmd|' /C calc'!A0: 5.0% (0.0% to 15.0%)"
    workbook = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    rows = list(workbook["Sheet1"].iter_rows())
    assert [row[1].value for row in rows[1:]] == [choice.share for choice in choices]
    assert {row[0].data_type for row in rows[1:]} == {"s"}
    assert rows[2][0].quotePrefix
    notes = notes_of(slide)
    assert "=cmd|' /C calc'!A0 | 6 | 5.0% | 0.0% to 15.0%" in notes


def test_intervals_are_drawn_around_the_shares() -> None:
    slide = titled(whole(), "What do you wish for?")
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    bars = chart._chartSpace.find(".//" + qn("c:errBars"))
    plus, minus = (
        [float(value.text) for value in bars.find(qn(name)).iter(qn("c:v"))] for name in ("c:plus", "c:minus")
    )
    shares = [118 / 176, 93 / 176]
    assert [share + more for share, more in zip(shares, plus, strict=True)] == pytest.approx([0.735, 0.601])
    assert [share - less for share, less in zip(shares, minus, strict=True)] == pytest.approx([0.598, 0.455])


def evil() -> Summary:
    themes = tuple(
        replace(
            whole().themes[0], id=str(at), name=name,
            quotes=(SummaryQuote(name * 3, name, name), SummaryQuote("Long words. " * 500)),
            planned=name * 2,
        )
        for at, name in enumerate(EVIL)
    )  # fmt: skip
    questions = tuple(
        SummaryQuestion(
            f"q{at}", "s", name, "choice", 9, choices=(SummaryChoice("c", name, 9, 1.0, 0.7, 1.0),)
        )
        for at, name in enumerate(EVIL)
    )
    return replace(
        whole(), study_title=EVIL[5], description=LONG * 90, demo=True, themes=themes, questions=questions,
        audiences=tuple((name, 9) for name in EVIL),
    )  # fmt: skip


def test_titles_differ_and_text_fits_its_box_whatever_it_is() -> None:
    slides = slides_of(evil())
    titles = [slide.shapes.title.text.casefold() for slide in slides]
    assert len(set(titles)) == len(titles)
    assert all(titles)
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= Inches(13.34)
            assert shape.top + shape.height <= Inches(7.51)
            if shape.has_text_frame and shape.text_frame.text:
                sizes = [r.font.size.pt for p in shape.text_frame.paragraphs for r in p.runs]
                high = height_of(shape.text_frame.text, shape.width / 914_400, int(max(sizes)))
                assert high <= shape.height / 914_400 + 0.01
                assert min(sizes) >= 12


def test_what_is_too_long_for_a_slide_is_in_the_notes() -> None:
    (slide,) = [slide for slide in slides_of(evil()) if slide.shapes.title.text.startswith('"><svg onload')][
        :1
    ]
    assert "“" + "Long words. " * 500 + "”" in notes_of(slide)
    assert ("Long words. " * 500) not in text_of(slide)


def test_no_part_of_the_file_is_markup_or_a_formula_of_somebody() -> None:
    with zipfile.ZipFile(io.BytesIO(exported(evil(), "pptx"))) as package:
        for name in package.namelist():
            data = package.read(name)
            assert b"<svg" not in data
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(data)) as inner:
                    sheets = [inner.read(part) for part in inner.namelist() if "worksheets/" in part]
                assert not any(b"<f>" in sheet for sheet in sheets)


def test_forty_themes_make_forty_slides() -> None:
    themes = tuple(replace(WIFI, id=str(n), name=f"Theme {n}") for n in range(40))
    slides = slides_of(replace(SUMMARY, themes=themes))
    assert [slide.shapes.title.text for slide in slides][1:-1] == [theme.name for theme in themes]


def test_many_choices_go_on_on_another_slide() -> None:
    choices = tuple(SummaryChoice(str(n), f"Choice {n}", n + 5, n / 50) for n in range(30))
    question = SummaryQuestion("s/q", "s", "Which?", "choice", 200, choices=choices)
    slides = [
        slide
        for slide in slides_of(replace(SUMMARY, questions=(question,)))
        if "Which?" in slide.shapes.title.text
    ]
    assert [slide.shapes.title.text for slide in slides] == ["Which?", "Which? (2)", "Which? (3)"]
    shares = [
        value
        for slide in slides
        for shape in slide.shapes
        if shape.has_chart
        for value in shape.chart.plots[0].series[0].values
    ]
    assert shares == [choice.share for choice in choices]


def test_it_can_be_read_aloud() -> None:
    presentation = Presentation(io.BytesIO(exported(whole(), "pptx")))
    assert presentation.core_properties.language == "en-US"
    assert presentation.core_properties.title == "IT Strategic Plan"
    assert (presentation.slide_width, presentation.slide_height) == (Inches(13.333), Inches(7.5))
    for slide in presentation.slides:
        assert slide.shapes[0] == slide.shapes.title
        for shape in slide.shapes:
            if shape.shape_type == 6 or shape.has_chart or shape.has_table:
                assert shape._element[0][0].get("descr")
        languages = {run.get("lang") for run in slide._element.iter(qn("a:rPr"))}
        assert languages == {"en-US"}
        assert notes_of(slide) != [""]


def test_arabic_runs_from_right_to_left() -> None:
    slide = titled(replace(SUMMARY, themes=(replace(WIFI, name=EVIL[4]),)), EVIL[4])
    (paragraph,) = slide.shapes.title.text_frame.paragraphs
    assert paragraph._p.pPr.get("rtl") == "1"


@pytest.mark.parametrize("text", ["", "a", "12.7%", "word " * 400, "x" * 4000, "長" * 400, "line\n" * 60])
def test_fitted_text_fits(text: str) -> None:
    box = Box(0, 0, 3, 1)
    short, size = fitted(text, box, (40, 20, 14))
    assert height_of(short, box.width, size) <= box.height
    assert text.startswith(short.removesuffix("…").rstrip())
