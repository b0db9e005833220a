"""Comments in, themes out: a pure library that reads no clock, environment or network.

>>> from analysis import Comment, Options, discover
>>> notes = ["Open the library on Sunday", "The library should open on Sunday evening"] * 10
>>> notes += ["Fix the holes in the road", "The road is full of holes"] * 10
>>> comments = [Comment(id=str(number), text=text) for number, text in enumerate(notes)]
>>> result = discover(comments, Options(themes=2, seed=0))
>>> [(theme.id, theme.size) for theme in result.themes]
[(1, 20), (2, 20)]

Names are loaded when they are first asked for: `import analysis.breadth` stays small enough for a web page,
which numpy and scipy would not. Functions that share the name of their
module are imported from there: `analysis.breadth.breadth`, `analysis.compare.compare`,
`analysis.duplicates.duplicates`, `analysis.split.split`; so are the tools of agreement, from
`analysis.measure`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.breadth import Breadth, LeaveOneOut, leave_one_out
    from analysis.campaigns import Campaign, campaigns
    from analysis.compare import Comparison
    from analysis.decisions import Contradiction, Decisions
    from analysis.duplicates import DuplicateGroup
    from analysis.pipeline import discover, place, update
    from analysis.redact import Personal, find_personal, mask
    from analysis.split import Part
    from analysis.suggest import suggest_next
    from analysis.types import (
        Cancelled,
        Comment,
        Earlier,
        NothingToGroup,
        Options,
        Placement,
        Progress,
        Reason,
        Result,
        Theme,
        TooFew,
        Vectors,
    )

__all__ = [
    "Breadth",
    "Campaign",
    "Cancelled",
    "Comment",
    "Comparison",
    "Contradiction",
    "Decisions",
    "DuplicateGroup",
    "Earlier",
    "LeaveOneOut",
    "NothingToGroup",
    "Options",
    "Part",
    "Personal",
    "Placement",
    "Progress",
    "Reason",
    "Result",
    "Theme",
    "TooFew",
    "Vectors",
    "campaigns",
    "discover",
    "find_personal",
    "leave_one_out",
    "mask",
    "place",
    "suggest_next",
    "update",
]

_MODULES = {
    "Breadth": "analysis.breadth",
    "Campaign": "analysis.campaigns",
    "Cancelled": "analysis.types",
    "Comment": "analysis.types",
    "Comparison": "analysis.compare",
    "Contradiction": "analysis.decisions",
    "Decisions": "analysis.decisions",
    "DuplicateGroup": "analysis.duplicates",
    "Earlier": "analysis.types",
    "LeaveOneOut": "analysis.breadth",
    "NothingToGroup": "analysis.types",
    "Options": "analysis.types",
    "Part": "analysis.split",
    "Personal": "analysis.redact",
    "Placement": "analysis.types",
    "Progress": "analysis.types",
    "Reason": "analysis.types",
    "Result": "analysis.types",
    "Theme": "analysis.types",
    "TooFew": "analysis.types",
    "Vectors": "analysis.types",
    "campaigns": "analysis.campaigns",
    "discover": "analysis.pipeline",
    "find_personal": "analysis.redact",
    "leave_one_out": "analysis.breadth",
    "mask": "analysis.redact",
    "place": "analysis.pipeline",
    "suggest_next": "analysis.suggest",
    "update": "analysis.pipeline",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return __all__
