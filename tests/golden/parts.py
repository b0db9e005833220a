"""Everything that a file holds, unpacked."""

from __future__ import annotations

import io
import zipfile


def parts_of(data: bytes) -> bytes:
    """The bytes of a file; of a package, those of all its parts, and of packages within it."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"\n".join(parts_of(package.read(name)) for name in package.namelist())
