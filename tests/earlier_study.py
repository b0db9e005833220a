"""A study of an earlier year, to compare with the one of `tests.boards`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.dates import now
from survey.models import Candidate, Comment, Person, Placement, Run
from survey.services import applying, studies
from survey.services.studies import Setup

EVIL = '<script>alert("x")</script> home'
EARLIER = {
    1: ("internet; home", ("internet", "home")),
    2: (EVIL, ("phone", "services")),
    3: ("parks", ("tree",)),
}


def add_earlier(session: Session, member: Person) -> None:
    """A study of an earlier year: other comments, themes of which two use words of ours."""
    study = studies.add(session, "it-2019", "IT Plan 2019 <i>", by="tests", setup=Setup(member=member))
    run = Run(study_id=study.id, number=1, seed=1, comments=9, unplaced=0, totals={"": 9}, manifest={})
    run.made_by, run.made_at = "tests", now()
    run.candidates = [
        Candidate(
            number=n, label=label, keywords=list(words), size=3, by_audience={"": 3}, quotes=[f"old{n}0"]
        )
        for n, (label, words) in EARLIER.items()
    ]
    session.add(run)
    session.flush()
    for candidate in run.candidates:
        for place in range(3):
            id = f"old{candidate.number}{place}"
            session.add(Comment(id=id, study_id=study.id, channel="survey", text=f"Said <b>{id}</b>"))
            session.flush()
            placed = Placement(run_id=run.id, comment_id=id, rank=1, weight=0.5)
            placed.candidate_id = candidate.id
            session.add(placed)
    session.flush()
    applying.come_first(session, study, run, "tests")
