"""LimeSurvey's arrays and its questions of several fields: tables of choices, or one question a field."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from survey.formats.expressions_values import Rule, Target
from survey.formats.lime_making import Doc, Making
from survey.formats.lime_model import Option
from survey.formats.lime_questions import MOST_PARTS, number_doc, option_rule
from survey.formats.survey_maker import ChoiceIds

MOST_POINTS = 21  # of a scale that is shown as a table of choices
# The answers of arrays that LimeSurvey says itself: code -> word.
FIXED = {
    "C": {"Y": "yes", "U": "unsure", "N": "no"},
    "E": {"I": "more", "S": "same", "D": "less"},
}


def array(making: Making) -> None:
    """F and H: one of the same answers for each row."""
    if making.question.type == "H":
        making.changed(_("Its sub-questions stood side by side; here they are rows."))
    choices, codes = making.choices(making.question.answers)
    _matrix(making, "", choices, codes, {})


def fixed_array(making: Making) -> None:
    """A, B, C and E: the same, with answers that LimeSurvey brings along."""
    kind = making.question.type
    if kind in FIXED:
        choices = [{"id": code, "label": making.known(word)} for code, word in FIXED[kind].items()]
    else:
        choices = _points(making, range(1, 6 if kind == "A" else 11))
    ids = [str(choice["id"]) for choice in choices]
    _matrix(making, "", choices, dict(zip(ids, ids, strict=True)), {})


def _points(making: Making, numbers: range) -> list[Doc]:
    first = making.context.languages[0]
    return [{"id": str(number), "label": {first: str(number)}} for number in numbers]


def dual_array(making: Making) -> None:
    """1: two arrays with the same rows."""
    making.changed(_("It had two scales; here these are two tables."))
    for scale, setting in ((0, "dualscale_headerA"), (1, "dualscale_headerB")):
        answers = [answer for answer in making.question.answers if answer.scale == scale]
        choices, codes = making.choices(answers)
        header = making.setting_words(setting)
        _matrix(making, f"_{scale}", choices, codes, header)


def _matrix(
    making: Making, end: str, choices: list[Doc], codes: dict[str, str], header: dict[str, str]
) -> None:
    """A table, whose cells rules know as "code_row" with `end` behind it."""
    options = [option for option in making.question.subquestions if option.scale == 0]
    rows, ids = making.choices(options)
    if not rows or not choices:
        _unfinished(making)
        return
    runs = _runs(making, options, rows)
    code = making.code if end in ("", "_0") else f"{making.code}{end}"
    labels = _headed(making, header)
    found = ""
    for number, (rule, part) in enumerate(runs, start=1):
        doc = {"type": "matrix", "rows": part, "choices": choices}
        found = making.add(doc, code if number == 1 else f"{code}_{number}", labels, rule)
        _define_rows(making, found, [row["id"] for row in part], ids, end, codes)
    if len(runs) > 1:
        making.changed(
            _("Its rows have rules or are very many, so it is several tables (%(count)s).", count=len(runs))
        )
    _define_whole(making, found, [f"{making.code}_{key}{end}" for key in ids])


def _runs(making: Making, options: list[Option], rows: list[Doc]) -> list[tuple[Rule | None, list[Doc]]]:
    """Rows that follow one another and are shown by the same rule: each run is a table of its own."""
    runs: list[tuple[Rule | None, list[Doc]]] = []
    for option, row in zip(options, rows, strict=True):
        rule = option_rule(making, option)
        if runs and runs[-1][0] == rule and len(runs[-1][1]) < MOST_PARTS:
            runs[-1][1].append(row)
        else:
            runs.append((rule, [row]))
    return runs


def _define_whole(making: Making, question: str, names: list[str]) -> None:
    """The question as a whole, for rules that count its answers."""
    known = making.context.names.targets
    parts = tuple(known[name] for name in names if name in known)
    if question:
        making.define(making.code, Target(question, "all", parts=parts))


def _define_rows(
    making: Making, question: str, part: list[str], ids: dict[str, str], end: str, codes: dict[str, str]
) -> None:
    for code, row in ids.items():
        if row in part:
            making.define(f"{making.code}_{code}{end}", Target(question, "choice", part=row, codes=codes))


def _headed(making: Making, header: dict[str, str]) -> dict[str, str] | None:
    """The words of the question with a heading of its scale; None for its own words."""
    if not header:
        return None
    labels, first = making.text(making.question.texts), making.context.languages[0]
    return {tag: f"{labels.get(tag) or labels.get(first, '')} – {text}" for tag, text in header.items()}


def _unfinished(making: Making) -> None:
    words = _("It has no rows or no answers, so nobody could answer it.")
    making.context.maker.say("left out", making.code, words, making.place)
    making.context.names.gone[making.code] = "unfinished"


def short_texts(making: Making) -> None:
    """Q: one line for each sub-question."""
    if making.yes("numbers_only"):
        numbers(making)
        return
    length = making.whole("maximum_chars", 1, 1000)
    doc: Doc = {"type": "short_text", "max_length": length or 1000}
    _fields(making, making.question.subquestions, lambda _option: doc, numeric=False)


def numbers(making: Making) -> None:
    """K: a number for each sub-question; where their sum is fixed, points to share out."""
    total = making.whole("equals_num_value", 1, 10**9)
    options = making.question.subquestions
    if total and 2 <= len(options) <= MOST_PARTS:
        _shares(making, total)
        return
    doc = number_doc(making, "min_num_value_n", "max_num_value_n")
    for name in ("min_num_value", "max_num_value", "equals_num_value"):
        if making.setting(name):
            making.changed(_("The sum of its numbers is not checked here (%(name)s).", name=name))
    _fields(making, options, lambda _option: doc, numeric=True)


def _shares(making: Making, total: int) -> None:
    choices, ids = making.choices(making.question.subquestions)
    found = making.add({"type": "allocation", "choices": choices, "total": total})
    making.changed(
        _("Its numbers have to add up to %(total)s, so they are points to share out.", total=total)
    )
    for code, choice in ids.items():
        making.define(f"{making.code}_{code}", Target(found, part=choice, numeric=True))


def _fields(making: Making, options: list[Option], doc: Callable[[Option], Doc], *, numeric: bool) -> None:
    """One question a sub-question, below the words they share."""
    if not options:
        _unfinished(making)
        return
    making.add_heading()
    targets = []
    for option in options:
        labels = making.under(making.option(option))
        rule = option_rule(making, option)
        name = f"{making.code}_{option.code}"
        target = Target(making.add(doc(option), name, labels, rule), numeric=numeric)
        making.define(name, target)
        targets.append(target)
    making.changed(_("Its fields are questions of their own (%(count)s).", count=len(options)))
    made = tuple(target for target in targets if target.question)
    if made:
        making.context.names.define(making.code, Target(made[0].question, "all", parts=made))


def texts_array(making: Making) -> None:
    """;: a text in each cell, or a number."""
    numeric = making.yes("numbers_only")
    length = making.whole("maximum_chars", 1, 1000)
    doc: Doc = {"type": "short_text", "max_length": length or 1000}
    if numeric:
        doc = {"type": "number", "decimals": 6}
    _cells(making, doc, numeric=numeric)


def numbers_array(making: Making) -> None:
    """:: a number in each cell, chosen from a list, typed, or ticked."""
    if making.yes("multiflexible_checkbox"):
        _ticked(making)
        return
    least = making.number("multiflexible_min")
    most = making.number("multiflexible_max")
    step = making.number("multiflexible_step") or 1
    low = 1 if least is None else least
    points = _whole_points(low, (low + 9 if most is None else most), step)
    if making.yes("input_boxes") or not points or making.setting("maximum_chars"):
        ends = {name: end for name, end in (("min", least), ("max", most)) if end is not None}
        _cells(making, {"type": "number", "decimals": 6, **ends}, numeric=True)
    else:
        _columns(making, points)


def _whole_points(least: float, most: float, step: float) -> range | None:
    """The numbers of a list, where they are whole and few."""
    if any(number != int(number) for number in (least, most, step)) or step < 1:
        return None
    points = range(int(least), int(most) + 1, int(step))
    return points if 2 <= len(points) <= MOST_POINTS else None


def _columns(making: Making, points: range) -> None:
    """A table of numbers for each column."""
    columns = [option for option in making.question.subquestions if option.scale == 1]
    choices = _points(making, points)
    codes = {choice["id"]: choice["id"] for choice in choices}
    if not columns:
        _unfinished(making)
        return
    making.changed(_("Its columns are tables of their own (%(count)s).", count=len(columns)))
    for column in columns:
        _matrix(making, f"_{column.code}", choices, codes, making.option(column))


def _cells(making: Making, doc: Doc, *, numeric: bool) -> None:
    """One question a cell."""
    rows = [option for option in making.question.subquestions if option.scale == 0]
    columns = [option for option in making.question.subquestions if option.scale == 1]
    if not rows or not columns:
        _unfinished(making)
        return
    making.add_heading()
    for row in rows:
        rule, row_words = option_rule(making, row), making.option(row)
        for column in columns:
            words = _both(row_words, making.option(column))
            name = f"{making.code}_{row.code}_{column.code}"
            making.define(name, Target(making.add(doc, name, making.under(words), rule), numeric=numeric))
    making.changed(_("Its cells are questions of their own (%(count)s).", count=len(rows) * len(columns)))


def _both(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {tag: f"{text} – {other[tag]}" if tag in other else text for tag, text in one.items()}


def _ticked(making: Making) -> None:
    """Boxes to tick: several choices for each row."""
    rows = [option for option in making.question.subquestions if option.scale == 0]
    columns = [option for option in making.question.subquestions if option.scale == 1]
    if not rows or not columns:
        _unfinished(making)
        return
    making.add_heading()
    for row in rows:
        ids = ChoiceIds()
        choices = [{"id": ids.new(column.code), "label": making.option(column)} for column in columns]
        name = f"{making.code}_{row.code}"
        labels, rule = making.under(making.option(row)), option_rule(making, row)
        found = making.add({"type": "several_choices", "choices": choices}, name, labels, rule)
        for code, choice in ids.codes.items():
            making.define(f"{name}_{code}", Target(found, "tick", codes=ids.codes, choice=choice))
    making.changed(_("Each of its rows is a question with several choices."))
