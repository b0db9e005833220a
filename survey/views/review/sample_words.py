"""Agreement in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

WELL, FAIRLY = 0.8, 0.667
"""Krippendorff (Content Analysis, chapter 11): rely on 0.8 and more; on 0.667 for first conclusions only."""
WIDE, NARROW = 0.3, 0.15

# What the worker says it is doing, here so that it is translated.
STAGES = (_l("Comparing the two coders"), _l("Storing the agreement"))
WORDS = {"well": _l("agree well"), "fairly": _l("agree fairly"), "hardly": _l("hardly agree")}


def level(value: float | None) -> str:
    """ "well", "fairly" or "hardly"; "" where there is no value."""
    if value is None:
        return ""
    return "well" if value >= WELL else "fairly" if value >= FAIRLY else "hardly"


def level_words(value: float | None) -> str:
    """The level in the page's language."""
    return str(WORDS[level(value)]) if value is not None else ""


def reading(figure: Mapping[str, Any], comments: int) -> str:
    """What a figure of agreement says, with how sure that is."""
    if figure["value"] is None:
        return str(_("Both said the same of every comment, so nothing tells agreement from chance."))
    said = {
        "well": _("The two agree well: others would likely code as they do."),
        "fairly": _("The two agree fairly: enough for first conclusions, not for fine differences."),
        "hardly": _(
            "The two hardly agree. Make clearer what belongs to each theme, then draw another sample."
        ),
    }
    return f"{said[level(figure['value'])]} {_sureness(figure, comments)}".strip()


def _sureness(figure: Mapping[str, Any], comments: int) -> str:
    if figure["low"] is None:
        return ""
    width = figure["high"] - figure["low"]
    with_comments = ngettext("With %(num)s comment", "With %(num)s comments", comments)
    if width > WIDE:
        return str(
            _(
                "%(with_comments)s the interval is wide: a larger sample would tell more.",
                with_comments=with_comments,
            )
        )
    if width > NARROW:
        return str(_("%(with_comments)s the interval is of middle width.", with_comments=with_comments))
    return str(_("%(with_comments)s the interval is narrow.", with_comments=with_comments))
