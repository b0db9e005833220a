"""Encodings: which one a file is in, and where what could not be read stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.formats.decoding import decode
from survey.formats.rows import Limits, Replaced, TableError

TEXT = "id,text\n1,Señora “Ñandú” – ¿café? 🚲\n"
LIMITS = Limits()


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_unicode_is_read_with_and_without_mark(codec: str, named: str) -> None:
    decoded = decode(TEXT.encode(codec), LIMITS)
    assert (decoded.text, decoded.encoding, decoded.replaced) == (TEXT, named, ())


@pytest.mark.parametrize(("mark", "codec"), [(b"\xfe\xff", "utf-16-be"), (b"\0\0\xfe\xff", "utf-32-be")])
def test_big_endian_marks(mark: bytes, codec: str) -> None:
    assert decode(mark + TEXT.encode(codec), LIMITS).text == TEXT


def test_a_mark_written_twice_does_not_become_part_of_the_header() -> None:
    assert decode(b"\xef\xbb\xbf" * 2 + b"id", LIMITS).text == "id"


def test_windows_1252_is_read_and_said() -> None:
    decoded = decode("id,text\n1,“Está” – 5 €\n".encode("cp1252"), LIMITS)
    assert decoded.text == "id,text\n1,“Está” – 5 €\n"
    assert decoded.encoding == "windows-1252"
    assert "Windows-1252" in decoded.notes[0]


def test_bytes_windows_1252_does_not_define_are_replaced() -> None:
    decoded = decode(b"a\nniv\xe9\x81u", LIMITS)
    assert decoded.text == "a\nnivé\ufffdu"
    assert decoded.replaced == (Replaced(line=2, found="81", offset=6),)


def test_one_accidental_sequence_does_not_turn_windows_1252_into_utf8() -> None:
    text = "é" * 50 + "Ã©"
    assert decode(text.encode("cp1252"), LIMITS).text == text


def test_bad_bytes_inside_utf8_are_replaced_and_placed() -> None:
    decoded = decode("ñ ñ\r\nb".encode() + b"\xff" + "é\n".encode() + b"\xc3(", LIMITS)
    assert decoded.encoding == "utf-8"
    assert decoded.text == "ñ ñ\r\nb\ufffdé\n\ufffd("
    assert decoded.replaced == (Replaced(2, "ff", 8), Replaced(3, "c3", 12))


def test_bytes_that_say_nothing_for_windows_are_bad_utf8() -> None:
    decoded = decode(b"text\nplain \xff words", LIMITS)
    assert (decoded.encoding, decoded.text) == ("utf-8", "text\nplain \ufffd words")


def test_nul_and_halves_of_characters_are_replaced_and_other_controls_kept() -> None:
    decoded = decode(b"a\x00b\x07\x1b\n", LIMITS)
    assert decoded.text == "a\ufffdb\x07\x1b\n"
    assert decoded.replaced == (Replaced(1, "00", 1),)
    half = b"\xff\xfe" + "ab".encode("utf-16-le") + b"\x00\xd8" + "c".encode("utf-16-le") + b"x"
    decoded = decode(half, LIMITS)
    assert decoded.text == "ab\ufffdc\ufffd"
    assert decoded.replaced == (Replaced(1, "00d8", 6), Replaced(1, "78", 10))


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(TableError, match="cannot be read"):
        decode(b"\xff" * 20_000, LIMITS)
    with pytest.raises(TableError, match="CSV UTF-8"):
        decode(b"\xff\xfe\0\0" + b"\xff" * 8, LIMITS)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_utf8_comes_back_word_for_word(text: str) -> None:
    decoded = decode(text.encode(), LIMITS)
    assert (decoded.text, decoded.replaced) == (text, ())


@given(st.binary(max_size=300))
def test_every_replacement_is_recorded_where_it_is(data: bytes) -> None:
    try:
        decoded = decode(data, LIMITS)
    except TableError:
        return
    decoded.text.encode()
    assert "\0" not in decoded.text
    for replaced in decoded.replaced:
        assert replaced.offset is not None
        assert data[replaced.offset :].startswith(bytes.fromhex(replaced.found))
    assert decoded.text.count("\ufffd") >= len(decoded.replaced)
