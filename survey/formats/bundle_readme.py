"""What a bundle says about itself to whoever opens it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from survey.formats.bundle import About

WIDTH = 100
HEAD = """\
How to repeat the theme table of a summary
==========================================

    survey reproduce THIS-FILE.zip

The command needs Throughline and Python, no database, no settings and no network. It looks at every
file, finds the themes in the comments again, applies the decisions of people again, and compares the
theme table it gets with themes.csv, byte for byte.

FOR THE OFFICE'S OWN USE. comments.jsonl holds every comment word for word, with its group; edits.jsonl
names staff by e-mail. Nobody has cleared them, and small groups are not hidden. Do not publish this
file.
"""
FILES = """\
The files
---------

comments.jsonl  the comments in the order in which the run was given them, one JSON object a line: id,
                text, key and name of the group, prompt, language; "late" marks those that came after
                the run
given.json      what the run knew before it began: where people had put comments, the names of themes,
                and where comments stood in the run before
edits.jsonl     every decision of people up to the summary, oldest first: number, kind, details,
                comments with their themes, by whom, when, on which run
codebook.csv    the themes, and what people wrote about them
themes.csv      the theme table: size, in how many groups (audiences_k of audiences_of, likely low to
                high), comments in each group; then what is in none of them, and the whole
manifest.json   what the run was: kind, options with the seed, SHA-256 of its input, versions of the
                program and its libraries; and the SHA-256 of each of these files

A run that went on from an earlier one is repeated from where that one had ended: given.json says where
every comment stood then. The first run of a study is repeated from nothing.
"""
INEXACT = """\
This bundle is not exact
------------------------
"""


def text(about: About) -> bytes:
    """Return the file, in UTF-8."""
    return "\n".join(_parts(about)).encode("utf-8", "surrogatepass")


def _parts(about: About) -> Iterator[str]:
    yield HEAD
    yield from _what(about)
    if about.notes:
        yield INEXACT
        yield from (_filled(f"- {note}") for note in about.notes)
        yield ""
    yield FILES


def _what(about: About) -> Iterator[str]:
    run = about.run
    yield _filled(f"Study: {' '.join(about.study.split())} ({about.slug})")
    yield f"Summary: {about.summary}, frozen {about.frozen_at}"
    yield f"SHA-256 of the summary: {about.summary_sha256}"
    yield f"Run: {run.number} ({run.kind}), made {run.made_at}"
    yield f"Board: as it stood at decision {about.board_revision}"
    for name in ("options", "versions"):
        told = run.manifest.get(name)
        if isinstance(told, Mapping):
            said = ", ".join(f"{key} {value}" for key, value in sorted(told.items()))
            yield _filled(f"{name.capitalize()}: {said}")
    yield ""


def _filled(line: str) -> str:
    return textwrap.fill(line, WIDTH, subsequent_indent="  ")
