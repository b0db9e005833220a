"""How far the two coders of a sample agree: computed once, when both have finished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from analysis.measure import (
    Agreement,
    Bootstrap,
    cohen_kappa,
    krippendorff_alpha,
    percent_agreement,
    set_alpha,
)
from survey.db import Database
from survey.errors import Refusal
from survey.jobs.table import Held
from survey.models import Sample
from survey.services import codings

Sets = Sequence[frozenset[int]]
NONE = 0
"""The code of "none of these": themes are numbered from 1."""
HOW = Bootstrap(resamples=2000)
TOO_FEW = "Fewer than two comments of this sample are left, so there is nothing to compare."


def agreement(
    database: Database, held: Held, progress: Callable[[float, str], None]
) -> Callable[[Session], dict[str, Any]]:
    """Compute the agreement of the two coders of a sample."""
    progress(0.0, "Comparing the two coders")
    with database.reading() as session:
        sample = session.get_one(Sample, held.args["sample"])
        pairs = codings.both(session, sample)
        themes = [(theme["id"], theme["name"]) for theme in sample.themes]
    if len(pairs) < 2:
        raise Refusal(TOO_FEW)
    found = figures([pair.first.themes for pair in pairs], [pair.second.themes for pair in pairs], themes)
    progress(1.0, "Storing the agreement")
    return partial(_store, sample_id=held.args["sample"], found=found)


def figures(
    first: Sequence[Sequence[int]], second: Sequence[Sequence[int]], themes: Sequence[tuple[int, str]]
) -> dict[str, Any]:
    """All figures of agreement as JSON, from the themes each coder gave each comment, the main one first."""
    sets = [[frozenset(given) for given in coder] for coder in (first, second)]
    main = [[given[0] if given else NONE for given in coder] for coder in (first, second)]
    return {
        "comments": len(first),
        "resamples": HOW.resamples,
        "level": HOW.level,
        "same": _figure(percent_agreement(sets, HOW)),
        "sets": _figure(set_alpha(sets, HOW)),
        "main": {
            "same": _figure(percent_agreement(main, HOW)),
            "kappa": _figure(cohen_kappa(main[0], main[1], bootstrap=HOW)),
            "alpha": _figure(krippendorff_alpha(main, bootstrap=HOW)),
        },
        "themes": [
            {"id": theme, "name": name} | _yes_or_no(*_members(sets, theme))
            for theme, name in [*themes, (NONE, "")]
        ],
    }


def _members(sets: Sequence[Sets], theme: int) -> list[list[bool]]:
    """Whether each coder put each comment into this theme, or into none."""
    return [[theme in given if theme != NONE else not given for given in coder] for coder in sets]


def _yes_or_no(first: list[bool], second: list[bool]) -> dict[str, Any]:
    return {
        "first": sum(first),
        "second": sum(second),
        "both": sum(one and other for one, other in zip(first, second, strict=True)),
        "same": _figure(percent_agreement([first, second], HOW)),
        "kappa": _figure(cohen_kappa(first, second, bootstrap=HOW)),
    }


def _figure(found: Agreement) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "reason": found.reason}


def _store(session: Session, sample_id: int, found: dict[str, Any]) -> dict[str, Any]:
    sample = session.get_one(Sample, sample_id, with_for_update=True)
    if sample.agreement is None:  # what was shown once never changes
        sample.agreement = found
    return {"sample": sample_id, "number": sample.number}
