"""Comments as different texts."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Comment, NothingToGroup, TooFew
from analysis.corpus import Corpus, count, read, take
from analysis.text import runs, stems_of
from tests.analysis.corpus_of_notes import notes, study

WORDS = ("bus", "buses", "Bus", "late", "park", "the", "of", "?", "😀", "library", "\ud800", "tree")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), min_size=2, max_size=25)


def corpus_of(texts: Sequence[str], minimum: int = 2) -> Corpus:
    return read([Comment(str(n), text, language="en") for n, text in enumerate(texts)], minimum)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS)
def test_a_document_is_a_row_of_stems(texts: list[str]) -> None:
    stems = [tuple(s for run in runs(text) for s in stems_of(run, "en")) for text in texts]
    different = {row for row in stems if row}
    if len(different) < 2 or sum(map(bool, stems)) < 2:
        with pytest.raises(NothingToGroup):
            corpus_of(texts)
        return
    corpus = corpus_of(texts)
    assert len(corpus) == len(different)
    for row, document, reason in zip(stems, corpus.rows.tolist(), corpus.reasons, strict=True):
        assert (document < 0) == (not row) == (reason is not None)
        if row:
            assert corpus.stems_in(document) == set(row)
            assert corpus.copies[document] == stems.count(row)
            found = corpus.counts[document].toarray()[0]
            assert {corpus.stems[i]: int(found[i]) for i in np.flatnonzero(found)} == {
                s: row.count(s) for s in row
            }
            spoken = corpus.spoken(np.array([document])).toarray()[0]
            said = {corpus.words[i][0]: int(spoken[i]) for i in np.flatnonzero(spoken)}
            example = runs(texts[corpus.examples[document]])
            assert said == {word: example.count(word) for word in example}


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS, seed=st.integers(0, 99))
def test_the_order_of_comments_and_their_ids_do_not_matter(texts: list[str], seed: int) -> None:
    texts = [*texts, "bus late", "park tree", "library"]
    order = random.Random(seed).sample(range(len(texts)), len(texts))
    one, other = corpus_of(texts), corpus_of([texts[position] for position in order])
    assert (one.stems, one.words, len(one)) == (other.stems, other.words, len(other))
    assert (one.counts != other.counts).nnz == 0
    assert (one.tokens.tolist(), one.starts.tolist()) == (other.tokens.tolist(), other.starts.tolist())
    assert one.rows[order].tolist() == other.rows.tolist()
    assert one.copies.tolist() == other.copies.tolist()
    everything = np.arange(len(one))
    assert (one.spoken(everything) != other.spoken(everything)).nnz == 0
    examples = [[texts[n] for n in one.examples], [texts[order[n]] for n in other.examples]]
    assert examples[0] == examples[1]


def test_word_order_makes_another_text_and_signs_do_not() -> None:
    corpus = corpus_of(["dog bites man", "man bites dog", "Man bites dog!", "the MAN, bites: the dog"])
    assert len(corpus) == 2
    assert len(set(corpus.rows[1:].tolist())) == 1
    assert corpus.rows[0] != corpus.rows[1]


def test_documents_keep_their_order_when_more_come_in() -> None:
    some = [comment.text for comment in study(300)]
    few, all_of_them = corpus_of(some[:200]), corpus_of(some)
    place_of = {some[n]: number for number, n in enumerate(all_of_them.examples.tolist())}
    places = [place_of[some[n]] for n in few.examples.tolist()]
    assert places == sorted(places)


def test_reasons_and_errors() -> None:
    texts = ["bus late", "park tree", "", " ?! ", "the of and", "12", "x" * 200]
    assert corpus_of(texts).reasons == (None, None, "too short", "too short", *["no content words"] * 3)
    with pytest.raises(TooFew, match=r"^2 comments are too few: 3 are needed$"):
        corpus_of(texts, 3)
    with pytest.raises(NothingToGroup, match=r"^None of the 5 comments has words to group by\.$"):
        corpus_of(texts[2:])
    with pytest.raises(NothingToGroup, match=r"^All 3 comments say the same: there is nothing to group\.$"):
        corpus_of(["bus late", "Bus late.", "the bus, late", ""])
    with pytest.raises(TooFew, match=r"^0 comments are too few: 2 are needed$"):
        read([], 2)


def test_languages_are_stemmed_by_their_own_rules() -> None:
    texts = [("las bibliotecas", "es"), ("biblioteca", "es"), ("the buses", "en"), ("公交车很慢", "zh")]
    corpus = read([Comment(str(n), text, language=code) for n, (text, code) in enumerate(texts)], 2)
    assert corpus.rows[0] == corpus.rows[1]
    assert {"bibliotec", "bus", "公交"} <= set(corpus.stems)
    assert ("buses", "en") in corpus.words
    assert corpus.languages == ("es", "es", "en", "zh")


def test_take_and_count() -> None:
    tokens, bounds = np.array([5, 1, 1, 2, 0]), np.array([0, 1, 3, 3, 5])
    flat, starts = take(tokens, bounds, np.array([3, 2, 1]))
    assert (flat.tolist(), starts.tolist()) == ([2, 0, 1, 1], [0, 2, 2, 4])
    assert count(flat, starts, 6).toarray().astype(int).tolist() == [
        [1, 0, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 2, 0, 0, 0, 0],
    ]


def test_reading_takes_linear_time() -> None:
    def seconds(times: int) -> float:
        comments = [Comment(c.id, f"{c.text} {n}00", language="en") for n in range(times) for c in notes()]
        start = time.process_time()
        read(comments, 20)
        return time.process_time() - start

    seconds(20)
    assert seconds(320) < 4 * 4 * max(seconds(80), 0.02)
