"""The reproduce bundle: all that is needed to find the themes of a frozen summary again, on any machine.

A zip archive of a few text files. `manifest.json` has the SHA-256 of each of them, and of itself; equal
content gives equal bytes. What comes from outside is measured while it is unpacked, nothing is written to
disk, and `bundle_parts` looks at each value before anything is computed with it.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

FORMAT = "throughline-bundle-1"
README, MANIFEST = "README.txt", "manifest.json"
COMMENTS, GIVEN, EDITS = "comments.jsonl", "given.json", "edits.jsonl"
CODEBOOK, THEMES = "codebook.csv", "themes.csv"
MEMBERS = (README, MANIFEST, COMMENTS, GIVEN, EDITS, CODEBOOK, THEMES)
"""What is in a bundle, in this order."""
SELF = "manifest_sha256"
"""The field of the manifest with the hash of its other fields."""
MOST_FILE = 256 * 1024**2
MOST_UNPACKED = 1024**3
MOST_DIRECTORY = 64 * 1024
CHUNK = 1024**2
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, struct.error)
"""How zipfile says that an archive is damaged."""
DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip archive knows: the bytes must not depend on when it was written."""
AGAIN = "Get the bundle again from the page of its summary."


class BundleError(ValueError):
    """The file is no bundle, or not as it was written; the message says which part, and what to do."""


@dataclass(frozen=True)
class Audience:
    """A group under its key in the counts."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class BundleComment:
    """A comment as the run was given it. One that came after the run (`late`) only people can have placed."""

    id: str
    text: str
    audience: str = ""
    """The key of its group; "" for none."""
    group: str | None = None
    prompt: str | None = None
    language: str | None = None
    late: bool = False


@dataclass(frozen=True)
class Given:
    """What the run knew before it began: decisions of people, and what had been found before.

    `placed` has the names of the themes of each comment that people placed, `themes` the names that exist.
    `earlier` are theme numbers by comment, with `labels` their names; None where it went on from nothing.
    The rest is for runs of the kind "place": theme numbers by name, whether every comment was placed anew,
    and otherwise the themes of the comments that stayed where they were.
    """

    placed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    earlier: Mapping[str, tuple[int, ...]] | None = None
    labels: Mapping[int, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    every: bool = False
    stay: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """The run to be repeated; `manifest` is what the analysis wrote of it: hashes, options, versions."""

    number: int
    kind: str
    made_at: str
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class About:
    """What a bundle is of. `notes` say in which way it is not exact; there are none where it is."""

    study: str
    slug: str
    summary: int
    summary_sha256: str
    frozen_at: str
    board_revision: int
    run: Run
    audiences: tuple[Audience, ...]
    notes: tuple[str, ...] = ()


def write(stream: BinaryIO, members: Mapping[str, bytes], about: Mapping[str, Any]) -> None:
    """Write a bundle of all members but the manifest, which is made here of `about` and their hashes.

    Raises `BundleError` for more than can be read again.
    """
    files = dict(members)
    if sum(map(len, files.values())) > MOST_UNPACKED // 2:
        raise BundleError("There are too many comments for one bundle.")
    files[MANIFEST] = _manifest(files, about)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in MEMBERS:
            member = zipfile.ZipInfo(name, DAY)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            member.external_attr = 0o600 << 16
            archive.writestr(member, files[name])


def _manifest(files: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    hashes = {
        name: {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
        for name in MEMBERS
        if name != MANIFEST
    }
    content = {"format": FORMAT, **about, "files": hashes}
    return canonical({**content, SELF: hashlib.sha256(canonical(content)).hexdigest()})


def canonical(content: Any) -> bytes:
    """Return JSON that is the same for the same content: sorted keys, two blanks, UTF-8, a line end."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2)
    return f"{text}\n".encode("utf-8", "surrogatepass")


def read(data: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the members of a bundle and its manifest, every hash of which was checked.

    Raises
    ------
    BundleError
        The file is no bundle, is damaged, unpacks to too much, or a member is missing, there twice, not
        known, or has other bytes than the manifest says: the message names it.
    """
    _refuse(data)
    with _in_words(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = _members(archive)
        left = MOST_UNPACKED
        files = {}
        for name in MEMBERS:
            files[name] = _unpack(archive, members[name], left)
            left -= len(files[name])
    return files, _checked(files)


def _refuse(data: bytes) -> None:
    if len(data) > MOST_FILE:
        raise BundleError(f"The file is larger than {MOST_FILE // 1024**2} MB, so it is no bundle.")
    if not data.startswith(b"PK\x03\x04"):
        raise BundleError("The file is no bundle: those are zip archives. " + AGAIN)
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(data):
        raise BundleError("The file is damaged or cut short. " + AGAIN)
    # Before anything builds the list of members: in a bundle it is short.
    if struct.unpack_from("<L", data, end + 12)[0] > MOST_DIRECTORY:
        raise BundleError("The file holds more than a bundle does. " + AGAIN)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except BundleError:
        raise
    except (NotImplementedError, RuntimeError) as error:  # how zipfile says: unknown compression, encrypted
        raise BundleError("The file is packed in another way than bundles are. " + AGAIN) from error
    except DAMAGE as error:
        raise BundleError("The file is damaged or cut short. " + AGAIN) from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = member.filename
        if name not in MEMBERS:
            raise BundleError(f"“{_shown(name)}” does not belong into a bundle. {AGAIN}")
        if name in found:
            raise BundleError(f"“{name}” is there twice. {AGAIN}")
        found[name] = member
    for name in MEMBERS:
        if name not in found:
            raise BundleError(f"“{name}” is missing. {AGAIN}")
    return found


def _shown(name: str) -> str:
    """A name from outside, short and without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:60])


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    # The other methods unpack a whole block at once, however large it turns out to be.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    unpacked = bytearray()
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                unpacked += chunk
                if len(unpacked) > most:
                    raise BundleError(f"“{member.filename}” unpacks to more than a bundle holds.")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BundleError(f"“{member.filename}” is damaged. {AGAIN}") from error
    return bytes(unpacked)


def _checked(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest; raise `BundleError` naming the member that is not as it was written."""
    manifest = document(files[MANIFEST], MANIFEST)
    if manifest.get("format") != FORMAT:
        raise BundleError(f"This is no bundle in the format {FORMAT}. Update the program, or get it again.")
    rest = {name: value for name, value in manifest.items() if name != SELF}
    # Byte for byte: also a blank more is a change.
    if manifest.get(SELF) != hashlib.sha256(canonical(rest)).hexdigest() or (
        canonical(manifest) != files[MANIFEST]
    ):
        raise BundleError(f"“{MANIFEST}” was changed after the bundle was made. {AGAIN}")
    for name in MEMBERS:
        if name != MANIFEST:
            _check_hash(name, files[name], manifest["files"])
    return manifest


def _check_hash(name: str, content: bytes, hashes: Any) -> None:
    told = hashes.get(name) if isinstance(hashes, dict) else None
    wanted = told.get("sha256") if isinstance(told, dict) else None
    if wanted != hashlib.sha256(content).hexdigest():
        raise BundleError(f"“{name}” was changed after the bundle was made. {AGAIN}")


def document(content: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object that a member is; raise `BundleError` when it is none."""
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"“{name}” cannot be read. {AGAIN}") from error
    if not isinstance(found, dict):
        raise BundleError(f"“{name}” cannot be read. {AGAIN}")
    return found
