"""Languages and their tags (BCP 47): what they call themselves, how they run, which one fits a wish."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from babel.dates import parse_pattern

# The languages of the interface. Staff pages speak the first two, respondents' pages all of them.
LANGUAGES = {
    "en": "English",
    "es": "Español",
    "ar": "العربية",
    "zh": "简体中文",
    "vi": "Tiếng Việt",
    "fr": "Français",
    "pt": "Português",
    "ru": "Русский",
    "ht": "Kreyòl ayisyen",
}
STAFF_LANGUAGES = ("en", "es")
# Where the tag says less than the words are.
EXACT_TAGS = {"zh": "zh-Hans"}
# What is offered first when a language is added to a survey; any other tag can be typed.
COMMON = (
    *("en", "es", "ar", "zh-Hans", "zh-Hant", "vi", "fr", "pt", "ru", "ht", "am", "bn", "my", "hr", "cs"),
    *("prs", "nl", "fil", "de", "el", "gu", "ha", "haw", "he", "hi", "hmn", "hu", "ig", "ilo", "id", "it"),
    *("ja", "kea", "km", "rw", "ko", "ku", "lo", "ms", "mh", "mr", "ne", "om", "ps", "fa", "pl", "pa", "ro"),
    *("sm", "sr", "so", "sw", "ta", "te", "th", "ti", "tr", "uk", "ur", "uz", "wo", "yi", "yo"),
)
# Own names that Babel does not know.
OWN_NAMES = {
    "hmn": "Hmoob",
    "prs": "دری",
    "sm": "Gagana Sāmoa",
    "mh": "Kajin M̧ajeļ",
    "ilo": "Ilokano",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "ht": "Kreyòl ayisyen",
}
RIGHT_TO_LEFT = frozenset(
    ["ar", "ckb", "dv", "fa", "he", "ks", "nqo", "prs", "ps", "rhg", "sd", "syr", "ug", "ur", "yi"]
)
RIGHT_TO_LEFT_SCRIPTS = frozenset(["Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"])
ALIASES = {"iw": "he", "in": "id", "ji": "yi", "tl": "fil", "cmn": "zh", "mo": "ro", "no": "nb"}
LONGEST_TAG = 20  # what the columns that keep a tag can hold
TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
CREOLE_MONTHS = [
    "janvye",
    "fevriye",
    "mas",
    "avril",
    "me",
    "jen",
    "jiyè",
    "out",
    "septanm",
    "oktòb",
    "novanm",
    "desanm",
]
CREOLE_DAYS = ["lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"]


@dataclass(frozen=True)
class Tag:
    """The parts of a tag that decide who can read it; `script` is the usual one where the tag names none."""

    language: str
    script: str
    region: str


def canonical(text: str) -> str | None:
    """A tag as it is written, "es_mx" -> "es-MX"; None for what cannot be one."""
    text = text.strip()
    if len(text) > LONGEST_TAG or not TAG.fullmatch(text):
        return None
    first, *others = text.replace("_", "-").split("-")
    return "-".join((first.lower(), *map(_subtag, others)))


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 or part.isdigit() else part.lower()


@lru_cache(4096)  # tags come from anybody's browser: the memory has an end
def parts(tag: str) -> Tag:
    """What a tag says, with the script that goes without saying: "zh-TW" is written in Hant."""
    first, *others = (canonical(tag) or "und").split("-")
    language = ALIASES.get(first, first)
    script = next((part for part in others if len(part) == 4), "")
    region = next((part for part in others if len(part) == 2 or part.isdigit()), "")
    return Tag(language, script or _usual_script(language, region), region)


def _usual_script(language: str, region: str) -> str:
    likely = get_global("likely_subtags")
    full = likely.get(f"{language}_{region}") or likely.get(language) or ""
    return next((part for part in str(full).split("_") if len(part) == 4), "")


def match(wishes: Iterable[str], offered: Iterable[str]) -> str | None:
    """The first of the offered languages that somebody with these wishes can read, best wish first.

    Regions give way before languages do: who asks for pt-BR is given pt, who asks for zh-TW is rather given
    zh-Hans than another language.
    """
    there = tuple(offered)
    for wish in wishes:
        found = [(fit, -at, tag) for at, tag in enumerate(there) if (fit := _fit(wish, tag))]
        if found:
            return max(found)[2]
    return None


@lru_cache(4096)
def _fit(wish: str, tag: str) -> int:
    """How well a tag fits a wish; 0 for another language."""
    if wish.lower() == tag.lower():
        return 4
    wanted, there = parts(wish), parts(tag)
    if wanted.language != there.language or wanted.language == "und":
        return 0
    if wanted.script != there.script:
        return 1
    return 3 if there.region in (wanted.region, "") else 2


def direction(tag: str) -> str:
    """ "rtl" for languages written from right to left."""
    said = parts(tag)
    script = next((part for part in tag.split("-")[1:] if len(part) == 4), "")
    by_script = (script.title() or said.script) in RIGHT_TO_LEFT_SCRIPTS
    by_language = not script and said.language in RIGHT_TO_LEFT
    return "rtl" if by_script or by_language else "ltr"


@lru_cache(4096)
def language_name(tag: str) -> str:
    """The own name of a language: "es" -> "Español"; the tag itself when it is not known."""
    if tag in OWN_NAMES:
        return OWN_NAMES[tag]
    try:
        name = Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:]


def teach_creole() -> None:
    """Haitian Creole has numbers in CLDR, but neither months nor days; give Babel their names."""
    data = localedata.load("ht")
    data["months"]["format"]["wide"] = dict(enumerate(CREOLE_MONTHS, start=1))
    data["days"]["format"]["wide"] = dict(enumerate(CREOLE_DAYS))
    patterns = {"full": "EEEE d MMMM y", "long": "d MMMM y", "medium": "d MMMM y", "short": "dd/MM/y"}
    data["date_formats"] = {name: parse_pattern(pattern) for name, pattern in patterns.items()}
