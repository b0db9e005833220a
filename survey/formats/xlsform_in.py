"""XLSForms (Kobo, ODK, Survey123) as surveys.

pyxform says whether a file is a form at all. What a survey cannot hold is told, row by row, and the whole
form stays with the survey, so that writing it as an XLSForm again loses nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from survey.document import parse
from survey.formats import xlsform_book, xlsform_kept
from survey.formats.survey_files import Line, SurveyFile, SurveyFileError
from survey.formats.xlsform_book import Book
from survey.formats.xlsform_check import check
from survey.formats.xlsform_form import Form, understand
from survey.formats.xlsform_pages import pages
from survey.formats.xlsform_plan import Plan, plan
from survey.formats.xlsform_questions import Maker
from survey.formats.xlsform_words import plain
from survey.questions import DocumentError

MOST_QUESTIONS = 1_000
MOST_DEPTH = 30
TITLE = 200
TAKEN_SETTINGS = ("title", "default_language")
# Columns of the survey that are taken, or told about row by row.
KNOWN = (
    *("type", "name", "label", "hint", "guidance_hint", "relevant", "required", "constraint", "calculation"),
    *("constraint_message", "required_message", "read_only", "appearance", "repeat_count", "default"),
    *("trigger", "parameters", "choice_filter", "disabled"),
)


def read(data: bytes, name: str) -> SurveyFile:
    """The survey that an XLSForm is; raise `SurveyFileError` with sheet and row when it is none."""
    book = xlsform_book.read(data)
    _check_size(book)
    check(book)
    return made(book, Path(name).stem)


def made(book: Book, file_name: str) -> SurveyFile:
    """The survey of a form that pyxform accepts."""
    return planned(book, file_name)[1]


def planned(book: Book, file_name: str) -> tuple[Plan, SurveyFile]:
    """The same, with what became of each row."""
    form = understand(book)
    found = plan(form)
    document = {**_document(form, found, file_name), "origin": xlsform_kept.keep(book, file_name)}
    try:
        document = parse(document).to_dict()
    except DocumentError as error:
        raise SurveyFileError(str(error)) from error
    return found, SurveyFile(document, (*book.lines, *_general(book, form), *_in_order(found)), "xlsform")


def _check_size(book: Book) -> None:
    """Refuse what is too large here before pyxform works on it."""
    survey = book.sheets.get("survey")
    if survey is None:
        return
    depth = asked = 0
    heading = next((h for h in survey.headings if h.lower() in ("type", "command")), "type")
    for number, row in survey.numbered():
        first = row.get(heading, "").split("_")[0].split(" ")[0]
        depth += {"begin": 1, "end": -1}.get(first, 0)
        asked += first not in ("begin", "end", "")
        if depth > MOST_DEPTH:
            words = _("Groups stand in groups more than %(most)s deep. Take some apart.", most=MOST_DEPTH)
            raise SurveyFileError(words, survey.title, number)
        if asked > MOST_QUESTIONS:
            words = _(
                "A survey can have at most %(most)s questions. Make two forms of it.", most=MOST_QUESTIONS
            )
            raise SurveyFileError(words, survey.title, number)


def _document(form: Form, found: Plan, file_name: str) -> dict[str, Any]:
    languages = list(dict.fromkeys(form.tags.values())) or ["en"]
    maker = Maker(found, languages[0])
    questions = [(asked, made) for asked in found.asked if (made := maker.question(asked))]
    arranged = pages(found, maker, questions)
    title = plain(form.settings.get("title") or form.settings.get("id_string") or file_name) or "XLSForm"
    grouped = any(group.row.kind.name != "loop" for group in found.groups)
    return {
        "title": {languages[0]: title[:TITLE]},
        "layout": "pages" if grouped else "question",
        "languages": _spoken(languages, arranged),
        "pages": arranged,
    }


def _spoken(languages: list[str], pages: list[dict[str, Any]]) -> list[str]:
    """The languages that something is written in; the first stays."""
    used = {tag for page in pages for tag in page["title"] or {}}
    for question in (question for page in pages for question in page["questions"]):
        used |= {tag for words in (question["label"], question.get("help") or {}) for tag in words}
        used |= {tag for choice in question.get("choices", ()) for tag in choice["label"]}
    return [languages[0], *(tag for tag in languages[1:] if tag in used)]


def _general(book: Book, form: Form) -> list[Line]:
    """What is told about the form as a whole: settings, languages, columns and sheets."""
    return [*_settings_told(book, form), *_languages_told(form), *_columns_told(book), *_sheets_told(book)]


def _settings_told(book: Book, form: Form) -> list[Line]:
    sheet = book.sheets["settings"].title if "settings" in book.sheets else ""
    left = _("It is a setting for other tools. It is kept for writing the form again.")
    return [
        Line("taken", name, _("Taken: %(value)s", value=value[:100]), sheet, 2)
        if name in TAKEN_SETTINGS
        else Line("left out", name, left, sheet, 2)
        for name, value in form.settings.items()
    ]


def _languages_told(form: Form) -> list[Line]:
    found = []
    for name, tag in form.tags.items():
        if not name and len(form.tags) > 1 and tag in list(form.tags.values())[:-1]:
            continue
        if not name:
            words = _(
                "Texts without a language are taken to be in “%(tag)s”. Change it if they are not.", tag=tag
            )
            found.append(Line("changed", tag, words, form.titles["survey"], 1))
        elif tag.startswith("qa"):
            words = _("No language is known by this name; “%(tag)s” stands for it.", tag=tag)
            found.append(Line("changed", name, words, form.titles["survey"], 1))
        else:
            found.append(Line("taken", name, _("Language: %(tag)s", tag=tag), form.titles["survey"], 1))
    return found


def _columns_told(book: Book) -> list[Line]:
    from survey.formats.xlsform_form import columns_of

    survey = book.sheets["survey"]
    words = _("A column for other tools. It is kept for writing the form again.")
    return [
        Line("left out", heading, words, survey.title, 1)
        for heading, column in columns_of(survey).items()
        if column.name not in KNOWN and not column.name.startswith("media ")
    ]


def _sheets_told(book: Book) -> list[Line]:
    read = {sheet.title for name, sheet in book.sheets.items() if name in ("survey", "choices", "settings")}
    kept = _("This sheet is not used here. It is kept for writing the form again.")
    other = _("This sheet is no part of the form.")
    kept_titles = {sheet.title for sheet in book.sheets.values()}
    return [
        Line("left out", title, kept if title in kept_titles else other, title)
        for title in book.titles
        if title not in read
    ]


def _in_order(found: Plan) -> list[Line]:
    """The lines of the rows, as the rows stand in the file; those of choices after them."""
    survey = found.form.titles["survey"]
    return sorted(found.lines, key=lambda line: (line.sheet != survey, line.row or 0))
