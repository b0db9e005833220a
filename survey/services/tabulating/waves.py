"""Waves: figures of closed questions against the newest frozen summary of the earlier study.

A question is the same when its name in data files (what follows the survey's slug) and its type are; a
choice, when its words are, or its id. Only numbers that both summaries show are compared.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.formats.summary import Summary, SummaryChoice, SummaryError, SummaryQuestion, SummaryWave
from survey.models import Study
from survey.services.tabulating.lines import rounded
from survey.wave_figures import change

MOST_CHOICES = 3
"""So many choices of a question are compared: those most often chosen now."""
PER_CENT = "%"


def earlier(session: Session, study: Study) -> Summary | None:
    """The newest frozen summary of the study of an earlier year; None without one."""
    query = select(models.Summary).where(models.Summary.study_id == study.earlier_id)
    row = session.scalar(query.order_by(models.Summary.number.desc()).limit(1)) if study.earlier_id else None
    try:
        return Summary.from_json(zlib.decompress(row.document)) if row else None
    except (SummaryError, zlib.error):
        return None


def told(now: Sequence[SummaryQuestion], before: Summary | None, title: str) -> Iterator[SummaryWave]:
    """What can be compared, in the order of the questions."""
    if before is None:
        return
    there = {(_name(question), question.type): question for question in reversed(before.questions)}
    for question in now:
        same = there.get((_name(question), question.type))
        if same is not None:
            yield from _question(question, same, (before.study_title, title))


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
    shown = [(choice, same) for choice, same in both if same and None not in (choice.count, same.count)]
    ordered = sorted(shown, key=lambda pair: -(pair[0].count or 0))[
        : 1 if now.type == "yes_no" else MOST_CHOICES
    ]
    places = {choice.id: place for place, choice in enumerate(now.choices)}
    return sorted(ordered, key=lambda pair: places[pair[0].id])


def _same(
    choice: SummaryChoice, by_id: Mapping[str, SummaryChoice], by_name: Mapping[str, SummaryChoice]
) -> SummaryChoice | None:
    """The choice of the earlier wave: ids may have been given anew, so its words count first."""
    return by_name.get(choice.name.casefold()) or by_id.get(choice.id)


def _wave(
    id: str, figure: str, pair: tuple[float, float], titles: tuple[str, str], unit: str = ""
) -> SummaryWave:
    before, after = map(rounded, pair)
    changed = change(before, after)
    return SummaryWave(
        id, figure, before, after, None if changed is None else rounded(changed), unit, *titles
    )
