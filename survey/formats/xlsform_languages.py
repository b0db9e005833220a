"""The languages of an XLSForm: "English (en)", "english" or "en" behind a heading, and their tags here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from survey.languages import COMMON, LANGUAGES, canonical, language_name

IN_BRACKETS = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\)\s*$")
OWN = tuple(f"qa{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
"""Tags that nobody else uses: for languages whose name says no tag."""


@cache
def _english() -> dict[str, str]:
    """Tags by the English names of languages."""
    from babel import Locale

    return {name.lower(): tag for tag, name in Locale("en").languages.items() if len(tag) <= 3}


@cache
def _own() -> dict[str, str]:
    """Tags by what languages call themselves: for names that are not English ones."""
    return {language_name(tag).lower(): tag for tag in (*COMMON, *LANGUAGES)}


def tag_of(name: str) -> str | None:
    """The tag that the name of a language says; None when it says none."""
    bracket = IN_BRACKETS.search(name)
    code = canonical(bracket.group(1)) if bracket else None
    if code:
        return code
    plain = name.strip()
    if len(plain.partition("-")[0].partition("_")[0]) <= 3 and (tag := canonical(plain)):
        return tag
    first = re.split(r"[(/,;]", plain)[0].strip().lower()
    return (
        _english().get(plain.lower())
        or _english().get(first)
        or _own().get(plain.lower())
        or _own().get(first)
    )


def tags_of(names: Iterable[str], default: str) -> dict[str, str]:
    """A tag for each name; "" is what has no language behind its heading. The default language comes first.

    Two names with one tag are one language.
    """
    ordered = sorted(dict.fromkeys(names), key=lambda name: name != default)
    tags = {name: tag for name in ordered if name and (tag := tag_of(name))}
    free = iter(OWN)
    for name in ordered:
        if name and name not in tags:
            tags[name] = next(free, "und")
    if "" in ordered:
        tags[""] = tags.get(default) or tag_of(default) or ("und" if "en" in tags.values() else "en")
    return {name: tags[name] for name in ordered}


def heading(tag: str) -> str:
    """What other tools call a language: "English (en)"."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag
    return f"{re.split('[(]', name)[0].strip()} ({tag})"
