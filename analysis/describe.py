"""From groups to themes: everything a planner reads about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from analysis.breadth import breadth
from analysis.corpus import Corpus
from analysis.duplicates import duplicates
from analysis.find import Found
from analysis.known import Known
from analysis.label import Tally, keywords, names
from analysis.quotes import pick
from analysis.settle import Placed
from analysis.types import Comment, Options, Placement, Theme

_READ_FOR_NAMES = 80
"""Texts per theme to take names and keywords from, at most: the most typical half, and an even choice of the
rest."""
LONGEST_READ = 2_000
"""Characters of a text that are read for names."""


@dataclass(frozen=True)
class Counted:
    """Comments of themes and audiences, counted one way."""

    sizes: Counter[int]
    """Per column of a theme."""
    by_audience: Counter[tuple[int, str]]
    """Per column and audience."""
    totals: Counter[str]
    """All comments of each audience."""


def describe(
    comments: Sequence[Comment],
    corpus: Corpus,
    found: Found,
    placed: Sequence[Placed],
    options: Options,
) -> tuple[tuple[Theme, ...], dict[int, int]]:
    """Describe every theme.

    Parameters
    ----------
    comments : sequence of Comment
        In input order.
    corpus : Corpus
        The same comments as texts.
    found : Found
        The themes, and where documents belong.
    placed : sequence
        Per comment, the columns of its themes.
    options : Options
        How many keywords and quotes to give, and how copies count.

    Returns
    -------
    tuple of Theme
        Largest first, numbered from 1; without themes that hold nothing and that nobody named.
    dict of int to int
        Number of the theme of each column.
    """
    copy_of = _copies(comments)
    each, once = _count(comments, placed, None), _count(comments, placed, copy_of)
    main = once if options.duplicates == "once" else each
    columns = [
        column for column in range(found.count) if each.sizes[column] or column < len(found.known.names)
    ]
    order = sorted(
        columns, key=lambda column: (-main.sizes[column], _first_text(comments, found, corpus, column))
    )
    number = {column: position for position, column in enumerate(order, start=1)}
    tally = _tally(comments, corpus, found, order)
    labels = _labels(found, order, names(tally, len(order)), options)
    typical = {column: _typical(comments, corpus, found, placed, column) for column in order}
    typical |= _held(comments, placed, {column for column in order if not typical[column]})
    themes = []
    for position, column in enumerate(order):
        by_audience = {name: main.by_audience[column, name] for name in sorted(each.totals)}
        themes.append(
            Theme(
                id=position + 1,
                label=labels[position],
                keywords=keywords(tally, position, options.keywords),
                size=each.sizes[column],
                size_once=once.sizes[column],
                breadth=breadth(
                    tuple(by_audience.values()), tuple(main.totals[name] for name in by_audience)
                ),
                stability=found.stability[column],
                quotes=pick(typical[column], options.quotes),
                by_audience=by_audience,
                named=column < len(found.known.names),
                earlier=_earlier(found, column),
            )
        )
    return tuple(themes), number


def numbered(placed: Sequence[Placed], number: Mapping[int, int]) -> tuple[tuple[Placement, ...], ...]:
    """Return placements with the numbers of themes in the place of columns."""
    made: dict[Placed, tuple[Placement, ...]] = {}
    for themes in placed:
        if themes not in made:
            made[themes] = tuple(Placement(number[column], weight) for column, weight in themes)
    return tuple(made[themes] for themes in placed)


def _copies(comments: Sequence[Comment]) -> list[int]:
    """Return for each comment the first one that says the same or nearly so."""
    found = list(range(len(comments)))
    for group in duplicates([comment.text for comment in comments]):
        for position in group.positions:
            found[position] = group.positions[0]
    return found


def _count(comments: Sequence[Comment], placed: Sequence[Placed], copy_of: Sequence[int] | None) -> Counted:
    """Count comments, each one or, given the copies, each text once per theme and once per audience."""
    sizes: Counter[int] = Counter()
    by_audience: Counter[tuple[int, str]] = Counter()
    totals: Counter[str] = Counter()
    seen: set[int] = set()
    different = sorted({comment.audience or "" for comment in comments})
    audiences = {name: number for number, name in enumerate(different, start=1)}
    themes_at_most = 1 + max((column for themes in placed for column, _ in themes), default=0)

    def first(text: int, column: int, audience: str | None) -> bool:
        """Say whether a text is new for a theme (-1 for all of them) and an audience (None for all)."""
        if copy_of is None:
            return True
        # One number, not three: a million comments leave several million of these.
        key = (text * (len(audiences) + 1) + (audiences[audience] if audience else 0)) * (themes_at_most + 1)
        before = len(seen)
        seen.add(key + column + 1)
        return len(seen) > before

    for position, (comment, themes) in enumerate(zip(comments, placed, strict=True)):
        text = position if copy_of is None else copy_of[position]
        audience = comment.audience
        for column, _ in themes:
            if first(text, column, None):
                sizes[column] += 1
            if audience and first(text, column, audience):
                by_audience[column, audience] += 1
        if audience and first(text, -1, audience):
            totals[audience] += 1
    return Counted(sizes, by_audience, totals)


def _first_text(comments: Sequence[Comment], found: Found, corpus: Corpus, column: int) -> str:
    """Return what tells themes of one size apart, whatever the order of comments."""
    best = found.assigned.members(column)[:1]
    return comments[corpus.examples[best[0]]].text if len(best) else ""


def _earlier(found: Found, column: int) -> int | None:
    known = found.known
    if column < len(known.names):
        return known.continued.get(known.names[column])
    return known.earlier[column - len(known.names)] if column < known.count else None


def _labels(found: Found, order: Sequence[int], made: Sequence[str], options: Options) -> list[str]:
    """Return the names that people gave, the labels of the earlier run, and new ones; no two alike."""
    given = [_given(found.known, column, options) for column in order]
    taken = set(filter(None, given))
    labels = []
    for name, label in zip(given, made, strict=True):
        labels.append(name if name and name not in labels else _free(name or label, taken))
        taken.add(labels[-1])
    return labels


def _given(known: Known, column: int, options: Options) -> str:
    """Return the label that a theme has already; empty for a new one."""
    if column < len(known.names):
        return known.names[column]
    if column < known.count and options.earlier:
        label = options.earlier.labels.get(known.earlier[column - len(known.names)], "")
        return "" if label in known.names else label
    return ""


def _free(label: str, taken: Container[str]) -> str:
    """Return a label that no other theme has, with a number where it is needed."""
    numbered = (f"{label} ({times})" for times in count(2))
    return next(name for name in chain([label], numbered) if name not in taken)


def _typical(
    comments: Sequence[Comment], corpus: Corpus, found: Found, placed: Sequence[Placed], column: int
) -> list[Comment]:
    """Return comments of a theme that say different things, the most typical first."""
    texts = found.assigned.members(column)
    examples = corpus.examples[texts].tolist()
    return [comments[example] for example in examples if any(theme == column for theme, _ in placed[example])]


def _held(
    comments: Sequence[Comment], placed: Sequence[Placed], columns: Container[int]
) -> dict[int, list[Comment]]:
    """Return the comments of themes that people alone filled, by alphabet: no text is typical of these."""
    found: defaultdict[int, list[Comment]] = defaultdict(list)
    for comment, themes in zip(comments, placed, strict=True):
        for column, _ in themes:
            if column in columns and comment.text.strip():
                found[column].append(comment)
    return {column: sorted(held, key=_by_alphabet) for column, held in found.items()}


def _by_alphabet(comment: Comment) -> tuple[str, str]:
    return comment.text, comment.id


def _tally(comments: Sequence[Comment], corpus: Corpus, found: Found, order: Sequence[int]) -> Tally:
    """Count the phrases of each theme in its most typical texts and an even choice of the others; only those
    in its usual language, in which it is named."""
    tally = Tally()
    for theme, column in enumerate(order):
        texts = found.assigned.members(column)
        half = _READ_FOR_NAMES // 2
        rest = texts[half:]
        read = [*texts[:half].tolist(), *rest[:: 1 + len(rest) // half].tolist()]
        languages = Counter(corpus.languages[corpus.examples[text]] for text in read)
        usual = min(languages, key=lambda language: (-languages[language], language), default="")
        for text in read:
            example = corpus.examples[text]
            if corpus.languages[example] == usual:
                tally.add(comments[example].text[:LONGEST_READ], usual, theme, corpus.stems_in(text))
    return tally
