"""The manifest: all that a result depends on, so that it can be repeated byte for byte."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from analysis import table
from analysis.decisions import Decisions
from analysis.types import Comment, Earlier, Options
from analysis.vectors import name_of

_PACKAGES = ("numpy", "scipy", "pystemmer", "py3langid", "throughline")
_APART = ("decisions", "earlier", "vectors")
"""Options that are too long for a manifest: it holds a hash or a name of them."""


def manifest(comments: Sequence[Comment], options: Options) -> dict[str, Any]:
    """Describe a discovery.

    Parameters
    ----------
    comments : sequence of Comment
        In input order, which the hash depends on because the order of placements does.
    options : Options
        As they were given.

    Returns
    -------
    dict
        `input`, `decisions` and `earlier` (SHA-256, null where there are none), `comments` (their number),
        `vectors` (name), `table` (SHA-256 of the word vectors where they are used), `options` with the seed,
        and `versions`.
    """
    return {
        "input": _hash(
            [comment.id, comment.text, comment.audience, comment.prompt, comment.language]
            for comment in comments
        ),
        "comments": len(comments),
        "decisions": _hash(_decided(options.decisions)) if options.decisions else None,
        "earlier": _hash(_before(options.earlier)) if options.earlier else None,
        "vectors": name_of(options.vectors),
        "table": table.checksum() if options.vectors == "table" else None,
        "options": {
            one.name: getattr(options, one.name) for one in fields(options) if one.name not in _APART
        },
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Return the versions that a result depends on, by name.

    Examples
    --------
    >>> list(versions())[:2]
    ['python', 'numpy']
    """
    return {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES}


def _decided(decisions: Decisions) -> Iterable[Any]:
    yield list(decisions.names)
    yield from (["placed", comment, list(names)] for comment, names in sorted(decisions.placed.items()))
    yield from (["together", sorted(group)] for group in decisions.together)
    yield from (["apart", *pair] for pair in decisions.apart)


def _before(earlier: Earlier) -> Iterable[Any]:
    yield from ([theme, label] for theme, label in sorted(earlier.labels.items()))
    yield from ([comment, list(themes)] for comment, themes in sorted(earlier.placements.items()))


def _hash(lines: Iterable[Any]) -> str:
    """Hash one line of JSON each, in ASCII so that any text can be hashed."""
    digest = hashlib.sha256()
    write = json.JSONEncoder(separators=(",", ":")).encode
    for line in lines:
        digest.update(write(line).encode("ascii") + b"\n")
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
