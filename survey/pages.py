"""What every template can use: hashed assets, the end of a form, dates and numbers in the page's language."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from mimetypes import guess_type
from typing import Any

from flask import Flask, Response, abort, render_template, request, send_from_directory, url_for
from flask_babel import format_date, format_datetime, format_decimal, format_percent
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from survey.resources import PACKAGE
from survey.web import settings

STATIC = PACKAGE / "static"


def init_app(app: Flask) -> None:
    """Put the helpers into the templates."""
    app.jinja_env.globals.update(asset=asset, form_start=form_start, form_end=form_end, settings=settings)
    app.jinja_env.filters.update(
        day=format_date, moment=format_datetime, number=format_decimal, percent=percent
    )


@cache
def asset(name: str) -> str:
    """The URL of a static file, with a hash of its content: it can be cached for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    stem, dot, ending = name.rpartition(".")
    return url_for("front.static_file", name=f"{stem}.{digest}{dot}{ending}", _external=False)


def serve_asset(hashed: str) -> Response:
    """A static file by its hashed name; other names are not found."""
    parts = hashed.rsplit(".", 2)
    name = ".".join((parts[0], parts[-1]))
    if len(parts) != 3 or not (STATIC / name).is_file() or not asset(name).endswith("/" + hashed):
        abort(404)
    packed = request.accept_encodings.quality("gzip") > 0
    reply = _packed(name) if packed else send_from_directory(STATIC, name)
    reply.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    reply.vary.add("Accept-Encoding")
    return reply


def _packed(name: str) -> Response:
    """A static file, compressed. Pages are not: they hold secrets that could be guessed by their size."""
    reply = Response(_gzipped(name), mimetype=guess_type(name)[0])
    reply.headers["Content-Encoding"] = "gzip"
    return reply


@cache
def _gzipped(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), mtime=0)


def form_start() -> Markup:
    """The hidden CSRF token that every POST form begins with."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def form_end() -> Markup:
    """The end marker: the last field of every POST form, missing when a request was cut short."""
    return Markup('<input type="hidden" name="end" value="1">')


def percent(share: float) -> str:
    """A share from 0 to 1 as whole per cent in the page's language."""
    return str(format_percent(share))


def page(template: str, code: int = 200, /, **context: Any) -> tuple[str, int]:
    """Render a page with its HTTP status."""
    return render_template(template, **context), code
