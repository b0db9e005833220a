"""What all kinds of decisions share."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Mapping
from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.board.state import State
from survey.board.types import Board, BoardTheme, Change, Decision
from survey.errors import NotFound, Refusal

EVERYTHING = ("everything",)
"""What a decision touches that no other may overtake."""
NAME_LENGTH = 200
TEXT_LENGTH = 5_000
MOST_COMMENTS = 2_000

Things = frozenset[Hashable]
"""Themes by number, comments by id, and other things as tuples such as ("axis", 1)."""
Names = Mapping[int, str]


class Kind:
    """One kind of decision. Its instance holds nothing: all is in the change."""

    NAME: ClassVar[str]

    def needs(self, change: Change) -> Things:
        """The things that must be there: by default the theme it names."""
        return frozenset({change.details["theme"]} - {None}) if "theme" in change.details else frozenset()

    def touches(self, change: Change) -> Things:
        """What it alters. Two decisions that touch the same thing collide when one did not see the other."""
        return self.needs(change)

    def creates(self, change: Change) -> Things:
        """What is there only because of it."""
        return frozenset()

    def renames(self, change: Change) -> Names:
        """The names it gives to themes."""
        return {}

    def check(self, change: Change, board: Board) -> None:
        """Raise `Refusal` with a plain sentence when it cannot be done, `NotFound` for an unknown thing."""
        for theme in themes_in(self.needs(change)):
            existing(board, theme)

    def is_done(self, change: Change, board: Board) -> bool:
        """Whether the board is as the change wants it already, as after a double click."""
        return False

    def places(self, change: Change) -> bool:
        """Whether it says where its comments belong."""
        return False

    def numbered(self, change: Change, first: int) -> Change:
        """The change with numbers for the themes it makes, from `first` on: nobody knows them earlier."""
        return change

    def after(
        self, change: Change, board: Board, current: frozenset[int], given: tuple[int, ...] | None
    ) -> frozenset[int]:
        """The themes of a comment after it; `current` are those before, `given` what the change says."""
        return current

    def leaves(self, change: Change, board: Board) -> frozenset[int] | None:
        """Each of its comments must be in one of these themes; None where that is not asked."""
        return None

    def apply(self, decision: Decision, state: State) -> None:
        """Make it so."""
        raise NotImplementedError

    def told(self, change: Change, names: Names) -> str:
        """A sentence without its full stop; `names` are those of its themes before it."""
        raise NotImplementedError


def themes_in(things: Things) -> list[int]:
    """The numbers of themes among things."""
    return [thing for thing in things if isinstance(thing, int)]


def existing(board: Board, number: int) -> BoardTheme:
    """The theme of that number; raise `NotFound` when there is none."""
    theme = board.find(number)
    if theme is None:
        raise NotFound
    return theme


def check_open(theme: BoardTheme) -> None:
    """Raise `Refusal` for a rejected theme."""
    if not theme.is_open:
        raise Refusal(_("“%(name)s” is rejected. Open it again first.", name=theme.name))


def check_live(theme: BoardTheme) -> None:
    """Raise `Refusal` for a theme that is rejected or put aside."""
    check_open(theme)
    if not theme.is_live:
        raise Refusal(_("“%(name)s” is parked. Open it again first.", name=theme.name))


def members_of(board: Board, number: int | None) -> frozenset[int]:
    """A theme and its sub-themes by number; none for no theme."""
    theme = board.find(number)
    return frozenset(theme.members if theme else ())


def check_name(board: Board, name: str, apart: int | None = None) -> None:
    """Raise `Refusal` unless a theme may be called that; `apart` is the theme that is renamed."""
    if not name:
        raise Refusal(_("A theme needs a name. Type a few words."))
    if len(name) > NAME_LENGTH:
        raise Refusal(
            _(
                "The name has %(length)s characters. Use %(most)s or fewer.",
                length=len(name),
                most=NAME_LENGTH,
            )
        )
    if any(other.name.casefold() == name.casefold() for other in board.open if other.id != apart):
        raise Refusal(
            _("Another theme is called “%(name)s”. Choose another name, or merge the two themes.", name=name)
        )


def check_comments(change: Change, most: int = MOST_COMMENTS) -> None:
    """Raise `Refusal` for no comments, and for more than can be looked over."""
    if not change.comments:
        raise Refusal(_("Choose one or more comments first."))
    if len(change.comments) > most:
        raise Refusal(
            _(
                "That is about %(count)s comments. At most %(most)s can be decided about at once.",
                count=f"{len(change.comments):,}",
                most=f"{most:,}",
            )
        )


def check_text(text: str, what: str) -> None:
    """Raise `Refusal` for a text that is too long; `what` names the field."""
    if len(text) > TEXT_LENGTH:
        raise Refusal(
            _(
                "%(what)s has %(length)s characters. Use %(most)s or fewer.",
                what=what,
                length=len(text),
                most=TEXT_LENGTH,
            )
        )


def plural(one: str, several: str, number: int, **words: object) -> str:
    """One sentence for one thing, another for several."""
    return str(ngettext(one, several, number, **words))


def one_line(text: str) -> str:
    """Control characters and runs of blanks become one blank."""
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join(shown.split())


def several_lines(text: str) -> str:
    """The same, but line ends stay."""
    return "\n".join(one_line(line) for line in text.splitlines()).strip()


def comment_ids(change: Change) -> frozenset[str]:
    """The comments that a change decides about."""
    return frozenset(comment for comment, _themes in change.comments)
