"""Reading a release in one language: each text in that language where there is one, else in its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from textwrap import shorten

from survey.formats.release import PublicRelease, ThemeWords
from survey.formats.summary import SummaryCross, SummaryQuestion, SummaryTheme
from survey.languages import match

BRIEF = 300


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in."""

    text: str
    language: str


class Reader:
    """A release as somebody reads it who asked for `language`."""

    def __init__(self, release: PublicRelease, language: str) -> None:
        self.release, self.language = release, language
        self.own = release.summary.language
        self._themes = {
            words.theme: words
            for words in reversed(release.themes)
            if match([language], [words.language]) is not None
        }
        self._asked = {
            (question.survey, own): text
            for question in release.summary.questions
            for own, text in self._texts(question)
        }

    @property
    def title(self) -> Said:
        """The title of the release."""
        return self._words("title") or Said(self.release.summary.study_title, self.own)

    @property
    def introduction(self) -> Said | None:
        """What stands before the results; None for nothing."""
        return self._words("introduction")

    @property
    def brief(self) -> Said | None:
        """The first paragraph of the introduction, for a list."""
        whole = self.introduction
        return (
            Said(shorten(whole.text.partition("\n")[0], BRIEF, placeholder="…"), whole.language)
            if whole
            else None
        )

    def _words(self, name: str) -> Said | None:
        order = match([self.language], self.release.languages)
        there = sorted(self.release.words, key=lambda words: words.language != order)
        found = ((getattr(words, name), words.language) for words in there)
        return next((Said(text, language) for text, language in found if text.strip()), None)

    def theme(self, theme: SummaryTheme, name: str) -> Said | None:
        """Its name, or what planners wrote about it; None for nothing."""
        words: ThemeWords | None = self._themes.get(theme.id)
        text = getattr(words, name) if words else ""
        if words is not None and text.strip():
            return Said(text, words.language)
        own = getattr(theme, name)
        return Said(own, self.own) if own.strip() else None

    def asked(self, question: SummaryQuestion) -> SummaryQuestion:
        """A question in this language, where it and all its choices are there in it; else as it was."""
        texts = [(question.label, question.labels), *((c.name, c.names) for c in question.choices)]
        tags = [match([self.language], [tag for tag, text in names if text.strip()]) for _own, names in texts]
        tag = tags[0]
        if tag is None or any(other != tag for other in tags):
            return question
        choices = tuple(replace(c, name=dict(c.names)[tag], names=()) for c in question.choices)
        return replace(question, label=dict(question.labels)[tag], language=tag, labels=(), choices=choices)

    def cross(self, cross: SummaryCross) -> SummaryCross:
        """A cross table in the words of the questions that it is about."""
        word = partial(self._word, cross.survey)
        return replace(
            cross,
            down=word(cross.down),
            across=word(cross.across),
            columns=tuple(map(word, cross.columns)),
            rows=tuple((word(name), counts) for name, counts in cross.rows),
        )

    def _word(self, survey: str, text: str) -> str:
        return self._asked.get((survey, text), text)

    def _texts(self, question: SummaryQuestion) -> Iterable[tuple[str, str]]:
        asked = self.asked(question)
        yield question.label, asked.label
        for own, choice in zip(question.choices, asked.choices, strict=True):
            yield own.name, choice.name
