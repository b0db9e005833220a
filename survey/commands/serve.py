"""Serving pages, and working beside them."""

from __future__ import annotations

import logging

import click

from survey import config, serving
from survey.commands.common import opened
from survey.jobs import worker as workers_of_jobs


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT, or unix:PATH.")
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes; without it, one for each core.")
@click.option("--reload", is_flag=True, help="Start again whenever a file of the program changes.")
def serve(bind: str, workers: int | None, reload: bool) -> None:
    """Serve the pages with gunicorn until stopped."""
    serving.serve(config.load(), bind, workers=workers, reload=reload)


@click.command()
def worker() -> None:
    """Do long work until stopped: needed when SURVEY_WORKER is `separate`. Any number may run."""
    logging.basicConfig(format="%(message)s")
    workers_of_jobs.log.setLevel(logging.INFO)
    with opened() as database:
        stop = workers_of_jobs.stop_on_signals()
        click.echo("Waiting for work. Stop with Ctrl-C: what is begun is handed back.", err=True)
        workers_of_jobs.run_forever(database, stop)
