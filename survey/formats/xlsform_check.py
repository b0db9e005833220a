"""Whether a form is one: pyxform is asked, and what it says is told in plain words with sheet and row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.formats.survey_files import SurveyFileError
from survey.formats.xlsform_book import Book

ROW = re.compile(r"\[row ?: ?(\d+)\]|\brow(?: number)? '?(\d+)'?")
SHEET = re.compile(r"(?:On the|sheet:|for the) '(\w+)'")
QUOTED = re.compile(r"'([^']+)'|\[([^\]]+)\]|“([^”]+)”|: (\S+)$")


@dataclass(frozen=True)
class Cause:
    """Something that pyxform says, and how we say it; `(1)` of the pattern goes into %(what)s."""

    pattern: re.Pattern[str]
    words: Any
    sheet: str = "survey"


def _cause(pattern: str, words: Any, sheet: str = "survey") -> Cause:
    return Cause(re.compile(pattern, re.DOTALL), words, sheet)


CAUSES = (
    _cause(
        "Missing calculation", _l("There is nothing to calculate here. Fill in the column “calculation”.")
    ),
    _cause("with no name", _l("This row has no name. Fill in the column “name”.")),
    _cause("with no type", _l("This row has no type. Fill in the column “type”.")),
    _cause(
        "section has not been included",
        _l("The row includes another file, which cannot be fetched from here. Copy its rows into the form."),
    ),
    _cause(
        "Unknown question type '(.*?)'",
        _l("“%(what)s” is not a type of question. Use one that XLSForm has, such as text or select_one."),
    ),
    _cause(
        r"different names for the same column were found: (.*?)\. Rename",
        _l("Two columns mean the same: %(what)s. Rename or delete one."),
    ),
    _cause(
        r"required column headers were not found: (.*?)\. ",
        _l("A column is missing: %(what)s. Write the names of the columns into the first row."),
    ),
    _cause("There should be a choices sheet", _l("Its choices are missing. Add a sheet named “choices”.")),
    _cause(
        "There should be an external_choices sheet",
        _l("Its choices are missing. Add a sheet named “external_choices”."),
    ),
    _cause(
        r"List name not in (?:external )?(?:choices|columns) sheet: (.*)",
        _l("There are no choices with the list name “%(what)s”. Add them to the sheet of choices."),
    ),
    _cause(
        "must be unique within their nearest",
        _l("Another question has this name, or a group around it. Give each its own name."),
    ),
    _cause("Repeat names must", _l("This name is taken. Give each repeat its own name.")),
    _cause("Names must begin with a letter", _l("A name begins with a letter and has no blanks. Change it.")),
    _cause(
        "Choice names must be unique",
        _l("The list has this choice twice. Give each choice its own name."),
        "choices",
    ),
    _cause("Choices must have a name", _l("This choice has no name. Fill in the column “name”."), "choices"),
    _cause(
        r"Choice names with spaces.*?See \[(.*?)\]",
        _l("The name “%(what)s” of a choice has a blank in it. Take the blank out."),
        "choices",
    ),
    _cause(
        "Could not find the name '(.*?)'",
        _l("It refers to “%(what)s”, and no row has that name. Correct one of the two."),
    ),
    _cause(
        "The name '(.*?)' appears more than once",
        _l("It refers to “%(what)s”, and more than one row has that name. Rename all but one."),
    ),
    _cause("Reference variables must start", _l("A reference is not complete. Write it as ${name}.")),
    _cause(
        "Unmatched 'end_|mismatched end|Unmatched end",
        _l("This row ends a group or repeat that did not begin. Delete it, or add the row that begins it."),
    ),
    _cause(
        "Unmatched 'begin_|Unmatched begin",
        _l("This group or repeat never ends. Add a row “end group” or “end repeat”."),
    ),
    _cause(
        "You must have a sheet named",
        _l("There is no sheet named “survey”. Name the sheet with the questions so."),
    ),
)


def check(book: Book) -> None:
    """Raise `SurveyFileError` with the reason and its place when the form is none that other tools take."""
    from pyxform.xls2xform import convert

    try:
        convert(book.definition())
    except SurveyFileError:
        raise
    except Exception as error:  # pyxform raises its own error, and whatever its objects do on odd input
        raise told(str(error), book) from error


def told(message: str, book: Book) -> SurveyFileError:
    """What pyxform said, in our words where we know it, with the place."""
    first = message.strip()[:2_000]
    for cause in CAUSES:
        if found := cause.pattern.search(first):
            what = found.group(1).strip() if found.lastindex else ""
            words = str(cause.words) % {"what": what[:80]}
            sheet, row = _place(first, cause, what, book)
            return SurveyFileError(words, _title(book, sheet), row)
    sheet, row = _place(first, None, "", book)
    words = _("The form is not right: %(what)s", what=_plain(first)[:300] or _("it cannot be read."))
    return SurveyFileError(words, _title(book, sheet), row)


def _plain(message: str) -> str:
    """The first sentence of a message, without where it stands and where to learn more."""
    text = re.sub(r"\[row ?: ?\d+\]\s*", "", message.split("\n")[0])
    return re.sub(r"\s*Learn more:.*", "", text).strip()


def _title(book: Book, sheet: str) -> str:
    """A sheet as the file calls it."""
    return book.sheets[sheet].title if sheet in book.sheets else sheet


def _place(message: str, cause: Cause | None, what: str, book: Book) -> tuple[str, int | None]:
    row, sheet = ROW.search(message), SHEET.search(message)
    name = sheet.group(1) if sheet else (cause.sheet if cause else "survey")
    if row:
        return name, int(row.group(1) or row.group(2))
    if "header" in message:
        return name, 1
    wanted = [what] if what else [next(filter(None, found)) for found in QUOTED.findall(message)]
    return name, _row_of(book, name, wanted, message)


def _row_of(book: Book, name: str, wanted: list[str], message: str) -> int | None:
    """The first row in which something stands that the message names."""
    if name not in book.sheets:
        return None
    tests: list[Callable[[str], bool]] = [lambda cell: cell in wanted]
    if "has not been included" in message:
        tests = [lambda cell: cell.split()[:1] == ["include"]]
    elif "choices sheet" in message or "external_choices" in message:
        tests = [lambda cell: cell.startswith(("select", "rank"))]
    tests.append(lambda cell: any(word in cell.split() for word in wanted if len(word) > 1))
    for test in tests:
        for number, cell in _cells(book, name):
            if test(cell):
                return number
    return None


def _cells(book: Book, name: str) -> Iterator[tuple[int, str]]:
    for number, row in book.sheets[name].numbered():
        for cell in row.values():
            yield number, cell
