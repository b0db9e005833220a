"""The method appendix: what was asked, of whom, how themes were found and decided, what was kept back.

It goes into every file and, where somebody chooses so, to the public: so nothing here tells a number that the
gate hides, or words of a comment. Who decided is in the labels of the section `DECISIONS` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from flask_babel import force_locale
from sqlalchemy.orm import Session

from analysis.disclose import Shown
from survey.board import Board
from survey.formats.summary import SummaryComment, SummarySection, SummaryTheme
from survey.models import Run, Study
from survey.services import copied_words
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
COPIED = "A change to a theme whose name had words of a comment. Nobody cleared them, so they are not told."


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


def without_copies(
    appendix: Iterable[SummarySection], themes: Iterable[SummaryTheme], comments: Iterable[SummaryComment]
) -> Iterator[SummarySection]:
    """The sections; a decision that names words of a comment which nobody cleared is told without them.

    A theme may have been called so for a while, by somebody who pasted the comment.
    """
    quotes = [quote.text for theme in themes for quote in theme.quotes]
    texts = (comment.text for comment in comments)
    for section in appendix:
        if section.title == DECISIONS:
            found = set(copied_words.copied((text for _label, text in section.lines), texts, quotes))
            section = replace(
                section, lines=tuple((label, _without(text, found)) for label, text in section.lines)
            )
        yield section


def _without(text: str, found: Collection[copied_words.Run]) -> str:
    return COPIED if found and any(run in found for run in copied_words.runs(text)) else text
