"""The map as SVG: what is drawn, named and kept apart."""

from __future__ import annotations

import random
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from survey.map_picture import (
    COLOURS,
    HEIGHT,
    SHAPES,
    WIDTH,
    Box,
    Dot,
    Island,
    key_mark,
    look,
    map_picture,
)

SVG = "{http://www.w3.org/2000/svg}"


def drawing(dots: list[Dot], islands: list[Island]) -> ElementTree.Element:
    text = map_picture(dots, islands, "Map", "Comments by theme", "In no theme")
    return ElementTree.fromstring(str(text).replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))


def islands_of(count: int, name: str = "Buses and trains that come late") -> list[Island]:
    return [Island(theme, f"{name} {theme}") for theme in range(1, count + 1)]


def scattered(count: int, themes: int, seed: int = 0) -> list[Dot]:
    """Dots around a middle for each theme, and some in none."""
    draw = random.Random(seed)
    middles = [(draw.random(), draw.random()) for _ in range(themes + 1)]
    made = []
    for number in range(count):
        x, y = middles[number % (themes + 1)]
        place = min(1, max(0, draw.gauss(x, 0.07))), min(1, max(0, draw.gauss(y, 0.07)))
        made.append(Dot(*place, number % (themes + 1) or None))
    return made


def plates(svg: ElementTree.Element) -> list[Box]:
    found = []
    for one in svg.iter(f"{SVG}rect"):
        x, y, width, height = (float(one.attrib[key]) for key in ("x", "y", "width", "height"))
        found.append(Box(x, y, x + width, y + height))
    return found


def test_every_comment_has_a_mark_with_the_name_of_its_theme() -> None:
    svg = drawing(
        [Dot(0, 0, 4), Dot(1, 1, 9), Dot(0.5, 0.5, 9), Dot(0.2, 0.3, None)],
        [Island(9, "Buses"), Island(4, "<Trees>")],
    )
    groups = {
        group.findtext(f"{SVG}title"): group
        for group in svg.iter(f"{SVG}g")
        if group.find(f"{SVG}use") is not None
    }
    found = {
        name: (
            group.get("class"),
            [(use.get("href"), use.get("x"), use.get("y")) for use in group.iter(f"{SVG}use")],
        )
        for name, group in groups.items()
    }
    assert found == {
        "Buses": ("m1", [("#map-circle", "480", "320"), ("#map-circle", "934", "614")]),
        "<Trees>": ("m2", [("#map-square", "26", "26")]),
        "In no theme": ("m0", [("#map-ring", "208", "202")]),
    }
    drawn = {path.get("id") for path in svg.iter(f"{SVG}path")}
    assert {str(href)[1:] for _, uses in found.values() for href, _, _ in uses} <= drawn
    assert [text.text for text in svg.iter(f"{SVG}tspan")] == ["1 Buses", "2 <Trees>"]
    assert (svg.findtext(f"{SVG}title"), svg.findtext(f"{SVG}desc")) == ("Map", "Comments by theme")
    assert svg.get("role") == "img"


def test_it_is_small_and_keeps_to_the_policy() -> None:
    text = map_picture(scattered(1500, 30), islands_of(30), "Map", "Comments", "In no theme")
    assert len(text.encode()) < 100_000
    assert not re.search(r"style=|<style|<script|\son\w+=|fill=|stroke=|https?:", text)
    assert text.count("<use ") == 1500


def test_colour_and_shape_tell_themes_apart() -> None:
    looks = [look(number) for number in range(COLOURS * len(SHAPES))]
    assert len(set(looks)) == len(looks)
    assert {colour for colour, _ in looks} == {f"m{number}" for number in range(1, 13)}
    for one, other in zip(looks, looks[1:], strict=False):
        assert one[0] != other[0]
    for near in zip(*(looks[start:COLOURS] for start in range(4)), strict=False):
        assert len({shape for _, shape in near}) == 4


@pytest.mark.parametrize("seed", range(6))
def test_names_keep_apart_and_inside(seed: int) -> None:
    svg = drawing(scattered(600, 20, seed), islands_of(20))
    boxes = plates(svg)
    assert len(boxes) >= 18
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    for box in boxes:
        assert box.left >= 0
        assert box.top >= 0
        assert box.right <= WIDTH
        assert box.bottom <= HEIGHT


def test_a_name_stands_by_its_island_and_not_on_another() -> None:
    draw = random.Random(2)
    dots = [Dot(0.3 + draw.gauss(0, 0.03), 0.5 + draw.gauss(0, 0.05), 1) for _ in range(50)]
    dots += [Dot(0.42 + draw.gauss(0, 0.03), 0.5 + draw.gauss(0, 0.05), 2) for _ in range(200)]
    boxes = plates(drawing(dots, [Island(1, "Parks"), Island(2, "Trees")]))
    assert len(boxes) == 2
    small = boxes[1]
    assert abs((small.left + small.right) / 2 - 0.3 * WIDTH) < 130
    covered = [
        dot
        for dot in dots
        if dot.theme == 2
        and small.left < dot.x * WIDTH < small.right
        and small.top < dot.y * HEIGHT < small.bottom
    ]
    assert len(covered) < 20


def test_long_names_are_cut_and_crowded_ones_give_way_to_numbers() -> None:
    svg = drawing([Dot(0.5, 0.5, 1)], [Island(1, "word " * 40)])
    lines = [text.text or "" for text in svg.iter(f"{SVG}tspan")]
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert max(map(len, lines)) <= 22
    assert svg.findall(f".//{SVG}title")[1].text == "word " * 40
    crowd = drawing([Dot(0.5, 0.5, theme) for theme in range(1, 101)], islands_of(100))
    assert not any(one.meets(other) for one, other in combinations(plates(crowd), 2))
    named = [text.text or "" for text in crowd.iter(f"{SVG}tspan")]
    assert any(text.isdigit() for text in named)


def test_a_theme_without_an_island_and_places_outside() -> None:
    svg = drawing([Dot(-3, 7, 8), Dot(0.5, 0.5, 1)], [Island(1, "Buses"), Island(2, "Nobody")])
    titles = [title.text for title in svg.iter(f"{SVG}title")]
    assert titles == ["Map", "In no theme", "Buses"]
    assert [(use.get("x"), use.get("y")) for use in svg.iter(f"{SVG}use")] == [("26", "614"), ("480", "320")]


def test_nothing_to_draw() -> None:
    svg = drawing([], islands_of(2))
    assert not list(svg.iter(f"{SVG}use"))
    assert not list(svg.iter(f"{SVG}text"))


def test_the_key_shows_the_same_mark() -> None:
    mark = key_mark(13)
    colour, shape = look(13)
    assert f'class="{colour}"' in mark
    assert SHAPES[shape] in mark
    assert 'aria-hidden="true"' in mark
    assert 'class="m0"' in key_mark(None)
