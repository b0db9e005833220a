"""What is told about a file that became a survey: for people, for programs, and kept with the survey."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from survey.formats.survey_files import Line, SurveyFile, SurveyFileError, counts

REPORT = "file.report"
MOST_KEPT = 150_000
ORDER = ("left out", "changed", "taken")


@dataclass(frozen=True)
class FileReport:
    """The report as it is kept: the file, its format, the lines, and how many there were."""

    file: str
    format: str
    counts: Mapping[str, int]
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """All lines, those too that were too many to keep."""
        return sum(self.counts.values())

    def of(self, what: str) -> list[Line]:
        """The lines that say this."""
        return [line for line in self.lines if line.what == what]


def questions(document: Mapping[str, Any]) -> int:
    """How many questions a document has."""
    return sum(len(page["questions"]) for page in document["pages"])


def as_dict(file: SurveyFile, survey: str | None) -> dict[str, Any]:
    """The report of a file that was taken, for programs."""
    return {
        "taken": True,
        "format": file.format,
        "survey": survey,
        "questions": questions(file.document),
        "counts": counts(file.lines),
        "lines": [asdict(line) for line in file.lines],
    }


def refused(error: SurveyFileError, format: str | None) -> dict[str, Any]:
    """The report of a file that was refused, for programs."""
    line = Line("left out", "", str(error), error.sheet, error.row)
    return {
        "taken": False,
        "format": format,
        "survey": None,
        "questions": 0,
        "counts": counts(()),
        "lines": [asdict(line)],
        "problem": {"words": str(error), "sheet": error.sheet, "row": error.row},
    }


def where(line: Line) -> str:
    """Sheet and row of a line, as far as there are any."""
    row = "" if line.row is None else str(line.row)
    return " ".join(filter(None, (line.sheet, row)))


def table(file: SurveyFile, file_name: str, survey: str) -> Iterator[str]:
    """The report as a person reads it."""
    found = counts(file.lines)
    asked = questions(file.document)
    noun = "question" if asked == 1 else "questions"
    yield f"{file_name}: taken as the survey “{survey}”, with {asked} {noun}"
    yield ", ".join(f"{found[what]:,} {what}" for what in reversed(ORDER))
    for what in ORDER:
        lines = [line for line in file.lines if line.what == what]
        if lines:
            yield f"{what.capitalize()} ({len(lines):,}):"
        yield from (f"  {where(line) or '-':<14} {line.name[:40]:<24} {line.words}" for line in lines)


def keep(file: SurveyFile, file_name: str) -> dict[str, str]:
    """The report as a text of the document's origin; what was taken goes first when it is too long."""
    lines = sorted(file.lines, key=lambda line: ORDER.index(line.what))
    rows = [[line.what, line.name, line.words, line.sheet, line.row] for line in lines]
    size, fitting = 0, []
    for row in rows:
        size += len(json.dumps(row, ensure_ascii=False)) + 1
        if size > MOST_KEPT:
            break
        fitting.append(row)
    found = {"file": file_name[:200], "format": file.format, "counts": counts(file.lines), "lines": fitting}
    return {REPORT: json.dumps(found, ensure_ascii=False)}


def kept(origin: Mapping[str, str]) -> FileReport | None:
    """The report that a document keeps; None where it came from no file."""
    try:
        found = json.loads(origin.get(REPORT, ""))
        lines = tuple(
            Line(what, str(name), str(words), str(sheet), row)
            for what, name, words, sheet, row in found["lines"]
        )
        numbers = {what: int(found["counts"][what]) for what in ORDER}
        return FileReport(str(found["file"]), str(found["format"]), numbers, lines)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
