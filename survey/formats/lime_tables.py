"""The tables of an .lss file put together: which words, answers and settings belong to which question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from survey.formats.lime_model import (
    Extra,
    Group,
    LimeQuestion,
    LimeSurvey,
    OldCondition,
    Option,
    in_order,
    order,
)
from survey.formats.survey_files import SurveyFileError
from survey.formats.survey_maker import Place

Row = dict[str, str]
# Sections that say something beside the questions, and what of a row names it.
EXTRAS = {
    "quota": "name", "quota_languagesettings": "quotals_message", "assessments": "name",
    "survey_url_parameters": "parameter", "plugin_settings": "key", "themes": "template_name",
    "themes_inherited": "template_name", "survey_links": "name",
}  # fmt: skip
KNOWN = frozenset(
    {"answers", "answer_l10ns", "conditions", "defaultvalues", "defaultvalue_l10ns", "groups", "group_l10ns",
     "questions", "question_l10ns", "subquestions", "question_attributes", "quota_members", "surveys",
     "surveys_languagesettings", "languages", *EXTRAS}
)  # fmt: skip


@dataclass(slots=True)
class Tables:
    """The rows of each section of the file, and the few facts that stand outside of rows."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    # What belongs to something that is not in the file.
    orphans: list[Extra] = field(default_factory=list)

    def numbered(self, section: str) -> Iterator[tuple[int, Row]]:
        """The rows of a section with their numbers."""
        return enumerate(self.rows.get(section, []), start=1)


def survey_of(tables: Tables) -> LimeSurvey:
    """The survey that the tables describe; raise `SurveyFileError` where they contradict themselves."""
    survey = LimeSurvey("lss")
    for _row, row in tables.numbered("surveys"):
        survey.settings |= row
    if "language" not in survey.settings and tables.languages:
        survey.settings["language"] = tables.languages[0]
        survey.settings["additional_languages"] = " ".join(tables.languages[1:])
    _words(survey, tables)
    groups = _groups(survey, tables)
    questions = _questions(groups, tables)
    subquestions = _subquestions(questions, tables)
    answers = _answers(questions, tables)
    _attributes(questions, tables)
    _conditions(questions, tables)
    _defaults(questions, subquestions, tables)
    _sort(survey, questions, answers)
    _extras(survey, tables)
    return survey


def _words(survey: LimeSurvey, tables: Tables) -> None:
    for number, row in tables.numbered("surveys_languagesettings"):
        tag = row.get("surveyls_language", "")
        for name, text in row.items():
            if text.strip() and name not in ("surveyls_survey_id", "surveyls_language"):
                survey.words.setdefault(name, {})[tag] = text
                survey.places.setdefault(name, Place("surveys_languagesettings", number))


def _groups(survey: LimeSurvey, tables: Tables) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for number, row in tables.numbered("groups"):
        key = row.get("gid", "")
        if key not in found:
            found[key] = Group(
                key, order(row.get("group_order", ""), number), relevance=row.get("grelevance", ""),
                random=row.get("randomization_group", ""), place=Place("groups", number),
            )  # fmt: skip
        _group_words(found[key], row)
    for _number, row in tables.numbered("group_l10ns"):
        if row.get("gid", "") in found:
            _group_words(found[row["gid"]], row)
    survey.groups = sorted(found.values(), key=lambda group: group.order)
    return found


def _group_words(group: Group, row: Row) -> None:
    tag = row.get("language", "")
    if row.get("group_name", "").strip():
        group.titles[tag] = row["group_name"]
    if row.get("description", "").strip():
        group.descriptions[tag] = row["description"]


def _questions(groups: Mapping[str, Group], tables: Tables) -> dict[str, LimeQuestion]:
    found: dict[str, LimeQuestion] = {}
    codes: dict[str, str] = {}
    for number, row in tables.numbered("questions"):
        key, place = row.get("qid", ""), Place("questions", number)
        if row.get("parent_qid", "0") not in ("0", ""):
            continue  # a sub-question in the wrong section; `_subquestions` takes it
        if key not in found:
            found[key] = _question(row, number)
            if not _put_into_group(groups, row, found[key]):
                tables.orphans.append(Extra("orphan", found[key].code, place))
            if codes.setdefault(found[key].code, key) != key:
                words = _("Two questions are called “%(code)s”. Give each a code of its own.",
                          code=found[key].code)  # fmt: skip
                raise SurveyFileError(words, place.sheet, number)
        _question_words(found[key], row)
    for _number, row in tables.numbered("question_l10ns"):
        if row.get("qid", "") in found:
            _question_words(found[row["qid"]], row)
    return found


def _put_into_group(groups: Mapping[str, Group], row: Row, question: LimeQuestion) -> bool:
    """Whether the group of a question is in the file; the question is then in it."""
    group = groups.get(row.get("gid", ""))
    if group is not None:
        group.questions.append(question)
    return group is not None


def _question(row: Row, number: int) -> LimeQuestion:
    question = LimeQuestion(
        row.get("title", "") or f"q{row.get('qid', number)}", row.get("type", ""), row.get("qid", ""),
        order(row.get("question_order", ""), number), relevance=row.get("relevance", ""),
        validation=row.get("preg", ""), mandatory=row.get("mandatory", ""), other=row.get("other", ""),
        place=Place("questions", number),
    )  # fmt: skip
    for name in ("question_theme_name", "modulename"):
        if row.get(name, "") not in ("", "core"):
            question.attributes[name] = {"": row[name]}
    return question


def _question_words(found: LimeQuestion | Option, row: Row) -> None:
    tag = row.get("language", "")
    if row.get("question", "").strip():
        found.texts[tag] = row["question"]
    if row.get("help", "").strip():
        found.helps[tag] = row["help"]
    if row.get("script", "").strip() and isinstance(found, LimeQuestion):
        found.attributes.setdefault("script", {})[tag] = row["script"]


def _subquestions(questions: Mapping[str, LimeQuestion], tables: Tables) -> dict[str, Option]:
    found: dict[str, Option] = {}
    for section in ("subquestions", "questions"):
        for number, row in tables.numbered(section):
            key, above = row.get("qid", ""), row.get("parent_qid", "0")
            if above in ("", "0"):
                continue
            if above not in questions:
                _check_parent(above, key, found, section, number)
                tables.orphans.append(Extra("orphan", row.get("title", ""), Place(section, number)))
                continue
            if key not in found:
                found[key] = _subquestion(row, section, number)
                questions[above].subquestions.append(found[key])
            _question_words(found[key], row)
    for _number, row in tables.numbered("question_l10ns"):
        if row.get("qid", "") in found:
            _question_words(found[row["qid"]], row)
    return found


def _check_parent(above: str, key: str, found: Mapping[str, Option], section: str, number: int) -> None:
    if above == key or above in found:
        words = _("A sub-question belongs to another sub-question, or to itself. Export the survey again.")
        raise SurveyFileError(words, section, number)


def _subquestion(row: Row, section: str, number: int) -> Option:
    return Option(
        row.get("title", ""), _scale(row), row.get("qid", ""), order(row.get("question_order", ""), number),
        relevance=row.get("relevance", ""), validation=row.get("preg", ""),
        mandatory=row.get("mandatory", ""), place=Place(section, number),
    )  # fmt: skip


def _scale(row: Row) -> int:
    return 1 if row.get("scale_id", "") == "1" else 0


def _answers(questions: Mapping[str, LimeQuestion], tables: Tables) -> dict[str, Option]:
    found: dict[tuple[str, str, int], Option] = {}
    by_id: dict[str, Option] = {}
    for number, row in tables.numbered("answers"):
        key = (row.get("qid", ""), row.get("code", ""), _scale(row))
        if key[0] not in questions:
            continue
        if key not in found:
            place = Place("answers", number)
            sort = order(row.get("sortorder", ""), number)
            score = row.get("assessment_value", "")
            found[key] = Option(key[1], key[2], row.get("aid", ""), sort, score=score, place=place)
            questions[key[0]].answers.append(found[key])
        if row.get("answer", "").strip():
            found[key].texts[row.get("language", "")] = row["answer"]
        by_id[row.get("aid", "")] = found[key]
    for _number, row in tables.numbered("answer_l10ns"):
        option = by_id.get(row.get("aid", "")) or found.get(
            (row.get("qid", ""), row.get("code", ""), _scale(row))
        )
        if option and row.get("answer", "").strip():
            option.texts[row.get("language", "")] = row["answer"]
    return by_id


def _attributes(questions: Mapping[str, LimeQuestion], tables: Tables) -> None:
    for _number, row in tables.numbered("question_attributes"):
        question = questions.get(row.get("qid", ""))
        if question and row.get("value", "").strip():
            values = question.attributes.setdefault(row.get("attribute", ""), {})
            values[row.get("language", "")] = row["value"]


def _conditions(questions: Mapping[str, LimeQuestion], tables: Tables) -> None:
    for number, row in tables.numbered("conditions"):
        question = questions.get(row.get("qid", ""))
        if question:
            question.conditions.append(
                OldCondition(
                    row.get("scenario", "1"), row.get("cfieldname", ""), row.get("method", "").strip(),
                    row.get("value", ""), Place("conditions", number),
                )
            )  # fmt: skip


def _defaults(
    questions: Mapping[str, LimeQuestion], subquestions: Mapping[str, Option], tables: Tables
) -> None:
    words = {
        row.get("dvid", ""): row.get("defaultvalue", "") for row in tables.rows.get("defaultvalue_l10ns", [])
    }
    for _number, row in tables.numbered("defaultvalues"):
        value = row.get("defaultvalue", "") or words.get(row.get("dvid", ""), "")
        owner = subquestions.get(row.get("sqid", "")) or questions.get(row.get("qid", ""))
        if owner and value.strip():
            owner.default = value


def _sort(survey: LimeSurvey, questions: Mapping[str, LimeQuestion], answers: Mapping[str, Option]) -> None:
    for group in survey.groups:
        group.questions.sort(key=lambda question: question.order)
    for question in questions.values():
        question.subquestions = in_order(question.subquestions)
        question.answers = in_order(question.answers)


def _extras(survey: LimeSurvey, tables: Tables) -> None:
    survey.extras += tables.orphans
    for section, rows in tables.rows.items():
        named = EXTRAS.get(section, "")
        if section in KNOWN and not named:
            continue
        for number, row in enumerate(rows, start=1):
            name = row.get(named, "") or next(iter(row.values()), "")
            survey.extras.append(Extra(section, name, Place(section, number)))
