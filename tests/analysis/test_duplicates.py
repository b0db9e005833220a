"""Duplicates: what counts as the same, how many are found, and how fast."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.duplicates import DuplicateGroup, duplicates

WORDS = [
    f"{first}{second}" for first in ("bus", "road", "park", "tax", "lib") for second in map(str, range(60))
]


def sentences(count: int, seed: int) -> list[str]:
    """Make different sentences of 15 to 30 words."""
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=draw.randint(15, 30))) for _ in range(count)]


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the word triples of a text, padded at its start as the library does."""
    words = ["", "", *text.split()]
    return set(zip(words, words[1:], words[2:], strict=False))


def jaccard(one: str, other: str) -> float:
    return len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))


def test_exact_copies_whatever_capitals_and_punctuation() -> None:
    texts = ["Fix the road!", "Open the library", "FIX  the road", "fix, the road…"]
    assert duplicates(texts) == (DuplicateGroup((0, 2, 3), exact=True),)


def test_a_near_copy_is_grouped_as_near() -> None:
    letter = " ".join(WORDS[:40])
    assert duplicates([letter, letter + " signed", letter]) == (DuplicateGroup((0, 1, 2), exact=False),)
    assert duplicates([letter, " ".join(WORDS[:20])]) == ()


def test_texts_without_words() -> None:
    assert duplicates([]) == ()
    assert duplicates(["", "  ", "\n"]) == ()
    assert duplicates(["👍", "👎", "👍"]) == (DuplicateGroup((0, 2), exact=True),)


def test_planted_near_copies_are_found_and_nothing_else() -> None:
    originals, draw = sentences(1500, seed=1), random.Random(2)
    changed = []
    for text in originals:
        words = text.split()
        for _ in range(draw.randint(1, 2)):
            words[draw.randrange(len(words))] = "changed"
        changed.append(" ".join(words))
    texts = originals + changed
    near = {(n, n + 1500) for n in range(1500) if jaccard(originals[n], changed[n]) >= 0.8}
    found = {group.positions for group in duplicates(texts)}
    assert len(near) >= 100
    assert len(near & found) >= 0.9 * len(near)
    assert all(jaccard(texts[pair[0]], texts[pair[1]]) >= 0.8 for pair in found if len(pair) == 2)


def test_many_copies_and_many_alike_take_linear_time() -> None:
    start = time.process_time()
    assert len(duplicates(["the same sentence again"] * 50_000)) == 1
    template = " ".join(WORDS[:30])
    alike = duplicates([f"{template} number {number}" for number in range(5_000)])
    assert [len(group.positions) for group in alike] == [5_000]
    assert time.process_time() - start < 5


def test_fast_enough_for_an_import() -> None:
    texts = sentences(20_000, seed=3)
    start = time.process_time()
    assert duplicates(texts) == ()
    assert len(texts) / (time.process_time() - start) > 15_000


@pytest.mark.parametrize("similarity", [0, -1, 1.01])
def test_similarity_out_of_range(similarity: float) -> None:
    with pytest.raises(ValueError, match="similarity must be"):
        duplicates([], similarity)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="ab c!\ud800\u0301É", max_size=12), max_size=30))
def test_groups_are_disjoint_sorted_and_hold_all_exact_copies(texts: list[str]) -> None:
    groups = duplicates(texts)
    positions = [position for group in groups for position in group.positions]
    assert len(positions) == len(set(positions))
    assert all(list(group.positions) == sorted(group.positions) for group in groups)
    home = {position: number for number, group in enumerate(groups) for position in group.positions}
    for one, text in enumerate(texts):
        for other in range(one + 1, len(texts)):
            if text.strip() and text == texts[other]:
                assert home[one] == home[other]
