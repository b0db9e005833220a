"""LimeSurvey's table of tabs (.txt or .tsv): one row a group, question, sub-question or answer and language.

Rows belong to the question above them. Of a survey in several languages the rows of a question come once a
language; they are put together by the code.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from survey.formats import lime_build
from survey.formats.decoding import decode
from survey.formats.lime_model import Extra, Group, LimeQuestion, LimeSurvey, OldCondition, Option
from survey.formats.rows import DEFAULT_LIMITS, TableError
from survey.formats.survey_files import SurveyFile, SurveyFileError
from survey.formats.survey_maker import Place

Cells = dict[str, str]
MOST_ROWS = 100_000
MOST_COLUMNS = 500
NEEDED = ("class", "type/scale", "name", "text")
# Columns with a meaning of their own; every other column is an attribute of questions.
BASE = frozenset(
    {"id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation",
     "mandatory", "other", "default", "same_default", "same_script"}
)  # fmt: skip
EXTRAS = {"AS": "assessments", "QTA": "quota", "QTALS": "quota_languagesettings", "QTAM": "quota_members"}


def read(data: bytes, name: str) -> SurveyFile:
    """The survey in a table of tabs; raise `SurveyFileError` when it holds none."""
    return lime_build.build(_Table().read(data), name)


@dataclass(slots=True)
class _Table:
    """The survey as it grows row by row; `group` and `question` are those that rows belong to now."""

    survey: LimeSurvey = field(default_factory=lambda: LimeSurvey("tsv"))
    group: Group | None = None
    question: LimeQuestion | None = None
    groups: dict[str, Group] = field(default_factory=dict)
    questions: dict[str, LimeQuestion] = field(default_factory=dict)
    options: dict[tuple[str, str, int, str], Option] = field(default_factory=dict)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    def read(self, data: bytes) -> LimeSurvey:
        """Take all rows."""
        for cells, row in _rows(data):
            kind = cells["class"].upper()
            take = self._takers().get(kind)
            if take is None:
                known = "S, SL, G, Q, SQ, A, AS, QTA, QTALS, QTAM, C"
                words = _(
                    "The class “%(kind)s” is not known. Use one of: %(known)s.", kind=kind[:40], known=known
                )
                raise SurveyFileError(words, "", row)
            take(cells, row)
        if not self.survey.groups:
            raise SurveyFileError(_("The file has no group of questions (a row of class G)."))
        return self.survey

    def _takers(self) -> dict[str, Callable[[Cells, int], None]]:
        return {
            "S": self._setting, "SL": self._words, "G": self._group, "Q": self._question, "A": self._answer,
            "SQ": self._subquestion, "C": self._condition, **dict.fromkeys(EXTRAS, self._extra),
        }  # fmt: skip

    def _setting(self, cells: Cells, row: int) -> None:
        self.survey.settings[cells["name"]] = cells["text"]
        self.survey.places[cells["name"]] = Place("S", row)

    def _words(self, cells: Cells, row: int) -> None:
        if cells["text"].strip():
            self.survey.words.setdefault(cells["name"], {})[self._language(cells)] = cells["text"]
            self.survey.places.setdefault(cells["name"], Place("SL", row))

    def _language(self, cells: Cells) -> str:
        return cells.get("language", "") or self.survey.settings.get("language", "") or "en"

    def _group(self, cells: Cells, row: int) -> None:
        tag = self._language(cells)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        key = cells.get("id") or cells["type/scale"] or f"number {self.counts[tag]}"
        if ("G", key, tag) in self.seen:  # two groups with one number are two groups
            key = f"row {row}"
        self.seen.add(("G", key, tag))
        self.question = None
        if key not in self.groups:
            self.groups[key] = Group(key, place=Place("G", row), relevance=cells.get("relevance", ""),
                                     random=cells.get("random_group", ""))  # fmt: skip
            self.survey.groups.append(self.groups[key])
        self.group = self.groups[key]
        _put(self.group.titles, tag, cells["name"])
        _put(self.group.descriptions, tag, cells["text"])

    def _question(self, cells: Cells, row: int) -> None:
        code, tag = cells["name"], self._language(cells)
        if self.group is None:
            words = _("The question “%(code)s” stands before the first group (a row of class G).", code=code)
            raise SurveyFileError(words, "Q", row)
        if ("Q", code, tag) in self.seen:
            words = _("Two questions are called “%(code)s”. Give each a code of its own.", code=code)
            raise SurveyFileError(words, "Q", row)
        self.seen.add(("Q", code, tag))
        if code not in self.questions:
            self.questions[code] = _question(cells, row)
            self.group.questions.append(self.questions[code])
        self.question = self.questions[code]
        _put(self.question.texts, tag, cells["text"])
        _put(self.question.helps, tag, cells.get("help", ""))
        self._attributes(self.question, cells, tag)

    def _attributes(self, question: LimeQuestion, cells: Cells, tag: str) -> None:
        for name, value in cells.items():
            if name not in BASE and value.strip():
                question.attributes.setdefault(name, {})[tag] = value

    def _owner(self, cells: Cells, row: int) -> LimeQuestion:
        if self.question is None:
            words = _("“%(code)s” stands before the first question of its group.", code=cells["name"][:60])
            raise SurveyFileError(words, cells["class"], row)
        return self.question

    def _subquestion(self, cells: Cells, row: int) -> None:
        self._option("SQ", self._owner(cells, row).subquestions, cells, row)

    def _answer(self, cells: Cells, row: int) -> None:
        self._option("A", self._owner(cells, row).answers, cells, row)

    def _option(self, kind: str, options: list[Option], cells: Cells, row: int) -> None:
        owner, tag = self._owner(cells, row), self._language(cells)
        key = (owner.code, kind, 1 if cells["type/scale"] == "1" else 0, cells["name"])
        if key not in self.options or (kind, owner.code, str(key[2]), key[3], tag) in self.seen:
            self.options[key] = _option(key, cells, row)
            options.append(self.options[key])
        self.seen.add((kind, owner.code, str(key[2]), key[3], tag))
        _put(self.options[key].texts, tag, cells["text"])
        _put(self.options[key].helps, tag, cells.get("help", ""))

    def _condition(self, cells: Cells, row: int) -> None:
        self._owner(cells, row).conditions.append(
            OldCondition(
                cells["type/scale"] or "1", cells["name"], cells.get("relevance", "").strip(), cells["text"],
                Place("C", row),
            )
        )  # fmt: skip

    def _extra(self, cells: Cells, row: int) -> None:
        kind = EXTRAS[cells["class"].upper()]
        self.survey.extras.append(Extra(kind, cells["name"] or cells["text"], Place(cells["class"], row)))


def _put(texts: dict[str, str], tag: str, text: str) -> None:
    if text.strip():
        texts[tag] = text


def _question(cells: Cells, row: int) -> LimeQuestion:
    return LimeQuestion(
        cells["name"] or f"row{row}", cells["type/scale"], cells.get("id", ""),
        relevance=cells.get("relevance", ""), validation=cells.get("validation", ""),
        mandatory=cells.get("mandatory", ""), other=cells.get("other", ""),
        default=cells.get("default", ""), place=Place("Q", row),
    )  # fmt: skip


def _option(key: tuple[str, str, int, str], cells: Cells, row: int) -> Option:
    answer = key[1] == "A"
    return Option(
        key[3], key[2], cells.get("id", ""),
        # The assessment value of an answer stands in the column of its own, or in that of rules.
        relevance="" if answer else cells.get("relevance", ""),
        score=cells.get("assessment_value", "") or cells.get("relevance", "") if answer else "",
        validation=cells.get("validation", ""), mandatory=cells.get("mandatory", ""),
        default=cells.get("default", ""), place=Place(key[1], row),
    )  # fmt: skip


def _rows(data: bytes) -> Iterator[tuple[Cells, int]]:
    """The rows with their columns' names, and the line of the file each begins on."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), delimiter="\t")
    header = _header(next(_lines(reader), ([], 1))[0])
    for count, (values, row) in enumerate(_lines(reader), start=1):
        if not any(value.strip() for value in values):
            continue
        if count > MOST_ROWS:
            raise SurveyFileError(_("The file has more than %(most)s rows.", most=f"{MOST_ROWS:,}"), "", row)
        cells = {name: _unmasked(value) for name, value in zip(header, values, strict=False) if name}
        cells.setdefault("text", "")
        for name in ("class", "type/scale", "name", "language"):
            cells[name] = cells.get(name, "").strip()
        yield cells, row


def _text(data: bytes) -> str:
    try:
        return decode(data, DEFAULT_LIMITS).text
    except TableError as error:
        words = _("The file cannot be read as text. Export the survey from LimeSurvey again.")
        raise SurveyFileError(words) from error


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[list[str], int]]:
    row = 1
    while True:
        row = getattr(reader, "line_num", 0) + 1
        try:
            yield next(reader), row
        except StopIteration:
            return
        except csv.Error as error:
            words = _(
                "The row cannot be read: it has a cell that is too long. Is there a quotation mark too many?"
            )
            raise SurveyFileError(words, "", row) from error


def _header(values: list[str]) -> list[str]:
    header = [value.strip().strip('"') for value in values]
    # Attributes have capitals ("dualscale_headerA"); columns of the table itself are known in any case.
    header = [value.lower() if value.lower() in BASE else value for value in header]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise SurveyFileError(
            _("The first row has to name the columns, and “%(name)s” is not among them. "
              "Export the survey from LimeSurvey again, as tab-separated values.", name=missing[0]), "", 1
        )  # fmt: skip
    if len(header) > MOST_COLUMNS:
        raise SurveyFileError(_("The file has more than %(most)s columns.", most=MOST_COLUMNS), "", 1)
    repeated = [name for name in header if name and header.count(name) > 1]
    if repeated:
        raise SurveyFileError(_("Two columns are called “%(name)s”.", name=repeated[0][:60]), "", 1)
    return header


def _unmasked(value: str) -> str:
    """A cell without the apostrophe that LimeSurvey puts before what looks like a formula."""
    return value[1:] if value.startswith(("'=", "'+", "'-", "'@")) else value
