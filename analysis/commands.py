"""What the commands of `python -m analysis` do, once their arguments are understood.

The engine and the libraries below it are imported by the commands that need them, so that bad files are told
of quickly.
"""

from __future__ import annotations

import gc
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from analysis.console import Bar, exit_code, put
from analysis.corrections import about, read_corrections
from analysis.documents import as_json, read_document, read_earlier
from analysis.files import Rows, read_rows
from analysis.lines import BadInput
from analysis.output import check_output, write_whole
from analysis.types import Options, Result

Notes = list[str]


def run(given: Namespace) -> int:
    """Run a command.

    Parameters
    ----------
    given : Namespace
        The arguments, with the command's name as `command`.

    Returns
    -------
    int
        Exit code, see `analysis.console.exit_code`.
    """

    def work() -> Notes:
        notes: Notes = []
        _COMMANDS[given.command](given, notes)
        return notes

    return exit_code(work)


def _discover(given: Namespace, notes: Notes) -> None:
    _check_output(given, given.input)
    with _work(given, notes) as (rows, options, bar):
        from analysis.pipeline import discover

        _write_result(given, rows, discover(rows.comments, options, progress=bar), bar)


def _place(given: Namespace, notes: Notes) -> None:
    _check_output(given, given.input)
    with _work(given, notes) as (rows, options, bar):
        from analysis.pipeline import place

        _write_result(given, rows, place(rows.comments, options, progress=bar), bar)


def _write_result(given: Namespace, rows: Rows, result: Result, bar: Bar) -> None:
    bar(1.0, "Writing")
    _write(given.out, as_json(rows, result))


def _suggest(given: Namespace, notes: Notes) -> None:
    with _work(given, notes) as (rows, options, bar):
        from analysis.suggest import suggest_next

        found = suggest_next(rows.comments, options, given.count, progress=bar)
    positions, identities = rows.positions(found), rows.as_given(found)
    put(_line({"id": identities[name], "text": rows.comments[positions[name]].text}) for name in found)


def _split(given: Namespace, notes: Notes) -> None:
    _check_output(given, given.input, given.result)
    members = _members(given.result, given.theme)
    with _work(given, notes) as (rows, options, bar):
        from analysis.split import split

        here = rows.positions(members)
        if not here:
            raise BadInput(f"{given.input.name} holds no comment of theme {given.theme}.")
        if len(here) < len(members):
            left = len(members) - len(here)
            notes.append(
                f"{left:,} of the {len(members):,} comments of the theme are not in {given.input.name}."
            )
        bar(0.5, "Looking for parts")
        parts = split(rows.comments, [name for name in members if name in here], options, given.parts)
    identities = rows.as_given(name for part in parts for name in (*part.quotes, *part.comments))
    document = {"theme": given.theme, "parts": [_part(part, identities) for part in parts]}
    _write(given.out, [_indented(document)])


def _members(path: Path, theme: int) -> list[str]:
    """Return the ids of a theme's comments."""
    with _no_collection():
        earlier = read_earlier(path)
    if theme not in earlier.labels:
        there = ", ".join(map(str, sorted(earlier.labels))) or "none"
        raise BadInput(f"{path.name} has no theme {theme}: its themes are {there}.")
    return [name for name, themes in earlier.placements.items() if theme in themes]


def _part(part: Any, identities: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": part.label,
        "keywords": list(part.keywords),
        "quotes": [identities[name] for name in part.quotes],
        "comments": [identities[name] for name in part.comments],
    }


def _compare(given: Namespace, notes: Notes) -> None:
    _check_output(given, given.old, given.new)
    from analysis.compare import Side, compare, from_document

    def side(path: Path) -> Side:
        with _no_collection():
            document = read_document(path)
        try:
            return from_document(document, language=given.language or "en")
        except ValueError as error:
            raise BadInput(f"{path}: {error}") from None

    found = compare(side(given.old), side(given.new))
    _write(given.out, [_indented(found.to_document())])
    if given.out:
        put(f"{change.sentence}\n" for change in found.changes)


def _personal(given: Namespace, notes: Notes) -> None:
    from analysis.redact import find_personal

    rows = _read(given, notes)
    put(
        _line({"id": identity, "text": comment.text[found.start : found.end]} | asdict(found))
        for identity, comment in zip(rows.given(), rows.comments, strict=True)
        for found in find_personal(comment.text, comment.language)
    )


def _duplicates(given: Namespace, notes: Notes) -> None:
    from analysis.campaigns import campaigns
    from analysis.duplicates import duplicates

    rows = _read(given, notes)
    texts = [comment.text for comment in rows.comments]
    identities = list(rows.given())
    for group in duplicates(texts):
        ids = [identities[place] for place in group.positions]
        kind, first = "exact" if group.exact else "near", texts[group.positions[0]]
        put([_line({"kind": kind, "size": len(ids), "ids": ids, "text": first})])
    for found in campaigns(texts, [comment.audience for comment in rows.comments]):
        document = asdict(found) | {"kind": "campaign", "size": found.size}
        document["ids"] = [identities[place] for place in document.pop("positions")]
        document["representative"] = identities[found.representative]
        put([_line(document | {"text": texts[found.representative]})])


_COMMANDS: Mapping[str, Callable[[Namespace, Notes], None]] = {
    "discover": _discover,
    "place": _place,
    "suggest": _suggest,
    "split": _split,
    "compare": _compare,
    "personal": _personal,
    "duplicates": _duplicates,
}


@contextmanager
def _work(given: Namespace, notes: Notes) -> Iterator[tuple[Rows, Options, Bar]]:
    """Read everything, the largest file last, and show progress until the end."""
    with Bar(sys.stderr) as bar:
        options = _options(given)
        corrections = read_corrections(given.corrections) if _named(given, "corrections") else None
        rows = _read(given, notes, bar)
        if corrections:
            decisions, more = about(corrections, rows.comments, given.corrections)
            options = replace(options, decisions=decisions)
            notes.extend(more)
        yield rows, options, bar


def _options(given: Namespace) -> Options:
    """Make options of the arguments, all but the decisions."""
    if given.vectors not in ("table", "none") and not Path(given.vectors).is_dir():
        raise BadInput(
            f'--vectors takes "table", "none" or a folder, and there is no folder {given.vectors}.'
        )
    names = ("themes", "granularity", "seed", "vectors", "duplicates")
    options = Options(**{name: getattr(given, name) for name in names if hasattr(given, name)})
    if not _named(given, "earlier"):
        return options
    with _no_collection():
        return replace(options, earlier=read_earlier(given.earlier))


def _named(given: Namespace, name: str) -> Path | None:
    """Return a file that an argument names; None when it was not given or the command does not take it."""
    path: Path | None = getattr(given, name, None)
    return path


def _check_output(given: Namespace, *inputs: Path) -> None:
    """Refuse a place for the output before any long work."""
    more = (_named(given, name) for name in ("corrections", "earlier"))
    if given.out:
        check_output(given.out, [*inputs, *filter(None, more)])


def _read(given: Namespace, notes: Notes, bar: Bar | None = None) -> Rows:
    if bar:
        bar(0.0, "Reading the file")
    with _no_collection():
        rows = read_rows(
            given.input,
            text=given.text,
            audience=given.audience,
            identity=given.id,
            language=given.language,
        )
    notes.extend(rows.notes)
    return rows


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage while millions of objects are made that stay: it takes half as long again."""
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if usual:
            gc.enable()


def _write(out: Path | None, pieces: Iterable[str]) -> None:
    if out:
        write_whole(out, pieces)
    else:
        put(pieces)


def _line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n"


def _indented(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
