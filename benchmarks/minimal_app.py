"""The least that stores a response: Flask, a Jinja page and one INSERT by SQLAlchemy Core.

The peer of `respond.py`. It has the same ten questions, the same gunicorn and the same durability, and
nothing else: no submission key, no CSRF token, no languages, no versions, no modes, no limits.

At / is the shortest road: a form, a row, thanks. At /one-page and /many-pages is the road of the product,
start, pages, check, send and receipt, with what was typed kept in a row between them.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader
from sqlalchemy import (
    JSON,
    Column,
    Engine,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    make_url,
    select,
)

from benchmarks.surveys import ten_questions

COOKIE = "draft"
TITLE = "City services"
ONE_PAGE, MANY_PAGES = "one-page", "many-pages"
TABLES = MetaData()
RESPONSE = Table(
    "minimal_response", TABLES, Column("id", String(32), primary_key=True), Column("answers", JSON)
)
DRAFT = Table("minimal_draft", TABLES, Column("id", String(32), primary_key=True), Column("answers", JSON))

IS_MINE = DRAFT.c.id == bindparam("draft")
FIND = select(DRAFT.c.answers).where(IS_MINE)
ADD = DRAFT.insert().values(id=bindparam("draft"))
CHANGE = DRAFT.update().where(IS_MINE)
DROP = DRAFT.delete().where(IS_MINE)

FORM = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><main>
<h1>{{ title }}</h1>
<form method="post">
{% for q in questions %}
{% set name, given = "q-" ~ q.id, typed.get("q-" ~ q.id, []) %}
{% if q.type in ("one_choice", "several_choices", "scale") %}
<fieldset><legend>{{ q.label.en }}</legend>
{% if q.type == "scale" %}<p>{{ q.low.en }} - {{ q.high.en }}</p>{% endif %}
{% for value, label in options(q) %}
<label><input type="{{ "checkbox" if q.type == "several_choices" else "radio" }}" name="{{ name }}"
 value="{{ value }}"{% if value in given %} checked{% endif %}> {{ label }}</label>
{% endfor %}
</fieldset>
{% elif q.type == "long_text" %}
<label for="{{ name }}">{{ q.label.en }}</label>
<textarea id="{{ name }}" name="{{ name }}" rows="6">{{ given[0] }}</textarea>
{% else %}
<label for="{{ name }}">{{ q.label.en }}</label>
<input id="{{ name }}" name="{{ name }}" value="{{ given[0] }}">
{% endif %}
{% endfor %}
<button>Send</button>
</form></main></body></html>
"""
START = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><main>
<h1>{{ title }}</h1><form method="post"><button>Start now</button></form></main></body></html>
"""
CHECK = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><main>
<h1>Check your answers</h1>
<dl>{% for q in questions %}
<dt>{{ q.label.en }}</dt><dd>{{ typed["q-" ~ q.id] | join("; ") }}</dd>
{% endfor %}</dl>
<form method="post" action="send"><button>Send</button></form></main></body></html>
"""
THANKS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Thank you</title></head><body><main>
<h1>Thank you</h1><p>Your answers are stored.</p></main></body></html>
"""
TEMPLATES = {"form.html": FORM, "start.html": START, "check.html": CHECK, "thanks.html": THANKS}


def create_app(url: str = "") -> Flask:
    """The application over a database, by default the one that `SURVEY_DATABASE_URL` names."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader(TEMPLATES)
    app.jinja_env.globals["options"] = options
    engine = connect(url or os.environ["SURVEY_DATABASE_URL"])
    app.extensions["engine"] = engine
    add_one_form(app, engine)
    add_road(app, engine, ONE_PAGE, [ten_questions()])
    add_road(app, engine, MANY_PAGES, [[question] for question in ten_questions()])
    return app


def connect(url: str) -> Engine:
    """An engine as durable as the product's: a write-ahead log that is on the disk when COMMIT returns."""
    engine = create_engine(url)

    def configure(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", configure)
    return engine


def make_tables(url: str) -> None:
    """Make the tables in an empty database."""
    engine = connect(url)
    TABLES.create_all(engine)
    engine.dispose()


def options(question: dict[str, Any]) -> list[tuple[str, str]]:
    """Value and label of each choice."""
    if question["type"] == "scale":
        return [(str(point), str(point)) for point in range(1, 6)] + [("dk", "Don't know")]
    return [(choice["id"], choice["label"]["en"]) for choice in question["choices"]]


def add_one_form(app: Flask, engine: Engine) -> None:
    """The shortest road there is: one form, one row, thanks."""
    questions = ten_questions()

    @app.get("/")
    def form() -> ResponseReturnValue:
        return render_template("form.html", title=TITLE, questions=questions, typed={})

    @app.post("/")
    def store() -> ResponseReturnValue:
        row = {"id": secrets.token_hex(16), "answers": request.form.to_dict(flat=False)}
        with engine.begin() as connection:
            connection.execute(RESPONSE.insert(), row)
        return redirect(url_for("thanks"), 303)

    app.add_url_rule("/thanks", "thanks", lambda: render_template("thanks.html"))


def add_road(app: Flask, engine: Engine, name: str, pages: list[list[dict[str, Any]]]) -> None:
    """The road of the product: start, pages, check, send, receipt. What was typed waits in a row."""
    road = Blueprint(name, __name__, url_prefix=f"/{name}")

    @road.get("")
    def start() -> ResponseReturnValue:
        return render_template("start.html", title=TITLE)

    @road.post("")
    def begin() -> ResponseReturnValue:
        reply = redirect(url_for(".page", number=1), 303)
        reply.set_cookie(COOKIE, secrets.token_hex(16), httponly=True, samesite="Lax")
        return reply

    @road.get("/pages/<int:number>")
    def page(number: int) -> ResponseReturnValue:
        with engine.connect() as connection:
            typed = connection.scalar(FIND, key()) or {}
        return render_template("form.html", title=TITLE, questions=pages[number - 1], typed=typed)

    @road.post("/pages/<int:number>")
    def answer(number: int) -> ResponseReturnValue:
        with engine.begin() as connection:
            typed = connection.scalar(FIND, key())
            values = {**key(), "answers": (typed or {}) | request.form.to_dict(flat=False)}
            connection.execute(ADD if typed is None else CHANGE, values)
        last = number == len(pages)
        return redirect(url_for(".check") if last else url_for(".page", number=number + 1), 303)

    @road.get("/check")
    def check() -> ResponseReturnValue:
        with engine.connect() as connection:
            typed = connection.scalar(FIND, key())
        questions = [question for page in pages for question in page]
        return render_template("check.html", title=TITLE, questions=questions, typed=typed)

    @road.post("/send")
    def send() -> ResponseReturnValue:
        with engine.begin() as connection:
            typed = connection.scalar(FIND, key())
            connection.execute(DROP, key())
            connection.execute(RESPONSE.insert(), {"id": secrets.token_hex(16), "answers": typed})
        return redirect(url_for(".sent"), 303)

    road.add_url_rule("/sent", "sent", lambda: render_template("thanks.html"))
    app.register_blueprint(road)


def key() -> dict[str, str]:
    """Which draft is this browser's."""
    return {"draft": request.cookies[COOKIE]}
