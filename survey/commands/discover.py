"""Finding themes, listing runs, putting one onto the board."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from survey.commands.common import BY, opened, work_here
from survey.models import Job, Run, Study
from survey.services import applying, runs, studies
from survey.services import board as boards
from survey.services.runs import GRANULARITIES, How

BY_EXAMPLES = ("rest", "all")


@click.command()
@click.argument("study")
@click.option("--themes", type=int, help="How many themes to look for; without it, the program chooses.")
@click.option(
    "--granularity",
    type=click.Choice(GRANULARITIES),
    default="balanced",
    show_default=True,
    help="How finely to divide when the program chooses.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same themes.")
@click.option("--afresh", is_flag=True, help="Leave out the suggestions that are on the board.")
@click.option(
    "--place",
    type=click.Choice(BY_EXAMPLES),
    help="Find no themes: place comments by the examples people gave, those in no theme or all.",
)
def discover(
    study: str, themes: int | None, granularity: str, seed: int, afresh: bool, place: str | None
) -> None:
    """Find the themes in the comments of STUDY, here and now, and tell how far it is."""

    def put(session: Session) -> Job:
        found = studies.by_slug(session, study)
        if place:
            return runs.place(session, found, place == "all", seed, BY)
        return runs.find(session, found, How(themes, seed, granularity, afresh), BY)

    with opened() as database:
        result = work_here(database, put)
        with database.reading() as session:
            on_board = boards.run_of_board(session, studies.by_slug(session, study))
    number = result["run"]
    click.echo(f"Run {number}: {result['themes']} themes, {result['unplaced']:,} comments in none of them.")
    if on_board and on_board.number == number:
        click.echo("It is on the board.", err=True)
    else:
        click.echo(f"It is not on the board yet. To put it there: survey apply {study} {number}", err=True)


@click.command("runs")
@click.argument("study")
def list_runs(study: str) -> None:
    """List the runs of STUDY, the newest first, and say which one the board stands on."""
    with opened() as database, database.reading() as session:
        found = studies.by_slug(session, study)
        on_board = boards.run_of_board(session, found)
        for run in boards.runs_of(session, found):
            click.echo(_line(run, on_board is not None and run.id == on_board.id))


def _line(run: Run, on_board: bool) -> str:
    options = run.manifest.get("options", {})
    how = "place" if run.kind == runs.PLACE else options.get("themes") or options.get("granularity", "")
    parts = [
        f"{run.number}",
        f"{run.made_at:%Y-%m-%d %H:%M}",
        f"{run.comments} comments",
        f"{len(run.candidates)} themes",
        f"{run.unplaced} in none",
        f"{how}",
        f"seed {run.seed}",
        *(["on the board"] if on_board else []),
    ]
    return "\t".join(parts)


@click.command()
@click.argument("study")
@click.argument("run", type=int)
def apply(study: str, run: int) -> None:
    """Put run number RUN of STUDY onto the board; every decision is kept."""
    with opened() as database, database.writing() as session:
        found = session.get_one(Study, studies.by_slug(session, study).id, with_for_update=True)
        wanted = applying.run_of(session, found, run)
        board = boards.load(session, found)
        if board is None or board.run == wanted.id:
            click.echo(f"Run {run} is on the board already.")
            return
        after = boards.decide(session, found, applying.onto(board, wanted), board.revision, BY)
        themes, none = len(after.live), f"{after.unplaced:,}"
        click.echo(f"Run {run} is on the board: {themes} themes, {none} comments in none of them.")
