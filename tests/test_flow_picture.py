"""The picture of flows: bars, bands that meet them, names."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.flow_picture import GAP, LEAST, LEFT, RIGHT, STRAY, WIDTH, Band, End, Heads, flow_picture

SVG = "{http://www.w3.org/2000/svg}"
HEADS = Heads("In 2019", "Now")
OLD = [End("Buses", 0.5, "continued"), End("Trams & trains", 0.2, "dropped")]
NEW = [End("Buses", 0.4, "continued"), End("<b>Parks</b>", 0.1, "new")]
BANDS = [Band(0, 0, 0.8, 0.9, "continued", "From Buses to Buses"), Band(1, 0, 0.1, 0.05, STRAY, "Two went")]
Boxes = list[tuple[float, float]]


def drawing(old: list[End], new: list[End], bands: list[Band]) -> ElementTree.Element:
    text = str(flow_picture(old, new, bands, HEADS, "What became of it", "Buses go on"))
    assert "style=" not in text
    return ElementTree.fromstring(text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))


def bars(svg: ElementTree.Element, side: str) -> Boxes:
    """Top and bottom of each bar of a side."""
    found = [bar for bar in svg.iter(f"{SVG}rect") if (float(bar.attrib["x"]) == LEFT) == (side == "old")]
    return [(float(b.attrib["y"]), float(b.attrib["y"]) + float(b.attrib["height"])) for b in found]


def ends_of(band: ElementTree.Element) -> tuple[tuple[float, float], tuple[float, float]]:
    """Top and bottom of a band at the left and at the right."""
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", band.attrib["d"])]
    return (numbers[1], numbers[-1]), (numbers[7], numbers[8])


def test_bars_are_as_high_as_their_shares_and_keep_room_for_names() -> None:
    svg = drawing(OLD, NEW, BANDS)
    (first, second), (third, fourth) = bars(svg, "old"), bars(svg, "new")
    assert (first[1] - first[0]) / (second[1] - second[0]) == pytest.approx(2.5, rel=0.01)
    assert (first[1] - first[0]) / (third[1] - third[0]) == pytest.approx(1.25, rel=0.01)
    assert fourth[1] - fourth[0] == pytest.approx(52)
    tiny = bars(drawing([End("Small", 0.001, "dropped")] * 3, [], []), "old")
    assert [round(bottom - top) for top, bottom in tiny] == [LEAST] * 3
    assert tiny[1][0] - tiny[0][1] == pytest.approx(GAP)


def test_what_is_drawn_is_named() -> None:
    svg = drawing(OLD, NEW, BANDS)
    titles = [title.text for title in svg.iter(f"{SVG}title")]
    assert titles[0] == "What became of it"
    assert {"From Buses to Buses", "Two went", "<b>Parks</b>", "Trams & trains"} <= set(titles)
    words = "".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text"))
    assert all(word in words for word in ("In 2019", "Now", "1 Buses", "2 Trams & trains", "2 <b>Parks</b>"))
    assert [path.attrib["class"] for path in svg.iter(f"{SVG}path")] == ["f-stray", "f-continued"], (
        "what went astray lies below"
    )
    assert [bar.attrib["class"] for bar in svg.iter(f"{SVG}rect")] == [
        "f-continued",
        "f-dropped",
        "f-continued",
        "f-new",
    ]


def test_a_long_name_is_cut_where_the_picture_ends() -> None:
    svg = drawing([End("word " * 60, 0.1, "dropped"), End("x" * 200, 0.1, "dropped")], [], [])
    lines = [line.text or "" for line in svg.iter(f"{SVG}tspan")]
    assert max(map(len, lines)) <= 32
    assert lines[1].endswith("…")


def test_nothing_to_draw() -> None:
    svg = drawing([], [], [])
    assert list(svg.iter(f"{SVG}rect")) == []
    assert float(svg.attrib["height"]) > 0


shares = st.floats(0, 1)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(shares, min_size=1, max_size=8), st.lists(shares, min_size=1, max_size=8))
def test_bands_lie_within_their_bars_and_the_bars_within_the_picture(
    data: st.DataObject, olds: list[float], news: list[float]
) -> None:
    pairs = [(old, new) for old in range(len(olds)) for new in range(len(news))]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    bands = [Band(o, n, data.draw(shares), data.draw(shares), "merged", f"{o}-{n}") for o, n in chosen]
    svg = drawing([End("a", s, "merged") for s in olds], [End("b", s, "merged") for s in news], bands)
    old, new = bars(svg, "old"), bars(svg, "new")
    assert all(0 <= top < bottom <= float(svg.attrib["height"]) + 1 for top, bottom in old + new)
    by_name = {(path.find(f"{SVG}title").text): path for path in svg.iter(f"{SVG}path")}  # type: ignore[union-attr]
    for band in bands:
        left, right = ends_of(by_name[band.title])
        for (top, bottom), bar in ((left, old[band.old]), (right, new[band.new])):
            assert bar[0] - 0.2 <= top < bottom <= bar[1] + 2.2, "two units are the least that can be seen"
    assert len(by_name) == len(bands)
    assert WIDTH > RIGHT > LEFT > 0
