"""What becomes of the surveys of other tools: taken, changed, left out, refused, and whether they come back.

    python benchmarks/survey_files.py [--folder FOLDER] [--table]

Reads the files of the folders limesurvey, surveyjs and xlsform below FOLDER. XLSForms are written as XLSForms
again and compared row by row with what came in. `--table` prints the table of docs/survey-files.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import results
from survey.document import parse
from survey.formats import survey_files, xlsform_book, xlsform_out
from survey.formats.survey_files import SurveyFile, SurveyFileError
from survey.formats.survey_report import questions
from survey.formats.xlsform_form import understand

ENDINGS = (".xlsx", ".xls", ".lss", ".tsv", ".json")
NOT_SURVEYS = ("INDEX.json",)
KINDS = ("limesurvey", "surveyjs", "xlsform")


@dataclass
class Result:
    """What became of one file."""

    file: str
    format: str = ""
    taken: bool = False
    questions: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    same_again: bool | None = None
    refused: str = ""
    sheet: str = ""
    row: int | None = None
    seconds: float = 0.0


def files(folder: Path) -> Iterator[Path]:
    """The files that could be surveys."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in ENDINGS and path.name not in NOT_SURVEYS and path.parent.name in KINDS:
            yield path


def result(path: Path) -> Result:
    """Read one file, and write it again where it is an XLSForm."""
    found = Result(path.name)
    data = path.read_bytes()
    began = time.process_time()
    try:
        file = survey_files.read(data, path.name)
    except SurveyFileError as error:
        found.refused, found.sheet, found.row = str(error), error.sheet, error.row
        file = None
    found.seconds = round(time.process_time() - began, 3)
    if file is not None:
        _fill(found, file, data)
    return found


def _fill(found: Result, file: SurveyFile, data: bytes) -> None:
    found.format, found.taken = file.format, True
    found.questions, found.counts = questions(file.document), survey_files.counts(file.lines)
    if file.format == "xlsform":
        plain = {key: value for key, value in file.document.items() if key != "mode"}
        found.same_again = facts(xlsform_out.write(parse(plain))[0]) == facts(data)


def facts(data: bytes) -> tuple[Any, ...]:
    """Names, types, words, rules and choices of an XLSForm."""
    form = understand(xlsform_book.read(data))
    rows = [(row.type, row.name, row.words, row.cells) for row in form.rows]
    lists = {
        name: [(one.name, one.label, one.columns) for one in listed] for name, listed in form.lists.items()
    }
    return rows, lists, form.settings


def totals(found: Iterable[Result]) -> dict[str, dict[str, int]]:
    """By format: files taken and refused, questions, lines of the reports, forms that came back the same."""
    sums: dict[str, Counter[str]] = {}
    for one in found:
        row = sums.setdefault(one.format or "refused", Counter())
        row["files"] += 1
        row["questions"] += one.questions
        row["came back the same"] += one.same_again is True
        row.update(one.counts)
    return {name: dict(row) for name, row in sums.items()}


def table(found: Iterable[Result]) -> Iterator[str]:
    """The table of the documentation."""
    yield "| file | questions | taken | changed | left out | |"
    yield "|---|--:|--:|--:|--:|---|"
    for one in found:
        where = f"{one.sheet} {one.row}: " if one.row is not None else ""
        words = f"refused: {where}{one.refused}" if not one.taken else ""
        if one.same_again is not None:
            words = "comes back the same" if one.same_again else "**comes back changed**"
        numbers = " | ".join(str(one.counts.get(what, "")) for what in ("taken", "changed", "left out"))
        yield f"| {one.file} | {one.questions if one.taken else ''} | {numbers} | {words} |"


def main() -> int:
    """Read all files; the exit code is 1 when a form did not come back the same."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    beside = Path(__file__).parents[2] / "shared" / "data" / "instruments"
    parser.add_argument("--folder", type=Path, default=beside)
    parser.add_argument("--table", action="store_true")
    wanted = parser.parse_args()
    found = [result(path) for path in files(wanted.folder)]
    results.save("survey_files", {"totals": totals(found), "files": [asdict(one) for one in found]})
    print("\n".join(table(found)) if wanted.table else json.dumps(totals(found), indent=2))
    return int(any(one.same_again is False for one in found))


if __name__ == "__main__":
    sys.exit(main())
