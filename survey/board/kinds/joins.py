"""Making one theme of several, several of one, and a new one of comments."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _

from survey.board.kinds.base import (
    Kind,
    Names,
    Things,
    check_comments,
    check_name,
    check_open,
    comment_ids,
    existing,
    members_of,
)
from survey.board.state import State
from survey.board.types import Board, Change, Decision
from survey.errors import Refusal

MOST_MERGED = 100
FEWEST_PARTS, MOST_PARTS = 2, 8
MOST_SPLIT = 50_000


class Merge(Kind):
    NAME = "merge"

    def needs(self, change: Change) -> Things:
        return frozenset([change.details["into"], *change.details["from"]])

    def is_done(self, change: Change, board: Board) -> bool:
        parts = change.details["from"]
        return bool(parts) and {board.merged.get(part) for part in parts} == {change.details["into"]}

    def check(self, change: Change, board: Board) -> None:
        themes = [existing(board, theme) for theme in sorted(change.details["from"])]
        into = existing(board, change.details["into"])
        if not themes:
            raise Refusal(_("A theme cannot be merged with itself. Choose another theme."))
        if len(themes) >= MOST_MERGED:
            raise Refusal(_("Merge at most %(most)s themes at once.", most=MOST_MERGED))
        for theme in [into, *themes]:
            check_open(theme)
        stays_under = into.parent not in (None, *change.details["from"])
        outside = [theme for theme in themes if theme.children and stays_under]
        if outside:
            raise Refusal(
                _(
                    "“%(name)s” has sub-themes, and “%(into)s” is a sub-theme itself. Take it out first.",
                    name=outside[0].name,
                    into=into.name,
                )
            )

    def apply(self, decision: Decision, state: State) -> None:
        into = state.root(decision.details["into"])
        record = state.touch(into)
        for part in decision.details["from"]:
            if (root := state.root(part)) == into:
                continue
            merged = state.touch(root)
            record.notes.extend(merged.notes)
            state.merged[root] = into
        if record.parent is not None and state.root(record.parent) == into:
            record.parent = None
        for other in state.themes.values():
            if other.parent is not None and other is not record:
                other.parent = state.root(other.parent)

    def told(self, change: Change, names: Names) -> str:
        others = ", ".join(f"“{names[theme]}”" for theme in change.details["from"])
        return str(_("Merged %(others)s into “%(name)s”", others=others, name=names[change.details["into"]]))


class Split(Kind):
    """Divide a theme: the first part keeps its number, the others are new themes beside it."""

    NAME = "split"

    def touches(self, change: Change) -> Things:
        return self.needs(change) | comment_ids(change)

    def creates(self, change: Change) -> Things:
        return frozenset(part["theme"] for part in change.details["parts"][1:])

    def renames(self, change: Change) -> Names:
        return {part["theme"]: part["name"] for part in change.details["parts"]}

    def check(self, change: Change, board: Board) -> None:
        theme = existing(board, change.details["theme"])
        check_open(theme)
        parts = change.details["parts"]
        if not FEWEST_PARTS <= len(parts) <= MOST_PARTS:
            raise Refusal(
                _("Split a theme into %(fewest)s to %(most)s parts.", fewest=FEWEST_PARTS, most=MOST_PARTS)
            )
        names = [part["name"].casefold() for part in parts]
        for part in parts:
            check_name(board, part["name"], theme.id)
            if names.count(part["name"].casefold()) > 1:
                raise Refusal(
                    _("Two parts are called “%(name)s”. Give each a name of its own.", name=part["name"])
                )
        check_comments(change, MOST_SPLIT)
        used = {theme for _comment, given in change.comments for theme in given or ()}
        empty = next((part["name"] for part in parts if part["theme"] not in used), None)
        if empty is not None:
            raise Refusal(_("No comment is in the part “%(name)s”. Put some there.", name=empty))

    def numbered(self, change: Change, first: int) -> Change:
        parts = [dict(part) for part in change.details["parts"]]
        numbers = {part["theme"]: first + place for place, part in enumerate(parts[1:])}
        for part in parts[1:]:
            part["theme"] = numbers[part["theme"]]
        held = tuple((c, tuple(numbers.get(t, t) for t in themes or ())) for c, themes in change.comments)
        return replace(change, details={**change.details, "parts": parts}, comments=held)

    def is_done(self, change: Change, board: Board) -> bool:
        named = {theme.name: theme.id for theme in board.open}
        parts = {part["theme"]: named.get(part["name"]) for part in change.details["parts"]}
        if not change.comments or None in parts.values():
            return False
        return parts.get(change.details["theme"]) == change.details["theme"] and all(
            {parts[t] for t in themes or ()} <= board.moved.get(comment, frozenset())
            for comment, themes in change.comments
        )

    def places(self, change: Change) -> bool:
        return True

    def after(
        self, change: Change, board: Board, current: frozenset[int], given: tuple[int, ...] | None
    ) -> frozenset[int]:
        return (current - {change.details["theme"]}) | frozenset(given or ())

    def leaves(self, change: Change, board: Board) -> frozenset[int] | None:
        return frozenset({change.details["theme"]})

    def apply(self, decision: Decision, state: State) -> None:
        theme = decision.details["theme"]
        record = state.touch(theme)
        first, *others = decision.details["parts"]
        record.name = first["name"]
        for part in others:
            state.add(part["theme"], part["name"]).parent = record.parent
        for comment, themes in decision.comments:
            state.place(comment, themes or ())

    def told(self, change: Change, names: Names) -> str:
        parts = ", ".join(f"“{part['name']}”" for part in change.details["parts"])
        return str(_("Split “%(name)s” into %(parts)s", name=names[change.details["theme"]], parts=parts))


class Create(Kind):
    """A new theme, of comments that were ticked; `from` is the theme that they leave, if any."""

    NAME = "create"

    def needs(self, change: Change) -> Things:
        return frozenset({change.details["from"]} - {None})

    def touches(self, change: Change) -> Things:
        return comment_ids(change) | self.creates(change)

    def creates(self, change: Change) -> Things:
        return frozenset({change.details["theme"]})

    def renames(self, change: Change) -> Names:
        return {change.details["theme"]: change.details["name"]}

    def check(self, change: Change, board: Board) -> None:
        check_name(board, change.details["name"])
        for theme in self.needs(change):
            existing(board, theme)  # type: ignore[arg-type]
        if change.comments:
            check_comments(change)

    def numbered(self, change: Change, first: int) -> Change:
        return replace(change, details={**change.details, "theme": first})

    def is_done(self, change: Change, board: Board) -> bool:
        made = next((theme for theme in board.open if theme.name == change.details["name"]), None)
        if made is None or made.parts:
            return False
        held = {comment for comment, themes in board.moved.items() if made.id in themes}
        return held == comment_ids(change)

    def places(self, change: Change) -> bool:
        return True

    def after(
        self, change: Change, board: Board, current: frozenset[int], given: tuple[int, ...] | None
    ) -> frozenset[int]:
        return (current - members_of(board, change.details["from"])) | {change.details["theme"]}

    def leaves(self, change: Change, board: Board) -> frozenset[int] | None:
        source = change.details["from"]
        return None if source is None else members_of(board, source)

    def apply(self, decision: Decision, state: State) -> None:
        state.add(decision.details["theme"], decision.details["name"])
        for comment, themes in decision.comments:
            state.place(comment, themes or ())

    def told(self, change: Change, names: Names) -> str:
        return str(_("Made the theme “%(name)s”", name=change.details["name"]))


KINDS = (Merge(), Split(), Create())
