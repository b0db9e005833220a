"""Changes that a person may want, one function each; `survey.board.kinds` says what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from survey.board.kinds.base import one_line, several_lines
from survey.board.types import ENTRY, Change

Spans = Sequence[tuple[int, int]]


def accept(theme: int) -> Change:
    """Stand behind a theme."""
    return Change("accept", {"theme": theme})


def reject(theme: int) -> Change:
    """Leave a theme out."""
    return Change("reject", {"theme": theme})


def park(theme: int) -> Change:
    """Put a theme aside, to be decided later."""
    return Change("park", {"theme": theme})


def reopen(theme: int) -> Change:
    """Make a theme a suggestion again."""
    return Change("reopen", {"theme": theme})


def rename(theme: int, name: str) -> Change:
    """Give a theme a name; control characters and runs of blanks become one blank."""
    return Change("rename", {"theme": theme, "name": one_line(name)})


def describe(theme: int, entry: Mapping[str, str], name: str | None = None) -> Change:
    """Say what a theme means: any of definition, include, exclude, example; and perhaps another name."""
    details = {part: several_lines(entry[part]) for part in ENTRY if part in entry}
    return Change("describe", {"theme": theme} | details | ({} if name is None else {"name": one_line(name)}))


def order(theme: int, numbers: Iterable[int]) -> Change:
    """The order of all themes once `theme` has moved."""
    return Change("order", {"theme": theme, "order": list(numbers)})


def nest(theme: int, under: int | None) -> Change:
    """Hang a theme under another one; None lets it stand alone."""
    return Change("nest", {"theme": theme, "under": under})


def office(theme: int, office: int | None, called: str = "") -> Change:
    """Say which office answers for a theme; `called` is its name, for the history."""
    return Change("office", {"theme": theme, "office": office, "called": one_line(called)})


def merge(into: int, parts: Iterable[int]) -> Change:
    """Put all comments of `parts` into one theme, which keeps its name."""
    return Change("merge", {"into": into, "from": sorted(set(parts) - {into})})


def split(theme: int, parts: Sequence[tuple[str, Iterable[str]]]) -> Change:
    """Divide a theme into parts, each a name and its comments; the first keeps the number of the theme.

    The others have no number until the decision is made.
    """
    numbers = [theme, *range(-1, -len(parts), -1)][: len(parts)]
    named = [{"theme": n, "name": one_line(name)} for n, (name, _) in zip(numbers, parts, strict=True)]
    held: dict[str, tuple[int, ...]] = {}
    for number, (_name, comments) in zip(numbers, parts, strict=True):
        for comment in comments:
            held[comment] = (*held.get(comment, ()), number)
    return Change("split", {"theme": theme, "parts": named}, tuple(held.items()))


def create(name: str, comments: Iterable[str] = (), source: int | None = None) -> Change:
    """Make a theme of comments, which leave the theme `source`; it has no number until then."""
    return Change("create", {"theme": -1, "name": one_line(name), "from": source}, _ids(comments))


def place_exactly(comment: str, themes: Iterable[int]) -> Change:
    """Say all themes of one comment."""
    return assign({comment: themes})


def move(comments: str | Iterable[str], source: int | None, target: int | None) -> Change:
    """Take comments out of one theme and put them into another; None for no theme."""
    return Change("move", {"from": source, "to": target}, _ids(comments))


def assign(placed: Mapping[str, Iterable[int]]) -> Change:
    """Say all themes of comments, whatever they were in."""
    return Change("assign", {}, tuple((comment, tuple(themes)) for comment, themes in placed.items()))


def pin(comments: str | Iterable[str]) -> Change:
    """Keep comments where they are."""
    return Change("pin", {}, _ids(comments))


def release(comments: str | Iterable[str]) -> Change:
    """Give comments back to the machine."""
    return Change("release", {}, _ids(comments))


def off_topic(comments: str | Iterable[str]) -> Change:
    """Set comments apart that have nothing to do with the study."""
    return Change("off-topic", {}, _ids(comments))


def on_topic(comments: str | Iterable[str]) -> Change:
    """Take that back."""
    return Change("on-topic", {}, _ids(comments))


def note(text: str, *, theme: int | None = None, comment: str | None = None) -> Change:
    """Write a note on a theme or on a comment."""
    return Change("note", {"theme": theme, "text": several_lines(text)}, _ids([comment] if comment else []))


def unnote(edit: int) -> Change:
    """Take away the note that the decision of that number wrote."""
    return Change("unnote", {"edit": edit})


def axis(number: int, name: str, codes: Iterable[tuple[int, str]]) -> Change:
    """Define a second way of coding: its name and its codes by number."""
    listed = [{"code": code, "name": one_line(words)} for code, words in codes]
    return Change("axis", {"axis": number, "name": one_line(name), "codes": listed})


def code(axis: int, code: int | None, comments: str | Iterable[str], called: str = "") -> Change:
    """Give comments a code of an axis; None takes it away. `called` is its name, for the history."""
    return Change("code", {"axis": axis, "code": code, "called": one_line(called)}, _ids(comments))


def quote(comments: str | Iterable[str], state: str, spans: Spans = ()) -> Change:
    """Clear or refuse comments as quotes ("open" takes it back); `spans` are blacked out."""
    listed = [list(span) for span in sorted(set(spans))]
    return Change("quote", {"state": state, "spans": listed}, _ids(comments))


def confirm(against: str, change: str, old: Iterable[str], new: Iterable[int]) -> Change:
    """Confirm what became of themes: `old` are names of earlier themes, `new` numbers of ours."""
    names = [one_line(name) for name in old]
    return Change("confirm", {"against": one_line(against), "change": change, "old": names, "new": list(new)})


def apply(run: int, themes: Mapping[int, int], names: Mapping[int, str]) -> Change:
    """Let the board stand on a run: the theme of each candidate, and the names of new themes."""
    told = {str(number): name for number, name in names.items()}
    return Change("apply", {"run": run, "themes": {str(c): t for c, t in themes.items()}, "names": told})


def undo(edit: int) -> Change:
    """Undo the decision of that number."""
    return Change("undo", {"edit": edit})


def redo(edit: int) -> Change:
    """Do the decision of that number again, after it was undone."""
    return Change("redo", {"edit": edit})


def _ids(comments: str | Iterable[str]) -> tuple[tuple[str, None], ...]:
    listed = [comments] if isinstance(comments, str) else comments
    return tuple((comment, None) for comment in dict.fromkeys(listed))
