"""What a run would change on the board, before it is put there."""

from __future__ import annotations

from typing import Any

from survey.board import ORDER, BoardTheme
from survey.services import applying, differences
from survey.services.differences import NONE, UNKNOWN, Difference, Flow, ThemeChange
from survey.views.api import shown
from survey.views.api.contract import Operation
from survey.views.api.schemas import (
    COMPONENTS,
    THEME_ID,
    members,
    of,
    or_null,
    some,
    text,
    whole,
    yes_or_no,
)
from survey.views.api.shared import board_of
from survey.views.api.shown import Shown
from survey.web import db

FATES = ("new", "gone", "lost", "changed", "same")
COMPONENTS |= {
    "ThemeThen": members(
        "A theme on one of both boards.", name=text(), state=text(enum=list(ORDER)), size=whole()
    ),
    "CommentFlow": members(
        "Comments that join or leave a theme.",
        comments=whole(),
        others=some(
            members(
                "Where they come from or go to.",
                theme=or_null(whole("Null for no theme.", least=1)),
                in_run=yes_or_no("Whether they are in that run at all."),
                as_well=yes_or_no("Whether they are in that theme before and after."),
                comments=whole(),
            )
        ),
        examples=some(of("Comment")),
    ),
    "ThemeDifference": members(
        "A theme before and after.",
        theme=THEME_ID,
        fate=text(
            "Lost ones stay because people decided about them, though the run does not find them.",
            enum=list(FATES),
        ),
        before=or_null(of("ThemeThen")),
        after=or_null(of("ThemeThen")),
        joined=of("CommentFlow"),
        left=of("CommentFlow"),
    ),
    "Difference": members(
        "The board as it is and as a run would make it.",
        revision=whole("The revision of the board: send it to apply the run."),
        run=whole("The number of the run.", least=1),
        decisions=whole("Decisions that stand."),
        kept=whole("Those of them that the run leaves as they are: all of them, unless themes go."),
        unplaced_before=whole("Comments in no live theme."),
        unplaced_after=whole("The same, once the run is applied."),
        themes=some(of("ThemeDifference"), "In the order of the board as it would be."),
    ),
}


@Operation(
    method="GET",
    path="/studies/{slug}/runs/{run}/difference",
    summary="What a run would change on the board",
    permission="see themes",
    answer="Difference",
)
def show_difference(slug: str, run: int) -> Any:
    study, board = board_of(slug)
    found = differences.between(db(), study, board, applying.run_of(db(), study, run))
    return {
        "revision": board.revision,
        "run": run,
        "decisions": found.decisions,
        "kept": found.kept,
        "unplaced_before": found.before.unplaced,
        "unplaced_after": found.after.unplaced,
        "themes": _themes(found),
    }


def _themes(found: Difference) -> list[Shown]:
    fates = {change.theme.id: fate for fate in FATES for change in getattr(found, fate)}
    return [_change(change, fates[change.theme.id]) for change in found.themes]


def _change(change: ThemeChange, fate: str) -> Shown:
    return {
        "theme": change.theme.id,
        "fate": fate,
        "before": _then(change.before),
        "after": _then(change.after),
        "joined": _flow(change.joined),
        "left": _flow(change.left),
    }


def _then(theme: BoardTheme | None) -> Shown | None:
    return {"name": theme.name, "state": theme.state, "size": theme.size} if theme else None


def _flow(flow: Flow) -> Shown:
    others = [
        {
            "theme": None if way.theme in (NONE, UNKNOWN) else way.theme,
            "in_run": way.theme != UNKNOWN,
            "as_well": way.as_well,
            "comments": way.number,
        }
        for way in flow.by
    ]
    examples = [shown.comment(comment) for comment in flow.examples]
    return {"comments": flow.number, "others": others, "examples": examples}
