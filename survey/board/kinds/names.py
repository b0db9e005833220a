"""What themes are called, what they mean, in which order they stand, which hang under which, who answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.board.kinds.base import Kind, Names, Things, check_live, check_name, check_text, existing
from survey.board.state import State
from survey.board.types import ENTRY, ORDER, Board, Change, Confirmed, Decision
from survey.errors import NotFound, Refusal


class Rename(Kind):
    NAME = "rename"

    def renames(self, change: Change) -> Names:
        return {change.details["theme"]: change.details["name"]}

    def check(self, change: Change, board: Board) -> None:
        theme = existing(board, change.details["theme"])
        check_name(board, change.details["name"], theme.id)

    def is_done(self, change: Change, board: Board) -> bool:
        theme = board.find(change.details["theme"])
        return theme is not None and theme.name == change.details["name"]

    def apply(self, decision: Decision, state: State) -> None:
        state.touch(decision.details["theme"]).name = decision.details["name"]

    def told(self, change: Change, names: Names) -> str:
        name, new = names[change.details["theme"]], change.details["name"]
        return str(_("Renamed “%(name)s” to “%(new)s”", name=name, new=new))


class Describe(Kind):
    """The entry of a theme in the codebook, and its name where `details` has one."""

    NAME = "describe"

    def touches(self, change: Change) -> Things:
        theme = change.details["theme"]
        entry: Things = frozenset({("entry", theme)})
        return entry | {theme} if "name" in change.details else entry

    def renames(self, change: Change) -> Names:
        return {change.details["theme"]: change.details["name"]} if "name" in change.details else {}

    def check(self, change: Change, board: Board) -> None:
        theme = existing(board, change.details["theme"])
        if "name" in change.details:
            check_name(board, change.details["name"], theme.id)
        for part in ENTRY:
            check_text(change.details.get(part, ""), _part_words(part))

    def is_done(self, change: Change, board: Board) -> bool:
        theme = board.find(change.details["theme"])
        if theme is None or change.details.get("name", theme.name) != theme.name:
            return False
        return all(
            theme.entry.get(part, "") == change.details.get(part, theme.entry.get(part, "")) for part in ENTRY
        )

    def apply(self, decision: Decision, state: State) -> None:
        record = state.touch(decision.details["theme"])
        record.name = decision.details.get("name", record.name)
        record.entry |= {part: decision.details[part] for part in ENTRY if part in decision.details}

    def told(self, change: Change, names: Names) -> str:
        name, new = names[change.details["theme"]], change.details.get("name")
        if new and new != name:
            return str(_("Renamed “%(name)s” to “%(new)s” and described it", name=name, new=new))
        return str(_("Described “%(name)s”", name=name))


def _part_words(part: str) -> str:
    words = {
        "definition": _("The definition"),
        "include": _("“Include”"),
        "exclude": _("“Exclude”"),
        "example": _("The example"),
    }
    return str(words[part])


class Order(Kind):
    """The order of all themes, as it is after one was moved."""

    NAME = "order"

    def touches(self, change: Change) -> Things:
        return frozenset({("order",)})

    def check(self, change: Change, board: Board) -> None:
        super().check(change, board)
        if not all(number in range(1, board.next_number) for number in change.details["order"]):
            raise NotFound

    def is_done(self, change: Change, board: Board) -> bool:
        """Themes stand by their state first, whatever the order says."""
        there = {theme.id: ORDER[theme.state] for theme in board.themes}
        wanted = [number for number in change.details["order"] if number in there]
        is_there = change.details["theme"] in there
        return is_there and sorted(wanted, key=there.__getitem__) == list(there)

    def apply(self, decision: Decision, state: State) -> None:
        state.touch(decision.details["theme"])
        state.order = list(decision.details["order"])

    def told(self, change: Change, names: Names) -> str:
        return str(_("Moved “%(name)s” to another place in the order", name=names[change.details["theme"]]))


class Nest(Kind):
    """Hang a theme under another one, one level deep; None takes it out."""

    NAME = "nest"

    def needs(self, change: Change) -> Things:
        return frozenset({change.details["theme"], change.details["under"]} - {None})

    def is_done(self, change: Change, board: Board) -> bool:
        theme = board.find(change.details["theme"])
        return theme is not None and theme.parent == change.details["under"]

    def check(self, change: Change, board: Board) -> None:
        theme = existing(board, change.details["theme"])
        if change.details["under"] is None:
            return
        under = existing(board, change.details["under"])
        for one in (theme, under):
            check_live(one)
        if under.id == theme.id:
            raise Refusal(_("A theme cannot be its own sub-theme. Choose another theme."))
        if under.parent is not None:
            raise Refusal(
                _("“%(name)s” is a sub-theme itself, and there is one level only.", name=under.name)
            )
        if theme.children:
            raise Refusal(
                _("“%(name)s” has sub-themes of its own. Take them out of it first.", name=theme.name)
            )

    def apply(self, decision: Decision, state: State) -> None:
        under = decision.details["under"]
        if under is not None:
            state.touch(under)
        state.touch(decision.details["theme"]).parent = under

    def told(self, change: Change, names: Names) -> str:
        name, under = names[change.details["theme"]], change.details["under"]
        if under is None:
            return str(_("Took “%(name)s” out, so that it stands alone", name=name))
        return str(_("Made “%(name)s” a sub-theme of “%(under)s”", name=name, under=names[under]))


class Answers(Kind):
    """The office that answers for a theme; its name is kept, too, for the history."""

    NAME = "office"

    def touches(self, change: Change) -> Things:
        return frozenset({("office", change.details["theme"])})

    def is_done(self, change: Change, board: Board) -> bool:
        theme = board.find(change.details["theme"])
        return theme is not None and theme.office == change.details["office"]

    def apply(self, decision: Decision, state: State) -> None:
        state.touch(decision.details["theme"]).office = decision.details["office"]

    def told(self, change: Change, names: Names) -> str:
        name = names[change.details["theme"]]
        if change.details["office"] is None:
            return str(_("Nobody answers for “%(name)s” any more", name=name))
        return str(_("%(office)s answers for “%(name)s”", name=name, office=change.details["called"]))


class Confirm(Kind):
    """What became of themes of an earlier run or study, as a person sees it."""

    NAME = "confirm"
    CHANGES = ("continued", "renamed", "merged", "split", "dropped", "new", "open")

    def needs(self, change: Change) -> Things:
        return frozenset(change.details["new"])

    def touches(self, change: Change) -> Things:
        about = (*change.details["old"], *change.details["new"])
        return frozenset(("confirm", change.details["against"], thing) for thing in about)

    def check(self, change: Change, board: Board) -> None:
        super().check(change, board)
        if change.details["change"] not in self.CHANGES:
            raise NotFound

    def is_done(self, change: Change, board: Board) -> bool:
        details = change.details
        wanted = details["against"], details["change"], tuple(details["old"]), tuple(details["new"])
        if details["change"] == "open":
            return not any(_same_things(c, details) for c in board.confirmed)
        return any((c.against, c.change, c.old, c.new) == wanted for c in board.confirmed)

    def apply(self, decision: Decision, state: State) -> None:
        details = decision.details
        old, new = tuple(details["old"]), tuple(details["new"])
        against, change = details["against"], details["change"]
        state.confirmed = [c for c in state.confirmed if not _same_things(c, details)]
        if change != "open":
            state.confirmed.append(Confirmed(against, change, old, new, decision.number, decision.by))

    def told(self, change: Change, names: Names) -> str:
        details = change.details
        about = ", ".join(
            f"“{name}”" for name in dict.fromkeys([*details["old"], *(names[n] for n in details["new"])])
        )
        words = {
            "continued": _("Confirmed as continued: %(about)s", about=about),
            "renamed": _("Confirmed as renamed: %(about)s", about=about),
            "merged": _("Confirmed as merged: %(about)s", about=about),
            "split": _("Confirmed as split: %(about)s", about=about),
            "dropped": _("Confirmed as dropped: %(about)s", about=about),
            "new": _("Confirmed as new: %(about)s", about=about),
            "open": _("Took a confirmation back: %(about)s", about=about),
        }
        return str(words[details["change"]])


def _same_things(confirmed: Confirmed, details: Mapping[str, Any]) -> bool:
    """Whether something was confirmed about one of these themes already."""
    apart = set(confirmed.old).isdisjoint(details["old"]) and set(confirmed.new).isdisjoint(details["new"])
    return confirmed.against == details["against"] and not apart


KINDS = (Rename(), Describe(), Order(), Nest(), Answers(), Confirm())
