"""Waves: figures of closed questions against the newest frozen summary of the earlier study.

A question is the same when its name in data files (what follows the survey's slug) and its type are; a
choice, when its words are, or its id. Only numbers that both summaries show are compared.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.formats.summary import SummaryChoice, SummaryQuestion, SummaryWave, build
from survey.services.tabulating.lines import rounded

MOST_CHOICES = 3
"""So many choices of a question are compared: those most often chosen now."""
PER_CENT = "%"


@dataclass(frozen=True)
class Frozen:
    """What a frozen summary says of closed questions, and the title of its study."""

    title: str
    questions: tuple[SummaryQuestion, ...]

    @property
    def by_id(self) -> dict[str, SummaryQuestion]:
        """The questions by their ids."""
        return {question.id: question for question in self.questions}


def newest(session: Session, study_id: int | None) -> Frozen | None:
    """The newest frozen summary of a study; None without one. Its many comments are not looked at."""
    query = select(models.Summary).where(models.Summary.study_id == study_id)
    row = session.scalar(query.order_by(models.Summary.number.desc()).limit(1)) if study_id else None
    try:
        summary = json.loads(zlib.decompress(row.document))["summary"] if row else None
    except (ValueError, KeyError, zlib.error):
        return None
    if summary is None:
        return None
    questions = (build(SummaryQuestion, question) for question in summary.get("questions", ()))
    return Frozen(summary["study_title"], tuple(questions))


def told(now: Sequence[SummaryQuestion], before: Frozen | None, title: str) -> Iterator[SummaryWave]:
    """What can be compared, in the order of the questions."""
    if before is None:
        return
    there = {(_name(question), question.type): question for question in reversed(before.questions)}
    for question in now:
        same = there.get((_name(question), question.type))
        if same is not None:
            yield from _question(question, same, (before.title, title))


def _name(question: SummaryQuestion) -> str:
    return question.id.partition("/")[2]


def _question(
    now: SummaryQuestion, before: SummaryQuestion, titles: tuple[str, str]
) -> Iterator[SummaryWave]:
    mean_now, mean_before = dict(now.numbers).get("mean"), dict(before.numbers).get("mean")
    if mean_now is not None and mean_before is not None:
        yield _wave(f"{now.id}#mean", f"{now.label}: mean", (mean_before, mean_now), titles)
        return
    for choice, same in _choices(now, before):
        if choice.mean is not None and same.mean is not None:
            figure = f"{now.label}: {choice.name}, mean"
            yield _wave(f"{now.id}#{choice.id}", figure, (same.mean, choice.mean), titles)
        elif choice.share is not None and same.share is not None:
            figure = f"{now.label}: {choice.name}"
            shares = same.share * 100, choice.share * 100
            yield _wave(f"{now.id}#{choice.id}", figure, shares, titles, PER_CENT)


def _choices(now: SummaryQuestion, before: SummaryQuestion) -> list[tuple[SummaryChoice, SummaryChoice]]:
    """The choices that both have and show, those most often chosen now."""
    if now.type == "number":
        return []  # classes are no choices
    by_id = {choice.id: choice for choice in before.choices}
    by_name = {choice.name.casefold(): choice for choice in before.choices}
    both = [(choice, _same(choice, by_id, by_name)) for choice in now.choices]
    # Hidden on either side, or chosen by nobody then and now, it tells nothing.
    shown = [(choice, same) for choice, same in both if same and _can_be_compared(choice, same)]
    ordered = sorted(shown, key=lambda pair: -(pair[0].count or 0))[
        : 1 if now.type == "yes_no" else MOST_CHOICES
    ]
    places = {choice.id: place for place, choice in enumerate(now.choices)}
    return sorted(ordered, key=lambda pair: places[pair[0].id])


def _can_be_compared(choice: SummaryChoice, same: SummaryChoice) -> bool:
    counts = choice.count, same.count
    return None not in counts and any(counts)


def _same(
    choice: SummaryChoice, by_id: Mapping[str, SummaryChoice], by_name: Mapping[str, SummaryChoice]
) -> SummaryChoice | None:
    """The choice of the earlier wave: ids may have been given anew, so its words count first."""
    return by_name.get(choice.name.casefold()) or by_id.get(choice.id)


def change(before: float, after: float) -> float | None:
    """The relative change, `after / before - 1`: from 88.2 to 96.4 it is 0.093; None from nothing."""
    return after / before - 1 if before else None


def _wave(
    id: str, figure: str, pair: tuple[float, float], titles: tuple[str, str], unit: str = ""
) -> SummaryWave:
    before, after = map(rounded, pair)
    changed = change(before, after)
    return SummaryWave(
        id, figure, before, after, None if changed is None else rounded(changed), unit, *titles
    )
