"""The one gate for numbers that leave the house: groups that are too small are never told apart.

Three rules (decision 16): counts of people stand for at least `fewest_counted` of them; what a group of
fewer people said is counted together with other groups; a quote names its group only from `fewest_quoted`
people on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from analysis.disclose import Cell, Shown, Table
from survey.formats.summary import SMALL_GROUPS
from survey.models import Audience, Comment, GroupSession, Response, RosterEntry, Study, Summary, Survey

FEWEST_GROUPS = 2
"""So many groups must be counted together, or the one that is among them could be told."""


@dataclass(frozen=True)
class Groups:
    """Under which name each audience may be shown, by its id, and its people (None: not known).

    `fewest_counted` is the number of the gate. Where `pool_told` is false, those counted together are still
    too few, or too few were added to them since a summary was frozen: what they said is hidden.
    """

    names: Mapping[int, str]
    people: Mapping[int, int | None]
    fewest_quoted: int = 10
    fewest_counted: int = 5
    pool_told: bool = True

    @property
    def pooled(self) -> list[int]:
        """The ids of the audiences that are counted together."""
        return [id for id, name in self.names.items() if name == SMALL_GROUPS]

    def name(self, audience_id: int | None) -> str | None:
        """The name to show for an audience; None for none."""
        return None if audience_id is None else self.names.get(audience_id, SMALL_GROUPS)

    def quoted(self, audience_id: int | None) -> str | None:
        """The name to put beside a quote; None where the group is too small to be named there."""
        if audience_id is None or self.names.get(audience_id) == SMALL_GROUPS:
            return None
        people = self.people.get(audience_id)
        return self.names.get(audience_id) if people is not None and people >= self.fewest_quoted else None


@dataclass(frozen=True)
class _Heard:
    """What is known of the audiences of a study: their comments and people (None: not known)."""

    audiences: Sequence[Audience]
    comments: Mapping[int, int]
    people: Mapping[int, int | None]
    k: int

    def size(self, audience: Audience) -> int:
        """How many people it has; where nobody knows, its comments stand in for them."""
        people = self.people[audience.id]
        return self.comments.get(audience.id, 0) if people is None else people

    def small(self) -> list[Audience]:
        """The audiences too small to be told apart; one that nothing was heard of has nothing to hide."""
        heard = [a for a in self.audiences if self.size(a) or self.comments.get(a.id, 0)]
        return [a for a in self.audiences if a.pooled or (a in heard and self.size(a) < self.k)]

    def enough(self, pool: Collection[Audience]) -> bool:
        """Whether these can be told together: several groups that said something, and enough people."""
        speaking = [a for a in pool if self.comments.get(a.id, 0)] or list(pool)
        return len(speaking) >= FEWEST_GROUPS and sum(self.size(a) for a in speaking) >= self.k

    def joined(self, pool: Sequence[Audience]) -> list[Audience]:
        """The pool, and the next smallest groups that said something until it is large enough."""
        found = list(pool)
        rest = [a for a in self.audiences if a not in found and self.comments.get(a.id, 0)]
        for audience in sorted(rest, key=lambda a: (self.size(a), a.position, a.id)):
            if self.enough(found):
                break
            found.append(audience)
        return found


def groups(session: Session, study: Study) -> Groups:
    """The groups of a study as they may be shown; writes nothing.

    Before the first summary the next smallest groups join those that are too small. Afterwards none can: it
    was shown alone, so the difference would tell the others.
    """
    k = study.fewest_counted
    heard = _Heard(study.audiences, _comments(session, study), _people(session, study), k)
    small = heard.small()
    if small and not _has_summary(session, study):
        small = heard.joined(small)
        told = heard.enough(small)
    else:
        new = [audience for audience in small if not audience.pooled]
        told = not new or heard.enough(new)
    names = {a.id: SMALL_GROUPS if a in small else a.name for a in study.audiences}
    return Groups(names, heard.people, study.fewest_quoted, k, told)


def _has_summary(session: Session, study: Study) -> bool:
    query = select(Summary.id).where(Summary.study_id == study.id).order_by(Summary.id).limit(1)
    return session.scalar(query) is not None


def _comments(session: Session, study: Study) -> dict[int, int]:
    query = select(Comment.audience_id, func.count()).where(Comment.study_id == study.id)
    query = query.where(Comment.audience_id.is_not(None)).group_by(Comment.audience_id)
    return {id: number for id, number in session.execute(query) if id is not None}


def _people(session: Session, study: Study) -> dict[int, int | None]:
    """How many people each audience has: as typed in, else the most that came to a session or answered."""
    rosters, answers = _rosters(session, study), _answers(session, study)
    return {
        audience.id: audience.people
        if audience.people is not None
        else max(rosters.get(audience.id, 0), answers[audience.id]) or None
        for audience in study.audiences
    }


def _rosters(session: Session, study: Study) -> dict[int, int]:
    """The most people on the roster of a session, by audience."""
    query = select(GroupSession.audience_id, func.count(RosterEntry.id))
    query = query.join(RosterEntry, RosterEntry.session_id == GroupSession.id)
    query = query.where(GroupSession.study_id == study.id, GroupSession.state != "planned")
    query = query.group_by(GroupSession.id, GroupSession.audience_id)
    found: dict[int, int] = {}
    for audience, number in session.execute(query.order_by(GroupSession.id)):
        found[audience] = max(found.get(audience, 0), number)
    return found


def _answers(session: Session, study: Study) -> Counter[int]:
    """The responses that count: to surveys of one audience, else those that left a comment of it."""
    counts: ColumnElement[bool] = Response.apart.is_(None)
    whole = select(Survey.audience_id, func.count(Response.id)).join(
        Response, Response.survey_id == Survey.id
    )
    whole = whole.where(Survey.study_id == study.id, Survey.audience_id.is_not(None), counts)
    said = select(Comment.audience_id, func.count(Comment.response_id.distinct()))
    said = said.join(Response, Response.id == Comment.response_id)
    said = said.where(Comment.study_id == study.id, Comment.audience_id.is_not(None), counts)
    found: Counter[int] = Counter()
    for query in (whole.group_by(Survey.audience_id), said.group_by(Comment.audience_id)):
        for audience, number in session.execute(query):
            if audience is not None:
                found[audience] = max(found[audience], number)
    return found


def pool(session: Session, study: Study, groups: Groups) -> None:
    """Remember which audiences were counted together: they stay so.

    While what they said is hidden they were not told yet: others may join them before they are.
    """
    if not groups.pool_told:
        return
    for audience in study.audiences:
        if groups.names.get(audience.id) == SMALL_GROUPS:
            audience.pooled = True
    session.flush()


def protect(session: Session, study: Study, tables: Sequence[Table]) -> dict[str, Shown]:
    """Each table by its key as it may be shown, given every frozen summary of the study."""
    # Imported when needed: the arithmetic behind it takes memory that a web process seldom needs.
    from analysis import disclose

    return disclose.protect(tables, earlier(session, study), study.fewest_counted)


def earlier(session: Session, study: Study) -> list[list[Shown]]:
    """What each frozen summary of the study showed, oldest first, without what it only repeated."""
    query = select(Summary.ledger).where(Summary.study_id == study.id).order_by(Summary.number)
    return [[_read(row) for row in ledger] for ledger in session.scalars(query)]


def ledger(shown: Mapping[str, Shown]) -> list[dict[str, Any]]:
    """What a summary shows, to be kept with it as JSON; not what it repeats from an earlier one.

    Numbers stand in the order of their codes: rows, then columns. Cells that are not there are "-".
    """
    return [_written(table) for table in shown.values() if not table.held]


def _written(table: Shown) -> dict[str, Any]:
    codes = [list(dict.fromkeys(cell[place] for cell in table.counts)) for place in range(len(table.dims))]
    row = {
        "key": table.key,
        "of": table.population,
        "by": list(table.dims),
        "codes": codes,
        "counts": [table.counts.get(cell, "-") for cell in product(*codes)],
        "total": table.total,
    }
    return row if table.exclusive else {**row, "several": True}


def _read(row: Mapping[str, Any]) -> Shown:
    return Shown(
        row["key"],
        row["of"],
        tuple(row["by"]),
        dict(_cells(row)),
        row["total"],
        exclusive=not row.get("several", False),
    )


def _cells(row: Mapping[str, Any]) -> Iterator[tuple[Cell, int | None]]:
    for cell, count in zip(product(*row["codes"]), row["counts"], strict=True):
        if count != "-":
            yield cell, count
