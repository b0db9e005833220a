"""What became of each answer: told "received" or not, against what the database holds afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Content:
    """A response as one person meant it or as it is stored: all its answers, and its comments."""

    answers: Mapping[str, Any]
    comments: tuple[str, ...]

    def same_as(self, other: Content) -> bool:
        """Equal, whatever the order of the comments."""
        return self.answers == other.answers and Counter(self.comments) == Counter(other.comments)


@dataclass(frozen=True)
class Verdict:
    """How many responses were confirmed, and how many went wrong (orphans: comments without one)."""

    confirmed: int
    lost: int
    twice: int
    partial: int
    orphans: int

    @property
    def good(self) -> bool:
        """Every confirmed answer is there once and whole, and nothing else is."""
        return not (self.lost or self.twice or self.partial or self.orphans)

    def to_dict(self) -> dict[str, int]:
        """For the results file."""
        return asdict(self)


def judge(
    meant: Mapping[str, Content],
    confirmed: Iterable[str],
    stored: Iterable[tuple[str, Content]],
    orphans: int,
) -> Verdict:
    """Compare what people meant (by key) and were told with what is stored.

    A response that was sent and never confirmed may be stored or not, but not twice and not in part. One
    that nobody sent counts as partial: its text has been changed.
    """
    told, rows = set(confirmed), list(stored)
    times = Counter(key for key, _ in rows)
    return Verdict(
        confirmed=len(told),
        lost=len(told - times.keys()),
        twice=sum(1 for count in times.values() if count > 1),
        partial=sum(1 for key, content in rows if key not in meant or not content.same_as(meant[key])),
        orphans=orphans,
    )
