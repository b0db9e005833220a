"""Mail: trying the server, taking in what came back."""

from __future__ import annotations

from pathlib import Path

import click

from survey import config
from survey import mail as post
from survey.commands.common import BY, opened
from survey.errors import Refusal
from survey.services import bounces

group = click.Group("mail", help="Try the mail server; take in mail that came back.")


@group.command("test")
@click.argument("address")
def try_it(address: str) -> None:
    """Send a short message to ADDRESS, to see that mail goes out."""
    settings = config.load()
    mail = post.Mail(address, "A test of Throughline", "This is a test. Mail goes out.", "en")
    try:
        made = post.message(mail, settings)
        with post.line(settings) as line:
            line.send(made)
    except post.NotSent as error:
        raise Refusal(f"The mail server did not take it: {error.reason}") from error
    except post.Unsure as error:
        raise Refusal("The line broke while the message was handed over. Look whether it came.") from error
    click.echo(f"The mail server took a message to {address}.")


@group.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
def bounced(files: tuple[Path, ...]) -> None:
    """Read messages that came back (FILES, as .eml) and mark whom mail does not reach.

    The people are then on the page of mailings, with the reason and a way to put the address right.
    """
    reports = [report for file in files for report in bounces.read_report(_data(file))]
    with opened() as database, database.writing() as session:
        people = bounces.take_in(session, reports, by=BY)
    click.echo(f"{len(reports):,} addresses failed; {people:,} people are marked.")


def _data(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(bounces.MOST_BYTES + 1)
