"""Spellings made alike: accents, Arabic letters and articles, Vietnamese tone marks, Korean and Russian
endings."""

from __future__ import annotations

import re
import unicodedata

_EXACT = frozenset({"hi", "ja", "km", "ko", "lo", "my", "th", "zh"})
"""Languages in whose scripts a mark is part of the letter."""
_ARABIC = str.maketrans({"\u0640": None, "ة": "ه", "ى": "ي", "ک": "ك", "ی": "ي"})
_ARTICLE = re.compile("(?:[وف]?(?:[بك]?ال|لل))(?=..)")
_PRONOUNS = ("كما", "هما", "نا", "ها", "هم", "هن", "كم")
_LONG_ENDINGS = ("ون", "ين", "ان", "يه")
_SHORT_ENDINGS = ("ات", "ه", "ي")
_TONES = {
    old + vowel: new + plain
    for vowels, plain in (("àáảãạ", "a"), ("èéẻẽẹ", "e"), ("ỳýỷỹỵ", "y"))
    for first, tones in (("o", "òóỏõọ"), ("u", "ùúủũụ"))
    for vowel, new, old in zip(vowels, tones, first * 5, strict=True)
    if (first == "u") == (plain == "y")
}
_FLEETING = re.compile("(?<=...[бвгдзклмнпрст])(?<!вост)о(?=к$)|(?<=[жчш])е(?=к$)")


def fold(word: str) -> str:
    """Take the accents off a word.

    Examples
    --------
    >>> fold("opinión")
    'opinion'
    """
    if word.isascii():
        return word
    return "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))


def plain(word: str, language: str) -> str:
    """Return the spelling under which a word of a language is looked up.

    Parameters
    ----------
    word : str
        One word in lower case.
    language : str
        Two-letter code.

    Returns
    -------
    str
        Without accents where people leave them out, as they are where they make another word (Vietnamese) or
        belong to the letter (Khmer, Korean); Arabic without vowel signs and with one form of each letter.

    Examples
    --------
    >>> plain("más", "es"), plain("hoà", "vi"), plain("إِلى", "ar")
    ('mas', 'hòa', 'الي')
    """
    if word.isascii() or language in _EXACT:
        return word
    if language == "vi":
        return word[:-2] + _TONES.get(word[-2:], word[-2:])
    return fold(word).translate(_ARABIC) if language == "ar" else fold(word)


def arabic_root(word: str) -> str:
    """Return an Arabic word without article, "and", possessive and ending.

    A light stemmer in the manner of light10 (Larkey, Ballesteros & Connell 2007, "Light stemming for Arabic
    information retrieval"); broken plurals stay words of their own.

    Examples
    --------
    >>> arabic_root(plain("والحافلات", "ar")) == arabic_root(plain("حافلة", "ar")) == "حافل"
    True
    """
    word = _ARTICLE.sub("", word, count=1) if _ARTICLE.match(word) else word
    while word.startswith("و") and len(word) > 3:
        word = word[1:]
    owned = _without(word, _PRONOUNS, 3)
    if owned != word:
        # "Our city" is written with the t that the h of "city" stands for.
        word = owned[:-1] if owned.endswith("ت") and owned[-2] != "ا" and len(owned) > 3 else owned
    shorter = _without(word, _LONG_ENDINGS, 3)
    return shorter if shorter != word else _without(word, _SHORT_ENDINGS, 2)


def _without(word: str, endings: tuple[str, ...], least: int) -> str:
    """Cut off the first of the endings that leaves at least so many letters."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word


_AFTER_ANY = """
에서 에게 한테 까지 부터 의 에 들 하다 하고 하는 하게 하면 하지 하기 하여 한다 한
할 함 해 해서 해야 해요 합니다 했다 했습니다 되다 되는 되어 된다 됩니다 입니다 해주세요
"""
_AFTER_CONSONANT = ("은", "이", "을", "과", "으로", "이다", "이에요")
_AFTER_VOWEL = ("는", "가", "를", "와", "로", "예요")
_ENDINGS = sorted(
    [
        *((ending, None) for ending in _AFTER_ANY.split()),
        *((ending, True) for ending in _AFTER_CONSONANT),
        *((ending, False) for ending in _AFTER_VOWEL),
    ],
    key=lambda item: -len(item[0]),
)
_WHOLE = ("도로", "대로", "통로", "경로", "산책로", "어린이", "놀이", "회의", "마을")
"""Nouns that only look as if they ended in a particle."""
_FIRST_SYLLABLE, _FINALS, _FINAL_L = 0xAC00, 28, 8


def without_particles(word: str) -> str:
    """Return a Korean word without the particles and the commonest verb endings stuck to it.

    Examples
    --------
    >>> without_particles("버스가"), without_particles("공원에서는"), without_particles("도로")
    ('버스', '공원', '도로')
    """
    shorter = _one_particle_less(word)
    while shorter != word:
        word, shorter = shorter, _one_particle_less(shorter)
    return word


def _one_particle_less(word: str) -> str:
    if word.endswith(_WHOLE):
        return word
    for ending, consonant in _ENDINGS:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 2 and consonant in (None, _closed(rest[-1], ending)):
            return rest
    return word


def _closed(syllable: str, ending: str) -> bool:
    """Tell whether a Korean syllable ends in a consonant (an l counts as a vowel before "ro")."""
    final = (ord(syllable) - _FIRST_SYLLABLE) % _FINALS
    return final != 0 and not (final == _FINAL_L and ending in ("로", "으로"))


def without_fleeting_vowel(word: str) -> str:
    """Return a Russian word without the vowel that only some of its forms have.

    Examples
    --------
    >>> without_fleeting_vowel("остановок"), without_fleeting_vowel("дорожек"), without_fleeting_vowel("урок")
    ('остановк', 'дорожк', 'урок')
    """
    return word[:-2] + "йк" if word.endswith("еек") else _FLEETING.sub("", word)
