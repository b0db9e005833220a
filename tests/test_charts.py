"""Pictures: the numbers of their table, safe inside any page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.charts import HEIGHT, LEAST_MARK, Column, bar, breadth_strip, full_share

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=12)


def strip(columns: list[Column]) -> ElementTree.Element:
    markup = breadth_strip(columns, full_share(columns), "Raised in some groups", "Who said what")
    return ElementTree.fromstring(markup)


def columns_of(counts: list[tuple[int, int]]) -> list[Column]:
    return [Column(f"group {n}", min(pair), max(pair)) for n, pair in enumerate(counts)]


@given(COUNTS)
def test_a_strip_has_a_track_per_group_and_a_mark_where_the_group_spoke(
    counts: list[tuple[int, int]],
) -> None:
    columns = columns_of(counts)
    tracks, marks = strip(columns).findall("g")
    places = [track.get("x") for track in tracks]
    assert len(places) == len(columns)
    spoke = [(column, place) for column, place in zip(columns, places, strict=True) if column.count]
    assert [mark.get("x") for mark in marks] == [place for _column, place in spoke]
    for mark, (column, _place) in zip(marks, spoke, strict=True):
        assert LEAST_MARK <= int(mark.get("height", 0)) <= HEIGHT
        assert int(mark.get("y", 0)) + int(mark.get("height", 0)) == HEIGHT
        assert mark.findtext("title") == f"{column.name}: {column.share:.0%}"


def test_marks_are_as_high_as_the_shares() -> None:
    columns = [Column("A", 40, 100), Column("B", 20, 100), Column("C", 1, 1000), Column("D", 0, 9)]
    assert full_share(columns) == 0.4
    marks = [int(mark.get("height", 0)) for mark in strip(columns).findall("g[@class='fill']/rect")]
    assert marks == [HEIGHT, HEIGHT // 2, LEAST_MARK]


@pytest.mark.parametrize(
    ("share", "full"), [(0.0, 0.1), (0.05, 0.1), (0.1, 0.1), (0.101, 0.1), (0.31, 0.4), (1.0, 1.0)]
)
def test_the_scale_goes_up_in_tens(share: float, full: float) -> None:
    assert full_share([Column("A", round(share * 1000), 1000)]) == full


def test_a_picture_has_title_and_description_and_no_style() -> None:
    drawn = strip([Column("A", 1, 2)])
    assert drawn.get("role") == "img"
    assert drawn[0].text == drawn.findtext("title") == "Raised in some groups"
    assert drawn.findtext("desc") == "Who said what"
    for picture in (ElementTree.tostring(drawn).decode(), bar(0.2, 0.4, "20 %")):
        assert not re.search(r"style=|<style|fill=|on\w+=", picture)


def test_names_of_groups_are_text() -> None:
    hostile = '"><script>alert(1)</script>{0}%s'
    columns = [Column(hostile, 1, 2)]
    drawn = ElementTree.fromstring(breadth_strip(columns, 0.5, hostile, hostile))
    assert drawn.findtext("title") == drawn.findtext("desc") == hostile
    assert not list(drawn.iter("script"))
    assert (drawn.findtext("g/rect/title") or "").startswith(hostile)


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    lengths = [
        int(rect.get("width", 0))
        for share in (0.0, 0.1, 0.2)
        for rect in ElementTree.fromstring(bar(share, 0.2, "x")).iter("rect")
        if rect.get("class") == "fill"
    ]
    assert lengths == [0, 80, 160]
    assert "width" in bar(0.0, 0.0, "nothing at all")
