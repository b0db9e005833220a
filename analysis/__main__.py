"""`python -m analysis discover IN.jsonl --out OUT.json`: themes from a file, without the web application."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.files import BadInput, read_rows, write_result
from analysis.pipeline import discover
from analysis.types import NothingToGroup, Options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description="Find the themes in comments.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser("discover", help="find themes and place every comment")
    command.add_argument(
        "input", type=Path, metavar="IN", help="comments: JSON lines, or CSV when it ends in .csv or .tsv"
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="OUT.json", help="file to write the result to"
    )
    command.add_argument(
        "--themes", type=int, metavar="N", help="number of themes (default: chosen from the comments)"
    )
    command.add_argument("--seed", type=int, default=0, help="start of random choices (default: 0)")
    command.add_argument(
        "--text", default="text", metavar="FIELD", help="field with the words (default: text)"
    )
    command.add_argument(
        "--audience", default="group", metavar="FIELD", help="field with the audience (default: group)"
    )
    command.add_argument(
        "--id", default="id", metavar="FIELD", help="field with the id (default: id, else the line number)"
    )
    command.add_argument(
        "--language",
        type=_language,
        metavar="CODE",
        help="language of all comments, such as en (default: guessed)",
    )
    return parser


def _language(tag: str) -> str:
    if not re.fullmatch("[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*", tag):
        raise argparse.ArgumentTypeError(f"{tag!r} is not a language code such as en, es or pt-BR")
    return tag


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 nothing to group, 2 bad input."""
    given = _parser().parse_args(arguments)
    try:
        options = Options(themes=given.themes, seed=given.seed)
        rows = read_rows(given.input, text=given.text, audience=given.audience, identity=given.id)
        result = discover(rows.comments(given.language), options)
        write_result(given.out, rows, result)
    except NothingToGroup as error:
        return _say(str(error), 1)
    except (BadInput, ValueError) as error:
        return _say(str(error), 2)
    for note in rows.notes:
        _say(note, 0)
    return 0


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
