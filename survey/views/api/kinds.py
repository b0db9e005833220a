"""The decisions that can be sent: for each kind what it needs, and the change that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from flask_babel import gettext as _

from survey import changes, comparing
from survey.board import ENTRY, Board, Change
from survey.board.kinds.base import MOST_COMMENTS, NAME_LENGTH, TEXT_LENGTH
from survey.board.kinds.joins import FEWEST_PARTS, MOST_MERGED, MOST_PARTS
from survey.board.kinds.notes import MOST_CODES
from survey.comparing import BOARD, KINDS
from survey.errors import Refusal
from survey.models import Study
from survey.services import codes, comparisons, offices, quotes
from survey.views.api.board_schemas import OLD
from survey.views.api.schemas import (
    COMMENT_ID,
    COMPONENTS,
    MOST_ID,
    THEME_ID,
    Schema,
    of,
    one_of,
    or_null,
    sent,
    some,
    text,
    whole,
)
from survey.views.api.shared import require_side
from survey.web import db

Body = Mapping[str, Any]
NAME = text("The name of a theme.", minLength=1, maxLength=NAME_LENGTH)
COMMENTS = some(COMMENT_ID, "The comments that it is about.", minItems=1, maxItems=MOST_COMMENTS)
WORDS = text(minLength=1, maxLength=TEXT_LENGTH)
CALLED = text(minLength=1, maxLength=NAME_LENGTH)
PART = sent(
    "A part.", {"name": NAME, "comments": some(COMMENT_ID, minItems=1)}, required=("name", "comments")
)
PLACED = sent(
    "A comment.",
    {"comment": COMMENT_ID, "themes": some(THEME_ID, maxItems=50)},
    required=("comment", "themes"),
)
CODE = sent("A code.", {"code": whole(least=1), "name": CALLED}, required=("name",))
NUMBER_OF_DECISION = whole("The number of a decision.", least=1)


@dataclass(frozen=True)
class Place:
    """Where something is decided."""

    study: Study
    board: Board


@dataclass(frozen=True)
class Sendable:
    """One kind of decision: its members beside `kind` and `seen_revision`, those it cannot do without."""

    help: str
    members: dict[str, Schema]
    make: Callable[[Body, Place], Change]
    optional: tuple[str, ...] = ()

    def schema(self, kind: str) -> Schema:
        """All members."""
        members = {"kind": {"const": kind}, "seen_revision": of("SeenRevision"), **self.members}
        return sent(self.help, members, tuple(name for name in members if name not in self.optional))


def _of_theme(help: str, change: Callable[[int], Change]) -> Sendable:
    return Sendable(help, {"theme": THEME_ID}, lambda body, place: change(body["theme"]))


def _of_comments(help: str, change: Callable[[list[str]], Change]) -> Sendable:
    return Sendable(help, {"comments": COMMENTS}, lambda body, place: change(body["comments"]))


def _of_decision(help: str, change: Callable[[int], Change]) -> Sendable:
    return Sendable(help, {"edit": NUMBER_OF_DECISION}, lambda body, place: change(body["edit"]))


def _describe(body: Body, place: Place) -> Change:
    return changes.describe(body["theme"], body, body.get("name"))


def _split(body: Body, place: Place) -> Change:
    return changes.split(body["theme"], [(part["name"], part["comments"]) for part in body["parts"]])


def _create(body: Body, place: Place) -> Change:
    return changes.create(body["name"], body.get("comments", ()), body.get("from"))


def _assign(body: Body, place: Place) -> Change:
    return changes.assign({placed["comment"]: placed["themes"] for placed in body["placed"]})


def _note(body: Body, place: Place) -> Change:
    return changes.note(body["text"], theme=body.get("theme"), comment=body.get("comment"))


def _office(body: Body, place: Place) -> Change:
    office = offices.with_id(db(), place.study, body["office"])
    return changes.office(body["theme"], body["office"], office.name if office else "")


def _quote(body: Body, place: Place) -> Change:
    comment = quotes.comment_of(db(), place.study, body["comment"])
    if body["state"] != "cleared":
        return changes.quote(comment.id, body["state"])
    spans = [(start, end) for start, end in body.get("spans", ())]
    if any(not start < end <= len(comment.text) for start, end in spans):
        raise Refusal(_("A span is [start, end], counted in characters of the comment from 0."))
    return quotes.clear(comment, spans)


def _axis(body: Body, place: Place) -> Change:
    """New codes get numbers that none ever had; those that keep their number keep their comments."""
    made = [decision.details for decision in place.board.log if decision.kind == "axis"]
    number = body.get("axis") or 1 + max((details["axis"] for details in made), default=0)
    if body.get("axis"):
        codes.find(place.board, number)
    used = {code["code"] for details in made if details["axis"] == number for code in details["codes"]}
    kept = [code["code"] for code in body["codes"] if "code" in code]
    if len(set(kept)) < len(kept) or not used.issuperset(kept):
        raise Refusal(_("Give a code the number that it has, each number once, and new codes none."))
    fresh = count(1 + max(used, default=0))
    listed = [(code["code"] if "code" in code else next(fresh), code["name"]) for code in body["codes"]]
    return changes.axis(number, body["name"], listed)


def _confirm(body: Body, place: Place) -> Change:
    require_side(body["against"])
    job = comparisons.newest(db(), place.study, body["against"], BOARD, done=True)
    if job is None:
        raise Refusal(_("Compare with that side first; then confirm what became of its themes."))
    found = comparisons.result(job)
    return comparing.confirmation(found, body["change"], set(body["old"]), set(body["new"]))


def _code(body: Body, place: Place) -> Change:
    return codes.coded(codes.find(place.board, body["axis"]), body["code"], body["comments"])


SENDABLE: dict[str, Sendable] = {
    "accept": _of_theme("Stand behind a theme.", changes.accept),
    "reject": _of_theme("Leave a theme out.", changes.reject),
    "park": _of_theme("Put a theme aside, to be decided later.", changes.park),
    "reopen": _of_theme("Make a theme a suggestion again.", changes.reopen),
    "rename": Sendable(
        "Give a theme a name.",
        {"theme": THEME_ID, "name": NAME},
        lambda body, place: changes.rename(body["theme"], body["name"]),
    ),
    "describe": Sendable(
        "Say what a theme means, and perhaps give it another name.",
        {"theme": THEME_ID, "name": NAME, **{part: text(maxLength=TEXT_LENGTH) for part in ENTRY}},
        _describe,
        optional=("name", *ENTRY),
    ),
    "order": Sendable(
        "Put themes in order, once `theme` has moved; `order` lists all of them.",
        {"theme": THEME_ID, "order": some(THEME_ID, minItems=1, maxItems=1_000)},
        lambda body, place: changes.order(body["theme"], body["order"]),
    ),
    "nest": Sendable(
        "Hang a theme under another one; null lets it stand alone.",
        {"theme": THEME_ID, "under": or_null(THEME_ID)},
        lambda body, place: changes.nest(body["theme"], body["under"]),
    ),
    "office": Sendable(
        "Say which office answers for a theme; null for none.",
        {"theme": THEME_ID, "office": or_null(whole("The id of an office.", least=1))},
        _office,
    ),
    "merge": Sendable(
        "Put all comments of themes into one, which keeps its name.",
        {"into": THEME_ID, "from": some(THEME_ID, minItems=1, maxItems=MOST_MERGED)},
        lambda body, place: changes.merge(body["into"], body["from"]),
    ),
    "split": Sendable(
        "Divide a theme; the first part keeps its number.",
        {
            "theme": THEME_ID,
            "parts": some(
                PART,
                minItems=FEWEST_PARTS,
                maxItems=MOST_PARTS,
            ),
        },
        _split,
    ),
    "create": Sendable(
        "Make a theme, of comments that leave the theme `from` if it is given.",
        {"name": NAME, "from": or_null(THEME_ID), "comments": COMMENTS},
        _create,
        optional=("from", "comments"),
    ),
    "move": Sendable(
        "Take comments out of one theme and put them into another; null for none.",
        {"from": or_null(THEME_ID), "to": or_null(THEME_ID), "comments": COMMENTS},
        lambda body, place: changes.move(body["comments"], body["from"], body["to"]),
    ),
    "assign": Sendable(
        "Say all themes of comments, whatever they were in.",
        {
            "placed": some(
                PLACED,
                minItems=1,
                maxItems=MOST_COMMENTS,
            )
        },
        _assign,
    ),
    "pin": _of_comments("Keep comments where they are, whatever a later run finds.", changes.pin),
    "release": _of_comments("Give comments back to the machine.", changes.release),
    "off-topic": _of_comments("Set comments apart that are off the topic.", changes.off_topic),
    "on-topic": _of_comments("Take that back.", changes.on_topic),
    "note": Sendable(
        "Write a note on a theme or on a comment.",
        {
            "text": WORDS,
            "theme": or_null(THEME_ID),
            "comment": or_null(COMMENT_ID),
        },
        _note,
        optional=("theme", "comment"),
    ),
    "unnote": _of_decision("Take away the note that the decision of that number wrote.", changes.unnote),
    "axis": Sendable(
        "Define a second way of coding; null for a new one. A code without a number is new.",
        {
            "axis": or_null(whole(least=1)),
            "name": CALLED,
            "codes": some(
                CODE,
                minItems=1,
                maxItems=MOST_CODES,
            ),
        },
        _axis,
        optional=("axis",),
    ),
    "code": Sendable(
        "Give comments a code of an axis; null takes it away.",
        {"axis": whole(least=1), "code": or_null(whole(least=1)), "comments": COMMENTS},
        _code,
    ),
    "quote": Sendable(
        "Clear or refuse a comment as a quote; open takes that back. Spans are blacked out.",
        {
            "comment": COMMENT_ID,
            "state": {"enum": ["cleared", "refused", "open"]},
            "spans": some(some(whole(), "Start and end.", minItems=2, maxItems=2), maxItems=200),
        },
        _quote,
        optional=("spans",),
    ),
    "confirm": Sendable(
        "Confirm what became of themes, by their ids in the last comparison with the board.",
        {
            "against": OLD,
            "change": {"enum": list(KINDS)},
            "old": some(THEME_ID, "Earlier themes.", maxItems=1_000),
            "new": some(THEME_ID, "Themes of the board.", maxItems=1_000),
        },
        _confirm,
    ),
    "undo": _of_decision("Undo a decision.", changes.undo),
    "redo": _of_decision("Do a decision again that was undone.", changes.redo),
}
"""By kind, in the order of the description."""

COMPONENTS["SeenRevision"] = whole(
    "The revision of the board that the decision was made on. What others decided since about the same thing "
    "is not overridden: the answer is 409.",
    most=MOST_ID,
)
_names = {kind: "Decide" + kind.title().replace("-", "") for kind in SENDABLE}
COMPONENTS.update({_names[kind]: sendable.schema(kind) for kind, sendable in SENDABLE.items()})
COMPONENTS["NewDecision"] = one_of("A decision, of one of these kinds.", "kind", _names)


def change_of(body: Body, place: Place) -> Change:
    """The change that a decision asks for."""
    return SENDABLE[body["kind"]].make(body, place)
