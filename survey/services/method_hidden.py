"""For the method appendix: what the gate keeps back, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.disclose import Shown
from survey.formats.summary import SMALL_GROUPS
from survey.models import Study
from survey.services.gate import Groups
from survey.services.method_asked import Lines

KINDS = {"survey": "Question", "cross": "Cross table", "groups": "Responses by group"}
"""What the gate calls its tables by, in words."""


def hidden(study: Study, groups: Groups, shown: Mapping[str, Shown]) -> Lines:
    """The rules with their numbers, and how many numbers are hidden in which table."""
    k = study.fewest_counted
    yield (
        "Numbers of people",
        f"No number from 1 to {k - 1} is shown, nor any from which one could be worked out, all summaries "
        "that were frozen before taken together.",
    )
    together = [a.name for a in study.audiences if groups.name(a.id) == SMALL_GROUPS]
    rule = f"Comments of groups of fewer than {k} people are counted together with those of other groups."
    still = "" if groups.pool_told else " What they said is hidden: together they are too few as well."
    yield "Comments by group", f"{rule} Here: {', '.join(together) if together else 'none'}.{still}"
    yield (
        "Quotes",
        "Only comments that a person cleared are quoted, without what was blacked out in them. The group is "
        f"named beside a quote only if it has at least {study.fewest_quoted} people.",
    )
    for key, table in sorted(shown.items()):
        if table.hidden:
            yield _called(key), f"{table.hidden} of {len(table.counts) + 1} numbers are hidden."
    if not any(table.hidden for table in shown.values()):
        yield "Tables of people", "No number is hidden."


def _called(key: str) -> str:
    kind, _colon, rest = key.partition(":")
    return f"{KINDS[kind]} {rest}" if kind in KINDS and rest else f"Table {key}"
