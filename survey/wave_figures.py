"""How a figure has changed from one wave to the next, and how that is printed."""

from __future__ import annotations


def change(before: float, after: float) -> float | None:
    """The relative change, `after / before - 1`: from 88.2 to 96.4 it is 0.093; None from nothing."""
    return after / before - 1 if before else None


def in_words(changed: float | None) -> str:
    """A relative change as it is printed: "+9.3 %", "-12.0 %", "0.0 %"; empty for none."""
    if changed is None:
        return ""
    text = f"{changed * 100:+.1f}"
    return "0.0 %" if text in ("+0.0", "-0.0") else f"{text} %"
