"""From what was found to what is stored: candidates, counted from the placements themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from analysis.map import MapOptions, layout
from survey.jobs.table import Held
from survey.jobs.tasks.common import MOST, Look, Progress, Store
from survey.services import runs

MOST_LABEL = 300
Placed = Sequence[Sequence[tuple[int, float]]]
"""Per comment the numbers of its candidates with their weights, best first."""


def counted(look: Look, placed: Placed, found: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The columns of the candidates that hold a comment; `found` has those that need no counting."""
    by_audience: dict[int, Counter[str]] = defaultdict(Counter)
    for row, themes in zip(look.rows, placed, strict=True):
        for number, _weight in themes:
            by_audience[number][str(row.audience_id or "")] += 1
    return [
        {
            **columns,
            "number": number,
            "label": columns["label"][:MOST_LABEL],
            "size": by_audience[number].total(),
            "by_audience": dict(by_audience[number]),
        }
        for number, columns in sorted(found.items())
        if number in by_audience
    ]


def spots(look: Look, placed: Placed, seed: int, progress: Progress) -> list[tuple[str, float, float]]:
    """Where the comments lie on the map."""
    progress(MOST, "Drawing the map")
    themes = [tuple(number for number, _weight in found) for found in placed]
    return [(spot.id, spot.x, spot.y) for spot in layout(look.comments, themes, MapOptions(seed=seed))]


def totals(look: Look) -> Counter[str]:
    """Comments per audience key."""
    return Counter(look.audiences.values())


def storing(held: Held, found: runs.Found, progress: Progress) -> Store:
    """What stores a run."""
    progress(1.0, "Storing the themes")
    return partial(_store, held=held, found=found)


def _store(session: Session, held: Held, found: runs.Found) -> dict[str, Any]:
    assert held.study_id is not None
    run = runs.store(session, held.study_id, found, held.made_by)
    return {"run": run.number, "run_id": run.id, "themes": len(found.candidates), "unplaced": run.unplaced}
