"""The answers of a closed question that can be counted, over all its readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from survey.questions import Choice, Scale, Words, YesNo
from survey.questions.agreeing import AGREED
from survey.questions.choices import Choosing
from survey.questions.choosing import OTHER
from survey.questions.scales import DO_NOT_KNOW, NOT_SAID
from survey.services.tabulating.asked import Asked
from survey.services.tabulating.built_in import in_languages


@dataclass(frozen=True)
class Code:
    """An answer that can be counted: how it is stored, and its words by language."""

    id: str
    words: Words


def codes_of(asked: Asked) -> tuple[Code, ...]:
    """The answers that can be chosen in any reading of a question, in the order of the newest."""
    newest, tags = asked.newest, asked.languages
    if isinstance(newest, Scale):
        return (*_points(newest), *_offered(asked, DO_NOT_KNOW, "Don’t know"))
    if isinstance(newest, YesNo):
        both = (Code("yes", in_languages("Yes", tags)), Code("no", in_languages("No", tags)))
        return (*both, *_offered(asked, NOT_SAID, "Prefer not to say"))
    listed = merged(reading.choices for reading in asked.readings if isinstance(reading, Choosing))
    if newest.TYPE == "consent":
        return (Code(AGREED, in_languages("I agree", tags)),)
    has_other = any(getattr(reading, "other", False) for reading in asked.readings)
    if has_other and all(code.id != OTHER for code in listed):
        return (*listed, Code(OTHER, in_languages("Other", tags)))
    return listed


def _points(scale: Scale) -> Iterator[Code]:
    ends = {scale.numbers[0]: scale.low or {}, scale.numbers[-1]: scale.high or {}}
    for point in scale.numbers:
        words = {tag: f"{point} – {text}" for tag, text in ends.get(point, {}).items()}
        yield Code(str(point), words)


def _offered(asked: Asked, stored: str, sentence: str) -> tuple[Code, ...]:
    """A way not to answer, where any reading offers it."""
    there = any(getattr(reading, "no_answer", False) for reading in asked.readings)
    return (Code(stored, in_languages(sentence, asked.languages)),) if there else ()


def merged(lists: Iterable[Iterable[Choice]]) -> tuple[Code, ...]:
    """The choices of all readings of a question, newest first: newest words, removed choices at the end."""
    found: dict[str, Words] = {}
    for choices in lists:
        for choice in choices:
            found.setdefault(choice.id, choice.label)
    return tuple(Code(id, words) for id, words in found.items())
