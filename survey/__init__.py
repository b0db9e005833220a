"""The Throughline application. `create_app` is what is switched on, in order."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from survey import i18n, kept, migrate, pages, security
from survey.config import Settings, load
from survey.db import Database, connect
from survey.resources import folder
from survey.web import Id, Throughline

__version__ = "0.1.0"


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The WSGI application.

    Raises `SettingsError` for wrong settings and `WrongSchema` for a database that needs an upgrade.
    """
    settings = settings or load()
    settings.require_secret()
    database = database or connect(settings.database_url)
    migrate.require_current(database)
    app = Throughline(__name__, template_folder=str(folder("templates")), static_folder=None)
    app.survey_settings, app.database = settings, database
    app.url_map.converters["int"] = Id
    _configure(app, settings)
    pages.init_app(app)
    i18n.init_app(app)
    kept.init_app(app)
    security.init_app(app)
    _register(app)
    return app


def _configure(app: Throughline, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.body_kb * 1000,
        MAX_FORM_MEMORY_SIZE=settings.body_kb * 1000,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-page" if settings.https else "page",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a page left open over lunch must not lose what was typed on it
        WTF_CSRF_SSL_STRICT=False,  # we send no referrer, so there is none to check
        PREFERRED_URL_SCHEME="https" if settings.https else "http",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _register(app: Flask) -> None:
    from survey.views import (
        account,
        admin,
        api,
        front,
        meet,
        office,
        publish,
        respond,
        results,
        review,
        sessions,
        studio,
        working,
    )

    public = (front, respond, meet, results)
    for package in (*public, studio, sessions, review, office, publish, account, admin, api):
        app.register_blueprint(package.bp)
    working.wake_at_times(app)
