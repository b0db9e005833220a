"""How a run comes onto the board."""

from __future__ import annotations

from flask_babel import gettext as _

from survey.board.kinds.base import EVERYTHING, Kind, Names, Things
from survey.board.state import Record, State
from survey.board.types import Board, Change, Decision
from survey.errors import NotFound


class Apply(Kind):
    """Let the board stand on a run.

    `themes` says which theme each of its candidates is, by number; `names` calls the new ones. What people
    decided stays; themes that nobody decided about and that the run does not have leave the board. `afresh`
    leaves all decisions so far behind, too: so it was when runs were changed before there was one board.
    """

    NAME = "apply"

    def needs(self, change: Change) -> Things:
        return frozenset()

    def touches(self, change: Change) -> Things:
        return frozenset({EVERYTHING})

    def creates(self, change: Change) -> Things:
        return frozenset(int(number) for number in change.details["names"])

    def renames(self, change: Change) -> Names:
        return {int(number): name for number, name in change.details["names"].items()}

    def check(self, change: Change, board: Board) -> None:
        """Whether the run is there is for the database to say; here, whether its themes are."""
        themes = set(change.details["themes"].values())
        if not themes <= board.merged.keys() | self.creates(change):
            raise NotFound

    def apply(self, decision: Decision, state: State) -> None:
        if decision.details.get("afresh"):
            state.leave_behind()
        state.earlier = frozenset(state.themes)
        for number, name in self.renames(decision).items():
            if number not in state.themes:
                state.themes[number] = Record(name)
        state.run = decision.details["run"]
        state.candidates = {int(c): theme for c, theme in decision.details["themes"].items()}

    def told(self, change: Change, names: Names) -> str:
        return str(_("Run %(number)s came onto the board", number=change.details["run"]))


KINDS = (Apply(),)
