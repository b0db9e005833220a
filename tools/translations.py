"""Keep the catalogues in step with the code: `python -m tools.translations` extracts, merges and compiles.

What is new in the code comes into each catalogue untranslated, what is gone leaves it. Spanish has every
sentence; the other languages have those that respondents can meet. A test fails while anything is not
translated or a compiled catalogue is older than its source.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, meta

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "survey" / "translations"
METHODS = [("survey/**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
DAY = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "plural": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# The languages of staff pages; what respondents see is in every language.
STAFF = frozenset({"es"})
# Where the sentences of respondents' pages are: these files, and the templates that their pages are made of.
PAGES = (
    "respond/*.html",
    "front/*.html",
    "meet/*.html",
    "results/*.html",
    "mail/*.html",
    "studio/paper.html",
)
FILES = (
    "survey/kept.py",
    "survey/mail_words.py",
    "survey/paper.py",
    "survey/path.py",
    "survey/path_values.py",
    "survey/questions",
    "survey/rule_words.py",
    "survey/services/admission.py",
    "survey/services/drafts.py",
    "survey/services/live.py",
    "survey/services/member_answers.py",
    "survey/services/notes.py",
    "survey/services/notes_phone.py",
    "survey/services/quotas.py",
    "survey/services/responses.py",
    "survey/services/returning.py",
    "survey/spoken_codes.py",
    "survey/throttle.py",
    "survey/views/front",
    "survey/views/meet",
    "survey/views/respond",
    "survey/views/results",
)
# The first page of a demo, which leads staff around.
TOUR = "templates/front/demo.html"
# In question types, these speak to authors: errors of documents, descriptions of settings, names of types.
AUTHORS_CALLS = frozenset({"DocumentError", "Setting", "wrong"})
AUTHORS_NAMES = frozenset({"NAME"})


def extracted(*, staff: bool = True) -> Catalog:
    """Every sentence of the code and the templates, with the files it stands in; or those of respondents."""
    catalog = Catalog(project="Throughline", charset="utf-8")
    for folder in ("survey", "templates"):
        found = extract_from_dir(ROOT / folder, *_mapping(folder), keywords=KEYWORDS)
        for file, line, message, _comments, context in found:
            path = f"{folder}/{file}"
            if staff or is_for_respondents(path, line):
                # Without line numbers: a catalogue should change only when words do.
                catalog.add(message, locations=[(path, None)], context=context)  # type: ignore[list-item]
    return catalog


def _mapping(folder: str) -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    methods = [(p.removeprefix(f"{folder}/"), m) for p, m in METHODS if p.startswith(folder)]
    options = {p.removeprefix(f"{folder}/"): o for p, o in OPTIONS.items() if p.startswith(folder)}
    return methods, options


def is_for_respondents(path: str, line: int) -> bool:
    """Whether respondents can meet the sentence that stands there."""
    if path.endswith(".html"):
        return path in _templates()
    within = any(path == file or path.startswith(f"{file}/") for file in FILES)
    return within and not any(line in lines for lines in _for_authors(path))


@cache
def _templates() -> frozenset[str]:
    """The templates of respondents' pages, with all that they extend, include and import."""
    found: set[str] = set()
    paths = (path for pattern in PAGES for path in (ROOT / "templates").glob(pattern))
    queue = [str(path.relative_to(ROOT)) for path in paths]
    queue.remove(TOUR)
    while queue:
        path = queue.pop()
        if path not in found:
            found.add(path)
            queue += [f"templates/{name}" for name in _referenced(path)]
    return frozenset(found)


def _referenced(path: str) -> Iterator[str]:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    tree = environment.parse((ROOT / path).read_text(encoding="utf-8"))
    return (name for name in meta.find_referenced_templates(tree) if name)


@cache
def _for_authors(path: str) -> tuple[range, ...]:
    """The lines of a file that speak to authors."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Call | ast.AnnAssign))
    found = filter(_speaks_to_authors, nodes)
    return tuple(range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in found)


def _speaks_to_authors(node: ast.Call | ast.AnnAssign) -> bool:
    if isinstance(node, ast.AnnAssign):
        return getattr(node.target, "id", "") in AUTHORS_NAMES
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in AUTHORS_CALLS


def catalogues() -> list[Path]:
    """The source files of all catalogues."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def language(path: Path) -> str:
    """The language of a catalogue."""
    return path.parent.parent.name


def wanted(path: Path) -> Catalog:
    """The sentences that a catalogue has to have."""
    return extracted(staff=language(path) in STAFF)


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as stream:
        return read_po(stream, locale=language(path))


def update(path: Path) -> Catalog:
    """Bring one catalogue up to the code and compile it; returns it."""
    catalog = read(path)
    catalog.update(wanted(path), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    # The date of a run says nothing, and would change the file each time.
    catalog.creation_date = catalog.revision_date = DAY
    with path.open("wb") as stream:
        write_po(stream, catalog, width=100, sort_output=True, omit_header=False)
    with path.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalog)
    return catalog


def main() -> int:
    """Update all catalogues and say what is left to translate."""
    left = 0
    for path in catalogues():
        missing = [message for message in update(path) if message.id and not _is_translated(message.string)]
        print(f"{language(path)}: {len(missing)} to translate")
        left += len(missing)
    return 1 if left else 0


def _is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
