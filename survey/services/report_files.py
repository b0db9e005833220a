"""PDF files of reports and briefs: asked for, made by a job, fetched for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal
from survey.jobs import table as jobs
from survey.models import Job, MadeFile, Study
from survey.services import audit, made_files, summaries

KIND = "pdf"
MEDIA_TYPE = "application/pdf"
KINDS = ("report", "brief")
PAPERS = ("letter", "a4")
MISSING = _l(
    "PDF files cannot be made on this machine yet: WeasyPrint or Pango is missing. Whoever runs the machine "
    "finds in docs/reports.md how to install them. Or open the HTML file and print it: that gives the same."
)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the report or the brief of a summary, on a paper."""

    summary: int
    which: str = "report"
    paper: str = "letter"

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Wanted:
        """As a job keeps it."""
        return cls(raw["summary"], raw["which"], raw["paper"])


def start(session: Session, study: Study, wanted: Wanted, by: str) -> Job:
    """Put writing the file to work; the same one that is under way is not started twice."""
    summaries.get(session, study, wanted.summary)
    if wanted.which not in KINDS:
        raise Refusal(_("Choose whether the PDF is to be the report or the brief."))
    if wanted.paper not in PAPERS:
        raise Refusal(_("Choose Letter or A4 paper."))
    under_way = jobs.unfinished_of(session, study.id, KIND)
    if under_way and Wanted.of(under_way.args) == wanted:
        return under_way
    audit.record(session, by, "summaries.pdf", study.slug, number=wanted.summary, which=wanted.which)
    return jobs.enqueue(session, KIND, asdict(wanted), study_id=study.id, by=by)


def made_by(session: Session, job: Job) -> MadeFile | None:
    """The file that a job made; None while there is none, or when its day is over."""
    if job.study_id is None or not job.result:
        return None
    try:
        return made_files.get(session, job.study_id, job.result["file"])
    except NotFound:
        return None


def get(session: Session, study: Study, file_id: int) -> MadeFile:
    """A PDF file of the study's reports; raise `NotFound` for any other file."""
    file = made_files.get(session, study.id, file_id)
    if file.media_type != MEDIA_TYPE:
        raise NotFound
    return file


def of_summary(session: Session, study: Study, number: int) -> list[MadeFile]:
    """The PDF files of a summary that can be fetched now, newest first and each kind once."""
    files = [file for file in made_files.of_study(session, study.id) if file.media_type == MEDIA_TYPE]
    names = {name(study.slug, Wanted(number, which, paper)) for which in KINDS for paper in PAPERS}
    newest = {file.name: file for file in reversed(files) if file.name in names}
    return [file for file in files if newest.get(file.name) is file]


def name(slug: str, wanted: Wanted) -> str:
    """What the file is called."""
    return f"{slug}-summary-{wanted.summary}-{wanted.which}-{wanted.paper}.pdf"
