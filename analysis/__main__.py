"""`python -m analysis discover IN.jsonl --out OUT.json`: themes from a file, without the web application."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

_INPUT = "comments: JSON lines, or CSV when the name ends in .csv or .tsv"
_RESULT = "what `discover` wrote"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis", description="Find the themes in comments.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, purpose: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.", allow_abbrev=False
        )

    _discover(command("discover", "find themes and place every comment"))
    _place(command("place", "place every comment in the themes that people named"))
    _suggest(command("suggest", "list the comments whose reading would help most, best first"))
    _split(command("split", "propose two to four parts of a theme"))
    _compare(command("compare", "say what became of the themes of an earlier result"))
    _fields(command("personal", "list personal data for review: one finding a line"))
    _fields(command("duplicates", "list copies and form letters: one group a line"))
    return parser


def _discover(parser: argparse.ArgumentParser) -> None:
    _fields(parser)
    _out(parser, required=True)
    parser.add_argument(
        "--themes", type=int, metavar="N", help="number of themes (default: chosen from the comments)"
    )
    parser.add_argument(
        "--granularity",
        choices=("few", "balanced", "many"),
        default="balanced",
        help="how finely to divide when the number is chosen (default: balanced)",
    )
    parser.add_argument(
        "--earlier",
        "--previous",
        type=Path,
        metavar="OLD.json",
        help=f"{_RESULT} before, to go on from",
    )
    _corrections(parser)
    _engine(parser)
    _counting(parser)


def _place(parser: argparse.ArgumentParser) -> None:
    _fields(parser)
    _out(parser)
    _corrections(parser, required=True)
    _engine(parser)
    _counting(parser)


def _suggest(parser: argparse.ArgumentParser) -> None:
    _fields(parser)
    _corrections(parser)
    parser.add_argument(
        "--count", type=_count, default=20, metavar="N", help="number of comments (default: 20)"
    )
    _engine(parser)


def _split(parser: argparse.ArgumentParser) -> None:
    _fields(parser)
    parser.add_argument("--result", type=Path, required=True, metavar="OUT.json", help=_RESULT)
    parser.add_argument("--theme", type=int, required=True, metavar="ID", help="number of the theme in it")
    parser.add_argument(
        "--parts", type=int, choices=(2, 3, 4), help="number of parts (default: chosen from the comments)"
    )
    _out(parser)
    _engine(parser)


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path, metavar="OLD.json", help=f"{_RESULT} first")
    parser.add_argument("new", type=Path, metavar="NEW.json", help=f"{_RESULT} later")
    _out(parser)
    parser.add_argument(
        "--language", type=_language, metavar="CODE", help="language of labels and words (default: en)"
    )


def _fields(parser: argparse.ArgumentParser) -> None:
    """Add what to read, and how."""
    parser.add_argument("input", type=Path, metavar="IN", help=_INPUT)
    fields = parser.add_argument_group("the fields of IN")
    for name, usual, purpose in (
        ("text", "text", "field with the words (default: text)"),
        ("audience", "group", "field with the audience (default: group)"),
        ("id", "id", "field with the id (default: id, else the line number)"),
    ):
        fields.add_argument(f"--{name}", default=usual, metavar="FIELD", help=purpose)
    fields.add_argument(
        "--language",
        type=_language,
        metavar="CODE",
        help="language of all comments, such as en (default: their field language, else guessed)",
    )


def _out(parser: argparse.ArgumentParser, required: bool = False) -> None:
    usual = "" if required else " (default: standard output)"
    parser.add_argument(
        "--out", type=Path, required=required, metavar="OUT.json", help=f"file to write to{usual}"
    )


def _corrections(parser: argparse.ArgumentParser, required: bool = False) -> None:
    parser.add_argument(
        "--corrections",
        type=Path,
        required=required,
        metavar="FILE",
        help='what people decided: lines {"id": ..., "theme": "name"}, or CSV with the columns id and theme',
    )


def _engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="start of random choices (default: 0)"
    )
    parser.add_argument(
        "--vectors",
        default="table",
        metavar="WHICH",
        help="word vectors: table (ours), none, or a folder with a model (default: table)",
    )


def _counting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--duplicates",
        choices=("all", "once"),
        default="all",
        help="count each copy of a text, or all together once (default: all)",
    )


def _language(tag: str) -> str:
    if not re.fullmatch("[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*", tag):
        raise argparse.ArgumentTypeError(f"{tag!r} is not a language code such as en, es or pt-BR")
    return tag


def _count(number: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,8}", number):
        raise argparse.ArgumentTypeError(f"{number!r} is not a whole number of 1 or more")
    return int(number)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 nothing to group, 2 bad input, 130 stopped."""
    given = _parser().parse_args(arguments)
    from analysis.commands import run  # --help and wrong arguments need none of it

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
