"""Blacking out: nothing of a span is left, all else stays, and no character is cut."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.redaction import MARK, find_words, merged, pieces, redacted

SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)
TEXTS = st.text(st.sampled_from("ab é\u0301\u200d👩🏽🇲🇽\r\n각\u1100\u1161"), max_size=40)


@given(TEXTS | st.text(max_size=40), SPANS)
def test_what_is_outside_stays_in_order_and_what_is_inside_goes(text: str, spans: list[tuple[int, int]]):
    parts = list(pieces(text, spans))
    assert "".join(part.text for part in parts) == text
    hidden = {place for start, end in spans for place in range(max(0, start), min(end, len(text)))}
    shown = {place for part in parts if not part.inside for place in range(*part.span)}
    assert hidden.isdisjoint(shown)
    # No two neighbours are of a kind: what is blacked out together is one mark.
    assert all(one.inside != other.inside for one, other in zip(parts, parts[1:], strict=False))
    assert redacted(text, spans) == "".join(MARK if part.inside else part.text for part in parts)


@given(TEXTS, SPANS)
def test_spans_are_in_order_apart_and_stay_when_merged_again(text: str, spans: list[tuple[int, int]]):
    found = merged(text, spans)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] < other[0] for one, other in zip(found, found[1:], strict=False))
    assert merged(text, found) == found
    assert merged(text, reversed(spans)) == found


@given(TEXTS, SPANS)
def test_no_mark_is_left_without_its_letter(text: str, spans: list[tuple[int, int]]):
    for start, end in merged(text, spans):
        for place in (start, end):
            if 0 < place < len(text):
                assert not unicodedata.combining(text[place])
                assert "\u200d" not in text[place - 1 : place + 1]


@pytest.mark.parametrize(
    ("text", "spans", "shown"),
    [
        ("Call Jane Doe now", [(5, 9), (10, 13)], "Call […] […] now"),
        ("Call Jane Doe now", [(5, 9), (9, 13)], "Call […] now"),
        ("Call Jane Doe now", [(5, 11), (7, 13)], "Call […] now"),
        ("Call Jane", [(5, 900)], "Call […]"),
        ("Call Jane", [(9, 5), (3, 3), (-9, -1)], "Call Jane"),
        ("Jose\u0301 said", [(0, 4)], "[…] said"),
        ("thumbs 👍🏽 up", [(7, 8)], "thumbs […] up"),
        ("a 👩\u200d👧 b", [(4, 5)], "a […] b"),
        ("🇲🇽 here", [(1, 2)], "[…] here"),
        ("", [(0, 4)], ""),
    ],
)
def test_examples(text: str, spans: list[tuple[int, int]], shown: str):
    assert redacted(text, spans) == shown


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("jane doe", ["Jane  Doe", "JANE DOE"]),
        ("José", ["Jose\u0301"]),
        ("jose", ["Jose\u0301"]),
        ("Jan", ["Jan", "JAN"]),  # nowhere a whole word, so each place counts
        ("Main St.", ["Main St."]),
        ("nobody", []),
        ("  ", []),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(wanted: str, found: list[str]):
    text = "Jane  Doe lives on Main St. and Jose\u0301 saw JANE DOE."
    assert [text[start:end] for start, end in find_words(text, wanted)] == found


def test_a_whole_word_counts_before_a_part_of_one():
    text = "Jo works the second job, says Jo."
    assert [text[start:end] for start, end in find_words(text, "jo")] == ["Jo", "Jo"]


@given(st.text(max_size=30), st.text(max_size=30), st.text(min_size=1, max_size=10))
def test_words_that_are_there_are_found(before: str, after: str, wanted: str):
    # What is no more than marks and blanks is nothing to look for.
    if any(letter.isalnum() for letter in wanted.strip()):
        text = f"{before} {wanted.strip()} {after}"
        assert find_words(text, wanted)
