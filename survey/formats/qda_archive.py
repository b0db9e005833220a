"""The guard in front of REFI-QDA projects: a zip archive of which only the codebook is unpacked, in memory.

Sizes in a zip directory are only claims, and names in it may point anywhere: so no member is written to disk,
one is opened, and what comes out of it is measured.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from survey.formats.codebook import CodebookError
from survey.formats.tables import ZIP

PROJECT = "project.qde"
CHUNK = 256 * 1024
MAX_FILE = 200 * 1024**2
MAX_UNPACKED = 20 * 1024**2  # up to the end of the codebook, which comes before sources and codings
MAX_RATIO = 300  # XML of codings comes to 50; what deflate can do at most is 1,000
RATIO_FROM = 1024**2
MAX_DIRECTORY = 4 * 1024**2  # bytes of the list of members; 60,000 recordings fit in
END = b"PK\x05\x06"
LOCATOR = b"PK\x06\x07"
TOO_LARGE = (
    "The project unpacks to more than this importer reads. Export only the codebook (.qdc) and import that."
)
DAMAGED = "The project file is damaged. Export the project again as .qdpx and try again."
PACKED_OTHERWISE = (
    "The project file is packed in a way that cannot be read, perhaps with a password. "
    "Export it again as .qdpx without a password and try again."
)


@contextmanager
def project_chunks(data: bytes) -> Iterator[Iterator[bytes]]:
    """Give the XML of a project in chunks, as far as they are asked for.

    Raises
    ------
    CodebookError
        The file is no zip archive, has no project in it, is damaged, encrypted, or unpacks to too much.
    """
    _refuse(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield _unpack(archive, _project(archive))
    except CodebookError:
        raise
    except (NotImplementedError, RuntimeError) as error:  # how zipfile says: unknown compression, encrypted
        raise CodebookError(PACKED_OTHERWISE) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        struct.error,
        LookupError,
        ValueError,
    ) as error:
        raise CodebookError(DAMAGED) from error


def _refuse(data: bytes) -> None:
    if not data:
        raise CodebookError("The file is empty. Export the project again and try again.")
    if len(data) > MAX_FILE:
        size = MAX_FILE / 1024**2
        raise CodebookError(f"The file is larger than {size:g} MB. Export only the codebook (.qdc) instead.")
    if not data.startswith(ZIP):
        raise CodebookError(
            "The file is no REFI-QDA project: those are zip archives. "
            "Export the project as .qdpx and try again."
        )
    if _directory_size(data) > MAX_DIRECTORY:
        raise CodebookError(TOO_LARGE)


def _directory_size(data: bytes) -> int:
    """Return how many bytes the list of members takes, before anything builds that list."""
    end = data.rfind(END)
    if end < 0 or end + 16 > len(data):
        raise CodebookError(DAMAGED)
    size: int = struct.unpack_from("<L", data, end + 12)[0]
    wide = end - 20 - 56  # the record that zip64 puts before its locator
    if wide >= 0 and data[end - 20 : end - 16] == LOCATOR:
        size = struct.unpack_from("<Q", data, wide + 40)[0]
    return size


def _project(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the member that is the project: at the top, else wherever it is."""
    members = [member for member in archive.infolist() if _base(member.filename) == PROJECT]
    if not members:
        raise CodebookError(
            f"The file is a zip archive without “{PROJECT}” in it, so it is no REFI-QDA project. "
            "Export the project as .qdpx and try again."
        )
    return min(members, key=lambda member: member.filename.count("/"))


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].lower()


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    # The other methods unpack a whole block at once, however large it turns out to be.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    unpacked = 0
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            unpacked += len(chunk)
            dense = unpacked > RATIO_FROM and unpacked > MAX_RATIO * member.compress_size
            if dense or unpacked > MAX_UNPACKED:
                raise CodebookError(TOO_LARGE)
            yield chunk
