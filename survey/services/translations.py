"""Translations of a survey's draft: languages, texts, files. People see them when the survey is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import translating
from survey.errors import NotFound, Refusal
from survey.formats import translation_files
from survey.formats.translation_rows import Row, Sheet, TranslationError
from survey.languages import language_name
from survey.models import Survey
from survey.services import surveys
from survey.translating import Progress, Text
from survey.translation_report import Report, compare


@dataclass(frozen=True)
class Language:
    """A language of a survey, and how much is translated into it."""

    tag: str
    name: str
    progress: Progress


def languages(survey: Survey) -> list[Language]:
    """The languages of the draft, the first one first."""
    raw = survey.document
    return [Language(tag, language_name(tag), translating.progress(raw, tag)) for tag in raw["languages"]]


def check_target(survey: Survey, tag: str) -> None:
    """Raise `NotFound` unless this is a language to translate into."""
    if tag not in survey.document["languages"][1:]:
        raise NotFound


def add_language(session: Session, survey: Survey, wish: str, *, by: str, seen: int) -> str:
    """Add a language; returns its tag."""
    raw, tag = translating.add(survey.document, wish)
    _save(session, survey, raw, "language-add", by=by, seen=seen, tag=tag)
    return tag


def remove_language(session: Session, survey: Survey, tag: str, *, by: str, seen: int) -> None:
    """Take a language out. Its words are kept, so adding it again undoes this."""
    _save(
        session,
        survey,
        translating.remove(survey.document, tag),
        "language-remove",
        by=by,
        seen=seen,
        tag=tag,
    )


def make_first(session: Session, survey: Survey, tag: str, *, by: str, seen: int) -> None:
    """Make a language the source of the others."""
    raw = translating.make_first(survey.document, tag)
    _save(session, survey, raw, "language-first", by=by, seen=seen, tag=tag)


def forget_words(session: Session, survey: Survey, tag: str, *, by: str, seen: int) -> None:
    """Delete the words of a language that was removed."""
    raw = translating.forget(survey.document, tag)
    _save(session, survey, raw, "language-forget", by=by, seen=seen, tag=tag)


def translate(
    session: Session, survey: Survey, tag: str, translations: Mapping[str, str], *, by: str, seen: int
) -> int:
    """Store translations by key; returns how many are new or other than before."""
    before = {text.key: text.words.get(tag, "") for text in translating.texts(survey.document)}
    changed = sum(before.get(key, "") != translating.plain(text) for key, text in translations.items())
    raw = translating.translate(survey.document, tag, translations)
    _save(session, survey, raw, "translate", by=by, seen=seen, tag=tag, texts=changed)
    return changed


def _save(
    session: Session, survey: Survey, raw: translating.Raw, action: str, *, by: str, seen: int, **details: Any
) -> None:
    surveys.save_document(session, survey, raw, by=by, seen=seen, action=f"surveys.{action}", **details)


def sheet(survey: Survey, tag: str, *, only_missing: bool = False) -> Sheet:
    """The texts of the draft to be translated elsewhere."""
    check_target(survey, tag)
    source, found = survey.document["languages"][0], translating.texts(survey.document)
    wanted = [text for text in found if not only_missing or tag not in text.words]
    return Sheet(source, tag, tuple(_row(text, source, tag) for text in wanted))


def _row(text: Text, source: str, tag: str) -> Row:
    return Row(text.key, str(text.about), text.words[source], text.words.get(tag, ""))


def read(data: bytes, name: str) -> Sheet:
    """Read a file of translations; raise `Refusal` when it cannot be read. It needs no database."""
    try:
        found = translation_files.read(data, name)
    except TranslationError as error:
        raise Refusal(str(error)) from error
    if not found.rows:
        raise Refusal(_("The file has no texts. Choose a file that was downloaded here."))
    return found


def report(survey: Survey, tag: str, found: Sheet) -> Report:
    """Compare a file with the draft; raise `Refusal` when it is of other languages or of another survey."""
    check_target(survey, tag)
    return compare(survey.document, tag, found)
