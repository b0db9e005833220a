"""A small study with a run, so that every number can be checked by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board, Change
from survey.dates import now
from survey.models import Audience, Candidate, Comment, Placement, Prompt, Run, Study
from survey.services import applying
from survey.services import board as boards

# comment: audience, candidates; `None` came after the run. Candidate 1 has 6, 2 has 4, 3 (one group) has 2.
COMMENTS: dict[str, tuple[str, tuple[int, ...] | None]] = {
    "a1": ("Academia", (1,)),
    "a2": ("Academia", (1, 2)),
    "a3": ("Academia", (2,)),
    "a4": ("Academia", ()),
    "n1": ("Nonprofits", (1,)),
    "n2": ("Nonprofits", (1,)),
    "n3": ("Nonprofits", (2, 1)),
    "n4": ("Nonprofits", ()),
    "t1": ("Tech", (1,)),
    "t2": ("Tech", (3,)),
    "t3": ("Tech", (3,)),
    "t4": ("Tech", (2,)),
    "x1": ("", ()),
    "late": ("Tech", None),
}
LABELS = {1: "internet; home", 2: "phone; services", 3: "pole permits"}
PROMPTS = ("What works well?", "What should we improve?")


def add_comments(session: Session, study: Study) -> None:
    """The comments of `COMMENTS`, with audiences and prompts."""
    study = session.merge(study)
    names = [name for name in dict.fromkeys(audience for audience, _ in COMMENTS.values()) if name]
    audiences = {
        name: Audience(study=study, name=name, position=place, people=12) for place, name in enumerate(names)
    }
    prompts = [Prompt(study=study, text=text, position=place) for place, text in enumerate(PROMPTS)]
    session.add_all([*audiences.values(), *prompts])
    session.flush()
    for place, (id, (audience, _)) in enumerate(COMMENTS.items()):
        comment = Comment(
            id=id, study_id=study.id, channel="session", text=f"Comment {id} of <b>{audience}</b>"
        )
        comment.audience, comment.prompt = audiences.get(audience), prompts[place % 2]
        session.add(comment)
    session.flush()


def add_run(
    session: Session, study: Study, number: int = 1, goes_on: Mapping[int, int] | None = None
) -> dict[int, int]:
    """A run over the comments; returns the theme of each candidate, both by number, as for the first run.

    `goes_on` says from which theme of the board a candidate goes on; others are new.
    """
    ids = {
        a.name: str(a.id) for a in session.scalars(select(Audience).where(Audience.study_id == study.id))
    } | {"": ""}
    placed = {id: (ids[audience], found) for id, (audience, found) in COMMENTS.items() if found is not None}
    run = Run(
        study_id=study.id, number=number, seed=7, comments=len(placed), made_by="planner", made_at=now()
    )
    run.unplaced = sum(not found for _audience, found in placed.values())
    run.totals, run.manifest = (
        Counter(audience for audience, _ in placed.values()),
        {"versions": {"numpy": "2"}},
    )
    run.candidates = [_candidate(place, placed) for place in LABELS]
    for candidate in run.candidates:
        candidate.goes_on = (goes_on or {}).get(candidate.number)
    session.add(run)
    session.flush()
    by_number = {candidate.number: candidate.id for candidate in run.candidates}
    for id, (_audience, found) in placed.items():
        for rank, place in enumerate(found or [None], start=1):
            row = Placement(run_id=run.id, comment_id=id, rank=rank, weight=0.9 / rank)
            row.candidate_id = by_number[place] if place else None
            row.reason = None if place else "too short"
            session.add(row)
    session.flush()
    applying.come_first(session, study, run, "planner")
    return {number: number for number in by_number}


def _candidate(number: int, placed: dict[str, tuple[str, tuple[int, ...]]]) -> Candidate:
    members = {id: audience for id, (audience, found) in placed.items() if number in found}
    candidate = Candidate(number=number, label=LABELS[number], size=len(members), stability=0.9 - number / 10)
    candidate.keywords, candidate.quotes = LABELS[number].split("; "), list(members)[:4]
    candidate.by_audience = Counter(members.values())
    return candidate


def board_of(session: Session, study: Study) -> Board:
    """The board of a study that has one."""
    board = boards.load(session, study)
    assert board is not None
    return board


def decide(session: Session, study: Study, *wanted: Change, by: str = "planner@office.example") -> Board:
    """Decide one after the other, each on the newest board."""
    for change in wanted:
        boards.decide(session, study, change, board_of(session, study).revision, by)
    return board_of(session, study)
