"""Cliques of a graph made chordal, and the tree that holds them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations


def cliques(groups: Iterable[Collection[str]]) -> list[tuple[str, ...]]:
    """The cliques of a chordal graph in which each group of attributes is complete."""
    near: dict[str, set[str]] = {}
    for group in groups:
        for dim in group:
            near.setdefault(dim, set()).update(set(group) - {dim})
    found: list[set[str]] = []
    while near:
        dim = min(near, key=lambda one: (_fill(near, one), one))
        for one, other in combinations(near[dim], 2):
            near[one].add(other)
            near[other].add(one)
        clique = {dim} | near[dim]
        if not any(clique <= other for other in found):
            found.append(clique)
        for one in near.pop(dim):
            near[one].discard(dim)
    return [tuple(sorted(clique)) for clique in found]


def _fill(near: Mapping[str, set[str]], dim: str) -> int:
    return sum(other not in near[one] for one, other in combinations(near[dim], 2))


def tree(found: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Which cliques are held together, so that those which share the most are: a junction tree."""
    edges, inside = [], [0]
    while len(inside) < len(found):
        outside = [place for place in range(len(found)) if place not in inside]
        pairs = [(one, other) for one in inside for other in outside]
        one, other = max(pairs, key=lambda pair: len(set(found[pair[0]]) & set(found[pair[1]])))
        edges.append((one, other))
        inside.append(other)
    return edges
