"""The board as a child would keep it: a box of comments for each theme, filled anew from all decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.breadth import breadth
from survey.board import Board, BoardTheme, Change, Decision

STATES = {"accept": "accepted", "reject": "rejected", "park": "parked", "reopen": "new"}


@dataclass(frozen=True)
class ModelRun:
    """What a run found: a box of comments for each candidate; `late` ones it never saw."""

    number: int
    boxes: Mapping[int, frozenset[str]]
    late: frozenset[str]


@dataclass
class Model:
    """What stands, said as plainly as it can be."""

    runs: Mapping[int, ModelRun]
    audiences: Mapping[str, str]
    run: int = 0
    boxes: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    under: dict[int, int | None] = field(default_factory=dict)
    became: dict[int, int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    said: dict[str, frozenset[int]] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    entries: dict[int, dict[str, str]] = field(default_factory=dict)
    offices: dict[int, int | None] = field(default_factory=dict)
    notes: list[tuple[int, int | str, str]] = field(default_factory=list)
    axes: dict[int, dict[int, str]] = field(default_factory=dict)
    codes: dict[tuple[int, str], int] = field(default_factory=dict)
    quotes: dict[str, tuple[str, Any]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    confirmed: list[tuple[str, tuple[str, ...], tuple[int, ...]]] = field(default_factory=list)

    @classmethod
    def of(cls, runs: Mapping[int, ModelRun], audiences: Mapping[str, str], log: Iterable[Decision]) -> Model:
        model = cls(runs, audiences)
        for decision in standing(log):
            model.do(decision)
        return model

    def do(self, decision: Decision) -> None:
        """Make one decision."""
        details = decision.details
        if decision.kind in STATES:
            self.states[self.keep(details["theme"])] = STATES[decision.kind]
        elif hasattr(self, name := "do_" + decision.kind.replace("-", "_")):
            getattr(self, name)(decision, details)
        for comment, themes in decision.comments:
            if decision.kind in ("move", "assign", "pin", "create", "split"):
                self.said[comment] = frozenset(themes or ())
                self.off.discard(comment)

    def do_apply(self, _: Change, details: Mapping[str, Any]) -> None:
        self.run, self.boxes = details["run"], {int(c): theme for c, theme in details["themes"].items()}
        for number, name in details["names"].items():
            self.begin(int(number), name, None)

    def begin(self, number: int, name: str, under: int | None) -> None:
        self.names.setdefault(number, name)
        self.states.setdefault(number, "new")
        self.under.setdefault(number, under)

    def keep(self, number: int) -> int:
        """Somebody decided about a theme: it stays."""
        self.kept.add(self.now(number))
        return self.now(number)

    def now(self, number: int) -> int:
        return self.now(self.became[number]) if number in self.became else number

    def do_rename(self, _: Change, details: Mapping[str, Any]) -> None:
        self.names[self.keep(details["theme"])] = details["name"]

    def do_describe(self, _: Change, details: Mapping[str, Any]) -> None:
        theme = self.keep(details["theme"])
        self.names[theme] = details.get("name", self.names[theme])
        self.entries.setdefault(theme, {}).update(
            {part: text for part, text in details.items() if part not in ("theme", "name")}
        )

    def do_order(self, _: Change, details: Mapping[str, Any]) -> None:
        self.keep(details["theme"])
        self.order = details["order"]

    def do_nest(self, _: Change, details: Mapping[str, Any]) -> None:
        if details["under"] is not None:
            self.keep(details["under"])
        self.under[self.keep(details["theme"])] = details["under"]

    def do_office(self, _: Change, details: Mapping[str, Any]) -> None:
        self.offices[self.keep(details["theme"])] = details["office"]

    def do_merge(self, _: Change, details: Mapping[str, Any]) -> None:
        into = self.keep(details["into"])
        for part in map(self.now, details["from"]):
            if part != into:
                self.became[part] = into
                moved = [(edit, into, text) for edit, about, text in self.notes if about == part]
                self.notes += moved
        if self.under[into] is not None and self.now(self.under[into] or 0) == into:
            self.under[into] = None

    def do_split(self, _: Change, details: Mapping[str, Any]) -> None:
        theme, (first, *others) = self.keep(details["theme"]), details["parts"]
        self.names[theme] = first["name"]
        for part in others:
            self.begin(part["theme"], part["name"], self.under[theme])
            self.keep(part["theme"])

    def do_create(self, _: Change, details: Mapping[str, Any]) -> None:
        self.begin(details["theme"], details["name"], None)
        self.keep(details["theme"])

    def do_move(self, _: Change, details: Mapping[str, Any]) -> None:
        if details["to"] is not None:
            self.keep(details["to"])

    def do_assign(self, decision: Change, _: Mapping[str, Any]) -> None:
        for _comment, themes in decision.comments:
            for theme in themes or ():
                self.keep(theme)

    do_pin = do_assign

    def do_release(self, decision: Change, _: Mapping[str, Any]) -> None:
        for comment, _themes in decision.comments:
            self.said.pop(comment, None)

    def do_off_topic(self, decision: Change, _: Mapping[str, Any]) -> None:
        self.off |= {comment for comment, _themes in decision.comments}

    def do_on_topic(self, decision: Change, _: Mapping[str, Any]) -> None:
        self.off -= {comment for comment, _themes in decision.comments}

    def do_note(self, decision: Decision, details: Mapping[str, Any]) -> None:
        about = self.keep(details["theme"]) if details["theme"] is not None else decision.comments[0][0]
        self.notes.append((decision.number, about, details["text"]))

    def do_unnote(self, _: Change, details: Mapping[str, Any]) -> None:
        self.notes = [note for note in self.notes if note[0] != details["edit"]]

    def do_axis(self, _: Change, details: Mapping[str, Any]) -> None:
        axis = self.axes[details["axis"]] = {code["code"]: code["name"] for code in details["codes"]}
        self.codes = {k: code for k, code in self.codes.items() if k[0] != details["axis"] or code in axis}

    def do_code(self, decision: Change, details: Mapping[str, Any]) -> None:
        for comment, _themes in decision.comments:
            self.codes.pop((details["axis"], comment), None)
            if details["code"] is not None:
                self.codes[details["axis"], comment] = details["code"]

    def do_quote(self, decision: Change, details: Mapping[str, Any]) -> None:
        for comment, _themes in decision.comments:
            self.quotes[comment] = (details["state"], details["spans"])

    def do_confirm(self, _: Change, details: Mapping[str, Any]) -> None:
        old, new = set(details["old"]), set(details["new"])
        self.confirmed = [c for c in self.confirmed if not (set(c[1]) & old or set(c[2]) & new)]
        if details["change"] != "open":
            self.confirmed.append((details["change"], tuple(details["old"]), tuple(details["new"])))

    # What can be seen.

    def there(self) -> set[int]:
        """The themes on the board."""
        found = {self.now(theme) for theme in self.boxes.values()}
        return (found | self.kept) - self.became.keys()

    def themes_of(self, comment: str) -> frozenset[int]:
        if comment in self.off:
            return frozenset()
        if comment in self.said:
            return frozenset(map(self.now, self.said[comment])) & self.there()
        run = self.runs[self.run]
        return frozenset(self.now(self.boxes[c]) for c, box in run.boxes.items() if comment in box)

    def live(self) -> set[int]:
        return {theme for theme in self.there() if self.states[theme] in ("accepted", "new")}

    def parent(self, theme: int) -> int | None:
        """The top theme over it, over live ones only."""
        found, seen = None, {theme}
        while theme in self.live() and self.under[theme] is not None:
            above = self.now(self.under[theme] or 0)
            if above in seen or above not in self.live():
                break
            found = theme = above
            seen.add(theme)
        return found

    def members(self, theme: int) -> set[int]:
        return {theme} | {other for other in self.there() if self.parent(other) == theme}

    def box(self, theme: int) -> set[str]:
        """The comments of a theme and its sub-themes, each once."""
        members = self.members(theme)
        return {comment for comment in self.audiences if self.themes_of(comment) & members}

    def counted(self, box: Iterable[str]) -> Counter[str]:
        return Counter(self.audiences[comment] for comment in box)

    def unplaced(self) -> set[str]:
        return {c for c in self.audiences if c not in self.off and not self.themes_of(c) & self.live()}

    def totals(self) -> Counter[str]:
        """Comments that were placed or could have been."""
        late = self.runs[self.run].late
        return self.counted(
            c for c in self.audiences if c not in self.off and (c not in late or self.themes_of(c))
        )


def standing(log: Iterable[Decision]) -> list[Decision]:
    """The decisions that were not undone, or were done again."""
    log = list(log)
    last = {d.details["edit"]: d.kind for d in log if d.kind in ("undo", "redo")}
    return [d for d in log if d.kind not in ("undo", "redo") and last.get(d.number) != "undo"]


def intended(model: Model, change: Change) -> Iterator[tuple[str, frozenset[int]]]:
    """Where the comments of a change belong after it, in the words of its kind."""
    details = change.details
    for comment, given in change.comments:
        here = model.themes_of(comment)
        if change.kind == "move":
            left = model.members(details["from"]) if details["from"] is not None else set()
            yield comment, (here - left) | ({details["to"]} - {None})
        elif change.kind == "create":
            left = model.members(details["from"]) if details["from"] is not None else set()
            yield comment, (here - left) | {details["theme"]}
        elif change.kind == "split":
            yield comment, (here - {details["theme"]}) | frozenset(given or ())
        elif change.kind == "assign":
            yield comment, frozenset(given or ())
        elif change.kind == "pin":
            yield comment, here


def differences(board: Board, model: Model, candidates: Mapping[int, int]) -> Iterator[str]:
    """What a board says otherwise than the model; `candidates` are ids of those of its run by number."""
    if {theme.id for theme in board.themes} != model.there():
        yield f"the themes {[theme.id for theme in board.themes]} should be {model.there()}"
        return
    for theme in board.themes:
        yield from _of_theme(theme, board, model)
    names = Counter(theme.name.casefold() for theme in board.open)
    yield from (f"{count} open themes are called {name}" for name, count in names.items() if count > 1)
    yield from _of_comments(board, model, candidates)
    yield from _told(_words(board, model))


def _told(pairs: Mapping[str, tuple[object, object]]) -> Iterator[str]:
    for what, (found, wanted) in pairs.items():
        if found != wanted:
            yield f"{what}: {found} should be {wanted}"


def _of_theme(theme: BoardTheme, board: Board, model: Model) -> Iterator[str]:
    box, totals = model.box(theme.id), model.totals()
    counts, audiences = model.counted(box), sorted(key for key in board.totals if key)
    numbers = tuple(counts[key] for key in audiences), tuple(totals[key] for key in audiences)
    pairs: dict[str, tuple[object, object]] = {
        "size": (theme.size, len(box)),
        "by_audience": (dict(theme.by_audience), dict(counts)),
        "breadth": (theme.breadth, breadth(*numbers)),
        "name": (theme.name, model.names[theme.id]),
        "state": (theme.state, model.states[theme.id]),
        "parent": (theme.parent, model.parent(theme.id)),
        "members": ({*theme.members}, model.members(theme.id)),
        "children": (theme.children, theme.members[1:]),
        "quotes of others": (set(theme.quotes) - box, set()),
        "entry": (dict(theme.entry), model.entries.get(theme.id, {})),
        "office": (theme.office, model.offices.get(theme.id)),
    }
    yield from _told({f"{what} of theme {theme.id}": pair for what, pair in pairs.items()})


def _of_comments(board: Board, model: Model, candidates: Mapping[int, int]) -> Iterator[str]:
    """Each comment is in themes, in none, or off the topic, and all add up."""
    live, none = {theme.id for theme in board.live}, set()
    for comment in model.audiences:
        boxes = model.runs[model.run].boxes.items()
        themes = board.numbers_of(comment, [candidates[n] for n, box in boxes if comment in box])
        if themes != model.themes_of(comment):
            yield f"{comment} is in {set(themes)} and should be in {set(model.themes_of(comment))}"
        if comment not in board.off_topic and not themes & live:
            none.add(comment)
    placed = set[str]().union(*(model.box(theme) for theme in live))
    yield from _told(
        {
            "in no theme": (none, model.unplaced()),
            "unplaced": (board.unplaced, len(none)),
            "off the topic": (set(board.off_topic), model.off),
            "comments": (board.comments, len(model.audiences)),
            "sum": (len(placed) + board.unplaced + len(board.off_topic), board.comments),
            "totals": (+Counter(board.totals), model.totals()),
        }
    )


def _words(board: Board, model: Model) -> dict[str, tuple[object, object]]:
    notes: list[tuple[int, int | str, str]]
    notes = [(note.edit, theme.id, note.text) for theme in board.themes for note in theme.notes]
    notes += [(n.edit, comment, n.text) for comment, held in board.comment_notes.items() for n in held]
    there = model.there() | model.audiences.keys()
    wanted = [note for note in model.notes if note[1] in there]
    marks = {c: (state.mark, [[*span] for span in state.spans]) for c, state in board.quote_states.items()}
    return {
        "codes": ({(a, c): code for a, held in board.codes.items() for c, code in held.items()}, model.codes),
        "axes": ({axis.id: dict(axis.codes) for axis in board.axes}, model.axes),
        "quotes": (marks, {comment: (mark, spans) for comment, (mark, spans) in model.quotes.items()}),
        "notes": (sorted(notes, key=str), sorted(wanted, key=str)),
        "confirmed": ([(c.change, c.old, c.new) for c in board.confirmed], model.confirmed),
    }
