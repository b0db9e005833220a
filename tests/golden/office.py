"""The numbers of a summary as its office files have them: openpyxl, python-docx and python-pptx read them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from pptx import Presentation

from tests.golden.expected import Numbers, heard_key

FACTS = {
    "People heard": "people",
    "Responses to surveys": "responses",
    "Comments": "comments",
    "Audiences": "audiences",
    "Groups": "audiences",
    "Themes": "themes",
    "Comments in no theme": "no theme",
    "Share of comments in no theme": "no theme",
}
BY = {"group": "audience", "channel": "channel", "language": "language", "unit": "unit"}
FIGURES = {
    "Mean": "mean",
    "Median": "median",
    "Mean, likely at least (95 per cent)": "low",
    "Mean, likely at most (95 per cent)": "high",
}
BREADTH = re.compile(r"(\d+) of (\d+)(?: groups)?,? ?likely (\d+)(?: to (\d+))?")


def breadth(words: str) -> tuple[str, ...]:
    """k, of, low and high of "5 of 6, likely 4 to 6"."""
    found = BREADTH.search(words)
    assert found, words
    k, of, low, high = found.groups()
    return k, of, low, high or low


# Workbooks


def of_xlsx(data: bytes) -> Numbers:
    """The numbers of the sheets."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheets = {sheet.title: [*_dicts(sheet.iter_rows(values_only=True))] for sheet in book}
    found: Numbers = {}
    for row in sheets["Method"]:
        if row["item"] in FACTS and row["value"] != "hidden":
            # The words on how it was made come after the numbers, and may have the same titles.
            found.setdefault(("fact", FACTS[row["item"]]), (_shown(row["value"]),))
    for row in sheets["Themes"]:
        places = ("audiences", "of_audiences", "likely_low", "likely_high")
        numbers = (_shown(row["comments"]), _shown(row["share_of_comments"]))
        found["theme", row["theme"]] = (*numbers, *(str(row[place]) for place in places))
    found.update(_breadth_sheet(sheets["Breadth"]))
    for name, read in SHEETS.items():
        for row in sheets.get(name, ()):
            found.update(read(row))
    return found


def _dicts(rows: Iterator[Any]) -> Iterator[dict[str, Any]]:
    header = next(rows)
    for row in rows:
        yield dict(zip(header, row, strict=True))


def _shown(value: Any) -> str:
    """A cell as the other files print it: shares are the numbers that are no whole ones."""
    if value is None:
        return ""
    if isinstance(value, float) or value in (0, 1):
        return f"{value:.1%}" if isinstance(value, float) else str(value)
    return str(value)


def _share(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else f"{value:.1%}"


def _breadth_sheet(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    *themes, last = rows
    for row in themes:
        for group in [*row][3:]:
            yield ("group", row["theme"], group), (str(row[group]),)
    for group in [*last][3:] if themes else ():
        yield ("total", group), (str(last[group]),)


def _heard_row(row: dict[str, Any]) -> Numbers:
    weight = "" if row["weight"] is None else f"{row['weight']:.2f}"
    return {
        heard_key(row["by"], row["group"]): (
            str(row["people"]), _share(row["share"]), _share(row["target"]), weight,
        )
    }  # fmt: skip


def _question_row(row: dict[str, Any]) -> Numbers:
    found: Numbers = {("answered", row["question"]): (str(row["answered"]),)}
    if row["figure"]:
        value = row["value"]
        printed = value if isinstance(value, str) else f"{value:.2f}"
        found["figure", row["question"], row["figure"]] = (printed,)
    elif row["choice"]:
        ends = (_share(row["low"]), _share(row["high"]))
        interval = "" if "hidden" in ends or "" in ends else " to ".join(ends)
        mean = "" if row["mean"] is None else f"{row['mean']:.2f}"
        found["choice", row["question"], row["choice"]] = (
            str(row["people"]), _share(row["share"]), interval, mean, _share(row["weighted_share"]),
        )  # fmt: skip
    return found


def _cross_row(row: dict[str, Any]) -> Numbers:
    name = "all" if row["row"] == "(all)" else row["row"]
    return {("cross", row["down"], row["across"], name, row["column"]): (str(row["people"]),)}


def _wave_row(row: dict[str, Any]) -> Numbers:
    unit = row["unit"] or ""
    digits = 1 if unit == "%" else 2
    values = (f"{round(row[name], digits):g}{unit}" for name in ("before", "after"))
    return {("wave", row["figure"]): (*values, "" if row["change"] is None else f"{row['change']:+.1%}")}


def _session_row(row: dict[str, Any]) -> Numbers:
    return {("session", row["session"]): (str(row["tables"]), str(row["notes"]))}


SHEETS = {
    "Who was heard": _heard_row,
    "Questions": _question_row,
    "Cross tables": _cross_row,
    "Waves": _wave_row,
    "Sessions": _session_row,
}


# Documents


def of_docx(data: bytes) -> Numbers:
    """The numbers of the document: its tables by the heading above them, pictures by their words."""
    document = docx.Document(io.BytesIO(data))
    found: Numbers = {}
    part = title = caption = ""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            rows = [[cell.text for cell in row.cells] for row in block.rows]
            found.update(_of_table(part, title, caption, rows))
            continue
        style, text = block.style.name, block.text
        if style == "Heading 1":
            part, title = text, ""
        elif style == "Heading 2":
            title = text
        elif style == "Caption":
            caption = text.partition(". ")[2]
        elif part == "At a glance" and text.startswith(("People heard", "Comments")):
            for name, value in re.findall(r"([A-Z][a-z ]+): ([\d.%]+)\. ", text):
                found["fact", FACTS[name]] = (value,)
        found.update(_of_paragraph(part, title, block))
    return found


def _of_paragraph(part: str, title: str, paragraph: Any) -> Numbers:
    if part == "Closed questions" and (
        answered := re.match(r"(\d+) (people|person) answered", paragraph.text)
    ):
        return {("answered", title): (answered[1],)}
    if part == "Closed questions" and paragraph.text == "How many people answered is hidden.":
        return {("answered", title): ("hidden",)}
    if not part.startswith("Themes") or not title:
        return {}
    found: Numbers = {}
    for picture in paragraph._p.iter(qn("wp:docPr")):
        _sentence, _dot, groups = picture.get("descr").partition(". ")
        for pair in groups.removesuffix(".").split("; "):
            name, _colon, count = pair.rpartition(": ")
            found["group", title, name] = (count,)
    return found


def _of_table(part: str, title: str, caption: str, rows: list[list[str]]) -> Numbers:
    header, *body = rows
    if part == "At a glance":
        return {("theme", row[0]): (row[1], row[2], *breadth(row[3])) for row in body}
    if part == "Who was heard":
        by = BY[caption.removeprefix("People heard by ")]
        return {heard_key(by, row[0]): _heard_cells(header, row) for row in body}
    if part == "Closed questions":
        return _of_question(title, header, body)
    if part == "Cross tables":
        across = caption.removeprefix(f"{header[0]} by ")
        return {
            ("cross", header[0], across, "all" if row[0] == "All" else row[0], column): (count,)
            for row in body
            for column, count in zip(header[1:], row[1:], strict=True)
        }
    if part == "Compared with an earlier study":
        return {("wave", row[0]): _wave_words(row[3]) for row in body}
    if part == "Sessions":
        return {("session", row[1]): (row[3], row[4]) for row in body}
    return {}


def _heard_cells(header: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    cells = dict(zip(header, row, strict=True))
    return (cells["People"], cells["Share"], cells.get("Target", ""), cells.get("Weight", ""))


def _of_question(title: str, header: Sequence[str], body: Sequence[Sequence[str]]) -> Numbers:
    if header[0] == "Figure":
        return {("figure", title, FIGURES[row[0]]): (row[1],) for row in body}
    found: Numbers = {}
    for row in body:
        cells = dict(zip(header, row, strict=True))
        interval = cells.get("Likely range (95 per cent)", "").replace("hidden", "")
        more = (cells.get("Mean", ""), cells.get("Share after weighting", ""))
        found["choice", title, row[0]] = (cells["People"], cells["Share"], interval, *more)
    return found


def _wave_words(words: str) -> tuple[str, str, str]:
    values, _colon, change = words.partition(": ")
    after, before = values.split(" against ")
    return before, after, change


# Slides


def of_pptx(data: bytes) -> Numbers:
    """The numbers of the slides: their words, tables, charts and notes."""
    first, *others = Presentation(io.BytesIO(data)).slides
    found: Numbers = {}
    for line in _notes(first):
        name, _colon, value = line.partition(": ")
        if name in FACTS:
            found["fact", FACTS[name]] = (value,)
    for slide in others:
        found.update(_of_slide(slide))
    return found


def _notes(slide: Any) -> list[str]:
    return list(slide.notes_slide.notes_text_frame.text.split("\n"))


def _of_slide(slide: Any) -> Numbers:
    title = slide.shapes.title.text
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for shape in slide.shapes
        if shape.has_table
    ]
    if title.startswith("People heard by "):
        ((header, *body),) = tables
        by = BY[title.removeprefix("People heard by ")]
        return {heard_key(by, row[0]): _heard_cells(header, row) for row in body}
    if title == "Compared with an earlier study":
        return {("wave", row[0]): _wave_words(row[3]) for row in tables[0][1:]}
    if any(BREADTH.search(text) for text in texts):
        return _theme_slide(title, texts, _notes(slide))
    answered = [re.match(r"(\d+) (?:people|person) answered|.*(hidden)\.", text) for text in texts]
    if answered := [one for one in answered if one]:
        found: Numbers = {("answered", title): (answered[0][1] or "hidden",)}
        for header, *body in tables or [[line.split(" | ") for line in _notes(slide) if " | " in line]]:
            found.update(_of_question(title, header, body))
        return found
    return {}


def _theme_slide(title: str, texts: Sequence[str], notes: Sequence[str]) -> Numbers:
    (words,) = [text for text in texts if BREADTH.search(text)]
    sizes = [re.match(r"(\d+) comments? \((.*)\)\.", text) for text in texts]
    size = next(((one[1], one[2]) for one in sizes if one), ("hidden", "hidden"))
    assert size[0] in texts
    found: Numbers = {("theme", title): (*size, *breadth(words))}
    for line in notes:
        if row := re.match(r"(.*): (\d+|hidden) of (\d+|hidden) comments", line):
            found["group", title, row[1]] = (row[2],)
            found["total", row[1]] = (row[3],)
    return found
