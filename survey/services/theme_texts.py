"""What planners write about a theme for the report, in each language of the public page.

A text belongs to the number of a theme and stays when the theme is merged into another one, rejected or left
out by a later run: nothing that was typed is lost, and it is there again when the theme is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board, BoardTheme
from survey.board.kinds.base import one_line, several_lines
from survey.errors import NotFound, Refusal, Stale
from survey.models import Study, Survey, ThemeText
from survey.services import audit, history

OWN = ""
"""The language of what is in the study's own words."""
PARTS = {
    "about": _l("What it is about"),
    "underway": _l("What is under way"),
    "planned": _l("What is planned"),
}
MOST_TEXT, MOST_NAME = 5_000, 300


class NotRight(Refusal):
    """Some of what was typed cannot be stored: a sentence for each field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Words:
    """What is typed about a theme in one language; only other languages than the study's have a name."""

    name: str = ""
    about: str = ""
    underway: str = ""
    planned: str = ""

    @classmethod
    def of(cls, row: ThemeText | None) -> Words:
        """What is stored."""
        return cls(row.name, row.about, row.underway, row.planned) if row else cls()

    def tidy(self) -> Words:
        """Without control characters, and without blanks where nobody sees them."""
        return Words(one_line(self.name), *map(several_lines, (self.about, self.underway, self.planned)))

    @property
    def parts(self) -> Mapping[str, str]:
        """The texts by their names."""
        return {"about": self.about, "underway": self.underway, "planned": self.planned}

    @property
    def written(self) -> tuple[str, ...]:
        """Which of the texts there are."""
        return tuple(name for name, text in self.parts.items() if text)


@dataclass(frozen=True)
class Line:
    """A live theme with what is written about it: in the study's own words, and in other languages."""

    theme: BoardTheme
    own: Words
    others: Mapping[str, Words]

    def lacks(self, tag: str) -> bool:
        """Whether something that is written in the study's own words is missing in another language."""
        there = self.others[tag]
        return not there.name or not set(self.own.written) <= set(there.written)


@dataclass(frozen=True)
class Kept:
    """A text that no report shows now: its theme is not live, or became part of another one."""

    name: str
    words: Words
    theme: int | None = None


@dataclass(frozen=True)
class Overview:
    """All live themes of a board, and the texts that are kept beside."""

    lines: tuple[Line, ...] = ()
    kept: tuple[Kept, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def written(self) -> int:
        """How many themes have words."""
        return sum(bool(line.own.written) for line in self.lines)


def of_study(session: Session, study: Study) -> Mapping[int, Mapping[str, ThemeText]]:
    """By theme, then by language ("" for the study's own), what was written."""
    query = select(ThemeText).where(ThemeText.study_id == study.id)
    found: dict[int, dict[str, ThemeText]] = {}
    for text in session.scalars(query.order_by(ThemeText.theme, ThemeText.language)):
        found.setdefault(text.theme, {})[text.language] = text
    return found


def languages(session: Session, study: Study) -> tuple[str, ...]:
    """The languages of the study's surveys, its own first."""
    query = select(Survey.document).where(Survey.study_id == study.id).order_by(Survey.id)
    tags = (tag for document in session.scalars(query) for tag in document["languages"])
    return tuple(dict.fromkeys(tags))


def overview(session: Session, study: Study, board: Board | None) -> Overview:
    """What is written about each live theme, in the order of the board."""
    if board is None:
        return Overview()
    found, others = of_study(session, study), languages(session, study)[1:]
    lines = tuple(
        Line(
            theme,
            Words.of(found.get(theme.id, {}).get(OWN)),
            {tag: Words.of(found.get(theme.id, {}).get(tag)) for tag in others},
        )
        for theme in board.live
    )
    return Overview(lines, _kept(board, found), others)


def _kept(board: Board, found: Mapping[int, Mapping[str, ThemeText]]) -> tuple[Kept, ...]:
    live = {theme.id for theme in board.live}
    names = _names(board)
    rest = {number: Words.of(texts.get(OWN)) for number, texts in found.items() if number not in live}
    return tuple(
        Kept(names.get(number, str(number)), words, board.merged.get(number))
        for number, words in rest.items()
        if words.written
    )


def _names(board: Board) -> Mapping[int, str]:
    """The last name of each theme that there is or was."""
    names: dict[int, str] = {}
    for line in history.told(board.log):
        names |= line.names
    return names | {theme.id: theme.name for theme in board.themes}


def merged_into(overview: Overview, theme: BoardTheme) -> tuple[Kept, ...]:
    """Texts of themes that became part of this one."""
    return tuple(kept for kept in overview.kept if kept.theme == theme.id)


def live(board: Board | None, theme_id: int) -> BoardTheme:
    """A live theme; raise `NotFound` for any other number."""
    theme = board.find(theme_id) if board else None
    if theme is None or not theme.is_live:
        raise NotFound
    return theme


def get(session: Session, study: Study, theme: BoardTheme, language: str) -> ThemeText | None:
    """What is stored about a theme in a language; raise `NotFound` for one that the study does not have."""
    if language != OWN and language not in languages(session, study)[1:]:
        raise NotFound
    query = select(ThemeText).where(
        ThemeText.study_id == study.id, ThemeText.theme == theme.id, ThemeText.language == language
    )
    return session.scalar(query)


def save(
    session: Session, study: Study, theme: BoardTheme, language: str, words: Words, *, seen: int, by: str
) -> bool:
    """Put words in the place of those of revision `seen` (0: there were none); whether anything changed.

    The study's row must be locked. Raises `NotRight` for a text that is too long, `Stale` when somebody else
    wrote something else meanwhile.
    """
    row, words = get(session, study, theme, language), words.tidy()
    if language == OWN:
        words = Words("", *words.parts.values())
    _check(words)
    if words == Words.of(row):
        return False
    if (row.revision if row else 0) != seen:
        raise Stale(_("Somebody else wrote about this theme while you did."))
    row = row or ThemeText(study_id=study.id, theme=theme.id, language=language)
    row.name, row.about, row.underway, row.planned = words.name, words.about, words.underway, words.planned
    session.add(row)
    session.flush()
    audit.record(session, by, "theme-texts.write", study.slug, theme=theme.id, language=language)
    return True


def _check(words: Words) -> None:
    """Refuse what is too long, all of it at once."""
    texts = [(part, PARTS[part], text, MOST_TEXT) for part, text in words.parts.items()]
    texts.insert(0, ("name", _("Name of the theme"), words.name, MOST_NAME))
    problems = {
        part: str(
            _(
                "%(what)s has %(length)s characters. Use %(most)s or fewer.",
                what=what,
                length=f"{len(text):,}",
                most=f"{most:,}",
            )
        )
        for part, what, text, most in texts
        if len(text) > most
    }
    if problems:
        raise NotRight(problems)
