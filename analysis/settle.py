"""From documents back to comments: every decision of people is kept, whatever the machine found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from analysis.corpus import Corpus
from analysis.decisions import Decisions, spread
from analysis.find import Found
from analysis.types import Comment

_VOTE = 1_000_000
"""What one comment counts when a group chooses its theme; how well it fits breaks ties."""

Placed = tuple[tuple[int, float], ...]
"""Columns of the themes of a comment with their weights, best first."""


def settle(
    comments: Sequence[Comment], corpus: Corpus, found: Found, decisions: Decisions
) -> tuple[list[Placed], frozenset[int]]:
    """Place every comment.

    Parameters
    ----------
    comments, corpus
        The study.
    found : Found
        Where documents belong.
    decisions : Decisions
        What people decided.

    Returns
    -------
    list
        Per comment, the themes it is in.
    frozenset of int
        Positions of the comments in no theme because people decided so.
    """
    placed = _as_found(corpus, found)
    if not decisions:
        return placed, frozenset()
    return _as_decided(comments, corpus, found, decisions, placed)


def _as_found(corpus: Corpus, found: Found) -> list[Placed]:
    """Return the placements of comments, which all copies of a text share."""
    assigned = found.assigned
    first, second = assigned.first.tolist(), assigned.second.tolist()
    weights = assigned.weights.astype(float).round(4).tolist()
    per_document: list[Placed] = [
        () if one < 0 else ((one, weight),) if other < 0 else ((one, weight), (other, less))
        for one, other, (weight, less) in zip(first, second, weights, strict=True)
    ]
    per_document.append(())  # for the comments of no document, whose row is -1
    return [per_document[row] for row in corpus.rows.tolist()]


def _as_decided(
    comments: Sequence[Comment], corpus: Corpus, found: Found, decisions: Decisions, placed: list[Placed]
) -> tuple[list[Placed], frozenset[int]]:
    number = {name: column for column, name in enumerate(found.known.names)}
    decided = spread(decisions)
    positions = _positions(comments, decisions, decided)
    final: dict[str, Placed] = {
        comment: tuple((number[name], 1.0) for name in names)
        for comment, names in decided.items()
        if comment in positions
    }
    avoided = _told_apart(decisions)
    for group in _groups(decisions, positions, final, placed):
        final |= dict.fromkeys(group, _choose(group, corpus, found, positions, placed, final, avoided))
    for comment, themes in final.items():
        for position in positions[comment]:
            placed[position] = themes
    nowhere = (
        comment for comment, themes in final.items() if not themes and _set_apart(comment, decided, avoided)
    )
    return placed, frozenset(position for comment in nowhere for position in positions[comment])


def _set_apart(comment: str, decided: Mapping[str, tuple[str, ...]], avoided: Mapping[str, set[str]]) -> bool:
    return comment in decided or comment in avoided


def _positions(
    comments: Sequence[Comment], decisions: Decisions, decided: Mapping[str, tuple[str, ...]]
) -> dict[str, list[int]]:
    """Return where the comments stand about which something was decided."""
    wanted = {*decided, *(comment for pair in decisions.apart for comment in pair)}
    wanted |= {comment for group in decisions.together for comment in group}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, comment in enumerate(comments):
        if comment.id in wanted:
            found[comment.id].append(position)
    return found


def _told_apart(decisions: Decisions) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in decisions.apart:
        found[one].add(other)
        found[other].add(one)
    return found


def _groups(
    decisions: Decisions,
    positions: Mapping[str, list[int]],
    final: Mapping[str, Placed],
    placed: Sequence[Placed],
) -> Iterator[list[str]]:
    """Yield the comments that are still to be settled, those that go together in one list; the surest
    first."""
    groups = [sorted(comment for comment in group if comment in positions) for group in decisions.together]
    grouped = {comment for group in groups for comment in group}
    pairs = {comment for pair in decisions.apart for comment in pair}
    groups += [[comment] for comment in sorted(pairs - grouped) if comment in positions]
    waiting = [[comment for comment in group if comment not in final] for group in groups]

    def sureness(group: list[str]) -> float:
        return max(
            (weight for comment in group for _, weight in placed[positions[comment][0]][:1]), default=0.0
        )

    yield from sorted(filter(None, waiting), key=lambda group: (-sureness(group), group))


def _choose(
    group: Sequence[str],
    corpus: Corpus,
    found: Found,
    positions: Mapping[str, list[int]],
    placed: Sequence[Placed],
    final: Mapping[str, Placed],
    avoided: Mapping[str, set[str]],
) -> Placed:
    """Choose the themes of comments that go together, away from those that they were told apart from."""
    taken = {
        theme for comment in group for other in avoided.get(comment, ()) for theme, _ in final.get(other, ())
    }
    here = [position for comment in group for position in positions[comment]]
    left = [[pair for pair in placed[position] if pair[0] not in taken] for position in here]
    if len(group) == 1:
        return tuple(left[0])
    votes: Counter[int] = Counter()
    for pairs in left:
        for theme, weight in pairs[:1]:
            votes[theme] += _VOTE + round(weight * 10_000)
    if not votes:
        votes.update(theme for theme in _nearest_themes(corpus, found, here) if theme not in taken)
    if not votes:
        # Any theme will do but those of the others; the largest is the least bold guess.
        votes.update(theme for theme in found.assigned.best.tolist() if theme not in taken)
    if not votes:
        return ()
    theme = min(votes, key=lambda column: (-votes[column], column))
    weights = [weight for pairs in left for column, weight in pairs if column == theme]
    return ((theme, round(sum(weights) / len(weights), 4) if weights else 0.0),)


def _nearest_themes(corpus: Corpus, found: Found, here: Sequence[int]) -> Iterator[int]:
    """Yield the theme that fits best for comments that fit nowhere well."""
    for position in here:
        document = int(corpus.rows[position])
        if document >= 0:
            yield int(found.assigned.best[document])
