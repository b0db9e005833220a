"""How many comments each theme has, in all and by audience, channel and prompt, as they may be shown.

A theme is what was said, not who said it: what is protected are groups. Those too small are counted
together. Where comments are answers to a survey, each is a person, so no number of 1 to k - 1 is shown there;
others are hidden so that it cannot be had back (`services/hidden_counts.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board, BoardTheme
from survey.formats.summary import SMALL_GROUPS, Count
from survey.models import Comment, Placement, Study
from survey.services.gate import Groups
from survey.services.hidden_counts import Atom, Limits, Part, Small, Told, hide, hide_some, is_few
from survey.services.placements import audience_key

Counts = tuple[tuple[str, Count], ...]
Where = tuple[int | None, str, int | None]
"""Audience, channel and prompt."""
Place = tuple[int | None, str, int | None, bool]
"""The same, and whether it is the answer of a person to a survey."""
NO_PROMPT = "No prompt"
AT_ONCE = 5000


@dataclass(frozen=True)
class ThemeCounts:
    """The numbers of one theme; `by_audience` has a pair for each group of `ShownCounts.audiences`."""

    size: Count
    by_audience: Counts
    by_channel: Counts = ()
    by_prompt: Counts = ()

    @property
    def hidden(self) -> int:
        """How many of them are hidden."""
        pairs = (*self.by_audience, *self.by_channel, *self.by_prompt)
        return (self.size is None) + sum(count is None for _name, count in pairs)


@dataclass(frozen=True)
class ShownCounts:
    """The groups that may be shown with their comments, and the numbers of each live theme by its id.

    `of_no_group` is how many comments are of no known group.
    """

    audiences: Counts
    themes: Mapping[int, ThemeCounts]
    of_no_group: Count = 0
    hidden: int = 0


def shown(session: Session, study: Study, board: Board | None, groups: Groups) -> ShownCounts:
    """The counts of comments as they may be shown; `board` is None while themes were not looked for."""
    return told(study, board, groups, _counted(session, study, board))


def told(study: Study, board: Board | None, groups: Groups, counted: Counted) -> ShownCounts:
    """What may be shown of comments that were counted."""
    return _Maker(study, board, groups, counted).shown()


@dataclass(frozen=True)
class Tally:
    """How many comments there are by place, and who gave those that are answers: as many people as matter."""

    comments: Counter[Place] = field(default_factory=Counter)
    people: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, place: Place, number: int, people: Collection[str], enough: int) -> None:
        """Count comments; of people no more than `enough` are kept."""
        self.comments[place] += number
        known = self.people[place]
        if len(known) < enough:
            known.update(people)


@dataclass(frozen=True)
class Counted:
    """The comments in all, in each live theme, and in none."""

    everything: Tally
    themes: Mapping[int, Tally]
    unplaced: Tally


def _counted(session: Session, study: Study, board: Board | None) -> Counted:
    """Go once through the comments of a study."""
    standing, enough = _Standing(session, board) if board else None, study.fewest_counted
    columns = Comment.id, Comment.audience_id, Comment.channel, Comment.prompt_id, Comment.response_id
    query = select(*columns).where(Comment.study_id == study.id).execution_options(yield_per=AT_ONCE)
    found: dict[tuple[int, ...] | None, Tally] = defaultdict(Tally)
    for id, audience, channel, prompt, response in session.execute(query):
        themes = standing.of(id) if standing else ()
        place = (audience, channel, prompt, response is not None)
        found[themes].add(place, 1, () if response is None else (response,), enough)
    return _sorted(found, [theme.id for theme in board.live] if board else [], enough)


def _sorted(found: Mapping[tuple[int, ...] | None, Tally], live: Sequence[int], enough: int) -> Counted:
    counted = Counted(Tally(), {theme: Tally() for theme in live}, Tally())
    for themes, tally in found.items():
        if themes is not None:
            into = [counted.everything, *(counted.themes[theme] for theme in themes)]
            for one in into if themes else [*into, counted.unplaced]:
                for place, number in tally.comments.items():
                    one.add(place, number, tally.people[place], enough)
    return counted


class _Standing:
    """In which live themes each comment is, those above included; None for one that does not count."""

    def __init__(self, session: Session, board: Board) -> None:
        self.board = board
        self.above: dict[int, tuple[int, ...]] = {}
        for theme in board.live:
            for member in theme.members:
                self.above[member] = (*self.above.get(member, ()), theme.id)
        query = select(Placement.comment_id, Placement.candidate_id).where(Placement.run_id == board.run)
        self.found: dict[str, tuple[int, ...]] = {}
        for comment, candidate in session.execute(query.execution_options(yield_per=AT_ONCE)):
            there = self.found.get(comment, ())
            self.found[comment] = there if candidate is None else (*there, candidate)

    def of(self, comment: str) -> tuple[int, ...] | None:
        """The live themes of a comment."""
        if comment in self.board.off_topic:
            return None
        numbers = self.board.numbers_of(comment, self.found.get(comment, ()))
        themes = tuple(sorted({theme for number in numbers for theme in self.above.get(number, ())}))
        # Late comments count once people have placed them.
        return themes if themes or comment in self.found else None


class _Maker:
    """Names the cells, and hides what must not be seen."""

    def __init__(self, study: Study, board: Board | None, groups: Groups, counted: Counted) -> None:
        self.study, self.board, self.groups, self.counted = study, board, groups, counted
        self.prompts = {prompt.id: prompt.text for prompt in study.prompts}
        places = [place for one in (counted.everything, *counted.themes.values()) for place in one.comments]
        self.occupied: list[Where] = sorted({place[:3] for place in places}, key=repr)
        self.limits = Limits(groups.fewest_counted, frozenset(groups.pooled), groups.pool_told, SMALL_GROUPS)

    def shown(self) -> ShownCounts:
        """All numbers."""
        themes = {theme.id: theme for theme in self.board.live} if self.board else {}
        atoms = {id: self._atoms(self.counted.themes[id]) for id in themes}
        told = {id: hide(atoms[id], self.limits) for id in themes}
        _without_parts(themes, told, atoms, self.limits)
        totals = self._totals()
        if any(self._is_bounded(name, totals, told.values()) for name in self._few(totals)):
            told = {id: one.all_hidden(size=one.size_hidden) for id, one in told.items()}
        untold = self._groups_to_hide(totals, [told[id] for id, t in themes.items() if t.parent not in told])
        audiences = self._audiences(totals, untold)
        listed = [name for name, _count in audiences]
        found = {id: self._counts(theme, told[id], listed) for id, theme in themes.items()}
        hidden = len(untold) + sum(one.hidden for one in found.values())
        return ShownCounts(audiences, found, None if "" in untold else totals[""], hidden)

    def _atoms(self, tally: Tally) -> list[Atom]:
        """Each combination that the study has, with how many comments of the theme are of it."""
        return [self._atom(one, tally) for one in self.occupied]

    def _atom(self, where: Where, tally: Tally) -> Atom:
        audience, channel, prompt = where
        answers, others = tally.comments[(*where, True)], tally.comments[(*where, False)]
        cells = (self._group(audience), channel, self._prompt(prompt))
        people = frozenset(tally.people.get((*where, True), ()))
        return Atom(audience, cells, answers + others, answers, people)

    def _group(self, audience: int | None) -> str:
        return self.groups.name(audience) or ""

    def _prompt(self, prompt: int | None) -> str:
        return NO_PROMPT if prompt is None else self.prompts.get(prompt, NO_PROMPT)

    def _audiences(self, totals: Mapping[str, int], hidden: Collection[str]) -> Counts:
        """The groups with their comments, in the order of the audiences, those counted together last."""
        names = [a.name for a in self.study.audiences if self.groups.name(a.id) != SMALL_GROUPS]
        rows = [(name, totals[name]) for name in dict.fromkeys([*names, SMALL_GROUPS]) if totals[name]]
        return tuple((name, None if name in hidden else count) for name, count in rows)

    def _totals(self) -> Counter[str]:
        """Comments by group; the board says how many it has."""
        if self.board is None:
            return self._by_group(self.counted.everything.comments)
        ids = {audience_key(audience.id): audience.id for audience in self.study.audiences}
        found = Counter[str]()
        for key, number in self.board.totals.items():
            found[self._group(ids.get(key))] += number
        return found

    def _by_group(self, places: Counter[Place]) -> Counter[str]:
        found = Counter[str]()
        for (audience, _channel, _prompt, _is_answer), number in places.items():
            found[self._group(audience)] += number
        return found

    def _few(self, totals: Mapping[str, int]) -> set[str]:
        """Groups of whom too few people said something at all."""
        atoms = self._atoms(self.counted.everything)
        return {name for name in totals if is_few([a for a in atoms if a.cells[0] == name], self.limits.k)}

    def _is_bounded(self, group: str, totals: Mapping[str, int], themes: Collection[Told]) -> bool:
        """Whether what themes tell of other groups leaves fewer than k comments for one."""
        most = {name: max((one.count(0, name) or 0 for one in themes), default=0) for name in totals}
        return sum(totals.values()) - sum(most[name] for name in totals if name != group) < self.limits.k

    def _groups_to_hide(self, totals: Counter[str], tops: Sequence[Told]) -> set[str]:
        """Groups whose number of comments is hidden: too few people, or it would tell a hidden cell."""
        few = self._few(totals)
        few |= set() if self.limits.pool_told else {SMALL_GROUPS}
        for one in tops:
            for cell in () if one.size_hidden else one.small:
                few |= self._telling(one, cell, tops)
            few |= self._telling_pooled(one)
        return hide_some(totals, few, self.limits.k)

    def _telling(self, told: Told, cell: Small, tops: Sequence[Told]) -> set[str]:
        """The groups whose numbers of comments would tell a hidden cell; none if it can be large.

        If comments of one group were another's, this one would have as many fewer in no theme or in others,
        or else the number of all its comments would be another one.
        """
        by, name, need = cell
        ways, others = told.ways(by, name), [one for one in tops if one is not told]
        most = told.cells[by][name] + sum(n for (source, to), n in ways.items() if source == to)
        groups = {to for _source, to in ways}
        more = (self._given_back(group, ways, others) for group in groups)
        if most + max(more, default=0) - told.kept_back(by, name) >= need:
            return set()
        return groups.union(source for source, _to in ways)

    def _telling_pooled(self, told: Told) -> set[str]:
        """The groups whose numbers would tell one of those counted together, where others are not with it."""
        if told.size_hidden:
            return set()
        found = set[str]().union(*(told.exchanged(one, self.limits) for one in self.limits.pooled))
        return found if len(found) > 1 else set()

    def _given_back(self, group: str, ways: Counter[tuple[str, str]], others: Sequence[Told]) -> int:
        """How many comments of other groups could be one's, if as many of its own were theirs elsewhere."""
        taken = Counter({source: n for (source, to), n in ways.items() if to == group and source != group})
        before = taken.total()
        for other in others:
            other.give_back(group, taken)
        return min(before, before - taken.total() + self._by_group(self.counted.unplaced.comments)[group])

    def _counts(self, theme: BoardTheme, told: Told, listed: Sequence[str]) -> ThemeCounts:
        channels = list(dict.fromkeys(sorted(one[1] for one in self.occupied)))
        there = {self._prompt(one[2]) for one in self.occupied}
        prompts = [text for text in dict.fromkeys([*self.prompts.values(), NO_PROMPT]) if text in there]
        rows = (_pairs(told, by, names) for by, names in enumerate((listed, channels, prompts)))
        return ThemeCounts(None if told.size_hidden else theme.size, *rows)


def _pairs(told: Told, by: int, names: Iterable[str]) -> Counts:
    return tuple((name, told.count(by, name)) for name in names)


def _without_parts(
    themes: Mapping[int, BoardTheme],
    told: dict[int, Told],
    atoms: Mapping[int, Sequence[Atom]],
    limits: Limits,
) -> None:
    """Where anything of a theme or its sub-themes is hidden, the latter are not told by group.

    Nor is one where the numbers of its theme would bound its own: then its size may go, too.
    """
    for theme in themes.values():
        there = [child for child in theme.children if child in told]
        parts = {child: Part(atoms[child], atoms[theme.id], limits) for child in there}
        whole = all(told[id].is_whole for id in (theme.id, *parts))
        if parts and not (whole and all(part.is_safe(told=True) for part in parts.values())):
            sizes = {child: told[child].total for child in parts}
            few = {id for id, part in parts.items() if told[id].size_hidden or not part.is_safe(told=False)}
            hidden = _sizes_to_hide(sizes, few, told[theme.id].total, limits.k)
            told.update({child: told[child].all_hidden(size=child in hidden) for child in parts})
            wanted = [cell for part in parts.values() for cell in part.wanted()]
            told[theme.id] = told[theme.id].with_room(wanted)


def _sizes_to_hide(sizes: Mapping[int, int], few: set[int], whole: int, k: int) -> set[int]:
    """Sizes of sub-themes to hide, so that the rest of the theme leaves open what the smallest have."""
    hidden, rest = set(few), sorted((size, id) for id, size in sizes.items() if id not in few)
    while hidden and rest and whole - sum(size for size, _id in rest) < k:
        hidden.add(rest.pop(0)[1])
    return hidden
