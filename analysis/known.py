"""What is known before the discovery starts: decisions of people, and an earlier run, in numbers.

Themes are numbered: first the named ones, then those of the earlier run that no named theme has taken over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.corpus import Corpus
from analysis.decisions import spread
from analysis.types import Comment, Earlier, Options

DECIDED, EARLIER = 1.0, 0.3
"""How much an example counts: a person's decision, a placement of an earlier run."""
_TAKEN_OVER = 0.5
"""A named theme takes an earlier one over when it has its label, or when people put at least this share of
its comments there. One comment moved out of a theme is no new name for it."""


@dataclass(frozen=True)
class Known:
    """Themes that exist already, and what belongs to them."""

    names: tuple[str, ...]
    """Themes that people named."""
    earlier: tuple[int, ...]
    """Numbers of the themes of the earlier run that come after the named ones."""
    continued: Mapping[str, int]
    """Per name the theme of the earlier run that it has taken over."""
    weights: NDArray[np.float64]
    """Shape (documents,): how much is known about each; 0 for nothing."""
    themes: NDArray[np.float64]
    """Shape (documents, themes): 1 where a document belongs to a theme, which of several halves of copies
    may share; rows of zeros for a document that belongs to none."""
    decided: NDArray[np.bool_]
    """Shape (documents,): people decided about a comment with that text."""

    @property
    def count(self) -> int:
        """Themes known."""
        return len(self.names) + len(self.earlier)

    @property
    def documents(self) -> NDArray[np.int64]:
        """Documents of which something is known."""
        return np.flatnonzero(self.weights)

    @property
    def none_share(self) -> float:
        """Share of what people decided that belongs to no theme, 0 to 1."""
        themes = self.themes[self.decided]
        return float((themes.sum(axis=1) == 0).mean()) if len(themes) else 0.0

    @property
    def several(self) -> bool:
        """Some document was put into two themes or more."""
        return bool((self.themes[self.decided].sum(axis=1) > 1.5).any())


def gather(comments: Sequence[Comment], corpus: Corpus, options: Options) -> Known:
    """Put what is known about comments into numbers about documents.

    Parameters
    ----------
    comments : sequence of Comment
        In input order.
    corpus : Corpus
        The same comments as texts.
    options : Options
        With decisions and the earlier run.

    Returns
    -------
    Known
        A document whose copies were decided differently belongs to each theme in part.
    """
    decided = spread(options.decisions)
    names = options.decisions.names
    number = {name: row for row, name in enumerate(names)}
    earlier = options.earlier or Earlier({})
    taken = _taken_over(names, decided, earlier)
    by_people: list[tuple[int, list[int]]] = []
    before: list[tuple[int, int]] = []
    for comment, document in zip(comments, corpus.rows.tolist(), strict=True):
        if document < 0:
            continue
        if comment.id in decided:
            by_people.append((document, [number[name] for name in decided[comment.id]]))
        elif earlier.placements.get(comment.id):
            before.append((document, earlier.placements[comment.id][0]))
    left = sorted({old for _, old in before} - set(taken))
    column = {old: number[name] for old, name in taken.items()}
    column |= {old: len(names) + row for row, old in enumerate(left)}
    weights, themes = np.zeros(len(corpus)), np.zeros((len(corpus), len(names) + len(left)))
    for document, found in by_people:
        weights[document] += DECIDED
        themes[document, found] += DECIDED
    people = weights > 0
    for document, old in before:
        # What a person said about one copy of a text holds for the others, whatever they were before.
        if not people[document]:
            weights[document] += EARLIER
            themes[document, column[old]] += EARLIER
    seen = weights > 0
    themes[seen] /= weights[seen, None]
    continued = {name: old for old, name in sorted(taken.items(), reverse=True)}
    return Known(names, tuple(left), continued, np.minimum(weights, DECIDED), themes, people)


def _taken_over(
    names: Sequence[str], decided: Mapping[str, tuple[str, ...]], earlier: Earlier
) -> dict[int, str]:
    """Return the earlier themes that live on under a name that people gave."""
    found = {theme: label for theme, label in earlier.labels.items() if label in names}
    sizes: Counter[int] = Counter()
    went: Counter[tuple[int, tuple[str, ...]]] = Counter()
    for comment, placed in earlier.placements.items():
        if placed:
            sizes[placed[0]] += 1
            went[placed[0], decided.get(comment, ())[:1]] += 1
    for (theme, name), times in sorted(went.items()):
        if name and times >= _TAKEN_OVER * sizes[theme]:
            found.setdefault(theme, name[0])
    return found
