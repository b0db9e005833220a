"""For the method appendix: which run found the themes, from what, how, and how stable they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board
from survey.formats.summary import percent
from survey.models import CommentImport, Run, Study
from survey.services.method_asked import Lines

HOW = {
    "discover": "Groups of comments that are alike were looked for by a program.",
    "place": "Comments were sorted into themes by the examples that people gave.",
}
HASHES = {
    "input": "SHA-256 of the comments",
    "decisions": "SHA-256 of the decisions it was given",
    "earlier": "SHA-256 of what was found before",
    "table": "SHA-256 of the word vectors",
}
STABLE, WATCH = 0.75, 0.6
"""As the analysis calls it: clusters are trusted from 0.75, and not below 0.6 (Hennig 2007)."""
PRIVATE = "No text left this machine: all of this was computed on it."


def found(session: Session, study: Study, board: Board | None, run: Run | None) -> Lines:
    """The run of the board with all that repeats it."""
    if board is None or run is None:
        yield "Themes", "Themes were not looked for."
    else:
        yield "Run", f"{run.number}, made {run.made_at:%Y-%m-%d}. {HOW.get(run.kind, '')}".strip()
        yield "Comments it was given", f"{run.comments}"
        yield from _manifest(run)
        yield "In no theme", _in_none(board)
    yield from _duplicates(session, study)
    yield "Privacy", PRIVATE


def _manifest(run: Run) -> Lines:
    manifest = run.manifest
    yield "Seed", f"{run.seed}. The same comments, decisions, seed and versions give the same themes."
    if isinstance(manifest.get("options"), Mapping):
        yield "Parameters", _pairs(manifest["options"])
    if manifest.get("afresh"):
        yield "Start", "Suggestions of the run before were left out; what people decided was kept."
    elif run.board_revision:
        yield "Start", f"From the board as it stood at decision {run.board_revision}."
    if manifest.get("vectors"):
        yield "Word vectors", f"{manifest['vectors']}"
    for name, words in HASHES.items():
        if manifest.get(name):
            yield words, str(manifest[name])
    if isinstance(manifest.get("versions"), Mapping):
        yield "Versions", _pairs(manifest["versions"])


def _pairs(told: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {'not set' if value is None else value}"
        for name, value in sorted(told.items())
    )


def _in_none(board: Board) -> str:
    share = percent(board.share_unplaced)
    return f"{share} of the comments on the topic. They are listed apart and never forced into a theme."


def _duplicates(session: Session, study: Study) -> Lines:
    query = select(CommentImport.report).where(CommentImport.study_id == study.id).order_by(CommentImport.id)
    reports = list(session.scalars(query))
    if reports:
        exact = sum(report.get("exact_duplicates") or 0 for report in reports)
        near = sum(report.get("near_duplicates") or 0 for report in reports)
        told = f"{exact} exact and {near} near copies were found. All of them were kept, and each counts."
        yield "Copies among comments from files", told


def stability(board: Board | None) -> Lines:
    """How often each live theme came back when comments were drawn again."""
    themes = board.live if board else ()
    if not themes:
        return
    yield (
        "How it is measured",
        "Comments are drawn again and themes are looked for in them; the number is how well the theme is met "
        f"again, from 0 to 1. From {STABLE} on a theme is called stable, below {WATCH} fragile.",
    )
    yield from ((theme.name, _stable(theme.stability)) for theme in themes)


def _stable(value: float | None) -> str:
    if value is None:
        return "Not measured: it is not one theme as the program found it."
    word = "stable" if value >= STABLE else "watch" if value >= WATCH else "fragile"
    return f"{value:.2f} ({word})"
