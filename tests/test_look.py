"""Colours have contrast, computed from the tokens; templates are used and keep to the policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CSS = (ROOT / "survey" / "static" / "survey.css").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
BODY, TEXT, CONTROL = 7.0, 4.5, 3.0
PAIRS = [
    ("ink", "paper", BODY),
    ("ink", "card", BODY),
    ("ink", "accent-wash", BODY),
    ("ink", "warm-wash", BODY),
    ("ink", "good-wash", BODY),
    ("ink", "bad-wash", BODY),
    ("ink-soft", "paper", TEXT),
    ("ink-soft", "card", TEXT),
    ("ink-soft", "accent-wash", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "card", TEXT),
    ("accent", "accent-wash", TEXT),
    ("accent-ink", "accent", TEXT),
    ("warm", "warm-wash", TEXT),
    ("good", "good-wash", TEXT),
    ("bad", "card", TEXT),
    ("bad", "paper", TEXT),
    ("line-strong", "card", CONTROL),
    ("line-strong", "paper", CONTROL),
    ("warm", "paper", CONTROL),
]


def tokens(theme: str) -> dict[str, str]:
    """The colour tokens of the light or dark theme."""
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    block = light if theme == "light" else dark.split("* {", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(theme: str, front: str, back: str, least: float) -> None:
    colours = tokens(theme)
    bright, dim = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= least


def test_colours_come_from_tokens_only() -> None:
    rules = re.sub(r":root \{.*?\n  ?\}", "", CSS, flags=re.S)
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[;, ])", rules) in ([], ["#000"])  # black on paper in print


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_templates_keep_to_the_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! src=)|https?://(?!www\.w3\.org)", text
    )
    assert "| safe" not in text
    assert "|safe" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_form_has_token_and_end_marker(path: Path) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.S):
        assert "form_start()" in form, form[:80]
        assert re.search(r"form_end\(\) \}\}\s*</form>$", form), f"the end marker is not last: {form[:80]}"


def test_every_macro_and_template_is_used() -> None:
    texts = {p: p.read_text(encoding="utf-8") for p in TEMPLATES}
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "survey").rglob("*.py")) + "\n".join(
        texts.values()
    )
    for path, text in texts.items():
        # Respondents' pages are named without their folder, which their view adds.
        names = (f"{path.parent.name}/{path.name}", f'"{path.name}"')
        assert any(name in code for name in names), f"{path.name} is used nowhere"
        for macro in re.findall(r"{% macro (\w+)", text):
            assert len(re.findall(rf"\b{macro}\b", code)) > 1, f"macro {macro} is used nowhere"
