"""The demo."""

from __future__ import annotations

import os
import secrets
from functools import partial
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import config, dates, migrate, serving
from survey.commands.common import connected, work_here
from survey.config import Settings
from survey.db import Database
from survey.errors import Refusal
from survey.models import Job, Person, Run, Study
from survey.services import demo as content
from survey.services import demo_results, runs, sealing, studies
from survey.services.release_checks import Clock

FOLDER = Path("var")


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Where to serve it."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve it at.")
@click.option("--no-serve", is_flag=True, help="Only build it.")
def demo(port: int, host: str, no_serve: bool) -> None:
    """Build a demo with invented content, unless it is there, and serve it."""
    settings = _settings()
    if not no_serve:
        serving.require_free(f"{host}:{port}")
    with connected() as database:
        migrate.upgrade(database)
        _build(database, settings)
        _find_themes(database)
        _release(database, settings)
    for account in content.SIGN_INS:
        click.echo(f"  {account.role:<14} {account.email}  {account.password}")
    if not no_serve:
        click.echo(f"The demo is at http://{host}:{port} (stop it with Ctrl-C)")
        serving.serve(settings, f"{host}:{port}")


def _settings() -> Settings:
    """The demo has a database and a key of its own, beside what may be in use here."""
    os.environ.setdefault("SURVEY_DATABASE_URL", f"sqlite:///{FOLDER}/demo.sqlite")
    os.environ.setdefault("SURVEY_OFFICE", "City of Millbrook")
    if "SURVEY_SECRET_KEY" not in os.environ:
        os.environ["SURVEY_SECRET_KEY"] = _key(FOLDER / "demo.key")
    os.environ["SURVEY_DEMO"] = "1"
    return config.load()


def _key(path: Path) -> str:
    """A key that stays, so that a second start signs nobody out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return path.read_text()


def _build(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        if session.scalar(select(Study.id).where(Study.slug == content.STUDY)):
            return
        if session.scalar(select(Person.id).limit(1)):
            raise Refusal(
                "The database is in use, and the demo makes accounts with passwords that everybody knows. "
                "Set SURVEY_DATABASE_URL to an empty database."
            )
        content.build(session, settings.secret_key, dates.today(settings.timezone), _say)


def _say(what: str) -> None:
    click.echo(what, err=True)


def _find_themes(database: Database) -> None:
    with database.reading() as session:
        found = select(Run.study_id)
        without = list(session.scalars(select(Study.id).where(Study.demo, Study.id.not_in(found))))
    for study_id in without:
        _say("Finding themes")
        work_here(database, partial(_start, study_id=study_id))


def _start(session: Session, study_id: int) -> Job:
    return runs.start(session, session.get_one(Study, study_id), None, 0, content.BY)


def _release(database: Database, settings: Settings) -> None:
    with database.reading() as session:
        if not demo_results.is_due(session, studies.by_slug(session, content.STAFF_STUDY)):
            return
    _say("Releasing the results of the staff survey")
    with database.writing() as session:
        sealed = demo_results.release(session, content.STAFF_STUDY, Clock(dates.now(), settings.timezone))
    if sealed:
        sealing.compact(database)
