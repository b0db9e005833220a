"""The manifest: all that a result depends on, so that it can be repeated byte for byte."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from analysis.types import Comment, Options

_PACKAGES = ("numpy", "scipy", "scikit-learn", "nltk", "throughline")


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
        `input` (SHA-256 of the comments), `comments` (their number), `options` with the seed, and `versions`.
    """
    return {
        "input": _hash(comments),
        "comments": len(comments),
        "options": asdict(options),
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
    }


def _hash(comments: Sequence[Comment]) -> str:
    """Hash one line of JSON per comment, in ASCII so that any text can be hashed."""
    digest = hashlib.sha256()
    for comment in comments:
        fields = [comment.id, comment.text, comment.audience, comment.prompt, comment.language]
        digest.update(json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n")
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
