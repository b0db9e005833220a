"""What a run would change on the board: shown before a planner puts it there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, select, union_all
from sqlalchemy.orm import Session, aliased

from survey.board import Board, BoardTheme, Change, Decision, in_force, kinds
from survey.board.kinds.base import themes_in
from survey.models import Comment, Placement, Run, Study
from survey.services import applying
from survey.services import board as boards
from survey.services.ids import is_one_of

EXAMPLES = 3
NONE, UNKNOWN = 0, -1
"""Where a comment comes from or goes to, beside themes by number: no theme, or not in that run at all."""


class Way(NamedTuple):
    """Comments that come from a theme or go to one (or `NONE`, `UNKNOWN`).

    `as_well` when they are in that theme before and after: this one comes to it, or goes from beside it.
    """

    theme: int
    as_well: bool
    number: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Comments that join or leave a theme: how many, from where or to where, and some of them."""

    number: int = 0
    by: tuple[Way, ...] = ()
    examples: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """A theme before and after; None where it is not on the board."""

    before: BoardTheme | None
    after: BoardTheme | None
    joined: Flow = field(default_factory=Flow)
    left: Flow = field(default_factory=Flow)

    @property
    def theme(self) -> BoardTheme:
        """The theme as it would be, or as it was."""
        theme = self.after or self.before
        assert theme is not None
        return theme

    @property
    def moves(self) -> bool:
        """Whether comments join or leave."""
        return bool(self.joined.number or self.left.number)


@dataclass(frozen=True, slots=True)
class Difference:
    """The board as it is and as a run would make it; `kept` of `decisions` stay as they are."""

    before: Board
    after: Board
    change: Change
    themes: tuple[ThemeChange, ...]
    kept: int
    decisions: int

    @property
    def new(self) -> tuple[ThemeChange, ...]:
        """Themes that come onto the board."""
        return tuple(change for change in self.themes if change.before is None)

    @property
    def gone(self) -> tuple[ThemeChange, ...]:
        """Themes that leave the board: nobody decided about them, and the run does not find them."""
        return tuple(change for change in self.themes if change.after is None)

    @property
    def lost(self) -> tuple[ThemeChange, ...]:
        """Themes that stay because somebody decided about them, though the run does not find them."""
        return tuple(c for c in self.themes if c.before and c.after and c.after.lost and not c.before.lost)

    @property
    def changed(self) -> tuple[ThemeChange, ...]:
        """Themes that stay and that comments join or leave."""
        apart = {id(change) for change in (*self.new, *self.gone, *self.lost)}
        return tuple(change for change in self.themes if change.moves and id(change) not in apart)

    @property
    def same(self) -> tuple[ThemeChange, ...]:
        """Themes that stay as they are."""
        apart = {id(change) for change in (*self.new, *self.gone, *self.lost, *self.changed)}
        return tuple(change for change in self.themes if id(change) not in apart)


def between(session: Session, study: Study, board: Board, run: Run) -> Difference:
    """The difference that a run would make to the board; raise `Refusal` when it cannot come onto it."""
    change = applying.onto(board, run)
    after = boards.preview(session, study, change)
    flows = _Flows(session, board, after)
    decided = [d for d in in_force(board.log) if d.kind != "apply"]
    return Difference(
        before=board,
        after=after,
        change=change,
        themes=tuple(_themes(board, after, flows)),
        kept=sum(_is_kept(decision, board, after) for decision in decided),
        decisions=len(decided),
    )


def _themes(before: Board, after: Board, flows: _Flows) -> Iterator[ThemeChange]:
    """All themes of both boards, in the order of the new one."""
    gone = [theme for theme in before.themes if after.find(theme.id) is None]
    for theme in (*after.themes, *gone):
        was, now = before.find(theme.id), after.find(theme.id)
        yield ThemeChange(was, now, flows.of("joined", theme.id), flows.of("left", theme.id))


def _is_kept(decision: Decision, before: Board, after: Board) -> bool:
    """Whether all that a decision is about stays as it is: its themes, and where its comments are."""
    kind = kinds.of(decision)
    numbers = themes_in(kind.needs(decision) | kind.creates(decision))
    roots = {before.merged[number] for number in numbers if number in before.merged}
    comments = [comment for comment, _themes in decision.comments]
    return all(_said(before, root) == _said(after, root) for root in roots) and all(
        (c in before.off_topic, before.moved.get(c)) == (c in after.off_topic, after.moved.get(c))
        for c in comments
    )


def _said(board: Board, number: int) -> Any:
    """What people said of a theme."""
    theme = board.find(number)
    return theme and (theme.name, theme.state, theme.entry, theme.office, theme.parent, theme.notes)


class _Flows:
    """The comments that join and leave each theme, without those that people placed."""

    def __init__(self, session: Session, before: Board, after: Board) -> None:
        self.session = session
        self.decided = before.moved.keys() | before.off_topic
        moves = self._moves(before, after).subquery()
        self.ways: dict[tuple[str, int], list[Way]] = defaultdict(list)
        columns = (moves.c.direction, moves.c.theme, moves.c.other, moves.c.as_well)
        for direction, theme, other, as_well, number in session.execute(
            select(*columns, func.count()).group_by(*columns)
        ):
            self.ways[direction, theme].append(Way(other, bool(as_well), number))
        self.examples = self._examples(moves)

    def of(self, direction: str, theme: int) -> Flow:
        ways = sorted(self.ways.get((direction, theme), ()), key=lambda way: (-way.number, way))
        examples = self.examples.get((direction, theme), ())
        return Flow(sum(way.number for way in ways), tuple(ways), tuple(examples))

    def _moves(self, before: Board, after: Board) -> Any:
        old, new = self._side(before), self._side(after)
        joined = self._apart("joined", new, old, self._main(before))
        left = self._apart("left", old, new, self._main(after))
        return union_all(joined, left)

    def _side(self, board: Board) -> Any:
        """One row for each comment and theme that the machine put it in."""
        rows = (
            select(Placement.comment_id, _home(board).label("theme"), Placement.weight)
            .where(Placement.run_id == board.run, Placement.candidate_id.is_not(None), self._by_machine())
            .subquery()
        )
        weight = func.max(rows.c.weight).label("weight")
        pair = (rows.c.comment_id, rows.c.theme)
        return select(*pair, weight).group_by(*pair).subquery()

    def _main(self, board: Board) -> Any:
        """One row for each comment of a run: its main theme, or `NONE`."""
        chosen = select(Placement.comment_id, _home(board).label("theme"))
        return chosen.where(Placement.run_id == board.run, Placement.rank == 1).subquery()

    def _by_machine(self) -> ColumnElement[bool]:
        return not_(is_one_of(self.session, Placement.comment_id, self.decided))

    def _apart(self, direction: str, here: Any, there: Any, main: Any) -> Select[Any]:
        """What is here and not there, with the main theme that it has there, and may have here as well."""
        also = aliased(here)
        stays = and_(also.c.comment_id == here.c.comment_id, also.c.theme == main.c.theme)
        same = and_(there.c.comment_id == here.c.comment_id, there.c.theme == here.c.theme)
        return (
            select(
                literal(direction).label("direction"),
                here.c.theme,
                func.coalesce(main.c.theme, UNKNOWN).label("other"),
                case((also.c.comment_id.is_(None), 0), else_=1).label("as_well"),
                here.c.comment_id,
                here.c.weight,
            )
            .outerjoin(there, same)
            .outerjoin(main, main.c.comment_id == here.c.comment_id)
            .outerjoin(also, stays)
            .where(there.c.comment_id.is_(None))
        )

    def _examples(self, moves: Any) -> Mapping[tuple[str, int], list[Comment]]:
        place = func.row_number().over(
            partition_by=(moves.c.direction, moves.c.theme),
            order_by=(moves.c.weight.desc(), moves.c.comment_id),
        )
        ranked = select(moves.c.direction, moves.c.theme, moves.c.comment_id, place.label("place")).subquery()
        few = select(Comment, ranked.c.direction, ranked.c.theme)
        few = few.join(ranked, ranked.c.comment_id == Comment.id)
        found: dict[tuple[str, int], list[Comment]] = defaultdict(list)
        for comment, way, theme in self.session.execute(
            few.where(ranked.c.place <= EXAMPLES).order_by(ranked.c.place)
        ):
            found[way, theme].append(comment)
        return found


def _home(board: Board) -> ColumnElement[int]:
    """The theme of a placement on a board; `NONE` for none."""
    if not board.home:
        return literal(NONE)
    return case(dict(board.home), value=Placement.candidate_id, else_=NONE)
