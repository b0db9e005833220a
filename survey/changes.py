"""What a person may change on a board: how it is written, when it is done already, when it cannot be."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from flask_babel import gettext as _

from survey.board import STATE_AFTER, Board, BoardTheme, Change, Discovery
from survey.errors import NotFound, Refusal

NAME_LENGTH = 200
MOST_MERGED = 100


def rename(theme: int, name: str) -> Change:
    """Give a theme a name; control characters and runs of blanks become one blank."""
    return Change("rename", {"theme": theme, "name": _clean(name)})


def merge(into: int, parts: Iterable[int]) -> Change:
    """Put all comments of `parts` into one theme, which keeps its name."""
    return Change("merge", {"into": into, "from": sorted(set(parts) - {into})})


def move(comment: str, source: int | None, target: int | None) -> Change:
    """Take a comment out of one theme and put it into another; None for no theme."""
    return Change("move", {"comment": comment, "from": source, "to": target})


def undo(edit: int) -> Change:
    """Undo the decision of that number."""
    return Change("undo", {"edit": edit})


def _clean(name: str) -> str:
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in name)
    return " ".join(shown.split())


def themes_named(change: Change) -> frozenset[int]:
    """The themes that a change speaks of."""
    details = change.details
    if change.kind == "merge":
        return frozenset([details["into"], *details["from"]])
    if change.kind == "move":
        return frozenset({details["from"], details["to"]} - {None})
    return frozenset() if change.kind == "undo" else frozenset({details["theme"]})


def touches(change: Change) -> frozenset[int | str]:
    """What a change alters; two changes of the same thing collide. Moving a comment alters it alone."""
    if change.kind == "move":
        return frozenset({change.details["comment"]})
    return frozenset(themes_named(change))


def is_done(board: Board, change: Change) -> bool:
    """Whether the board is already as the change wants it, as after a double click."""
    details, theme = change.details, board.find(change.details.get("theme"))
    if change.kind == "merge":
        homes = {board.home.get(part) for part in details["from"]}
        return homes == {details["into"]}
    if change.kind == "move":
        themes = board.moved.get(details["comment"])
        return themes is not None and details["from"] not in themes and _holds(themes, details["to"])
    if theme is None:
        return False
    if change.kind == "rename":
        return bool(theme.name == details["name"])
    return theme.state == STATE_AFTER.get(change.kind)


def _holds(themes: frozenset[int], target: int | None) -> bool:
    return target in themes if target is not None else True


def check(board: Board, change: Change) -> None:
    """Raise `Refusal` with a plain sentence when it cannot be done, `NotFound` for an unknown theme."""
    themes = [_existing(board, theme) for theme in themes_named(change)]
    if change.kind == "rename":
        _check_name(board, themes[0], change.details["name"])
    elif change.kind == "merge":
        _check_merge(change, themes)
    elif change.kind == "move":
        _check_move(board, change)


def _existing(board: Board, id: int) -> BoardTheme:
    theme = board.find(id)
    if theme is None:
        raise NotFound
    return theme


def _check_name(board: Board, theme: BoardTheme, name: str) -> None:
    if not name:
        raise Refusal(_("A theme needs a name. Type a few words."))
    if len(name) > NAME_LENGTH:
        length = len(name)
        raise Refusal(
            _("The name has %(length)s characters. Use %(most)s or fewer.", length=length, most=NAME_LENGTH)
        )
    if any(other.name.casefold() == name.casefold() for other in board.live if other.id != theme.id):
        raise Refusal(
            _("Another theme is called “%(name)s”. Choose another name, or merge the two themes.", name=name)
        )


def _check_merge(change: Change, themes: list[BoardTheme]) -> None:
    if not change.details["from"]:
        raise Refusal(_("A theme cannot be merged with itself. Choose another theme."))
    if len(themes) > MOST_MERGED:
        raise Refusal(_("Merge at most %(most)s themes at once.", most=MOST_MERGED))
    for theme in themes:
        _check_open(theme)


def _check_move(board: Board, change: Change) -> None:
    source, target = change.details["from"], change.details["to"]
    if source == target:
        raise Refusal(_("The comment is there already. Choose another theme."))
    if target is not None:
        _check_open(_existing(board, target))


def _check_open(theme: BoardTheme) -> None:
    if theme.state == "rejected":
        raise Refusal(_("“%(name)s” is rejected. Open it again first.", name=theme.name))


def check_comment(board: Board, found: Discovery, change: Change) -> None:
    """Raise `NotFound` for a comment of another study, `Refusal` when it is not where the change says."""
    comment, source, target = (change.details[key] for key in ("comment", "from", "to"))
    if comment not in found.placed:
        raise NotFound
    themes = {theme.id for theme in board.themes_of(comment, found.placed[comment].candidates)}
    if source is not None and source not in themes:
        raise Refusal(_("The comment is not in that theme any more. Load the page again."))
    if source is None and target in themes:
        raise Refusal(_("The comment is in that theme already."))
