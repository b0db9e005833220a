"""Names of people: the ways in which a text tells that a word is a name, and frequent ones.

A name that is in no list is found where the text introduces it ("my name is", "Mr.").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal.name_lists import ALSO_WORDS, FIRST_NAMES, LAST_NAMES, NO_NAMES, PLACE_WORDS
from analysis.personal.text import Found, before, listed

_LETTER = "A-Za-z\u0400-\u04ff"
_CAP = rf"[A-Z\u0410-\u042f][{_LETTER}'-]{{0,30}}(?![{_LETTER}])"
_LINK = "(?:(?:de|del|la|las|los|da|dos|van|von|bin|el) ){0,2}"
_NAME = rf"(?:[A-Z]\. ){{0,2}}{_LINK}{_CAP}(?: {_LINK}(?:[A-Z]\.? )?{_CAP}){{0,3}}"
_CAP_WORD = re.compile(rf"(?<![{_LETTER}'-]){_CAP}")
_NEXT = re.compile(rf" {_LINK}(?:[A-Z]\.? )?({_CAP})")
_CAPS_AFTER = re.compile(rf"(?: [A-Z][{_LETTER}]{{1,20}}\b){{1,3}}")

_TITLED = re.compile(
    r"(?<![A-Za-z])(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sgt|Lt|Det|Capt|Rev|Sen|Rep|Gov|Sr|Sra|Srta|Dra|Lic|Ing|Mme"
    r"|MR|MRS|MS|DR)"
    r"\.?|Miss|Professor|[Oo]fficer|Sergeant|Lieutenant|Detective|Captain|Council ?(?:[Mm]ember|man|woman"
    r"|person)|Mayor|[Jj]udge|Reverend|Pastor|Father|Sister|Rabbi|Imam|Senator|Representative|Governor"
    r"|Commissioner|Principal|Coach|Aunt|Uncle|Miss|Se[nñ]or(?:a|ita)?|se[nñ]or(?:a|ita)?|Do[nñ]a|do[nñ]a|Don"
    r"|don|Profesora?|Alcalde(?:sa)?|Oficial|Concejal|Padre|Hermana|Madame|Monsieur|Herr|Frau|[Tt]eacher"
    r"|[Mm]ister|[Dd]octor|[Pp]astor) "
    rf"({_NAME})"
)
_CALLED = re.compile(
    r"(?<![A-Za-z])(?i:my (?:full |first |last )?name(?: is|'s)|name's|full name|me llamo"
    r"|mi nombre(?: completo)? es|nombre|name|je m'appelle|mon nom est|meu nome e|me chamo|ich hei(?:ß|ss)e"
    r"|mwen rele|named|llamad[oa]|меня зовут|signed|firmado)(?: is| es)?[:,]? "
    rf"({_NAME})"
)
_SMALL = re.compile(
    r"\b(?:my name is|i'm|im|i am|this is|soy|me llamo"
    r"|mi nombre es) ([a-z'-]{2,20})(?: ([a-z'-]{2,20}))?(?![a-z])"
)
_I_AM = re.compile(
    rf"(?<![A-Za-z])(?i:i am|i'm|im|this is|soy|yo soy|aqui|je suis|here is|it's|it is) ({_NAME})"
)
_PERSON = re.compile(
    r"(?<![A-Za-z])(?i:ask(?: for)?|contact|call|spoke (?:with|to)|speak (?:with|to)|talk(?:ed)? (?:with|to)"
    r"|met|neighbou?r|friend|husband|wife|son|daughter|brother|sister|landlord|roommate|boss|coworker|cousin"
    r"|nephew|niece|vecin[oa]|hij[oa]|espos[oa]|herman[oa]|amig[oa]|preguntar? por|thank|thanks to|gracias a"
    r"|tell|told"
    rf"|by|dear|hi|hello|hola|attn:?),? ({_NAME})"
)
_CLOSING = re.compile(
    r"(?<![A-Za-z])(?i:thanks(?: again| so much)?|thank you(?: very much| so much)?|thx|sincerely(?: yours)?"
    r"|regards|best(?: regards| wishes)?|cheers|respectfully|yours(?: truly| sincerely)?|(?:muchas )?gracias"
    r"|atentamente|saludos(?: cordiales)?|cordialmente|merci|cordialement|obrigad[oa])[,.!]?\s{1,3}(?:- ?)?"
    rf"({_NAME})(?=[.,!)]{{0,2}}\s{{0,3}}(?:\Z|\n)|\n)"
)
_DASHED = re.compile(rf"(?:(?:^|\s)[-~]{{1,2}} ?|\n)({_NAME})(?=[.,!]?\s{{0,3}}(?:\Z|\n))")
_TURNED = re.compile(rf"(?<![{_LETTER}'-])({_CAP}), ({_CAP})")
_CHINESE = re.compile("(?:我叫|我的名字是|我名叫)([\u4e00-\u9fff]{2,3})")
_HOLY = re.compile(r"\b(?:St|Saint|San|Santa|Ft|Fort|Mt|Port)\.? \Z")

_FIRST_AND_ALSO = FIRST_NAMES | ALSO_WORDS
_TITLES = listed(
    """
    mr mrs ms mx dr prof sgt lt det capt rev sen rep gov sr sra srta dra lic ing mme miss professor officer
    sergeant lieutenant detective captain councilmember councilman councilwoman councilperson council mayor
    judge reverend pastor father sister rabbi imam senator representative governor commissioner principal
    coach aunt uncle senor senora senorita dona don profesor profesora alcalde alcaldesa oficial concejal
    padre hermana madame monsieur herr frau teacher mister doctor
    """
)
_CALLS = listed(
    """
    name llamo nombre appelle nom nome chamo hei heisse rele named llamado llamada зовут signed firmado
    """
)
_CLOSINGS = listed(
    """
    thanks thank thx sincerely regards best cheers respectfully yours gracias atentamente saludos
    cordialmente merci cordialement obrigado obrigada
    """
)


def known_first(word: str) -> bool:
    """Tell whether a word is a frequent first name and seldom anything else.

    Examples
    --------
    >>> known_first("Jane"), known_first("Hope")
    (True, False)
    """
    word = word.lower()
    return word in FIRST_NAMES and word not in ALSO_WORDS


def known_pair(first: str, last: str) -> bool:
    """Tell whether two words are a first and a last name.

    Examples
    --------
    >>> known_pair("grace", "lopez"), known_pair("grace", "church"), known_pair("jane", "quux")
    (True, False, True)
    """
    first, last = first.lower(), last.lower()
    if last in NO_NAMES and last not in LAST_NAMES:
        return False
    return known_first(first) or (first in _FIRST_AND_ALSO and last in LAST_NAMES)


def find(text: str, words: set[str]) -> Iterator[Found]:
    """Find what is likely the name of a person, without titles: all of it is for people to look at.

    Parameters
    ----------
    text : str
        A plain text.
    words : set of str
        Its words, as `words_of` gives them.

    Returns
    -------
    iterator of Found
        They may overlap: what comes first is the better introduced.

    Examples
    --------
    >>> from analysis.personal.text import words_of
    >>> text = "Officer Johnson and Jane Doe met at Martin Luther King Drive."
    >>> [text[found.start : found.end] for found in find(text, words_of(text))]
    ['Johnson', 'Jane Doe']
    """
    for pattern, cues in ((_TITLED, _TITLES), (_CALLED, _CALLS), (_CLOSING, _CLOSINGS)):
        for match in pattern.finditer(text) if not cues.isdisjoint(words) else ():
            yield from _name(text, *match.span(1))
    for match in _CHINESE.finditer(text) if not text.isascii() else ():
        yield Found(*match.span(1), "name", False)
    if not _FIRST_AND_ALSO.isdisjoint(words):
        yield from _by_list(text)


def _by_list(text: str) -> Iterator[Found]:
    """Find frequent names."""
    for pattern in (_I_AM, _DASHED, _PERSON):
        for match in pattern.finditer(text):
            if known_first(match[1].split()[0].split("'")[0]):
                yield from _name(text, *match.span(1))
    for match in _SMALL.finditer(text):
        yield from _small(match)
    for match in _TURNED.finditer(text):
        if match[1].lower() in LAST_NAMES and known_first(match[2]):
            yield Found(*match.span(), "name", False)
    yield from _pairs(text)


def _name(text: str, start: int, end: int) -> Iterator[Found]:
    """Give a name that was introduced, cut where ordinary words begin; none when it is a place."""
    if before(_HOLY, text, start) or _is_place(text, end):
        return
    stop = start
    for match in _CAP_WORD.finditer(text, start, end):
        if match[0].lower().split("'")[0] in NO_NAMES and match[0].lower() not in LAST_NAMES:
            if match[0].lower() in PLACE_WORDS and stop > start:
                return
            break
        stop = match.end()
    stop = _bare_end(text, start, stop)
    if stop - start > 1:
        yield Found(start, stop, "name", False)


def _bare_end(text: str, start: int, end: int) -> int:
    """Leave out the possessive and signs at the end."""
    while end > start and text[end - 1] in "'-":
        end -= 1
    return end - 2 if text[max(start, end - 2) : end] == "'s" else end


def _is_place(text: str, end: int) -> bool:
    """Tell whether the word that follows makes a street or a school of a name."""
    words = _CAPS_AFTER.match(text, end)
    return words is not None and any(word.strip(".").lower() in PLACE_WORDS for word in words[0].split())


def _small(match: re.Match[str]) -> Iterator[Found]:
    first, last = match[1], match[2]
    if not known_first(first) and not (" n" in match[0] and first in _FIRST_AND_ALSO):
        return
    whole = last is not None and last not in NO_NAMES and (last in LAST_NAMES or len(last) > 4)
    yield Found(match.start(1), match.end(2) if whole else match.end(1), "name", False)


def _pairs(text: str) -> Iterator[Found]:
    """Find frequent first names with a capital word behind them."""
    for match in _CAP_WORD.finditer(text):
        if match[0].lower() not in _FIRST_AND_ALSO:
            continue
        after = _NEXT.match(text, match.end())
        if after and _likely(match[0], after[1]):
            yield from _name(text, match.start(), after.end())


def _likely(first: str, last: str) -> bool:
    shouted = first.isupper() and last.isupper()
    return known_pair(first, last.split("'")[0]) and (not shouted or last.lower() in LAST_NAMES)
