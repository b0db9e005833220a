"""What the API tells of things: plain values, as `schemas` describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request, url_for

from survey.models import Comment, Run, Study
from survey.services.comments import NONE, Counts, Page

Shown = dict[str, Any]


def moment(at: datetime) -> str:
    """A moment as RFC 3339 writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def study(study: Study) -> Shown:
    return {
        "slug": study.slug,
        "title": study.title,
        "description": study.description,
        "demo": study.demo,
        "made_at": moment(study.made_at),
    }


def study_page(found: Study, counts: Counts, run: Run | None) -> Shown:
    prompts = [
        {"id": p.id, "text": p.text, "kind": p.kind, "comments": counts.prompts.get(p.id, 0)}
        for p in found.prompts
    ]
    return {
        "study": study(found),
        "comments": counts.total,
        "channels": [{"channel": name, "comments": number} for name, number in counts.channels.items()],
        "prompts": prompts,
        "run": run.number if run else None,
    }


def audiences(study: Study, counts: Counts) -> Shown:
    items = [
        {"id": a.id, "name": a.name, "people": a.people, "comments": counts.audiences.get(a.id, 0)}
        for a in study.audiences
    ]
    return {"items": items, "without": counts.audiences.get(NONE, 0)}


def comment(comment: Comment) -> Shown:
    return {
        "id": comment.id,
        "text": comment.text,
        "audience": comment.audience_id,
        "prompt": comment.prompt_id,
        "channel": comment.channel,
        "wave": comment.wave,
        "language": comment.language,
        "day": comment.day.isoformat() if comment.day else None,
        "source_id": comment.source_id,
    }


def comments(found: Page) -> Shown:
    asked = request.args.get("page", 1, type=int)
    items = [comment(one) for one in found.comments] if found.number == asked else []
    return page(items, asked, found.of, found.found)


def page(items: list[Shown], number: int, of: int, total: int) -> Shown:
    """One page of a list with the path of the next; a page after the last one is empty."""
    more: dict[str, Any] = {**(request.view_args or {}), **request.args, "page": number + 1}
    following = url_for(str(request.endpoint), **more) if number < of else None
    return {"items": items, "page": number, "pages": of, "total": total, "next": following}
