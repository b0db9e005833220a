"""SurveyJS's questions that are chosen from a list: one or several choices, ratings, rankings."""

from __future__ import annotations

from flask_babel import gettext as _

from survey.formats.expressions_values import Rule, Target
from survey.formats.surveyjs_context import MOST_PLACES, Choices, Doc, Item, Words
from survey.formats.surveyjs_making import Making
from survey.formats.surveyjs_texts import MOST_SHORT, checks_of

MOST_CHOICES, MOST_POINTS = 500, 11


def one_choice(making: Making) -> None:
    """One of a list."""
    look = "select" if making.node.get("type") in ("dropdown",) else "radio"
    has_other = bool(making.get("hasOther", "showOtherItem"))
    choices = listed(making, has_other)
    _special(making, choices, exclusive=False)
    if not choices.made:
        _no_choices(making)
        return
    doc: Doc = {"type": "one_choice", "choices": choices.made, "look": look, "other": has_other}
    if len(choices.made) > MOST_CHOICES:
        making.changed(_("It has more than %(most)s choices, so people type theirs.", most=MOST_CHOICES))
        doc = {"type": "place", "choices": choices.made}
    found = making.add(doc)
    making.define(Target(found, "choice", codes=_codes(choices, has_other)))
    _define_other(making, found, has_other)


def _codes(choices: Choices, has_other: bool) -> dict[str, str]:
    return {**choices.ids.codes, **({"other": "other"} if has_other else {})}


def _define_other(making: Making, question: str, has_other: bool) -> None:
    if has_other:
        making.define(Target(question, part="other"), f"{making.name}-Comment")
        if making.words("otherText"):
            making.left_out(_("Its field for other answers is called “Other” here."))
        making.get("otherErrorText", "otherPlaceholder", "otherPlaceHolder")


def _no_choices(making: Making) -> None:
    making.changed(_("It has no choices in the file; here people write their answer."))
    making.define(Target(making.add({"type": "short_text", "max_length": MOST_SHORT})))


def listed(making: Making, has_other: bool) -> Choices:
    """The choices: its own, those of an earlier question, or numbers from one to another."""
    if making.get("choicesByUrl"):
        making.left_out(_("Choices from an address on the web are left out: nothing is loaded here."))
    making.get("choicesVisibleIf", "choicesEnableIf")
    if making.node.get("choicesEnableIf"):
        making.left_out(_("Choices could be greyed out; that is left out (choicesEnableIf)."))
    if making.get("choicesOrder") not in (None, "none"):
        making.left_out(_("The order of its choices is that of the file here."))
    found = making.choices(_numbered(making) or making.items("choices"), has_other)
    source = making.get("choicesFromQuestion")
    if isinstance(source, str):
        _carried(making, found, source, str(making.get("choicesFromQuestionMode") or "all"))
    making.context.choices[making.name] = [(code, _label_of(found, code)) for code in found.ids.codes]
    return found


def _label_of(choices: Choices, code: str) -> Words:
    wanted = choices.ids.codes[code]
    label: Words = next(choice["label"] for choice in choices.made if choice["id"] == wanted)
    return label


def _numbered(making: Making) -> list[Item]:
    """Choices that are numbers, given by the first and the last of them."""
    least, most = making.whole(-(10**6), 10**6, "choicesMin"), making.whole(-(10**6), 10**6, "choicesMax")
    step = making.whole(1, 10**6, "choicesStep") or 1
    if least is None or most is None or making.node.get("choices"):
        return []
    numbers = range(least, most + 1, step)[: MOST_PLACES + 1]
    if len(numbers) > MOST_PLACES:
        making.left_out(_("It has more than %(most)s numbers to choose from.", most=MOST_PLACES))
        return []
    return [Item(one, {making.context.first: str(one)}, {}) for one in numbers]


def _carried(making: Making, choices: Choices, source: str, mode: str) -> None:
    """The choices of an earlier question; only those that were chosen there, or only the others."""
    known = making.context.choices.get(source)
    target = making.context.targets.get(source)
    if known is None or target is None:
        making.left_out(_("The choices of “%(name)s” are left out: it is no earlier list.", name=source[:60]))
        return
    for code, label in known:
        op = "includes" if target.kind == "choices" else "="
        rule: Rule = {"question": target.question, "op": op, "value": target.codes.get(code, code)}
        shown: Rule | bool = {"selected": rule, "unselected": {"not": rule}}.get(mode, True)
        choices.add(code, label, shown)
    making.changed(_("Its choices are those of “%(name)s”, copied.", name=source[:60]))


def _special(making: Making, choices: Choices, *, exclusive: bool) -> None:
    """Choices that SurveyJS adds: none, refuse to answer, do not know."""
    for names, text_name, code, key in SPECIAL:
        if making.get(*names):
            choices.add(code, making.words(text_name) or making.known(key), True, exclusive)
        making.used.add(text_name)


SPECIAL = (
    (("hasNone", "showNoneItem"), "noneText", "none", "none"),
    (("showRefuseItem",), "refuseText", "refused", "refuse"),
    (("showDontKnowItem",), "dontKnowText", "dontknow", "dont_know"),
)


def several_choices(making: Making) -> None:
    """Any number of a list."""
    has_other = bool(making.get("hasOther", "showOtherItem"))
    choices = listed(making, has_other)
    _special(making, choices, exclusive=True)
    making.get("selectAllText")
    if making.get("hasSelectAll", "showSelectAllItem"):
        making.left_out(_("“Select all” is left out."))
    if not choices.made:
        _no_choices(making)
        return
    doc: Doc = {"type": "several_choices", "choices": choices.made, "other": has_other}
    found = making.add(doc | _counts(making, len(choices.made) + has_other))
    making.define(Target(found, "choices", codes=_codes(choices, has_other)))
    _define_other(making, found, has_other)


def _counts(making: Making, choices: int) -> Doc:
    """How many have to be chosen, and how many may."""
    least, most = making.number("minSelectedChoices"), making.number("maxSelectedChoices")
    listed_checks = making.node.get("validators")
    for check in listed_checks if isinstance(listed_checks, list) else []:
        if isinstance(check, dict) and str(check.get("type", "")).startswith("answercount"):
            least, most = least or check.get("minCount"), most or check.get("maxCount")
    found: Doc = {}
    if isinstance(least, int) and 1 <= least <= choices:
        found["min"] = least
    if isinstance(most, int) and max(1, found.get("min", 1)) <= most < choices:
        found["max"] = most
    checks_of(making, making.node)
    return found


def picture_choice(making: Making) -> None:
    """Pictures to choose from, by their words."""
    making.changed(_("Its pictures are left out; people choose by words."))
    (several_choices if making.get("multiSelect") else one_choice)(making)


def rating(making: Making) -> None:
    """A scale; where it has words or steps of its own, a choice."""
    low, high = making.words("minRateDescription"), making.words("maxRateDescription")
    values = making.items("rateValues")
    numbers = None if values else _rates(making)
    making.get("displayRateDescriptionsAsExtremeItems", "rateCount", "rateStep", "rateMin", "rateMax")
    if numbers is None or len(numbers) < 2:
        values = values or [
            Item(number, {making.context.first: str(number)}, {}) for number in numbers or range(1, 6)
        ]
        _rated_choice(making, values, low, high)
        return
    if not low or not high:
        making.changed(_("An end of the scale has no words there; “lowest” or “highest” stands here now."))
    ends = {"low": low or making.known("lowest"), "high": high or making.known("highest")}
    ends = {
        key: making.context.maker.words(said, 100, making.name, making.place) for key, said in ends.items()
    }
    doc: Doc = {"type": "scale", "points": len(numbers), "first": numbers[0], "no_answer": False, **ends}
    making.define(Target(making.add(doc), numeric=True))


def _rates(making: Making) -> range | None:
    """The points of a scale of ours; None where it cannot be one."""
    least = making.whole(-(10**6), 10**6, "rateMin")
    most, count = making.whole(-(10**6), 10**6, "rateMax"), making.whole(2, 100, "rateCount")
    least = 1 if least is None else least
    most = (least + count - 1 if count else 5) if most is None else most
    step = making.number("rateStep") or 1
    fits = step == 1 and least in (0, 1) and 2 <= most - least + 1 <= MOST_POINTS
    return range(least, most + 1) if fits else None


def _rated_choice(making: Making, values: list[Item], low: Words, high: Words) -> None:
    steps = making.number("rateStep") or 1
    least, most = making.number("rateMin"), making.number("rateMax")
    if not making.node.get("rateValues") and (least is not None or most is not None):
        low_end, high_end = 1 if least is None else least, 5 if most is None else most
        count = min(int((high_end - low_end) / steps) + 1, 100) if steps > 0 else 0
        numbers = [low_end + n * steps for n in range(count)]
        values = [Item(number, {making.context.first: f"{number:g}"}, {}) for number in numbers] or values
    choices = making.choices(values)
    for choice, said in ((choices.made[0], low), (choices.made[-1], high)):
        label = choice["label"]
        base = label[making.context.first]
        choice["label"] = label | {
            tag: f"{label.get(tag, base)} – {text}"[:300] for tag, text in said.items()
        }
    making.changed(_("Its points are a choice here."))
    doc: Doc = {"type": "one_choice", "choices": choices.made, "look": "radio"}
    making.define(Target(making.add(doc), "choice", codes=choices.ids.codes))


def ranking(making: Making) -> None:
    """Answers put in an order."""
    choices = listed(making, False)
    most = making.number("maxSelectedChoices")
    if making.get("minSelectedChoices"):
        making.changed(_("How many have to be ranked at least is left out."))
    making.get("selectToRankEnabled", "selectToRankEmptyRankedAreaText", "selectToRankEmptyUnrankedAreaText")
    if len(choices.made) < 2:
        _no_choices(making)
        return
    for choice in choices.made:
        if choice.pop("show_if", None):
            making.left_out(_("Rules of its choices are left out: everybody ranks all of them."))
    doc: Doc = {"type": "ranking", "choices": choices.made}
    doc |= {"most": int(most)} if most and 1 <= most < len(choices.made) else {}
    making.define(Target(making.add(doc), "choices", codes=choices.ids.codes))
