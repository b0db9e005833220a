"""Writing a result to a file and reading one again, for a million comments as for a hundred."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from analysis.files import Rows
from analysis.lines import BadInput, Identity, Lines, name_of
from analysis.types import Earlier, Placement, Reason, Result, Theme

_AT_ONCE = 5_000
"""Placements to write at a time."""

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True).encode
_weight = lru_cache(maxsize=1 << 14)(lambda weight: _encode(float(weight)))


def as_json(rows: Rows, result: Result) -> Iterator[str]:
    """Yield a result as JSON, in pieces: sorted keys, one theme or placement a line.

    Parameters
    ----------
    rows : Rows
        What the result was made from.
    result : Result
        Placements in the order of `rows`.

    Yields
    ------
    str
        Together one object with `manifest`, `placements` (every row once, in the order of the file) and
        `themes`, and a line end; the same text for the same result.
    """
    yield f'{{\n"manifest": {_encode(dict(result.manifest))},\n"placements": ['
    yield from _lines(_placements(rows, result))
    yield '],\n"themes": ['
    quoted = rows.as_given(quote for theme in result.themes for quote in theme.quotes)
    yield from _lines(_encode(_theme(theme, quoted)) for theme in result.themes)
    yield "]\n}\n"


def _lines(items: Iterator[str]) -> Iterator[str]:
    before = "\n"
    while piece := ",\n".join(islice(items, _AT_ONCE)):
        yield before + piece
        before = ",\n"
    if before == ",\n":
        yield "\n"


def _placements(rows: Rows, result: Result) -> Iterator[str]:
    for identity, placed, reason in zip(rows.given(), result.placements, result.reasons, strict=True):
        yield _placement(identity, placed, reason)


def _placement(identity: Identity, placed: Iterable[Placement], reason: Reason | None) -> str:
    # By hand, because encoding a dictionary takes four times as long.
    themes = ", ".join([f"[{theme:d}, {_weight(weight)}]" for theme, weight in placed])
    why = f'"reason": {_encode(reason)}, ' if reason else ""
    return f'{{"id": {_encode(identity)}, {why}"themes": [{themes}]}}'


def _theme(theme: Theme, quoted: Mapping[str, Identity]) -> dict[str, Any]:
    return {
        "id": theme.id,
        "label": theme.label,
        "keywords": theme.keywords,
        "size": theme.size,
        "size_once": theme.size_once,
        "breadth": asdict(theme.breadth),
        "stability": theme.stability,
        "badge": theme.badge,
        "named": theme.named,
        "earlier": theme.earlier,
        "quotes": [quoted[quote] for quote in theme.quotes],
        "by_audience": dict(theme.by_audience),
    }


def read_document(path: Path) -> dict[str, Any]:
    """Read what `as_json` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        With lists `themes` and `placements`; what is in them is for others to check. To save memory, comments
        placed alike share one list of themes, with the weights of the first of them.

    Raises
    ------
    BadInput
        When the file cannot be read, or holds something else.
    """
    alike: dict[tuple[Any, ...], list[Any]] = {}

    def compact(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if "id" in found and "themes" in found:
            with suppress(TypeError, ValueError):
                themes = tuple(theme for theme, _ in found["themes"])
                return {"id": found["id"], "themes": alike.setdefault(themes, found["themes"])}
        return found

    try:
        document = json.JSONDecoder(object_pairs_hook=compact).decode(Lines(path).whole())
    except RecursionError:
        raise no_result(path) from None
    except ValueError as error:
        raise error if isinstance(error, BadInput) else no_result(path) from None
    if not isinstance(document, dict) or not _lists(document, "themes", "placements"):
        raise no_result(path)
    return document


def _lists(document: Mapping[str, Any], *names: str) -> bool:
    return all(isinstance(document.get(name), list) for name in names)


def no_result(path: Path) -> BadInput:
    """Return what to say of a file that holds something else than a result."""
    return BadInput(f"{path} is no result: give the JSON that `python -m analysis discover` wrote.")


def read_earlier(path: Path) -> Earlier:
    """Read a result to start from.

    Parameters
    ----------
    path : Path
        A file that `as_json` wrote, of this release or an earlier one.

    Returns
    -------
    Earlier
        Of several comments of one id the first counts.

    Raises
    ------
    BadInput
        When the file cannot be read, or holds something else.
    """
    document = read_document(path)
    try:
        labels = {theme["id"]: theme["label"] for theme in document["themes"]}
        placements = _earlier_placements(document["placements"], labels)
    except (KeyError, TypeError, ValueError):
        raise no_result(path) from None
    if not all(isinstance(label, str) and type(theme) is int for theme, label in labels.items()):
        raise no_result(path)
    return Earlier(placements, labels)


def _earlier_placements(
    placed: Iterable[Mapping[str, Any]], labels: Mapping[int, str]
) -> dict[str, tuple[int, ...]]:
    """Return the themes per comment, sharing equal ones; a wrong shape raises whatever it raises."""
    alike: dict[tuple[int, ...], tuple[int, ...]] = {}
    placements: dict[str, tuple[int, ...]] = {}
    for one in placed:
        themes = tuple(theme for theme, _ in one["themes"])
        if themes not in alike and not labels.keys() >= set(themes):
            raise ValueError("a comment in a theme that is not there")
        name = name_of(one["id"])
        if name is not None:
            placements.setdefault(name, alike.setdefault(themes, themes))
    return placements
