"""The one gate for numbers that leave the house: groups that are too small are never told apart.

Three rules (decision 16): counts of people stand for at least `fewest_counted` of them; what a group of fewer
people said is counted together with other groups; a quote names its group only from `fewest_quoted` people on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.disclose import Shown, Table
from survey.formats.summary import SMALL_GROUPS
from survey.models import Study


@dataclass(frozen=True)
class Groups:
    """Under which name each audience may be shown, by its id, and how many people it has (None: not known)."""

    names: Mapping[int, str]
    people: Mapping[int, int | None]
    fewest_quoted: int = 10

    def name(self, audience_id: int | None) -> str | None:
        """The name to show for an audience; None for none."""
        return None if audience_id is None else self.names.get(audience_id, SMALL_GROUPS)

    def quoted(self, audience_id: int | None) -> str | None:
        """The name to put beside a quote; None where the group is too small to be named there."""
        if audience_id is None or self.names.get(audience_id) == SMALL_GROUPS:
            return None
        people = self.people.get(audience_id)
        return self.names.get(audience_id) if people is not None and people >= self.fewest_quoted else None


def groups(session: Session, study: Study) -> Groups:
    """The groups of a study as they may be shown; writes nothing."""
    return Groups(
        {audience.id: audience.name for audience in study.audiences},
        {audience.id: audience.people for audience in study.audiences},
        study.fewest_quoted,
    )


def pool(session: Session, study: Study, groups: Groups) -> None:
    """Remember which audiences were counted together: they stay so."""


def protect(session: Session, study: Study, tables: Sequence[Table]) -> dict[str, Shown]:
    """Each table by its key as it may be shown, given every frozen summary of the study."""
    # Imported when needed: the arithmetic behind it takes memory that a web process seldom needs.
    from analysis import disclose

    return disclose.protect(tables, earlier(session, study), study.fewest_counted)


def earlier(session: Session, study: Study) -> list[list[Shown]]:
    """What each frozen summary of the study showed, oldest first."""
    return []


def ledger(shown: Mapping[str, Shown]) -> list[dict[str, object]]:
    """What a summary shows, to be kept with it as JSON."""
    return []
