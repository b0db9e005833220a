"""Which questions a way through a survey has passed by, and why: for whoever tries the rules out."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from survey.path import Path
from survey.publishing import name
from survey.questions import Question
from survey.rule_words import in_words
from survey.screens import Page


@dataclass(frozen=True)
class Skipped:
    """Questions that were not asked for one reason, and those of them where something had been typed."""

    names: list[str]
    why: str
    dropped: list[str]


def skipped(path: Path, number: int) -> list[Skipped]:
    """The questions on screens up to `number` that were not asked; the screen itself may be shown in part."""
    hidden = {question.id for question in path.walked.hidden}
    passed = [
        (part, question)
        for screen in path.screens[: max(0, number)]
        for part in screen.parts
        for question in part.questions
        if question.id in hidden
    ]
    dropped = {question.id for question in path.dropped}
    reasons: dict[str, list[Question]] = {}
    for part, question in passed:
        reasons.setdefault(_why(path, part, question), []).append(question)
    return [
        Skipped([name(q) for q in asked], why, [name(q) for q in asked if q.id in dropped])
        for why, asked in reasons.items()
    ]


def _why(path: Path, page: Page, question: Question) -> str:
    if page.show_if is not None and not path.walked.enters(page):
        return str(_("The page is shown only if %(rule)s.", rule=in_words(page.show_if, path.document)))
    if question.show_if is not None:
        return str(_("Asked only if %(rule)s.", rule=in_words(question.show_if, path.document)))
    return str(_("None of its choices is offered after these answers."))
