"""The pages of results and their open data."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from survey.dates import now
from survey.errors import NotFound
from survey.formats import open_data
from survey.formats.release import PublicRelease
from survey.models import Release
from survey.pages import page
from survey.permissions import may
from survey.services import release_content, release_public
from survey.views.results import bp
from survey.views.results.shown import reader_of, release_page
from survey.web import db

GONE = 410


@bp.get("/results")
@may("read results")
def results() -> ResponseReturnValue:
    """What was released, the latest of each study."""
    found = release_public.all_latest(db(), now())
    return page("results/all.html", listed=[(row, reader_of(document)) for row, document in found])


@bp.get("/results/<study_slug>")
@may("read results")
def latest(study_slug: str) -> ResponseReturnValue:
    """The latest release of a study; that there is none yet, where people were asked."""
    there = release_public.of_study(db(), study_slug, now())
    asked = release_public.has_survey(db(), study_slug)
    release = release_public.latest(there)
    if release is not None:
        return _page(study_slug, there, release)
    if not asked:
        raise NotFound
    return page("results/nothing_yet.html")


@bp.get("/results/<study_slug>/<int:number>")
@may("read results")
def release(study_slug: str, number: int) -> ResponseReturnValue:
    """One release, also when there is a newer one."""
    there = release_public.of_study(db(), study_slug, now())
    return _page(study_slug, there, release_public.numbered(there, number))


def _page(slug: str, there: list[Release], release: Release) -> ResponseReturnValue:
    if release.state == "withdrawn":
        return _withdrawn(slug, there, release)
    return release_page(
        release_content.read(release),
        row=release,
        feed=url_for(".study_feed", study_slug=slug),
        newer=release_public.newer(there, release),
        earlier=[one for one in there if one is not release],
    )


def _withdrawn(slug: str, there: list[Release], release: Release) -> ResponseReturnValue:
    newer = release_public.newer(there, release)
    return page("results/withdrawn.html", GONE, row=release, newer=newer, study_slug=slug)


@bp.get("/results/<study_slug>/<int:number>/data.csv")
@may("read results")
def data(study_slug: str, number: int) -> ResponseReturnValue:
    """The numbers of a release, one a row."""
    return _file(study_slug, number, "data", open_data.data_csv)


@bp.get("/results/<study_slug>/<int:number>/dictionary.csv")
@may("read results")
def dictionary(study_slug: str, number: int) -> ResponseReturnValue:
    """What the columns and codes of the numbers mean."""
    return _file(study_slug, number, "dictionary", open_data.dictionary_csv)


def _file(slug: str, number: int, name: str, write: Callable[[PublicRelease], bytes]) -> ResponseReturnValue:
    there = release_public.of_study(db(), slug, now())
    release = release_public.numbered(there, number)
    if release.state == "withdrawn":
        return _withdrawn(slug, there, release)
    document = release_content.read(release)
    if not document.data:
        raise NotFound
    return csv_reply(write(document), f"{slug}-{number}-{name}.csv")


def csv_reply(written: bytes, name: str) -> Response:
    """A CSV file to keep; not sent again to whoever has these bytes."""
    reply = make_response(written)
    reply.mimetype = "text/csv"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    reply.add_etag()
    reply.make_conditional(request)
    return reply
