"""Cross tables of a study: choosing, ordering, removing. Their numbers are told in frozen summaries only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.document import Document, parse
from survey.errors import NotFound, Refusal
from survey.models import CrossTable, Study, Survey
from survey.questions.settings import pick
from survey.services import audit
from survey.services.tabulating.asked import of_document
from survey.services.tabulating.crosses import GROUPS, side_of

MOST_TABLES = 20
LONGEST = 60


@dataclass(frozen=True)
class Option:
    """A question that can be a side of a table: its id, its words, and the answers for lines or columns."""

    id: str
    label: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A survey with the questions that can be crossed, and the tables that were asked for, in order."""

    survey: Survey
    title: str
    language: str
    options: tuple[Option, ...]
    tables: tuple[CrossTable, ...]

    def option(self, wanted: str) -> Option | None:
        """A question of the list by its id."""
        return next((option for option in self.options if option.id == wanted), None)


def plans(session: Session, study: Study) -> list[Plan]:
    """The surveys of a study, each with what can be crossed and its tables."""
    surveys = session.scalars(select(Survey).where(Survey.study_id == study.id).order_by(Survey.id))
    tables = _tables(session, study)
    return [_plan(survey, [table for table in tables if table.survey_id == survey.id]) for survey in surveys]


def _tables(session: Session, study: Study) -> Sequence[CrossTable]:
    query = select(CrossTable).join(Survey, Survey.id == CrossTable.survey_id)
    query = query.where(Survey.study_id == study.id)
    return session.scalars(query.order_by(CrossTable.position, CrossTable.id)).all()


def _plan(survey: Survey, tables: Sequence[CrossTable]) -> Plan:
    document = _document(survey)
    language = document.languages[0]
    title = document.text(document.title, language)[0]
    return Plan(survey, title, language, tuple(_options(survey, document)), tuple(tables))


def _document(survey: Survey) -> Document:
    """What people are asked, or will be: the newest version, the draft before there is one."""
    newest = max(survey.versions, key=lambda version: version.number, default=None)
    return parse(newest.document if newest else survey.document)


def _options(survey: Survey, document: Document) -> list[Option]:
    sides = (side_of(asked) for asked in of_document(survey, document))
    tags = document.languages
    return [
        Option(
            side.dim,
            pick(side.label, tags)[0],
            tuple(pick(code.words, tags)[0] or code.id for code in side.codes),
        )
        for side in sides
        if side and len(side.dim) <= LONGEST
    ]


def add(
    session: Session, study: Study, survey_id: int | None, down: str, across: str, *, by: str
) -> CrossTable:
    """Ask for a cross table; raise `Refusal` for one that cannot be. The study's row must be locked."""
    plan = next((plan for plan in plans(session, study) if plan.survey.id == survey_id), None)
    if plan is None:
        raise NotFound
    _check(plan, down, across)
    position = max((table.position for table in plan.tables), default=-1) + 1
    table = CrossTable(survey_id=plan.survey.id, down=down, across=across, position=position)
    session.add(table)
    session.flush()
    audit.record(session, by, "tables.add", plan.survey.slug, down=down, across=across)
    return table


def _check(plan: Plan, down: str, across: str) -> None:
    if plan.option(down) is None:
        raise Refusal(_("Choose the question whose answers are the lines."))
    if across not in GROUPS and plan.option(across) is None:
        raise Refusal(_("Choose what the columns are."))
    if down == across:
        raise Refusal(_("A question cannot be crossed with itself. Choose something else for the columns."))
    if any((table.down, table.across) == (down, across) for table in plan.tables):
        raise Refusal(_("This table is on the list already."))
    if len(plan.tables) >= MOST_TABLES:
        raise Refusal(
            _("A survey can have at most %(most)s cross tables. Remove one first.", most=MOST_TABLES)
        )


def get(session: Session, study: Study, table_id: int) -> CrossTable:
    """A cross table of a study; raise `NotFound` for one of another study."""
    # Searched here and not by the database, which cannot compare numbers larger than its own.
    found = next((table for table in _tables(session, study) if table.id == table_id), None)
    if found is None:
        raise NotFound
    return found


def move(session: Session, study: Study, table: CrossTable, step: int, *, by: str) -> None:
    """Move a table up (-1) or down (1) among those of its survey. The study's row must be locked."""
    listed = [other for other in _tables(session, study) if other.survey_id == table.survey_id]
    here = listed.index(table)
    if step not in (-1, 1) or not 0 <= here + step < len(listed):
        raise Refusal(_("The table is at the end of the list already."))
    listed.insert(here + step, listed.pop(here))
    for position, other in enumerate(listed):
        other.position = position
    session.flush()
    audit.record(session, by, "tables.move", study.slug, id=table.id, to=here + step)


def remove(session: Session, study: Study, table: CrossTable, *, by: str) -> None:
    """Take a table off the list."""
    session.delete(table)
    session.flush()
    audit.record(session, by, "tables.remove", study.slug, down=table.down, across=table.across)
