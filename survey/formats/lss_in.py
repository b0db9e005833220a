"""LimeSurvey's own structure file (.lss): XML with one section for each of its tables.

Up to LimeSurvey 3 the words stand in the rows of questions, one row a language; since 4 they stand in
sections of their own (question_l10ns and others). Both are read. The file is read as a stream, so no depth is
too deep, and document types are refused: entities that unfold, or name other files, need one.
"""

from __future__ import annotations

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser
from flask_babel import gettext as _

from survey.formats import lime_build
from survey.formats.lime_tables import Row, Tables, survey_of
from survey.formats.survey_files import SurveyFile, SurveyFileError

MOST_ROWS = 200_000
MOST_CELLS = 1_000_000
MOST_DEPTH = 50
# Other files of LimeSurvey, by what they say they are.
OTHERS = {"Group", "Question", "Label set", "Answers", "Theme"}


def read(data: bytes, name: str) -> SurveyFile:
    """The survey in an .lss file; raise `SurveyFileError` when it holds none."""
    return lime_build.build(survey_of(_tables(data)), name)


class _Target:
    """Takes the events of an XML parser and keeps the rows of each section."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.path: list[str] = []
        self.row: Row = {}
        self.text: list[str] = []
        self.cells = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        self.path.append(tag)
        if len(self.path) > MOST_DEPTH:
            raise SurveyFileError(_("The file is nested too deep to be a LimeSurvey survey."))
        if len(self.path) == 1 and tag != "document":
            raise SurveyFileError(
                _("The file is XML, but no LimeSurvey survey: it begins with <%(tag)s>. "
                  "In LimeSurvey, export the survey structure (.lss).", tag=tag[:40])
            )  # fmt: skip
        self.text = []
        if self._is_row():
            self.row = {}
        elif len(self.path) == 3 and tag not in ("rows", "fields", "language"):
            # A section that is no table, such as that of themes: it is named once.
            self.tables.rows.setdefault(self.path[1], [{"": tag}])

    def _is_row(self) -> bool:
        return len(self.path) == 4 and self.path[2:] == ["rows", "row"]

    def data(self, text: str) -> None:
        """Take text."""
        self.text.append(text)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if len(self.path) == 5 and self.path[2:4] == ["rows", "row"]:
            self.row[tag] = "".join(self.text)
            self.cells += 1
        elif self._is_row():
            self._keep_row()
        elif len(self.path) == 2 and self.path[1] in ("LimeSurveyDocType", "DBVersion"):
            self.tables.facts[tag] = "".join(self.text).strip()
        elif len(self.path) == 3 and self.path[1:] == ["languages", "language"]:
            self.tables.languages.append("".join(self.text).strip())
        self.path.pop()
        self.text = []

    def _keep_row(self) -> None:
        rows = self.tables.rows.setdefault(self.path[1], [])
        rows.append(self.row)
        if len(rows) > MOST_ROWS or self.cells > MOST_CELLS:
            words = _("The file has more rows than a survey can have. Export the structure without answers.")
            raise SurveyFileError(words, self.path[1], len(rows))

    def close(self) -> None:
        """Be a target that the parser can close."""


def _tables(data: bytes) -> Tables:
    if data.startswith(b"PK"):
        raise SurveyFileError(
            _("This is an archive (.lsa). Unpack it, and choose the file in it that ends in .lss.")
        )
    target = _Target()
    try:
        parser = XMLParser(target=target, forbid_dtd=True)
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise SurveyFileError(
            _("The file has a document type (<!DOCTYPE ...>). A LimeSurvey survey needs none, and it can do "
              "harm. Export the survey from LimeSurvey again.")
        ) from error  # fmt: skip
    except ParseError as error:
        line, column = error.position
        raise SurveyFileError(
            _("The file is not whole XML: it cannot be read from line %(line)s, column %(column)s, on. "
              "Export the survey from LimeSurvey again.", line=line, column=column + 1)
        ) from error  # fmt: skip
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise SurveyFileError(
            _("The file names an encoding that cannot be read. Export the survey again.")
        ) from error
    _check_kind(target.tables)
    return target.tables


def _check_kind(tables: Tables) -> None:
    kind = tables.facts.get("LimeSurveyDocType", "")
    if kind in OTHERS:
        raise SurveyFileError(
            _("The file holds only a part of a survey (“%(kind)s”). "
              "In LimeSurvey, export the survey structure.", kind=kind)
        )  # fmt: skip
    if kind != "Survey" and not tables.rows.get("questions"):
        raise SurveyFileError(
            _("The file is XML, but has no LimeSurvey survey in it. "
              "In LimeSurvey, export the survey structure (.lss).")
        )  # fmt: skip
