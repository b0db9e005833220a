"""Computing the board: one pure function of what the machine found and what people decided.

Neither ever changes: undoing is a decision too, and the board after it is the board without the decision it
names. Counts start from the machine's counts per theme and audience; single comments matter only where people
decided about them, so that the cost of a board does not grow with all comments.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, zip_longest

from analysis.breadth import breadth
from survey.board import kinds
from survey.board.replay import replay
from survey.board.rules import in_force, redoable
from survey.board.state import State
from survey.board.types import ORDER, Board, BoardTheme, Decision, Discovery, Found

MOST_KEYWORDS = 8
MOST_QUOTES = 20


def build(found: Discovery, decisions: Sequence[Decision], revision: int = 0) -> Board:
    """Compute the board from what was found and all decisions about it, oldest first."""
    standing = in_force(decisions)
    state = replay(standing)
    counted = _Counted(found, state)
    by_people = [decision for decision in standing if not _is_first(decision, decisions)]
    return Board(
        run=found.run,
        themes=tuple(sorted(counted.themes(), key=_place(state))),
        comments=found.comments + found.late,
        unplaced=counted.unplaced(),
        totals=counted.totals,
        late=found.late,
        revision=max([revision, *(decision.number for decision in decisions)]),
        decisions=len(by_people),
        last_edit=by_people[-1] if by_people else None,
        redoable=redoable(decisions),
        home=counted.home,
        merged={number: state.root(number) for number in state.themes},
        moved={comment: counted.resolved(themes) for comment, themes in state.placed.items()},
        off_topic=frozenset(state.off_topic & found.placed.keys()),
        axes=tuple(state.axes.values()),
        codes=state.codes,
        quote_states=state.quotes,
        comment_notes={comment: tuple(notes) for comment, notes in state.notes.items() if notes},
        confirmed=tuple(state.confirmed),
        next_number=next_number(decisions),
        log=tuple(decisions),
    )


def _is_first(decision: Decision, decisions: Sequence[Decision]) -> bool:
    """The first run comes onto the board by itself: nobody decided that, and nobody can undo it."""
    return decision.kind == "apply" and decision.number == decisions[0].number


def next_number(decisions: Iterable[Decision]) -> int:
    """The number that the next new theme takes: those of undone decisions are not given again."""
    made = (kinds.of(decision).creates(decision) for decision in decisions)
    return 1 + max((thing for things in made for thing in things if isinstance(thing, int)), default=0)


def placing(decisions: Iterable[Decision]) -> set[str]:
    """The comments that must be known one by one: those that people placed or took off the topic."""
    state = replay(in_force(decisions))
    return state.placed.keys() | state.off_topic


def _place(state: State) -> Callable[[BoardTheme], tuple[int, int, int, int]]:
    """Where a theme stands: by state, then as people ordered them, then by size."""
    place = {state.root(number): place for place, number in reversed(list(enumerate(state.order)))}

    def key(theme: BoardTheme) -> tuple[int, int, int, int]:
        return ORDER[theme.state], place.get(theme.id, len(place)), -theme.size, theme.id

    return key


class _Counted:
    """Comments counted per theme and audience: the machine's counts, corrected by single comments."""

    def __init__(self, found: Discovery, state: State) -> None:
        self.found, self.state = found, state
        self.numbers = state.on_board()
        self.there = frozenset(self.numbers)
        self.became: dict[frozenset[int], frozenset[int]] = {}
        self.home = {c.id: state.root(state.candidates[c.number]) for c in found.candidates}
        self.now = {comment: self._now(comment) for comment in found.placed}
        self.totals = self._totals()
        self.parents = {number: self._parent(number) for number in self.numbers}

    def _parent(self, number: int) -> int | None:
        parent = self.state.parent(number)
        return parent if parent in self.there else None

    def _now(self, comment: str) -> frozenset[int]:
        """The themes of one comment."""
        if comment in self.state.off_topic:
            return frozenset()
        if comment in self.state.placed:
            return self.resolved(self.state.placed[comment])
        return frozenset(self.home[candidate] for candidate in self.found.placed[comment].candidates)

    def resolved(self, themes: frozenset[int]) -> frozenset[int]:
        """The themes that these have become; one that left the board with its run holds nothing."""
        if themes not in self.became:
            self.became[themes] = frozenset(self.state.root(theme) for theme in themes) & self.there
        return self.became[themes]

    def _totals(self) -> Mapping[str, int]:
        """Comments per audience that were placed or could have been: late ones count once they are placed."""
        totals = Counter(self.found.totals)
        for comment, placed in self.found.placed.items():
            if comment in self.state.off_topic:
                totals[placed.audience] -= not placed.late
            elif placed.late and self.now[comment]:
                totals[placed.audience] += 1
        return totals

    def counts(self, group: Mapping[int, int]) -> dict[int, Counter[str]]:
        """Comments per group of themes and audience; `group` says in which group each theme is."""
        counts: dict[int, Counter[str]] = defaultdict(Counter)
        into = {candidate: group[theme] for candidate, theme in self.home.items()}
        for candidate in self.found.candidates:
            counts[into[candidate.id]].update(candidate.by_audience)
        for (audience, candidates), number in self.found.together.items():
            # Once in each group, however many of its candidates it is in.
            groups = [into[id] for id in candidates]
            if len(there := set(groups)) < len(groups):
                for one in there:
                    counts[one][audience] -= number * (groups.count(one) - 1)
        for comment, placed in self.found.placed.items():
            for candidate_id in placed.candidates:
                counts[into[candidate_id]][placed.audience] -= 1
            for number in {group[theme] for theme in self.now[comment]}:
                counts[number][placed.audience] += 1
        return counts

    def themes(self) -> Iterable[BoardTheme]:
        own = self.counts({number: number for number in self.numbers})
        whole = own
        if any(parent is not None for parent in self.parents.values()):
            whole = self.counts({number: self.parents[number] or number for number in self.numbers})
        children = defaultdict(list)
        for number, parent in self.parents.items():
            if parent is not None:
                children[parent].append(number)
        for number in self.numbers:
            counts = whole[number] if children[number] else own[number]
            yield self._theme(number, tuple(children[number]), counts)

    def _theme(self, number: int, children: tuple[int, ...], counts: Counter[str]) -> BoardTheme:
        record = self.state.themes[number]
        members = (number, *children)
        parts = self._parts(number, members)
        audiences = sorted(key for key in self.totals if key)
        return BoardTheme(
            id=number,
            name=record.name,
            state=record.state,
            parts=tuple(part.id for part in parts),
            size=counts.total(),
            by_audience=+counts,
            breadth=breadth(
                tuple(counts[key] for key in audiences), tuple(self.totals[key] for key in audiences)
            ),
            keywords=tuple(_in_turn(part.keywords for part in parts))[:MOST_KEYWORDS],
            quotes=self._quotes(parts, members),
            # How often a theme comes back was measured for the machine's themes, not for joined ones.
            stability=parts[0].stability if len(parts) == 1 else None,
            members=members,
            parent=self.parents[number],
            children=children,
            entry=record.entry,
            office=record.office,
            decided=record.decided,
            lost=not parts and number in self.state.earlier,
            notes=tuple(record.notes),
        )

    def _parts(self, number: int, members: tuple[int, ...]) -> list[Found]:
        parts = [candidate for candidate in self.found.candidates if self.home[candidate.id] in members]
        numbers = self.state.candidates
        return sorted(
            parts,
            key=lambda part: (numbers[part.number] != number, -sum(part.by_audience.values()), part.id),
        )

    def _quotes(self, parts: list[Found], members: tuple[int, ...]) -> tuple[str, ...]:
        """The machine's, but for those that left; where it has none, some that people put there."""
        found = [q for q in _in_turn(part.quotes for part in parts) if self._stays(q, members)]
        if not found:
            found = sorted(c for c in self.state.placed if c in self.now and self._stays(c, members))
        return tuple(found[:MOST_QUOTES])

    def _stays(self, comment: str, members: tuple[int, ...]) -> bool:
        return comment not in self.now or not self.now[comment].isdisjoint(members)

    def unplaced(self) -> int:
        """Comments in no live theme: the machine's number, corrected where single comments are known."""
        live = {number for number in self.numbers if self.state.is_live(number)}
        count = self.found.unplaced + self.found.late
        hidden = {candidate for candidate, theme in self.home.items() if theme not in live}
        for candidate in self.found.candidates:
            if candidate.id in hidden:
                count += sum(candidate.by_audience.values())
        for (_audience, candidates), number in self.found.together.items():
            if out := len(candidates & hidden):
                count += number * ((out == len(candidates)) - out)
        for comment, placed in self.found.placed.items():
            counted = len(placed.candidates & hidden) if placed.candidates else 1
            is_out = comment not in self.state.off_topic and not self.now[comment] & live
            count += is_out - counted
        return count


def _in_turn(lists: Iterable[tuple[str, ...]]) -> list[str]:
    """The first of each list, then the second of each ..., each value once."""
    return list(dict.fromkeys(value for value in chain(*zip_longest(*lists)) if value is not None))
