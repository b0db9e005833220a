"""A LimeSurvey survey made into one of ours, with a report on every question, rule, text and setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from survey.document import MOST_LANGUAGES
from survey.formats import lime_arrays, lime_dates, lime_questions, lime_settings
from survey.formats.expressions_values import Rule, Truth, joined
from survey.formats.lime_context import ALWAYS, Context
from survey.formats.lime_making import Making
from survey.formats.lime_model import Group, LimeQuestion, LimeSurvey
from survey.formats.lime_names import Names
from survey.formats.survey_files import SurveyFile, SurveyFileError
from survey.formats.survey_maker import Maker, Place
from survey.questions.settings import LANGUAGE

MAKERS: dict[str, Callable[[Making], None]] = {
    "X": lime_questions.statement,
    "S": lime_questions.short_text,
    "T": lime_questions.long_text,
    "U": lime_questions.long_text,
    "N": lime_questions.number,
    "D": lime_dates.date,
    "Y": lime_questions.yes_no,
    "G": lime_questions.gender,
    "5": lime_questions.five_points,
    "L": lime_questions.one_choice,
    "!": lime_questions.one_choice,
    "O": lime_questions.one_choice,
    "M": lime_questions.several_choices,
    "P": lime_questions.several_choices,
    "R": lime_questions.ranking,
    "F": lime_arrays.array,
    "H": lime_arrays.array,
    **dict.fromkeys("ABCE", lime_arrays.fixed_array),
    "1": lime_arrays.dual_array,
    "Q": lime_arrays.short_texts,
    "K": lime_arrays.numbers,
    ";": lime_arrays.texts_array,
    ":": lime_arrays.numbers_array,
    # Kinds of LimeSurvey before 1.9, with lists that belonged to no question.
    "Z": lime_questions.one_choice,
    "W": lime_questions.one_choice,
}
GONE: dict[str, Callable[[], str]] = {
    "*": lambda: _("It calculates a value; nothing is calculated here."),
    "|": lambda: _("It asks for files; files cannot be handed in here."),
    "I": lambda: _("It changes the language; every page has a choice of languages here."),
}
OTHER_TYPES = frozenset("L!MPO")


def build(survey: LimeSurvey, name: str) -> SurveyFile:
    """The document and the report; raise `SurveyFileError` when the file cannot be a survey."""
    context = _context(survey)
    lime_settings.before(context)
    for group in survey.groups:
        _group(context, group)
    lime_settings.after(context)
    _looks(context)
    title = context.text(survey.words.get("surveyls_title", {}), "surveyls_title")
    return context.maker.finish(title, name)


def _context(survey: LimeSurvey) -> Context:
    known: dict[str, str] = {}
    wrong = []
    for tag in survey.languages():
        ours = tag.replace("_", "-")
        ours = ours[:1].lower() + ours[1:]
        if LANGUAGE.fullmatch(ours) and len(known) < MOST_LANGUAGES:
            known[tag] = ours
        else:
            wrong.append(tag)
    if not known:
        raise SurveyFileError(_("The survey names no language that is known here, such as en or es."))
    maker = Maker(survey.format, tuple(known.values()))
    for tag in wrong:
        maker.say("left out", tag, _("The language is not known here; its texts are left out."))
    for lime, tag in known.items():
        maker.say("taken", tag, _("The language is taken."), _place(survey, lime))
    return Context(survey, maker, known, Names.of(survey))


def _place(survey: LimeSurvey, _tag: str) -> Place:
    return survey.places.get("language", Place("surveys"))


def _group(context: Context, group: Group) -> None:
    """A page, with the group's description as text to read above its questions."""
    titles = context.text(group.titles, "", group.place)
    name = next(iter(titles.values()), "") or group.id
    rule, left = context.rule(group.relevance, name, group.place)
    if rule is False:
        _drop(context, group.questions, _("It is in a group that is never shown."))
        context.maker.say("left out", name, _("The group is never shown there."), group.place)
        return
    shown = context.survey.settings.get("showgroupinfo", "B").upper()
    page = context.maker.page(titles if shown not in ("D", "X") else {}, name, group.place)
    if isinstance(rule, dict):
        page["show_if"] = rule
    if left:
        context.maker.origin[f"limesurvey.grelevance.{page['id']}"] = left
    if group.random:
        words = _("The order of groups is the same for everybody here (“%(name)s”).", name=group.random)
        context.maker.say("left out", name, words, group.place)
    _described(context, group, shown, page["id"])
    for question in group.questions:
        _question(context, question)
    if isinstance(rule, dict):
        _behind(context, page, rule)
    words = _("Taken as a page.") if page["questions"] else _("The group has no question, so it is left out.")
    context.maker.say("taken" if page["questions"] else "left out", name, words, group.place)


def _behind(context: Context, page: dict[str, Any], rule: Rule) -> None:
    """For rules on later pages: the questions of a page are hidden with it."""
    for made in page["questions"]:
        both = joined("and", [rule, context.shown.get(made["id"], True)])
        if isinstance(both, dict):
            context.shown[made["id"]] = both


def _described(context: Context, group: Group, shown: str, page_id: str) -> None:
    texts = context.text(group.descriptions, "", group.place)
    if texts and texts != context.quiet(group.titles) and shown not in ("N", "X"):
        context.maker.statement(texts, next(iter(texts.values()))[:60], group.place, {}, f"{page_id}-text")


def _drop(context: Context, questions: list[LimeQuestion], why: str) -> None:
    for question in questions:
        context.names.gone[question.code] = why
        context.maker.say("left out", question.code, why, question.place)


def _question(context: Context, question: LimeQuestion) -> None:
    making = Making(context, question)
    # Files of old versions have the rule among the attributes, too.
    question.relevance = question.relevance or making.setting("relevance")
    making.used.add("relevance")
    rule, left = _rule(context, question)
    if question.type in GONE:
        _drop(context, [question], GONE[question.type]())
    elif making.yes("hidden"):
        _drop(context, [question], _("It is hidden there, and nobody answers hidden questions here."))
    elif rule is False:
        _drop(context, [question], _("It is never shown there."))
    elif question.type not in MAKERS:
        _drop(context, [question], _("Its type “%(type)s” is not known here.", type=question.type[:20]))
    else:
        making.rule = rule if isinstance(rule, dict) else None
        making.notes |= {"limesurvey.relevance": left} if left else {}
        _defaults(making)
        MAKERS[question.type](making)
        _rest(making)
        making.finish()
    context.names.labels[question.code] = context.quiet(question.texts)


def _rule(context: Context, question: LimeQuestion) -> tuple[Truth, str]:
    """The rule of a question: its formula, or where it has none, the table of conditions."""
    if question.relevance.strip() in ALWAYS and question.conditions:
        return context.old_rule(question.conditions, question.code)
    return context.rule(question.relevance, question.code, question.place)


def _defaults(making: Making) -> None:
    """Answers that are filled in beforehand: here everybody starts with empty fields."""
    parts = [*making.question.subquestions, *making.question.answers]
    found = [making.question.default, *(part.default for part in parts)]
    values = [value for value in found if value.strip()]
    if values:
        words = _("Nothing is filled in beforehand here (“%(value)s”).", value=", ".join(values)[:80])
        making.context.maker.say("left out", making.code, words, making.place)
        making.notes["limesurvey.default"] = "; ".join(values)


def _rest(making: Making) -> None:
    """What else the question asked for."""
    question = making.question
    if question.other.upper() == "Y" and question.type not in OTHER_TYPES:
        making.changed(_("A field for other answers is left out: this type has none here."))
    if question.mandatory.upper() == "S":
        making.changed(_("It asked again when it was left empty; here it is optional."))
    if any(making.context.quiet(part.helps) for part in question.subquestions):
        making.changed(_("Help of its sub-questions is left out."))
    for part in question.subquestions:
        if part.validation.strip():
            words = _("The check of “%(code)s” by a pattern is left out.", code=part.code)
            making.context.maker.say("left out", making.code, words, part.place)
    if making.context.survey.settings.get("assessments", "N") == "Y":
        scores = [answer for answer in question.answers if answer.score not in ("", "0")]
        if scores:
            making.changed(_("Its answers give no points here."))


def _looks(context: Context) -> None:
    count = context.facts.get("looks")
    if count:
        words = _("Bold, slanted and coloured words are plain words here.")
        context.maker.say("changed", "HTML", words)
