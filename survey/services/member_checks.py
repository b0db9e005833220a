"""Member check: each group sees its own draft themes under a link and says whether it was understood.

What a group is shown is frozen when the check is made. Answers carry no person and no time; their ids are
keyed hashes of a key that the page made up (`survey.services.member_answers` takes them).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.board import Board, in_force, kinds
from survey.board.kinds.base import one_line, several_lines
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.formats.summary import SummaryCheck
from survey.models import Audience, Comment, MemberCheck, MemberCheckAnswer, Study
from survey.services import audit, gate, theme_texts
from survey.services import board as boards
from survey.services.ids import is_one_of
from survey.services.member_marks import ShownTheme, tables
from survey.services.placements import audience_key

MOST_THEMES, MOST_CHECKS = 60, 200
NAME_LENGTH, ABOUT_LENGTH = 300, 2_000
NAMED_BY_PROGRAM = ("apply", "split")
"""Decisions that come with names which the program made up."""


@dataclass(frozen=True)
class Offered:
    """A theme that an audience could be shown; `comments` of that audience are in it.

    `by_people` says that somebody accepted or named it. Else its name may be a list of the program's words,
    which a group should not be asked to confirm.
    """

    theme: ShownTheme
    comments: int
    is_part: bool = False
    by_people: bool = True


def offered(session: Session, study: Study, audience: Audience, board: Board | None) -> list[Offered]:
    """The live themes in which the audience has comments, in the order of the board."""
    texts = theme_texts.of_study(session, study)
    named = _named(board) if board else set[int]()
    found = []
    for theme in board.live if board else ():
        if said := theme.by_audience.get(audience_key(audience.id), 0):
            text = texts.get(theme.id, {}).get("")
            shown = ShownTheme(theme.id, theme.name, text.about if text else "")
            by_people = theme.state == "accepted" or theme.id in named
            found.append(Offered(shown, said, theme.parent is not None, by_people))
    return found


def _named(board: Board) -> set[int]:
    """The themes whose name is a person's, as far as is known: parts of a split may have the program's."""
    last = {theme: one.kind for one in in_force(board.log) for theme in kinds.of(one).renames(one)}
    return {theme for theme, kind in last.items() if kind not in NAMED_BY_PROGRAM}


def of_study(session: Session, study: Study) -> list[MemberCheck]:
    """The checks of a study, the newest first."""
    query = select(MemberCheck).where(MemberCheck.study_id == study.id)
    return list(session.scalars(query.order_by(MemberCheck.number.desc())))


def get(session: Session, study: Study, number: int) -> MemberCheck:
    """A check of a study; `NotFound` when there is none of that number."""
    query = select(MemberCheck).where(MemberCheck.study_id == study.id, MemberCheck.number == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def audience_of(study: Study, audience_id: int | None) -> Audience:
    """An audience of a study; `NotFound` for another one."""
    found = next((audience for audience in study.audiences if audience.id == audience_id), None)
    if found is None:
        raise NotFound
    return found


def make(
    session: Session, study: Study, audience: Audience, themes: Sequence[ShownTheme], *, by: str
) -> MemberCheck:
    """Freeze what a group is shown, and make its address; the study's row must be locked."""
    shown = [_checked(theme) for theme in themes]
    if not shown:
        raise Refusal(_("Choose at least one theme."))
    board = boards.load(session, study)
    there = {one.theme.id for one in offered(session, study, audience, board)}
    if not there.issuperset(theme.id for theme in shown):
        raise Refusal(_("One of these themes is not there any more. Look at the list again."))
    if len(shown) > MOST_THEMES:
        raise Refusal(_("Choose at most %(most)s themes: nobody marks more.", most=MOST_THEMES))
    number = session.scalar(select(func.max(MemberCheck.number)).where(MemberCheck.study_id == study.id)) or 0
    if number >= MOST_CHECKS:
        raise Refusal(_("A study can have at most %(most)s checks.", most=MOST_CHECKS))
    check = MemberCheck(
        study_id=study.id, audience_id=audience.id, number=number + 1, made_by=by, made_at=now()
    )
    check.code = secrets.token_urlsafe(16)
    check.themes = [{"id": theme.id, "name": theme.name, "about": theme.about} for theme in shown]
    session.add(check)
    session.flush()
    _tell(session, study, check, "make", by)
    return check


def _checked(theme: ShownTheme) -> ShownTheme:
    name, about = one_line(theme.name), several_lines(theme.about)
    if not name:
        raise Refusal(_("A theme needs words that people can mark. Type them, or leave the theme out."))
    for text, most in ((name, NAME_LENGTH), (about, ABOUT_LENGTH)):
        if len(text) > most:
            raise Refusal(
                _(
                    "“%(start)s…” has %(length)s characters. Use %(most)s or fewer.",
                    start=text[:40],
                    length=len(text),
                    most=most,
                )
            )
    return ShownTheme(theme.id, name, about)


def _tell(session: Session, study: Study, check: MemberCheck, what: str, by: str) -> None:
    audit.record(session, by, f"checks.{what}", study.slug, number=check.number, audience=check.audience_id)


def set_open(session: Session, study: Study, check: MemberCheck, is_open: bool, *, by: str) -> None:
    """Take answers, or no more; the same again changes nothing."""
    if check.open != is_open:
        check.open = is_open
        session.flush()
        _tell(session, study, check, "open" if is_open else "close", by)


def remove(session: Session, study: Study, check: MemberCheck, *, by: str) -> None:
    """Delete a check with its answers; comments made of them stay."""
    session.execute(delete(MemberCheckAnswer).where(MemberCheckAnswer.check_id == check.id))
    session.delete(check)
    session.flush()
    _tell(session, study, check, "delete", by)


def count_answers(session: Session, check: MemberCheck) -> int:
    """How many have answered."""
    query = select(func.count()).select_from(MemberCheckAnswer)
    return session.scalar(query.where(MemberCheckAnswer.check_id == check.id)) or 0


@dataclass(frozen=True)
class Missing:
    """What somebody wrote about what is missing; `added` says that it is a comment by now."""

    id: str
    text: str
    added: bool


def missing(session: Session, check: MemberCheck) -> list[Missing]:
    """What people of one group miss, in no order that says who came first: their ids are random."""
    query = select(MemberCheckAnswer.id, MemberCheckAnswer.missing).where(
        MemberCheckAnswer.check_id == check.id, MemberCheckAnswer.missing != ""
    )
    rows = session.execute(query.order_by(MemberCheckAnswer.id)).all()
    ids = {_comment_id(row.id): row.id for row in rows}
    there = set(_existing(session, ids))
    return [Missing(row.id, row.missing, _comment_id(row.id) in there) for row in rows]


def _existing(session: Session, ids: Collection[str]) -> Iterable[str]:
    return session.scalars(select(Comment.id).where(is_one_of(session, Comment.id, ids)))


def _comment_id(answer_id: str) -> str:
    """The id of the comment that is made of an answer: always the same, so it is made once."""
    return hashlib.sha256(f"member check {answer_id}".encode()).hexdigest()[:32]


def add_comment(session: Session, study: Study, check: MemberCheck, answer_id: str, *, by: str) -> bool:
    """Make a comment of what somebody misses; False when it is one. The study's row must be locked."""
    # PostgreSQL fails over a NUL, so what cannot be an id is not asked for.
    answer = session.get(MemberCheckAnswer, answer_id) if answer_id.isalnum() else None
    if answer is None or answer.check_id != check.id or not answer.missing:
        raise NotFound
    id = _comment_id(answer.id)
    if session.get(Comment, id) is not None:
        return False
    comment = Comment(id=id, study_id=study.id, audience_id=check.audience_id, channel="session")
    comment.text, comment.day = answer.missing, answer.day
    session.add(comment)
    session.flush()
    _tell(session, study, check, "add-comment", by)
    return True


def shares(session: Session, study: Study) -> Mapping[int, SummaryCheck]:
    """By theme of the board, what participants said of it, all groups together, as it may be shown.

    People marked it, so rule 1 of the gate holds: nothing that stands for fewer than `fewest_counted` of them
    is shown or can be worked out. Themes that are not live on the board any more are left out.
    """
    found = tables(session, study)
    board = boards.load(session, study) if found else None
    live = {theme.id for theme in board.live} if board else set[int]()
    if not live:
        return {}
    shown = gate.protect(session, study, found)
    by_theme = {int(table.key.split()[1]): shown[table.key] for table in found}
    return {
        id: SummaryCheck(None, None, None)
        if table.total is None
        else SummaryCheck(table.counts[("yes",)], table.counts[("no",)], table.total)
        for id, table in by_theme.items()
        if id in live
    }
