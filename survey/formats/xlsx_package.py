"""The guard in front of workbooks: nothing is opened that was not read through and measured before.

A workbook is a zip file of XML. Both can be small on disk and enormous in memory, and the sizes in a zip
directory are only claims. So the parts a reader of cells needs are unpacked here under a limit, parsed once
without building anything, and put into a fresh package; the workbook library sees only that package.
"""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from survey.formats.rows import Limits, TableError

MANIFEST = "[Content_Types].xml"
# What cells are read from. Charts, pictures, macros, links to other files and the like are left out.
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/[^/]+\.rels|xl/(_rels/|worksheets/|worksheets/_rels/)?[^/]+\.(xml|rels)"
)
CHUNK = 64 * 1024
MAX_MEMBERS = 2_000
MAX_ROWS = 1_048_576  # Excel's own; here also for the strings that cells share
MAX_ELEMENTS_IN_ROW = 4 * 16_384
MAX_OTHER_ELEMENTS = 200_000  # styles, merged cells, relations
MAX_DEPTH = 64
MAX_TAG = 1024 * 1024  # characters of one tag with its attributes
TOO_LARGE = (
    "The workbook unpacks to more than this importer reads. "
    "Keep only the sheet with the comments, or save that sheet as “CSV UTF-8”, and try again."
)
DAMAGED = (
    "The workbook is damaged. Open it in your spreadsheet program, save it again as .xlsx or “CSV UTF-8”, "
    "and try again."
)
# How a reader of cells learns where shared strings begin and end, whatever the parts are called.
RECORDS = ("row", "si")


def vetted_package(data: bytes, limits: Limits) -> io.BytesIO:
    """Return the workbook with only the parts that hold cells, each measured and found harmless.

    Raises
    ------
    TableError
        The file is damaged, encrypted, no workbook, or unpacks to more than the limits allow.
    """
    package = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(package, "w") as target:
            _check_directory(source, limits)
            _copy_parts(source, target, limits)
    except TableError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        OSError,
        LookupError,
        ValueError,
    ) as error:
        raise TableError(DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:  # how zipfile says: unknown compression, encrypted
        raise TableError(
            "The workbook is packed in a way that cannot be read, perhaps with a password. "
            "Save it again as .xlsx without a password and try again."
        ) from error
    package.seek(0)
    return package


def _check_directory(source: zipfile.ZipFile, limits: Limits) -> None:
    members = source.infolist()
    names = {member.filename for member in members}
    if MANIFEST not in names or not any(name.startswith("xl/") for name in names):
        raise TableError(
            "The file is a zip archive but no Excel workbook. Save the table as .xlsx or “CSV UTF-8” "
            "and try again."
        )
    if "xl/workbook.bin" in names:
        raise TableError(
            "The file is a binary workbook (.xlsb). Save it as .xlsx or “CSV UTF-8” and try again."
        )
    # The ratio of packed to unpacked is no test of its own: honest sheets of short answers reach 100 to 1.
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise TableError(TOO_LARGE)


def _copy_parts(source: zipfile.ZipFile, target: zipfile.ZipFile, limits: Limits) -> None:
    scan, left = _Scan(limits.elements), limits.unpacked_bytes
    for member in {member.filename: member for member in source.infolist()}.values():
        if NEEDED.fullmatch(member.filename):
            part = _unpack(source, member, left)
            left -= len(part)
            scan.read(part)
            target.writestr(member.filename, part)


def _unpack(source: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    # The other methods unpack a whole block at once, however large it turns out to be.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    part = io.BytesIO()
    with source.open(member) as stream:
        while chunk := stream.read(CHUNK):
            part.write(chunk)
            # Measured although zipfile stops at the size the directory claims: it nowhere promises to.
            if part.tell() > left:
                raise TableError(TOO_LARGE)
    return part.getvalue()


class _Scan:
    """Parses XML without building anything, and stops at what would cost a reader too much."""

    def __init__(self, elements: int) -> None:
        self.elements = elements
        self.data = self.records = self.others = 0
        self.depth = self.in_record = self.record_depth = 0

    def read(self, part: bytes) -> None:
        """Parse one part; the counts go on from the parts before it."""
        self.depth = self.in_record = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        for start in range(0, len(part), CHUNK):
            parser.Parse(part[start : start + CHUNK])
            if start + CHUNK - parser.CurrentByteIndex > MAX_TAG:
                raise TableError(TOO_LARGE)
        parser.Parse(b"", True)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.in_record:
            self.in_record += 1
            self.data += 1
        elif name.rpartition(":")[2] in RECORDS:
            self.in_record, self.record_depth = 1, self.depth
            self.records += 1
        else:
            self.others += 1
        self._check()

    def _end(self, _name: str) -> None:
        if self.in_record and self.depth == self.record_depth:
            self.in_record = 0
        self.depth -= 1

    def _check(self) -> None:
        if (
            self.data > self.elements
            or self.records > min(2 * MAX_ROWS, self.elements)
            or self.others > MAX_OTHER_ELEMENTS
            or self.in_record > MAX_ELEMENTS_IN_ROW
            or self.depth > MAX_DEPTH
        ):
            raise TableError(TOO_LARGE)

    def _doctype(self, *_declaration: object) -> None:
        """Workbooks have no document type; entities that unfold into each other need one."""
        raise TableError(DAMAGED)
