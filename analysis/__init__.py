"""Comments in, themes out: a pure library that reads no clock, environment or network.

>>> from analysis import Comment, Options, discover
>>> notes = ["Open the library on Sunday", "The library should open on Sunday evening"] * 10
>>> notes += ["Fix the holes in the road", "The road is full of holes"] * 10
>>> comments = [Comment(id=str(number), text=text) for number, text in enumerate(notes)]
>>> result = discover(comments, Options(themes=2, seed=0))
>>> [(theme.id, theme.size) for theme in result.themes]
[(1, 20), (2, 20)]

Names are loaded when they are first asked for: `import analysis.breadth` stays small enough for a web page,
which numpy, scikit-learn and nltk would not. `analysis.breadth.breadth` and `analysis.duplicates.duplicates`
are imported from their own modules, whose names they share.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.breadth import Breadth
    from analysis.pipeline import discover
    from analysis.types import (
        Cancelled,
        Comment,
        NothingToGroup,
        Options,
        Placement,
        Progress,
        Reason,
        Result,
        Theme,
        TooFew,
    )

__all__ = [
    "Breadth",
    "Cancelled",
    "Comment",
    "NothingToGroup",
    "Options",
    "Placement",
    "Progress",
    "Reason",
    "Result",
    "Theme",
    "TooFew",
    "discover",
]

_MODULES = {"Breadth": "analysis.breadth", "discover": "analysis.pipeline"}


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    return getattr(import_module(_MODULES.get(name, "analysis.types")), name)


def __dir__() -> list[str]:
    return __all__
