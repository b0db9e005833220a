"""Shares of closed questions weighted to the planner's targets: post-stratification by one dimension.

Each answer counts target over share of its group, within `LEAST` and `MOST`, where the share is the group's
among those who answered the question and whose group has a target:

    weighted share = Σ over groups (weight × people who chose it) / Σ over groups (weight × people)

Answers from groups without a target are left out. (Holt & Smith 1979, "Post stratification", Journal of the
Royal Statistical Society A 142, 33-46; weights are trimmed so that a few people cannot decide.) It is worked
out from a table of question by group, and only where the gate shows all of that table, as it was when the
counts beside it were made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analysis.disclose import Shown
from survey.questions import OneChoice
from survey.services.tabulating.asked import Asked, SurveyAsked
from survey.services.tabulating.codes import codes_of
from survey.services.tabulating.counting import NOT_ANSWERED, Counted, Pair, Side
from survey.services.tabulating.kind import Kind
from survey.services.tabulating.lines import rounded

LEAST, MOST = 0.2, 5.0
MOST_CODES = 40
"""Of longer lists nobody reads weighted shares, and their tables would be large."""


def weight(target: float | None, share: float | None) -> float | None:
    """What answers of a group count: target over share, within bounds; None where either is missing."""
    if not target or not share:
        return None
    return min(max(target / share, LEAST), MOST)


@dataclass(frozen=True)
class Weighting:
    """By what shares of one survey are weighted: its side of the tables, and targets by code of that side."""

    side: Side
    targets: Mapping[str, float]

    def pairs(self, kinds: Iterable[Kind]) -> Iterator[Pair]:
        """The tables that are needed: each question by the groups."""
        for line in (line for kind in kinds for line in kind.lines()):
            if len(line.codes) <= MOST_CODES and line.dim != self.side.dim:
                yield Pair(Side(line.dim, line.label, line.codes), self.side)

    def shares(self, counted: Counted, shown: Mapping[str, Shown]) -> dict[str, dict[str, float]]:
        """Weighted shares by the dimension of a question and the id of an answer."""
        keys = {line.dim: line.key for kind in counted.kinds.values() for line in kind.lines()}
        found = {}
        for pair in counted.pairs:
            table, plain = shown.get(pair.key(counted.survey.slug)), shown.get(keys.get(pair.down.dim, ""))
            if not table or not plain or pair.across.dim != self.side.dim or table.hidden:
                continue
            if _of_one_moment(table, plain):
                found[pair.down.dim] = weighted(_whole(table), self.targets)
        return found


def _of_one_moment(table: Shown, plain: Shown) -> bool:
    """Whether a table of question by group and that of the question tell of the same answers.

    The gate may hold back one of them, or both at different earlier states: a weighted share would then be
    older or newer than the plain one beside it, and nothing would say so.
    """
    sums = Counter[str]()
    for (code, _group), count in table.counts.items():
        sums[code] += count or 0
    same = all(count is None or sums[code] == count for (code,), count in plain.counts.items())
    return table.held == plain.held and same


def _whole(table: Shown) -> dict[tuple[str, str], int]:
    """Its cells without those who gave no answer."""
    cells = {(down, across): count or 0 for (down, across), count in table.counts.items()}
    return {cell: count for cell, count in cells.items() if cell[0] != NOT_ANSWERED}


def weighted(cells: Mapping[tuple[str, str], int], targets: Mapping[str, float]) -> dict[str, float]:
    """The weighted share of each answer, from people by (answer, group); nothing without targets."""
    sizes = {
        group: sum(count for (_code, other), count in cells.items() if other == group) for group in targets
    }
    people = sum(sizes.values())
    weights = {
        group: found
        for group, size in sizes.items()
        if people and (found := weight(targets[group], size / people))
    }
    whole = sum(weights[group] * sizes[group] for group in weights)
    sums: dict[str, float] = {}
    for (code, group), count in cells.items():
        sums[code] = sums.get(code, 0.0) + weights.get(group, 0.0) * count
    return {code: rounded(part / whole) for code, part in sums.items()} if whole else {}


def weighting(survey: SurveyAsked, by: str | None, targets: Mapping[str, float]) -> Weighting | None:
    """How shares of a survey are weighted; None when they are not, or responses do not tell the groups."""
    if by is None or not targets:
        return None
    if by != "audience":
        return Weighting(Side(f"@{by}", {}), targets)
    asked = audience_question(survey)
    if asked is None:
        return None
    by_choice = {code: targets[group] for code, group in audiences_of(asked).items() if group in targets}
    return Weighting(Side(asked.dim, asked.newest.label, codes_of(asked)), by_choice) if by_choice else None


def audience_question(survey: SurveyAsked) -> Asked | None:
    """The question by which people say which audience they belong to."""
    asked = (one for one in survey.questions if isinstance(one.newest, OneChoice) and one.newest.audiences)
    return next(asked, None)


def audiences_of(asked: Asked) -> dict[str, str]:
    """The audience, by its id as a text, that each choice of such a question stands for."""
    readings = (reading for reading in reversed(asked.readings) if isinstance(reading, OneChoice))
    choices = (choice for reading in readings for choice in reading.choices)
    return {choice.id: str(choice.audience_id) for choice in choices if choice.audience_id is not None}
