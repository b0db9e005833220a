"""What can become of a theme, and how it is said in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from analysis.in_common import Evidence

Kind = Literal["continued", "renamed", "merged", "split", "dropped", "new"]

KINDS: tuple[Kind, ...] = ("continued", "renamed", "merged", "split", "dropped", "new")


def sentence(kind: Kind, old: Iterable[str], new: Iterable[str], evidence: Evidence) -> str:
    """Say a change in plain words, with the numbers it rests on.

    Parameters
    ----------
    kind : Kind
        What happened.
    old, new : iterable of str
        Labels of the old themes and of the new ones. For a dropped or a new theme, the other side is what
        comes nearest, or nothing.
    evidence : Evidence
        The numbers.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> sentence("renamed", ["buses"], ["transit"], Evidence(9, 0.9, 0.6, 0.5, 0.4, "comments"))
    '"buses" is now "transit": 90 % of its comments are in it, and make up 60 % of it.'
    """
    before, after = _names(old), _names(new)
    said = {
        "continued": f"{before} continued",
        "renamed": f"{before} is now {after}",
        "merged": f"{before} were merged into {after}",
        "split": f"{before} was split into {after}",
        "dropped": f"{before} was dropped",
        "new": f"{after} is new",
    }[kind]
    if not before or not after:
        return f"{said}: no other theme comes near it."
    if kind in ("dropped", "new"):
        nearest = after if kind == "dropped" else before
        said += f"; {nearest} comes nearest"
    return f"{said}: {_in_numbers(kind, evidence)}."


def _names(labels: Iterable[str]) -> str:
    names = [f'"{label}"' for label in labels]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _in_numbers(kind: Kind, evidence: Evidence) -> str:
    if evidence.basis == "words":
        return f"their words are {_percent(evidence.likeness)} alike"
    if kind == "new":
        return f"{_percent(evidence.of_new)} of the new theme's comments come from it"
    whose = "their" if kind == "merged" else "its"
    where = "them" if kind == "split" else "it"
    told = f"{_percent(evidence.of_old)} of {whose} comments are in {where}"
    return told if kind == "dropped" else f"{told}, and make up {_percent(evidence.of_new)} of {where}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
