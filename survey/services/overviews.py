"""How far studies have come: the cards of the list, and the road of one study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.models import Audience, Candidate, Comment, Job, Person, Run, Study, Summary, Survey
from survey.services import board, comments, runs, studies, surveys

Step = Literal["audiences", "surveys", "comments", "themes", "summary"]


@dataclass(frozen=True)
class Card:
    """A study in the list. `themes` counts what the latest run suggested; None when there is no run."""

    study: Study
    audiences: int
    comments: int
    open_surveys: int
    themes: int | None
    is_searching: bool


@dataclass(frozen=True)
class Road:
    """The steps of a study from its audiences to its summary, and how far each is."""

    audiences: int
    surveys: tuple[Survey, ...]
    open_surveys: int
    comments: int
    is_searching: bool
    themes: int | None
    accepted: int
    summaries: int

    @property
    def done(self) -> frozenset[Step]:
        """The steps that are behind."""
        asked = any(survey.state != "draft" for survey in self.surveys)
        marks: dict[Step, bool] = {
            "audiences": self.audiences > 0,
            "surveys": asked or self.comments > 0,
            "comments": self.comments >= runs.FEWEST_COMMENTS,
            "themes": self.accepted > 0,
            "summary": self.summaries > 0,
        }
        return frozenset(step for step, is_done in marks.items() if is_done)

    @property
    def next(self) -> Step | None:
        """The first step that is not behind."""
        steps: tuple[Step, ...] = ("audiences", "surveys", "comments", "themes", "summary")
        return next((step for step in steps if step not in self.done), None)

    @property
    def draft(self) -> Survey | None:
        """A survey that is being built."""
        return next((survey for survey in self.surveys if survey.state == "draft"), None)


def cards(session: Session, person: Person, today: date) -> list[Card]:
    """The studies a person works on, newest first, in a fixed number of queries."""
    found = studies.visible_to(session, person)
    ids = [study.id for study in found]
    audiences, texts = _counts(session, Audience.study_id, ids), _counts(session, Comment.study_id, ids)
    themes, searching = _latest_themes(session, ids), _searching(session, ids)
    open_now: list[int] = [
        survey.study_id for survey in surveys.of_studies(session, ids) if surveys.takes_answers(survey, today)
    ]
    return [
        Card(
            s,
            audiences.get(s.id, 0),
            texts.get(s.id, 0),
            open_now.count(s.id),
            themes.get(s.id),
            s.id in searching,
        )
        for s in found
    ]


def _counts(session: Session, column: InstrumentedAttribute[int], ids: Sequence[int]) -> dict[int, int]:
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return dict(session.execute(query).all())


def _latest_themes(session: Session, ids: Sequence[int]) -> dict[int, int]:
    latest = select(func.max(Run.id)).where(Run.study_id.in_(ids)).group_by(Run.study_id)
    query = select(Run.study_id, func.count(Candidate.id)).outerjoin(Candidate).where(Run.id.in_(latest))
    return dict(session.execute(query.group_by(Run.study_id)).all())


def _searching(session: Session, ids: Sequence[int]) -> set[Any]:
    at_work = Job.kind == runs.KIND, Job.state.in_(("waiting", "running"))
    return set(session.scalars(select(Job.study_id).where(Job.study_id.in_(ids), *at_work)))


def road(session: Session, study: Study, today: date) -> Road:
    """How far a study has come."""
    found = surveys.of_studies(session, [study.id])
    themes = board.load(session, study)
    return Road(
        audiences=len(study.audiences),
        surveys=tuple(found),
        open_surveys=sum(surveys.takes_answers(survey, today) for survey in found),
        comments=comments.count(session, study.id),
        is_searching=runs.unfinished(session, study) is not None,
        themes=len(themes.live) if themes else None,
        accepted=sum(theme.state == "accepted" for theme in themes.themes) if themes else 0,
        summaries=session.scalar(select(func.count(Summary.id)).where(Summary.study_id == study.id)) or 0,
    )
