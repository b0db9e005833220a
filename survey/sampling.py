"""Drawing a sample of comments: by a seed, spread over audiences, each theme seen.

The same comments with the same seed give the same sample. Nothing here knows a database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Drawable:
    """A comment that may be drawn: its audience (None for none known) and the themes it is in."""

    id: str
    audience: int | None = None
    themes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Spread:
    """How to draw: how many comments, by which seed, spread over audiences and over these themes or not."""

    size: int
    seed: int
    audiences: bool = False
    themes: tuple[int, ...] = ()


def draw(comments: Iterable[Drawable], spread: Spread) -> list[str]:
    """The ids of the drawn comments in random order; all of them where there are no more than asked for."""
    random = Random(spread.seed)
    pool = sorted(comments, key=lambda comment: comment.id)
    random.shuffle(pool)
    size = min(spread.size, len(pool))
    quotas = shares(Counter(comment.audience for comment in pool), size) if spread.audiences else {}
    chosen = _Chosen(pool, size, quotas)
    chosen.see(spread.themes)
    chosen.fill()
    drawn = [comment.id for comment in chosen.taken]
    # Those drawn for a theme come first so far: the order must not tell what a comment is about.
    random.shuffle(drawn)
    return drawn


def shares(sizes: Mapping[int | None, int], total: int) -> dict[int | None, int]:
    """Divide `total` places in proportion to the sizes of groups, one each at least where there are enough.

    What remains after rounding down goes to the largest remainders (Hare and Niemeyer).
    """
    groups = sorted(sizes, key=lambda group: (-sizes[group], group is None, group or 0))
    everything = sum(sizes.values())
    least = 1 if total >= len(groups) else 0
    exact = {group: total * sizes[group] / everything for group in groups}
    places = {group: max(least, int(exact[group])) for group in groups}
    while (left := total - sum(places.values())) != 0:
        step = 1 if left > 0 else -1
        open_to = (
            [g for g in groups if places[g] < sizes[g]]
            if step > 0
            else [g for g in groups if places[g] > least]
        )
        places[max(open_to, key=lambda group: step * (exact[group] - places[group]))] += step
    return places


class _Chosen:
    """The comments taken so far, out of a shuffled pool."""

    def __init__(self, pool: Sequence[Drawable], size: int, quotas: Mapping[int | None, int]) -> None:
        self.pool, self.size, self.quotas = pool, size, quotas
        self.taken: list[Drawable] = []
        self.ids: set[str] = set()
        self.by_audience: Counter[int | None] = Counter()
        self.by_theme: Counter[int] = Counter()

    def see(self, themes: Sequence[int]) -> None:
        """Half of the sample goes to the themes alike, the smallest first; each gets one at least."""
        in_theme: dict[int, list[Drawable]] = {theme: [] for theme in themes}
        for comment in self.pool:
            for theme in comment.themes & in_theme.keys():
                in_theme[theme].append(comment)
        least = max(1, self.size // (2 * len(themes))) if themes else 0
        for theme in sorted(themes, key=lambda theme: (len(in_theme[theme]), theme)):
            for comment in self._with_room(in_theme[theme]):
                if self.by_theme[theme] >= least:
                    break
                self._take(comment)

    def fill(self) -> None:
        """The rest at random."""
        for comment in self._with_room(self.pool):
            self._take(comment)

    def _with_room(self, comments: Sequence[Drawable]) -> Iterator[Drawable]:
        """Those whose audience has places left when their turn comes, then the others."""
        for comment in comments:
            if not self.quotas or self.by_audience[comment.audience] < self.quotas[comment.audience]:
                yield comment
        yield from comments

    def _take(self, comment: Drawable) -> None:
        if len(self.taken) == self.size or comment.id in self.ids:
            return
        self.taken.append(comment)
        self.ids.add(comment.id)
        self.by_audience[comment.audience] += 1
        self.by_theme.update(comment.themes)
