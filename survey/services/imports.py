"""Storing the comments of a file that was read, for page and command line alike, and taking them back."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.formats.comments_in import ColumnChoice, IncomingComment
from survey.formats.tables import Limits, Problem
from survey.jobs import table as jobs
from survey.models import Audience, Comment, CommentImport, Job, Placement, Prompt, Run, Study, Survey
from survey.services import audit, import_reports, names
from survey.services.import_files import Incoming, parse
from survey.services.import_reports import Report

BATCH = 5_000
LONGEST = {"source_id": 200, "audience": 200, "prompt": 500, "channel": 40, "language": 20, "wave": 60}


class ImportedAlready(Refusal):
    """The very file is in the study; `import_id` says as which import."""

    def __init__(self, earlier: CommentImport) -> None:
        super().__init__(
            _(
                "This file was imported on %(day)s already, from the same columns. To import it again, take "
                "that import back first.",
                day=f"{earlier.made_at:%Y-%m-%d}",
            )
        )
        self.import_id = earlier.id


def import_comments(
    session: Session,
    study: Study,
    data: bytes,
    name: str,
    choice: ColumnChoice,
    by: str,
    partial: bool = False,
) -> Report:
    """Read and store the comments of a file: `parse` and `store` in one."""
    return store(session, study, parse(data, name, choice, Limits()), by=by, partial=partial)


def store(session: Session, study: Study, incoming: Incoming, *, by: str, partial: bool = False) -> Report:
    """Store the comments of a file: all of its rows, or with `partial` those that can be; else none.

    Audiences and prompts that the study does not have yet are made. Nothing is stored when the report's
    `import_id` is None. Raises `Refusal` when this very file is in the study already, or when a column
    cannot be what it was chosen for.
    """
    session.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    _refuse_again(session, study, incoming)
    comments, refused = _divide(session, study, incoming)
    report = _report(incoming, comments, refused)
    if (refused and not partial) or not comments:
        return report
    audiences = names.audiences(study, (comment.audience for comment in comments))
    prompts = names.prompts(study, (comment.prompt for comment in comments))
    session.flush()
    made = CommentImport(study_id=study.id, file_name=incoming.name, made_by=by, made_at=now(), report={})
    session.add(made)
    session.flush()
    report = replace(
        report,
        stored=len(comments),
        audiences_made=audiences.made,
        prompts_made=prompts.made,
        import_id=made.id,
    )
    made.report = report.as_dict()
    _insert(session, _values(made, comments, audiences, prompts))
    jobs.enqueue(session, "near_duplicates", {"import_id": made.id}, study_id=study.id, by=by)
    audit.record(
        session, by, "imports.add", study.slug, file=incoming.name, stored=len(comments), number=made.id
    )
    return report


def _refuse_again(session: Session, study: Study, incoming: Incoming) -> None:
    """A second click, or the same file a week later, must not store everything twice."""
    earlier = with_content(session, study.id, incoming.sha256, import_reports.columns(incoming.choice))
    if earlier is not None:
        raise ImportedAlready(earlier)


def _divide(
    session: Session, study: Study, incoming: Incoming
) -> tuple[list[IncomingComment], list[Problem]]:
    """The comments that can be stored, and every row of the file that cannot with its reason."""
    present = _present_ids(session, study) if incoming.choice.id else frozenset[str]()
    kept: list[IncomingComment] = []
    refused = list(incoming.read.refused)
    for comment in incoming.read.comments:
        reason = _too_long(comment)
        if comment.source_id in present:
            reason = (
                f"has the id “{comment.source_id}”, which a comment of this study has already; "
                "if it is another comment, import the file without its id column"
            )
        if reason:
            refused.append(Problem(comment.line, reason))
        else:
            kept.append(comment)
    return kept, sorted(refused, key=lambda problem: problem.line)


def _present_ids(session: Session, study: Study) -> frozenset[str]:
    query = select(Comment.source_id).where(Comment.study_id == study.id, Comment.source_id.is_not(None))
    return frozenset(found for found in session.scalars(query) if found is not None)


def _too_long(comment: IncomingComment) -> str | None:
    for name, most in LONGEST.items():
        length = len(getattr(comment, name) or "")
        if length > most:
            return f"has {length:,} characters as its {name.replace('source_', '')}; the most is {most}"
    return None


def _report(incoming: Incoming, comments: list[IncomingComment], refused: list[Problem]) -> Report:
    table = incoming.table
    return Report(
        file_name=incoming.name,
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sha256=incoming.sha256,
        columns=import_reports.columns(incoming.choice),
        read=len(comments) + len(refused),
        stored=0,
        exact_duplicates=count_exact_duplicates(comment.text for comment in comments),
        refused=len(refused),
        refused_rows=import_reports.listed(refused),
        replaced=len(table.replaced),
        replaced_places=import_reports.places(table.replaced),
        notes=table.notes,
        row_notes=import_reports.listed(incoming.read.notes),
    )


def count_exact_duplicates(texts: Iterable[str]) -> int:
    """How many texts are the same as an earlier one, but for blanks."""
    kinds = Counter(" ".join(text.split()) for text in texts)
    return kinds.total() - len(kinds)


def _values(
    made: CommentImport, comments: list[IncomingComment], audiences: names.Names, prompts: names.Names
) -> Iterator[dict[str, object]]:
    for comment in comments:
        yield {
            "id": secrets.token_hex(16),
            "study_id": made.study_id,
            "audience_id": audiences.id(comment.audience),
            "prompt_id": prompts.id(comment.prompt),
            "import_id": made.id,
            "channel": comment.channel or "import",
            "language": comment.language,
            "wave": comment.wave,
            "position": comment.line,
            "source_id": comment.source_id,
            "text": comment.text,
        }


def _insert(session: Session, values: Iterator[dict[str, object]]) -> None:
    while batch := list(islice(values, BATCH)):
        session.execute(insert(Comment), batch)


def of_study(session: Session, study_id: int) -> list[CommentImport]:
    """The imports of a study, newest first."""
    query = select(CommentImport).where(CommentImport.study_id == study_id).order_by(CommentImport.id.desc())
    return list(session.scalars(query))


def with_content(
    session: Session, study_id: int, sha256: str, columns: dict[str, str | None] | None = None
) -> CommentImport | None:
    """The newest import of the file with that SHA-256; with `columns`, only one that was read from them."""
    for made in of_study(session, study_id):
        if made.report["sha256"] == sha256 and (
            columns is None or _chosen(columns) == _chosen(made.report["columns"])
        ):
            return made
    return None


def _chosen(columns: dict[str, str | None]) -> dict[str, str]:
    """The columns that were read: an older report knows fewer of those that could have been."""
    return {meaning: column for meaning, column in columns.items() if column is not None}


def get(session: Session, study: Study, import_id: int) -> CommentImport:
    """One import of a study, or `NotFound`."""
    found = session.get(CommentImport, import_id)
    if found is None or found.study_id != study.id:
        raise NotFound
    return found


def texts(session: Session, import_id: int) -> list[str]:
    """The texts of an import, in the order of the file."""
    query = select(Comment.text).where(Comment.import_id == import_id)
    return list(session.scalars(query.order_by(Comment.position)))


def run_that_used(session: Session, made: CommentImport) -> int | None:
    """The number of the first run in which comments of this import are placed, if there is one."""
    placed = exists().where(
        Placement.run_id == Run.id, Placement.comment_id == Comment.id, Comment.import_id == made.id
    )
    query = select(Run.number).where(Run.study_id == made.study_id, placed)
    return session.scalar(query.order_by(Run.number).limit(1))


def take_back(session: Session, study: Study, import_id: int, *, by: str) -> None:
    """Undo an import: its comments go, and the audiences and prompts it made if nothing else uses them.

    Raises `Refusal` when a run has used its comments: what a run found never changes.
    """
    made = get(session, study, import_id)
    number = run_that_used(session, made)
    if number is not None:
        raise Refusal(
            _(
                "Run %(number)s has found themes in these comments, so they stay: what a run found never "
                "changes.",
                number=number,
            )
        )
    session.execute(delete(Comment).where(Comment.import_id == made.id))
    _remove_unused(session, study, made)
    session.delete(made)
    audit.record(session, by, "imports.take-back", study.slug, file=made.file_name, number=made.id)


def _remove_unused(session: Session, study: Study, made: CommentImport) -> None:
    unused_audience = (
        ~exists().where(Comment.audience_id == Audience.id),
        ~exists().where(Survey.audience_id == Audience.id),
        Audience.name.in_(made.report["audiences_made"]),
    )
    session.execute(delete(Audience).where(Audience.study_id == study.id, *unused_audience))
    unused_prompt = (
        ~exists().where(Comment.prompt_id == Prompt.id),
        Prompt.text.in_(made.report["prompts_made"]),
    )
    session.execute(delete(Prompt).where(Prompt.study_id == study.id, *unused_prompt))
    session.expire(study)


def duplicates_job(session: Session, import_id: int) -> Job:
    """The job that counts the near duplicates of an import."""
    made = session.get_one(CommentImport, import_id)
    of_study = select(Job).where(Job.study_id == made.study_id, Job.kind == "near_duplicates")
    newest_first = session.scalars(of_study.order_by(Job.id.desc()))
    return next(job for job in newest_first if job.args["import_id"] == import_id)


def note_near_duplicates(session: Session, import_id: int, *, groups: int, duplicates: int) -> None:
    """Complete the report of an import; nothing happens when it was taken back meanwhile."""
    made = session.get(CommentImport, import_id, with_for_update=True)
    if made is not None:
        made.report = {**made.report, "near_groups": groups, "near_duplicates": duplicates}
