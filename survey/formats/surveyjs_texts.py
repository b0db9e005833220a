"""SurveyJS's questions that are not chosen from a list: texts, numbers, days, yes and no, sliders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.formats.expressions_values import Target
from survey.formats.plain_words import shortened
from survey.formats.surveyjs_context import Doc
from survey.formats.surveyjs_making import Making

MOST_SHORT, MOST_LONG = 1000, 5000
NUMBERS = frozenset({"number", "range"})
# Kinds of fields that are a line of text here; of the last ones that is told.
LINES = frozenset({"text", "tel", "url", "password", "search"})
MOMENTS = frozenset({"datetime", "datetime-local"})
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
BOOL = {"true": "yes", "false": "no"}


def text(making: Making) -> None:
    """A line of text, or what its kind of field and its checks make of it."""
    doc = text_doc(making, making.node)
    both_parts = str(making.get("inputType") or "text").lower() in MOMENTS
    making.define(Target(making.add(doc), numeric=doc["type"] == "number"))
    if both_parts:
        making.changed(_("It asked for a day and a time; here these are two questions."))
        clock, title = making.known("time"), making.title()
        labels = {
            tag: f"{said} – {clock.get(tag, clock[making.context.first])}" for tag, said in title.items()
        }
        making.add({"type": "time"}, f"{making.name}-time", labels)


def text_doc(making: Making, node: Mapping[str, Any]) -> Doc:
    """The question that a field for text is: of an element, of an item, or of a column of a table."""
    part = Making(making.context, node, making.name, making.scope, making.place)
    kind = str(part.get("inputType") or "text").lower()
    part.get("min", "max", "step", "maxLength", "maskType", "maskSettings")
    checks = checks_of(making, node)
    if kind == "email" or "email" in checks:
        doc: Doc = {"type": "email"}
    elif kind in NUMBERS or "numeric" in checks:
        doc = _number(part, checks.get("numeric", {}))
    elif kind == "date" or kind in MOMENTS:
        doc = {"type": "date", **_ends(part, ISO_DAY, 10, making)}
    elif kind == "time":
        doc = {"type": "time", **_ends(part, CLOCK, 5, making)}
    else:
        doc = _line(making, part, kind, checks)
    making.used |= part.used
    return doc


def _line(making: Making, part: Making, kind: str, checks: dict[str, Any]) -> Doc:
    if kind not in LINES:
        making.changed(_("It was a field for “%(kind)s”; here it is a line of text.", kind=kind[:40]))
    length = part.whole(1, MOST_SHORT, "maxLength") or checks.get("length")
    return {"type": "short_text", "max_length": length or MOST_SHORT}


def _number(part: Making, check: Mapping[str, Any]) -> Doc:
    step = part.number("step")
    digits = len(str(step).partition(".")[2]) if isinstance(step, float) else 0
    doc: Doc = {"type": "number", "decimals": 6 if step is None else min(digits, 6)}
    for name, own, theirs in (("min", "min", "minValue"), ("max", "max", "maxValue")):
        end = part.number(own)
        end = check.get(theirs) if end is None else end
        if isinstance(end, int | float) and not isinstance(end, bool) and abs(end) <= 10**12:
            doc[name] = end
    if doc.get("min", 0) > doc.get("max", float("inf")):
        doc = {key: value for key, value in doc.items() if key not in ("min", "max")}
        part.left_out(_("Its smallest number is larger than its largest; both are left out."))
    return doc


def _ends(part: Making, pattern: re.Pattern[str], length: int, making: Making) -> Doc:
    """The first and last day or time."""
    found: Doc = {}
    for name, setting in (("earliest", "min"), ("latest", "max")):
        value = part.get(setting)
        if isinstance(value, str) and pattern.match(value):
            found[name] = value[:length]
        elif value not in (None, ""):
            making.left_out(_("The bound “%(day)s” is left out: it is no day.", day=str(value)[:60]))
    return found


def checks_of(making: Making, node: Mapping[str, Any]) -> dict[str, Any]:
    """The checks of a field that a type or a bound of ours stands for; the others are told."""
    found: dict[str, Any] = {}
    listed = node.get("validators")
    for check in listed if isinstance(listed, list) else []:
        kind = str(check.get("type", "")) if isinstance(check, dict) else ""
        kind = kind.removesuffix("validator")
        if kind in ("email", "numeric"):
            found[kind] = check
        elif kind == "text" and isinstance(check.get("maxLength"), int) and not check.get("minLength"):
            found["length"] = max(1, min(check["maxLength"], MOST_SHORT))
        elif kind != "answercount":
            said = (
                str(check.get("regex") or check.get("expression") or check) if isinstance(check, dict) else ""
            )
            making.left_out(
                _("A check is left out (%(kind)s: %(what)s). Say in the help what you expect.",
                  kind=kind or "?", what=shortened(said, 120))
            )  # fmt: skip
    return found


def day(making: Making) -> None:
    """A widget for days."""
    making.node = {**making.node, "inputType": "date"}
    text(making)


def comment(making: Making) -> None:
    """As much text as one likes."""
    checks = checks_of(making, making.node)
    length = making.whole(1, MOST_LONG, "maxLength") or checks.get("length")
    making.get("rows")
    doc: Doc = {"type": "long_text"} | ({"max_length": length} if length else {})
    making.define(Target(making.add(doc)))


def boolean(making: Making) -> None:
    """Yes or no; with words of its own it is a choice of two."""
    yes, no = making.words("labelTrue"), making.words("labelFalse")
    true, false = making.get("valueTrue"), making.get("valueFalse")
    codes = {**BOOL, **({str(true): "yes"} if true is not None else {}),
             **({str(false): "no"} if false is not None else {})}  # fmt: skip
    doc: Doc = {"type": "yes_no"}
    if yes or no:
        labels = {"yes": yes or making.known("yes"), "no": no or making.known("no")}
        maker = making.context.maker
        choices = [
            {"id": id, "label": maker.words(label, 300, making.name, making.place)}
            for id, label in labels.items()
        ]
        doc = {"type": "one_choice", "choices": choices}
    making.define(Target(making.add(doc), "choice", codes=codes))


def slider(making: Making) -> None:
    """A slider is a number."""
    making.changed(_("The slider is a field for a number here."))
    making.get("sliderType", "rangeMin", "rangeMax", "pipsMode", "pipsValues", "labels", "tooltips")
    making.define(Target(making.add(_number(making, {})), numeric=True))
