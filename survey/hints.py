"""Hints for whoever writes a survey: what is hard to read, asks twice, pushes, or takes too long.

Pure. A hint is advice and never stops anything. What is said about words needs a list for their language, so
far English and Spanish; elsewhere only lengths and numbers are looked at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.document import Document
from survey.hint_words import CAPITALS, EXPLAINED, KNOWN, SPEECHES, Speech
from survey.languages import language_name
from survey.measures import BANDS, EASE, GRADE, Measure, measure
from survey.questions import Question, Words
from survey.reading import Text

# One question is too little text to judge it as sharply as the whole.
LENIENCE = 5
FEW_WORDS = 8  # below this, a grade says nothing
LONG_LABEL, LONG_CHOICE = 25, 15
MOST_OPEN, MOST_MINUTES = 5, 15
MOST_CHOICES = {"one_choice": 10, "several_choices": 12, "ranking": 7, "allocation": 7}
MOST_ROWS, MOST_COLUMNS = 8, 7
OPINIONS = ("one_choice", "yes_no", "scale", "matrix")
# Here "or" names alternatives to choose from, and asks no second question.
ALTERNATIVES = ("one_choice", "several_choices", "ranking", "allocation", "place")


@dataclass(frozen=True)
class Hint:
    """One piece of advice, about a question or (with no id) the whole survey."""

    kind: str
    text: str
    question: str = ""


@dataclass(frozen=True)
class Report:
    """Everything there is to say about a survey."""

    measures: tuple[Measure, ...]
    hints: tuple[Hint, ...]

    def about(self, question_id: str = "") -> list[Hint]:
        """The hints on one question, or those on the whole survey."""
        return [hint for hint in self.hints if hint.question == question_id]

    @cached_property
    def asked_about(self) -> list[str]:
        """The questions that have hints, in order."""
        return list(dict.fromkeys(hint.question for hint in self.hints if hint.question))


@dataclass(frozen=True)
class _Reader:
    """Looks at a survey in one of its languages; `lead` names it where it is not the first."""

    tag: str
    speech: Speech | None
    explained: frozenset[str]
    lead: str

    @classmethod
    def of(cls, document: Document, tag: str) -> _Reader:
        told = "\n".join(_all_words(question, tag) for question in document.questions)
        lead = f"{language_name(tag)}: " if tag != document.languages[0] else ""
        return cls(tag, SPEECHES.get(tag.split("-")[0]), frozenset(EXPLAINED.findall(told)), lead)


def report(document: Document) -> Report:
    """What to tell the author."""
    measures = tuple(measure(document, tag) for tag in document.languages)
    readers = [_Reader.of(document, tag) for tag in document.languages]
    found = (hint for question in document.questions for hint in _of_question(question, readers))
    return Report(measures, (*_of_all(document, measures), *found))


def _of_question(question: Question, readers: list[_Reader]) -> Iterator[Hint]:
    """The hints on one question: on its numbers once, on its words in each language."""
    for text in _numbers(question):
        yield Hint("choices", text, question.id)
    for text in _no_way_out(question, readers[0]):
        yield Hint("way-out", text, question.id)
    for reader in readers:
        for kind, text in _in_language(question, reader):
            yield Hint(kind, reader.lead + text, question.id)


def _in_language(question: Question, reader: _Reader) -> Iterator[tuple[str, str]]:
    tag, speech = reader.tag, reader.speech
    label, extra = (_said(words, tag) for words in (question.label, question.help))
    if not label:
        return
    yield from (("length", text) for text in _lengths(question, label, tag))
    if speech is None:
        return
    yield from (("reading", text) for text in _hard(Text(f"{label}\n{extra}", tag)))
    yield from (("two", text) for text in _two(question, label, tag, speech))
    if question.TYPE != "consent":  # which asks for a yes
        yield from (("leading", text) for text in _pushing(label, speech))
    yield from (("words", text) for text in _strange(_all_words(question, tag), speech, reader.explained))


def _said(words: Words | None, tag: str) -> str:
    return (words or {}).get(tag, "")


def _all_words(question: Question, tag: str) -> str:
    return "\n".join(_said(words, tag) for words in question.texts())


def _numbers(question: Question) -> Iterator[str]:
    count, most = len(getattr(question, "choices", ())), MOST_CHOICES.get(question.TYPE, math.inf)
    if question.TYPE == "matrix":
        rows = len(getattr(question, "rows", ()))
        if rows > MOST_ROWS:
            yield _(
                "It has %(count)s rows. On a phone each is a question of its own: keep the best.", count=rows
            )
        most = MOST_COLUMNS
    if count > most:
        yield _(
            "It has %(count)s choices. People read the first ones: aim for %(most)s or fewer.",
            count=count,
            most=most,
        )


def _no_way_out(question: Question, reader: _Reader) -> Iterator[str]:
    tag, speech = reader.tag, reader.speech
    if question.optional or question.TYPE not in OPINIONS or speech is None:
        return
    offers = [_said(choice.label, tag) for choice in getattr(question, "choices", ())]
    offered = any(speech.way_out.search(offer) for offer in offers)
    if offered or any(getattr(question, name, False) for name in ("no_answer", "other", "audiences")):
        return
    yield _("Not everybody may have an answer. Offer “Don’t know”, or make the question optional.")


def _lengths(question: Question, label: str, tag: str) -> Iterator[str]:
    count = Text(label, tag).length
    if count > LONG_LABEL:
        yield _("The question has %(count)s words. Put the background into the help line.", count=count)
    for choice in getattr(question, "choices", ()):
        text = _said(choice.label, tag)
        if Text(text, tag).length > LONG_CHOICE:
            yield _("“%(text)s” is a long choice. Keep what tells it from the others.", text=_short(text))


def _hard(text: Text) -> Iterator[str]:
    if len(text.words) < FEW_WORDS:
        return
    if text.grade is not None and round(text.grade) > GRADE:
        grade = min(round(text.grade), 20)
        told = _("Reads like school year %(grade)s. Aim for %(aim)s or below.", grade=grade, aim=GRADE)
        yield _with_words(told, text)
    elif text.ease is not None and text.ease < EASE - LENIENCE:
        told = _("This is %(band)s to read. Use shorter sentences or words.", band=str(BANDS[text.band]))
        yield _with_words(told, text)


def _with_words(told: str, text: Text) -> str:
    """A hint on hard reading with the words that make it so."""
    hard = ", ".join(f"“{word}”" for word in text.long_words[:3])
    return f"{told} {_('Long words: %(words)s.', words=hard)}" if hard else told


def _two(question: Question, label: str, tag: str, speech: Speech) -> Iterator[str]:
    if question.TYPE == "statement":
        return
    rows = [_said(row.label, tag) for row in getattr(question, "rows", ())]
    # Of rows only statements: what is just named, such as "News and alerts", is mostly one thing.
    for text in (label, *(row for row in rows if row.endswith("."))):
        found = speech.either.search(text)
        joined = found[0] if found else _joined(text, question, speech)
        if joined:
            yield _("Does it ask two things at once? “%(words)s” may need two questions.", words=joined)
            return
    if label.count("?") > 1:
        yield _("There are two question marks. People answer one of the two: ask them apart.")


def _joined(text: str, question: Question, speech: Speech) -> str:
    """The words that join two things in a question with one answer; empty when nothing does."""
    if question.TYPE not in ("scale", "matrix", "yes_no", "one_choice", "number"):
        return ""
    plain = re.sub(r"\([^)]*\)", "", text)
    for found in speech.joined.finditer(plain):
        one, joint, other = found[1].casefold(), found[2].casefold(), found[3].casefold()
        # The same word in two forms, as Spanish names women and men, is one thing.
        same = f"{one} {other}" in speech.pairs or one[:3] == other[:3]
        listed = "," in plain[: found.start()] or same
        within = re.search(r"\b(between|entre|such as|como)\b", plain[: found.start() + 1], re.IGNORECASE)
        if not listed and not within and (joint in ("and", "y", "e") or question.TYPE not in ALTERNATIVES):
            return found[0]
    return ""


def _pushing(label: str, speech: Speech) -> Iterator[str]:
    found = speech.leading.search(label)
    if found:
        yield _("“%(words)s” pushes people towards an answer. Ask it without.", words=found[0].strip("¿ "))
        return
    found = speech.agreeing.search(label)
    if found:
        yield _(
            "People tend to say yes to “%(words)s”. Ask what they think, with both sides.", words=found[0]
        )


def _strange(text: str, speech: Speech, explained: frozenset[str]) -> Iterator[str]:
    for word in dict.fromkeys(found.casefold() for found in speech.office.findall(text)):
        yield _("“%(word)s” is a word of offices. Say “%(instead)s”.", word=word, instead=speech.jargon[word])
    if text.isupper():
        return
    for short in dict.fromkeys(CAPITALS.findall(text)):
        if short.rstrip("s") not in KNOWN and short not in explained:
            yield _("Not everybody knows “%(short)s”. Write it out the first time.", short=short)


def _of_all(document: Document, measures: Iterable[Measure]) -> Iterator[Hint]:
    minutes = max((measure.minutes for measure in measures), default=0)
    if minutes > MOST_MINUTES:
        yield Hint(
            "long", _("It takes about %(minutes)s minutes. Many people stop after 15.", minutes=minutes)
        )
    if document.minutes and minutes > document.minutes * 1.5 + 1:
        text = _(
            "You say %(said)s minutes; we think it takes about %(minutes)s.",
            said=document.minutes,
            minutes=minutes,
        )
        yield Hint("minutes", text)
    opened = sum(question.TYPE == "long_text" for question in document.questions)
    if opened > MOST_OPEN:
        text = (
            ngettext("%(num)s question asks for a text.", "%(num)s questions ask for a text.", opened)
            + " "
            + _("Writing is work: keep those whose answers you will read.")
        )
        yield Hint("open", text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
