"""The method appendix: what was asked, of whom, how themes were found and decided, what was kept back.

It goes into every file and, where somebody chooses so, to the public: so nothing here tells a number that the
gate hides, or words of a comment. Who decided is in the labels of the section `DECISIONS` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import force_locale
from sqlalchemy.orm import Session

from analysis.disclose import Shown
from survey.board import Board
from survey.formats.summary import SummarySection
from survey.models import Run, Study
from survey.services.gate import Groups
from survey.services.method_asked import answered, asked, heard
from survey.services.method_decided import checked, decided
from survey.services.method_found import found, stability
from survey.services.method_hidden import hidden

ASKED = "What was asked"
HEARD = "Who was asked"
ANSWERED = "How many answered"
FOUND = "How themes were found"
STABILITY = "How stable each theme is"
DECISIONS = "Decisions that changed themes"
CHECKED = "How the themes were checked"
HIDDEN = "What is not shown"


def appendix(
    session: Session,
    study: Study,
    board: Board | None,
    run: Run | None,
    groups: Groups,
    shown: Mapping[str, Shown],
) -> tuple[SummarySection, ...]:
    """The sections of the appendix, in the order in which they are printed; in English, as all of the method.

    A section without lines is left out.
    """
    with force_locale("en"):
        parts: Mapping[str, Iterator[tuple[str, str]]] = {
            ASKED: asked(session, study),
            HEARD: heard(session, study, groups),
            ANSWERED: answered(session, study, shown),
            FOUND: found(session, study, board, run),
            STABILITY: stability(board),
            DECISIONS: decided(board),
            CHECKED: checked(session, study, board),
            HIDDEN: hidden(study, groups, shown),
        }
        made = [SummarySection(title, tuple(lines)) for title, lines in parts.items()]
    return tuple(section for section in made if section.lines)
