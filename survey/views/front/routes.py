"""The first page, the health check, static files."""

from __future__ import annotations

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from survey.pages import serve_asset
from survey.permissions import may
from survey.services import demo, health, surveys
from survey.views.front import bp
from survey.web import db, settings


@bp.get("/")
@may("see public pages")
def home() -> ResponseReturnValue:
    """Open surveys; in a demo, the way to its survey, board and summary."""
    if settings().demo:
        return render_template("front/demo.html", tour=demo.tour(db()))
    return render_template("front/home.html", surveys=surveys.open_ones(db(), settings().timezone))


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
