"""The numbers of a summary as its pages have them, on the screen and in the report file: lxml reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from tests.golden.expected import Numbers, heard_key
from tests.golden.office import breadth

FACTS = {
    "person heard": "people",
    "people heard": "people",
    "answer to a survey": "responses",
    "answers to surveys": "responses",
    "comment": "comments",
    "comments": "comments",
    "group": "audiences",
    "groups": "audiences",
    "theme": "themes",
    "themes": "themes",
    "in no theme": "no theme",
}
FIGURES = {"Mean": "mean", "Median": "median", "Mean, likely from": "low", "Mean, likely to": "high"}
BY = {"By group": "audience", "By channel": "channel", "By language": "language", "By unit": "unit"}


def of_page(text: str) -> Numbers:
    """The numbers of a page of a frozen summary."""
    page = html.fromstring(text)
    for part in page.xpath("//style|//script|//svg|//*[contains(@class, 'visually-hidden')]"):
        part.drop_tree()
    found: Numbers = {}
    for span in page.xpath("(//*[@class='facts'])[1]/span"):
        value = _words(span.find("b"))
        found["fact", FACTS[_words(span).removeprefix(value).strip()]] = (value.replace(",", ""),)
    for table in page.iter("table"):
        found.update(_of_table(table))
    for part in page.xpath("//section[contains(@class, 'question-block')]"):
        found.update(_of_question(part))
    return found


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def _rows(table: Any) -> tuple[list[str], list[list[Any]]]:
    first, *others = table.iter("tr")
    return [_words(cell) for cell in first], [list(row) for row in others]


def _of_table(table: Any) -> Numbers:
    header, rows = _rows(table)
    if header[0] == "Theme" and "Breadth" in header:
        return dict(_themes(header, rows))
    if header[0] == "Theme":
        return dict(_groups(header, rows))
    if header[0] == "Meeting":
        return {("session", _words(row[0])): tuple(_words(cell) for cell in row[3:5]) for row in rows}
    if header[0] == "Figure":
        return {("wave", _words(row[0])): _dashless(*(_words(row[at]) for at in (1, 2, 4))) for row in rows}
    if header[0] == "Group" and "People" in header:
        return dict(_heard(table, header, rows))
    if "cross" in table.get("class", ""):
        return dict(_cross(table, header, rows))
    return {}


def _dashless(*values: str) -> tuple[str, ...]:
    return tuple("" if value == "–" else value for value in values)


def _themes(header: list[str], rows: list[list[Any]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for row in rows:
        cells = dict(zip(header, map(_words, row), strict=True))
        words = cells["Breadth"].replace(" groups", "").replace(" group", "").replace(" likely", ", likely")
        yield ("theme", cells["Theme"]), (cells["Comments"], cells["Share"], *breadth(words))


def _groups(header: list[str], rows: list[list[Any]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    *themes, last = rows
    for row in (*themes, last):
        for group, cell in zip(header[1:-1], row[1:-1], strict=True):
            count = (_words(cell).split(" ")[0],)
            yield (("total", group) if row is last else ("group", _words(row[0]), group)), count


def _title_of(table: Any) -> str:
    return _words(table.xpath("ancestor::section[1]/*[self::h2 or self::h3 or self::h4]")[0])


def _heard(
    table: Any, header: list[str], rows: list[list[Any]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    by = BY[_title_of(table)]
    for row in rows:
        for chip in row[0].xpath(".//*[contains(@class, 'chip')]"):
            chip.drop_tree()
        cells = dict(zip(header, map(_words, row), strict=True))
        more = (cells.get("Target", ""), cells.get("Weight", ""))
        yield heard_key(by, cells["Group"]), _dashless(cells["People"], cells["Share"], *more)


def _cross(
    table: Any, header: list[str], rows: list[list[Any]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    across = _title_of(table).removeprefix(f"{header[0]} by ")
    for row in rows:
        name = "all" if _words(row[0]) == "All of the column" else _words(row[0])
        for column, cell in zip(header[1:], row[1:], strict=True):
            yield ("cross", header[0], across, name, column), (_words(cell).split(" ")[0],)


def _of_question(part: Any) -> Numbers:
    label = _words(part[0])
    answered = re.match(r"(\d+)", _words(part[1]))
    found: Numbers = {("answered", label): (answered[1] if answered else "hidden",)}
    for table in part.iter("table"):
        header, rows = _rows(table)
        for row in rows:
            cells = dict(zip(header, map(_words, row), strict=True))
            more = (cells.get("Likely", ""), cells.get("Mean", ""), cells.get("Weighted", ""))
            found["choice", label, cells["Answer"]] = _dashless(cells["People"], cells["Share"], *more)
    for name, value in zip(part.xpath(".//dl/div/dt"), part.xpath(".//dl/div/dd"), strict=True):
        found["figure", label, FIGURES[_words(name)]] = (_words(value),)
    return found
