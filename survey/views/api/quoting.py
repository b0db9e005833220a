"""Quotes that could leave the house, and the offices that answer for themes."""

from __future__ import annotations

from typing import Any

from survey.board import Board
from survey.errors import NotFound
from survey.models import Office
from survey.redaction import redacted
from survey.security import current_person
from survey.services import board as boards
from survey.services import offices, quotes
from survey.services.quotes import Proposal
from survey.views.api.board_schemas import BY
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body
from survey.views.api.schemas import (
    COMMENT_ID,
    COMPONENTS,
    MOMENT,
    THEME_ID,
    members,
    of,
    or_null,
    sent,
    some,
    text,
    whole,
    yes_or_no,
)
from survey.views.api.shared import Query, board_of, study_of
from survey.views.api.shown import Shown, moment
from survey.web import db

EACH, OF_ONE = 3, 12
START, END = whole("Its first character, counted from 0."), whole("Where it has ended.")
COMPONENTS |= {
    "Personal": members(
        "A part of a comment that may point to a person.",
        start=START,
        end=END,
        kind=text("What it is, such as email or name."),
        certain=yes_or_no("Whether it can hardly be anything else."),
    ),
    "Quote": members(
        "A comment that could be quoted. Only cleared ones may leave.",
        comment=COMMENT_ID,
        audience=or_null(whole("The id of its audience.")),
        state=text(enum=["cleared", "refused", "open"]),
        text=text("The comment with a mark for each span."),
        spans=some(
            members("A span that is blacked out.", start=START, end=END),
            "What people blacked out; as long as it is not cleared, what may point to a person.",
        ),
        personal=some(of("Personal"), "What a program found, which misses some."),
        by=or_null({**BY, "description": "Who cleared or refused it."}),
        at=or_null(MOMENT),
    ),
    "Quotes": members(
        "Comments that could be quoted, from all audiences.",
        revision=whole("The revision of the board."),
        items=some(
            members("Those of a theme, cleared ones first.", theme=THEME_ID, quotes=some(of("Quote")))
        ),
    ),
    "Office": members(
        "An office that may answer for themes.",
        id=whole(least=1),
        slug=text("Its short name, which never changes."),
        name=text(),
        themes=some(THEME_ID, "The themes that it answers for."),
        people=some(BY, "Who sees its page."),
    ),
    "Offices": members("The offices of a study by name.", items=some(of("Office"))),
    "NewOffice": sent("An office.", {"name": text(minLength=1, maxLength=offices.NAME_LENGTH)}, ("name",)),
}


@Operation(
    method="GET",
    path="/studies/{slug}/quotes",
    summary="Comments that could be quoted, by theme",
    permission="see themes",
    query={"theme": {**THEME_ID, "description": "Only this theme, with more of its comments, refused, too."}},
    answer="Quotes",
)
def list_quotes(slug: str, query: Query) -> Any:
    _study, board = board_of(slug)
    number = query.get("theme")
    one = board.find(board.merged.get(number)) if number is not None else None
    if number is not None and one is None:
        raise NotFound
    themes = [one] if one else list(board.top)
    found = quotes.propose(db(), board, themes, OF_ONE if one else EACH, refused=one is not None)
    items = [{"theme": theme, "quotes": [_quote(q) for q in proposed]} for theme, proposed in found.items()]
    return {"revision": board.revision, "items": items}


def _quote(proposed: Proposal) -> Shown:
    comment, state = proposed.comment, proposed.state
    return {
        "comment": comment.id,
        "audience": comment.audience_id,
        "state": state.mark,
        "text": redacted(comment.text, proposed.spans),
        "spans": [{"start": start, "end": end} for start, end in proposed.spans],
        "personal": [
            {"start": one.start, "end": one.end, "kind": one.kind, "certain": one.certain}
            for one in proposed.personal
        ],
        "by": state.by or None,
        "at": moment(state.at) if state.at else None,
    }


@Operation(
    method="GET",
    path="/studies/{slug}/offices",
    summary="The offices and their themes",
    permission="see themes",
    answer="Offices",
)
def list_offices(slug: str) -> Any:
    study = study_of(slug)
    board = boards.load(db(), study)
    return {"items": [_office(office, board) for office in offices.of_study(db(), study)]}


@Operation(
    method="POST",
    path="/studies/{slug}/offices",
    summary="Name an office",
    permission="manage offices",
    scopes=("decide",),
    body="NewOffice",
    answer="Office",
    statuses=(201,),
)
def add_office(slug: str, body: Body) -> Any:
    study = study_of(slug, lock=True)
    return _office(offices.add(db(), study, body["name"], by=current_person().email), None)


def _office(office: Office, board: Board | None) -> Shown:
    return {
        "id": office.id,
        "slug": office.slug,
        "name": office.name,
        "themes": [theme.id for theme in offices.themes_of(office, board)],
        "people": sorted(one.person.email for one in office.people),
    }
