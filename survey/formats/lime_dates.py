"""LimeSurvey's question for a day, a time, or both."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

from survey.formats.expressions_values import Target
from survey.formats.lime_checks import bounds
from survey.formats.lime_making import Doc, Making
from survey.formats.lime_words import words

# Parts of a format there: d, m and Y are days; H and M (behind H) hours and minutes.
CLOCK = re.compile(r"[Hh]")
DAY = re.compile(r"[dDyY]|(?<![Hh:.\-\s])m")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def date(making: Making) -> None:
    """D: a day, a time, or both, as its format says."""
    pattern = making.setting("date_format")
    has_clock = bool(CLOCK.search(pattern))
    has_day = bool(DAY.search(re.sub(r"[Hh]{1,2}\W?M{1,2}", "", pattern))) or not has_clock
    ends = {"earliest": making.setting("date_min"), "latest": making.setting("date_max")} | bounds(
        making, "day"
    )
    if has_clock and not has_day:
        making.define(making.code, Target(making.add({"type": "time"})))
        return
    if pattern and not re.search(r"[dD]", pattern):
        making.changed(_("It asked for a month or a year; here it asks for a day."))
    making.define(making.code, Target(making.add({"type": "date", **_days(making, ends)})))
    if has_clock:
        making.changed(_("It asked for a day and a time; here these are two questions."))
        labels = making.text(making.question.texts)
        clock = words("time", making.context.languages)
        first = making.context.languages[0]
        both = {tag: f"{text} – {clock.get(tag, clock[first])}" for tag, text in labels.items()}
        making.add({"type": "time"}, f"{making.code}_time", both)


def _days(making: Making, ends: dict[str, Any]) -> Doc:
    found = {}
    for name, text in ends.items():
        day = str(text or "").strip()
        if ISO_DAY.match(day):
            found[name] = day[:10]
        elif re.fullmatch(r"[0-9]{4}", day):
            found[name] = f"{day}-01-01" if name == "earliest" else f"{day}-12-31"
        elif day:
            making.changed(_("The bound “%(day)s” is a formula and left out.", day=day[:80]))
    return found
