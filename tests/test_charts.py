"""Pictures: the numbers of their table, safe inside any page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.charts import (
    BAR_WIDTH,
    HEATS,
    HEIGHT,
    LEAST_MARK,
    STEP,
    Column,
    bar,
    breadth_strip,
    full_share,
    heat,
    pair_bar,
    share_bar,
    target_bar,
)

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=12)
HIDDEN = st.lists(st.tuples(st.none() | st.integers(0, 90), st.none() | st.integers(90, 500)), max_size=12)


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
    pictures = (
        ElementTree.tostring(drawn).decode(),
        breadth_strip([Column("A", None, 2)], 0.5, "t", "d"),
        bar(0.2, 0.4, "20 %"),
        bar(None, 0.4, "too few"),
        share_bar(0.5, "50 %", 0.4, 0.6),
        target_bar(0.5, 0.6, 1.0, "50 %"),
        pair_bar(1.0, 2.0, 2.0, "1, 2"),
    )
    for picture in pictures:
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


@given(HIDDEN)
def test_what_is_hidden_is_hatched_and_never_looks_like_nothing(
    counts: list[tuple[int | None, int | None]],
) -> None:
    columns = [Column(f"group {n}", count, total) for n, (count, total) in enumerate(counts)]
    drawn = strip(columns)
    hatched = [path.findtext("title") for path in drawn.findall("path[@class='few']")]
    assert hatched == [column.name for column in columns if column.count is None or column.total is None]
    filled = {int(mark.get("x", 0)) // STEP for mark in drawn.findall("g[@class='fill']/rect")}
    assert filled == {n for n, column in enumerate(columns) if column.share}
    for path in drawn.findall("path"):
        points = [tuple(map(int, pair)) for pair in re.findall(r"[ML](\d+) (\d+)", path.get("d", ""))]
        assert all(x <= len(columns) * STEP and y <= HEIGHT for x, y in points), "lines stay in the picture"


def test_a_hidden_share_has_a_bar_without_a_length() -> None:
    drawn = ElementTree.fromstring(bar(None, 0.5, "too few to show"))
    assert [rect.get("class") for rect in drawn.iter("rect")] == ["track"]
    assert drawn.find("path[@class='few']") is not None
    assert drawn.get("aria-label") == drawn.findtext("title") == "too few to show"


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_range_lies_where_its_shares_are(one: float, two: float, three: float) -> None:
    low, share, high = sorted((one, two, three))
    drawn = ElementTree.fromstring(share_bar(share, "x", low, high))
    fill = drawn.find("rect[@class='fill']")
    line = drawn.find("path[@class='range']")
    assert fill is not None
    assert line is not None
    ends = re.fullmatch(r"M(\d+) 2v8M\1 6H(\d+)M\2 2v8", line.get("d", ""))
    assert ends is not None
    assert int(ends[1]) <= int(fill.get("width", 0)) <= int(ends[2]) <= BAR_WIDTH
    assert int(ends[1]) == round(low * BAR_WIDTH)


def test_a_target_is_a_tick_across_the_bar() -> None:
    drawn = ElementTree.fromstring(target_bar(0.2, 0.5, 0.5, "20 %, target 50 %"))
    tick = drawn.find("path[@class='aim']")
    assert tick is not None
    assert tick.get("d") == f"M{BAR_WIDTH} 0v12"
    assert ElementTree.fromstring(target_bar(0.2, None, 0.5, "x")).find("path") is None


def test_two_figures_one_above_the_other() -> None:
    rects = list(ElementTree.fromstring(pair_bar(88.2, 96.4, 100, "88.2, 96.4")).iter("rect"))
    assert [(r.get("class"), r.get("width")) for r in rects if r.get("class") != "track"] == [
        ("earlier", str(round(0.882 * BAR_WIDTH))),
        ("fill", str(round(0.964 * BAR_WIDTH))),
    ]
    pair_bar(0, 0, 0, "nothing at all")


def test_cells_are_shaded_by_their_share() -> None:
    assert [heat(share) for share in (None, 0.0, 0.001, 0.24, 0.25, 0.5, 0.99, 1.0)] == [
        *("", "", "heat1", "heat1", "heat2", "heat3"),
        *(f"heat{HEATS}", f"heat{HEATS}"),
    ]
