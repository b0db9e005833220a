"""Theme discovery, from comments to a result, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.arrays import Ints
from analysis.assign import Assigned, assign
from analysis.choose import number_of_themes
from analysis.cluster import group, nearest, neighbour_count, smooth
from analysis.corpus import Corpus, read
from analysis.describe import Found, describe
from analysis.features import fit_space
from analysis.manifest import manifest
from analysis.stability import stability
from analysis.types import Comment, Options, Progress, Result

_STARTS = 10
"""Attempts of the final k-means."""


def discover(
    comments: Sequence[Comment], options: Options | None = None, *, progress: Progress | None = None
) -> Result:
    """Find the themes in comments.

    The result depends on texts, languages, audiences, options and versions alone: not on the order of the
    comments, their ids (which only break ties between equal quotes) or the number of processors. Texts that
    differ in capitals, stop words or punctuation only are looked at once and always share their themes.

    Parameters
    ----------
    comments : sequence of Comment
        At least `Options.minimum` of them with words that carry a subject.
    options : Options, optional
        How to look.
    progress : callable, optional
        Called between steps with the share done, 0 to 1, and a few words on what comes next. Whatever it
        raises, such as `Cancelled`, stops the discovery and is passed on; nothing is left behind.

    Returns
    -------
    Result
        Themes, and for every comment exactly one entry in `placements`, in input order.

    Raises
    ------
    TooFew
        When there are too few usable comments.
    NothingToGroup
        When all comments say the same, or have no words in common.

    Examples
    --------
    >>> notes = ["Open the library on Sunday", "The library should open on Sunday evening"] * 10
    >>> notes += ["Fix the holes in the road", "The road is full of holes"] * 10
    >>> comments = [Comment(str(number), text, audience="staff") for number, text in enumerate(notes)]
    >>> result = discover(comments, Options(themes=2))
    >>> [(theme.label, theme.size, theme.breadth.k) for theme in result.themes]
    [('holes; road', 20, 1), ('library; open; Sunday', 20, 1)]
    >>> discover([Comment("1", "Longer library hours")])
    Traceback (most recent call last):
        ...
    analysis.types.TooFew: 1 comment is too few: 20 are needed
    """
    options = options or Options()
    report = progress or _silent
    # One thread: sums in another order would differ in their last digits, and themes with them.
    with threadpool_limits(limits=1):
        report(0.0, "Reading the comments")
        corpus = read(comments, options.minimum)
        found = _find(corpus, options, report)
        report(0.9, "Naming the themes")
        themes = describe(comments, corpus, found, options)
        report(1.0, "Done")
    placements = found.placements(corpus.rows)
    reasons = tuple(
        None if placed else reason or "equally far from all"
        for placed, reason in zip(placements, corpus.reasons, strict=True)
    )
    return Result(themes, placements, reasons, manifest(comments, options))


def _silent(share: float, message: str) -> None:
    """Report to nobody."""


def _part(report: Progress, start: float, end: float, message: str) -> Callable[[float], object]:
    """Return a progress function for one step, from 0 to 1 within it."""
    return lambda share: report(round(start + share * (end - start), 3), message)


def _find(corpus: Corpus, options: Options, report: Progress) -> Found:
    seed = options.seed
    sample = _sample(len(corpus.documents), options)
    report(0.15, "Learning the words")
    space = fit_space([corpus.documents[row] for row in sample], seed)
    points = space.points(corpus.documents)
    fitted = sample[points[sample].any(axis=1)]
    chosen = points[fitted]
    report(0.3, "Comparing the comments")
    smoothed = smooth(chosen, nearest(chosen, chosen, neighbour_count(len(chosen)), itself=True))
    number = options.themes or number_of_themes(
        chosen, options.most_themes, seed, _part(report, 0.4, 0.6, "Choosing the number of themes")
    )
    report(0.6, "Grouping the comments")
    groups = group(smoothed, number, seed, _STARTS)
    report(0.7, "Placing every comment")
    assigned = assign(points, smoothed, fitted, groups, seed)
    steady = stability(
        chosen, groups, options.resamples, seed, _part(report, 0.75, 0.9, "Checking stability")
    )
    return Found(assigned, _largest_first(corpus, assigned), steady)


def _sample(documents: int, options: Options) -> Ints:
    if documents <= options.sample:
        return np.arange(documents)
    chosen = np.random.default_rng(options.seed).choice(documents, options.sample, replace=False)
    return np.sort(chosen)


def _largest_first(corpus: Corpus, assigned: Assigned) -> Ints:
    """Return the groups that hold comments, by size; equal sizes by their first text."""
    copies = np.bincount(corpus.rows[corpus.rows >= 0], minlength=len(corpus.documents))
    held, first_text = np.unique(assigned.first, return_index=True)
    sizes = [copies[(assigned.first == number) | (assigned.second == number)].sum() for number in held]
    order = np.lexsort((first_text, -np.array(sizes)))
    return held[order][held[order] >= 0]
