"""Which layer may import which: `python -m tools.import_rule` names each line that breaks a rule."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ("flask", "flask_wtf", "werkzeug", "wtforms", "gunicorn")
DATABASE = ("sqlalchemy", "alembic", "psycopg", "survey.db")
NETWORK = ("socket", "ssl", "http", "urllib.request", "requests")


@dataclass(frozen=True)
class Rule:
    """Files under `where`, but for those under `apart`, import nothing of `never` but for `yet`."""

    where: tuple[str, ...]
    never: tuple[str, ...]
    why: str
    apart: tuple[str, ...] = ()
    yet: tuple[str, ...] = ()

    def holds_for(self, path: str) -> bool:
        return path.startswith(self.where) and not (self.apart and path.startswith(self.apart))

    def forbids(self, name: str) -> bool:
        return within(name, self.never) and not within(name, self.yet)


RULES = (
    Rule(
        where=("analysis/",),
        never=("survey", "jinja2", "time", *WEB, *DATABASE, *NETWORK),
        why="The analysis is a library: it knows neither the web nor a database, clock or network.",
    ),
    Rule(
        where=("survey/",),
        apart=("survey/jobs/tasks/", "survey/board/", "survey/services/"),
        never=("analysis",),
        why="Only survey/jobs/tasks imports the analysis, which makes a process four times as big.",
    ),
    Rule(
        where=("survey/board/", "survey/services/"),
        never=("analysis",),
        yet=("analysis.breadth", "analysis.redact", "analysis.disclose"),
        why="Of the analysis, only breadth, redact and disclose import no numpy: web workers stay small.",
    ),
    Rule(
        where=("survey/",),
        apart=("survey/views/", "survey/__init__.py"),
        never=("survey.views",),
        why="Views are the top layer: what they share with others belongs into a service.",
    ),
    Rule(
        where=("survey/services/",),
        never=("survey.cli", *WEB),
        why="Services never see a request: the view hands them plain values.",
    ),
    Rule(
        where=("survey/models/",),
        never=("survey.services", "survey.jobs", "survey.formats", "survey.cli", *WEB),
        why="Models are columns and constraints: the verbs belong into a service.",
    ),
    Rule(
        where=("survey/formats/",),
        never=("survey.services", "survey.models", "survey.jobs", "survey.cli", *WEB, *DATABASE),
        why="Formats read and write plain dataclasses: the queries belong into a service.",
    ),
    Rule(
        where=(
            "survey/board/",
            "survey/charts.py",
            "survey/map_picture.py",
            "survey/lift.py",
            "survey/flow_picture.py",
            "survey/heard_picture.py",
            "survey/intervals.py",
            "survey/comparing.py",
        ),
        never=("survey.services", "survey.models", "survey.jobs", "survey.cli", *WEB, *DATABASE),
        why="This module is pure, so that it can be understood and tested without database or web.",
    ),
    Rule(
        where=("survey/views/",),
        never=("survey.jobs.tasks", "survey.cli", *DATABASE),
        why="Views are thin: the query belongs into a service.",
    ),
    Rule(
        where=("survey/jobs/",),
        never=("survey.cli", *WEB),
        why="Jobs run where there is no request.",
    ),
)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def breaches(root: Path) -> Iterator[str]:
    """Name each import under `root` that breaks a rule, and the rule."""
    for file in sorted([*root.glob("survey/**/*.py"), *root.glob("analysis/**/*.py")]):
        path = file.relative_to(root).as_posix()
        for line, name in imports(file.read_text(encoding="utf-8"), path):
            for rule in RULES:
                if rule.holds_for(path) and rule.forbids(name):
                    yield f"{path}:{line}: imports {name}. {rule.why}"


def imports(source: str, path: str) -> Iterator[tuple[int, str]]:
    """List line and full name of all that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = origin(node, path)
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def origin(node: ast.ImportFrom, path: str) -> str:
    """Name the module that a `from ... import` takes from, dots resolved."""
    if not node.level:
        return node.module or ""
    # The folder is the package, for a module and for an __init__.py alike.
    package = path.split("/")[: -node.level]
    return ".".join([*package, node.module] if node.module else package)


def main() -> None:
    found = list(breaches(ROOT))
    if found:
        sys.exit("\n".join(found))
    print("The import rule holds.")


if __name__ == "__main__":
    main()
