"""Reading what people decided from a file, with the number of the line that cannot be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.decisions import Contradiction, Decisions
from analysis.lines import BadLine, Lines, in_file, name_of, shown
from analysis.types import Comment


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a file says people decided."""

    decisions: Decisions
    """All of it, about comments that are there and others."""
    notes: tuple[str, ...] = ()
    """What a person should know about how it was read."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One decision."""

    line: int
    comment: str | None = None
    themes: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    apart: tuple[str, str] | None = None


def read_corrections(path: Path) -> Corrections:
    """Read decisions from JSON lines, or from CSV with the columns id and theme.

    A line `{"id": 17, "theme": "Parks"}` puts a comment into a theme; several lines for one comment give it
    several themes, the main one first; null for a theme puts it into none. `{"themes": ["Parks", "Water"]}`
    names themes without an example, `{"together": [17, 18]}` says that comments share a theme, and
    `{"apart": [17, 19]}` that two do not. In CSV a row without a theme decides nothing: it was not looked at.

    Parameters
    ----------
    path : Path
        The file, in UTF-8, or in UTF-16 with a byte order mark.

    Returns
    -------
    Corrections

    Raises
    ------
    BadInput
        When a line is no decision, or contradicts those before it; the message gives its number.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "decided.jsonl")
    ...     _ = path.write_text('{"id": 17, "theme": "Parks"}' + chr(10) + '{"id": 18, "theme": null}')
    ...     dict(read_corrections(path).decisions.placed)
    {'17': ('Parks',), '18': ()}
    """
    lines = Lines(path)
    with in_file(path):
        if not lines.tabular:
            return Corrections(_joined([_said(*record) for record in lines.records("id")]), lines.notes)
        said, undecided = _table(lines)
        decisions = _joined(said)
    if not undecided:
        return Corrections(decisions, lines.notes)
    rows = "1 row" if undecided == 1 else f"{undecided:,} rows"
    note = f"{rows} of {path.name} without a theme decide nothing."
    return Corrections(decisions, (*lines.notes, note))


def about(
    corrections: Corrections, comments: Iterable[Comment], path: Path
) -> tuple[Decisions, tuple[str, ...]]:
    """Leave out decisions on comments that are not there; the themes they name are kept.

    Parameters
    ----------
    corrections : Corrections
        As read.
    comments : iterable of Comment
        All that are there.
    path : Path
        Where the corrections were read from, for the note.

    Returns
    -------
    tuple
        The decisions, and notes that end with how many comments are not there and which the first ones are.
    """
    decided = corrections.decisions
    named = dict.fromkeys([*decided.placed, *(name for group in decided.together for name in sorted(group))])
    named.update(dict.fromkeys(name for pair in decided.apart for name in pair))
    missing = set(named).difference(comment.id for comment in comments)
    if not missing:
        return decided, corrections.notes
    first = shown(name for name in named if name in missing)
    note = f"{len(missing):,} of the {len(named):,} ids in {path.name} are not among the comments: {first}."
    kept = Decisions.of(
        {comment: themes for comment, themes in decided.placed.items() if comment not in missing},
        themes=decided.names,
        together=[group - missing for group in decided.together],
        apart=[pair for pair in decided.apart if not missing.intersection(pair)],
    )
    return kept, (*corrections.notes, note)


def _said(line: int, record: Mapping[str, Any]) -> _Said:
    """Take one line of JSON at its word, or refuse it."""
    if "id" in record:
        return _Said(line, comment=_id(record["id"], line), themes=_themes_of(record, line))
    if "themes" in record:
        return _Said(line, themes=_names(record["themes"], line))
    if "together" in record:
        return _Said(line, together=_ids(record["together"], line))
    if "apart" in record:
        pair = _ids(record["apart"], line)
        if len(pair) > 2:
            raise BadLine(f'Line {line}: "apart" takes two ids.')
        return _Said(line, apart=(pair[0], pair[1]))
    raise BadLine(
        f'Line {line} decides nothing: it needs "id" and "theme", or "themes", "together" or "apart".'
    )


def _themes_of(record: Mapping[str, Any], line: int) -> tuple[str, ...]:
    """Return the themes of a comment: one, several or none."""
    if "theme" in record:
        return () if record["theme"] is None else _names([record["theme"]], line)
    if "themes" in record:
        return _names(record["themes"], line)
    raise BadLine(f'Line {line} has an "id" but no "theme": write null for a comment that belongs to none.')


def _names(names: object, line: int) -> tuple[str, ...]:
    if not isinstance(names, list):
        raise BadLine(f'Line {line}: "themes" takes a list of names.')
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise BadLine(f"Line {line}: a theme needs a name, in quotes and not empty.")
    return tuple(names)


def _ids(identities: object, line: int) -> tuple[str, ...]:
    if not isinstance(identities, list) or len(identities) < 2:
        raise BadLine(f'Line {line}: "together" and "apart" take a list of two ids or more.')
    return tuple(_id(identity, line) for identity in identities)


def _id(identity: object, line: int) -> str:
    name = name_of(identity)
    if name is None:
        raise BadLine(f"Line {line}: an id must be words or a number.")
    return name


def _table(lines: Lines) -> tuple[list[_Said], int]:
    """Return the decisions of a table, and how many of its rows decide nothing."""
    said: list[_Said] = []
    undecided = 0
    for line, record in lines.records("id", "theme"):
        if not {"id", "theme"} <= set(record):
            raise BadLine(f"Line {line} has no id or no theme: name two columns so.")
        name = record["theme"].strip()
        if name:
            said.append(_Said(line, comment=_id(record["id"].strip(), line), themes=(name,)))
        else:
            undecided += 1
    return said, undecided


def _joined(said: Sequence[_Said]) -> Decisions:
    try:
        return _decisions(said)
    except Contradiction:
        line, error = _first_contradiction(said)
        raise BadLine(f"Line {line}: {error}") from None


def _decisions(said: Iterable[_Said]) -> Decisions:
    placed: dict[str, dict[str, None]] = {}
    names: dict[str, None] = {}
    for one in said:
        names.update(dict.fromkeys(one.themes))
        if one.comment is not None:
            _add(placed, one.comment, dict.fromkeys(one.themes))
    return Decisions.of(
        placed,
        themes=names,
        together=[one.together for one in said if one.together],
        apart=[one.apart for one in said if one.apart],
    )


def _add(placed: dict[str, dict[str, None]], comment: str, themes: dict[str, None]) -> None:
    """Add themes of a comment, which has some or none, but not both."""
    before = placed.setdefault(comment, themes)
    if bool(before) != bool(themes):
        raise Contradiction(f"{shown([comment])} was put into a theme and into none.")
    before.update(themes)


def _first_contradiction(said: Sequence[_Said]) -> tuple[int, Contradiction]:
    """Find the first line that cannot be kept with those before it, by halving: more lines never mend one."""
    fine, broken = 0, len(said)
    found = Contradiction()
    while broken - fine > 1 or not found.args:
        middle = broken if not found.args else (fine + broken) // 2
        try:
            _decisions(said[:middle])
            fine = middle
        except Contradiction as error:
            broken, found = middle, error
    return said[broken - 1].line, found
