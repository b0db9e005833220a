"""GUIDs that are the same every time for the same thing, so that equal projects give equal files."""

import re
import uuid

from survey.formats.codebook import Codebook, CodeEntry, name_key
from survey.formats.qda_text import storable

NAMESPACE = uuid.UUID("6b9a6c58-3f0b-5c0e-9f57-3a2c1f1d7e42")
SEPARATOR = "\x1f"
PATTERN = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")


def guid(*parts: str) -> str:
    """Return the GUID of a thing that is named by these parts."""
    return str(uuid.uuid5(NAMESPACE, storable(SEPARATOR.join(parts))))


def read_guid(text: str) -> str | None:
    """Return a GUID in small letters without braces, or None where the text is none."""
    match = PATTERN.fullmatch(text.strip())
    return match.group(1).lower() if match else None


def code_guids(codebook: Codebook) -> list[str]:
    """Return a GUID for each entry, its own where it has one; no two are the same.

    Without one of its own a code goes by the title of the codebook and its number, or by its name where it
    has no number: renaming a theme that has a number does not make another code of it.
    """
    used: set[str] = set()
    return [_unused(codebook.title, entry, used) for entry in codebook.entries]


def _unused(title: str, entry: CodeEntry, used: set[str]) -> str:
    own = read_guid(entry.guid or "")
    named = ("name", name_key(entry.name)) if entry.number is None else ("number", str(entry.number))
    found = own or guid("code", title, *named)
    while found in used:
        found = guid("again", found)
    used.add(found)
    return found
