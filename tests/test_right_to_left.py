"""Pages turn round from right to left: styles name starts and ends, never left and right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STYLES = sorted((ROOT / "survey" / "static").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"[{;]\s*(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)[a-z-]*\s*:"
    r"|(?:left|right)\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)\b)"
)
FOUR_SIDES = re.compile(r"[{;]\s*((?:margin|padding|inset|border-width)\s*:\s*([^;}]+))")
PIECE = re.compile(r"(?:[a-z-]+\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\s()]+)+")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_style_names_left_or_right(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    # The window of an envelope stays where it is.
    css = re.sub(r"\.letter [^{}]*\{[^}]*\}", "", css)
    assert PHYSICAL.findall(css) == []
    uneven = [
        whole
        for whole, value in FOUR_SIDES.findall(css)
        if len(sides := PIECE.findall(value)) == 4 and sides[1] != sides[3]
    ]
    assert uneven == []


def test_the_check_would_find_them() -> None:
    assert PHYSICAL.search("a { margin-left: 1rem }")
    assert PHYSICAL.search("a { color: red; text-align: right }")
    assert PHYSICAL.search("a { position: absolute; left: 0 }")
    assert not PHYSICAL.search("a { margin-inline-start: 1rem; inset-inline-start: 0; text-align: end }")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_language_said_is_a_direction_said(path: Path) -> None:
    """Words in another language of their own may run the other way: `lang` comes with `dir`."""
    for tag in re.findall(r"<[a-z][^<>]*\blang=[^<>]*>", path.read_text("utf-8")):
        fixed = re.search(r"<option|<a |<html", tag) or "page_language" in tag
        assert "dir=" in tag or fixed, tag
