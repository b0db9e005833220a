"""What people say of single comments: where they belong, that they are off topic, whether to quote them."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from survey.board.kinds.base import (
    Kind,
    Names,
    Things,
    check_comments,
    check_open,
    comment_ids,
    existing,
    members_of,
    plural,
)
from survey.board.state import State
from survey.board.types import Board, Change, Decision, QuoteState
from survey.errors import NotFound, Refusal

Test = Callable[[str, frozenset[int]], bool]


def _all_placed(change: Change, board: Board, fits: Test) -> bool:
    """Whether people put all comments of a change somewhere on the topic that fits it."""
    ids = comment_ids(change)
    return (
        bool(ids)
        and ids.isdisjoint(board.off_topic)
        and all(id in board.moved and fits(id, board.moved[id]) for id in ids)
    )


class _OfComments(Kind):
    def needs(self, change: Change) -> Things:
        return frozenset()

    def touches(self, change: Change) -> Things:
        return comment_ids(change)

    def check(self, change: Change, board: Board) -> None:
        check_comments(change)


class Move(_OfComments):
    """Out of a theme and into another; from None adds, to None takes out."""

    NAME = "move"

    def needs(self, change: Change) -> Things:
        return frozenset({change.details["from"], change.details["to"]} - {None})

    def check(self, change: Change, board: Board) -> None:
        check_comments(change)
        source, target = change.details["from"], change.details["to"]
        if source == target:
            raise Refusal(_("The comment is there already. Choose another theme."))
        if source is not None:
            existing(board, source)
        if target is not None:
            check_open(existing(board, target))

    def is_done(self, change: Change, board: Board) -> bool:
        source, target = members_of(board, change.details["from"]), change.details["to"]
        gone, wanted = source - {target}, {target} - {None}
        return _all_placed(
            change, board, lambda comment, themes: gone.isdisjoint(themes) and wanted <= themes
        )

    def places(self, change: Change) -> bool:
        return True

    def after(
        self, change: Change, board: Board, current: frozenset[int], given: tuple[int, ...] | None
    ) -> frozenset[int]:
        target = change.details["to"]
        kept = current - members_of(board, change.details["from"])
        return kept if target is None else kept | {target}

    def leaves(self, change: Change, board: Board) -> frozenset[int] | None:
        source = change.details["from"]
        return None if source is None else members_of(board, source)

    def apply(self, decision: Decision, state: State) -> None:
        if decision.details["to"] is not None:
            state.touch(decision.details["to"])
        for comment, themes in decision.comments:
            state.place(comment, themes or ())

    def told(self, change: Change, names: Names) -> str:
        source, target = names.get(change.details["from"]), names.get(change.details["to"])
        count = len(change.comments)
        if target is None:
            return plural(
                "Took a comment out of “%(name)s”",
                "Took %(num)s comments out of “%(name)s”",
                count,
                name=source,
            )
        if source is None:
            return plural(
                "Put a comment into “%(name)s”", "Put %(num)s comments into “%(name)s”", count, name=target
            )
        return plural(
            "Moved a comment from “%(source)s” to “%(target)s”",
            "Moved %(num)s comments from “%(source)s” to “%(target)s”",
            count,
            source=source,
            target=target,
        )


class Assign(_OfComments):
    """The themes of comments, all of them: what `given` says, whatever they were in."""

    NAME = "assign"

    def needs(self, change: Change) -> Things:
        return frozenset(theme for _comment, themes in change.comments for theme in themes or ())

    def check(self, change: Change, board: Board) -> None:
        check_comments(change)
        for theme in self.needs(change):
            check_open(existing(board, theme))  # type: ignore[arg-type]

    def is_done(self, change: Change, board: Board) -> bool:
        given = {comment: frozenset(themes or ()) for comment, themes in change.comments}
        return _all_placed(change, board, lambda comment, themes: themes == given[comment])

    def places(self, change: Change) -> bool:
        return True

    def after(
        self, change: Change, board: Board, current: frozenset[int], given: tuple[int, ...] | None
    ) -> frozenset[int]:
        return frozenset(given or ())

    def apply(self, decision: Decision, state: State) -> None:
        for comment, themes in decision.comments:
            for theme in themes or ():
                state.touch(theme)
            state.place(comment, themes or ())

    def told(self, change: Change, names: Names) -> str:
        count = len(change.comments)
        return plural("Said in which themes a comment is", "Said in which themes %(num)s comments are", count)


class Pin(_OfComments):
    """Keep comments where they are, whatever a later run finds."""

    NAME = "pin"

    def check(self, change: Change, board: Board) -> None:
        super().check(change, board)
        if not comment_ids(change).isdisjoint(board.off_topic):
            # It would be pinned to no theme.
            raise Refusal(_("What is off the topic cannot be pinned. Put it back on the topic first."))

    def is_done(self, change: Change, board: Board) -> bool:
        return bool(change.comments) and all(comment in board.moved for comment in comment_ids(change))

    def places(self, change: Change) -> bool:
        return True

    def apply(self, decision: Decision, state: State) -> None:
        for comment, themes in decision.comments:
            state.place(comment, themes or ())
            for theme in themes or ():
                state.touch(theme)

    def told(self, change: Change, names: Names) -> str:
        return plural("Pinned a comment", "Pinned %(num)s comments", len(change.comments))


class Release(_OfComments):
    """Give comments back to the machine: they are where the run puts them."""

    NAME = "release"

    def is_done(self, change: Change, board: Board) -> bool:
        return bool(change.comments) and all(comment not in board.moved for comment in comment_ids(change))

    def apply(self, decision: Decision, state: State) -> None:
        for comment in comment_ids(decision):
            state.placed.pop(comment, None)

    def told(self, change: Change, names: Names) -> str:
        return plural(
            "Gave a comment back to the program",
            "Gave %(num)s comments back to the program",
            len(change.comments),
        )


class OffTopic(_OfComments):
    NAME = "off-topic"

    def is_done(self, change: Change, board: Board) -> bool:
        return bool(change.comments) and comment_ids(change) <= board.off_topic

    def apply(self, decision: Decision, state: State) -> None:
        state.off_topic |= comment_ids(decision)

    def told(self, change: Change, names: Names) -> str:
        return plural(
            "Marked a comment as off the topic",
            "Marked %(num)s comments as off the topic",
            len(change.comments),
        )


class OnTopic(_OfComments):
    NAME = "on-topic"

    def is_done(self, change: Change, board: Board) -> bool:
        return bool(change.comments) and comment_ids(change).isdisjoint(board.off_topic)

    def apply(self, decision: Decision, state: State) -> None:
        state.off_topic -= comment_ids(decision)

    def told(self, change: Change, names: Names) -> str:
        return plural(
            "Put a comment back on the topic", "Put %(num)s comments back on the topic", len(change.comments)
        )


class CodeComments(_OfComments):
    """A code of another axis; None takes it away."""

    NAME = "code"

    def needs(self, change: Change) -> Things:
        return frozenset({("axis", change.details["axis"])})

    def touches(self, change: Change) -> Things:
        return frozenset(("code", change.details["axis"], comment) for comment in comment_ids(change))

    def check(self, change: Change, board: Board) -> None:
        check_comments(change)
        axis = board.axis(change.details["axis"])
        if axis is None or change.details["code"] not in (*axis.codes, None):
            raise NotFound

    def is_done(self, change: Change, board: Board) -> bool:
        codes = board.codes.get(change.details["axis"], {})
        wanted = change.details["code"]
        return bool(change.comments) and all(codes.get(comment) == wanted for comment in comment_ids(change))

    def apply(self, decision: Decision, state: State) -> None:
        codes, code = state.codes.setdefault(decision.details["axis"], {}), decision.details["code"]
        for comment in comment_ids(decision):
            if code is None:
                codes.pop(comment, None)
            else:
                codes[comment] = code

    def told(self, change: Change, names: Names) -> str:
        count = len(change.comments)
        if change.details["code"] is None:
            return plural("Took the code off a comment", "Took the code off %(num)s comments", count)
        code = change.details["called"]
        return plural(
            "Coded a comment as “%(code)s”", "Coded %(num)s comments as “%(code)s”", count, code=code
        )


class Quote(_OfComments):
    """Whether a comment may be quoted outside, and which parts of it are blacked out."""

    NAME = "quote"
    MOST_SPANS = 200

    def touches(self, change: Change) -> Things:
        return frozenset(("quote", comment) for comment in comment_ids(change))

    def check(self, change: Change, board: Board) -> None:
        check_comments(change)
        if change.details["state"] not in ("cleared", "refused", "open"):
            raise NotFound
        if len(change.comments) > 1 and change.details["spans"]:
            raise Refusal(_("Black parts out in one comment at a time."))
        if len(change.details["spans"]) > self.MOST_SPANS:
            raise Refusal(_("Black out at most %(most)s parts of a comment.", most=self.MOST_SPANS))
        if any(not 0 <= start < end for start, end in change.details["spans"]):
            raise Refusal(_("Each part that is blacked out must begin before it ends."))

    def is_done(self, change: Change, board: Board) -> bool:
        wanted = change.details["state"], tuple(tuple(span) for span in change.details["spans"])
        states = [board.quote_states.get(comment, QuoteState("open")) for comment in comment_ids(change)]
        return bool(states) and all((state.mark, state.spans) == wanted for state in states)

    def apply(self, decision: Decision, state: State) -> None:
        spans = tuple((start, end) for start, end in decision.details["spans"])
        for comment in comment_ids(decision):
            state.quotes[comment] = QuoteState(decision.details["state"], spans, decision.by, decision.at)

    def told(self, change: Change, names: Names) -> str:
        count = len(change.comments)
        if change.details["state"] == "cleared" and change.details["spans"]:
            return str(_("Cleared a quote with parts blacked out"))
        if change.details["state"] == "cleared":
            return plural("Cleared a quote", "Cleared %(num)s quotes", count)
        if change.details["state"] == "refused":
            return plural("Refused a quote", "Refused %(num)s quotes", count)
        return plural(
            "Took back what was said of a quote", "Took back what was said of %(num)s quotes", count
        )


KINDS = (
    Move(),
    Assign(),
    Pin(),
    Release(),
    OffTopic(),
    OnTopic(),
    CodeComments(),
    Quote(),
)
