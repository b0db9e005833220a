"""A world in which something exists for every address of the application."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from survey import changes, models
from survey.dates import now
from survey.db import Database
from survey.formats.comments_in import ColumnChoice
from survey.formats.people_in import PersonDetails
from survey.formats.release_parts import Parts
from survey.models import (
    AgendaItem,
    CrossTable,
    GroupSession,
    Job,
    MemberCheck,
    MemberCheckAnswer,
    Note,
    RosterEntry,
    RosterName,
    Study,
    Survey,
)
from survey.services import (
    drafts,
    imports,
    invitees,
    library,
    made_files,
    offices,
    release_content,
    releases,
    report_files,
    studies,
    summaries,
    surveys,
    webhooks,
)
from survey.services.release_checks import Clock
from tests.boards import add_comments, add_run, decide
from tests.fixtures import SECRET
from tests.people import Cast
from tests.samples import fill as add_samples
from tests.services.answering import submit
from tests.sheets import add_mail_and_paper

DOCUMENT = Path(__file__).parent.parent / "survey" / "demo" / "public_survey.json"
FILE = b"id,text\n1,Buses are late\n2,Trees are nice\n"


@dataclass(frozen=True)
class World:
    """The arguments of every route, by name: a study "it-plan" with something of everything."""

    values: dict[str, Any]


@pytest.fixture
def world(database: Database, study: Study, cast: Cast) -> World:
    """Fill the study "it-plan"."""
    with database.writing() as session:
        return World(fill(session, studies.by_slug(session, study.slug), cast))


def add_session(session: Session, study: Study, by: str) -> dict[str, Any]:
    """A session under way with a note and phones, and a group that is asked about its draft themes."""
    made = {"made_by": by, "made_at": now()}
    audience = study.audiences[0].id
    meeting = GroupSession(
        study_id=study.id, audience_id=audience, state="open", join_code="joincode", **made
    )
    meeting.agenda = [AgendaItem(prompt_id=study.prompts[0].id)]
    meeting.roster = [RosterEntry(number=1)]
    meeting.on_now, meeting.timer_ends_at = study.prompts[0].id, now() + timedelta(minutes=5)
    themes = [{"id": 1, "name": "Wi-Fi", "about": ""}]
    check = MemberCheck(
        study_id=study.id, audience_id=audience, number=1, code="c" * 22, themes=themes, **made
    )
    session.add_all([meeting, check])
    session.flush()
    said = MemberCheckAnswer(id="a" * 32, check_id=check.id, marks={}, missing="Buses")
    said.day = check.made_at.date()
    session.add_all([said, RosterName(entry_id=meeting.roster[0].id, name="Ana")])
    note = Note(id="ab" * 16, session_id=meeting.id, position=1, text="Wi-Fi", **made)
    session.add(note)
    session.flush()
    return {
        "session_id": meeting.id,
        "note_id": note.id,
        "code": meeting.join_code,
        "check_code": check.code,
        "check_number": check.number,
    }


def add_job(session: Session, study: Study, kind: str, args: dict[str, Any]) -> int:
    """A job that could not be done."""
    job = Job(kind=kind, study_id=study.id, args=args, state="failed", made_by="x", made_at=now())
    job.message = "no"
    session.add(job)
    session.flush()
    return job.id


def add_cross_table(session: Session, survey: Survey) -> int:
    """Two cross tables of the survey's first question; gives the first."""
    table = CrossTable(survey_id=survey.id, down="internet", across="@unit")
    other = CrossTable(survey_id=survey.id, down="internet", across="@language", position=1)
    session.add_all([table, other])
    session.flush()
    return table.id


def add_releases(session: Session, study: Study, cast: Cast, summary: models.Summary) -> None:
    """A release that is public, and a draft of the next one."""
    by, other, clock = cast.facilitator.email, cast.planner.email, Clock(now(), "UTC")
    release = releases.prepare(session, study, summary, by)
    themes = tuple(theme.id for theme in release_content.summary_of(release).themes)
    data = [f"theme:{id}" for id in themes]
    parts = Parts.from_dict({**release.parts, "themes": themes, "data": data, "interim": True})
    wanted = releases.Wanted(parts, release.words)
    releases.change(session, release, wanted, releases.Seen(by, release.revision))
    releases.ask(session, release, clock, releases.Seen(by, release.revision))
    shown = release_content.drawn(session, release).document.content_sha256()
    releases.approve(session, release, clock, releases.Seen(other, release.revision, shown))
    releases.prepare(session, study, summary, by)


def fill(session: Session, study: Study, cast: Cast) -> dict[str, Any]:
    by = cast.facilitator.email
    add_comments(session, study)
    candidates = add_run(session, study)
    decide(session, study, changes.axis(1, "Scope", [(1, "Our office"), (2, "The city")]))
    survey = surveys.add(session, study, "services", "City services", by=by)
    document = {key: value for key, value in json.loads(DOCUMENT.read_text("utf-8")).items() if key != "mode"}
    surveys.save_document(session, survey, document, by=by)
    surveys.publish(session, survey, by=by)
    submit(session, drafts.new_token(), {}, slug=survey.slug, apart="quick")
    submit(session, drafts.new_token(), {}, slug=survey.slug)
    person = invitees.add(session, SECRET, survey, PersonDetails("Ana", "ana@home.example"), by=by)
    job = Job(
        kind="discover", study_id=study.id, args={}, state="failed", made_by=by, made_at=now(), message="no"
    )
    session.add(job)
    report = imports.import_comments(session, study, FILE, "notes.csv", ColumnChoice("text", id="id"), by)
    office = offices.add(session, study, "Chief Administrator", by=by)
    summary = summaries.freeze(session, study, by)
    add_samples(session, study, cast)
    kept = library.add(session, survey, "internet", by=by)
    mail_and_paper = add_mail_and_paper(session, survey)
    hook = webhooks.add(session, study, "https://city.example/hook", ["survey.closed"], by=by)
    webhooks.tell(session, study.id, "survey.closed", {})
    session.flush()
    delivery = webhooks.deliveries(session, hook)[0]
    delivery.state = "failed"
    session.flush()
    add_releases(session, study, cast, summary)
    pdf = report_files.Wanted(summary.number)
    pdf_name = report_files.name(study.slug, pdf)
    printed = made_files.store(session, study.id, pdf_name, "application/pdf", [b"x"], by)
    file = made_files.store(session, study.id, f"{survey.slug}-responses.xlsx", "text/plain", [b"x"], by)
    return {
        **mail_and_paper,
        "table_id": add_cross_table(session, survey),
        "pdf_id": printed.id,
        "pdf_job_id": add_job(session, study, "pdf", asdict(pdf)),
        **add_session(session, study, by),
        "study_slug": study.slug,
        "file_id": file.id,
        "freezing_id": add_job(session, study, "freeze", {"by": by}),
        "export_id": add_job(session, study, "export_responses", {"survey": survey.id}),
        "slug": study.slug,
        "survey_slug": survey.slug,
        "audience_id": study.audiences[0].id,
        "prompt_id": study.prompts[0].id,
        "theme_id": candidates[1],
        "job_id": job.id,
        "import_id": report.import_id,
        "number": summary.number,
        "run": 1,
        "position": 1,
        "version": 1,
        "place": f"question.{document['pages'][-1]['questions'][-1]['id']}",
        "webhook_id": hook.id,
        "delivery_id": delivery.id,
        "library_id": kept.id,
        "starter_name": "resident-services",
        "tag": "es",
        "invitee_id": person.id,
        "translation_format": "csv",
        "format": "json",
        "codebook_format": "csv",
        "comment_id": "a1",
        "office_slug": office.slug,
        "person_id": cast.planner.id,
        "page_id": document["pages"][0]["id"],
        "question_id": "internet",
        "kind": "long_text",
        "name": "survey.000000000000.css",
    }
