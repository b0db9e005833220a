"""For the method appendix: what people decided about themes, and how others saw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board, Decision, in_force, kinds
from survey.board.rules import TURNS
from survey.formats.summary import HIDDEN, SummaryCheck
from survey.models import Sample, Study
from survey.services import history, member_checks
from survey.services.history import Line
from survey.services.method_asked import Lines

OF_THEMES = frozenset(
    ("apply", "merge", "split", "create", "rename", "accept", "reject", "park", "reopen", "nest", "confirm")
)
"""Decisions that are told one by one. All others are about single comments, the order or the codebook."""


def decided(board: Board | None) -> Lines:
    """Every decision that changed themes, oldest first: when and by whom, then what.

    Undone ones are there, too, each with its undoing. What tells of single comments is only counted.
    """
    if board is None:
        return
    for line in history.told(board.log):
        if _changes_themes(line):
            decision = line.decision
            yield f"{decision.at:%Y-%m-%d}, {decision.by}", f"{_sentence(line)}."
    standing = [d for d in in_force(board.log) if not _of_themes(d)]
    if standing:
        yield "Other decisions in force", f"{len(standing)}: {_counted(standing)}."


def _changes_themes(line: Line) -> bool:
    return _of_themes(line.turns.decision if line.turns else line.decision)


def _of_themes(decision: Decision) -> bool:
    # A theme can be described and renamed at once.
    return decision.kind in OF_THEMES or (decision.kind == "describe" and bool(decision.details.get("name")))


def _sentence(line: Line) -> str:
    if line.turns is None:
        return kinds.of(line.decision).told(line.decision, line.names)
    turn = "Undid" if line.decision.kind == "undo" else "Did again"
    return f"{turn}: {kinds.of(line.turns.decision).told(line.turns.decision, line.turns.names)}"


WORDS = {
    "describe": "entries of the codebook",
    "order": "changes of the order",
    "office": "offices that answer for a theme",
    "quote": "clearing quotes",
    "note": "notes",
    "unnote": "notes",
    "axis": "ways of coding",
    "code": "codes",
}


def _counted(decisions: list[Decision]) -> str:
    """Decisions by what they are about; how many comments each is about is not told."""
    counts = Counter(WORDS.get(d.kind, "where comments belong") for d in decisions if d.kind not in TURNS)
    return ", ".join(f"{number} about {words}" for words, number in sorted(counts.items()))


def checked(session: Session, study: Study, board: Board | None) -> Lines:
    """The agreement of two people who coded blind, and what participants said of their own themes."""
    query = select(Sample).where(Sample.study_id == study.id, Sample.agreement.is_not(None))
    for sample in session.scalars(query.order_by(Sample.number)):
        assert sample.agreement is not None
        yield from _agreement(sample.number, sample.agreement)
    names = {theme.id: theme.name for theme in board.live} if board else {}
    shares = member_checks.shares(session, study)
    if shares:
        yield "Member check", "Groups saw the draft themes of what they had said, and marked each of them."
    yield from ((names[id], _check(check)) for id, check in sorted(shares.items()) if id in names)


def _agreement(number: int, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    label = f"Double coding, sample {number}"
    yield label, f"Two people coded {found['comments']} comments, neither of whom saw what the other said."
    level = f"{found['level']:.0%}"
    for words, figure in (
        ("same themes", found["same"]),
        ("Krippendorff's alpha over sets of themes", found["sets"]),
        ("Cohen's kappa of the main theme", found["main"]["kappa"]),
        ("Krippendorff's alpha of the main theme", found["main"]["alpha"]),
    ):
        yield f"{label}: {words}", _figure(figure, level)


def _figure(figure: dict[str, Any], level: str) -> str:
    if figure["value"] is None:
        return f"not defined ({figure['reason']})" if figure.get("reason") else "not defined"
    if figure["low"] is None or figure["high"] is None:
        return f"{figure['value']:.2f}"
    return f"{figure['value']:.2f} ({level} interval {figure['low']:.2f} to {figure['high']:.2f})"


def _check(check: SummaryCheck) -> str:
    if check.asked is None:
        return f"How many said what is {HIDDEN}: too few people answered."
    if check.yes is None or check.no is None:
        return f"{check.asked} people marked it; how many said what is {HIDDEN}, as one number is too small."
    return f"Of {check.asked} people {check.yes} said “yes, we said that” and {check.no} “not what we meant”."
