"""How long and how hard a survey is, in each of its languages.

How long: reading at 200 words a minute, a time for each kind of answer (`SECONDS`; where rows or choices are
filled in one by one, a time for each), two seconds a page, half a minute for the first and the last page. A
text that may be left out counts half.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.document import Document
from survey.questions import Question
from survey.reading import Text

GRADE, EASE = 8, 55
WORDS_A_MINUTE = 200
SECONDS = {
    "statement": 0, "short_text": 12, "email": 12, "long_text": 60, "number": 8, "date": 12, "time": 8,
    "one_choice": 6, "several_choices": 10, "yes_no": 4, "scale": 6, "place": 12, "consent": 5,
}  # fmt: skip
SECONDS_EACH = {"matrix": 6, "ranking": 5, "allocation": 8}
BANDS = {
    "very easy": _l("very easy"),
    "easy": _l("easy"),
    "normal": _l("normal"),
    "hard": _l("hard"),
    "very hard": _l("very hard"),
}


@dataclass(frozen=True)
class Measure:
    """How long and how hard a survey is in one language."""

    language: str
    words: int
    minutes: int
    reading: str
    is_hard: bool


def measure(document: Document, tag: str) -> Measure:
    """What there is to say about a document in one of its languages."""
    around = [words for words in (document.title, document.what, document.why) if words]
    asked = [words for q in document.questions for words in (q.label, q.help) if words]
    offered = [words for q in document.questions for words in q.texts() if words not in (q.label, q.help)]
    sentences = Text("\n".join(words.get(tag, "") for words in (*around, *asked)), tag)
    count = sentences.length + sum(Text(words.get(tag, ""), tag).length for words in offered)
    reading, is_hard = _level(sentences)
    return Measure(tag, count, _minutes(document, count), reading, is_hard)


def _level(text: Text) -> tuple[str, bool]:
    """How hard a text is, in words, and whether that is too hard."""
    if text.grade is not None:
        grade = max(1, round(text.grade))
        return str(_("school year %(grade)s", grade=grade)), grade > GRADE
    if text.ease is not None:
        return str(BANDS[text.band]), text.ease < EASE
    return "", False


def _minutes(document: Document, words: int) -> int:
    reading = words / WORDS_A_MINUTE * 60
    answering = sum(map(_seconds, document.questions))
    return max(1, round((reading + answering + 2 * len(document.screens) + 30) / 60))


def _seconds(question: Question) -> float:
    if question.TYPE in SECONDS_EACH:
        parts = getattr(question, "rows", ()) or getattr(question, "choices", ())
        return len(parts) * SECONDS_EACH[question.TYPE]
    seconds = SECONDS.get(question.TYPE, 0)
    return seconds / 2 if question.optional and question.TYPE == "long_text" else seconds
