"""Campaigns: form letters that people sent as they were, or made a little their own.

A letter inside a longer text is found by winnowing (Schleimer, Wilkerson and Aiken 2003): two texts with
eight words in a row in common share a fingerprint. Each pair is then checked on its shingles, so that a pair
found is a pair that holds; every text is checked against a fixed number of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.near import near, near_only
from analysis.pairs import Flags, Hashes, Ints, Pairs, beside, fresh, grouped, join, repeated
from analysis.shingles import SHINGLE, Different, scramble

Variation = Literal["same", "edited", "added before", "added after", "added around", "shortened"]
"""How a comment differs from its letter; "same" when not at all, "edited" when in its words only."""

LEAST_CAMPAIGN = 5
"""Comments that make a campaign: fewer may be one household, or the same thought in the same few words."""
LEAST_WORDS = 6
"""Words of the shortest letter: "please fix the roads" is written word for word by strangers."""

_SHARED, _PART, _LONGER = 12, 0.5, 8
"""A letter inside a longer text: at least 12 shingles in common (a prompt that is said again has fewer), half
of the shorter text's, and neither text more than 8 times as long as the other."""
_WINDOW = 4
"""Fingerprints of which winnowing keeps the lowest: five words each, so a run of eight shares one."""
_CORE = 0.6
"""A shingle that so much of a group has speaks for a text to be its letter; a rarer one against it."""
_ROUNDS = 8
"""Times that what did not fit its group's letter is grouped again."""
_ADDED = 3
"""Words at an end that count as added or left out: fewer are a name or a greeting."""
_NONE = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Comments that send the same letter, whole or in part, with or without words of their own."""

    positions: tuple[int, ...]
    """Positions of the comments, in input order; `LEAST_CAMPAIGN` or more."""
    representative: int
    """Position of the comment that comes nearest to the letter itself; the first of its copies."""
    spellings: int
    """Texts that differ in more than capitals, blanks and punctuation; 1 when all are copies."""
    variations: tuple[Variation, ...]
    """For each of `positions`, how it differs from the representative."""
    audiences: Mapping[str, int]
    """Comments per audience, by name; empty when no audiences are known."""

    @property
    def size(self) -> int:
        """Number of comments."""
        return len(self.positions)


def campaigns(
    texts: Sequence[str], audiences: Sequence[str | None] | None = None, similarity: float = 0.8
) -> tuple[Campaign, ...]:
    """Find form letters: comments that say the same or nearly the same, or hold the same letter.

    A comment belongs to a campaign when it is a near duplicate of its representative, or when at least half
    of the shorter of the two, and no less than twelve three-word shingles (14 words in a row), is in both: a
    letter with a sentence of one's own before, after or around it, or a part of it. Every comment is in one
    campaign at most. One that holds two letters goes with the one it shares more groups with, or with none.

    Parameters
    ----------
    texts : sequence of str
        Any texts. In scripts written without spaces every character counts as a word.
    audiences : sequence of str or None, optional
        Audience of each text, None where unknown.
    similarity : float
        Least Jaccard similarity of two near duplicates, above 0 and at most 1.

    Returns
    -------
    tuple of Campaign
        Largest first, equal sizes by their first comment.

    Raises
    ------
    ValueError
        When `similarity` is out of range, or `audiences` and `texts` differ in number.

    Examples
    --------
    >>> letter = "Please keep our library open on Sundays, as our children have nowhere else to read."
    >>> notes = [letter] * 4 + [letter + " My son is nine and reads a lot.", "Fix the road"]
    >>> found = campaigns(notes, ["mail"] * 3 + ["web"] * 3)[0]
    >>> found.size, found.spellings, found.variations[-1], dict(found.audiences)
    (5, 2, 'added after', {'mail': 3, 'web': 2})
    """
    if audiences is not None and len(audiences) != len(texts):
        raise ValueError(
            f"Give one audience per text: there are {len(audiences)} audiences for {len(texts)} texts."
        )
    different = Different(texts)
    nearest = near(different, similarity)
    first, second = _letter_pairs(different)
    ties = np.concatenate([nearest, first]), np.concatenate([np.arange(len(nearest)), second])
    found = (
        _campaign(different, letter, members, audiences)
        for letter, members in _letters(different, ties, similarity)
    )
    return tuple(sorted(found, key=lambda campaign: (-campaign.size, campaign.positions)))


def _letter_pairs(different: Different) -> Pairs:
    """Return pairs of texts of which one holds much of the other."""
    values, rows = _fingerprints(different)
    order = np.argsort(values, kind="stable")
    order = order[repeated(values[order])]
    # The shortest text of a bucket comes nearest to a bare letter, so all are compared with it.
    order = order[np.lexsort((rows[order], different.words[rows[order]], values[order]))]
    first, second = beside(values[order], rows[order], 1)
    held = _holds(different, first, second)
    return first[held], second[held]


def _fingerprints(different: Different) -> tuple[Hashes, Ints]:
    """Return the winnowed fingerprints of all texts, and the row of each."""
    shingles, starts = different.shingles, different.starts
    row_of = np.repeat(np.arange(len(different.words)), different.words)
    # Shingles two apart cover five words; the first two of a text are padded, the last two have no partner.
    place = np.arange(len(shingles)) - starts[row_of]
    whole = (place >= SHINGLE - 1) & (place < different.words[row_of] - SHINGLE + 1)
    fives = scramble(shingles[:-2] + scramble(shingles[2:]))
    fives = np.append(fives, np.full(len(shingles) - len(fives), _NONE))
    fives[~whole] = _NONE
    lowest = fives.copy()
    for step in range(1, _WINDOW):
        lowest[:-step] = np.minimum(lowest[:-step], fives[step:])
    last = different.words[row_of] - SHINGLE + 1 - _WINDOW
    kept = whole & (place <= np.maximum(last, SHINGLE - 1))
    lowest, row_of = lowest[kept], row_of[kept]
    first = fresh(lowest, row_of)
    return lowest[first], row_of[first]


def _holds(different: Different, first: Ints, second: Ints) -> Flags:
    """Return for each pair whether one text is, in good part, inside the other."""
    sizes = different.sizes[first], different.sizes[second]
    least = np.minimum(*sizes)
    possible = (least >= _SHARED) & (np.maximum(*sizes) <= _LONGER * least)
    shared = different.shared(first[possible], second[possible])
    held = np.zeros(len(first), dtype=np.bool_)
    held[possible] = (shared >= _SHARED) & (shared >= _PART * least[possible])
    return held


def _letters(different: Different, ties: Pairs, similarity: float) -> Iterator[tuple[int, Ints]]:
    """Yield letters and the rows that send them; what does not fit its group's letter is grouped again."""
    left = np.ones(len(different.words), dtype=np.bool_)
    for _ in range(_ROUNDS):
        both = left[ties[0]] & left[ties[1]]
        groups = join(np.arange(len(left)), ties[0][both], ties[1][both])
        weights = np.bincount(groups, different.copies * left, minlength=len(left))
        rows = np.flatnonzero(left & (weights[groups] >= LEAST_CAMPAIGN))
        if not len(rows):
            return
        letter = _letter_of(different, rows, groups[rows])
        fits = _sends(different, letter, rows, similarity)
        rows, letter = rows[fits], letter[fits]
        left[rows] = False
        for lead, members in zip(np.unique(letter).tolist(), grouped(rows, letter), strict=True):
            enough = different.copies[members].sum() >= LEAST_CAMPAIGN
            if enough and different.words[lead] >= LEAST_WORDS:
                yield lead, members


def _letter_of(different: Different, rows: Ints, groups: Ints) -> Ints:
    """Return for each row the one of its group that comes nearest to what most of them say."""
    sets = different.sets[rows]
    lengths = np.diff(sets.indptr)
    group_of, copies = np.repeat(groups, lengths), np.repeat(different.copies[rows], lengths)
    kinds = scramble(sets.indices.astype(np.uint64) + scramble(group_of.astype(np.uint64)))
    kind_of = np.unique(kinds, return_inverse=True)[1]
    heard = np.bincount(kind_of, copies)[kind_of]
    weights = np.bincount(groups, different.copies[rows])[group_of]
    scores = np.add.reduceat(heard / weights - _CORE, sets.indptr[:-1])
    order = np.lexsort((rows, -scores, groups))
    firsts = order[np.append(True, np.diff(groups[order]) != 0)]
    best: Ints = rows[firsts][np.searchsorted(groups[firsts], groups)]
    return best


def _sends(different: Different, letters: Ints, rows: Ints, similarity: float) -> Flags:
    """Return for each row whether it sends the letter: nearly the same text, or one inside the other."""
    alike = near_only(different, letters, rows, similarity)[1]
    return np.logical_or(np.isin(rows, alike), _holds(different, letters, rows))


def _campaign(
    different: Different, letter: int, rows: Ints, audiences: Sequence[str | None] | None
) -> Campaign:
    kinds = _variations(different, letter, rows)
    varied = {place: kind for row, kind in kinds for place in different.places[row]}
    positions = tuple(sorted(varied))
    heard = Counter(audiences[place] for place in positions) if audiences else Counter()
    return Campaign(
        positions=positions,
        representative=different.places[letter][0],
        spellings=len(rows),
        variations=tuple(varied[place] for place in positions),
        audiences={name: heard[name] for name in sorted(filter(None, heard))},
    )


def _variations(different: Different, letter: int, rows: Ints) -> Iterator[tuple[int, Variation]]:
    """Yield each row and how it differs from the letter."""
    written = _shingle_list(different, letter)
    first_at = {shingle: place for place, shingle in reversed(list(enumerate(written)))}
    last_at = {shingle: len(written) - place for place, shingle in enumerate(written)}
    for row in rows.tolist():
        if row == letter:
            yield row, "same"
            continue
        said = _shingle_list(different, row)
        before = next(place - first_at[shingle] for place, shingle in enumerate(said) if shingle in first_at)
        ends = enumerate(reversed(said), start=1)
        after = next(place - last_at[shingle] for place, shingle in ends if shingle in last_at)
        yield row, _variation(before, after)


def _shingle_list(different: Different, row: int) -> list[int]:
    found: list[int] = different.shingles[different.starts[row] : different.starts[row + 1]].tolist()
    return found


def _variation(before: int, after: int) -> Variation:
    """Name a difference by the words more (or, below 0, fewer) at the start and at the end."""
    if before >= _ADDED and after >= _ADDED:
        return "added around"
    if max(before, after) >= _ADDED:
        return "added before" if before >= _ADDED else "added after"
    return "shortened" if min(before, after) <= -_ADDED else "edited"
