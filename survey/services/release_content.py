"""What a release would show: the document made from its summary, its choices and its words."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.errors import Refusal
from survey.formats.release import PublicRelease, ReleaseError, ReleaseWords, ThemeWords
from survey.formats.release_parts import Parts, cut
from survey.formats.summary import Summary
from survey.models import Release, Study
from survey.services import authors, copied_words, summaries, theme_texts


def languages(summary: Summary) -> tuple[str, ...]:
    """The languages of a public page: those of the study's surveys, its own first."""
    return tuple(dict.fromkeys((summary.language, *summary.languages)))


@dataclass(frozen=True)
class Drawn:
    """A release that was not approved yet: the summary it is made from, and what the public would see."""

    release: Release
    summary: Summary
    document: PublicRelease


def drawn(session: Session, release: Release) -> Drawn:
    """What a release would show now; the summary, which may be large, is read once."""
    summary = summary_of(release)
    return Drawn(release, summary, draw_up(session, release, summary))


def draw_up(session: Session, release: Release, summary: Summary) -> PublicRelease:
    """What the public would see of `summary`, which is that of the release, if it were approved now."""
    parts = Parts.from_dict(release.parts).within(summary)
    return PublicRelease(
        number=release.number,
        summary=cut(summary, parts, staff(session)),
        words=tuple(_words(release, summary)),
        themes=tuple(_theme_words(session, release.study, summary, parts)),
        data=parts.data,
        interim=parts.interim,
        left_out=len(summary.themes) - len(parts.themes),
    )


def _words(release: Release, summary: Summary) -> Iterator[ReleaseWords]:
    for language in languages(summary):
        words = release.words.get(language, {})
        yield ReleaseWords(language, words.get("title", ""), words.get("introduction", ""))


def _theme_words(session: Session, study: Study, summary: Summary, parts: Parts) -> Iterator[ThemeWords]:
    texts = theme_texts.of_study(session, study)
    for theme in parts.themes:
        for language, text in sorted(texts.get(int(theme), {}).items()):
            if language and language in languages(summary):
                yield ThemeWords(theme, language, text.name, text.about, text.underway, text.planned)


def staff(session: Session) -> set[str]:
    """The names that the method must not tell.

    A name in small letters is a word like others: replacing it would make the method unreadable.
    """
    known = authors.names(session)
    return {*known, *(name for name in known.values() if len(name) > 2 and name[:1].isupper())}


def keep(release: Release, document: PublicRelease) -> None:
    """Freeze the document with the release."""
    plain = document.to_json()
    release.document, release.sha256 = zlib.compress(plain), hashlib.sha256(plain).hexdigest()


def read(release: Release) -> PublicRelease:
    """What was approved; raise `Refusal` when the stored bytes are not those any more."""
    try:
        plain = zlib.decompress(release.document or b"")
        if hashlib.sha256(plain).hexdigest() == release.sha256:
            return PublicRelease.from_json(plain)
    except (zlib.error, ReleaseError):
        pass
    raise Refusal(
        _(
            "Release %(number)s was changed after it was approved, so it is not shown. "
            "The office can restore it from a backup.",
            number=release.number,
        )
    )


def summary_of(release: Release) -> Summary:
    """The frozen summary that a release is made from."""
    return summaries.read(release.summary)


def copied(document: PublicRelease, summary: Summary) -> str:
    """Words in a row that planners wrote and that are those of a comment nobody cleared; "" for none."""
    quotes = [quote.text for theme in summary.themes for quote in theme.quotes]
    comments = (comment.text for comment in summary.comments)
    return " ".join(next(copied_words.copied(_written(document), comments, quotes), ()))


def _written(document: PublicRelease) -> Iterator[str]:
    for words in document.words:
        yield from (words.title, words.introduction)
    for theme in document.summary.themes:
        yield from (theme.name, theme.about, theme.underway, theme.planned)
    for other in document.themes:
        yield from (other.name, other.about, other.underway, other.planned)
