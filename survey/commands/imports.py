"""Bringing comments in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from survey import config
from survey.commands import import_survey
from survey.commands.common import BY, opened, work_here
from survey.db import Database
from survey.errors import Refusal
from survey.formats.comments_in import ColumnChoice
from survey.formats.rows import count
from survey.services import import_files, imports, studies
from survey.services.import_reports import MOST_LISTED, Report

group = click.Group("import", help="Bring comments and surveys in from files.")
group.add_command(import_survey.survey)


@group.command()
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", required=True, help="The column that holds what people said.")
@click.option("--id", "source_id", help="The column that numbers or names the rows.")
@click.option("--audience", help="The column with the group a comment comes from.")
@click.option("--prompt", help="The column with what people were asked.")
@click.option("--channel", help="The column that says how a comment came.")
@click.option("--language", help="The column with a language tag such as es.")
@click.option("--wave", help="The column with the round in which it was said, such as 2026.")
@click.option("--partial", is_flag=True, help="Store the good rows when others are refused.")
@click.option(
    "--report", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the report."
)
def comments(study: str, file: Path, text: str, partial: bool, form: str, **columns: str | None) -> None:
    """Bring the comments of FILE (CSV, Excel or JSON lines) into STUDY and report on every row.

    When a row is refused nothing is stored, unless --partial is given.
    """
    choice = ColumnChoice(text, columns.pop("source_id"), **columns)
    incoming = _read(file, choice)
    with opened() as database:
        with database.writing() as session:
            found = studies.by_slug(session, study)
            report = imports.store(session, found, incoming, by=BY, partial=partial)
        if report.import_id is not None:
            report = _count_near_duplicates(database, report, report.import_id)
    click.echo(
        json.dumps(report.as_dict(), ensure_ascii=False) if form == "json" else "\n".join(_lines(report))
    )
    if report.import_id is None:
        raise Refusal(_nothing_stored(report))


def _read(file: Path, choice: ColumnChoice) -> import_files.Incoming:
    limits = import_files.limits(config.load())
    with file.open("rb") as stream:
        data = stream.read(limits.file_bytes + 1)
    return import_files.parse(data, file.name, choice, limits)


def _count_near_duplicates(database: Database, report: Report, import_id: int) -> Report:
    result: dict[str, Any] = work_here(database, lambda session: imports.duplicates_job(session, import_id))
    return replace(report, near_duplicates=result["duplicates"], near_groups=result["groups"])


def _nothing_stored(report: Report) -> str:
    if report.read == report.refused:
        return "Nothing was stored: no row of the file can be a comment. Is --text the right column?"
    return (
        f"Nothing was stored, because {count(report.refused, 'row')} cannot be a comment. "
        "Put the file right, or add --partial to store the other rows."
    )


def _lines(report: Report) -> Iterator[str]:
    """The report as a person reads it."""
    divided = f", columns divided by “{report.delimiter}”" if report.delimiter else ""
    yield f"{report.file_name}: {report.kind}, {report.encoding}{divided}"
    yield f"{count(report.read, 'row')} read, {report.stored:,} stored, {report.refused:,} refused"
    yield f"{report.exact_duplicates:,} say the same as an earlier row"
    if report.near_duplicates is not None:
        yield f"{report.near_duplicates:,} say nearly the same, in {count(report.near_groups or 0, 'group')}"
    for noun, names in (("audience", report.audiences_made), ("prompt", report.prompts_made)):
        if names:
            yield f"{count(len(names), f'new {noun}')}: {'; '.join(names)}"
    yield from report.notes
    yield from _listed(
        "Refused", (f"Line {row['line']} {row['reason']}" for row in report.refused_rows), report.refused
    )
    yield from _listed("Replaced by “�”", report.replaced_places, report.replaced)
    yield from _listed(
        "Noted", (f"Line {row['line']} {row['reason']}" for row in report.row_notes), len(report.row_notes)
    )


def _listed(title: str, lines: Iterable[str], total: int) -> Iterator[str]:
    if total:
        yield f"{title} ({total:,}):"
        yield from (f"  {line}" for line in lines)
    if total > MOST_LISTED:
        yield f"  and {total - MOST_LISTED:,} more"
