"""Theme discovery, from comments to a result, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.corpus import Corpus, read
from analysis.describe import describe, numbered
from analysis.find import Found, find, sort_in
from analysis.manifest import manifest
from analysis.settle import settle
from analysis.types import Comment, Earlier, Options, Progress, Reason, Result

if TYPE_CHECKING:
    from analysis.types import Map


def discover(
    comments: Sequence[Comment],
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    map: Map = map,
) -> Result:
    """Find the themes in comments.

    The result depends on texts, languages, audiences, options and versions alone: not on the order of the
    comments, their ids (which only break ties between equal quotes) or the number of processors. Texts that
    differ in capitals, stop words or punctuation only are looked at once and share their themes, unless
    people decided otherwise.

    Parameters
    ----------
    comments : sequence of Comment
        At least `Options.minimum` of them with words that carry a subject.
    options : Options, optional
        How to look, what people decided, and which run to go on from.
    progress : callable, optional
        Called between steps with the share done, 0 to 1, and a few words on what comes next. Whatever it
        raises, such as `Cancelled`, stops the discovery and is passed on; nothing is left behind.
    map : callable, optional
        Applies a function to items, in order, like the built-in one; see `analysis.lend` for one that lends
        the work to a Dask cluster. The result is the same.

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
    Contradiction
        When the decisions cannot all be kept.

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
    return _run(
        comments,
        options,
        progress or _silent,
        lambda corpus, report: find(comments, corpus, options, report, map),
        map,
    )


def place(
    comments: Sequence[Comment],
    options: Options,
    *,
    progress: Progress | None = None,
) -> Result:
    """Sort comments into the themes that people named, by the examples they gave; find no others.

    Parameters
    ----------
    comments : sequence of Comment
        Two or more with words that carry a subject.
    options : Options
        With `decisions` that name a theme or more.
    progress : callable, optional
        See `discover`.

    Returns
    -------
    Result
        The named themes, without stability. Comments are in no theme only where people put some in none.

    Raises
    ------
    ValueError
        When no theme is named.
    TooFew, NothingToGroup
        See `discover`.

    Examples
    --------
    >>> from analysis.decisions import Decisions
    >>> texts = ["Open the library", "Library hours are short", "Holes in the road", "Mend the road"]
    >>> comments = [Comment(str(number), text) for number, text in enumerate(texts)]
    >>> result = place(comments, Options(decisions=Decisions.of({"0": ["Libraries"], "2": ["Streets"]})))
    >>> names = {theme.id: theme.label for theme in result.themes}
    >>> [names[placed[0].theme] for placed in result.placements]
    ['Libraries', 'Libraries', 'Streets', 'Streets']
    """
    if not options.decisions.names:
        raise ValueError("There is nothing to place by: name at least one theme.")
    options = replace(options, minimum=2, earlier=None)
    return _run(
        comments,
        options,
        progress or _silent,
        lambda corpus, report: sort_in(comments, corpus, options, report),
    )


def update(
    earlier: Result,
    before: Sequence[Comment],
    comments: Sequence[Comment],
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    map: Map = map,
) -> Result:
    """Run again from an earlier result, with more or other comments: its themes are kept, and new ones
    offered.

    Parameters
    ----------
    earlier : Result
        What was found before.
    before : sequence of Comment
        What it was found in.
    comments : sequence of Comment
        All comments now; those from before are known by their ids.
    options : Options, optional
        How to look; its `earlier` is replaced.
    progress, map : callable, optional
        See `discover`.

    Returns
    -------
    Result
        `Theme.earlier` says which theme each goes on from.

    Examples
    --------
    >>> notes = ["Open the library on Sunday", "Longer library hours"] * 10
    >>> notes += ["Holes in the road", "Mend the road"] * 10
    >>> old = [Comment(str(number), text) for number, text in enumerate(notes)]
    >>> first = discover(old, Options(themes=2))
    >>> second = update(first, old, [*old, Comment("new", "The road has holes")])
    >>> [(theme.earlier, theme.size) for theme in second.themes]
    [(1, 21), (2, 20)]
    """
    placements: dict[str, tuple[int, ...]] = {}
    for comment, placed in zip(before, earlier.placements, strict=True):
        themes = tuple(placement.theme for placement in placed)
        # An id that several comments bear in different themes says nothing about any of them.
        placements[comment.id] = themes if placements.get(comment.id, themes)[:1] == themes[:1] else ()
    known = Earlier(placements, labels={theme.id: theme.label for theme in earlier.themes})
    return discover(comments, replace(options or Options(), earlier=known), progress=progress, map=map)


def _run(
    comments: Sequence[Comment],
    options: Options,
    report: Progress,
    work: Callable[[Corpus, Progress], Found],
    spread_out: Map = map,
) -> Result:
    options.decisions.check()
    # One thread: sums in another order would differ in their last digits, and themes with them.
    with threadpool_limits(limits=1):
        report(0.0, "Reading the comments")
        corpus = read(comments, options.minimum, spread_out)
        found = work(corpus, report)
        placed, by_people = settle(comments, corpus, found, options.decisions)
        report(0.9, "Naming the themes")
        themes, number = describe(comments, corpus, found, placed, options)
        report(1.0, "Done")
    reasons = tuple(
        None if themes_of else _reason(position in by_people, reason)
        for position, (themes_of, reason) in enumerate(zip(placed, corpus.reasons, strict=True))
    )
    return Result(themes, numbered(placed, number), reasons, manifest(comments, options))


def _reason(by_people: bool, reason: Reason | None) -> Reason:
    return "set apart by people" if by_people else reason or "equally far from all"


def _silent(share: float, message: str) -> None:
    """Report to nobody."""
