"""From codes as they stood in a file to a codebook within its limits, with a word on all that changed."""

import re
from dataclasses import dataclass, field

from survey.formats.codebook import (
    MAX_ENTRIES,
    MAX_NAME,
    MAX_TEXT,
    TEXT_FIELDS,
    Codebook,
    CodebookError,
    CodebookProblem,
    CodeEntry,
    Report,
    name_key,
)
from survey.formats.qda_guid import read_guid
from survey.formats.qda_text import DIGITS, one_line_end, storable
from survey.formats.rows import count

COLOR = re.compile("#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
FILE = -1  # the place of what is about the file and no code of it


@dataclass(slots=True)
class RawCode:
    """A code as a file has it; `parent` is its place in the list of raw codes, or None at the top."""

    where: str
    name: str
    parent: int | None = None
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Problems:
    """Gathers problems, each with the place of the code it is about."""

    found: list[tuple[int, CodebookProblem]] = field(default_factory=list)

    def changed(self, place: int, where: str, reason: str) -> None:
        """Note that something was taken in another form."""
        self.found.append((place, CodebookProblem(where, reason)))

    def left_out(self, place: int, where: str, reason: str) -> None:
        """Note that something was not taken."""
        self.found.append((place, CodebookProblem(where, reason, "left out")))

    def in_order(self) -> tuple[CodebookProblem, ...]:
        """Return the problems in the order of the file."""
        return tuple(problem for _place, problem in sorted(self.found, key=lambda found: found[0]))


def assemble(title: str, raws: list[RawCode], problems: Problems) -> Report:
    """Make a codebook of raw codes: names cleaned and made distinct, two levels, no more than the limits.

    Raises
    ------
    CodebookError
        Not one code has a name.
    """
    for raw in raws:
        raw.name = " ".join(storable(raw.name).split())
    places = _grouped(raws, _Levels(raws, problems))
    if not places:
        raise CodebookError("The file has no codes. Put the name of each code in it and try again.")
    if extra := places[MAX_ENTRIES:]:
        last = _short(raws[places[MAX_ENTRIES - 1][0]].name)
        rest = f"{count(len(extra), 'code')} after “{last}”"
        reason = f"has more codes than the {MAX_ENTRIES:,} that a codebook holds; left out: {rest}"
        problems.left_out(FILE, "The file", reason)
    maker = _Maker(raws, problems)
    entries = tuple(maker.entry(place, top) for place, top in places[:MAX_ENTRIES])
    return Report(Codebook(storable(" ".join(title.split())), entries), problems.in_order())


class _Levels:
    """Under which code at the top each code stands, found without recursion: nesting may be very deep."""

    def __init__(self, raws: list[RawCode], problems: Problems) -> None:
        self.raws, self.problems = raws, problems
        self.known: dict[int, tuple[int | None, int]] = {}

    def top(self, place: int) -> int | None:
        """Return the place of the named code at the top above this one; None where there is none."""
        top, depth = self._find(place)
        if depth > 2 and top is not None:
            above = _short(self.raws[top].name)
            reason = f"is on level {depth}; codebooks here have two levels, so it is put under “{above}”"
            self.problems.changed(place, self.raws[place].where, reason)
        return None if top == place else top

    def _find(self, place: int) -> tuple[int | None, int]:
        path: dict[int, None] = {}
        at: int | None = place
        while at is not None and at not in self.known and at not in path:
            path[at] = None
            at = self.raws[at].parent
        if at in path:
            self._cut(list(path)[-1])
            at = None
        found = (None, 0) if at is None else self.known[at]
        for step in reversed(path):
            found = self.known[step] = self._below(step, found)
        return self.known[place]

    def _cut(self, place: int) -> None:
        raw = self.raws[place]
        raw.parent = None
        self.problems.changed(place, raw.where, "stands under itself; it is put at the top")

    def _below(self, place: int, above: tuple[int | None, int]) -> tuple[int | None, int]:
        if not self.raws[place].name:
            return above
        top, depth = above
        return (place if top is None else top), depth + 1


def _grouped(raws: list[RawCode], levels: _Levels) -> list[tuple[int, int | None]]:
    """Return the places of the codes with that of their parent: each code at the top, then those under it."""
    under: dict[int, list[int]] = {}
    for place, raw in enumerate(raws):
        if not raw.name:
            levels.problems.left_out(place, raw.where, "has no name")
            continue
        top = levels.top(place)
        if top is None:
            under.setdefault(place, [])
        else:
            under.setdefault(top, []).append(place)
    return [
        pair for top, below in sorted(under.items()) for pair in [(top, None), *((at, top) for at in below)]
    ]


class _Maker:
    """Makes the entries one by one, in their order, so that the first of two with the same name keeps it."""

    def __init__(self, raws: list[RawCode], problems: Problems) -> None:
        self.raws, self.problems = raws, problems
        self.names: dict[int, str] = {}
        self.used: set[str] = set()
        self.again: dict[str, int] = {}
        self.guids: set[str] = set()
        self.numbers: set[int] = set()

    def entry(self, place: int, top: int | None) -> CodeEntry:
        """Make one entry; its parent was made before it."""
        parent = None if top is None else self.names[top]
        self.names[place] = name = self._name(place, parent)
        texts = {field: self._text(place, field) for field in TEXT_FIELDS}
        return CodeEntry(
            name=name,
            parent=parent,
            guid=self._guid(place),
            number=self._number(place),
            color=self._color(place),
            **texts,
        )

    def _given(self, place: int, field: str) -> str:
        return self.raws[place].texts.get(field, "").strip()

    def _changed(self, place: int, reason: str) -> None:
        self.problems.changed(place, self.raws[place].where, reason)

    def _name(self, place: int, parent: str | None) -> str:
        whole = self.raws[place].name
        name = whole[:MAX_NAME].rstrip()
        if name != whole:
            self._changed(place, f"has a name of {len(whole):,} characters; it is cut to {MAX_NAME}")
        if name_key(name) in self.used:
            distinct = self._distinct(name, parent)
            self._changed(place, f"has the name “{_short(name)}” a second time; it is listed as “{distinct}”")
            name = distinct
        self.used.add(name_key(name))
        return name

    def _distinct(self, name: str, parent: str | None) -> str:
        if parent is not None and name_key(found := _with_ending(name, f" ({parent})")) not in self.used:
            return found
        while True:
            number = self.again[name_key(name)] = self.again.get(name_key(name), 1) + 1
            if name_key(found := _with_ending(name, f" ({number})")) not in self.used:
                return found

    def _text(self, place: int, field: str) -> str:
        given = self._given(place, field)
        text = storable(one_line_end(given))
        if text != one_line_end(given):
            self._changed(place, f"has characters in its {field} that cannot be kept; each is shown as �")
        if len(text) <= MAX_TEXT:
            return text
        reason = f"has {len(text):,} characters in its {field}; it is cut to {MAX_TEXT:,}"
        self._changed(place, reason)
        return text[:MAX_TEXT].rstrip()

    def _guid(self, place: int) -> str | None:
        given = self._given(place, "guid")
        found = read_guid(given)
        if given and found is None:
            self._changed(place, f"has the GUID “{_short(given)}”, which is none; it is taken without one")
        elif found in self.guids:
            self._changed(place, "has the same GUID as another code; it is taken without one")
            found = None
        if found is not None:
            self.guids.add(found)
        return found

    def _number(self, place: int) -> int | None:
        given = self._given(place, "number")
        found = int(given) if DIGITS.fullmatch(given) else None
        if given and found is None:
            self._changed(place, f"has “{_short(given)}” for a number; it is taken without one")
        elif found in self.numbers:
            self._changed(place, f"has the number {found} a second time; it is taken without one")
            found = None
        if found is not None:
            self.numbers.add(found)
        return found

    def _color(self, place: int) -> str | None:
        given = self._given(place, "color")
        color = given if given.startswith("#") else f"#{given}"
        if not given:
            return None
        if COLOR.fullmatch(color):
            return color
        self._changed(
            place, f"has the color “{_short(given)}”, not one like #1A2B3C; it is taken without one"
        )
        return None


def _with_ending(name: str, ending: str) -> str:
    """Return the name with an ending that is kept whole where it is short, within the limit for names."""
    ending = ending if len(ending) <= MAX_NAME // 2 else f"{ending[: MAX_NAME // 2 - 2]}…)"
    return name[: MAX_NAME - len(ending)].rstrip() + ending


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def code_called(name: str) -> str:
    """Return how a code is named in a report."""
    return f"The code “{_short(' '.join(name.split()))}”"
