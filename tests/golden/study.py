"""A study with something of everything, put together so that its numbers can be read back from every file."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from survey import changes
from survey.board import Change
from survey.dates import now
from survey.db import Database
from survey.models import (
    Audience,
    Candidate,
    Comment,
    CrossTable,
    GroupSession,
    Placement,
    Prompt,
    RosterEntry,
    Run,
    Study,
    Survey,
    ThemeText,
)
from survey.services import applying, studies
from tests.boards import decide
from tests.services.counted import EASE, YES_NO, answer, ask

GROUPS = {
    "Academia": 12,
    "Tech companies": 14,
    "Nonprofits": 15,
    "Civic tech": 11,
    "City staff": 40,
    "Lifts": 3,
}
PROMPTS = ("What works well?", "What should we improve?")
EVIL = '"><svg onload=alert(1)>'
THEMES = {1: "internet; home", 2: "phone; services", 3: "pole permits"}
SECRET = "Only the office may read this sentence"
BY = "planner@office.example"


def build(database: Database, study: Study) -> None:
    """Six groups, one of three people; a meeting, closed questions, a cross table, words, cleared quotes."""
    survey_id = ask(database, study, YES_NO, EASE, slug="city")
    for unit, yes, no in (("North", 17, 8), ("South", 13, 9)):
        people = [{"web": "yes", "ease": "easy"}] * yes + [{"web": "no", "ease": "hard"}] * no
        answer(database, survey_id, people, unit=unit)
    with database.writing() as session:
        mine = studies.by_slug(session, study.slug)
        _comments(session, mine)
        _run(session, mine)
        _decisions(session, mine)
        _meeting(session, mine)
        session.add(CrossTable(survey_id=session.get_one(Survey, survey_id).id, down="web", across="@unit"))
        words = ThemeText(study_id=mine.id, theme=1, about="About " + EVIL, planned="Forty parks.")
        session.add(words)


def _placed(number: int) -> tuple[int, ...]:
    """The candidates of a comment: all kinds come up, some of them are in none, some in two."""
    return {0: (1,), 1: (1, 2), 2: (2,), 3: (), 4: (1,), 5: (3,) if number > 60 else (1,)}[number % 6]


def _comments(session: Session, study: Study) -> None:
    groups = [
        Audience(study=study, name=name, people=n, position=at) for at, (name, n) in enumerate(GROUPS.items())
    ]
    prompts = [Prompt(study=study, text=text, position=at) for at, text in enumerate(PROMPTS)]
    session.add_all([*groups, *prompts])
    session.flush()
    for number in range(72):
        # Those of the smallest group are few.
        group = groups[number // 14] if number < 70 else groups[5]
        words = SECRET if number == 1 else f"Comment {number} about =1+1 and {EVIL}"
        channel = "import" if number % 3 else "session"
        comment = Comment(id=f"c{number:02}", study_id=study.id, channel=channel, text=words, position=number)
        comment.audience, comment.prompt, comment.language = group, prompts[number % 2], "en"
        session.add(comment)
    session.flush()


def _run(session: Session, study: Study) -> None:
    ids = {audience.name: str(audience.id) for audience in study.audiences}
    names = [*GROUPS]
    group_of = {n: ids[names[n // 14] if n < 70 else names[5]] for n in range(72)}
    run = Run(study_id=study.id, number=1, seed=7, comments=72, made_by=BY, made_at=now(), manifest={"k": 3})
    run.unplaced = sum(not _placed(n) for n in range(72))
    run.totals = Counter(group_of.values())
    run.candidates = [_candidate(number, group_of) for number in THEMES]
    session.add(run)
    session.flush()
    by_number = {candidate.number: candidate.id for candidate in run.candidates}
    for n in range(72):
        for rank, place in enumerate(_placed(n) or (None,), start=1):
            row = Placement(run_id=run.id, comment_id=f"c{n:02}", rank=rank, weight=0.9 / rank)
            row.candidate_id, row.reason = (by_number[place], None) if place else (None, "too short")
            session.add(row)
    session.flush()
    applying.come_first(session, study, run, BY)


def _candidate(number: int, group_of: dict[int, str]) -> Candidate:
    members = [n for n in range(72) if number in _placed(n)]
    candidate = Candidate(number=number, label=THEMES[number], size=len(members), stability=0.95 - number / 6)
    candidate.keywords, candidate.quotes = THEMES[number].split("; "), [f"c{n:02}" for n in members[:4]]
    candidate.by_audience = Counter(group_of[n] for n in members)
    return candidate


def _decisions(session: Session, study: Study) -> None:
    cleared = ("c00", "c14", "c28")
    decide(
        session,
        study,
        changes.rename(2, EVIL),
        Change("accept", {"theme": 1}),
        *(changes.quote(id, "cleared") for id in cleared),
    )


def _meeting(session: Session, study: Study) -> None:
    held = GroupSession(study_id=study.id, audience_id=study.audiences[0].id, title="At the university")
    held.state, held.tables, held.made_by, held.made_at = "ended", 2, BY, now()
    held.starts_at = datetime(2024, 4, 11, 18, tzinfo=UTC)
    session.add(held)
    session.flush()
    session.add_all(RosterEntry(session_id=held.id, number=number) for number in range(1, 13))
    session.flush()
