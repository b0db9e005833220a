"""Cross tables that a facilitator asked for, counted and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclose import Shown
from survey.formats.summary import Count, SummaryCross
from survey.languages import language_name
from survey.models import CrossTable
from survey.questions import Question
from survey.questions.settings import pick
from survey.services.tabulating.asked import Asked, SurveyAsked
from survey.services.tabulating.built_in import said
from survey.services.tabulating.codes import codes_of
from survey.services.tabulating.counting import NOT_ANSWERED, Counted, Pair, Side
from survey.services.tabulating.heard import CHANNELS, NO_GROUP, added
from survey.services.tabulating.lines import held_note

TYPES = ("one_choice", "yes_no", "scale", "place")
GROUPS = {"@unit": "Unit", "@language": "Language", "@source": "How the answer came"}
MOST_CODES = 30
"""Wider and longer tables are not read, and nearly all of their numbers would be hidden."""
TOO_SMALL = (
    "Groups of fewer than {} people are not told apart: numbers that would stand for so few are hidden."
)
TOO_MANY = "There are too many groups for a table."


def can_be_crossed(question: Question, codes: int) -> bool:
    """Whether a question fits into a cross table: one answer each, out of not too many."""
    return question.TYPE in TYPES and codes <= MOST_CODES


def side_of(asked: Asked) -> Side | None:
    """A question as a side of a cross table; None where it does not fit into one."""
    codes = codes_of(asked) if asked.newest.TYPE in TYPES else ()
    fits = codes and can_be_crossed(asked.newest, len(codes))
    return Side(asked.dim, asked.newest.label, codes) if fits else None


def pairs(session: Session, survey: SurveyAsked) -> list[Pair]:
    """The cross tables of a survey in order, without those whose question is gone or has grown too long."""
    query = select(CrossTable).where(CrossTable.survey_id == survey.id)
    rows = session.scalars(query.order_by(CrossTable.position, CrossTable.id))
    found = ((_side(survey, row.down), _side(survey, row.across)) for row in rows)
    return [Pair(down, across) for down, across in found if down and across]


def _side(survey: SurveyAsked, wanted: str) -> Side | None:
    if wanted in GROUPS:
        return Side(wanted, {"en": GROUPS[wanted]})
    asked = survey.of_id(wanted)
    return side_of(asked) if asked else None


def told(
    counted: Counted, asked_for: Sequence[Pair], shown: Mapping[str, Shown], k: int
) -> Iterator[SummaryCross]:
    """The cross tables of a survey as they may be told."""
    for pair in asked_for:
        table = shown.get(pair.key(counted.survey.slug))
        yield _told(counted.survey, pair, table, k) if table else _cross(counted.survey, pair, note=TOO_MANY)


def _told(survey: SurveyAsked, pair: Pair, table: Shown, k: int) -> SummaryCross:
    downs, acrosses = (list(dict.fromkeys(cell[place] for cell in table.counts)) for place in (0, 1))
    rows = [(down, tuple(table.counts[down, across] for across in acrosses)) for down in downs]
    return _cross(
        survey,
        pair,
        columns=tuple(_name(survey, pair.across, code) for code in acrosses),
        rows=tuple((_name(survey, pair.down, code), counts) for code, counts in rows),
        totals=tuple(added([counts[place] for _code, counts in rows]) for place in range(len(acrosses))),
        note=" ".join(_notes(table, k)),
    )


def _notes(table: Shown, k: int) -> Iterator[str]:
    if table.hidden:
        yield TOO_SMALL.format(k)
    if table.held:
        yield held_note(k)


def _cross(
    survey: SurveyAsked,
    pair: Pair,
    columns: tuple[str, ...] = (),
    rows: tuple[tuple[str, tuple[Count, ...]], ...] = (),
    totals: tuple[Count, ...] = (),
    note: str = "",
) -> SummaryCross:
    down, across = (pick(side.label, survey.languages)[0] for side in (pair.down, pair.across))
    id = f"{survey.slug}/{pair.down.dim} x {pair.across.dim}"
    return SummaryCross(id, survey.title, down, across, columns, rows, totals, note)


def _name(survey: SurveyAsked, side: Side, code: str) -> str:
    """What a code of a side is called."""
    if side.dim == "@language" and code:
        return language_name(code)
    if side.dim == "@source":
        return CHANNELS.get(code, code)
    if side.is_group:
        return code or NO_GROUP["unit"]
    if code == NOT_ANSWERED:
        return said("No answer", survey.languages[0])
    words = next((one.words for one in side.codes if one.id == code), {})
    return pick(words, survey.languages)[0] or code
