"""What people decided, as the discovery takes it in: every decision is kept, and teaches where the rest
belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType


class Contradiction(ValueError):
    """Two decisions cannot both be kept; the message says which, in one sentence."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions of people about comments and themes.

    Examples
    --------
    >>> decided = Decisions.of({"c1": ["Transit"], "c2": ["Transit", "Cost"], "c3": []}, themes=["Parks"])
    >>> decided.names
    ('Parks', 'Transit', 'Cost')
    >>> Decisions.of({"c1": ["Transit"], "c2": ["Transit"]}, apart=[("c1", "c2")])
    Traceback (most recent call last):
        ...
    analysis.decisions.Contradiction: c1 and c2 were told apart, but both were put into "Transit".
    """

    placed: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Per comment id the names of its themes, the main one first; () when it belongs to none. The comment is
    placed in exactly these."""
    themes: tuple[str, ...] = ()
    """Names of themes that exist, with or without a comment placed in them."""
    together: tuple[frozenset[str], ...] = ()
    """Comments, by id, that belong to one theme, whichever it is: what a merge says."""
    apart: tuple[tuple[str, str], ...] = ()
    """Pairs of comments, by id, that do not share a theme: what a split says."""

    @classmethod
    def of(
        cls,
        placed: Mapping[str, Iterable[str]] | None = None,
        *,
        themes: Iterable[str] = (),
        together: Iterable[Iterable[str]] = (),
        apart: Iterable[tuple[str, str]] = (),
    ) -> Decisions:
        """Make decisions from plain collections.

        Parameters
        ----------
        placed : mapping of comment id to theme names, optional
            See `Decisions.placed`.
        themes, together, apart : iterables
            See the fields of the same names.

        Returns
        -------
        Decisions

        Raises
        ------
        Contradiction
            When they cannot all be kept.
        ValueError
            When something in `apart` is no pair.
        """
        made = cls(
            placed={
                comment: tuple(dict.fromkeys(_several(names))) for comment, names in (placed or {}).items()
            },
            themes=tuple(dict.fromkeys(_several(themes))),
            together=_joined(together),
            apart=tuple(sorted({_pair(pair) for pair in apart})),
        )
        made.check()
        return made

    @property
    def names(self) -> tuple[str, ...]:
        """All theme names, in the order in which they were first given."""
        return tuple(
            dict.fromkeys([*self.themes, *(name for names in self.placed.values() for name in names)])
        )

    def __bool__(self) -> bool:
        """Say whether anything was decided."""
        return bool(self.placed or self.themes or self.together or self.apart)

    def check(self) -> None:
        """Raise `Contradiction` when the decisions cannot all be kept."""
        for name in self.names:
            if not name.strip():
                raise Contradiction("A theme needs a name: one decision has an empty one.")
        for group in self.together:
            self._check_group(group)
        group_of = {comment: number for number, group in enumerate(self.together) for comment in group}
        names_of = spread(self)
        for first, second in self.apart:
            self._check_pair(first, second, group_of, names_of)

    def _check_group(self, group: frozenset[str]) -> None:
        """A group has one main theme: what was decided for one of its comments holds for all."""
        first_of = {comment: self.placed[comment][:1] for comment in sorted(group) if comment in self.placed}
        if len(set(first_of.values())) > 1:
            one, other = sorted(first_of, key=lambda comment: (first_of[comment], comment))[
                :: len(first_of) - 1
            ]
            raise Contradiction(
                f"{one} and {other} were put together, but into {_called(first_of[one])}"
                f" and into {_called(first_of[other])}."
            )

    def _check_pair(
        self, first: str, second: str, group_of: Mapping[str, int], names_of: Mapping[str, tuple[str, ...]]
    ) -> None:
        if first == second:
            raise Contradiction(f"{first} cannot be told apart from itself.")
        if first in group_of and group_of[first] == group_of.get(second):
            raise Contradiction(f"{first} and {second} were both put together and told apart.")
        shared = [name for name in names_of.get(first, ()) if name in names_of.get(second, ())]
        if shared:
            raise Contradiction(
                f'{first} and {second} were told apart, but both were put into "{shared[0]}".'
            )


def spread(decisions: Decisions) -> dict[str, tuple[str, ...]]:
    """Return what was decided per comment; what holds for one of a group put together holds for all of it.

    Examples
    --------
    >>> spread(Decisions.of({"a": ["Transit", "Cost"]}, together=[("a", "b")]))
    {'a': ('Transit', 'Cost'), 'b': ('Transit',)}
    """
    found = dict(decisions.placed)
    for group in decisions.together:
        placed = min((comment for comment in group if comment in decisions.placed), default=None)
        if placed is not None:
            main = decisions.placed[placed][:1]
            found.update((comment, main) for comment in sorted(group) if comment not in found)
    return found


def _called(names: tuple[str, ...]) -> str:
    return f'"{names[0]}"' if names else "no theme"


def _several(names: Iterable[str]) -> Iterable[str]:
    """Take one name, given without a list around it, for what it is, and not for its letters."""
    return (names,) if isinstance(names, str) else names


def _pair(pair: Sequence[str]) -> tuple[str, str]:
    if isinstance(pair, str) or len(pair) != 2:
        raise ValueError(f"Comments are told apart two by two: give pairs of ids, not {pair!r}.")
    return min(pair), max(pair)


def _joined(groups: Iterable[Iterable[str]]) -> tuple[frozenset[str], ...]:
    """Join groups that share a comment; in the order of their first comments by alphabet."""
    head: dict[str, str] = {}
    for group in groups:
        members = [_head(head, comment) for comment in _several(group)]
        head.update(dict.fromkeys(members, members[0]) if members else {})
    found: defaultdict[str, set[str]] = defaultdict(set)
    for comment in head:
        found[_head(head, comment)].add(comment)
    return tuple(sorted((frozenset(group) for group in found.values() if len(group) > 1), key=min))


def _head(head: dict[str, str], comment: str) -> str:
    """Return the comment that stands for a group, halving the way to it for the next time."""
    head.setdefault(comment, comment)
    while head[comment] != comment:
        head[comment] = head[head[comment]]
        comment = head[comment]
    return comment
