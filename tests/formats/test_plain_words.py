"""HTML as plain text: nothing people read is lost, and nothing takes longer than its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.formats.plain_words import MOST_TEXT, pieces, plain, shortened


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one\ntwo", "one\ntwo"),
        ("3 < 5 and 7 > 6", "3 < 5 and 7 > 6"),
        ("AT&amp;T &lt;3", "AT&T <3"),
        ("<p>one</p>\n<p>two</p>", "one\n\ntwo"),
        ("one<br/>two<br>three", "one\ntwo\nthree"),
        ("<ul><li>one</li><li>two</li></ul>", "• one\n• two"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n\n1 | 2"),
        ('<a href="https://x.org/a?b=1&amp;c=2">here</a>!', "here (https://x.org/a?b=1&c=2)!"),
        ("<a href='mailto:a@b.org'>a@b.org</a>", "a@b.org"),
        ("<a href='https://x.org'>https://x.org</a>", "https://x.org"),
        ("<a href='javascript:alert(1)'>here</a>", "here"),
        ("a<script>var b = '</p>';</script>c", "ac"),
        ("a<style>p {color: red}</style><!-- no -->b", "ab"),
        ("<img src='x.png' alt='A house'> ours", "A house ours"),
        ("<P ALIGN=center>one</P>", "one"),
        ("<b>one", "one"),
        ("one <script>two", "one"),
        ("&nbsp;one&nbsp; two ", "one  two"),
    ],
)
def test_what_is_left_of_html(html: str, text: str) -> None:
    assert plain(html).text == text


def test_what_is_lost_is_told() -> None:
    html = "<b>x</b><img src=x><script>1</script><iframe src=y></iframe><input><video></video><audio></audio>"
    expected = {"looks", "pictures", "scripts", "embedded pages", "form fields", "videos", "sounds"}
    assert plain(html).lost == expected
    assert plain("plain").lost == frozenset()


BAD = [
    "<a ",
    "<a href='",
    "<!--",
    "<script>",
    "<",
    '<a "',
    "</script",
    "<p x='<p x='",
    "&lt;<b>",
    "<a><a>",
    "{<i>",
]


@pytest.mark.parametrize("piece", BAD)
def test_broken_html_takes_no_longer_than_other_text(piece: str) -> None:
    start = time.perf_counter()
    assert len(plain(piece * 200_000).text) <= MOST_TEXT + 1
    assert time.perf_counter() - start < 2


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    found = plain(text).text
    assert "\n\n\n" not in found
    assert plain(text) == plain(text)


@given(st.text(st.sampled_from("ab .\n"), max_size=400), st.integers(3, 40))
def test_pieces_have_every_word_and_are_short(text: str, most: int) -> None:
    found = pieces(text, most)
    assert all(0 < len(piece) <= most for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_text_on_one_line() -> None:
    assert shortened("one\n two", 20) == "one two"
    assert shortened("one two three", 8) == "one two…"
