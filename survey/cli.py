"""The command line: `survey --help`. What is wrong is said in one plain sentence, never in a traceback."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from traceback import extract_tb

import click
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from survey import __version__
from survey.commands import COMMANDS
from survey.config import SettingsError
from survey.errors import NotFound, Refusal
from survey.migrate import WrongSchema

cli = click.Group(
    "survey",
    COMMANDS,
    help="Surveys and focus groups for a city, and themes people can stand behind. "
    "Settings come from SURVEY_* variables: see docs/settings.md.",
    epilog="`survey COMMAND --help` tells more about a command.",
)
click.version_option(__version__, prog_name="throughline")(cli)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted."""
    try:
        cli.main(list(arguments), prog_name="survey", standalone_mode=False)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _complain("Stopped. Nothing was left half done.", 130)
    except Exception as error:
        return _complain(_sentence(error), 1)
    return 0


def _complain(sentence: str, code: int) -> int:
    click.echo(sentence, err=True)
    return code


def _sentence(error: Exception) -> str:
    match error:
        case NotFound():
            return "There is no such thing. Check the name."
        case Refusal() | SettingsError() | WrongSchema():
            return str(error)
        case OperationalError():
            return "The database does not answer. Check SURVEY_DATABASE_URL, and that its server runs."
        case ArgumentError() | NoSuchModuleError() | ImportError():
            return "SURVEY_DATABASE_URL cannot be used. docs/settings.md shows what it looks like."
        case OSError(strerror=reason, filename=name) if name:
            return f"“{name}” cannot be used: {reason}."
    place = extract_tb(error.__traceback__)[-1]
    return f"That did not work: {type(error).__name__} at {place.filename}:{place.lineno}. The fault is ours."


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
