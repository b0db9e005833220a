"""Staff accounts."""

from __future__ import annotations

import secrets
import sys

import click

from survey.commands.common import BY, opened
from survey.models.people import ROLES
from survey.services import people

group = click.Group("people", help="Make staff accounts.")


@group.command()
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help="What the person may do; repeat it.",
)
@click.option(
    "--study", "slugs", multiple=True, help="A study to work on; repeat it. Without it, all studies."
)
@click.option("--name", default="", help="The person's name; without it, the part of the e-mail before @.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of making one."
)
def add(email: str, roles: tuple[str, ...], slugs: tuple[str, ...], name: str, password_stdin: bool) -> None:
    """Make an account for EMAIL and print its password, once."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else secrets.token_urlsafe(12)
    with opened() as database, database.writing() as session:
        person = people.add(session, email, roles, password, name=name, by=BY)
        people.give_studies(session, person, slugs)
        made = person.email
    click.echo(f"Made the account {made}.")
    if not password_stdin:
        click.echo(f"Its password, shown only this once: {password}")
