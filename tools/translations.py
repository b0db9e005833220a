"""Keep the catalogues in step with the code: `python -m tools.translations` extracts, merges and compiles.

What is new in the code comes into each catalogue untranslated, what is gone leaves it. A test fails while
anything is untranslated or a compiled catalogue is older than its source.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

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


def extracted() -> Catalog:
    """Every sentence of the code and the templates, with the files it stands in."""
    catalog = Catalog(project="Throughline", charset="utf-8")
    for folder in ("survey", "templates"):
        found = extract_from_dir(ROOT / folder, *_mapping(folder), keywords=KEYWORDS)
        for file, _line, message, _comments, context in found:
            # Without line numbers: a catalogue should change only when words do.
            catalog.add(message, locations=[(f"{folder}/{file}", None)], context=context)  # type: ignore[list-item]
    return catalog


def _mapping(folder: str) -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    methods = [(p.removeprefix(f"{folder}/"), m) for p, m in METHODS if p.startswith(folder)]
    options = {p.removeprefix(f"{folder}/"): o for p, o in OPTIONS.items() if p.startswith(folder)}
    return methods, options


def catalogues() -> list[Path]:
    """The source files of all catalogues."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name)


def update(path: Path) -> Catalog:
    """Bring one catalogue up to the code and compile it; returns it."""
    catalog = read(path)
    catalog.update(extracted(), no_fuzzy_matching=True)
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
        print(f"{path.parent.parent.name}: {len(missing)} to translate")
        left += len(missing)
    return 1 if left else 0


def _is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
