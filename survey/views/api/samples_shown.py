"""What the API tells of double coding; of what a coder said, others hear only what `codings.both` gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from survey.board import ENTRY
from survey.models import Coding, Person, Sample, SampleItem
from survey.services.codings import Pair
from survey.services.samples import Progress
from survey.views.api.shown import Shown, moment


def sample(found: Sample, progress: Progress, place: int | None) -> Shown:
    compared = "comparing" if found.agreement is None else "compared"
    return {
        "number": found.number,
        "state": "coding" if found.state == "coding" else compared,
        "comments": progress.of,
        "size": found.size,
        "seed": found.seed,
        "per_page": found.per_page,
        "hide_context": found.hide_context,
        "coders": [
            {
                "place": coder.place,
                **person(coder.person),
                "coded": progress.done[coder.place],
                "finished": coder.finished_at is not None,
            }
            for coder in found.coders
        ],
        "place": place,
        "made_by": found.made_by,
        "made_at": moment(found.made_at),
    }


def person(found: Person) -> Shown:
    return {"email": found.email, "name": found.name}


def themes(found: Sample) -> list[Shown]:
    return [
        {"theme": theme["id"], "name": theme["name"], "parent": theme["parent"]}
        | {part: theme[part] for part in ENTRY}
        for theme in found.themes
    ]


def agreement(found: Mapping[str, Any] | None) -> Shown | None:
    if found is None:
        return None
    rows = [
        {
            "theme": row["id"] or None,
            **{name: row[name] for name in ("first", "second", "both", "same", "kappa")},
        }
        for row in found["themes"]
    ]
    return {**{name: found[name] for name in ("comments", "same", "sets", "main")}, "themes": rows}


def said(coding: Coding) -> Shown:
    return {"themes": list(coding.themes), "unsure": coding.unsure, "note": coding.note}


def to_code(found: Sample, item: SampleItem, coding: Coding | None) -> Shown:
    """Without the id of the comment: with that, a program could look up what the coder is not to see."""
    comment, hidden = item.comment, found.hide_context
    return {
        "position": item.position,
        "text": comment.text,
        "language": comment.language,
        "audience": None if hidden or comment.audience is None else comment.audience.name,
        "prompt": None if hidden or comment.prompt is None else comment.prompt.text,
        "said": said(coding) if coding else None,
    }


def disagreement(pair: Pair, undone: Collection[int]) -> Shown:
    settled = pair.item.settled
    return {
        "position": pair.item.position,
        "comment": pair.item.comment_id,
        "text": pair.item.comment.text,
        "first": said(pair.first),
        "second": said(pair.second),
        "settled": settled
        and {name: settled[name] for name in ("how", "themes", "by", "edit")}
        | {"undone": pair.item.position in undone},
    }
