"""A world in which something exists for every address of the application."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from survey import changes
from survey.dates import now
from survey.db import Database
from survey.formats.comments_in import ColumnChoice
from survey.formats.people_in import PersonDetails
from survey.models import Job, Study
from survey.services import drafts, imports, invitees, library, offices, studies, summaries, surveys, webhooks
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
    return {
        **mail_and_paper,
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
