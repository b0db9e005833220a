"""Codes that are read out: what eye and ear get wrong is noticed, what does not matter is forgiven."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import spoken_codes
from survey.spoken_codes import ALPHABET, LENGTH, Misread, grouped, spell, understand

CODES = st.binary(min_size=32, max_size=32).map(spell)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@given(CODES)
def test_a_code_is_understood_however_it_is_written(code: str) -> None:
    assert re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code)
    for typed in (code, grouped(code), code.lower(), "-".join(code), f"  {code[:5]}.{code[5:]}\t"):
        assert understand(typed) == code
    assert understand(code.translate(ARABIC)) == code
    assert understand("".join(chr(ord(sign) + 0xFEE0) for sign in code)) == code, "full width"


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(code: str, place: int, letter: str) -> None:
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        with pytest.raises(Misread):
            understand(wrong)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_any_two_that_changed_places_are_noticed(code: str, one: int, other: int) -> None:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    if letters != list(code):
        with pytest.raises(Misread):
            understand("".join(letters))


@given(CODES)
def test_look_alikes_are_read_as_what_they_look_like(code: str) -> None:
    eye = str.maketrans("5826", "SBZG")
    assert understand(code.translate(eye)) == code
    assert understand(code.replace("M", "n").replace("Q", "O").replace("7", "1")) == code


@given(st.text(max_size=400))
def test_whatever_is_typed_is_a_code_or_a_sentence(typed: str) -> None:
    try:
        said = understand(typed)
    except Misread as misread:
        said = str(misread)
    assert len(said) == LENGTH or said.endswith(".")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the code"),
        ("234A 5678 9FHJ", "“A”"),
        ("234", "this has 3"),
        ("漢", "“漢”"),
    ],
)
def test_the_sentence_says_what_is_wrong(typed: str, said: str) -> None:
    with pytest.raises(Misread, match=re.escape(said)):
        understand(typed)


def test_nothing_looks_or_sounds_alike_or_spells_a_word() -> None:
    assert not set(ALPHABET) & set("0O1ILSZBGAEIOU")
    # B, C, D, E, G, P, T, V and Z rhyme; one of them is left. So with M and N, F and S.
    assert [len(set(ALPHABET) & set(alike)) for alike in ("BCDEGPTVZ", "MN", "FS")] == [1, 1, 1]


def test_the_chance_of_guessing_is_what_we_say() -> None:
    tries = 10 * 4 * 24 * 14  # wrong codes of one address in 14 days
    codes = len(ALPHABET) ** (LENGTH - 1)
    assert codes / (tries * 1000) > 8_000_000
    assert codes / (tries * 1000 * 10_000) > 860
    assert len({spoken_codes.spell(bytes([n]) * 32) for n in range(256)}) == 256
