"""The demo in many states at once: boards decided about and as found, a run that waits, samples, offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import changes, db
from survey.dates import now
from survey.jobs import worker
from survey.models import Audience, Comment, Job, Person, Study
from survey.models.token import SCOPES
from survey.services import comparisons, helpful, offices, people, runs, splits, studies, summaries, tokens
from survey.services.theme_comments import CommentQuery, ids_of
from tests import samples
from tests.boards import board_of, decide
from tests.browser.board_pages import PLAN, STAFF

PLANNER, FACILITATOR = "planner@millbrook.example", "facilitator@millbrook.example"
OTHER = "second@millbrook.example"
"""Another planner; the password of each new account is like those of the demo."""
EMPTY, FRESH = "nothing-yet", "some-comments"
FEW = 25
MARKUP = "<b>Wi-Fi</b> & “signs” for " + "everybody " * 12


@dataclass(frozen=True)
class Made:
    """What the tests go to: jobs by what became of them, a theme to split, a comment."""

    jobs: dict[str, int]
    themes: tuple[int, ...]
    comment: str


def prepare(url: str) -> Made:
    """Bring a copy of the demo's database into these states, through the services that people use."""
    database = db.connect(url)
    try:
        with database.writing() as session:
            themes, comment = _decide(session)
            _accounts(session)
            _other_studies(session)
        with database.writing() as session:
            jobs = _work(session, themes)
        worker.drain(database)
        with database.writing() as session:
            return Made(jobs | _unfinished(session), themes, comment)
    finally:
        database.dispose()


def _decide(session: Session) -> tuple[tuple[int, ...], str]:
    study = studies.by_slug(session, PLAN)
    board = board_of(session, study)
    themes = tuple(theme.id for theme in board.themes)
    first, second, third, fourth, fifth, sixth = themes[:6]
    said = ids_of(session, study, board, CommentQuery(board.find(first)))
    chief = offices.add(session, study, "Chief Administrator", by=PLANNER)
    offices.add(session, study, "Libraries", by=PLANNER)
    wanted = [
        changes.accept(first),
        changes.describe(
            first, {"definition": "What\npeople ask for.", "include": "Forms", "exclude": "Bills"}
        ),
        changes.rename(second, MARKUP),
        changes.accept(second),
        changes.park(third),
        changes.reject(fourth),
        changes.accept(fifth),
        changes.nest(fifth, first),
        changes.merge(second, [sixth]),
        changes.office(first, chief.id, chief.name),
        changes.note("Ask the library first.", theme=first),
        changes.note("She said so twice.", comment=said[0]),
        changes.move(said[1], first, second),
        changes.pin(said[2]),
        changes.off_topic(said[3]),
        changes.axis(1, "Scope", [(1, "Our office"), (2, "The city")]),
        changes.code(1, 1, said[:9], "Our office"),
        changes.code(1, 2, said[9:12], "The city"),
        changes.quote(said[4], "cleared"),
        changes.quote(said[5], "cleared", [(0, 6)]),
        changes.quote(said[6], "refused"),
        changes.park(themes[7]),
    ]
    board = decide(session, study, *wanted, by=PLANNER)
    decide(session, study, changes.undo(board.revision), by=PLANNER)
    summaries.freeze(session, study, PLANNER)
    return themes, said[0]


def _accounts(session: Session) -> None:
    for role, email in (("planner", OTHER), ("office", "office@millbrook.example")):
        name = email.partition("@")[0]
        made = people.add(session, email, [role], f"millbrook-{name}", name=name.title(), by="tests")
        people.give_studies(session, made, [])
    study = studies.by_slug(session, PLAN)
    office = offices.get(session, study, "chief-administrator")
    offices.add_person(session, study, office, "office@millbrook.example", by=PLANNER)
    planner, facilitator = (_person(session, email) for email in (PLANNER, FACILITATOR))
    cast: Any = SimpleNamespace(planner=planner, facilitator=facilitator)
    samples.fill(session, study, cast)
    wanted = tokens.Wanted("Report of the week", SCOPES, None, 90)
    tokens.make(session, planner, wanted, now().date())
    tokens.make(session, planner, wanted, now().date() - timedelta(days=100))


def _person(session: Session, email: str) -> Person:
    found = session.scalar(select(Person).where(Person.email == email))
    assert found is not None
    return found


def _other_studies(session: Session) -> None:
    studies.add(session, EMPTY, "A study with nothing in it", by=PLANNER)
    fresh = studies.add(session, FRESH, "A study without themes", by=PLANNER)
    _add_comments(session, fresh, FEW)
    _add_comments(session, studies.by_slug(session, PLAN), 3)


def _add_comments(session: Session, study: Study, count: int) -> None:
    """Comments that no run has seen."""
    audience = session.scalar(select(Audience).where(Audience.study_id == study.id).limit(1))
    for number in range(count):
        text = f"Late word {number}: the bus app shows the wrong time, and nobody answers the ticket."
        comment = Comment(id=f"late-{study.id}-{number}", study_id=study.id, channel="letter", text=text)
        comment.audience, comment.position = audience, 10_000 + number
        session.add(comment)
    session.flush()


def _work(session: Session, themes: tuple[int, ...]) -> dict[str, int]:
    """Long work of each kind, for a worker to do."""
    study = studies.by_slug(session, PLAN)
    studies_of_staff = studies.by_slug(session, STAFF)
    comparisons.set_earlier(session, study, studies_of_staff, PLANNER)
    theme = board_of(session, study).find(themes[6])
    assert theme is not None
    return {
        "split": splits.start(session, study, theme, 3, PLANNER).id,
        "helpful": helpful.start(session, study, PLANNER).id,
        "compare": comparisons.start(session, study, f"study:{STAFF}", "board", PLANNER).id,
        "find": runs.find(session, study, runs.How(themes=8, afresh=True), PLANNER).id,
    }


def _unfinished(session: Session) -> dict[str, int]:
    """Work that goes on and never ends, as nobody does it, and work that ended badly."""
    study = studies.by_slug(session, STAFF)
    made = {}
    for state, kind, args, message in (
        ("running", runs.KIND, {}, "Learning the words"),
        ("failed", runs.KIND, {}, "There are too few comments."),
        ("cancelled", splits.KIND, {"theme": 1, "parts": 2}, ""),
    ):
        job = Job(kind=kind, study_id=study.id, args=args, state=state, made_by=PLANNER, made_at=now())
        job.message, job.progress = message, 0.4
        session.add(job)
        session.flush()
        made[state] = job.id
    return made
