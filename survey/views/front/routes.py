"""The first page, the health check, static files."""

from __future__ import annotations

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from survey.dates import now
from survey.pages import serve_asset
from survey.permissions import may
from survey.services import demo, health, release_public, surveys
from survey.views.front import bp
from survey.web import db, settings


@bp.get("/")
@may("see public pages")
def home() -> ResponseReturnValue:
    """Open surveys, and the way to results; in a demo, the way through it."""
    if settings().demo:
        return render_template("front/demo.html", tour=demo.tour(db()))
    return render_template(
        "front/home.html",
        surveys=surveys.open_ones(db(), settings().timezone),
        has_results=release_public.is_anything_out(db(), now()),
    )


@bp.get("/healthz")
@may("see public pages")
def healthz() -> ResponseReturnValue:
    """200 while the database answers, 503 otherwise (by the error page)."""
    health.ping(db())
    return jsonify(status="ok")


@bp.get("/static/<name>")
@may("see public pages")
def static_file(name: str) -> Response:
    """A static file under its hashed name."""
    return serve_asset(name)
