"""The method appendix: what was asked, of whom, how themes were found and decided, what was kept back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from analysis.disclose import Shown
from survey.board import Board
from survey.formats.summary import SummarySection
from survey.models import Run, Study
from survey.services.gate import Groups


def appendix(
    session: Session,
    study: Study,
    board: Board | None,
    run: Run | None,
    groups: Groups,
    shown: Mapping[str, Shown],
) -> tuple[SummarySection, ...]:
    """The sections of the appendix, in the order in which they are printed."""
    return ()
