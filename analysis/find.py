"""From a corpus to themes: groups of texts where nothing is known, and what is known where something is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.apart import divide, unite
from analysis.arrays import Floats, Ints, unit
from analysis.assign import Assigned, Rule, assign, joined
from analysis.choose import joining, number_of_themes
from analysis.cluster import CLOSE, Neighbourhood, centres, group, nearest, neighbourhood, refine, spread
from analysis.corpus import Corpus
from analysis.known import EARLIER, Known, gather
from analysis.layout import Layout, lay_out
from analysis.stability import stability
from analysis.teach import NAME, Lesson, Teacher, belong, learn
from analysis.types import Comment, Map, NothingToGroup, Options, Progress
from analysis.vectors import backend

_STARTS, _FEWER, _MANY = 10, 4, 2_000
"""Attempts of the final k-means; fewer from so many texts, whose groups depend less on chance."""
_GROUPED = Rule(second=0.97)
"""Groups are compared by likeness, which differs less between themes than scores do."""
_TAUGHT_OWN = 0.5
"""Weight of either view learnt from the comments where examples teach: they tell which words matter."""
_FEWEST = 5
"""Texts that make a new theme beside those that exist, and that show what the name of an empty one means."""
_LIKE = 0.1
"""Likeness to a name from which a text may show what it means."""
_MOST_NONE = 0.15
"""At most this share is placed nowhere by what people put nowhere."""


@dataclass(frozen=True)
class Ground:
    """The texts to look among, laid out."""

    layout: Layout
    fitted: Ints
    """Documents that themes are found in."""
    points: Floats
    """Shape (fitted, d): their points, rows of length one."""
    places: Neighbourhood
    """Their neighbours."""

    @property
    def smooth(self) -> Floats:
        """Points averaged with their neighbours, twice: short comments are filled out."""
        return self.places.average(self.places.average(self.points))


@dataclass(frozen=True)
class Found:
    """Themes as columns of numbers, before they are described."""

    assigned: Assigned
    """Where every document belongs."""
    known: Known
    """Themes that existed already: the first columns."""
    count: int
    """Number of themes."""
    stability: list[float | None]
    """Per theme."""


def lay_ground(
    comments: Sequence[Comment],
    corpus: Corpus,
    options: Options,
    known: Ints,
    spread_out: Map = map,
    *,
    taught: bool = False,
) -> Ground:
    """Choose the documents that themes are found in, and lay them out.

    Parameters
    ----------
    comments : sequence of Comment
        In input order.
    corpus : Corpus
        The same comments as texts.
    options : Options
        Vectors, sample and seed.
    known : array of int64
        Documents to have in any case.
    spread_out : callable
        Like the built-in `map`.
    taught : bool
        Examples will teach, even if there are none yet.

    Returns
    -------
    Ground

    Raises
    ------
    NothingToGroup
        When fewer than two texts have anything in common with others.
    """
    layout = lay_out(comments, corpus, backend(options.vectors), options.sample, options.seed)
    if taught or len(known):
        layout = replace(layout, own=max(layout.own, _TAUGHT_OWN))
    first = np.arange(min(options.sample, len(corpus)))
    fitted = np.union1d(first, known[: options.sample])
    points = np.concatenate([part for _, part in layout.blocks(fitted)])
    inside = points.any(axis=1)
    if inside.sum() < 2:
        raise NothingToGroup(
            f"The {len(corpus):,} different comments share no words: there is nothing to group them by."
        )
    places = neighbourhood(points[inside], options.seed, spread_out)
    return Ground(layout, fitted[inside], points[inside], places)


def find(
    comments: Sequence[Comment], corpus: Corpus, options: Options, report: Progress, spread_out: Map
) -> Found:
    """Find themes.

    Parameters
    ----------
    comments : sequence of Comment
        In input order.
    corpus : Corpus
        The same comments as texts.
    options : Options
        How to look, and what is known.
    report : callable
        Told of progress.
    spread_out : callable
        Like the built-in `map`.

    Returns
    -------
    Found
    """
    known = gather(comments, corpus, options)
    report(0.15, "Learning the words")
    ground = lay_ground(comments, corpus, options, known.documents, spread_out)
    report(0.4, "Choosing the number of themes")
    number = options.themes or number_of_themes(
        ground.places, options.most_themes, options.granularity, options.seed
    )
    report(0.6, "Grouping the comments")
    if known.count:
        scores, rule, count = _beside(ground, known, number, options)
        first, alone = None, None
    else:
        groups = _group(comments, corpus, ground, number, options)
        count, rule, first = int(groups.max()) + 1, _GROUPED, groups
        smooth = ground.smooth
        middles = centres(smooth, groups)
        scores, alone = np.clip(smooth @ middles.T, 0, 1), ground.points @ middles.T
    report(0.7, "Placing every comment")
    assigned = _everywhere(corpus, ground, known, scores, rule, first, alone)
    report(0.75, "Checking stability")
    return Found(assigned, known, count, _steady(ground, assigned, count, options, spread_out))


def _steady(
    ground: Ground, assigned: Assigned, count: int, options: Options, spread_out: Map
) -> list[float | None]:
    groups = assigned.best[ground.fitted]
    return stability(ground.points, groups, count, options.resamples, options.seed, spread_out)


def sort_in(comments: Sequence[Comment], corpus: Corpus, options: Options, report: Progress) -> Found:
    """Place texts by the themes that people named, and find no others.

    Parameters
    ----------
    comments, corpus, options, report
        See `find`.

    Returns
    -------
    Found
        Without stability.
    """
    known = gather(comments, corpus, replace(options, earlier=None))
    report(0.15, "Learning the words")
    ground = lay_ground(comments, corpus, options, known.documents)
    report(0.6, "Placing every comment")
    teacher, points = teach(ground, known)
    second, most_nowhere = 0.9 if known.several else 2.0, min(_MOST_NONE, known.none_share)
    rule = Rule(second, far=1.0, alone=1.0, most_nowhere=most_nowhere)
    assigned = _everywhere(corpus, ground, known, teacher.scores(points), rule)
    return Found(assigned, known, known.count, [None] * known.count)


def _group(
    comments: Sequence[Comment], corpus: Corpus, ground: Ground, number: int, options: Options
) -> Ints:
    """Group the fitted documents where no theme is known, minding which ones were put together or told
    apart."""
    axes = unite(comments, corpus, ground.fitted, ground.places.axes, options.decisions)
    groups = group(axes, number, options.seed, _STARTS if len(axes) < _MANY else _FEWER)
    return divide(comments, corpus, ground.fitted, axes, groups, options.decisions)


def teach(ground: Ground, known: Known) -> tuple[Teacher, Floats]:
    """Learn from what is known.

    Parameters
    ----------
    ground : Ground
        The texts.
    known : Known
        Themes, with their names and examples.

    Returns
    -------
    Teacher
    array, shape (fitted, 2 d)
        Points of the fitted documents, to ask it about.
    """
    points = unit(np.hstack([ground.points, ground.smooth]))
    return learn(_lesson(ground, known, points, known.count)), points


def _lesson(ground: Ground, known: Known, points: Floats, themes: int) -> Lesson:
    weights, belongs = known.weights[ground.fitted], known.themes[ground.fitted]
    given = np.flatnonzero(weights)
    wide = np.zeros((len(given), themes))
    wide[:, : known.count] = belongs[given]
    examples = Lesson(points[given], wide, weights[given])
    if not known.names:
        return examples
    named = np.eye(len(known.names), themes)
    examples += Lesson(_named(ground, known.names), named, np.full(len(named), NAME))
    rows, columns = _like_names(ground, known)
    return examples + Lesson(points[rows], named[columns], np.full(len(rows), EARLIER))


def _like_names(ground: Ground, known: Known) -> tuple[Ints, Ints]:
    """Return the texts nearest to the names of themes without an example, and which name each is near to."""
    bare = np.flatnonzero(~known.themes[:, : len(known.names)].any(axis=0))
    if not len(bare):
        return bare, bare
    points = ground.layout.texts([known.names[name] for name in bare], _usual_language(ground))
    near, likeness = nearest(points, ground.points, min(_FEWEST, len(ground.points)))
    alike = likeness > _LIKE
    return near[alike], np.repeat(bare[:, None], near.shape[1], axis=1)[alike]


def _usual_language(ground: Ground) -> str:
    languages = Counter(ground.layout.corpus.languages)
    return min(languages, key=lambda language: (-languages[language], language))


def _named(ground: Ground, names: Sequence[str]) -> Floats:
    """Return the points of theme names, with the neighbours that they would have."""
    points = ground.layout.texts(names, _usual_language(ground))
    near, _ = nearest(points, ground.points, min(CLOSE, len(ground.points)))
    smooth = unit(points + ground.smooth[near].sum(axis=1))
    return unit(np.hstack([points, smooth]))


def _beside(ground: Ground, known: Known, number: int, options: Options) -> tuple[Floats, Rule, int]:
    """Score the themes that are known, and new ones beside them."""
    teacher, points = teach(ground, known)
    scores = teacher.scores(points)
    rule = Rule(second=0.9 if known.several else 0.97, most_nowhere=0.1)
    more = _new_groups(ground, known, scores, number, options)
    count = int(more.max()) + 1
    if count <= 0:
        return scores, rule, known.count
    inside = np.flatnonzero(more >= 0)
    themes = np.hstack([np.zeros((len(inside), known.count)), belong(more[inside], count)])
    lesson = _lesson(ground, known, points, known.count + count)
    lesson += Lesson(points[inside], themes, np.full(len(inside), EARLIER))
    return learn(lesson).scores(points), rule, known.count + count


def _new_groups(ground: Ground, known: Known, scores: Floats, number: int, options: Options) -> Ints:
    """Return groups of documents beside the known themes, numbered from 0; -1 for the others.

    Where the number of themes was not asked for, a group that would better be joined to a known theme is no
    new one.
    """
    axes = ground.places.axes
    if number <= known.count:
        return np.full(len(axes), -1)
    fixed = _main(known, ground.fitted)
    rows, columns = _like_names(ground, known)
    start = fixed.copy()
    start[rows] = np.where(fixed[rows] < 0, columns, fixed[rows])
    middles = np.stack([_middle(axes, start == theme, scores[:, theme]) for theme in range(known.count)])
    middles = spread(axes, middles, number, np.random.default_rng(options.seed))
    groups, _ = refine(axes, middles, fixed)
    sizes = np.bincount(groups, minlength=len(middles))
    if options.themes is None:
        apart = joining(ground.places.graph, groups, len(middles))[:, : known.count].max(axis=1) <= 0
        kept = apart & (sizes >= _FEWEST)
    else:
        kept = sizes > 0
    kept[: known.count] = False
    column = np.where(kept, np.cumsum(kept) - 1, -1)
    return np.asarray(column[groups])


def _main(known: Known, documents: Ints) -> Ints:
    """Return the main theme of documents of which it is known; -1 for the others."""
    if not known.count:
        return np.full(len(documents), -1)
    themes = known.themes[documents]
    return np.where(themes.any(axis=1), themes.argmax(axis=1), -1)


def _middle(axes: Floats, inside: NDArray[np.bool_], scores: Floats) -> Floats:
    """Return the middle of a theme: of its examples or, where it has but a name, of the texts that fit it
    best."""
    rows = np.flatnonzero(inside) if inside.any() else np.argsort(-scores, kind="stable")[:_FEWEST]
    return np.asarray(unit(axes[rows].mean(axis=0, keepdims=True))[0])


def _everywhere(
    corpus: Corpus,
    ground: Ground,
    known: Known,
    scores: Floats,
    rule: Rule,
    first: Ints | None = None,
    alone: Floats | None = None,
) -> Assigned:
    """Assign the fitted documents by their scores, and all others by what these teach."""
    themes = scores.shape[1]
    start = first if first is not None else _main(known, ground.fitted)
    inside = assign(scores, np.ones(len(scores), dtype=bool), rule, start, alone)
    rest = np.setdiff1d(np.arange(len(corpus)), ground.fitted)
    parts = [inside]
    if len(rest):
        teacher = learn(Lesson(ground.points, belong(inside.best, themes), np.ones(len(scores))))
        for part, points in ground.layout.blocks(rest):
            there = np.asarray(points.any(axis=1))
            parts.append(assign(teacher.scores(points), there, rule_for_rest(rule), _main(known, part)))
    everywhere = joined(parts).ordered(np.concatenate([ground.fitted, rest]))
    fixed = _main(known, np.arange(len(corpus)))
    return replace(everywhere, first=np.where(fixed >= 0, fixed, everywhere.first))


def rule_for_rest(rule: Rule) -> Rule:
    """Return the rule for texts that are placed by scores, whatever the others were placed by."""
    return replace(rule, second=min(rule.second, 0.9)) if rule is _GROUPED else rule
