"""How people marked the themes that they were shown: for staff, and as tables for the gate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclose import Table
from survey.models import MemberCheck, MemberCheckAnswer, Study

POPULATION = "member check"
MARKS = ("yes", "no")


@dataclass(frozen=True)
class ShownTheme:
    """A theme as people see it: its number on the board, its name, and what it says."""

    id: int
    name: str
    about: str = ""

    @classmethod
    def of(cls, check: MemberCheck) -> list[ShownTheme]:
        """The themes of a check, in their order."""
        return [cls(row["id"], row["name"], row["about"]) for row in check.themes]


@dataclass(frozen=True)
class ThemeMarks:
    """How people marked a theme; `silent` answered and left it open."""

    theme: ShownTheme
    yes: int = 0
    no: int = 0
    silent: int = 0


@dataclass(frozen=True)
class GroupMarks:
    """The answers of one audience, or of all: `themes` is None while they stand for too few people."""

    name: str
    answers: int
    themes: tuple[ThemeMarks, ...] | None


@dataclass(frozen=True)
class _Counts:
    """Every answer counted: how many by audience, and marks by audience and theme."""

    answers: Mapping[int, int]
    asked: Mapping[tuple[int, int], int]
    marks: Mapping[tuple[int, int, str], int]
    themes: Mapping[int, ShownTheme]


def _count(session: Session, study: Study) -> _Counts:
    query = select(MemberCheck).where(MemberCheck.study_id == study.id).order_by(MemberCheck.number)
    checks = {check.id: check for check in session.scalars(query)}
    answers, asked = Counter[int](), Counter[tuple[int, int]]()
    marks = Counter[tuple[int, int, str]]()
    themes = {theme.id: theme for check in checks.values() for theme in ShownTheme.of(check)}
    given = select(MemberCheckAnswer.check_id, MemberCheckAnswer.marks)
    for check_id, marked in session.execute(given.where(MemberCheckAnswer.check_id.in_(checks))):
        check = checks[check_id]
        answers[check.audience_id] += 1
        asked.update((check.audience_id, row["id"]) for row in check.themes)
        marks.update((check.audience_id, int(theme), mark) for theme, mark in marked.items())
    return _Counts(answers, asked, marks, themes)


def results(session: Session, study: Study) -> tuple[GroupMarks, list[GroupMarks]]:
    """For staff: all groups together, then each group with answers that may be told apart.

    A group of fewer than `fewest_counted` answers is only counted in the whole; and so are so many more that
    subtracting the groups shown from the whole never leaves fewer.
    """
    counts = _count(session, study)
    names = {audience.id: audience.name for audience in study.audiences}
    apart = _told_apart(counts, study.fewest_counted)
    total = sum(counts.answers.values())
    whole = _marks(counts, counts.answers) if total >= study.fewest_counted else None
    groups = [
        GroupMarks(names[id], counts.answers[id], _marks(counts, [id]) if id in apart else None)
        for id in names
        if id in counts.answers
    ]
    return GroupMarks("", total, whole), groups


def _told_apart(counts: _Counts, fewest: int) -> set[int]:
    """The audiences to show: large enough, and what is left of the whole is, too, for every theme."""
    shown = {audience for audience, answers in counts.answers.items() if answers >= fewest}
    while shown:
        rest: dict[int, int] = defaultdict(int)
        for (audience, theme), asked in counts.asked.items():
            rest[theme] += 0 if audience in shown else asked
        small = {theme for theme, left in rest.items() if 0 < left < fewest}
        beside = {audience for audience, theme in counts.asked if theme in small and audience in shown}
        if not beside:
            break
        shown.remove(min(beside, key=lambda audience: (counts.answers[audience], audience)))
    return shown


def _marks(counts: _Counts, audiences: Iterable[int]) -> tuple[ThemeMarks, ...]:
    found = []
    groups = tuple(audiences)
    for id, theme in counts.themes.items():
        asked = sum(counts.asked.get((group, id), 0) for group in groups)
        yes, no = (sum(counts.marks.get((group, id, mark), 0) for group in groups) for mark in MARKS)
        if asked:
            found.append(ThemeMarks(theme, yes, no, asked - yes - no))
    return tuple(found)


def tables(session: Session, study: Study) -> list[Table]:
    """How all groups together marked each theme, as tables of people for the gate."""
    counts = _count(session, study)
    found = []
    for marks in _marks(counts, counts.answers):
        cells: dict[Any, int] = {("yes",): marks.yes, ("no",): marks.no}
        if marks.yes + marks.no:
            name = f"check {marks.theme.id}"
            found.append(Table(name, POPULATION, (name,), cells, marks.yes + marks.no))
    return found
