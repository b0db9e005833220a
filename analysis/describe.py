"""From groups to themes: everything a planner reads about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.arrays import Ints
from analysis.assign import Assigned
from analysis.breadth import breadth
from analysis.corpus import Corpus
from analysis.label import Tally, keywords, names
from analysis.quotes import pick
from analysis.types import Comment, Options, Placement, Theme

_READ_FOR_NAMES = 6_000
"""Texts to take names and keywords from, at most; more would not change them."""


@dataclass(frozen=True, slots=True)
class Found:
    """Groups of texts, before they are described."""

    assigned: Assigned
    """Where every text belongs."""
    groups: Ints
    """Numbers of the groups that hold texts, largest first: the first becomes theme 1."""
    stability: list[float | None]
    """Per group number."""

    def placements(self, rows: Ints) -> tuple[tuple[Placement, ...], ...]:
        """Return the placements of comments, given the text each of them has (-1 for none)."""
        theme = {int(group): number for number, group in enumerate(self.groups, start=1)}
        found = self.assigned
        per_text: list[tuple[Placement, ...]] = [
            tuple(
                Placement(theme[group], round(float(weight), 4))
                for group, weight in zip(pair, weights, strict=True)
                if group in theme
            )
            for pair, weights in zip(
                zip(found.first.tolist(), found.second.tolist(), strict=True), found.likeness, strict=True
            )
        ]
        return tuple(per_text[row] if row >= 0 else () for row in rows)


def describe(
    comments: Sequence[Comment], corpus: Corpus, found: Found, options: Options
) -> tuple[Theme, ...]:
    """Describe every group.

    Parameters
    ----------
    comments : sequence of Comment
        In input order.
    corpus : Corpus
        The same comments as texts.
    found : Found
        The groups.
    options : Options
        How many keywords and quotes to give.

    Returns
    -------
    tuple of Theme
        Largest first, numbered from 1.
    """
    tally = _tally(comments, corpus, found)
    labels = names(tally, len(found.groups))
    totals = Counter(comment.audience for comment in comments if comment.audience is not None)
    audiences = sorted(totals)
    counted = _count_audiences(comments, found.placements(corpus.rows))
    themes = []
    for number, group in enumerate(found.groups, start=1):
        by_audience = {name: counted[number, name] for name in audiences}
        typical = [comments[corpus.examples[text]] for text in found.assigned.members(group)]
        themes.append(
            Theme(
                id=number,
                label=labels[number - 1],
                keywords=keywords(tally, number - 1, options.keywords),
                size=sum(counted[number, name] for name in [*audiences, None]),
                breadth=breadth(tuple(by_audience.values()), tuple(totals[name] for name in audiences)),
                stability=found.stability[group],
                quotes=pick(typical, options.quotes),
                by_audience=by_audience,
            )
        )
    return tuple(themes)


def _tally(comments: Sequence[Comment], corpus: Corpus, found: Found) -> Tally:
    """Count the phrases of each theme: in every text or, of very many, in an even choice, near and far."""
    step = 1 + len(corpus.documents) // _READ_FOR_NAMES
    tally = Tally()
    for number, group in enumerate(found.groups):
        for text in found.assigned.members(group)[::step]:
            example = corpus.examples[text]
            stems = set(corpus.documents[text].split())
            tally.add(comments[example].text, corpus.languages[example], number, stems)
    return tally


def _count_audiences(
    comments: Sequence[Comment], placements: Sequence[Sequence[Placement]]
) -> Counter[tuple[int, str | None]]:
    """Count the comments of every theme and audience."""
    return Counter(
        (placement.theme, comment.audience)
        for comment, placed in zip(comments, placements, strict=True)
        for placement in placed
    )
