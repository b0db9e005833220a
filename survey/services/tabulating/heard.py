"""Who was heard: people by audience, channel, language and unit, against the planner's targets.

Every number is a sum of numbers that the gate shows: of each survey its responses; of audiences that answered
none, the number of people that was typed in, or those on the rosters of their sessions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.disclose import Cell, Shown, Table
from survey import intervals
from survey.formats.summary import SMALL_GROUPS, Count, SummaryHeard, SummaryHeardRow
from survey.languages import language_name
from survey.models import Comment, GroupSession, RosterEntry, Study
from survey.models.report import HEARD_BY
from survey.services.gate import Groups
from survey.services.tabulating.counting import Counted
from survey.services.tabulating.lines import held_note, hidden_note, rounded
from survey.services.tabulating.weights import audience_question, audiences_of, weight

IN_PERSON = "heard/@audience"
"""How the gate calls the table of people who were heard otherwise than by a survey."""
SMALL = "@small"
UNKNOWN = ""
CHANNELS = {
    "web": "Online survey",
    "paper": "On paper",
    "phone": "By phone",
    "api": "From another system",
    "session": "In a session",
    "import": "Imported",
    "survey": "Survey",
}
NO_GROUP = {
    "audience": "No group known",
    "channel": "Not known",
    "language": "Not known",
    "unit": "Not known",
}
ONLY_SURVEYS = (
    "Counts those who answered a survey: what people in sessions speak or belong to is not recorded."
)
NOT_KNOWN = "Shares are of those whose group is known."
Targets = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Part:
    """A table of which each cell belongs to a group: `group` says which one, by its code.

    What the gate shows may be of an earlier day and have other cells than were counted now.
    """

    key: str
    group: Callable[[Cell], str]

    def codes(self, shown: Mapping[str, Shown]) -> set[str]:
        """The groups in it."""
        return set(map(self.group, shown[self.key].counts))

    def people(self, codes: Collection[str], shown: Mapping[str, Shown]) -> Count:
        """How many people are in some groups."""
        return summed(shown[self.key], [cell for cell in shown[self.key].counts if self.group(cell) in codes])


@dataclass(frozen=True)
class Heard:
    """Everybody who was heard, before the gate: one table of its own, and where the others are."""

    names: Mapping[str, Mapping[str, str]]
    parts: Mapping[str, tuple[Part, ...]]
    own: tuple[Table, ...]
    totals: tuple[str, ...]
    targets: Targets
    k: int

    def told(self, shown: Mapping[str, Shown]) -> Iterator[SummaryHeard]:
        """Who was heard, as it may be told."""
        for by in HEARD_BY:
            codes = self._codes(by, shown)
            # Where nobody's group is known, there is nothing to tell.
            if self.parts[by] and set(codes) - {UNKNOWN}:
                yield self._by(by, codes, shown)

    def people(self, shown: Mapping[str, Shown]) -> Count:
        """How many in all."""
        keys = (*self.totals, *(table.key for table in self.own))
        return self._enough(added([shown[key].total for key in keys]))

    def responses(self, shown: Mapping[str, Shown]) -> Count:
        """How many of them by a survey."""
        return self._enough(added([shown[key].total for key in self.totals]))

    def is_held(self, shown: Mapping[str, Shown]) -> bool:
        """Whether these totals are of an earlier summary: then what stands beside them may be newer."""
        return any(shown[key].held for key in (*self.totals, *(table.key for table in self.own)))

    def _enough(self, count: Count) -> Count:
        """A sum of hidden numbers can be too small to be shown as well."""
        return None if count is not None and 0 < count < self.k else count

    def _by(self, by: str, codes: Sequence[str], shown: Mapping[str, Shown]) -> SummaryHeard:
        parts, targets = self.parts[by], self.targets.get(by, {})
        people = {code: self._people(parts, [code], shown) for code in codes}
        known = self._people(parts, [code for code in people if code != UNKNOWN], shown)
        rows = tuple(
            _row(self.names[by].get(code, code), count, known, targets.get(code) if code else None)
            if code != UNKNOWN
            else SummaryHeardRow(NO_GROUP[by], count)
            for code, count in people.items()
        )
        return SummaryHeard(by, rows, " ".join(self._notes(by, people, shown)))

    def _codes(self, by: str, shown: Mapping[str, Shown]) -> list[str]:
        """The groups in order, those that only have a target among them; who belongs to none comes last."""
        there = set(self.targets.get(by, {})).union(*(part.codes(shown) for part in self.parts[by]))
        order = {code: place for place, code in enumerate(self.names[by])}
        return sorted(there, key=lambda code: (code == UNKNOWN, order.get(code, len(order)), code))

    def _people(self, parts: Sequence[Part], codes: Sequence[str], shown: Mapping[str, Shown]) -> Count:
        return self._enough(added([part.people(codes, shown) for part in parts]))

    def _notes(self, by: str, people: Mapping[str, Count], shown: Mapping[str, Shown]) -> Iterator[str]:
        if None in people.values():
            yield hidden_note(self.k)
        if any(shown[part.key].held for part in self.parts[by]):
            yield held_note(self.k)
        if UNKNOWN in people:
            yield NOT_KNOWN
        if by in ("language", "unit") and self.own:
            yield ONLY_SURVEYS


def added(counts: Sequence[Count]) -> Count:
    """The sum of some numbers; hidden as soon as one of them is."""
    return None if None in counts else sum(count for count in counts if count is not None)


def summed(shown: Shown, cells: Sequence[Cell]) -> Count:
    """The sum of some cells of a table; also where only the total and the other cells tell it."""
    direct = added([shown.counts.get(cell, 0) for cell in cells])
    if direct is not None or shown.total is None:
        return direct
    wanted = set(cells)
    rest = added([count for cell, count in shown.counts.items() if cell not in wanted])
    return None if rest is None else shown.total - rest


def _row(name: str, people: Count, known: Count, target: float | None) -> SummaryHeardRow:
    share = people / known if people is not None and known else None
    return SummaryHeardRow(
        name=name,
        people=people,
        share=None if share is None else rounded(share),
        target=target,
        weight=None if (found := weight(target, share)) is None else rounded(found),
        under_heard=target is not None and is_under_heard(people, known, target),
    )


def is_under_heard(people: Count, known: Count, target: float) -> bool:
    """Whether a group was heard clearly less than its target: even the upper end of the 95 % interval of its
    share is below it. Of a small study the interval is wide, so that little is said too soon."""
    if people is None or not known:
        return False
    return intervals.of_share(people, known).high < target


def gather(
    session: Session, study: Study, counted: Sequence[Counted], groups: Groups, targets: Targets
) -> Heard:
    """Find out where everybody who was heard is counted."""
    names = _names(study, counted, groups, targets)
    in_person = _in_person(session, study, counted, groups)
    parts = {
        "audience": (*(_by_audience(one, groups) for one in counted), *_parts_in_person(in_person, 0)),
        "channel": (*(_by_group(one, "@source") for one in counted), *_parts_in_person(in_person, 1)),
        "language": tuple(_by_group(one, "@language") for one in counted),
        "unit": tuple(_by_group(one, "@unit") for one in counted if "@unit" in one.groups),
    }
    own = (_table(in_person),) if in_person else ()
    totals = tuple(one.group_key("@source") for one in counted)
    return Heard(names, parts, own, totals, _of_groups(targets, groups), study.fewest_counted)


def code_of(audience_id: int | None, groups: Groups) -> str:
    """The code of an audience: those that are too small to be shown have one together."""
    if audience_id is None:
        return UNKNOWN
    return SMALL if groups.name(audience_id) == SMALL_GROUPS else str(audience_id)


def _of_groups(targets: Targets, groups: Groups) -> Targets:
    """The targets by the codes of groups; those counted together have one only when each of them has."""
    wanted = targets.get("audience", {})
    small = [str(id) for id in groups.names if code_of(id, groups) == SMALL]
    mine = {id: share for id, share in wanted.items() if id not in small and id in map(str, groups.names)}
    if small and all(id in wanted for id in small):
        mine[SMALL] = sum(wanted[id] for id in small)
    return {**targets, "audience": mine}


def _names(
    study: Study, counted: Sequence[Counted], groups: Groups, targets: Targets
) -> dict[str, dict[str, str]]:
    """How groups are called, in their order."""
    audiences = {code_of(audience.id, groups): audience.name for audience in study.audiences}
    pooled = {SMALL: SMALL_GROUPS} if SMALL in audiences else {}
    heard = {tag for one in counted for tag in one.groups["@language"]}
    tags = sorted(heard.union(targets.get("language", {})))
    units = sorted({unit for one in counted for unit in one.groups.get("@unit", ()) if unit})
    return {
        "audience": {code: name for code, name in audiences.items() if code != SMALL} | pooled,
        "channel": CHANNELS,
        "language": {tag: language_name(tag) for tag in tags},
        "unit": {unit: unit for unit in units},
    }


def _by_group(one: Counted, group: str) -> Part:
    return Part(one.group_key(group), lambda cell: cell[0])


def _by_audience(one: Counted, groups: Groups) -> Part:
    """The responses of a survey by audience: as people said in a question, or all of one."""
    asked = audience_question(one.survey)
    if asked is None:
        everybody = code_of(one.survey.audience_id, groups)
        return Part(one.group_key("@source"), lambda _cell: everybody)
    named = {code: code_of(int(id), groups) for code, id in audiences_of(asked).items()}
    return Part(one.kinds[asked.dim].lines()[0].key, lambda cell: named.get(cell[0], UNKNOWN))


def _in_person(
    session: Session, study: Study, counted: Sequence[Counted], groups: Groups
) -> Counter[tuple[str, str]]:
    """People heard otherwise than by a survey, by audience and channel."""
    found: Counter[tuple[str, str]] = Counter()
    rosters, channels = _rosters(session, study), _channels(session, study)
    surveyed = _surveyed(counted)
    for audience in study.audiences:
        there = rosters.get(audience.id, 0)
        typed = audience.people if audience.id not in surveyed else None
        channel = "session" if there else channels.get(audience.id, UNKNOWN)
        if there or typed:
            found[code_of(audience.id, groups), channel] += typed or there
    return found


def _rosters(session: Session, study: Study) -> dict[int, int]:
    """How many people are on the rosters of the sessions of each audience that were held."""
    query = select(GroupSession.audience_id, func.count(RosterEntry.id)).join(
        RosterEntry, RosterEntry.session_id == GroupSession.id
    )
    held = query.where(GroupSession.study_id == study.id, GroupSession.state != "planned")
    return dict(session.execute(held.group_by(GroupSession.audience_id)).all())


def _channels(session: Session, study: Study) -> dict[int, str]:
    """The channel by which most comments of each audience came."""
    number = func.count()
    query = select(Comment.audience_id, Comment.channel, number).where(Comment.study_id == study.id)
    query = query.where(Comment.audience_id.is_not(None)).group_by(Comment.audience_id, Comment.channel)
    rows = session.execute(query.order_by(number, Comment.channel.desc())).all()
    return {audience: channel for audience, channel, _number in rows if audience is not None}


def _surveyed(counted: Sequence[Counted]) -> set[int]:
    """The audiences that answered a survey: their people are counted there."""
    found: set[int] = set()
    for one in counted:
        asked = audience_question(one.survey)
        if asked is None and one.survey.audience_id is not None:
            found.add(one.survey.audience_id)
        elif asked is not None:
            counts = next(one.kinds[asked.dim].tables()).counts
            found.update(int(id) for code, id in audiences_of(asked).items() if counts.get((code,)))
    return found


def _parts_in_person(people: Counter[tuple[str, str]], place: int) -> tuple[Part, ...]:
    return (Part(IN_PERSON, lambda cell: cell[place]),) if people else ()


def _table(people: Counter[tuple[str, str]]) -> Table:
    cells: dict[Cell, int] = {cell: people[cell] for cell in sorted(people)}
    return Table(IN_PERSON, "heard", ("@audience", "@channel"), cells, sum(cells.values()), priority=2)
