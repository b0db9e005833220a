"""Makes a survey's document out of what a reader of another tool's file finds, and keeps the report.

A reader goes through its file once, from the first question to the last, and hands over words, questions and
rules; here they get their ids, are fitted into what a document can hold, and are checked one by one. A
question that does not pass is left out and named, never the whole file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey import document as documents
from survey import questions
from survey.formats.plain_words import ELLIPSIS, cut, pieces, shortened
from survey.formats.survey_files import Line, SurveyFile, SurveyFileError, What
from survey.questions import DocumentError
from survey.questions.settings import UNSTORABLE

Texts = Mapping[str, str]
MOST_LABEL, MOST_HELP, MOST_TITLE, MOST_CHOICE, MOST_UNIT = 500, 2000, 200, 300, 40
MOST_HEADING = 200  # of a text to read, whose first line is a heading
MOST_NOTE, MOST_NOTES = 4000, 30
MOST_LINES = 20_000
ANY_LENGTH = 10**9
MOST_PAGES = 2_000  # empty ones are left out later
NOT_IN_ID = re.compile(r"[^A-Za-z0-9_-]+")
PIPING = re.compile(r"\$(?=\{)")
UNPRINTABLE = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Place:
    """Where something stands in the file."""

    sheet: str = ""
    row: int | None = None


NOWHERE = Place()


class Maker:
    """The survey as it grows, and the report on it."""

    def __init__(self, format: str, languages: tuple[str, ...]) -> None:
        self.format = format
        self.languages = languages
        self.lines: list[Line] = []
        self.pages: list[dict[str, Any]] = []
        self.top: dict[str, Any] = {}
        self.origin: dict[str, str] = {}
        self._said: set[Line] = set()
        self._ids = Ids()
        self._count = 0
        self._codes: set[str] = set()

    def say(self, what: What, name: str, words: str, place: Place = NOWHERE) -> None:
        """Put a line into the report, once."""
        line = Line(what, storable(name)[:200], storable(words), place.sheet, place.row)
        if line in self._said:
            return
        if len(self.lines) >= MOST_LINES:
            raise SurveyFileError(_("The file has more in it than can be told. Divide the survey in parts."))
        self._said.add(line)
        self.lines.append(line)

    # Words -----------------------------------------------------------------------------------------------

    def words(self, texts: Texts, most: int, name: str, place: Place = NOWHERE) -> dict[str, str]:
        """Words of the survey's languages, the first always among them; {} where there are none at all."""
        found = {tag: storable(texts[tag]).strip() for tag in self.languages if texts.get(tag, "").strip()}
        if not found:
            return {}
        if self.languages[0] not in found:
            other = next(iter(found))
            self.say("changed", name, _("It has no text in %(tag)s; that in %(other)s stands in.",
                                        tag=self.languages[0], other=other), place)  # fmt: skip
            found = {self.languages[0]: found[other], **found}
        if any(len(text) > most for text in found.values()):
            self.say("changed", name, _("It has a text that is too long; it ends after %(most)s characters.",
                                        most=most), place)  # fmt: skip
        return {tag: ended(text, most) for tag, text in found.items()}

    def label_and_help(self, labels: Texts, helps: Texts, name: str, place: Place) -> Fitted:
        """A question's words; what does not fit comes before it, as text to read."""
        labels = self.words(labels, ANY_LENGTH, name, place) or {self.languages[0]: name or ELLIPSIS}
        helps = self.words(helps, ANY_LENGTH, name, place)
        parts = {tag: pieces(text, MOST_LABEL) for tag, text in labels.items()}
        before = self._rows({tag: found[:-1] for tag, found in parts.items()})
        if any(len(text) > MOST_HELP for text in helps.values()):
            before += self._rows({tag: pieces(text, MOST_HELP) for tag, text in helps.items()})
            helps = {}
        if before:
            words = _("It has a long text; a part of it stands before the question, as text to read.")
            self.say("changed", name, words, place)
        return Fitted(tuple(before), {tag: found[-1] for tag, found in parts.items()}, dict(helps))

    def _rows(self, parts: Mapping[str, list[str]]) -> list[dict[str, str]]:
        """Texts in pieces as pieces in languages; the first language is in each."""
        longest, first = max(map(len, parts.values()), default=0), self.languages[0]
        rows = [{tag: found[n] for tag, found in parts.items() if n < len(found)} for n in range(longest)]
        return [row if first in row else {first: ELLIPSIS, **row} for row in rows]

    # Questions -------------------------------------------------------------------------------------------

    def page(self, title: Texts, name: str, place: Place) -> dict[str, Any]:
        """A new page, at the end."""
        if len(self.pages) >= MOST_PAGES:
            raise SurveyFileError(
                _("The file has too many pages. Divide the survey."), place.sheet, place.row
            )
        words = self.words(on_one_line(title), MOST_TITLE, name, place)
        page: dict[str, Any] = {"id": self.new_id(f"page-{len(self.pages) + 1}"), "questions": []}
        if words:
            page["title"] = words
        self.pages.append(page)
        return page

    def new_id(self, name: str) -> str:
        """An id that nothing else has: the name where it can be one."""
        return self._ids.new(name, "question")

    def identity(self, name: str) -> dict[str, str]:
        """The id of a question, and its name where the id is another or data files need it."""
        found = {"id": self.new_id(name)}
        code = " ".join(storable(name).split())[:200]
        if code and code != found["id"] and code not in self._codes:
            found["code"] = code
        self._codes.add(found.get("code", found["id"]))
        return found

    def add(self, question: dict[str, Any], name: str, place: Place) -> bool:
        """Put a question on the last page; when it cannot be one, leave it out, say why, and return False."""
        if not self.pages:
            self.page({}, "", place)
        self._count += 1
        if self._count > documents.MOST_QUESTIONS:
            words = _(
                "The survey has more than %(most)s questions. Divide it.", most=documents.MOST_QUESTIONS
            )
            raise SurveyFileError(words, place.sheet, place.row)
        try:
            questions.from_document(question)
        except DocumentError as error:
            self.say("left out", name, _("It cannot be a question here: %(why)s", why=str(error)), place)
            return False
        self.pages[-1]["questions"].append(question)
        return True

    def statement(
        self, texts: Texts, name: str, place: Place, more: Mapping[str, Any] | None = None, called: str = ""
    ) -> bool:
        """Text to read: its first line is the heading, if it is short, and the rest stands below.

        `more` is what it has beside its words, `called` what it is called where that is not `name`.
        """
        words = self.words(texts, ANY_LENGTH, name, place)
        rows = self._rows({tag: pieces(text, MOST_HELP) for tag, text in words.items()})
        added = []
        for row in rows:
            body = {**self.identity(called or name), "type": "statement", **(more or {}), **self._halves(row)}
            added.append(self.add(body, name, place))
        return bool(added) and all(added)

    def _halves(self, texts: Texts) -> dict[str, Any]:
        heads = {tag: heading(text) for tag, text in texts.items()}
        rest = {tag: text for tag, (_head, text) in heads.items() if text}
        if rest and self.languages[0] not in rest:
            rest = {self.languages[0]: ELLIPSIS, **rest}
        label = {"label": {tag: head for tag, (head, _rest) in heads.items()}}
        return {**label, "help": rest} if rest else label

    # The end ---------------------------------------------------------------------------------------------

    def finish(self, title: Texts, name: str) -> SurveyFile:
        """The survey; raise `SurveyFileError` when it cannot be one as a whole."""
        words = self.words(on_one_line(title), MOST_TITLE, name)
        pages = [page for page in self.pages if page["questions"]]
        origin = {key: storable(text)[:200_000] for key, text in self.origin.items()}
        document = {
            "title": words or {self.languages[0]: shortened(name, MOST_TITLE) or _("Survey without a title")},
            "languages": list(self.languages),
            **self.top,
            "pages": pages,
        } | ({"origin": origin} if origin else {})
        try:
            documents.parse(document)
        except DocumentError as error:
            raise SurveyFileError(str(error)) from error
        return SurveyFile(document, tuple(self.lines), self.format)


@dataclass(frozen=True)
class Fitted:
    """A question's words, and what has to come before it."""

    before: tuple[dict[str, str], ...]
    label: dict[str, str]
    help: dict[str, str]


def heading(text: str) -> tuple[str, str]:
    """The first line of a text and the rest; a long first line is cut at a sentence."""
    line, _break, rest = text.partition("\n")
    if len(line) <= MOST_HEADING:
        return line, rest.strip()
    if len(text) <= MOST_LABEL and not rest:
        return text, ""
    end = cut(line, MOST_HEADING)
    return line[:end].strip(), "\n".join(filter(None, (line[end:].strip(), rest.strip())))


def on_one_line(texts: Texts) -> dict[str, str]:
    """Texts without line ends, as titles are."""
    return {tag: " ".join(text.split()) for tag, text in texts.items()}


def ended(text: str, most: int) -> str:
    """A text that ends after at most so many characters."""
    return text if len(text) <= most else text[: most - 1] + ELLIPSIS


def storable(text: str) -> str:
    """Text as a document can keep it; "${" that stood in the file is no piping."""
    return UNPRINTABLE.sub("", UNSTORABLE.sub("\ufffd", text))


def unpiped(text: str) -> str:
    """Text in which "${" is no piping."""
    return PIPING.sub("$ ", text)


def notes(found: Mapping[str, str]) -> dict[str, str]:
    """What a question keeps of the other tool: as many notes, and as long, as it can hold."""
    kept = [(key[:100], storable(text)[:MOST_NOTE]) for key, text in found.items() if text]
    return dict(kept[:MOST_NOTES])


class Ids:
    """Ids that are all different: the name where it can be one, else made of it."""

    def __init__(self, taken: Iterable[str] = (), most: int = 40) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}
        self._most = most

    def new(self, name: str, otherwise: str) -> str:
        """An id that was not given before."""
        plain = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode()
        stem = NOT_IN_ID.sub("-", plain).strip("-_")[: self._most] or otherwise
        found, number = stem, self._numbers.get(stem, 1)
        while found in self._taken:
            number += 1
            found = f"{stem[: self._most - len(str(number)) - 1]}-{number}"
        self._numbers[stem] = number
        self._taken.add(found)
        return found


class ChoiceIds:
    """Ids of one question's choices or rows: the code where it can be one.

    "other" is the Other field's, where the question has one.
    """

    def __init__(self, has_other: bool = False) -> None:
        self.codes: dict[str, str] = {}
        self._ids = Ids({"other"} if has_other else ())

    def new(self, code: str) -> str:
        """The id for a code; a code that comes again gets an id of its own and is not found by rules."""
        found = self._ids.new(code, f"choice-{len(self.codes) + 1}")
        self.codes.setdefault(code, found)
        return found
