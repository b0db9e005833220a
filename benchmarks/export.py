"""What taking many responses away costs, against the least that could write them.

    python benchmarks/export.py [--quick]

100,000 responses to 20 questions, on SQLite and on PostgreSQL, each measurement in a process of its own:

- CSV as the product streams it, against a bare cursor of the driver that reads the same columns, parses the
  same JSON and writes rows of the same columns with `csv` (the values as they are stored, where the product
  writes words).
- XLSX as the job writes it, against XlsxWriter alone (`constant_memory`) writing the same cells, which are
  generated and not read.

Both take turns; ratios are medians of the ratios of two turns that follow one another, in CPU seconds. Memory
is the peak of the process; "flat" compares all of the rows with a tenth of them.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import xlsxwriter
from sqlalchemy import URL, insert, select

from benchmarks import results
from benchmarks.publish import publish
from benchmarks.servers import Postgres, own_postgres
from benchmarks.surveys import document, ten_questions
from survey import db
from survey.formats import table_csv
from survey.models import Response, Survey, Version
from survey.services import response_export

BARS = {"csv": 1.5, "xlsx": 3.0, "memory": 1.2}
SLUG, SEED = "services", 6
WORDS = ["parks", "streets", "library", "permit", "people", "counter", "answer", "school", "bus", "clean"]
LANGUAGES, UNITS = ("en", "es", "vi"), ("North", "South", "East", "West")


def main() -> None:
    """Measure, print and keep what was measured."""
    arguments = _arguments()
    if arguments.measure:
        print(json.dumps(_measure(arguments.measure, arguments.url, arguments.out)))
        return
    rows, turns = (5_000, 2) if arguments.quick else (100_000, 5)
    report: dict[str, Any] = {"rows": rows, "questions": 20, "turns": turns, "bars": BARS}
    with tempfile.TemporaryDirectory() as folder, own_postgres() as server:
        for name, make in (("sqlite", _sqlite(Path(folder))), ("postgres", partial(_new_database, server))):
            report[name] = _database(make, rows, turns, Path(folder))
    print(json.dumps(report, indent=1))
    if not arguments.quick:
        results.save("export", report)
    sys.exit(0 if _holds(report) else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5,000 rows, two turns; keeps nothing")
    parser.add_argument("--measure", choices=sorted(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    return parser.parse_args()


def _sqlite(folder: Path) -> Callable[[str], str]:
    return lambda name: f"sqlite:///{folder / name}.db"


def _new_database(server: Postgres, name: str) -> str:
    with psycopg.connect(_plain(server.url), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.url.set(database=name).render_as_string(hide_password=False)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _database(make: Callable[[str], str], rows: int, turns: int, folder: Path) -> dict[str, Any]:
    large, small = make("export_all"), make("export_tenth")
    _fill(large, rows)
    _fill(small, rows // 10)
    found: dict[str, Any] = {}
    for kind in ("csv", "xlsx"):
        ours, alone = f"{kind}_ours", f"{kind}_alone"
        pairs = [(_run(ours, large, folder), _run(alone, large, folder)) for _ in range(turns)]
        tenth = _run(ours, small, folder)
        found[kind] = {
            "ours_cpu": median(one["cpu"] for one, _other in pairs),
            "alone_cpu": median(other["cpu"] for _one, other in pairs),
            "ratio": round(median(one["cpu"] / other["cpu"] for one, other in pairs), 2),
            "megabytes": pairs[0][0]["megabytes"],
            "peak_mb": max(one["peak_mb"] for one, _other in pairs),
            "peak_mb_of_a_tenth": tenth["peak_mb"],
        }
    return found


def _holds(report: dict[str, Any]) -> bool:
    return all(
        report[base][kind]["ratio"] <= BARS[kind]
        and report[base][kind]["peak_mb"] <= BARS["memory"] * report[base][kind]["peak_mb_of_a_tenth"]
        for base in ("sqlite", "postgres")
        for kind in ("csv", "xlsx")
    )


def _run(way: str, url: str, folder: Path) -> dict[str, float]:
    """One measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.export", "--measure", way, "--url", url]
    command += ["--out", str(folder / "out")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _measure(way: str, url: str, out: str) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    WAYS[way](url, out)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "cpu": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 3),
        "peak_mb": round(after.ru_maxrss / 1024, 1),
        "megabytes": round(Path(out).stat().st_size / 1e6, 1),
    }


def _csv_ours(url: str, out: str) -> None:
    database = db.connect(url)
    with database.reading() as session, open(out, "wb") as file:
        survey = session.scalars(select(Survey).where(Survey.slug == SLUG)).one()
        table = response_export.table(session, survey)
        for piece in table_csv.pieces(table.header, table.rows):
            file.write(piece)


def _csv_alone(url: str, out: str) -> None:
    engine = db.connect(url).read
    names = [one["id"] for one in twenty_questions()]
    with engine.connect() as connection, open(out, "w", encoding="utf-8", newline="") as file:
        driver: Any = connection.connection.driver_connection
        # PostgreSQL's plain cursor would hold all rows: one with a name reads them in pieces, as ours does.
        cursor = driver.cursor() if engine.dialect.name == "sqlite" else driver.cursor("bare")
        cursor.execute("SELECT version_id, day, language, source, unit, answers FROM response ORDER BY id")
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["version", "day", "language", "source", "unit", *names])
        for *fixed, answers in cursor:
            given = json.loads(answers) if isinstance(answers, str) else answers
            writer.writerow([*fixed, *[given.get(name, "") for name in names]])


def _xlsx_ours(url: str, out: str) -> None:
    from survey.jobs.tasks import export

    database = db.connect(url)
    with database.reading() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == SLUG)).one()
        with open(out, "wb") as file:
            export.write_workbook_of(session, survey, file)


def _xlsx_alone(url: str, out: str) -> None:
    database = db.connect(url)
    with database.reading() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == SLUG)).one()
        rows = response_export.count(session, survey)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        sheet = workbook.add_worksheet("Responses")
        for number, row in enumerate(_words_of(rows)):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)


WAYS: dict[str, Callable[[str, str], None]] = {
    "csv_ours": _csv_ours,
    "csv_alone": _csv_alone,
    "xlsx_ours": _xlsx_ours,
    "xlsx_alone": _xlsx_alone,
}


def twenty_questions() -> list[dict[str, Any]]:
    """The ten questions of the other benchmarks twice."""
    again = [{**one, "id": f"{one['id']}-2"} for one in ten_questions()]
    return [*ten_questions(), *again]


def _fill(url: str, rows: int) -> None:
    publish(url, {SLUG: document("page", twenty_questions())})
    database = db.connect(url)
    with database.writing() as session:
        version = session.scalars(select(Version)).one()
        made = _responses(version, rows)
        while batch := [one for one, _ in zip(made, range(5_000), strict=False)]:
            session.execute(insert(Response), batch)
    database.dispose()


def _responses(version: Version, rows: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(SEED)
    for _ in range(rows):
        yield {
            "id": f"{chance.getrandbits(128):032x}",
            "survey_id": version.survey_id,
            "version_id": version.id,
            "mode": "anonymous",
            "day": date(2026, 3, chance.randint(1, 28)),
            "language": chance.choice(LANGUAGES),
            "unit": chance.choice(UNITS),
            "answers": {one["id"]: _answer(one, chance) for one in twenty_questions()},
        }


def _answer(one: dict[str, Any], chance: random.Random) -> Any:
    cities = [choice["id"] for choice in one.get("choices", ())]
    answers: dict[str, Callable[[], Any]] = {
        "long_text": lambda: " ".join(chance.choices(WORDS, k=chance.randint(5, 40))),
        "short_text": lambda: " ".join(chance.choices(WORDS, k=3)),
        "one_choice": lambda: chance.choice(cities),
        "several_choices": lambda: sorted(chance.sample(cities, 2)),
        "scale": lambda: chance.randint(1, 5),
        "number": lambda: chance.randint(0, 30),
    }
    return answers[one["type"]]()


def _words_of(rows: int) -> Iterator[list[str]]:
    """Cells like those of the export."""
    chance = random.Random(SEED)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(5, 40))) for _ in range(500)]
    short = [
        "1",
        "2026-03-01",
        "en",
        "web",
        "North",
        *["Parks"] * 10,
        "Library; Health",
        "12",
        "3",
        "4",
        "dk",
    ]
    for _ in range(rows):
        yield [*short[:5], *chance.choices(texts, k=4), *short[5:], "a b c"]


if __name__ == "__main__":
    main()
