"""Files of LimeSurvey, made by the tests: structure files of old and new versions, and tables of tabs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from survey import document
from survey.formats.survey_files import Line, SurveyFile

Row = Mapping[str, object]


def lss(sections: Mapping[str, Iterable[Row]], languages: str = "en", kind: str = "Survey") -> bytes:
    """An .lss file with these rows in its sections; what a row leaves out is empty."""
    body = "".join(
        f"<{name}><rows>"
        + "".join(
            "<row>" + "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in row.items()) + "</row>"
            for row in rows
        )
        + f"</rows></{name}>"
        for name, rows in sections.items()
    )
    tags = "".join(f"<language>{tag}</language>" for tag in languages.split())
    head = f"<LimeSurveyDocType>{kind}</LimeSurveyDocType><DBVersion>400</DBVersion>"
    start = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{start}<document>{head}<languages>{tags}</languages>{body}</document>".encode()


def one_group(**sections: list[Row]) -> bytes:
    """An old .lss file with one group, gid 1, in English."""
    base: dict[str, list[Row]] = {
        "groups": [{"gid": 1, "group_name": "Group", "group_order": 1, "language": "en"}],
        "surveys": [{"sid": 1, "format": "G", "language": "en"}],
        "surveys_languagesettings": [{"surveyls_language": "en", "surveyls_title": "Title"}],
    }
    return lss({**base, **sections})


def question(code: str, type: str, text: str = "", **more: object) -> Row:
    """A row of the section of questions; without `qid`, its number is that in its code."""
    known: dict[str, object] = {
        "qid": code.lstrip("q") or 1, "parent_qid": 0, "gid": 1, "type": type, "title": code,
        "question": text or f"Question {code}", "language": "en", "mandatory": "N", "other": "N",
    }  # fmt: skip
    return {**known, **more}


COLUMNS = (
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
)


def tsv(*rows: str | tuple[object, ...] | Mapping[str, object], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """A table of tabs: a row is its cells, in the order of the columns or by their names."""
    names = list(columns)
    for row in rows:
        names += [key for key in row if key not in names] if isinstance(row, Mapping) else []
    lines = ["\t".join(names)]
    for row in rows:
        cells = row.split("|") if isinstance(row, str) else row
        if isinstance(cells, Mapping):
            cells = tuple(cells.get(name, "") for name in names)
        lines.append("\t".join(map(str, cells)))
    return ("\n".join(lines) + "\n").encode()


def asked(found: SurveyFile) -> dict[str, dict[str, Any]]:
    """The questions of a survey by id, as JSON; the document is checked on the way."""
    document.parse(found.document)
    return {q["id"]: q for page in found.document["pages"] for q in page["questions"]}


def lines(found: SurveyFile, name: str) -> list[Line]:
    """What is told about one thing."""
    return [line for line in found.lines if line.name == name]


def told(found: SurveyFile, name: str) -> str:
    """The same as one text: "changed: ..." and so on."""
    return "\n".join(f"{line.what}: {line.words}" for line in lines(found, name))
