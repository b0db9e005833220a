"""Codes that people read out over the phone, write on paper and type on another device.

Nineteen letters and digits of which no two look or sound much alike: no 0 beside O, no 5 beside S, no B
beside P. No vowels, so no code is a word. The last character is a check: nineteen is a prime, so one
character misheard, and any two that changed places, are noticed every time, before anything is looked up.
"""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _

from survey.errors import Refusal

ALPHABET = "23456789FHJKMQRTWXY"
GROUP = 4
# With the check: eleven characters of chance, 46.7 bits.
LENGTH = 12
SPACE = len(ALPHABET) ** (LENGTH - 1)
# What eye or ear takes for one of ours. A wrong guess is caught by the check.
ALIKE = str.maketrans("0O1ILSZBGNDPUV", "QQ7775286MTTYY")


class Misread(Refusal):
    """What was typed cannot be a code; the sentence says why, so that it is said at once."""


def spell(chance: bytes) -> str:
    """The code of some random bytes, at least 16: always the same one."""
    number, code = int.from_bytes(chance), ""
    for _place in range(LENGTH - 1):
        number, digit = divmod(number, len(ALPHABET))
        code += ALPHABET[digit]
    return code + _check(code)


def number(code: str) -> int:
    """The number behind a code: random bytes with this remainder by `SPACE` spell it."""
    base = len(ALPHABET)
    return sum(ALPHABET.index(letter) * base**place for place, letter in enumerate(code[:-1]))


def grouped(code: str) -> str:
    """As it is shown, in groups of four."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def understand(typed: str) -> str:
    """The code that somebody typed, in whatever case, with whatever between; raise `Misread` else."""
    heard = _plain(typed)
    if not heard:
        raise Misread(_("Type the code you were given."))
    strange = next((letter for letter in heard if letter not in ALPHABET), None)
    if strange:
        raise Misread(_("“%(letter)s” is in none of our codes. Compare it once more.", letter=strange))
    if len(heard) != LENGTH:
        raise Misread(
            _(
                "A code has %(of)s letters and digits, and this has %(number)s. Compare it once more.",
                of=LENGTH,
                number=len(heard),
            )
        )
    if _check(heard[:-1]) != heard[-1]:
        raise Misread(_("One letter or digit is not right, or two changed places. Compare it once more."))
    return heard


def _plain(typed: str) -> str:
    """Capitals and our own digits without anything between; letters of other scripts stay as they are."""
    letters = (unicodedata.digit(letter, letter) for letter in unicodedata.normalize("NFKC", typed[:200]))
    return "".join(str(letter) for letter in letters if str(letter).isalnum()).upper().translate(ALIKE)


def _check(code: str) -> str:
    """The character that makes the sum of places times values a multiple of nineteen."""
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(code, start=1))
    # The check stands in place 12, and 12 * 8 = 96 = 1 modulo 19.
    return ALPHABET[-total * 8 % len(ALPHABET)]
