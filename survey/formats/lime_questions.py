"""LimeSurvey's single questions, one function a kind: texts, numbers, dates, choices, rankings."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from survey.formats.expressions_values import CannotSay, Rule, Target, denied, joined
from survey.formats.lime_checks import bounds
from survey.formats.lime_making import Doc, Making
from survey.formats.lime_model import Option
from survey.formats.lime_words import words
from survey.formats.survey_maker import notes

MOST_SHORT, MOST_LONG = 1000, 5000
MOST_CHOICES, MOST_PARTS = 500, 100
FIRST, SECOND = 0, 1
# What LimeSurvey calls a chosen "other", and what authors write for it.
OTHER_CODES = {"-oth-": "other", "other": "other"}
EMAIL = re.compile(r"@.*\\?\.", re.DOTALL)


def statement(making: Making) -> None:
    """X: text to read."""
    texts, helps = making.text(making.question.texts), making.help()
    both = {tag: "\n".join(filter(None, (texts.get(tag), helps.get(tag)))) for tag in {**texts, **helps}}
    more = {"show_if": making.rule} if making.rule else {}
    more |= {"origin": notes(making.notes)} if making.notes else {}
    if making.context.maker.statement(both, making.code, making.place, more):
        making.made.append("statement")
    elif not both:
        making.context.maker.say("left out", making.code, _("It has no text."), making.place)
    making.context.names.gone[making.code] = "statement"


def short_text(making: Making) -> None:
    """S: one line; a number or an e-mail address where that is what it takes."""
    if making.yes("numbers_only"):
        number(making)
    elif _is_email(making):
        making.define(making.code, Target(making.add({"type": "email"})))
    else:
        _text(making, {"type": "short_text"}, MOST_SHORT, "maximum_chars")


def long_text(making: Making) -> None:
    """T and U: as much text as one likes."""
    _text(making, {"type": "long_text"}, MOST_LONG, "maximum_chars")


def _text(making: Making, doc: Doc, most: int, setting: str) -> None:
    affixes(making)
    check = bounds(making, "text")
    length = making.whole(setting, 1, most) or check.pop("max_length", None)
    if length or most == MOST_SHORT:
        doc["max_length"] = min(length or most, most)
    making.define(making.code, Target(making.add(doc)))


def _is_email(making: Making) -> bool:
    """Whether its check is one for addresses of e-mail."""
    checks = (making.question.validation, _raw(making, "em_validation_q"))
    found = any(EMAIL.search(check) and ("@" in check) for check in checks if _is_pattern(check))
    if found:
        making.used.add("em_validation_q")
        making.question.validation = ""
        making.changed(_("Its check is for e-mail addresses, so it is an e-mail question here."))
    return found


def _is_pattern(check: str) -> bool:
    return check.startswith("/") or "regexmatch" in check.lower()


def _raw(making: Making, name: str) -> str:
    return next(iter(making.question.attributes.get(name, {}).values()), "")


def number(making: Making) -> None:
    """N: a number."""
    doc = number_doc(making, "min_num_value_n", "max_num_value_n")
    making.define(making.code, Target(making.add(doc), numeric=True))


def number_doc(making: Making, least: str, most: str) -> Doc:
    """A number with the bounds, decimals and unit that the settings give it."""
    doc: Doc = {"type": "number", "decimals": 0 if making.yes("num_value_int_only") else 6}
    making.used.add("maximum_chars")
    unit = affixes(making)
    doc |= {"unit": unit} if unit else {}
    ends = {"min": making.number(least), "max": making.number(most)} | bounds(making, "number")
    doc |= {key: end for key, end in ends.items() if end is not None and key in ("min", "max")}
    if doc.get("min", 0) > doc.get("max", float("inf")):
        making.changed(_("Its smallest number is larger than its largest; both are left out."))
        doc = {key: value for key, value in doc.items() if key not in ("min", "max")}
    return doc


def affixes(making: Making) -> dict[str, str]:
    """What stands before and after the field: a unit, told where it cannot stand there."""
    before, after = making.setting_words("prefix"), making.setting_words("suffix")
    unit = after or before
    if before:
        said = next(iter(before.values()))
        making.changed(_("“%(text)s” stood before the field; it is a unit here or left out.", text=said[:80]))
    elif after and making.question.type not in "NK":
        making.changed(_("“%(text)s” stood behind the field; it is left out.",
                         text=next(iter(after.values()))[:80]))  # fmt: skip
    if not unit or any(len(text) > 40 or "${" in text for text in unit.values()):
        return {}
    return making.context.maker.words(unit, 40, making.code, making.place)


def yes_no(making: Making) -> None:
    """Y: yes or no."""
    codes = {"Y": "yes", "N": "no"}
    making.define(making.code, Target(making.add({"type": "yes_no"}), "choice", codes=codes))


def gender(making: Making) -> None:
    """G: female or male, as LimeSurvey asks it."""
    choices = [{"id": "F", "label": making.known("female")}, {"id": "M", "label": making.known("male")}]
    codes = {"F": "F", "M": "M"}
    making.define(
        making.code, Target(making.add({"type": "one_choice", "choices": choices}), "choice", codes=codes)
    )


def five_points(making: Making) -> None:
    """5: from 1 to 5."""
    making.changed(_("The ends of the scale have no words there; “lowest” and “highest” stand here now."))
    ends = {"low": making.known("lowest"), "high": making.known("highest")}
    doc = {"type": "scale", "points": 5, "first": 1, "no_answer": False, **ends}
    making.define(making.code, Target(making.add(doc), numeric=True))


def one_choice(making: Making) -> None:
    """L, ! and O: one of a list; O has a field for a comment."""
    question = making.question
    has_other = _has_other(making)
    choices, codes = making.choices(question.answers, has_other)
    filtered(making, question.answers, choices)
    look = {"L": "radio", "O": "radio"}.get(question.type, "select")
    doc: Doc = {"type": "one_choice", "choices": choices, "look": look, "other": has_other}
    if len(choices) > MOST_CHOICES:
        making.changed(_("It has more than %(most)s choices, so people type theirs.", most=MOST_CHOICES))
        doc = {"type": "place", "choices": choices}
    if not choices:
        _no_choices(making)
        return
    codes |= {key: value for key, value in OTHER_CODES.items() if has_other and key not in codes}
    found = Target(making.add(doc), "choice", codes=codes)
    making.define(making.code, found)
    if has_other:
        making.define(f"{making.code}_other", Target(found.question, part="other"))
    if question.type == "O":
        comment(making, f"{making.code}_comment", {})
        making.changed(_("The comment is a question of its own."))


def _no_choices(making: Making) -> None:
    """A list without answers, which LimeSurvey shows as a question that nobody can answer."""
    sentence = _("It has no answers to choose from; here people write theirs.")
    making.changed(sentence)
    making.define(making.code, Target(making.add({"type": "short_text"})))


def _has_other(making: Making) -> bool:
    making.used |= {"other_replace_text"} if making.question.other.upper() != "Y" else set()
    return making.question.other.upper() == "Y"


def comment(making: Making, code: str, labels: dict[str, str], rule: Rule | None = None) -> None:
    """A field for a comment, as a question of its own that nobody has to answer."""
    said = words("comment", making.context.languages)
    first = making.context.languages[0]
    texts = labels or making.text(making.question.texts)
    both = {tag: f"{text} – {said.get(tag, said[first])}" for tag, text in texts.items()} or said
    found = Target(making.add({"type": "long_text", "optional": True}, code, both, rule))
    making.define(code, found)
    making.define(code.replace("_comment", "comment"), found)


def several_choices(making: Making) -> None:
    """M and P: any number of a list; P has a field for a comment on each."""
    question = making.question
    has_other = _has_other(making)
    choices, codes = making.choices(question.subquestions, has_other)
    filtered(making, question.subquestions, choices)
    _exclusive(making, choices, codes)
    doc: Doc = {"type": "several_choices", "choices": choices, "other": has_other}
    doc |= _counts(making, len(choices) + has_other)
    if not choices:
        _no_choices(making)
        return
    found = making.add(doc)
    codes |= {"other": "other"} if has_other else {}
    _define_ticks(making, found, codes)
    if question.type == "P":
        making.changed(_("The comments on its choices are questions of their own."))
        for option, choice in zip(question.subquestions, choices, strict=True):
            rule = {"question": found, "op": "includes", "value": choice["id"]} if found else None
            comment(making, f"{making.code}_{option.code}_comment", choice["label"], rule)


def _define_ticks(making: Making, question: str, codes: dict[str, str]) -> None:
    making.define(making.code, Target(question, "choices", codes=codes))
    for code, choice in codes.items():
        making.define(f"{making.code}_{code}", Target(question, "tick", codes=codes, choice=choice))


def _counts(making: Making, choices: int) -> Doc:
    """How many have to be chosen, and how many may."""
    least, most = making.number("min_answers"), making.number("max_answers")
    found = {"min": int(least)} if least and 1 <= least <= choices else {}
    return found | ({"max": int(most)} if most and max(1, least or 1) <= most < choices else {})


def _exclusive(making: Making, choices: list[Doc], codes: dict[str, str]) -> None:
    for code in making.codes("exclude_all_others"):
        choice = next((one for one in choices if one["id"] == codes.get(code)), None)
        if choice:
            choice["exclusive"] = True
        else:
            making.changed(_("“%(code)s” shuts out the others there, but is none of its choices.", code=code))


def filtered(making: Making, options: list[Option], choices: list[Doc]) -> None:
    """Rules of single choices: their own, and those of a filter by an earlier question."""
    for option, choice in zip(options, choices, strict=True):
        rule = option_rule(making, option)
        if rule:
            choice["show_if"] = rule


def option_rule(making: Making, option: Option) -> Rule | None:
    """When a choice, or a question made of a sub-question, is shown; None for always."""
    what = _("the choice “%(code)s”", code=option.code)
    found, _left = making.context.rule(option.relevance, making.code, option.place, what)
    rules = [found, _filter_rule(making, option, "array_filter")]
    out = _filter_rule(making, option, "array_filter_exclude")
    both = joined("and", [*rules, denied(out) if isinstance(out, dict) else True])
    return both if isinstance(both, dict) else None


def _filter_rule(making: Making, option: Option, setting: str) -> Rule | bool:
    """Shown where the choice of the same code was ticked in the earlier question."""
    found: list[Rule | bool] = []
    for code in making.codes(setting):
        try:
            target = making.context.names.resolve(f"{code}_{option.code}")
        except CannotSay:
            continue  # the earlier question has no such choice: it filters nothing
        found.append({"question": target.question, "op": "includes", "value": target.choice}
                     if target.kind == "tick" else {**target.look(), "is": "answered"})  # fmt: skip
    return joined("and", found)


def ranking(making: Making) -> None:
    """R: answers put in an order."""
    question = making.question
    options = question.answers or question.subquestions
    choices, codes = making.choices(options)
    if len(choices) < 2:
        _no_choices(making)
        return
    most = making.number("max_answers") or making.number("max_subquestions")
    making.used.add("max_subquestions")
    if making.number("min_answers"):
        making.changed(_("How many have to be ranked at least is left out."))
    doc: Doc = {"type": "ranking", "choices": choices}
    doc |= {"most": int(most)} if most and 1 <= most < len(choices) else {}
    found = making.add(doc)
    making.define(making.code, Target(found, "choices", codes=codes))
    for rank in range(1, len(choices) + 1):
        making.define(f"{making.code}_{rank}", Target(found, "rank", codes=codes, rank=rank))
