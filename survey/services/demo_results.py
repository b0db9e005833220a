"""What came of the demo's staff survey: themes decided, quotes cleared, a summary frozen and released."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board, BoardTheme, Change
from survey.formats.release_parts import Parts
from survey.models import Release, Study, Survey
from survey.resources import PACKAGE
from survey.services import board as boards
from survey.services import (
    cross_tables,
    quotes,
    release_content,
    releases,
    studies,
    summaries,
    surveys,
    targets,
    theme_texts,
)
from survey.services.release_checks import Clock
from survey.services.releases import Seen

FILE = PACKAGE / "demo" / "staff_results.json"
QUOTES = 2
"""How many comments of each theme are cleared."""


def is_due(session: Session, study: Study) -> bool:
    """Whether the study has themes, and nobody has done anything with them or with its survey yet."""
    released = session.scalar(select(Release.id).where(Release.study_id == study.id).limit(1))
    board, survey = boards.load(session, study), _survey(session, study)
    if board is None or survey is None:
        return False
    return released is None and board.decisions == 0 and survey.state == "open"


def release(session: Session, slug: str, clock: Clock) -> bool:
    """Close the survey, decide, freeze, release; True when `sealing.compact` is due after the commit.

    A theme of the file that was not found, because finding works differently by now, is left out.
    """
    study = studies.by_slug(session, slug)
    content = json.loads(FILE.read_text("utf-8"))
    survey = _survey(session, study)
    assert survey is not None, "it is due"
    planner, facilitator = content["by"], content["released_by"]
    sealed = surveys.close(session, survey, by=facilitator)
    _decide(session, study, content["themes"], planner)
    _aim(session, study, content["targets"], facilitator)
    down, across = content["crossed"]
    cross_tables.add(session, study, survey.id, down, across, by=facilitator)
    row = summaries.freeze(session, study, facilitator)
    made = releases.prepare(session, study, row, facilitator)
    words = {"en": {"title": content["title"], "introduction": content["introduction"]}}
    parts = Parts.from_dict(made.parts)
    releases.change(session, made, releases.Wanted(parts, words), Seen(facilitator, made.revision))
    releases.ask(session, made, clock, Seen(facilitator, made.revision))
    shown = release_content.drawn(session, made).document.content_sha256()
    releases.approve(session, made, clock, Seen(planner, made.revision, shown))
    return sealed


def _survey(session: Session, study: Study) -> Survey | None:
    return session.scalar(select(Survey).where(Survey.study_id == study.id).order_by(Survey.id).limit(1))


def _decide(session: Session, study: Study, wanted: Sequence[Mapping[str, Any]], by: str) -> None:
    for theme, words in list(_found(_board(session, study), wanted)):
        _change(session, study, changes.rename(theme.id, words["name"]), by)
        board = _change(session, study, changes.accept(theme.id), by)
        _quote(session, study, board, theme.id, by)
        text = theme_texts.Words("", words["about"], words["underway"], words["planned"])
        now = theme_texts.live(_board(session, study), theme.id)
        theme_texts.save(session, study, now, theme_texts.OWN, text, seen=0, by=by)


def _found(
    board: Board, wanted: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[BoardTheme, Mapping[str, Any]]]:
    """For each theme of the file the one of the board with most of its words among its own."""
    left = list(board.themes)
    for words in wanted:
        best = max(left, key=lambda theme: len(set(theme.keywords) & set(words["words"])), default=None)
        if best is not None and set(best.keywords) & set(words["words"]):
            left.remove(best)
            yield best, words


def _quote(session: Session, study: Study, board: Board, theme_id: int, by: str) -> None:
    theme = theme_texts.live(board, theme_id)
    for proposal in quotes.propose(session, board, [theme], 4 * QUOTES)[theme_id][:QUOTES]:
        if not proposal.personal:
            _change(session, study, quotes.clear(proposal.comment, ()), by)


def _aim(session: Session, study: Study, shares: Mapping[str, int], by: str) -> None:
    typed = [replace(one, share=str(shares.get(one.label, ""))) for one in targets.fields(session, study)]
    targets.save(session, study, typed, was=targets.seen(targets.of_study(session, study)), who=by)


def _change(session: Session, study: Study, change: Change, by: str) -> Board:
    return boards.decide(session, study, change, _board(session, study).revision, by)


def _board(session: Session, study: Study) -> Board:
    board = boards.load(session, study)
    assert board is not None, "themes were found"
    return board
