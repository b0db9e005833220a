"""Feeds of what is released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.formats import feed
from survey.i18n import exact_tag
from survey.models import Release
from survey.permissions import may
from survey.services import release_content, release_public
from survey.views.results import bp
from survey.web import db, settings


@bp.get("/results/feed.xml")
@may("read results")
def feed_of_all() -> ResponseReturnValue:
    """The latest releases of all studies."""
    link = url_for(".results", _external=True)
    address = url_for(".feed_of_all", _external=True)
    return _reply(link, address, release_public.all_out(db(), now()))


@bp.get("/results/<study_slug>/feed.xml")
@may("read results")
def study_feed(study_slug: str) -> ResponseReturnValue:
    """The releases of one study."""
    there = release_public.of_study(db(), study_slug, now())
    if not there:
        raise NotFound
    link = url_for(".latest", study_slug=study_slug, _external=True)
    return _reply(link, url_for(".study_feed", study_slug=study_slug, _external=True), there)


def _reply(link: str, address: str, releases: Iterable[Release]) -> Response:
    office = settings().office
    channel = feed.Feed(
        title=_("Results - %(office)s", office=office),
        text=_("What people told %(office)s, and what came of it.", office=office),
        link=link,
        address=address,
        language=exact_tag(),
        items=tuple(_items(releases)),
    )
    reply = make_response(feed.write(channel))
    reply.headers["Content-Type"] = f"{feed.MEDIA_TYPE}; charset=utf-8"
    reply.add_etag()
    reply.make_conditional(request)
    return reply


def _items(releases: Iterable[Release]) -> Iterator[feed.Item]:
    for release in releases:
        link = url_for(".release", study_slug=release.study.slug, number=release.number, _external=True)
        try:
            yield _withdrawn(release, link) if release.state == "withdrawn" else _released(release, link)
        except Refusal:  # what was tampered with is told nowhere
            continue


def _released(release: Release, link: str) -> feed.Item:
    document = release_content.read(release)
    first = next((words.introduction for words in document.words if words.introduction), "")
    return feed.Item(document.title, first, link, _moment(release.release_at))


def _withdrawn(release: Release, link: str) -> feed.Item:
    title = _("Release %(number)s was withdrawn", number=release.number)
    return feed.Item(title, release.withdrawn_note, link, _moment(release.withdrawn_at))


def _moment(at: datetime | None) -> datetime:
    return at or datetime.fromtimestamp(0, UTC)
