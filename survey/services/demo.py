"""The demo: two invented studies, built through the same services that people use."""

from __future__ import annotations

import csv
import json
import random
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey.models import Audience, Comment, Prompt, Study
from survey.resources import PACKAGE
from survey.services import demo_sessions, drafts, live, people, studies, surveys
from survey.services.drafts import Keys
from survey.services.responses import Submission, submit_response

FOLDER = PACKAGE / "demo"
BY = "demo"
PUBLIC = "The public"
STUDY, STAFF_STUDY = "it-strategic-plan-demo", "staff-survey-demo"
SURVEY, STAFF_SURVEY = "technology-in-millbrook", "staff-survey"
PROMPTS = {
    "strength": "What works well today?",
    "improvement": "What should we improve?",
    "aspiration": "What should we aspire to?",
}


@dataclass(frozen=True)
class SignIn:
    """An account of the demo. Its password is printed on the first page: the content is invented."""

    role: str
    email: str
    password: str


SIGN_INS = tuple(
    SignIn(role, f"{role}@millbrook.example", f"millbrook-{role}")
    for role in ("facilitator", "planner", "administrator", "auditor")
)


@dataclass(frozen=True)
class Tour:
    """What the first page of the demo leads to."""

    study: str
    released: str
    survey: str
    comments: int
    people: tuple[SignIn, ...]
    facilitator: SignIn
    planner: SignIn


def tour(session: Session) -> Tour:
    """The way through the demo."""
    count = select(func.count()).select_from(Comment).join(Study, Study.id == Comment.study_id)
    comments = session.scalar(count.where(Study.slug == STUDY)) or 0
    return Tour(STUDY, STAFF_STUDY, SURVEY, comments, SIGN_INS, SIGN_INS[0], SIGN_INS[1])


def build(session: Session, secret: str, today: date, say: Callable[[str], None]) -> list[Study]:
    """Make accounts, both studies, their surveys, comments and responses; returns the studies to discover."""
    say("Making the demo's accounts")
    for account in SIGN_INS:
        person = people.add(
            session, account.email, [account.role], account.password, name=account.role, by=BY
        )
        people.give_studies(session, person, [])
    return [_plan(session, today, say), _staff(session, secret, today, say)]


def _plan(session: Session, today: date, say: Callable[[str], None]) -> Study:
    say("Writing down the notes of six focus groups")
    study = studies.add(session, STUDY, "IT Strategic Plan (demo)", by=BY, demo=True)
    study.prompts = [
        Prompt(text=text, kind=kind, position=i) for i, (kind, text) in enumerate(PROMPTS.items())
    ]
    notes, letters = list(_rows("notes.csv")), list(_rows("public.csv"))
    names = dict.fromkeys(row["audience"] for row in notes)
    study.audiences = [Audience(name=name, people=5, position=i) for i, name in enumerate(names)]
    study.audiences.append(Audience(name=PUBLIC, position=len(names)))
    session.flush()
    held = demo_sessions.hold(session, study, today, BY)
    demo_sessions.note(session, held, _store(session, study, demo_sessions.as_comments(notes, held)))
    say("Opening the letters of the public")
    _store(session, study, letters)
    _publish(session, study, SURVEY, json.loads((FOLDER / "public_survey.json").read_text("utf-8")))
    return study


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _store(session: Session, study: Study, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    audiences = {audience.name: audience.id for audience in study.audiences}
    prompts = {prompt.kind: prompt.id for prompt in study.prompts}
    values = [
        {
            "id": secrets.token_hex(16),
            "study_id": study.id,
            "audience_id": audiences[row["audience"]],
            "prompt_id": prompts.get(row.get("prompt", "")),
            "channel": row["channel"],
            "language": row["language"],
            "day": date.fromisoformat(row["day"]) if row.get("day") else None,
            "position": position,
            "text": row["text"],
            "session_id": row.get("session_id"),
            "speaker": row.get("speaker"),
        }
        for position, row in enumerate(rows, start=1)
    ]
    session.execute(insert(Comment), values)
    return values


def _staff(session: Session, secret: str, today: date, say: Callable[[str], None]) -> Study:
    say("Handing in 250 responses of staff")
    study = studies.add(session, STAFF_STUDY, "Staff survey (demo)", by=BY, demo=True)
    content = json.loads((FOLDER / "staff.json").read_text("utf-8"))
    _publish(session, study, STAFF_SURVEY, content["survey"])
    survey = live.find(session, STAFF_SURVEY)
    dice = random.Random(0)
    for response in content["responses"]:
        keys = Keys.of(secret, survey.id, drafts.new_token())
        day = today - timedelta(days=min(int(dice.expovariate(1 / 5)), 20))
        submission = Submission(keys, response["answers"], response["language"], day)
        submit_response(session, survey, submission)
    return study


def _publish(session: Session, study: Study, slug: str, content: dict[str, Any]) -> None:
    document = {name: value for name, value in content.items() if name != "mode"}
    audience = next((a.id for a in study.audiences if a.name == PUBLIC), None)
    survey = surveys.add(
        session, study, slug, content["title"]["en"], content["mode"], by=BY, audience_id=audience
    )
    surveys.save_document(session, survey, document, by=BY)
    surveys.publish(session, survey, by=BY)
