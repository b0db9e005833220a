"""What became of earlier themes: comparisons that were made, and what people confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from survey.board import Board, Confirmed
from survey.comparing import BOARD, KINDS, Comparison, Side, Standing, Theme, left_over, standings
from survey.errors import NotFound
from survey.models import Job
from survey.security import current_person, current_token
from survey.services import comparisons, studies
from survey.services.comparisons import EARLIER
from survey.views.api.board_schemas import BY, NEW, OLD
from survey.views.api.contract import Operation
from survey.views.api.schemas import (
    COMMENT_ID,
    COMPONENTS,
    members,
    number,
    of,
    or_null,
    some,
    text,
    whole,
    yes_or_no,
)
from survey.views.api.shared import Query, board_of, require_side, study_of
from survey.views.api.shown import Shown
from survey.web import db

ID = whole("The id of a theme on its side: its number on a board, that of a candidate in a run.", least=1)
SHARE = number("0 to 1.", most=1)
SIDES = {"old": OLD, "new": {**NEW, "default": "board"}}
COMPONENTS |= {
    "ComparedTheme": members(
        "A theme as it was when the sides were compared.",
        id=ID,
        name=text(),
        comments=whole(),
        share=number("Of the comments of its side, 0 to 1.", most=1),
        audiences=whole("Audiences that raised it."),
        of=whole("Audiences of its side."),
        low=whole("Lower end of the 90 % interval."),
        high=whole("Upper end of it."),
        quotes=some(COMMENT_ID, "Typical comments of that study."),
    ),
    "ComparedSide": members(
        "One side of a comparison.",
        key=OLD,
        comments=whole(),
        revision=or_null(whole("The revision of its board then; null for a run.")),
        themes=some(of("ComparedTheme")),
    ),
    "Confirmation": members(
        "What a person said became of themes.",
        edit=whole("The number of that decision.", least=1),
        change=text(enum=list(KINDS)),
        old=some(text("The name of an earlier theme.")),
        new=some(whole("The number of a theme of the board.", least=1)),
        by=BY,
    ),
    "ThemeFate": members(
        "What likely became of themes, why, and what people said of that.",
        kind=text(enum=list(KINDS)),
        old=some(ID),
        new=some(ID),
        nearest=or_null(whole("The most alike theme of the other side, for a new or dropped one.", least=1)),
        shared=whole("Comments that are in both."),
        of_old=SHARE,
        of_new=SHARE,
        likeness=number("How alike the words are, 0 to 1.", most=1),
        words=some(text(), "Words that both use."),
        confirmed=some(of("Confirmation"), "What was said about its themes."),
        settled=yes_or_no("Whether something was said about each of them."),
        as_suggested=yes_or_no("Whether that was the same."),
        gone=some(ID, "Themes of now that have been merged, parked, rejected or lost since."),
    ),
    "ThemeFlow": members(
        "What a theme of each side have in common.",
        old=ID,
        new=ID,
        shared=whole(),
        of_old=SHARE,
        of_new=SHARE,
        likeness=SHARE,
        astray=yes_or_no("Whether it is in none of the changes."),
    ),
    "Comparison": members(
        "Two sides compared.",
        job=whole("The id of the job that made it.", least=1),
        old=of("ComparedSide"),
        new=of("ComparedSide"),
        basis=text("By what.", enum=["comments", "words"]),
        shared=whole("Comments on both sides."),
        changes=some(of("ThemeFate")),
        flows=some(of("ThemeFlow")),
        left_over=some(of("Confirmation"), "About themes that this comparison does not know."),
    ),
    "Comparisons": members(
        "The pairs of sides that were asked for.",
        items=some(
            members(
                "A pair.",
                old=OLD,
                new=NEW,
                state=text("How far it is.", enum=["waiting", "running", "done", "failed"]),
            )
        ),
    ),
}


@Operation(
    method="GET",
    path="/studies/{slug}/comparisons",
    summary="What was compared, and how far that is",
    permission="see themes",
    answer="Comparisons",
)
def list_comparisons(slug: str) -> Any:
    pairs = comparisons.states(db(), study_of(slug))
    seen = _visible()
    items = [
        {"old": old, "new": new, "state": state}
        for (old, new), state in pairs.items()
        if not old.startswith(EARLIER) or old in seen
    ]
    return {"items": items}


def _visible() -> set[str]:
    """The earlier studies that this person, and this token, may see."""
    only = current_token().study_id
    mine = studies.visible_to(db(), current_person())
    return {EARLIER + study.slug for study in mine if only in (None, study.id)}


@Operation(
    method="GET",
    path="/studies/{slug}/comparison",
    summary="What became of each theme: the last finished comparison of two sides",
    permission="see themes",
    query=SIDES,
    must=("old",),
    answer="Comparison",
)
def show_comparison(slug: str, query: Query) -> Any:
    study, board = board_of(slug)
    require_side(query["old"])
    job = comparisons.newest(db(), study, query["old"], query["new"], done=True)
    if job is None:
        raise NotFound
    return _comparison(job, comparisons.result(job), board)


def _comparison(job: Job, found: Comparison, board: Board) -> Shown:
    ours = found.new.key == BOARD
    return {
        "job": job.id,
        "old": _side(found.old),
        "new": _side(found.new),
        "basis": found.basis,
        "shared": found.shared,
        "changes": [_fate(standing) for standing in standings(found, board)],
        "flows": [
            {
                "old": flow.old,
                "new": flow.new,
                "shared": flow.shared,
                "of_old": flow.of_old,
                "of_new": flow.of_new,
                "likeness": flow.likeness,
                "astray": flow.astray,
            }
            for flow in found.flows
        ],
        "left_over": _confirmed(left_over(found, board) if ours else ()),
    }


def _side(side: Side) -> Shown:
    themes = [_theme(theme) for theme in side.themes]
    return {"key": side.key, "comments": side.comments, "revision": side.revision, "themes": themes}


def _theme(theme: Theme) -> Shown:
    return {
        "id": theme.id,
        "name": theme.name,
        "comments": theme.size,
        "share": theme.share,
        "audiences": theme.k,
        "of": theme.of,
        "low": theme.low,
        "high": theme.high,
        "quotes": list(theme.quotes),
    }


def _fate(standing: Standing) -> Shown:
    found = standing.suggestion
    return {
        "kind": found.kind,
        "old": [theme.id for theme in found.old],
        "new": [theme.id for theme in found.new],
        "nearest": found.nearest.id if found.nearest else None,
        "shared": found.shared,
        "of_old": found.of_old,
        "of_new": found.of_new,
        "likeness": found.likeness,
        "words": list(found.words),
        "confirmed": _confirmed(standing.confirmed),
        "settled": standing.settled,
        "as_suggested": standing.as_suggested,
        "gone": [theme.id for theme, _now in standing.gone],
    }


def _confirmed(found: Iterable[Confirmed]) -> list[Shown]:
    return [
        {"edit": one.edit, "change": one.change, "old": list(one.old), "new": list(one.new), "by": one.by}
        for one in found
    ]
