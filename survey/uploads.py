"""Files that wait between two pages of an import: for a day at most, readable for their owner only.

A page without scripts cannot hold a chosen file while columns are matched. So the file waits in a folder, and
the page carries a signed token that names it, the study and the person it belongs to.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import make_url

from survey.config import Settings

KEPT_SECONDS = 24 * 60 * 60
NAME = re.compile(r"[0-9a-f]{32}")
UNNAMED = "file"


@dataclass(frozen=True)
class Upload:
    """A file that waits: what it is called here and there, its SHA-256, and whose it is (study, person)."""

    name: str
    file_name: str
    sha256: str
    owner: tuple[int, int]


@dataclass(frozen=True)
class Uploads:
    """The folder of waiting files."""

    folder: Path
    signer: URLSafeTimedSerializer

    def keep(self, data: bytes, file_name: str, owner: tuple[int, int]) -> str:
        """Store a file and return the token that finds it again. Files of yesterday are removed."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in self._outdated():
            old.unlink(missing_ok=True)
        name = secrets.token_hex(16)
        descriptor = os.open(self.folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        digest = hashlib.sha256(data).hexdigest()
        return str(self.signer.dumps([name, plain_name(file_name), digest, owner]))

    def find(self, token: str, owner: tuple[int, int]) -> Upload | None:
        """What a token names; None when it is forged, too old or somebody else's."""
        try:
            name, file_name, digest, whose = self.signer.loads(token, max_age=KEPT_SECONDS)
        except BadSignature:
            return None
        return Upload(name, file_name, digest, owner) if tuple(whose) == owner else None

    def read(self, upload: Upload) -> bytes | None:
        """The content, or None when the file was used already or has waited too long."""
        try:
            return (self.folder / upload.name).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, upload: Upload) -> None:
        """Remove a file that was used."""
        (self.folder / upload.name).unlink(missing_ok=True)

    def _outdated(self) -> Iterator[Path]:
        for path in self.folder.iterdir():
            if NAME.fullmatch(path.name) and path.stat().st_mtime < time.time() - KEPT_SECONDS:
                yield path


def plain_name(file_name: str) -> str:
    """The name of a file without folders, as it can be stored and shown; never empty.

    Any character may be sent. PostgreSQL stores no NUL, half a surrogate pair cannot be written down, and
    other control characters only make a name unreadable.
    """
    kept = "".join(sign for sign in file_name if unicodedata.category(sign) not in ("Cc", "Cs"))
    return Path(kept).name.strip()[:255] or UNNAMED


def of(settings: Settings) -> Uploads:
    """The folder beside the SQLite file, or `var/uploads` where another database is used."""
    url = make_url(settings.database_url)
    file = url.database if url.get_backend_name() == "sqlite" and url.database else "var/database"
    return Uploads(Path(file).parent / "uploads", URLSafeTimedSerializer(settings.secret_key, salt="upload"))
