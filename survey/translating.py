"""A survey in several languages: its texts one by one, what is missing, and languages added and removed.

Everything here takes the document as plain JSON and gives a new one. Each text has a key made of ids, which
stays the same as long as the question or choice is there: "question.q1.choices.c3". The first language is the
source of all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.document import MOST_LANGUAGES, PAGE_TITLE, SETTINGS
from survey.errors import Refusal
from survey.languages import LONGEST_TAG, canonical, language_name
from survey.questions import TYPES, Setting
from survey.questions.base import HELP, LABEL
from survey.questions.choices import CHOICE_LABEL
from survey.questions.settings import LANGUAGE, MOST_WORDS, UNSTORABLE, Sentence
from survey.screens import PIPE

Raw = dict[str, Any]
OWN = "survey"


@dataclass(frozen=True)
class Text:
    """One text of a survey: its key, the group it is shown in, where it stands, what it is."""

    key: str
    group: str
    path: tuple[str | int, ...]
    words: Mapping[str, str]
    most: int
    about: Sentence

    @property
    def is_long(self) -> bool:
        """Whether it needs more than a line."""
        return self.most > 300

    def missing_pipes(self, source: str, text: str) -> list[str]:
        """The earlier answers that the source shows and a translation does not, or the other way round."""
        before = self.words.get(source, "")
        return sorted(set(PIPE.findall(before)) ^ set(PIPE.findall(text)))


@dataclass(frozen=True)
class Progress:
    """How many texts have a translation."""

    done: int
    of: int

    @property
    def missing(self) -> int:
        """How many are left."""
        return self.of - self.done

    @cached_property
    def words(self) -> str:
        """ "34 of 60 texts"."""
        return str(ngettext("%(done)s of %(num)s text", "%(done)s of %(num)s texts", self.of, done=self.done))


def texts(raw: Raw) -> tuple[Text, ...]:
    """Every text that has something to translate, in the order of the survey.

    Numbers, such as ZIP codes to choose from, need none and are left out.
    """
    source = raw["languages"][0]
    return tuple(text for text in _all(raw) if any(map(str.isalpha, text.words.get(source, ""))))


def _all(raw: Raw) -> Iterator[Text]:
    yield from _of_settings(raw, OWN, (), SETTINGS)
    for at, page in enumerate(raw["pages"]):
        yield from _of_settings(page, f"page.{page['id']}", ("pages", at), (PAGE_TITLE,))
        for position, question in enumerate(page["questions"]):
            group, path = f"question.{question['id']}", ("pages", at, "questions", position)
            yield from _of_settings(question, group, path, (LABEL, HELP, *TYPES[question["type"]].SETTINGS))


def _of_settings(
    owner: Raw, group: str, path: tuple[str | int, ...], wanted: tuple[Setting, ...]
) -> Iterator[Text]:
    for setting in wanted:
        value, here = owner.get(setting.name), (*path, setting.name)
        if setting.kind == "words" and value:
            most = setting.most or MOST_WORDS
            yield Text(f"{group}.{setting.name}", group, here, value, most, setting.label)
        elif isinstance(value, list):
            about = CHOICE_LABEL.label if setting.kind == "choices" else setting.label
            yield from _of_list(value, f"{group}.{setting.name}", about, here)


def _of_list(items: list[Any], key: str, about: Sentence, path: tuple[str | int, ...]) -> Iterator[Text]:
    """Choices, rows and whatever else is a list of things with an id and a label."""
    most, group = CHOICE_LABEL.most or MOST_WORDS, key.rpartition(".")[0]
    for at, item in enumerate(items):
        if isinstance(item, dict) and item.get("label"):
            where = (*path, at, "label")
            yield Text(f"{key}.{item['id']}", group, where, item["label"], most, about)


def progress(raw: Raw, tag: str) -> Progress:
    """How much is translated into a language."""
    found = texts(raw)
    return Progress(sum(tag in text.words for text in found), len(found))


def missing(raw: Raw, tag: str) -> tuple[Text, ...]:
    """The texts that a language lacks."""
    return tuple(text for text in texts(raw) if tag not in text.words)


def plain(text: str) -> str:
    """A text as it is stored: line ends as \\n, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def wrong(text: Text, translation: str) -> str | None:
    """Why a translation cannot be stored, in words; None when it can."""
    if len(translation) > text.most:
        return str(
            _(
                "Use at most %(most)s characters. This has %(count)s.",
                most=text.most,
                count=len(translation),
            )
        )
    if UNSTORABLE.search(translation):
        return str(_("It holds a character that cannot be stored. Type it again."))
    return None


def translate(raw: Raw, tag: str, translations: Mapping[str, str]) -> Raw:
    """The document with these translations, by key; an empty one takes a translation away."""
    if tag not in raw["languages"][1:]:
        raise Refusal(_("Add the language to the survey first."))
    changed = deepcopy(raw)
    for text in texts(raw):
        if text.key in translations:
            _set(_words_at(changed, text.path), tag, plain(translations[text.key]))
    return changed


def _words_at(raw: Any, path: tuple[str | int, ...]) -> dict[str, str]:
    for step in path:
        raw = raw[step]
    words: dict[str, str] = raw
    return words


def _set(words: dict[str, str], tag: str, text: str) -> None:
    if text:
        words[tag] = text
    else:
        words.pop(tag, None)


def add(raw: Raw, wish: str) -> tuple[Raw, str]:
    """The document with one more language, and its tag as it is written; kept words are back with it."""
    tag = canonical(wish)
    if tag is None or not LANGUAGE.fullmatch(tag):
        raise Refusal(
            _(
                "“%(tag)s” is not a code of a language. Codes look like vi, zh-Hans or pt-BR, with at most "
                "%(most)s characters.",
                tag=wish.strip()[:30],
                most=LONGEST_TAG,
            )
        )
    if tag in raw["languages"]:
        raise Refusal(_("%(language)s is there already.", language=language_name(tag)))
    if len(raw["languages"]) >= MOST_LANGUAGES:
        raise Refusal(_("A survey can have at most %(most)s languages.", most=MOST_LANGUAGES))
    return {**raw, "languages": [*raw["languages"], tag]}, tag


def remove(raw: Raw, tag: str) -> Raw:
    """The document without a language. Its words stay in the document until `forget` takes them out."""
    _check_there(raw, tag)
    left = [other for other in raw["languages"] if other != tag]
    if not left:
        raise Refusal(_("A survey needs at least one language."))
    return _led_by(raw, left)


def make_first(raw: Raw, tag: str) -> Raw:
    """The document with this language as the source of the others."""
    _check_there(raw, tag)
    return _led_by(raw, [tag, *(other for other in raw["languages"] if other != tag)])


def forget(raw: Raw, tag: str) -> Raw:
    """The document without the words of a language that was removed before."""
    if tag in raw["languages"]:
        raise Refusal(_("The survey is in this language. Remove the language first."))
    changed = deepcopy(raw)
    for text in _all(raw):
        _words_at(changed, text.path).pop(tag, None)
    return changed


def kept(raw: Raw) -> dict[str, int]:
    """The languages that were removed and whose words are still there, with how many texts."""
    found: dict[str, int] = {}
    for text in _all(raw):
        for tag in text.words.keys() - set(raw["languages"]):
            found[tag] = found.get(tag, 0) + 1
    return dict(sorted(found.items()))


def _check_there(raw: Raw, tag: str) -> None:
    if tag not in raw["languages"]:
        raise Refusal(_("The survey is not in this language."))


def _led_by(raw: Raw, languages: list[str]) -> Raw:
    """The document in these languages; its first one stands in for the others, so it has to be whole."""
    first = languages[0]
    lacking = sum(first not in text.words for text in _all(raw))
    if lacking:
        raise Refusal(
            ngettext(
                "%(language)s cannot come first yet: %(num)s text is not translated. Translate it first.",
                "%(language)s cannot come first yet: %(num)s texts are not translated. Translate them first.",
                lacking,
                language=language_name(first),
            )
        )
    return {**raw, "languages": languages}
